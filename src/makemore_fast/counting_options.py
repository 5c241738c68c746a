"""How words and texts are counted, checked: the one place for the options of counting."""

from typing import Any

from makemore_fast import _core
from makemore_fast.alphabets import AlphabetLike, checked_alphabet
from makemore_fast.options import checked_flag, checked_order, checked_str
from makemore_fast.words import Nulls, Weights, WordCounts, Words, check_options, with_weights

#: How a line looks that holds a word and its weight, if nothing else is said.
WORD_TAB_COUNT = "word\tcount"


def line_columns(weighted: Any, columns: Any) -> str | None:
    """Return how a line with a word and its weight looks; None if lines are words alone.

    Raises
    ------
    TypeError, ValueError
        For what says no such thing, or where both options are given.
    """
    flag = checked_flag("weighted", weighted)
    if columns is None:
        return WORD_TAB_COUNT if flag else None
    if flag:
        raise ValueError("weighted=True is columns='word\\tcount': give one of the two")
    shown = checked_str("columns", columns)
    _core.WeightedLineReader(shown)
    return shown


def counting(
    order: int,
    alphabet: AlphabetLike | _core.Alphabet | None,
    boundary: str | _core.TokenRules,
    columns: str | None = None,
    skip_blank: Any = True,
    unknown: Any = False,
) -> _core.Counting:
    """Return how words are counted, and lines, which may be blank or weighted (`line_columns`)."""
    symbols = checked_alphabet(alphabet, boundary)
    return _core.Counting(
        boundary,
        symbols,
        checked_order(order),
        checked_flag("skip_blank", skip_blank),
        columns,
        checked_flag("unknown", unknown),
    )


def counted(
    words: Words | WordCounts,
    weights: Weights | None,
    rules: _core.Counting,
    meant: str,
    column: str | None,
    nulls: Nulls,
) -> _core.Ngrams:
    """Count the n-grams of words, weighted or not.

    A word may end in a line end if that is one of the symbols that are `meant`.
    """
    check_options(column, nulls)
    words, weights = with_weights(words, weights, column)
    return rules.words(words, weights, column, nulls, meant)
