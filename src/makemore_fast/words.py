"""What the package takes as words and their weights, for type checkers; and a table's weights."""

from collections.abc import Iterable
from typing import Any, Literal, Protocol, SupportsIndex, TypeAlias


class ArrowStream(Protocol):
    """Offers Arrow's stream: Polars and pandas series, pyarrow and DuckDB tables."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...


class ArrowArray(Protocol):
    """Offers Arrow's array, as pyarrow's arrays do."""

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any: ...


Words: TypeAlias = Iterable[str] | ArrowStream | ArrowArray

#: One for each word; a str names the column of a table of words.
Weights: TypeAlias = Iterable[SupportsIndex] | str

#: What to do with nulls of arrays.
Nulls: TypeAlias = Literal["raise", "skip"]


def weights_of(words: Any, weights: Any) -> Any:
    """Return the weights, looked up in the table of words if they are named by their column.

    Raises
    ------
    ValueError
        If `words` is no table, or has no such column.
    """
    if not isinstance(weights, str):
        return weights
    if not hasattr(words, "__arrow_c_stream__") or not hasattr(words, "__getitem__"):
        raise ValueError(f'weights="{weights}" is for tables, got {type(words).__name__}')
    try:
        return words[weights]
    except Exception as error:  # every library has its own
        raise ValueError(f'the table has no column "{weights}"') from error
