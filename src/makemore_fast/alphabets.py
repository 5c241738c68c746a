"""Alphabets that a caller gives, and the unknown symbol: the one place for both."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from makemore_fast import _core
from makemore_fast.options import checked_flag
from makemore_fast.symbols import UNKNOWN, NumbersSymbols

#: What ``alphabet=`` takes: symbols in any order, or what has numbered some.
AlphabetLike: TypeAlias = str | NumbersSymbols


def checked_alphabet(alphabet: Any, boundary: Any) -> str | None:
    """Return the symbols of an alphabet that was given, None for none; check the boundary too.

    Raises
    ------
    TypeError
        If the boundary is no str, or the alphabet nothing that has symbols.
    ValueError
        If the alphabet is that of counts or a model with another boundary.
    """
    if not isinstance(boundary, str):
        raise TypeError(f"boundary must be a str of one symbol, got {type(boundary).__name__}")
    if alphabet is None or isinstance(alphabet, str):
        return alphabet
    if isinstance(alphabet, NumbersSymbols):
        symbols = alphabet.alphabet
        if symbols[0] != boundary:
            raise ValueError(
                f"boundary={boundary!r}, and the {type(alphabet).__name__} of alphabet= has "
                f"{symbols[0]!r}"
            )
        return symbols
    kind = type(alphabet).__name__
    raise TypeError(f"alphabet must be a str of symbols, Counts, a model or None, got {kind}")


def over(counts: _core.Ngrams, alphabet: Any, unknown: Any) -> _core.Ngrams:
    """Return counts over another alphabet, if one is asked for, and with the unknown symbol."""
    boundary = counts.alphabet[0]
    share = checked_flag("unknown", unknown)
    symbols = checked_alphabet(alphabet, boundary)
    if share and boundary == UNKNOWN:
        raise ValueError("the boundary is U+FFFD, the unknown symbol; choose another boundary=")
    others = counts.alphabet if symbols is None else symbols
    joins = share and UNKNOWN not in others
    if symbols is None and not joins:
        return counts
    return counts.in_alphabet(boundary, others + UNKNOWN * joins)


_NOT_GIVEN = "which is not in the given alphabet; unknown=True gives it a share"  # by the core


@contextmanager
def told_of_new_symbols(words: str) -> Iterator[None]:
    """Let the error for a word that holds a symbol outside the words learned from say so."""
    try:
        yield
    except ValueError as error:
        if not str(error).endswith(_NOT_GIVEN):
            raise
        said = str(error).removesuffix(_NOT_GIVEN)
        raise ValueError(
            f"{words} {said}which the words to learn from do not: it is impossible without "
            "unknown=True"
        ) from None
