"""Arrays that users bring: of counts and of probabilities, checked and copied."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast.symbols import Symbols

_MOST = 2**63 - 1


def cells_of(array: Any, symbols: Symbols) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return the ids of the cells that are not zero, in their order, and their counts."""
    numbers = numbers_of("the counts", array)
    if numbers.ndim == 0:
        raise ValueError("the counts must be an array with an axis for each symbol of an n-gram")
    check_axes(numbers, symbols)
    try:
        places = np.nonzero(numbers)
    except RuntimeError:
        raise ValueError("the array changed while it was read") from None
    given = numbers[places]  # a copy, which nobody changes
    if given.dtype.kind == "f":
        fine = np.isfinite(given) & (given == np.trunc(given))
    else:
        fine = np.ones(len(given), bool)
    fine &= (given > 0) & (given <= (_MOST if given.dtype.kind != "f" else 2.0**62))
    if not fine.all():
        first = int(np.argmin(fine))
        gram = ", ".join(repr(symbols[int(axis[first])]) for axis in places)
        raise ValueError(
            f"a count is a whole number from 0 up, got {given[first]} for {gram}; signed "
            "differences are arrays, not Counts"
        )
    ids = np.empty((len(given), numbers.ndim), np.uint32)
    for axis, place in enumerate(places):
        ids[:, axis] = place
    return ids, given.astype(np.int64)


def rows_of(array: Any, symbols: Symbols) -> NDArray[np.float64]:
    """Return a copy of probabilities, V x V, as the core takes them."""
    numbers = numbers_of("the probabilities", array)
    if numbers.ndim != 2:
        raise ValueError(
            f"the probabilities must be an array of two axes, the symbol before and the next; "
            f"got {numbers.ndim}"
        )
    check_axes(numbers, symbols)
    return np.array(numbers, dtype=np.float64, order="C", copy=True)


def check_axes(array: NDArray[Any], symbols: Symbols) -> None:
    """Raise ValueError unless each axis of an array has a place for each symbol."""
    if any(size != len(symbols) for size in array.shape):
        shape = " x ".join(f"{size:,}" for size in array.shape)
        raise ValueError(
            f"the array is {shape}, and the alphabet has {len(symbols):,} symbols; the first of "
            "them is the boundary"
        )


def numbers_of(name: str, array: Any) -> NDArray[Any]:
    """Return an array of real numbers, or raise TypeError."""
    if isinstance(array, np.ma.MaskedArray):
        raise TypeError(f"{name} must be an array of numbers, got a masked one; use filled()")
    try:
        numbers = np.asarray(array)
    except RuntimeError as error:  # of torch, which says what to call
        raise TypeError(f"{name} must be an array of numbers: {error}") from None
    except (TypeError, ValueError):
        kind = type(array).__name__
        raise TypeError(
            f"{name} must be an array of numbers, got {kind} of another shape"
        ) from None
    if numbers.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be an array of numbers, got one of dtype {numbers.dtype}")
    return numbers
