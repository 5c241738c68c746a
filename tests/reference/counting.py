"""Counts what follows what in words: bigrams and their table, n-grams, the words of a text.

Sources: A. Karpathy, "The spelled-out intro to language modeling: building makemore" (2022), for
bigrams and their table; D. Jurafsky and J. Martin, "Speech and Language Processing", chapter 3,
for n-grams; docs/explanation/ngrams.md for the boundaries before a word.

By hand, the table of the words ab, b and ba. With a boundary on both sides they are

    . a b .        . b .        . b a .

Their bigrams are .a, ab and b. of the first word, .b and b. of the second, .b, ba and a. of the
third. That is eight: one for each of the five symbols and one for each of the three ends. The
bigrams .b and b. occur twice, the other four once. A row of the table is the first symbol of a
bigram, a column the second:

        .  a  b
    .   0  1  2
    a   1  0  1
    b   2  1  0

>>> alphabet(["ab", "b", "ba"])
'.ab'
>>> table(["ab", "b", "ba"], ".ab")
[[0, 1, 2], [1, 0, 1], [2, 1, 0]]
"""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

Bigram = tuple[str, str]
Gram = tuple[str, ...]


def bigrams(words: Iterable[str], boundary: str = ".") -> Counter[Bigram]:
    """Count the bigrams of words as makemore part 1 does.

    >>> bigrams(["ab"])
    Counter({('.', 'a'): 1, ('a', 'b'): 1, ('b', '.'): 1})
    """
    counts: Counter[Bigram] = Counter()
    for word in words:
        symbols = [boundary, *word, boundary]
        for first, second in pairwise(symbols):
            counts[first, second] += 1
    return counts


def alphabet(words: Iterable[str], boundary: str = ".") -> str:
    """Return the boundary, then the symbols that occur in code-point order."""
    return boundary + "".join(sorted(set("".join(words)) - {boundary}))


def table(words: Iterable[str], symbols: str) -> list[list[int]]:
    """Return the counts as rows over the alphabet."""
    counts = bigrams(words, symbols[0])
    return [[counts[a, b] for b in symbols] for a in symbols]


def ngrams(words: Iterable[str], order: int, boundary: str = ".") -> Counter[Gram]:
    """Count one n-gram for each symbol of a word and its end; boundaries stand before it.

    >>> ngrams(["ab"], 3)
    Counter({('.', '.', 'a'): 1, ('.', 'a', 'b'): 1, ('a', 'b', '.'): 1})
    """
    counts: Counter[Gram] = Counter()
    for word in words:
        symbols = [boundary] * (order - 1) + [*word, boundary]
        for i in range(len(word) + 1):
            counts[tuple(symbols[i : i + order])] += 1
    return counts


def lines(text: bytes, *, skip_blank: bool = True) -> list[str]:
    r"""Return the words of a file: lines end at \n, \r\n or \r, a leading BOM is no text.

    >>> lines(b"a\r\n\nb\rc")
    ['a', 'b', 'c']
    """
    decoded = text.decode("utf-8").removeprefix("\ufeff")
    words = re.split(r"\r\n|\n|\r", decoded)
    if words[-1] == "":
        words.pop()  # the text ends with a line end, or is empty
    return [word for word in words if word or not skip_blank]
