"""`examples`: the lectures' training arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from corpora import FIVE, words


@given(words, st.integers(1, 9))
def test_equals_the_lectures_loop(words: list[str], block_size: int) -> None:
    x, y = mf.examples(words, block_size=block_size)
    expected_x, expected_y = reference.examples(words, reference.alphabet(words), block_size)
    assert x.shape == (len(expected_y), block_size)
    assert x.tolist() == expected_x
    assert y.tolist() == expected_y


@pytest.mark.parametrize("dtype", ["b", "B", "h", "H", "i", "I", "l", "L", "q", "Q", ">i4", "<u2"])
def test_any_integer_dtype(dtype: str) -> None:
    x, y = mf.examples(FIVE, block_size=3, dtype=dtype)
    assert x.dtype == y.dtype == np.dtype(dtype)
    expected_x, expected_y = reference.examples(FIVE, reference.alphabet(FIVE), 3)
    assert x.tolist() == expected_x
    assert y.tolist() == expected_y


def test_default_is_int64_and_writable() -> None:
    x, y = mf.examples(FIVE)
    assert x.dtype == y.dtype == np.int64
    assert x.shape == (32, 1)
    assert x.flags.writeable
    assert y.flags.c_contiguous


def test_a_dtype_too_small_for_the_alphabet() -> None:
    alphabet = [chr(0x4E00 + i) for i in range(200)]
    assert mf.examples(alphabet, dtype=np.uint8)[1].max() == 200
    with pytest.raises(ValueError, match="dtype int8 does not hold ids up to 200"):
        mf.examples(alphabet, dtype=np.int8)
    assert mf.examples(alphabet[:127], dtype=np.int8)[1].max() == 127


def test_the_alphabet_of_other_words() -> None:
    counts = mf.count(FIVE)
    x, y = mf.examples(["ava"], alphabet=counts.alphabet)
    assert y.tolist() == [1, 11, 1, 0]
    assert x[:, 0].tolist() == [0, 1, 11, 1]


def test_no_words() -> None:
    x, y = mf.examples([], block_size=3)
    assert x.shape == (0, 3)
    assert y.shape == (0,)
