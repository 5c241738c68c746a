"""Pickles that anybody could have made: what they hold is checked as it is in files."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import makemore_fast as mf
from makemore_fast import bigram_model, corpus, mixture, ngram_counts, ngram_model, torch_rng
from raising import raises
from saved_members import u4


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((".ba", u4([0, 1], [1, 0]), np.ones(2, int)), "order of their code points"),
        ((".a\ud800", u4([0, 1], [1, 0]), np.ones(2, int)), "lone surrogate"),
        (("", u4([0, 1], [1, 0]), np.ones(2, int)), "not even the boundary"),
        ((".a", np.array([[0.5, 1], [1, 0]]), np.ones(2, int)), "the ids must be .*uint32"),
        ((".a", u4([0, 1], [1, 0]), np.ones(2)), "the counts must be .*int64"),
        ((".a", u4([0, 1], [1, 0]), np.array([1, 2])), "no words have these counts"),
        ((".a", u4([0, 1], [1, 0]), np.ones(1, int)), "a count for each"),
        ((".a", u4(0, 1), np.ones(2, int)), "a 2-D array of ids"),
        ((".a", [[0, 1], [1, 0]], [1, 1]), "a 2-D array of ids"),
    ],
)
def test_pickled_counts_that_make_no_sense(arguments: tuple[object, ...], problem: str) -> None:
    raises(ValueError, problem, ngram_counts.restored, mf.Counts, *arguments)


def test_pickled_counts_of_other_machines() -> None:
    ids, times = u4([0, 1], [1, 0]), np.array([2, 2])
    for array in (ids.astype(">u4"), np.asfortranarray(ids)):
        assert ngram_counts.restored(mf.Counts, ".a", array, times.astype(">i8")) == mf.count(
            ["a", "a"]
        )


def test_pickled_models_that_make_no_sense() -> None:
    bigrams = (".a", u4([0, 1], [1, 0]), np.ones(2, int))
    trigrams = (".a", u4([0, 0, 1], [0, 1, 0]), np.ones(2, int))
    restored: Any = bigram_model.restored
    raises(ValueError, "counts of order 2, not 3", restored, *trigrams, 1.0)
    raises(TypeError, "smoothing must be a number, got str", restored, *bigrams, "kneser-ney")
    raises(ValueError, "a 2-D array of ids", restored, None, None, None, 1.0)


def test_pickled_n_grams_that_make_no_sense() -> None:
    model = mf.count(["a", "ab"], order=3).model(smoothing="kneser-ney")
    restore: Any = ngram_model.restore
    reduced: Any = model.__reduce__()
    make, (order, by_levels, tables, *how) = reduced
    assert make is restore
    right = (order, by_levels, tables)
    assert restore(*right, *how).score(["ab"]) == model.score(["ab"])
    raises(ValueError, "smoothing must be .*, got .katz.", restore, *right, "katz", None)
    with pytest.raises(ValueError, match=r"1 to 3; got an array of shape \(2, 3\)"):
        restore(*right, "kneser-ney", ((1, 1, 1), (1, 1, 1)))
    nan = ((1, 1, 1), (1, 1, 1), (1, 1, float("nan")))
    raises(ValueError, "nan cannot be taken", restore, *right, "kneser-ney", nan)
    raises(ValueError, "discounts= is for", restore, *right, "arpa", nan)
    raises(ValueError, "array alphabet is missing", restore, order, True, {}, *how)
    raises(ValueError, "order must be at least 1", restore, 0, True, tables, *how)
    for name, array in tables.items():
        for wrong in (array.astype(">f4"), array.reshape(1, -1), array.tolist(), None):
            raises(ValueError, f"{name} must be an array", restore, order, True,
                   tables | {name: wrong}, *how)  # fmt: skip
    rows = np.zeros(8 * len(tables["own"]) + 1, np.uint8)
    odd = rows[1:].view(np.float64)  # not aligned
    odd[:] = tables["own"]
    assert restore(order, True, tables | {"own": odd}, *how).score(["ab"]) == model.score(["ab"])


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"chains": ("h0",)}, "number in"),
        ({"words": -1}, "words: -1 is no number of words"),
        ({"tried": ((("h1",), float("nan")),)}, "the loss 0"),
        ({"tried": ((("x1",), 1.0),)}, "expected features"),
        ({"arrays": {}}, "the array alphabet is missing"),
    ],
)
def test_pickled_mixtures_that_make_no_sense(change: dict[str, object], problem: str) -> None:
    arrays = mf.fit(["a", "ab"], chains=["h1"])._mixture.saved()
    right: dict[str, object] = {"chains": ("h1",), "words": 2, "arrays": arrays}
    assert isinstance(mixture.restore(**right), mf.MixtureModel)  # type: ignore[arg-type]
    raises(ValueError, problem, mixture.restore, **right | change)


@pytest.mark.parametrize(
    ("name", "array", "problem"),
    [
        ("weights", np.full(46, 1.0), "weights must be .*float32"),
        ("weights", np.full((46, 1), 1, np.float32), "weights must be an array of 1 axis"),
        ("nodes", np.zeros((3, 2), np.uint32), "chain"),
        ("nodes", np.zeros((3, 3), np.int64), "nodes must be an array of 2 axes"),
    ],
)
def test_pickled_arrays_that_make_no_sense(
    name: str, array: NDArray[np.generic], problem: str
) -> None:
    arrays = mf.fit(["a", "ab"], chains=["h1"])._mixture.saved()
    raises(ValueError, problem, mixture.restore, ("h1",), 2, arrays | {name: array})


@pytest.mark.parametrize(
    ("data", "offsets", "problem"),
    [
        (b"ab", np.array([0.0, 2.0]), "the offsets must be .*int64"),
        (b"ab", np.array([0, 2], np.int32), "the offsets must be .*int64"),
        (b"ab", np.array([[0, 2]]), "of 1 axis"),
        (b"ab", np.array([], int), "must go up from 0"),
        (b"ab", np.array([0, 3]), "must go up from 0 to the end"),
        (b"ab", np.array([0, 2**62, 2]), "must go up from 0"),
        (b"ab", np.array([0, -1, 2]), "must go up from 0"),
        (b"a\xff", np.array([0, 1, 2]), "word 1: not valid UTF-8 at byte 0"),
        ("é".encode(), np.array([0, 1, 2]), "word 0: not valid UTF-8"),
    ],
)
def test_a_pickled_corpus_that_makes_no_sense(
    data: bytes, offsets: NDArray[np.int64], problem: str
) -> None:
    raises(ValueError, problem, corpus._restore, data, offsets)


STATE = np.arange(624, dtype=np.uint32)


@pytest.mark.parametrize(
    ("state", "used", "problem"),
    [
        (STATE, 625, "625 cannot have been used"),
        (STATE, -1, "-1 cannot have been used"),
        (STATE * 0, 624, "never all zero"),
        (STATE * 0 + (np.arange(624) == 0).astype(np.uint32), 624, "never all zero"),
        (STATE[:623], 624, "is 624 numbers, got 623"),
        (STATE.astype(np.int64) + 2**32, 624, "the state must be .*uint32"),
        (STATE * 0.5, 624, "the state must be .*uint32"),
        (STATE.reshape(2, 312), 624, "of 1 axis"),
    ],
)
def test_a_pickled_generator_that_makes_no_sense(
    state: NDArray[np.uint32], used: int, problem: str
) -> None:
    raises(ValueError, problem, torch_rng._restore, "2.0", state, used)
    assert torch_rng._restore("2.0", STATE, 0).version == "2.0"
