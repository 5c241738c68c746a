"""What the package takes as words and their weights, and the looks that all of it gets."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, Protocol, SupportsFloat, SupportsIndex, TypeAlias


class ArrowStream(Protocol):
    """Offers Arrow's stream: Polars and pandas series, pyarrow and DuckDB tables."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...


class ArrowArray(Protocol):
    """Offers Arrow's array, as pyarrow's arrays do."""

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any: ...


Words: TypeAlias = Iterable[str] | ArrowStream | ArrowArray

#: One for each word; a str names the column of a table of words.
Weights: TypeAlias = Iterable[SupportsIndex | SupportsFloat] | str

#: Words of which each counts as often as it is told, as a Counter of words has them.
WordCounts: TypeAlias = Mapping[str, SupportsIndex | SupportsFloat]

#: What to do with nulls of arrays.
Nulls: TypeAlias = Literal["raise", "skip"]


def with_weights(words: Any, weights: Any) -> tuple[Any, Any]:
    """Return words and weights: of a mapping its keys and its values.

    A mapping is copied first, so that no other thread can come between the two.

    Raises
    ------
    TypeError
        If `words` is a mapping, and there are weights besides.
    """
    if not isinstance(words, Mapping):
        return words, weights
    if weights is not None:
        kind = type(words).__name__
        raise TypeError(f"the counts of a {kind} are its weights: weights= cannot be given too")
    held = dict(words)
    return list(held), list(held.values())


def check_options(column: object, nulls: object) -> None:
    """Raise TypeError or ValueError unless these are a column's name and a way with nulls."""
    if column is not None and not isinstance(column, str):
        raise TypeError(f"column must be a str or None, got {type(column).__name__}")
    if not isinstance(nulls, str) or nulls not in ("raise", "skip"):
        raise ValueError(f'nulls must be "raise" or "skip", got {nulls!r}')
