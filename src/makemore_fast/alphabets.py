"""Alphabets that a caller gives, and the unknown symbol: the one place for both."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from makemore_fast import _core
from makemore_fast.options import checked_flag
from makemore_fast.symbols import NumbersSymbols
from makemore_fast.words import naming_parameter

#: What ``alphabet=`` takes: symbols in any order, or what has numbered some.
AlphabetLike: TypeAlias = str | NumbersSymbols


def checked_alphabet(alphabet: Any, boundary: Any) -> str | _core.Alphabet | None:
    """Return the symbols of an alphabet that was given, None for none; check the boundary too.

    Raises
    ------
    TypeError
        If the boundary is no str, or the alphabet nothing that has symbols.
    ValueError
        If the alphabet is that of counts or a model with another boundary.
    """
    if isinstance(boundary, _core.TokenRules):
        if alphabet is None or isinstance(alphabet, _core.Alphabet):
            return alphabet
        if isinstance(alphabet, NumbersSymbols):
            return alphabet._numbering
        kind = type(alphabet).__name__
        raise TypeError(f"the alphabet of tokens must be Counts or a model, got {kind}")
    if not isinstance(boundary, str):
        raise TypeError(f"boundary must be a str of one symbol, got {type(boundary).__name__}")
    if alphabet is None or isinstance(alphabet, str | _core.Alphabet):
        return alphabet
    if isinstance(alphabet, NumbersSymbols):
        symbols = alphabet._symbols
        if not isinstance(symbols, str):
            return alphabet._numbering
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
    share = checked_flag("unknown", unknown)
    numbers = counts.numbering
    symbols = checked_alphabet(alphabet, numbers.rules or numbers.symbols[0])
    if symbols is None and (not share or numbers.unknown):
        return counts
    return counts.in_alphabet(symbols, share)


_NOT_GIVEN = "which is not in the given alphabet; unknown=True gives it a share"  # by the core


@contextmanager
def told_of_new_symbols(parameter: str) -> Iterator[None]:
    """Let errors about other words name their parameter, and say if they hold a new symbol."""
    try:
        with naming_parameter(parameter):
            yield
    except ValueError as error:
        if not str(error).endswith(_NOT_GIVEN):
            raise
        said = str(error).removesuffix(_NOT_GIVEN)
        raise ValueError(
            f"{said}which the words to learn from do not: it is impossible without unknown=True"
        ) from None
