"""`unique` and `exclude`: which words of a stream are left out, and when that is given up."""

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from corpora import FIVE, some_words, words
from makemore_fast import _core
from makemore_fast.rng import stream_seed
from raising import raises
from smoothed import spelled

LEFT_OUT = 2**20  # in a row, before it is given up


@pytest.fixture(scope="module")
def model() -> mf.Model:
    return mf.count(mf.names()).model()


def words_of(model: mf.Model, n: int, **options: Any) -> list[str]:
    return spelled(model, *model.sample_ids(n, **options))


def test_few_words_that_meet_a_condition_are_soon_all() -> None:
    model = mf.count(["emma", "olivia", "ava", "isabella", "sophia"]).model()
    problem = "only 2 different words that meet the conditions were found in"
    raises(ValueError, problem, model.sample, 9, rng=1, unique=True, match="emma|ava")
    wanted: dict[str, Any] = {"match": "emma|ava", "exclude": ["ava"], "unique": False}
    assert model.sample(9, rng=1, **wanted) == ["emma"] * 9
    problem = "only 1 different word that meets the conditions was found in"
    raises(ValueError, problem, model.sample, 9, rng=1, **wanted | {"unique": True})


@given(some_words, words, st.booleans(), st.integers(0, 40), st.integers(0, 2**64 - 99))
def test_equals_the_slow_twin(
    corpus: list[str], exclude: list[str], unique: bool, n: int, start: int
) -> None:
    """Whatever is excluded: words of the model, words it cannot draw, unknown symbols."""
    model = mf.count(corpus).model(smoothing=1)
    options: dict[str, Any] = {"rng": 3, "max_length": 30, "truncate": True}
    exclude = [*exclude, *model.sample(20, **options)[::3], *corpus]
    stream = words_of(model, 200, start=start % 2**63, **options)
    try:
        expected, _ = reference.wanted(stream, n, unique, exclude)
    except StopIteration:  # so few words there are
        return
    options |= {"unique": unique, "exclude": exclude}
    assert words_of(model, n, start=start % 2**63, **options) == expected
    assert model.sample_corpus(n, start=start % 2**63, **options).tolist() == expected


@pytest.mark.parametrize("alphabet", ["ab", "né中😀", "".join(map(chr, range(0x4E00, 0x4F80)))])
def test_every_form_and_width(alphabet: str) -> None:
    model = mf.count([*alphabet, alphabet[:9]]).model(smoothing=0.2)
    options: dict[str, Any] = {"rng": 5, "unique": True, "max_length": 9, "truncate": True}
    options["exclude"] = list(alphabet[::2])
    expected, _ = reference.wanted(
        model.sample(50_000, rng=5, max_length=9, truncate=True), 25, True, options["exclude"]
    )
    assert model.sample(25, **options) == expected
    assert words_of(model, 25, **options) == expected
    assert model.sample_corpus(25, **options).tolist() == expected


@pytest.mark.parametrize("options", [{"unique": True}, {"exclude": mf.names()}])
def test_fewer_words_are_the_first_of_more(model: mf.Model, options: dict[str, Any]) -> None:
    """Whatever the threads; more words than are drawn at a time."""
    many = model.sample(30_000, rng=7, threads=1, **options)
    expected, _ = reference.wanted(model.sample(100_000, rng=7), 30_000, **options)
    assert many == expected
    for n, threads in ((0, 1), (1, 2), (4096, 3), (20_001, None)):
        assert model.sample(n, rng=7, threads=threads, **options) == many[:n]


def test_new_names(model: mf.Model) -> None:
    new = model.sample(2000, rng=1, unique=True, exclude=mf.names())
    assert len(set(new)) == 2000
    assert not set(new) & set(mf.names())


def test_excluded_words_come_in_every_form() -> None:
    pa: Any = pytest.importorskip("pyarrow")
    model = mf.count(FIVE).model()
    expected = model.sample(50, rng=1, exclude=["a", "ava"])
    for exclude in (
        ("a", "ava"), iter(["a", "ava"]), np.array(["a", "ava"]), pa.array(["a", "ava"]),
        dict.fromkeys(["a", "ava"]).keys(), model.sample_corpus(0), None,
    ):  # fmt: skip
        if exclude is None or not isinstance(exclude, mf.Corpus):
            assert (model.sample(50, rng=1, exclude=exclude) == expected) is (exclude is not None)
        else:
            assert model.sample(50, rng=1, exclude=exclude) == model.sample(50, rng=1)
    some = model.sample_corpus(9, rng=1)
    assert not set(model.sample(500, rng=1, exclude=some)) & set(some)


@pytest.mark.parametrize(
    ("exclude", "error", "message"),
    [
        ("emma", TypeError, "got a str, which would be read as characters"),
        (["emma", None], TypeError, "word 1"),
        (["emma", "a.b"], ValueError, r"word 1: 'a\.b' contains the boundary '\.'"),
        (["emma", "\ud800"], ValueError, "word 1"),
        (5, TypeError, "int"),
    ],
)
def test_excluded_things_that_are_no_words(exclude: Any, error: Any, message: str) -> None:
    model = mf.count(FIVE).model()
    for draw in (model.sample, model.sample_ids, model.sample_corpus):
        raises(error, message, draw, 3, exclude=exclude)


