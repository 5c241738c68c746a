"""A number of tokens as a vocabulary, where words are taken and no counts are made of them."""

from collections.abc import Iterator
from typing import Any

from makemore_fast.counting_options import counted, counting
from makemore_fast.tokens import Rules
from makemore_fast.words import Nulls


def with_most_frequent(
    words: Any, weights: Any, how: Rules, column: str | None, nulls: Nulls
) -> tuple[Any, Any, Rules]:
    """Return words and weights that can be read, and rules with the tokens of a number of them.

    Raises
    ------
    TypeError
        For an Arrow reader, which gives its words once.
    """
    if how.most is None:
        return words, weights, how
    words, weights = _again(words), _again(weights)
    rules = counting(1, how.alphabet, how.boundary, unknown=how.unknown)
    kept = how.kept(counted(words, weights, rules, how.meant, column, nulls))
    return words, weights, how._replace(alphabet=kept.numbering, most=None)


def _again(given: Any) -> Any:
    """Return what can be read more than once: of an iterator a list."""
    if not isinstance(given, Iterator):
        return given
    if hasattr(given, "__arrow_c_stream__"):
        raise TypeError(
            "vocabulary= of so many tokens reads the words twice, and a reader gives them once: "
            "give a table (reader.read_all()), or the tokens"
        )
    return [*given]
