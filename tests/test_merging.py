"""`merged`, and sums that grow by many small parts: exact, in time that does not grow with them."""

import copy
import itertools
import pickle
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
from makemore_fast import _core
from makemore_fast.adding import plus
from raising import raises

WORDS = st.lists(st.text("abé漢", max_size=6), max_size=8)
PARTS = st.lists(WORDS, min_size=1, max_size=9)


@pytest.mark.parametrize("order", [1, 2, 3, 6, 25])
@given(parts=PARTS)
def test_merged_is_what_all_words_give(order: int, parts: list[list[str]]) -> None:
    counts = [mf.count(words, order=order) for words in parts]
    before = [pickle.dumps(one) for one in counts]
    everything = mf.count([word for words in parts for word in words], order=order)
    assert mf.merged(counts) == mf.merged(iter(counts)) == everything
    assert mf.merged(one for one in counts) == sum(counts)
    assert [pickle.dumps(one) for one in counts] == before


@pytest.mark.parametrize("order", [2, 6, 7])
@given(parts=PARTS, looks=st.integers(0, 255))
def test_many_updates_are_what_all_words_give(
    order: int, parts: list[list[str]], looks: int
) -> None:
    counts = mf.count([], order=order)
    for i, words in enumerate(parts):
        if i % 2:
            counts.update(words)
        else:
            counts += mf.count(words, order=order)
        if looks >> i & 1:
            assert counts.words == sum(map(len, parts[: i + 1]))
    assert counts == mf.count([word for words in parts for word in words], order=order)


def test_large_alphabets_and_repeats() -> None:
    letters = [chr(0x4E00 + i) for i in range(20_000)]
    rng = random.Random(1)
    parts = [["".join(rng.choices(letters, k=5)) for _ in range(500)] for _ in range(20)]
    everything = [word for words in parts for word in words]
    for order in (2, 3, 8):
        counts = [mf.count(words, order=order) for words in parts]
        assert mf.merged(counts) == mf.count(everything, order=order)
        assert mf.merged([counts[0]] * 3) == counts[0] * 3
        same = [mf.count(words, order=order, alphabet="".join(letters)) for words in parts]
        assert mf.merged(same).alphabet == same[0].alphabet


def test_the_highest_keys_of_all() -> None:
    # All bits of a key are set, as of a part that is at its end.
    words = ["a" * 128, "a" * 200]
    counts = [mf.count([word], order=128) for word in words]
    assert mf.merged([*counts, mf.count([], order=128)]) == mf.count(words, order=128)


def test_what_cannot_be_merged() -> None:
    a, b = mf.count(["a"]), mf.count(["b"], order=3)
    raises(ValueError, "there are no counts to merge", mf.merged, [])
    raises(ValueError, "there are no counts to merge", mf.merged, iter(()))
    raises(ValueError, "counts 2 are of order 3, and counts 0 of order 2", mf.merged, [a, a, b])
    other = mf.count(["a"], boundary="\n")
    raises(ValueError, "counts 1 have the boundary .*, counts 0 have '.'", mf.merged, [a, other])
    wrong: Any = a
    raises(TypeError, "as in merged.*, got Counts", mf.merged, wrong)
    for wrong in ("ab", b"ab", None, 1):
        raises(TypeError, f"got {type(wrong).__name__}", mf.merged, wrong)
    wrong = [a, "b"]
    raises(TypeError, "counts 1: expected Counts, got str", mf.merged, wrong)

    def broken() -> Iterator[mf.Counts]:
        yield a
        raise KeyError("mine")

    raises(KeyError, "mine", mf.merged, broken())
    huge = mf.count({"a": 2**62 - 1})
    raises(ValueError, "beyond 64 bits", mf.merged, [huge, huge, huge])
    wide = [
        mf.count(map(chr, range(first, first + 100)), order=16) for first in (0x100, 0x200, 0x300)
    ]
    raises(ValueError, "order 16 is too high for an alphabet of 301 symbols", mf.merged, wide)


def test_an_update_that_cannot_be_added_raises_at_once() -> None:
    counts = mf.count(["a" * 20] * 3)
    counts.update(["b"], weights=[2**62 - 40])
    before = copy.copy(counts)
    raises(ValueError, "beyond 64 bits", counts.update, ["c"], weights=[2**61])
    assert counts == before
    counts = mf.count(map(chr, range(0x100, 0x100 + 200)), order=16)
    counts.update(["a"])
    before = copy.copy(counts)
    raises(ValueError, "order 16 is too high", counts.update, map(chr, range(0x200, 0x300)))
    assert counts == before


def test_parts_halve() -> None:
    parts: tuple[_core.Ngrams, ...] = (mf.count([], order=6)._core,)
    for word in map("".join, itertools.product("abcdef", repeat=3)):
        parts = plus(parts, mf.count([word], order=6)._core)
        sizes = list(map(len, parts))
        assert all(a >= 2 * b for a, b in itertools.pairwise(sizes))


@given(st.lists(st.tuples(st.text("abcé漢", max_size=8), st.booleans()), min_size=1, max_size=5))
def test_how_many_symbols_all_have(parts: list[tuple[str, bool]]) -> None:
    for separator in (None, "b"):
        counts = [mf.count([text], unknown=unknown, separator=separator) for text, unknown in parts]
        cores = [some._core for some in counts]
        assert _core.symbols_of_all(cores) == len(mf.merged(counts).symbols)
