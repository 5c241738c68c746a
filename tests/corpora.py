"""Words to test with: five written out, random ones of every script, and makemore's names."""

import random
from pathlib import Path

import pytest
from hypothesis import strategies as st

#: The first words of makemore's lectures.
FIVE = ["emma", "olivia", "ava", "isabella", "sophia"]

_NAMES = Path(__file__).parents[2] / "shared" / "data" / "names.txt"


def names_path() -> Path:
    """Return the path of makemore's names.txt, or skip the test where it is absent."""
    if not _NAMES.exists():
        pytest.skip("makemore's names.txt is not here (../shared/data/names.txt)")
    return _NAMES


def names() -> list[str]:
    """Return makemore's 32,033 names, or skip the test where they are absent."""
    return names_path().read_text(encoding="utf-8").split("\n")


#: Symbols of one to four bytes of UTF-8, and those that text tools like to trip over.
_TRICKY = "abyz\0\n\r\t \x7f\x80\xa0ÿĀéßłжβहु中文\u0300\u2028\ufeff\ufffe\uffff😀👍\U0010ffff"
symbols = st.one_of(
    st.sampled_from("abc"), st.sampled_from(_TRICKY), st.characters(exclude_categories=["Cs"])
).filter(lambda symbol: symbol not in ".\ufffd")  # the boundary, and the unknown symbol
#: A word that ends in a line end would be taken for a line of a file, and refused.
word = st.text(symbols, max_size=12).map(lambda text: text.rstrip("\r\n"))
words = st.lists(word, max_size=30)
some_words = st.lists(word, min_size=1, max_size=30)


def lectures_split(seed: int = 42) -> list[list[str]]:
    """Return makemore's names in three parts, as the lectures split them; of any seed."""
    some = names()
    random.Random(seed).shuffle(some)
    one, two = int(0.8 * len(some)), int(0.9 * len(some))
    return [some[:one], some[one:two], some[two:]]
