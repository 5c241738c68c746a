"""The words that scikit-learn's users hand over: one a row, in whatever holds rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast.late import Late
from makemore_fast.words import OF_A_WORD

if TYPE_CHECKING:
    import pyarrow as pa
else:
    pa = Late("pyarrow")


def word_array(words: Any) -> NDArray[np.object_]:
    """Return a column of str as a 1-D array of objects; what is none is an error.

    A table of one column, such as a ColumnTransformer passes on, is that column.

    Raises
    ------
    TypeError
        For a str, which is one word, and for things that are no str, with the row.
    ValueError
        For more than one column.
    """
    if isinstance(words, str | bytes):
        raise TypeError(f"expected an array or a list of words, got a {type(words).__name__}")
    if hasattr(words, "__arrow_c_stream__") and not hasattr(words, "__array__"):
        words = pa.table(words)  # such as a relation of DuckDB
    array = np.asarray(words, dtype=object)
    if array.ndim == 0:
        raise TypeError(f"expected an array or a list of words, got {type(words).__name__}")
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise ValueError(f"expected words in 1 column, got an array of shape {array.shape}")
    for row, word in enumerate(array.tolist()):
        if not isinstance(word, str):
            raise TypeError(f"row {row}: expected str, got {type(word).__name__}")
    return array


@contextmanager
def of_rows(rows: NDArray[np.intp]) -> Iterator[None]:
    """Let errors about the words and weights of some rows have the numbers of the rows."""
    try:
        yield
    except (TypeError, ValueError) as error:
        found = OF_A_WORD.match(str(error))
        if found is None or type(error) not in (TypeError, ValueError):
            raise
        name = "row" if found[1] == "word" else "sample_weight of row"
        said = f"{name} {rows[int(found[2])]}{str(error)[found.end() :]}"
        raise type(error)(said) from None


def checked_weights(weights: Any, words: NDArray[np.object_]) -> NDArray[Any] | None:
    """Return the weights of words, as many as these; None for none."""
    if weights is None:
        return None
    array = np.asarray(weights)
    if array.dtype.kind not in "iufbO":
        raise TypeError(f"sample_weight must be integers, got dtype {array.dtype}")
    if array.shape != words.shape:
        raise ValueError(f"got {len(words):,} words and sample_weight of shape {array.shape}")
    if array.size and not array.any():
        raise ValueError("every sample_weight is zero")
    return array
