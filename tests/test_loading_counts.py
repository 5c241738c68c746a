"""Counts that are loaded are those of some words, or an error says what makes no sense."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
from raising import raises
from saved_members import Members, counts_members, in_the_folder, load, some_words_have, u4


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("format", 99, "format 99 is not known to this version"),
        ("format", 0, "format 0 is not known"),
        ("format", 1.9, "format: must be a whole number, got float64"),
        ("format", [1], r"format: must be of shape \(\), got \(1\)"),
        ("format", True, "format: must be a whole number"),
        ("alphabet", u4(46, 98, 97), "must stand in the order of their code points"),
        ("alphabet", u4(46, 97, 97), "must stand in the order of their code points"),
        ("alphabet", u4(46, 46, 97), "must stand in the order of their code points"),
        ("alphabet", u4(46, 97, 0xD800), "lone surrogate"),
        ("alphabet", u4(46, 97, 0x110000), "no code point"),
        ("alphabet", u4(46, 97), "cell 2: the id 2 lies outside the alphabet of 2 symbols"),
        ("alphabet", u4(), "alphabet: there are 0 symbols"),
        ("alphabet", np.array([46, 97, 98]), "alphabet: must be uint32, got int64"),
        ("alphabet", np.array("ab"), "alphabet: must be uint32, got str"),
        ("ids", u4([0, 1], [1, 0], [1, 2], [2, 0]) * 1.5, "ids: must be uint32, got float64"),
        ("ids", np.array([[2**32, 1], [1, 0], [1, 2], [2, 0]]), "ids: must be uint32, got int64"),
        ("ids", u4([0, 1], [1, 0], [1, 2], [2, 3]), "cell 3: the id 3 lies outside"),
        ("ids", u4([0, 1], [1, 2], [1, 0], [2, 0]), "cell 2: cells must stand in the order"),
        ("ids", u4([0, 1], [0, 1], [1, 2], [2, 0]), "cell 1: cells must stand in the order"),
        ("ids", u4([0, 1], [1, 0], [1, 2], [2, 1]), "no words .*: 'b' is|no words .*: 'a' is"),
        ("ids", u4([0, 1], [1, 0], [1, 1], [2, 0]), "'b' is entered 0 times and left 1 times"),
        ("ids", u4([0, 0], [0, 1], [0, 2], [1, 0]), "is entered|is never"),
        ("ids", u4(0, 1, 1, 0), r"ids: must be of shape \(any, any\), got \(4\)"),
        ("ids", u4([1], [2], [3], [4]), "none of them ends|outside the alphabet"),
        ("ids", np.zeros((4, 0), np.uint32), "order must be at least 1, got 0"),
        ("ids", np.zeros((4, 70), np.uint32), "order 70 is too high"),
        ("ids", np.zeros((4, 1000), np.uint32), "order 1000 is too high"),
        ("ids", np.asfortranarray(u4([0, 1], [1, 0], [1, 2], [2, 0])), "ids: must be in C order"),
        ("counts", np.array([2.0, 1, 1, 1]), "counts: must be int64, got float64"),
        ("counts", np.array([2, 1, 1, 1], np.int32), "counts: must be int64, got int32"),
        ("counts", np.array([2, 1, 1, 1], np.uint64), "counts: must be int64, got uint64"),
        ("counts", np.array([2, 1, 0, 1]), "cell 2: a count must be above zero, got 0"),
        ("counts", np.array([2, 1, -1, 1]), "cell 2: a count must be above zero, got -1"),
        ("counts", np.array([2, 1, 1]), r"counts: must be of shape \(4\), got \(3\)"),
        ("counts", np.array([3, 1, 1, 1]), "'a' is entered 3 times and left 2 times"),
        ("counts", np.array([2, 1, 1, 2]), "'b' is entered 1 times and left 2 times"),
        ("counts", np.full(4, 2**62), "cell 1: the counts sum to more than 64 bits hold"),
        ("kind", "network", "kind: must be 'counts', .*, got 'network'"),
        ("kind", 1, "kind: must be str, got int64"),
        ("other", 1, "there is an unexpected member 'other'"),
    ],
)
def test_counts_that_make_no_sense(name: str, value: object, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as caught:
        load(counts_members() | {name: np.asarray(value)})
    assert str(caught.value).startswith("made.npz")


@pytest.mark.parametrize(
    ("ids", "problem"),
    [
        ([[0, 0, 1], [0, 1, 0]], None),
        ([[0, 1, 0]], "'.a' is entered 0 times and left 1 times"),
        ([[0, 0, 1], [1, 0, 0]], "cell 1: no word has a boundary between two of its symbols"),
        ([[1, 1, 1]], "'aa' is never reached from the start of a word"),
        ([[0, 0, 0], [1, 1, 1]], "'aa' is never reached from the start of a word"),
        ([[0, 0, 1], [0, 1, 1], [1, 1, 0]], None),
        ([[0, 0, 1], [0, 1, 0], [1, 1, 1]], "'aa' is never reached"),
    ],
)
def test_contexts_of_longer_n_grams(ids: list[list[int]], problem: str | None) -> None:
    members: Members = {
        "alphabet": u4(46, 97),
        "ids": u4(*ids),
        "counts": np.ones(len(ids), np.int64),
    }
    if problem is None:
        assert isinstance(load(counts_members() | members), mf.Counts)
    else:
        raises(ValueError, problem, load, counts_members() | members)


@st.composite
def some_cells(draw: st.DrawFn) -> tuple[int, int, dict[tuple[int, ...], int]]:
    """Draw an order, a number of symbols and the cells of words, perhaps changed a little."""
    order, symbols = draw(st.integers(2, 4)), draw(st.integers(1, 3))
    corpus = draw(st.lists(st.lists(st.integers(1, symbols), max_size=4), max_size=4))
    cells: Counter[tuple[int, ...]] = Counter()
    for word in corpus:
        ids = [0] * (order - 1) + word + [0]
        cells.update(tuple(ids[i : i + order]) for i in range(len(word) + 1))
    for _ in range(draw(st.integers(0, 2))):
        cells[draw(st.tuples(*[st.integers(0, symbols)] * order))] += draw(st.integers(-1, 1))
    return order, symbols, {cell: n for cell, n in sorted(cells.items()) if n > 0}


@in_the_folder
@given(some_cells())
def test_counts_load_exactly_if_words_have_them(
    made: tuple[int, int, dict[tuple[int, ...], int]],
) -> None:
    order, symbols, cells = made
    ids = u4(*cells).reshape(-1, order)
    times = np.array(list(cells.values()), np.int64)
    members: Members = {"alphabet": u4(46, *range(97, 97 + symbols)), "ids": ids, "counts": times}
    if some_words_have(cells, order):
        loaded = load(counts_members() | members)
        assert isinstance(loaded, mf.Counts)
        assert loaded.ngrams()[0].tolist() == ids.tolist()
        assert loaded.ngrams()[1].tolist() == times.tolist()
        if cells:
            loaded.model(smoothing="kneser-ney").sample(3, rng=1, max_length=9, truncate=True)
    else:
        raises(ValueError, r"made.npz, .*(no word)", load, counts_members() | members)
