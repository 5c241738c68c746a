"""Checks of options that several functions share."""

from operator import index
from typing import Any

import numpy as np

_DENSE_LIMIT = 4 << 30  # bytes; a larger array is more likely a mistake than a wish


def whole_number(name: str, value: object, kind: str = "an int") -> int:
    """Return a whole number of any type; TypeError that names the option for what is none."""
    try:
        return index(value)  # type: ignore[arg-type]  # whatever it is
    except TypeError:
        raise TypeError(f"{name} must be {kind}, got {type(value).__name__}") from None


def real_number(name: str, value: Any) -> float:
    """Return a number of any type that is one; a str of digits is none."""
    try:
        if not isinstance(value, str | bytes | bytearray) and getattr(value, "ndim", 0) == 0:
            return float(value)
    except (TypeError, ValueError):
        pass
    except OverflowError:
        raise ValueError(f"{name} must be a number, got one beyond a float's") from None
    raise TypeError(f"{name} must be a number, got {type(value).__name__}")


def positive(name: str, value: int | None) -> int:
    """Return a whole number from 1 up, or 0 for None, which is how the core says "no limit".

    >>> positive("max_length", None), positive("max_length", 2)
    (0, 2)
    """
    if value is None:
        return 0
    number = whole_number(name, value, "an int or None")
    if number < 1:
        raise ValueError(f"{name} must be 1 or more, or None; got {value}")
    return min(number, 2**31 - 1)  # beyond that there is no difference


def natural(name: str, value: int) -> int:
    """Return a whole number from 0 up."""
    number = whole_number(name, value)
    if number < 0:
        raise ValueError(f"{name} must be 0 or more, got {value}")
    return min(number, 2**31 - 1)  # beyond that there is no difference


def checked_order(order: int, name: str = "order") -> int:
    """Return a number of symbols in an n-gram."""
    number = whole_number(name, order)
    if number < 1:
        raise ValueError(f"{name} must be 1 or more, got {number}")
    return min(number, 1000)  # far beyond what the core can pack


def checked_flag(name: str, value: Any) -> bool:
    """Return True or False, of NumPy's kind too, or said as 1 or 0."""
    if isinstance(value, bool | np.bool) or (isinstance(value, int) and value in (0, 1)):
        return bool(value)
    raise TypeError(f"{name} must be True or False, got {type(value).__name__}")


def checked_str(name: str, value: Any) -> str:
    """Return a str."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, got {type(value).__name__}")
    return value


def one_of(name: str, value: Any, choices: tuple[str, ...]) -> str:
    """Return one of some str; ValueError that names them for anything else.

    >>> one_of("per", "symbol", ("word", "symbol"))
    'symbol'
    """
    if isinstance(value, str) and value in choices:
        return value
    quoted = [f'"{choice}"' for choice in choices]
    wanted = ", ".join(quoted[:-1]) + f" or {quoted[-1]}"
    raise ValueError(f"{name} must be {wanted}, got {value!r}")


def check_column(column: Any) -> None:
    """Raise TypeError unless the name of a table's column is a str or None."""
    if column is not None:
        checked_str("column", column)


def check_dense(symbols: int, order: int, instead: str) -> None:
    """Raise ValueError if an array of 8 bytes for each n-gram would be larger than 4 GiB."""
    size = 8 * symbols**order
    if size > _DENSE_LIMIT:
        shape = " x ".join([f"{symbols:,}"] * order)
        raise ValueError(f"the array of {shape} would take {size / 2**30:,.1f} GiB; {instead}")
