"""Sizes in bytes, with and without a unit."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from makemore_fast.sizes import size_in_bytes
from raising import raises

UNITS = {"": 1, "B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "PB": 10**15}
UNITS |= {f"{prefix}iB": 1024 ** (i + 1) for i, prefix in enumerate("KMGTP")}


@pytest.mark.parametrize("unit", UNITS)
@given(number=st.integers(1, 8000), gap=st.sampled_from(["", " "]), data=st.data())
def test_numbers_with_units(unit: str, number: int, gap: str, data: st.DataObject) -> None:
    shown = data.draw(st.sampled_from([unit, unit.lower(), unit.upper()]))
    gap = gap if unit else ""
    assert size_in_bytes(f"{number}{gap}{shown}", "memory") == number * UNITS[unit]


def test_parts_of_a_unit() -> None:
    assert size_in_bytes("1.5GiB", "memory") == 3 << 29
    assert size_in_bytes("0.1 kB", "memory") == 100
    assert size_in_bytes("1.9999 kB", "memory") == 1999
    assert size_in_bytes(" 12 ", "memory") == 12


def test_numbers_of_any_type() -> None:
    assert size_in_bytes(np.int64(7), "memory") == 7
    assert size_in_bytes(10**30, "memory") == size_in_bytes("9000000 PB", "memory") == 2**63 - 1


@pytest.mark.parametrize(
    "wrong",
    ["", " ", "GB", "2G", "2iB", "2 GiBs", "-1", "+2", "1e9", "1_000", "1,5GB", "٣", "0x10", "nan",
     "2  GB", "1.GB", ".5GB", "9" * 5000, "2GB\x00", "2\nGB"],
)  # fmt: skip
def test_what_is_no_size(wrong: str) -> None:
    raises(ValueError, "blocksize must be a number of bytes, or a str", size_in_bytes, wrong,
           "blocksize")  # fmt: skip


def test_sizes_are_one_byte_or_more() -> None:
    wrong: Any
    for wrong in (0, -1, "0", "0.4", "0 GB"):
        raises(ValueError, "memory must be 1 byte or more", size_in_bytes, wrong, "memory")
    for wrong in (1.5, None, b"2GB", [1], True, False):
        raises(TypeError, "memory must be an int, or a str", size_in_bytes, wrong, "memory")
