"""Arrow's memory: what is wrong in it is found, and all of it is released, once."""

import ctypes
import gc
from typing import Any

import pytest

import makemore_fast as mf
from arrow_structs import GET, MESSAGE, RELEASE, Array, Exporter, P, Schema, Stream, new_capsule
from raising import raises

pa: Any = pytest.importorskip("pyarrow")


@pytest.mark.parametrize("nulls", [False, True])
@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
@pytest.mark.parametrize(
    ("bad", "at"),
    [(b"\xff", 0), (b"ab\xc3", 2), (b"abcdefghijklmnopqrstu\xc0\x80", 21), (b"a\xed\xa0\x80", 1)],
)
def test_what_is_not_utf8(kind: Any, bad: bytes, at: int, *, nulls: bool) -> None:
    items = [b"a", b"\xc3\xa9", bad, b"\xa9", None if nulls else b"b"]
    binary = pa.array(items, pa.large_binary() if kind == pa.large_string() else pa.binary())
    array = pa.Array.from_buffers(kind, len(items), binary.buffers())
    for taken in (array, array.dictionary_encode() if at == 0 else array):
        raises(ValueError, f"word 2: not valid UTF-8 at byte {at}", mf.count, taken)
    view = pa.Array.from_buffers(
        pa.string_view(), len(items), binary.cast(pa.binary_view()).buffers()
    )
    raises(ValueError, f"word 2: not valid UTF-8 at byte {at}", mf.count, view)


def test_a_symbol_cut_in_two_by_words() -> None:
    binary = pa.array([b"a\xc3", b"\xa9"], pa.binary())
    array = pa.Array.from_buffers(pa.string(), 2, binary.buffers())
    raises(ValueError, "word 0: not valid UTF-8 at byte 1", mf.count, array)


