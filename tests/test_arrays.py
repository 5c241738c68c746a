"""NumPy arrays give what the list of their words gives."""

import ctypes
import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
from arrow_structs import new_capsule
from corpora import FIVE, words
from raising import raises
from smoothed import taken_alike

StringDType: Any = np.dtypes.StringDType


def _fixed_bytes(items: list[str]) -> Any:
    return np.array([item.encode() for item in items], dtype=np.bytes_)


def _objects(items: list[str]) -> Any:
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


kinds: dict[str, Callable[[list[str]], Any]] = {
    "U": lambda items: np.array(items, dtype=np.str_),
    "swapped U": lambda items: (a := np.array(items, dtype=np.str_)).astype(a.dtype.newbyteorder()),
    "S": _fixed_bytes,
    "object": _objects,
    "StringDType": lambda items: np.array(items, dtype=StringDType()),
    "StringDType, NaN": lambda items: np.array(items, dtype=StringDType(na_object=np.nan)),
}


@pytest.fixture(params=list(kinds))
def make(request: pytest.FixtureRequest) -> Callable[[list[str]], Any]:
    return kinds[str(request.param)]


@pytest.mark.parametrize("kind", list(kinds))
@given(items=words)
def test_an_array_counts_as_its_words(kind: str, items: list[str]) -> None:
    if kind in ("U", "swapped U", "S"):
        items = [item.rstrip("\0\r\n") for item in items]  # as NumPy does, and no line end is left
    array = kinds[kind](items)
    assert mf.count(array) == mf.count(items)
    counts = mf.count([])
    counts.update(array)
    assert counts == mf.count(items)


@pytest.mark.parametrize("kind", list(kinds))
@given(items=words, data=st.data())
def test_slices_and_strides(kind: str, items: list[str], data: st.DataObject) -> None:
    items = [item.rstrip("\0\r\n") for item in items]
    part = data.draw(st.slices(len(items)))
    array = kinds[kind](items)
    assert mf.count(array[part]) == mf.count(items[part])


def test_everything_that_takes_words(make: Callable[[list[str]], Any]) -> None:
    taken_alike(make(FIVE), FIVE)


def test_many_blocks(make: Callable[[list[str]], Any]) -> None:
    items = [*FIVE, "", "élan", "中文", "abcdefghijklmnopqrstuvwxyz"] * 20_000
    array = make(items)
    assert mf.count(array) == mf.count(items)
    assert mf.count(array[::-7]) == mf.count(items[::-7])


def test_no_words(make: Callable[[list[str]], Any]) -> None:
    assert mf.count(make([])) == mf.count([])
    assert mf.count(make(FIVE)[:0]) == mf.count([])
    assert mf.count(np.array([])) == mf.count([])


def test_a_field_of_records_which_is_not_aligned() -> None:
    records = np.array([(1, "ava"), (2, "é")], dtype=[("n", "i1"), ("name", "U3")])
    assert mf.count(records["name"]) == mf.count(["ava", "é"])


def test_what_numpy_can_make_an_array_of() -> None:
    class Holder:
        def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
            return np.array(FIVE)

    taken: Any = Holder()
    assert mf.count(taken) == mf.count(FIVE)


@pytest.mark.parametrize(
    "array",
    [
        np.array(["a", None, "b", float("nan")], dtype=object),
        np.array(["a", None, "b", None], dtype=StringDType(na_object=None)),
        np.array(["a", np.nan, "b", np.nan], dtype=StringDType(na_object=np.nan)),
    ],
)
def test_nulls(array: Any) -> None:
    raises(ValueError, 'word 1: null; pass nulls="skip" to leave nulls out', mf.count, array)
    assert mf.count(array, nulls="skip") == mf.count(["a", "b"])
    counts = mf.count(["c"])
    raises(ValueError, "word 1: null; pass", counts.update, array)
    assert counts == mf.count(["c"])
    counts.update(array, nulls="skip")
    assert counts == mf.count(["c", "a", "b"])
    model = counts.model()
    takers: list[Callable[[Any], object]] = [model.score, model.nll, model.perplexity, mf.examples]
    for take in takers:
        raises(ValueError, 'word 1: null; (leave|pass nulls="nan")', take, array)


