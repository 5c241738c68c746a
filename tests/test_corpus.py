"""`Corpus`: the words that `sample` draws, as Arrow's users and this package take them."""

import copy
import ctypes
import gc
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
from arrow_structs import Exporter
from corpora import FIVE, some_words
from limits import not_for_sanitizers
from makemore_fast import _core
from raising import raises
from smoothed import spelled, taken_alike

#: Symbols of one byte with and without gaps, of several bytes, and ids of one, two and four bytes.
ALPHABETS = {
    "gapless": "abc",
    "gaps": "aj~",
    "all of ASCII": "".join(map(chr, range(128))).replace(".", ""),
    "two bytes": "né",
    "mixed": "né中😀",
    "uint16": "".join(chr(0x4E00 + i) for i in range(300)),
}


def model_of(alphabet: str) -> mf.Model:
    return mf.count([*alphabet, alphabet], alphabet=alphabet).model(smoothing=0.2)


@pytest.fixture(scope="module")
def corpus() -> mf.Corpus:
    return mf.count(mf.names()).model().sample_corpus(20_001, rng=7)


# -- the words -------------------------------------------------------------------------------


@pytest.mark.parametrize("alphabet", ALPHABETS.values(), ids=ALPHABETS.keys())
@pytest.mark.parametrize("n", [0, 1, 5, 20_001])
@pytest.mark.parametrize("threads", [1, 3])
def test_holds_the_words_that_sample_draws(alphabet: str, n: int, threads: int) -> None:
    model = model_of(alphabet)
    corpus = model.sample_corpus(n, rng=7, max_length=20, truncate=True, threads=threads)
    words = model.sample(n, rng=7, max_length=20, truncate=True)
    assert corpus.tolist() == list(corpus) == words
    assert len(corpus) == n


@given(some_words, st.integers(0, 2**64 - 99))
def test_takes_the_options_of_sample_ids(words: list[str], start: int) -> None:
    model = mf.count(words).model(smoothing=0.1)
    options: dict[str, Any] = {
        "rng": 5,
        "start": start,
        "max_length": 9,
        "truncate": True,
        "top_k": 3,
    }
    drawn = spelled(model, *model.sample_ids(40, **options))
    assert model.sample_corpus(40, **options).tolist() == drawn


def test_draws_torch_streams_too() -> None:
    model = mf.count(FIVE).model()
    for version in ("1.13", "2.0"):
        corpus = model.sample_corpus(50, rng=mf.TorchRNG(3, version=version))
        assert corpus.tolist() == model.sample(50, rng=mf.TorchRNG(3, version=version))


# -- a sequence ------------------------------------------------------------------------------


def test_is_a_sequence_of_str(corpus: mf.Corpus) -> None:
    words = corpus.tolist()
    for i in (0, 1, 20_000, -1, -20_001):
        assert corpus[i] == words[i]
    assert corpus[np.int64(3)] == words[3]  # type: ignore[call-overload]
    assert words[17] in corpus
    assert corpus.index(words[17]) <= 17
    for i in (20_001, -20_002):
        with pytest.raises(IndexError, match=r"of a Corpus of 20,001 words"):
            corpus[i]
    with pytest.raises(TypeError):
        corpus["a"]  # type: ignore[call-overload]


@given(st.integers(-30, 30) | st.none(), st.integers(-30, 30) | st.none())
def test_slices_are_those_of_a_list(first: int | None, last: int | None) -> None:
    corpus = mf.count(FIVE).model().sample_corpus(20, rng=1)
    words = corpus.tolist()
    part = corpus[first:last]
    assert part.tolist() == words[first:last]
    assert part[1:].tolist() == words[first:last][1:]
    assert mf.count(part) == mf.count(words[first:last])
    assert not len(part) or np.shares_memory(part.data, corpus.data)


def test_a_slice_in_steps_is_refused(corpus: mf.Corpus) -> None:
    with pytest.raises(ValueError, match="steps of 1 only, got 2"):
        corpus[::2]


def test_equality_is_that_of_the_words(corpus: mf.Corpus) -> None:
    model = mf.count(FIVE).model(smoothing=1)
    assert model.sample_corpus(9, rng=1) == model.sample_corpus(9, rng=1)
    assert model.sample_corpus(9, rng=1) != model.sample_corpus(9, rng=2)
    assert model.sample_corpus(9, rng=1)[5:] == model.sample_corpus(4, rng=1, start=5)
    assert model.sample_corpus(9, rng=1) != model.sample(9, rng=1)
    raises(TypeError, "unhashable", hash, corpus)


@given(some_words, st.integers(0, 9), st.integers(0, 20))
def test_pickles_and_copies_are_equal(words: list[str], first: int, last: int) -> None:
    part = mf.count(words).model().sample_corpus(20, rng=1)[first:last]
    again = pickle.loads(pickle.dumps(part))
    assert again == copy.deepcopy(part) == part
    assert again.tolist() == part.tolist()