def _of_offsets(offsets: list[int], kind: Any, bits: int) -> Any:
    raw = b"".join(o.to_bytes(bits // 8, "little", signed=True) for o in offsets)
    buffers = [None, pa.py_buffer(raw), pa.py_buffer(b"emmaolivia")]
    return pa.Array.from_buffers(kind, len(offsets) - 1, buffers)


@pytest.mark.parametrize(("kind", "bits"), [(pa.string(), 32), (pa.large_string(), 64)])
@pytest.mark.parametrize(("offsets", "bad"), [([0, 4, 2, 6], 1), ([0, 10_000, 4], 0)])
@pytest.mark.parametrize("before", [0, 5000])
def test_offsets_that_go_back(
    kind: Any, bits: int, offsets: list[int], bad: int, before: int
) -> None:
    array = _of_offsets([0] * before + offsets, kind, bits)
    raises(ValueError, f"word {before + bad}: malformed Arrow data: the offsets", mf.count, array)


def test_an_index_outside_its_dictionary() -> None:
    for index in (1, -1):
        array = pa.DictionaryArray.from_arrays(
            pa.array([0, index], pa.int8()), pa.array(["a"]), safe=False
        )
        raises(ValueError, "word 1: malformed Arrow data: an index outside", mf.count, array)


def test_a_view_outside_its_buffers() -> None:
    word = "a word of more than twelve bytes"
    sound = pa.array([word], pa.string_view()).buffers()
    for place, number in ((0, 33), (0, -1), (2, 1), (2, -1), (3, 1), (3, -1)):
        raw = bytearray(sound[1].to_pybytes()[:16])
        raw[4 * place : 4 * place + 4] = number.to_bytes(4, "little", signed=True)
        buffers = [None, pa.py_buffer(bytes(raw)), *sound[2:]]
        array = pa.Array.from_buffers(pa.string_view(), 1, buffers)
        raises(ValueError, "word 0: malformed Arrow data: a view", mf.count, array)


class Producer:
    """Streams chunks of "ava" and "é", and notes what is released and when."""

    def __init__(self, *, kind: bytes = b"u", chunks: int = 3, fail_at: int = -1) -> None:
        self.kind, self.chunks, self.fail_at = kind, chunks, fail_at
        self.given = {"schema": 0, "array": 0, "stream": 0}
        self.released = {"schema": 0, "array": 0, "stream": 0}
        self._offsets = (ctypes.c_int32 * 3)(0, 3, 5)
        self._values = ctypes.create_string_buffer("avaé".encode())
        self._buffers = (P * 3)(None, ctypes.addressof(self._offsets), self._at(self._values))
        self._message = ctypes.create_string_buffer(b"the disk is on fire")
        self._keep = [
            GET(self._schema),
            GET(self._next),
            MESSAGE(lambda _: self._at(self._message)),
            *(self._releaser(what, kind) for what, kind in self._kinds()),
        ]
        calls = [ctypes.cast(call, P).value for call in self._keep]
        self._releases = dict(zip(("schema", "array", "stream"), calls[3:], strict=True))
        self._stream = Stream(calls[0], calls[1], calls[2], self._releases["stream"], None)

    @staticmethod
    def _at(thing: Any) -> int:
        return ctypes.addressof(thing)

    @staticmethod
    def _kinds() -> list[tuple[str, Any]]:
        return [("schema", Schema), ("array", Array), ("stream", Stream)]

    def _releaser(self, what: str, kind: Any) -> Any:
        def release(pointer: Any) -> None:
            self.released[what] += 1
            ctypes.cast(pointer, ctypes.POINTER(kind)).contents.release = None

        return RELEASE(release)

    def _schema(self, _: int, out: int) -> int:
        self.given["schema"] += 1
        schema = Schema(format=self.kind, name=b"w", release=self._releases["schema"])
        ctypes.memmove(out, ctypes.addressof(schema), ctypes.sizeof(schema))
        return 0

    def _next(self, _: int, out: int) -> int:
        if self.given["array"] == self.fail_at:
            return 5  # EIO
        array = Array()
        if self.given["array"] < self.chunks:
            self.given["array"] += 1
            array = Array(2, 0, 0, 3, 0, ctypes.addressof(self._buffers), None, None)
            array.release = self._releases["array"]
        ctypes.memmove(out, ctypes.addressof(array), ctypes.sizeof(array))
        return 0

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        self.given["stream"] += 1
        return new_capsule(ctypes.addressof(self._stream), b"arrow_array_stream", None)


def test_all_is_released_once() -> None:
    producer = Producer()
    assert mf.count(producer) == mf.count(["ava", "é"] * 3)
    assert producer.given == {"schema": 1, "array": 3, "stream": 1}
    assert producer.released == producer.given
    raises(ValueError, "the arrow_array_stream was used before", mf.count, producer)
    assert producer.released == {"schema": 1, "array": 3, "stream": 1}


def test_all_is_released_once_after_an_error() -> None:
    failing = Producer(fail_at=2)
    raises(OSError, "the Arrow stream failed: the disk is on fire", mf.count, failing)
    number = Producer(kind=b"l")
    raises(TypeError, "got Arrow format 'l'", mf.count, number)
    column = Producer()
    raises(ValueError, "is for tables", mf.count, column, column="w")
    boundary = Producer()
    raises(ValueError, "word 0: 'ava' contains the boundary", mf.count, boundary, boundary="v")
    unknown = Producer()
    raises(ValueError, "word 0: 'ava' contains 'v'", mf.examples, unknown, alphabet="a")
    for producer in (failing, number, column, boundary, unknown):
        assert producer.released == producer.given
        assert producer.given["stream"] == 1


def test_no_memory_is_kept() -> None:
    array = pa.array(["ava", None] * 1000)
    gc.collect()
    before = pa.total_allocated_bytes()
    for _ in range(100):
        mf.count(array, nulls="skip")
        mf.count(pa.chunked_array([array, array]).dictionary_encode(), nulls="skip")
        raises(ValueError, "null", mf.count, array)
    gc.collect()
    assert pa.total_allocated_bytes() == before


def test_capsules_of_the_wrong_kind() -> None:
    one, other = pa.array(["a"]).__arrow_c_array__()
    raises(TypeError, "expected two capsules", mf.count, Exporter(one))
    raises(ValueError, "PyCapsule", mf.count, Exporter((other, one)))
    raises(ValueError, "PyCapsule", mf.count, Exporter((1, 2)))
    assert mf.count(Exporter((one, other))) == mf.count(["a"])
