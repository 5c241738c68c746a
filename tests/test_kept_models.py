"""Models that were saved, pickled and copied: of every kind, the same to the last bit."""

import copy
import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import makemore_fast as mf
from corpora import FIVE, some_words, words
from kinds import MODELS, told
from raising import raises
from saved_members import interpolated_members, load
from test_large_alphabets import chinese

DATA = Path(__file__).parent / "data"


def saved(thing: mf.Counts | mf.LanguageModel) -> bytes:
    file = io.BytesIO()
    thing.save(file)
    return file.getvalue()


def loaded(content: bytes) -> mf.LanguageModel:
    return mf.load_model(io.BytesIO(content))


@pytest.mark.parametrize("kind", MODELS)
@settings(max_examples=25)
@given(corpus=some_words, others=words)
def test_a_loaded_model_is_the_same(kind: str, corpus: list[str], others: list[str]) -> None:
    model = MODELS[kind](corpus)
    content = saved(model)
    again = loaded(content)
    asked = [*corpus, *others, "", "a.b", "no such symbol \U00012345 here"]
    assert told(again, asked) == told(model, asked)
    assert saved(again) == content
    assert told(pickle.loads(pickle.dumps(model)), asked) == told(model, asked)


@pytest.mark.parametrize("kind", MODELS)
def test_what_models_say_of_themselves_is_kept(kind: str) -> None:
    model = MODELS[kind](FIVE)
    again = loaded(saved(model))
    for name in ("order", "smoothing", "discounts", "unknown", "chains", "trials"):
        assert getattr(again, name, None) == getattr(model, name, None)
    for name in ("probabilities", "weights"):
        if isinstance(getattr(model, name, None), np.ndarray):
            assert np.array_equal(getattr(again, name), getattr(model, name))
    if isinstance(model, mf.CountModel):
        assert isinstance(again, mf.CountModel)
        texts = io.BytesIO(), io.BytesIO()
        model.write_arpa(texts[0])
        again.write_arpa(texts[1])
        assert texts[0].getvalue() == texts[1].getvalue()
        counts = mf.count(FIVE, order=6)
        assert again.nll(counts) == model.nll(counts)


@pytest.mark.parametrize("smoothing", [0.5, "kneser-ney", "witten-bell"])
def test_a_large_alphabet(smoothing: Any) -> None:
    corpus = chinese(20_000, 3000)
    for order in (2, 3):
        model = mf.count(corpus, order=order).model(smoothing=smoothing)
        again = loaded(saved(model))
        asked = [*corpus[:50], "no"]
        assert told(again, asked) == told(model, asked)


def test_another_boundary() -> None:
    model = mf.count(["a.b", "c"], order=3, boundary="\n").model(smoothing="witten-bell")
    again = loaded(saved(model))
    assert again.boundary == "\n"
    assert told(again, ["a.b"]) == told(model, ["a.b"])


@pytest.mark.parametrize("kind", MODELS)
def test_a_copy_is_the_model_itself(kind: str) -> None:
    model = MODELS[kind](FIVE)
    assert copy.copy(model) is model
    assert copy.deepcopy([model])[0] is model


# -- files and what they hold ----------------------------------------------------------------


def test_files_of_every_kind(tmp_path: Path) -> None:
    model = mf.count(FIVE, order=3).model(smoothing="kneser-ney")
    path = tmp_path / "model"
    model.save(path)
    with path.open("rb") as file:
        by_object = mf.load_model(file)
        assert not file.closed
    with path.open("rb", buffering=0) as file:
        by_raw = mf.load_model(file)
    for again in (mf.load_model(str(path)), by_object, by_raw):
        assert told(again, FIVE) == told(model, FIVE)
    with (tmp_path / "more").open("wb", buffering=0) as file:
        file.write(b"before")
        model.save(file)
    assert (tmp_path / "more").read_bytes() == b"before" + path.read_bytes()
    with (tmp_path / "text").open("w") as text:
        raises(TypeError, "open it for bytes", model.save, text)
        raises(TypeError, "open it for bytes", model.write_arpa, text)
        raises(TypeError, "open it for bytes", mf.count(FIVE).save, text)
    with (tmp_path / "text").open() as text:
        raises(TypeError, "open it for bytes", mf.load, text)
    raises(TypeError, "expected a path", model.save, 3)
    raises(TypeError, "expected a path", mf.load_model, 3)
    raises(OSError, "the file: not a file of saved", mf.load_model, io.BytesIO(b"PK"))


