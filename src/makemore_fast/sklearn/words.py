"""The words that scikit-learn's users hand over: one a row, in whatever holds rows."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


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
        words = words.to_pylist()
    array = np.asarray(words, dtype=object)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise ValueError(f"expected words in 1 column, got an array of shape {array.shape}")
    for row, word in enumerate(array.tolist()):
        if not isinstance(word, str):
            raise TypeError(f"row {row}: expected str, got {type(word).__name__}")
    return array


def checked_weights(weights: Any, words: NDArray[np.object_]) -> NDArray[Any] | None:
    """Return the weights of words, as many as these; None for none."""
    if weights is None:
        return None
    array = np.asarray(weights)
    if array.shape != words.shape:
        raise ValueError(f"got {len(words):,} words and weights of shape {array.shape}")
    if array.size and not array.any():
        raise ValueError("every weight is zero")
    return array
