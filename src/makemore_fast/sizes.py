"""Sizes in bytes, as a number or with a unit: the one place where they are read."""

import re
from fractions import Fraction
from typing import Any

from makemore_fast.options import whole_number

_PREFIXES = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(?:([kmgtp]?)(i?)b)?", re.ASCII | re.IGNORECASE)
_MOST = 2**63 - 1
_LONGEST = 40  # characters; more are no size that anybody means


def size_in_bytes(value: Any, name: str) -> int:
    """Return a number of bytes from 1 up, of an int or a str such as "500MB" or "1.5 GiB".

    kB, MB, GB, TB and PB are powers of 1000, KiB to PiB powers of 1024, in either case of letters.
    What is below a byte is left out, and what is beyond a file's size is the largest of these.

    Raises
    ------
    TypeError, ValueError
        That name the option, for what is no size.

    >>> size_in_bytes("2GiB", "memory"), size_in_bytes("1.5 kB", "memory"), size_in_bytes(7, "x")
    (2147483648, 1500, 7)
    """
    if isinstance(value, str):
        found = _SIZE.fullmatch(value.strip()) if len(value) <= _LONGEST else None
        if found is None or (found[3] and not found[2]):
            raise ValueError(
                f'{name} must be a number of bytes, or a str such as "500MB" or "2GiB"; '
                f"got {value[:_LONGEST]!r}"
            )
        base = 1024 if found[3] else 1000
        size = int(Fraction(found[1]) * base ** _PREFIXES[(found[2] or "").lower()])
    elif isinstance(value, bool):
        raise TypeError(f"{name} must be an int, or a str such as '2GiB', got a bool")
    else:
        size = whole_number(name, value, "an int, or a str such as '2GiB'")
    if size < 1:
        raise ValueError(f"{name} must be 1 byte or more, got {value}")
    return min(size, _MOST)