def test_a_file_object_that_takes_little() -> None:
    class Slow(io.RawIOBase):
        got = b""

        def writable(self) -> bool:
            return True

        def write(self, content: Any) -> int:
            self.got += bytes(content[:1000])
            return min(len(content), 1000)

    class Full(Slow):
        def write(self, content: Any) -> Any:  # noqa: ARG002
            return None

    slow = Slow()
    mf.count(FIVE, order=5).save(slow)
    assert slow.got == saved(mf.count(FIVE, order=5))
    raises(BlockingIOError, "takes no more", mf.count(FIVE).save, Full())


def test_each_loader_takes_its_own() -> None:
    counts, model = mf.count(FIVE), mf.count(FIVE).model()
    assert mf.load_counts(io.BytesIO(saved(counts))) == counts
    assert mf.load(io.BytesIO(saved(counts))) == counts
    assert isinstance(mf.load(io.BytesIO(saved(model))), mf.BigramModel)
    raises(ValueError, "holds a model and no counts", mf.load_counts, io.BytesIO(saved(model)))
    raises(ValueError, "holds counts and no model", mf.load_model, io.BytesIO(saved(counts)))


#: What stands in files of the first version, which can be read for ever: the words "emma",
#: "olivia", "ava", "isabella", "sophia", and a probability of each model.
GOLDEN: dict[str, tuple[str, list[float]]] = {
    "bigram_1": ("bigrams", [-7.8746, -10.5826]),
    "add_k_1": ("add-k", [-4.5018, -11.1764]),
    "kneser_ney_1": ("kneser-ney, unknown", [-3.6901, -8.5737]),
    "witten_bell_1": ("witten-bell", [-3.556, -8.3047]),
    "arpa_1": ("arpa", [-3.6901, -8.5737]),
    "given_1": ("given", [-7.8746, -10.5826]),
    "single_1": ("single symbols, add-k", [-11.8663, -13.5527]),
    "interpolated_1": ("mix", [-3.7931, -8.7623]),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_files_of_the_first_version(name: str) -> None:
    kind, scores = GOLDEN[name]
    model = mf.load_model(DATA / f"{name}.npz")
    made = MODELS[kind](FIVE)
    assert repr(model) == repr(made)
    assert model.score(["emma", "sivia"]).round(4).tolist() == scores
    np.testing.assert_allclose(model.score(FIVE), made.score(FIVE), rtol=1e-9)


def interpolated(**changed: Any) -> mf.Counts | mf.LanguageModel:
    return load(interpolated_members() | changed)


def test_mixes_that_make_no_sense(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    right = interpolated()
    assert isinstance(right, mf.InterpolatedModel)
    assert right.weights.tolist() == [0.25, 0.75]
    raises(ValueError, r"weights: a weight must be a number from 0 up", interpolated,
           weights=np.array([np.nan, 1]))  # fmt: skip
    raises(ValueError, "weights: one of the weights", interpolated, weights=np.zeros(2))
    raises(ValueError, "unexpected member '0/kind'", interpolated, weights=np.zeros(0))
    raises(ValueError, "unexpected member '1/", interpolated, weights=np.ones(1))
    raises(ValueError, "2/format: the member is missing", interpolated, weights=np.ones(3))
    raises(ValueError, "0: counts cannot be mixed", interpolated, **{"0/kind": np.array("counts")})
    raises(ValueError, "1: interpolated cannot be mixed", interpolated,
           **{"1/kind": np.array("interpolated")})  # fmt: skip
    raises(ValueError, "0: format 3 is not known", interpolated, **{"0/format": np.array(3)})
    raises(ValueError, "0/smoothing: must be float64", interpolated, **{"0/smoothing": np.array(1)})
    raises(ValueError, "unexpected member '0/x'", interpolated, **{"0/x": np.array(1)})
    raises(ValueError, "unexpected member '2/x'", interpolated, **{"2/x": np.array(1)})
    raises(ValueError, "'.' and '|' cannot be mixed", interpolated,
           **{"0/alphabet": np.array([124, 97, 98], np.uint32)})  # fmt: skip
