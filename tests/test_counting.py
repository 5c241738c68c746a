"""`count`: equal to the obvious twin for any words, however they come."""

from collections import UserList, deque
from collections.abc import Iterator
from typing import Self

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from corpora import FIVE, words


def test_five_words_by_hand() -> None:
    """The table of emma, olivia, ava, isabella, sophia, counted with a pencil."""
    counts = mf.count(FIVE)
    assert counts.alphabet == ".abehilmopsv"
    assert counts.array.tolist() == [
        # .  a  b  e  h  i  l  m  o  p  s  v   second symbol
        [0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0],  # . first symbol
        [5, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1],  # a
        [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0],  # b
        [0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0],  # e
        [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0],  # h
        [0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1],  # i
        [0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0],  # l
        [0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0],  # m
        [0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0],  # o
        [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],  # p
        [0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0],  # s
        [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0],  # v
    ]
    assert (counts.words, counts.total) == (5, 32)


@given(words)
def test_equals_the_reference(words: list[str]) -> None:
    counts = mf.count(words)
    assert counts.alphabet == reference.alphabet(words)
    assert counts.array.tolist() == reference.table(words, counts.alphabet)
    assert counts.words == len(words)
    assert counts.total == sum(len(word) + 1 for word in words)
    assert dict(counts.most_common()) == reference.bigrams(words)


def test_any_iterable_gives_the_same() -> None:
    def generator() -> Iterator[str]:
        yield from FIVE

    expected = mf.count(FIVE)
    for same in (
        tuple(FIVE), generator(), deque(FIVE), UserList(FIVE), dict.fromkeys(FIVE).keys(),
        np.array(FIVE), np.array(FIVE, dtype=object),
    ):  # fmt: skip
        assert mf.count(same) == expected


def test_a_generator_is_not_held_whole() -> None:
    alive = 0
    most = 0

    class Word(str):
        def __new__(cls, text: str) -> Self:
            nonlocal alive, most
            alive += 1
            most = max(most, alive)
            return super().__new__(cls, text)

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    assert mf.count(Word("abc") for _ in range(100_000)).words == 100_000
    assert most < 10


def test_more_words_than_fit_one_block() -> None:
    many = [*FIVE, "é" * 500_000, "", "x" * 3_000_000] * 2
    assert mf.count(many).most_common() == [
        (bigram, n) for bigram, n in mf.count(iter(many)).most_common()
    ]
    assert mf.count(many)["x", "x"] == 2 * 2_999_999
    assert mf.count(many)["é", "é"] == 2 * 499_999


def test_every_symbol_of_unicode_counts() -> None:
    everything = [chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF and chr(c) != "."]
    counts = mf.count(everything, alphabet="".join(everything))  # which shows line ends are meant
    assert counts.words == len(everything)
    assert counts.alphabet == "." + "".join(everything)
    n = counts.ngrams()[1]
    assert len(n) == 2 * len(everything)
    assert (n == 1).all()
    with pytest.raises(ValueError, match=r"would take [\d,.]+ GiB"):
        _ = counts.array


@pytest.mark.parametrize("symbols", [126, 127, 128, 129, 300, 5000])
def test_alphabets_around_the_size_of_a_byte(symbols: int) -> None:
    alphabet = [chr(0x4E00 + i) for i in range(symbols)]
    words = ["ab", *("".join(alphabet[i : i + 7]) + "é" for i in range(0, symbols, 7)), "ab"]
    counts = mf.count(words)
    assert dict(counts.most_common()) == reference.bigrams(words)


@given(words, st.sampled_from("^é中😀\n\0"))
def test_another_boundary(words: list[str], boundary: str) -> None:
    words = [word.replace(boundary, "") + "." for word in words]
    counts = mf.count(words, boundary=boundary)
    assert counts.boundary == boundary
    assert dict(counts.most_common()) == reference.bigrams(words, boundary)


def test_a_given_alphabet_is_sorted_and_kept_whole() -> None:
    counts = mf.count(["ab"], alphabet="zéba")
    assert counts.alphabet == ".abzé"
    assert counts["z", "z"] == 0
    assert counts.array.shape == (5, 5)
    assert mf.count(["ab"], alphabet=counts.alphabet) == counts


def test_str_subclasses_and_strings_of_every_width() -> None:
    class Word(str):
        __slots__ = ()

    words = ["abc", "é", "Ā", "中", "😀", "a😀", Word("abc"), np.str_("né")]
    assert dict(mf.count(words).most_common()) == reference.bigrams(words)


@pytest.mark.parametrize("size", range(20))
def test_every_short_length(size: int) -> None:
    word = "abcdefghijklmnopqrstuvwxyz"[:size]
    assert dict(mf.count([word, word]).most_common()) == reference.bigrams([word, word])
