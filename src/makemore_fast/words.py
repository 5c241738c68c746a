"""What the package takes as words, for type checkers."""

from collections.abc import Iterable
from typing import Any, Literal, Protocol, TypeAlias


class ArrowStream(Protocol):
    """Offers Arrow's stream: Polars and pandas series, pyarrow and DuckDB tables."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...


class ArrowArray(Protocol):
    """Offers Arrow's array, as pyarrow's arrays do."""

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any: ...


Words: TypeAlias = Iterable[str] | ArrowStream | ArrowArray

#: What to do with nulls of arrays.
Nulls: TypeAlias = Literal["raise", "skip"]
