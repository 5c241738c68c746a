"""What the package takes as words and their weights, and the looks that all of it gets.

A call that counts words, learns from them or takes a mean over them takes weights too: those of its
first argument by ``weights=`` or as a mapping, those of other words (``dev=``) as a mapping. A call
that has a row for each word, or takes words only as a set, has none.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal, Protocol, SupportsFloat, SupportsIndex, TypeAlias


class ArrowStream(Protocol):
    """Offers Arrow's stream: Polars and pandas series, pyarrow and DuckDB tables."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...


class ArrowArray(Protocol):
    """Offers Arrow's array, as pyarrow's arrays do."""

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any: ...


#: Words as str, or as lists or tuples of tokens.
Words: TypeAlias = (
    Iterable[str] | Iterable[list[str]] | Iterable[tuple[str, ...]] | ArrowStream | ArrowArray
)

#: One for each word; a str names the column of a table of words.
Weights: TypeAlias = Iterable[SupportsIndex | SupportsFloat] | str

#: Words of which each counts as often as it is told, as a Counter of words has them.
WordCounts: TypeAlias = Mapping[str, SupportsIndex | SupportsFloat]

#: What to do with nulls of arrays.
Nulls: TypeAlias = Literal["raise", "skip"]


def with_weights(words: Any, weights: Any = None, column: str | None = None) -> tuple[Any, Any]:
    """Return words and weights: of a mapping its keys and its values.

    A mapping is copied first, so that no other thread can come between the two.

    Raises
    ------
    TypeError, ValueError
        As `check_alone`, if `words` is a mapping.
    """
    if not isinstance(words, Mapping):
        return words, weights
    check_alone(words, weights, column)
    held = dict(words)
    return list(held), list(held.values())


def check_alone(counted: Any, weights: Any, column: Any) -> None:
    """Raise TypeError or ValueError if weights or a column stand beside what tells both itself."""
    kind = type(counted).__name__
    if weights is not None:
        raise TypeError(f"the counts of a {kind} are its weights: weights= cannot be given too")
    if column is not None:
        raise ValueError(f"column={column!r} is for tables, got {kind}")


#: How errors begin that are about one word, or its weight.
OF_A_WORD = re.compile(r"(word|weight) (\d+)\b")
_OF_ALL = re.compile("expected |column=")  # and those about what is taken for words


@contextmanager
def naming_parameter(parameter: str) -> Iterator[None]:
    """Let errors about words say that they are those of a parameter, and not of the first one."""
    try:
        yield
    except (TypeError, ValueError) as error:
        said = str(error)
        colon = "" if OF_A_WORD.match(said) else ":"
        if type(error) not in (TypeError, ValueError) or (colon and not _OF_ALL.match(said)):
            raise
        raise type(error)(f"{parameter}{colon} {said}") from None


def check_options(column: object, nulls: object) -> None:
    """Raise TypeError or ValueError unless these are a column's name and a way with nulls."""
    if column is not None and not isinstance(column, str):
        raise TypeError(f"column must be a str or None, got {type(column).__name__}")
    if not isinstance(nulls, str) or nulls not in ("raise", "skip"):
        raise ValueError(f'nulls must be "raise" or "skip", got {nulls!r}')