# -- when there are not that many ----------------------------------------------------------------


def test_a_model_that_has_too_few_words() -> None:
    model = mf.count(["ab"]).model()
    assert model.sample(1, rng=1, unique=True) == ["ab"]
    with pytest.raises(ValueError, match=r"only 1 different word was found in 1048577 draws"):
        model.sample(2, rng=1, unique=True)
    with pytest.raises(ValueError, match=r"only 0 new words were found in 1048576 draws.*=$"):
        model.sample(1, rng=1, exclude=["ab"])
    assert model.sample(0, rng=1, exclude=["ab"]) == []


def test_giving_up_does_not_depend_on_how_words_are_drawn() -> None:
    model = mf.count(["ab", "ba", "a", "b", "ab"]).model()
    shorter: dict[str, Any] = {"rng": 3, "unique": True, "max_length": 3, "truncate": True}
    messages = set()
    for n, threads in ((1000, 1), (1000, 2), (2**20, 1)):
        with pytest.raises(ValueError, match="different words were found") as caught:
            model.sample_ids(n, threads=threads, **shorter)
        messages.add(str(caught.value))
    assert len(messages) == 1
    found = int(messages.pop().split()[1])
    assert len(set(model.sample(found, **shorter))) == found


def test_impossible_requests_are_still_refused_at_once() -> None:
    model = mf.count(["ab", "ba", "bab", "aba"]).model()
    raises(ValueError, "can never end", model.sample, 0, temperature=0, unique=True)
    raises(ValueError, "not in the alphabet", model.sample, 5, prefix="z", unique=True)


# -- torch's streams -------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1.13", "2.0"])
def test_torch_streams_go_on_behind_the_last_word_returned(version: str) -> None:
    """Words that were left out are drawn too, and none beyond the last."""
    model = mf.count(mf.names()).model()
    stream = model.sample(3000, rng=mf.TorchRNG(9, version=version))
    for options in ({"unique": True}, {"exclude": stream[::5]}, {"unique": True, "exclude": FIVE}):
        expected, seen = reference.wanted(stream, 700, **options)
        for form in ("sample", "sample_corpus"):
            rng = mf.TorchRNG(9, version=version)
            drawn = getattr(model, form)(700, rng=rng, **options)
            assert list(drawn) == expected
            assert model.sample(100, rng=rng) == stream[seen : seen + 100]


def test_a_torch_generator_goes_on_there_too() -> None:
    torch: Any = pytest.importorskip("torch")
    model = mf.count(FIVE).model()
    try:
        stream = model.sample(2000, rng=torch.Generator().manual_seed(4))
    except ValueError as error:
        pytest.skip(str(error))
    expected, seen = reference.wanted(stream, 60, unique=True)
    rng = torch.Generator().manual_seed(4)
    assert model.sample(60, rng=rng, unique=True) == expected
    assert model.sample(20, rng=rng) == stream[seen : seen + 20]


@pytest.mark.parametrize("version", ["1.13", "2.0"])
def test_giving_up_leaves_the_generator_where_it_was(version: str) -> None:
    model = mf.count(["a"]).model()
    rng = mf.TorchRNG(9, version=version)
    before = copy.deepcopy(rng)
    raises(ValueError, "only 1 different word was found", model.sample, 2, rng=rng, unique=True)
    assert model.sample(9, rng=rng) == model.sample(9, rng=before)
    same = [rng.__reduce__()[1][i] for i in (1, 2)], [before.__reduce__()[1][i] for i in (1, 2)]
    assert (same[0][0] == same[1][0]).all()


# -- the filter ---------------------------------------------------------------------------------


def test_a_filter_goes_on_over_several_calls() -> None:
    """How a stream of any length is drawn in parts."""
    model = mf.count(FIVE).model()
    expected, seen = reference.wanted(model.sample(5000, rng=2), 200, True, FIVE)
    wanted = _core.WordFilter(model._core, FIVE, True)
    sampler = model._core.sampler(_core.Truncation(1.0, 0, 1.0, 0.0))
    seed = stream_seed(2)
    free = _core.Conditions(0, 0, "", "", None)
    parts = [
        sampler.draw("list", _core.Request(50, wanted.seen, "", 0, 1, free), seed, wanted)
        for _ in range(4)
    ]
    assert [word for part in parts for word in part] == expected
    assert wanted.seen == seen


@pytest.mark.parametrize("smoothing", [0.5, "kneser-ney"])
def test_models_of_longer_n_grams_have_all_of_it(smoothing: Any) -> None:
    model = mf.count(mf.names(), order=4).model(smoothing=smoothing)
    stream = model.sample(5000, rng=3)
    expected, _ = reference.wanted(stream, 500, True, mf.names())
    options: dict[str, Any] = {"rng": 3, "unique": True, "exclude": mf.names()}
    assert model.sample(500, **options) == expected
    assert model.sample_corpus(500, **options).tolist() == expected
    assert model.sample_corpus(5000, rng=3).tolist() == stream
