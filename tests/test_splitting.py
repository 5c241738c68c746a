"""Splitting words: the lectures' own split, and one that a NumPy seed gives."""

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
from corpora import FIVE, lectures_split, names, words
from raising import raises


def test_the_split_of_the_lectures() -> None:
    corpus = names()
    before = corpus.copy()
    train, dev, test = mf.split(corpus, rng=random.Random(42))
    assert corpus == before
    assert [train, dev, test] == lectures_split()
    assert [len(part) for part in (train, dev, test)] == [25626, 3203, 3204]
    assert (train[0], dev[0], test[0]) == ("yuheng", "amay", "mustafa")


@pytest.mark.parametrize("n", range(60))
def test_the_cuts_are_those_of_the_lectures(n: int) -> None:
    parts = mf.split(map(str, range(n)), rng=1)
    n1, n2 = int(0.8 * n), int(0.9 * n)
    assert [len(part) for part in parts] == [n1, n2 - n1, n - n2]


@given(words, st.integers(0, 2**64), st.lists(st.integers(0, 5), min_size=1, max_size=5))
def test_nothing_is_lost_and_a_seed_is_a_promise(
    corpus: list[str], seed: int, shares: list[int]
) -> None:
    fractions = [share / max(1, sum(shares)) for share in shares]
    fractions[-1] += sum(fractions) == 0
    parts = mf.split(iter(corpus), fractions, rng=seed)
    assert sorted(word for part in parts for word in part) == sorted(corpus)
    assert len(parts) == len(shares)
    assert parts == mf.split(corpus, fractions, rng=np.random.default_rng(seed))


def test_a_tenth_is_a_tenth() -> None:
    corpus = [str(i) for i in range(10)]
    assert [len(part) for part in mf.split(corpus, (0.7, 0.1, 0.1, 0.1), rng=0)] == [7, 1, 1, 1]
    assert [len(part) for part in mf.split(corpus, (1 / 3, 1 / 3, 1 / 3), rng=0)] == [3, 3, 4]
    assert mf.split(FIVE, (1,), rng=0)[0] == ["isabella", "ava", "olivia", "emma", "sophia"]


def test_a_generator_moves_on() -> None:
    generator = np.random.default_rng(3)
    corpus = mf.names()
    first = mf.split(corpus, rng=generator)
    assert first == mf.split(corpus, rng=3)
    assert mf.split(corpus, rng=generator) != first
    assert mf.split(corpus) != mf.split(corpus)


def test_what_cannot_be_split() -> None:
    for unequal in [(0.5, 0.4), (0.5, 0.5, 0.5)]:
        raises(ValueError, "must sum to one", mf.split, FIVE, unequal)
    for fractions in [(), (-0.5, 1.5), (float("nan"), 1)]:
        raises(ValueError, "from 0 to 1", mf.split, FIVE, fractions)


@pytest.mark.parametrize("fractions", ["1", b"1", {0.5: 1}, 1, None, ["1"], [None]])
def test_what_are_no_fractions(fractions: Any) -> None:
    raises(TypeError, "fractions must be a", mf.split, FIVE, fractions)


def test_words_of_arrays_are_plain_str() -> None:
    expected = mf.split(FIVE, rng=1)
    for array in (np.array(FIVE), np.array(FIVE, np.dtypes.StringDType()), np.array(FIVE, object)):
        parts = mf.split(array, rng=1)
        assert parts == expected
        assert {type(word) for part in parts for word in part} == {str}


def test_tables_are_no_words() -> None:
    for name, table in (("polars", "DataFrame"), ("duckdb", "from_df")):
        library = pytest.importorskip(name)
        given = library.DataFrame({"word": FIVE}) if table == "DataFrame" else None
        if given is None:
            given = library.sql("SELECT 'ava' AS word")
        raises(TypeError, "a table; pass its column", mf.split, given)


def test_an_arrow_array_has_no_str() -> None:
    pa = pytest.importorskip("pyarrow")
    raises(TypeError, r"got StringArray; pass array\.to_pylist\(\)", mf.split, pa.array(FIVE))
    corpus = mf.count(FIVE).model().sample_corpus(5, rng=1)
    assert mf.split(corpus, rng=1) == mf.split(list(corpus), rng=1)
