"""`Counts`: looking things up, adding, keeping."""

import copy
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import makemore_fast as mf
from corpora import FIVE, words
from raising import raises


def test_members() -> None:
    counts = mf.count(FIVE)
    assert counts["a", "."] == 5
    assert counts["a", "a"] == 0
    assert counts.stoi["."] == 0
    assert counts.itos[1] == "a"
    assert [counts.itos[counts.stoi[s]] for s in counts.alphabet] == list(counts.alphabet)
    assert counts.most_common(2) == [(("a", "."), 5), (("i", "a"), 2)]
    assert repr(counts) == "Counts(5 words, 32 bigrams, 12 symbols '.abehilmopsv')"


def test_array_is_int64_read_only_and_what_asarray_gives() -> None:
    counts = mf.count(FIVE)
    assert counts.array.dtype == np.int64
    assert np.asarray(counts) is counts.array
    assert np.asarray(counts, dtype=np.float32).dtype == np.float32
    with pytest.raises(ValueError, match="read-only"):
        counts.array[0, 0] = 1
    mine = np.array(counts)
    mine[0, 0] = 1
    assert counts.array[0, 0] == 0


def test_an_array_taken_before_an_update_keeps_its_values() -> None:
    counts = mf.count(["ab"])
    before = counts.array
    counts.update(["abc"])
    assert before.tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert counts.array.shape == (4, 4)


@pytest.mark.parametrize("key", [(), ("a", "b", "c"), 0, (0, 1), ["a", "b"], None, b"a"])
def test_a_key_that_is_not_one_symbol_or_two(key: Any) -> None:
    with pytest.raises(TypeError, match="symbol"):
        _ = mf.count(FIVE)[key]
    with pytest.raises(TypeError, match="symbol"):
        _ = key in mf.count(FIVE)


@pytest.mark.parametrize("symbol", ["z", "é", "", "ab"])
def test_a_symbol_that_is_not_there(symbol: str) -> None:
    with pytest.raises(KeyError, match="is not a symbol of the alphabet"):
        mf.count(FIVE)["a", symbol]


@given(words, words, words)
def test_adding_is_exact_associative_and_commutative(
    a: list[str], b: list[str], c: list[str]
) -> None:
    x, y, z = mf.count(a), mf.count(b), mf.count(c)
    assert (x + y) + z == x + (y + z) == mf.count(a + b + c)
    assert x + y == y + x
    total = mf.count(a)
    same = total
    total += y
    assert total is same
    assert total == x + y
    total.update(c)
    assert total == x + y + z


def test_adding_other_things() -> None:
    with pytest.raises(TypeError):
        mf.count(FIVE) + 1  # type: ignore[operator]
    with pytest.raises(ValueError, match="boundaries '.' and '#' cannot be added"):
        mf.count(FIVE) + mf.count(FIVE, boundary="#")


def test_counts_do_not_overflow_silently() -> None:
    counts = mf.count(["a"])
    for _ in range(61):
        counts += counts
    assert counts["a", "."] == 2**61
    with pytest.raises(ValueError, match="64 bits"):
        counts += counts
    assert counts["a", "."] == 2**61


def test_equality() -> None:
    assert mf.count(FIVE) == mf.count(FIVE[::-1])
    assert mf.count(FIVE) != mf.count(FIVE[:4])
    assert mf.count([]) != mf.count([], boundary="#")
    assert mf.count(["a"]) != mf.count(["a"], alphabet="ab")
    assert mf.count(FIVE) != "counts"
    raises(TypeError, "unhashable", hash, mf.count(FIVE))


def test_a_failed_update_changes_nothing() -> None:
    counts = mf.count(FIVE)
    before = copy.deepcopy(counts)
    for bad in (["zzz", 1], ["zzz", "a.b"], ["zzz", "\ud800"], (w for w in ["zzz", 1 / 1])):
        with pytest.raises((TypeError, ValueError)):
            counts.update(bad)  # type: ignore[arg-type]
    assert counts == before


def test_saving_where_nothing_can_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"missing.counts\.npz'"):
        mf.count(FIVE).save(tmp_path / "missing" / "counts.npz")
    with pytest.raises(IsADirectoryError):
        mf.count(FIVE).save(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_pickle_and_copy() -> None:
    counts = mf.count(["né", "中"])
    for same in (pickle.loads(pickle.dumps(counts)), copy.copy(counts), copy.deepcopy(counts)):
        assert same == counts
        same.update(["x"])
        assert same != counts