def test_words_are_numbered_as_they_stand_though_nulls_are_skipped() -> None:
    one = np.array([None, "a", None, "b", "x.y"], dtype=object)
    many = np.concatenate([one[:4]] * 200_000 + [one])
    for array in (one, many):
        with pytest.raises(ValueError, match=f"word {len(array) - 1}: 'x.y' contains the boundary"):
            mf.count(array, nulls="skip")


#: An array that is read with its mask, one of what is no code point, and what is said of bytes.
MASKED = np.ma.masked_array(["a", "b"], mask=[False, True])
NO_SYMBOL = np.array([0x110000], dtype=np.uint32).view("U1")
UTF8 = "not valid UTF-8 at byte"


def in_bytes(bad: bytes) -> Any:
    return np.array([b"a", b"\xc3\xa9", bad, b"\xff"])


@pytest.mark.parametrize(
    ("array", "error", "message"),
    [
        ([None], TypeError, "word 0: expected str, got NoneType"),  # in a list it is no null
        (["a", None], TypeError, "word 1: expected str, got NoneType"),
        (MASKED, TypeError, "word 1: expected str, got MaskedConstant"),
        (np.array(["a", 1], dtype=object), TypeError, "word 1: expected str, got int"),
        (np.zeros(3), TypeError, "expected an array of words, got dtype"),
        (np.array([b"a"], dtype="V1"), TypeError, "expected an array of words, got dtype"),
        (np.array([True]), TypeError, "expected an array of words, got dtype"),
        (in_bytes(b"\xff"), ValueError, f"word 2: {UTF8} 0"),
        (in_bytes(b"ab\xc3"), ValueError, f"word 2: {UTF8} 2"),
        (in_bytes(b"abcdefghijklmnopqrstu\xc0\x80"), ValueError, f"word 2: {UTF8} 21"),
        (in_bytes(b"a\xed\xa0\x80"), ValueError, f"word 2: {UTF8} 1"),
        (_objects(["a", "b\ud800"]), ValueError, "word 1: holds a lone surrogate at position 1"),
        (np.array(["a", "b\ud800"]), ValueError, "word 1: holds a lone surrogate at position 1"),
        (NO_SYMBOL, ValueError, "word 0: holds what is no code point at position 0"),
    ],
)
def test_what_is_no_word(array: Any, error: type[Exception], message: str) -> None:
    raises(error, message, mf.count, array, nulls="skip" if isinstance(array, list) else "raise")


def test_the_boundary_inside_a_word(make: Callable[[list[str]], Any]) -> None:
    with pytest.raises(ValueError, match="word 300000: 'x.y' contains the boundary"):
        mf.count(make(["ava"] * 300_000 + ["x.y"]))


def test_no_column_of_what_is_no_table() -> None:
    for taken in (FIVE, np.array(FIVE), iter(FIVE)):
        raises(ValueError, "column='name' is for tables, got", mf.count, taken, column="name")
    with pytest.raises(ValueError, match="column='name' is for tables, got Counts"):
        mf.count(FIVE).model().nll(mf.count(FIVE), column="name")


# -- NumPy's C API -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("abi", "feature", "sound"),
    [
        (0x02000000, 0x12, True),
        (0x02000000, 0x14, True),
        (0x01000009, 0x12, False),
        (0x02000000, 0x11, False),
        (0x03000000, 0x20, False),
    ],
)
def test_the_functions_of_another_numpy_are_not_called(
    monkeypatch: pytest.MonkeyPatch, abi: int, feature: int, sound: bool
) -> None:
    module: Any = importlib.import_module("numpy._core._multiarray_umath")
    get: Any = ctypes.pythonapi.PyCapsule_GetPointer
    get.restype, get.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    table = (ctypes.c_void_p * 320)()
    ctypes.memmove(table, get(module._ARRAY_API, None), ctypes.sizeof(table))
    version = ctypes.CFUNCTYPE(ctypes.c_uint)
    functions = [version(lambda: abi), version(lambda: feature)]
    for slot, function in zip((0, 211), functions, strict=True):
        table[slot] = ctypes.cast(function, ctypes.c_void_p).value
    monkeypatch.setattr(module, "_ARRAY_API", new_capsule(ctypes.addressof(table), None, None))
    array = np.array(FIVE, dtype=StringDType())
    if sound:
        assert mf.count(array) == mf.count(FIVE)
    else:
        raises(ImportError, r"StringDType .* C API of version 2 .*astype\(object", mf.count, array)