@pytest.mark.parametrize(
    ("data", "offsets"),
    [(b"ab", [0, 1]), (b"ab", [1, 2]), (b"ab", [0, 2, 1, 2]), (b"ab", []), (b"\xff", [0, 1]),
     ("né".encode(), [0, 2, 3])],
)  # fmt: skip
def test_a_damaged_pickle_is_refused(data: bytes, offsets: list[int]) -> None:
    with pytest.raises(ValueError, match=r"offsets of a corpus|not valid UTF-8"):
        _core.Corpus(data, np.array(offsets, dtype=np.int64))


def test_repr_is_short() -> None:
    model = mf.count(["a" * 100]).model()
    assert repr(model.sample_corpus(0)) == "Corpus(0 words, 0 bytes)"
    many = model.sample_corpus(9, rng=1, temperature=0, max_length=1000, truncate=True)
    assert len(repr(many)) < 160


# -- NumPy and Arrow, without copies -------------------------------------------------------------


def test_views_of_numpy(corpus: mf.Corpus) -> None:
    data, offsets = corpus.data, corpus.offsets
    assert data.dtype == np.uint8
    assert offsets.dtype == np.int64
    assert bytes(data[offsets[3] : offsets[4]]).decode() == corpus[3]
    assert np.shares_memory(data, corpus.data)
    assert (corpus[5:9].offsets == offsets[5:10]).all()
    for array in (data, offsets):
        assert not array.flags.writeable


def test_pyarrow_takes_it_without_a_copy(corpus: mf.Corpus) -> None:
    pa: Any = pytest.importorskip("pyarrow")
    array = pa.array(corpus)
    array.validate(full=True)
    assert array.type == pa.large_string()
    assert array.to_pylist() == corpus.tolist()
    assert array.buffers()[1].address == corpus.offsets.ctypes.data
    assert array.buffers()[2].address == corpus.data.ctypes.data
    assert pa.field(corpus).type == pa.large_string()
    part = pa.array(corpus[5:9])
    part.validate(full=True)
    assert part.to_pylist() == corpus.tolist()[5:9]


def test_pyarrow_may_ask_for_32_bit_offsets(corpus: mf.Corpus) -> None:
    pa: Any = pytest.importorskip("pyarrow")
    for part in (corpus, corpus[5:9], corpus[:0]):
        array = pa.array(part, type=pa.string())
        array.validate(full=True)
        assert array.type == pa.string()
        assert array.to_pylist() == part.tolist()
    raises(ValueError, "PyCapsule", corpus.__arrow_c_array__, 5)


def test_polars_and_pandas_take_it(corpus: mf.Corpus) -> None:
    pl: Any = pytest.importorskip("polars")
    assert pl.Series("new", corpus).to_list() == corpus.tolist()
    assert pl.from_arrow(corpus[5:9]).to_list() == corpus.tolist()[5:9]
    pd: Any = pytest.importorskip("pandas")
    pa: Any = pytest.importorskip("pyarrow")
    assert pd.Series(pa.array(corpus), dtype="string[pyarrow]").tolist() == corpus.tolist()


@pytest.mark.parametrize("words", [[], [""], ["", ""]])
def test_arrow_without_any_symbols(words: list[str]) -> None:
    pa: Any = pytest.importorskip("pyarrow")
    pl: Any = pytest.importorskip("polars")
    corpus = mf.count([""]).model().sample_corpus(len(words))
    assert pa.array(corpus).to_pylist() == pl.Series(corpus).to_list() == words


def test_what_was_exported_outlives_the_corpus() -> None:
    pa: Any = pytest.importorskip("pyarrow")
    model = mf.count(FIVE).model()
    words = model.sample(5000, rng=1)
    corpus = model.sample_corpus(5000, rng=1)
    first, second, capsules = pa.array(corpus), pa.array(corpus[100:]), corpus.__arrow_c_array__()
    data = corpus.data
    del corpus
    gc.collect()
    assert first.to_pylist() == words
    del first
    assert second.to_pylist() == words[100:]
    assert bytes(data).decode() == "".join(words)
    del second, data
    gc.collect()
    assert mf.count(Exporter(capsules)) == mf.count(words)
    raises(ValueError, "used before", mf.count, Exporter(capsules))


@not_for_sanitizers
def test_capsules_that_nobody_takes_are_released() -> None:
    """Exporting again and again does not grow the memory, nor do its leftovers."""
    resource: Any = pytest.importorskip("resource")
    model = mf.count(FIVE).model()

    def peak() -> int:
        return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

    for _ in range(3):
        model.sample_corpus(100_000, rng=1).__arrow_c_array__()
    before = peak()
    for _ in range(100):
        model.sample_corpus(100_000, rng=1).__arrow_c_array__()
    assert peak() < before + 50_000  # KiB; held fast, they would take ten times as much


def test_capsules_have_the_names_of_the_protocol(corpus: mf.Corpus) -> None:
    name = ctypes.pythonapi.PyCapsule_GetName
    name.restype, name.argtypes = ctypes.c_char_p, [ctypes.py_object]
    schema, array = corpus.__arrow_c_array__()
    assert name(schema) == name(corpus.__arrow_c_schema__()) == b"arrow_schema"
    assert name(array) == b"arrow_array"


# -- and back --------------------------------------------------------------------------------


def test_is_words_like_any_others(corpus: mf.Corpus) -> None:
    taken_alike(corpus, corpus.tolist())
    taken_alike(corpus[:50], corpus.tolist()[:50])
