"""Whatever offers Arrow's PyCapsule interface gives what the list of its words gives."""

import ctypes
import gc
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from arrow_structs import GET, MESSAGE, RELEASE, Array, P, Schema, Stream, new_capsule
from corpora import FIVE, words

pa: Any = pytest.importorskip("pyarrow")

types: dict[str, Any] = {
    "utf8": pa.string(),
    "large": pa.large_string(),
    "view": pa.string_view(),
    **{
        f"{name} dictionary": pa.dictionary(getattr(pa, name)(), pa.string())
        for name in ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64")
    },
    "dictionary of large": pa.dictionary(pa.int32(), pa.large_string()),
}
maybe_words = st.lists(
    st.one_of(st.none(), st.text(st.sampled_from("abé中😀\0"), max_size=20)), max_size=30
)


def made(items: Sequence[str | None], kind: str) -> Any:
    """Return a pyarrow array of a type, in which each null of a dictionary is an index."""
    wanted = types[kind]
    if not pa.types.is_dictionary(wanted):
        return pa.array(items, wanted)
    plain = pa.array(items, wanted.value_type).dictionary_encode()
    indices = plain.indices.cast(wanted.index_type)
    return pa.DictionaryArray.from_arrays(indices, plain.dictionary)


# -- the types of Arrow ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", types)
@given(items=words)
def test_an_array_counts_as_its_words(kind: str, items: list[str]) -> None:
    assert mf.count(made(items, kind)) == mf.count(items)


@pytest.mark.parametrize("kind", types)
@given(items=maybe_words, data=st.data())
def test_nulls_slices_and_chunks(kind: str, items: list[str | None], data: st.DataObject) -> None:
    array = made(items, kind)
    cut = data.draw(st.integers(0, len(items)))
    end = data.draw(st.integers(cut, len(items)))
    kept = [item for item in items[cut:end] if item is not None]
    sliced = array[cut:end]
    assert mf.count(sliced, nulls="skip") == mf.count(kept)
    chunked = pa.chunked_array([array[:cut], array[cut:cut], array[cut:end]], type=array.type)
    kept = [item for item in items[:end] if item is not None]
    assert mf.count(chunked, nulls="skip") == mf.count(kept)
    table = pa.table({"n": range(end), "word": chunked})
    assert mf.count(table[cut:], column="word", nulls="skip") == mf.count(sliced, nulls="skip")
    if None in items:
        with pytest.raises(ValueError, match=f"word {items.index(None)}: null; pass nulls="):
            mf.count(array)


@given(items=maybe_words, data=st.data())
def test_structs_have_offsets_and_nulls_of_their_own(
    items: list[str | None], data: st.DataObject
) -> None:
    keep = data.draw(st.lists(st.booleans(), min_size=len(items), max_size=len(items)))
    cut = data.draw(st.integers(0, len(items)))
    child = pa.array(["skipped", *items], pa.string())[1:]
    mask = pa.array([not k for k in keep], pa.bool_())
    struct = pa.StructArray.from_arrays([child], ["word"], mask=mask)[cut:]
    kept = [w for w, k in zip(items, keep, strict=True) if k][sum(keep[:cut]) :]
    assert mf.count(struct, nulls="skip") == mf.count([w for w in kept if w is not None])


def test_a_null_in_a_dictionary_and_a_slice_of_one() -> None:
    dictionary = pa.array(["x", "ava", None, "é"])[1:]
    array = pa.DictionaryArray.from_arrays(pa.array([0, 2, 1, None, 0]), dictionary)
    assert mf.count(array, nulls="skip") == mf.count(["ava", "é", "ava"])
    with pytest.raises(ValueError, match="word 1: null"):
        mf.count(array[1:])


@pytest.mark.parametrize("kind", types)
def test_many_blocks(kind: str) -> None:
    items = [*FIVE, "", "abcdefghijklmnop", "abcdefghijklmnopq"] * 30_000
    for more in ([], ["é", "中文" * 20]):
        array = made([*items, *more, *items], kind)
        expected = mf.count([*items, *more, *items])
        assert mf.count(array) == expected
        assert mf.count(pa.chunked_array([array[:100_001], array[100_001:]])) == expected


@pytest.mark.parametrize("kind", ["utf8", "large"])
@given(
    start=maybe_words,
    runs=st.lists(st.tuples(st.text("ab", max_size=9), st.integers(1, 5000))),
    middle=maybe_words,
    data=st.data(),
)
def test_long_runs_of_ascii_between_other_words(
    kind: str,
    start: list[str | None],
    runs: list[tuple[str, int]],
    middle: list[str | None],
    data: st.DataObject,
) -> None:
    items = list(start)
    for word, times in runs:
        items += [word, "ba" + word, ""] * times + middle
    cut = data.draw(st.integers(0, len(items)))
    kept = [item for item in items[cut:] if item is not None]
    counts = mf.count(made(items, kind)[cut:], nulls="skip")
    assert counts.words == len(kept)
    symbols = reference.alphabet(kept)
    assert counts.alphabet == symbols
    assert counts.array.tolist() == reference.table(kept, symbols)


def test_everything_that_takes_words() -> None:
    array = pa.array(FIVE)
    table = pa.table({"n": range(5), "word": FIVE})
    counts = mf.count([])
    counts.update(array)
    counts.update(table, column="word")
    assert counts == mf.count(FIVE * 2)
    model = counts.model(smoothing=1)
    for taken, column in ((array, None), (table, "word")):
        assert model.score(taken, column=column).tolist() == model.score(FIVE).tolist()
        assert model.nll(taken, column=column) == model.nll(FIVE)
        assert model.perplexity(taken, column=column) == model.perplexity(FIVE)
        for ours, theirs in zip(mf.examples(taken, column=column), mf.examples(FIVE), strict=True):
            assert ours.tolist() == theirs.tolist()
    with pytest.raises(ValueError, match="word 0: null; leave"):
        model.score(pa.array([None, "a"]))


@pytest.mark.parametrize("kind", types)
def test_no_words(kind: str) -> None:
    for empty in (made([], kind), made(["a"], kind)[1:], pa.chunked_array([], type=types[kind])):
        assert mf.count(empty) == mf.count([])
    assert mf.count(pa.nulls(3), nulls="skip") == mf.count([])


def test_the_word_is_numbered_through_chunks_and_nulls() -> None:
    chunk = pa.array(["a", None] * 100_000)
    chunks = pa.chunked_array([chunk, chunk, ["b", "x.y"]])
    with pytest.raises(ValueError, match=r"word 400001: 'x\.y' contains the boundary"):
        mf.count(chunks, nulls="skip")
    run = pa.chunked_array([[None, "", "é"], ["ab"] * 10_000 + ["x.y", "."] + ["ab"] * 10_000])
    with pytest.raises(ValueError, match=r"word 10003: 'x\.y' contains the boundary"):
        mf.count(run, nulls="skip")


# -- tables ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [pa.table, pa.RecordBatch.from_pydict])
def test_columns(kind: Callable[[Any], Any]) -> None:
    table = kind({"n": [1, 2], "word": ["ava", "é"]})
    assert mf.count(table, column="word") == mf.count(["ava", "é"])
    assert mf.count(kind({"any": ["ava"]})) == mf.count(["ava"])
    with pytest.raises(ValueError, match="the table has the columns 'n', 'word'; choose"):
        mf.count(table)
    with pytest.raises(ValueError, match="no column 'words': the table has the columns 'n', 'w"):
        mf.count(table, column="words")
    with pytest.raises(TypeError, match="got Arrow format 'l'"):
        mf.count(table, column="n")
    with pytest.raises(ValueError, match="column='word' is for tables, got an array of"):
        mf.count(pa.array(["a"]), column="word")
    with pytest.raises(ValueError, match="the table has no columns"):
        mf.count(kind({}))


def test_a_name_twice() -> None:
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["w", "w"])
    with pytest.raises(ValueError, match="more than one column 'w'"):
        mf.count(table, column="w")


@pytest.mark.parametrize(
    ("array", "format_"),
    [
        (pa.array([1]), "l"),
        (pa.array([b"a"]), "z"),
        (pa.array([["a"]]), r"\+l"),
        (pa.array([1]).dictionary_encode(), "l"),
    ],
)
def test_another_type(array: Any, format_: str) -> None:
    with pytest.raises(TypeError, match=f"expected strings .*got Arrow format '{format_}'"):
        mf.count(array)


# -- other libraries -------------------------------------------------------------------------


def test_polars() -> None:
    pl: Any = pytest.importorskip("polars")
    items = [*FIVE, "", "élan", "a word of more than twelve bytes"]
    for dtype in (pl.String, pl.Categorical, pl.Enum(sorted(items))):
        series = pl.Series(items, dtype=dtype)
        assert mf.count(series) == mf.count(items)
        assert mf.count(series[2:5]) == mf.count(items[2:5])
        assert mf.count(pl.DataFrame({"n": range(8), "w": series}), column="w") == mf.count(items)
    assert mf.count(pl.Series(["a", None, "b"]), nulls="skip") == mf.count(["a", "b"])
    assert mf.count(pl.Series([])) == mf.count([])


def test_pandas() -> None:
    pd: Any = pytest.importorskip("pandas")
    items = [*FIVE, "", "élan"]
    for dtype in (None, object, "str", "string", "string[python]", "string[pyarrow]", "category"):
        for make in (pd.Series, pd.Index):
            assert mf.count(make(items, dtype=dtype)) == mf.count(items)
        series = pd.Series([*items, None], dtype=dtype)
        assert mf.count(series, nulls="skip") == mf.count(items)
        assert mf.count(series[5:1:-2]) == mf.count(items[5:1:-2])
        with pytest.raises(ValueError, match="word 7: null"):
            mf.count(series)
    objects = pd.Series(["a", None, float("nan"), pd.NA, "b"], dtype=object)
    assert mf.count(objects, nulls="skip") == mf.count(["a", "b"])
    frame = pd.DataFrame({"n": range(7), "w": items})
    assert mf.count(frame, column="w") == mf.count(items)


def test_duckdb() -> None:
    duckdb: Any = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        relation = connection.sql("select 'w' || range as w, range from range(100000)")
        assert mf.count(relation, column="w") == mf.count(f"w{i}" for i in range(100_000))
        bad = connection.sql("select if(range < 99999, 'a', error('boom')) from range(100000)")
        with pytest.raises(Exception, match="boom"):
            mf.count(bad)


# -- what is wrong in memory -----------------------------------------------------------------


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
        with pytest.raises(ValueError, match=f"word 2: not valid UTF-8 at byte {at}"):
            mf.count(taken)
    view = pa.Array.from_buffers(
        pa.string_view(), len(items), binary.cast(pa.binary_view()).buffers()
    )
    with pytest.raises(ValueError, match=f"word 2: not valid UTF-8 at byte {at}"):
        mf.count(view)


def test_a_symbol_cut_in_two_by_words() -> None:
    binary = pa.array([b"a\xc3", b"\xa9"], pa.binary())
    array = pa.Array.from_buffers(pa.string(), 2, binary.buffers())
    with pytest.raises(ValueError, match="word 0: not valid UTF-8 at byte 1"):
        mf.count(array)


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
    with pytest.raises(ValueError, match=f"word {before + bad}: malformed Arrow data: the offsets"):
        mf.count(array)


def test_an_index_outside_its_dictionary() -> None:
    for index in (1, -1):
        array = pa.DictionaryArray.from_arrays(
            pa.array([0, index], pa.int8()), pa.array(["a"]), safe=False
        )
        with pytest.raises(ValueError, match="word 1: malformed Arrow data: an index outside"):
            mf.count(array)


def test_a_view_outside_its_buffers() -> None:
    word = "a word of more than twelve bytes"
    sound = pa.array([word], pa.string_view()).buffers()
    for place, number in ((0, 33), (0, -1), (2, 1), (2, -1), (3, 1), (3, -1)):
        raw = bytearray(sound[1].to_pybytes()[:16])
        raw[4 * place : 4 * place + 4] = number.to_bytes(4, "little", signed=True)
        buffers = [None, pa.py_buffer(bytes(raw)), *sound[2:]]
        array = pa.Array.from_buffers(pa.string_view(), 1, buffers)
        with pytest.raises(ValueError, match="word 0: malformed Arrow data: a view"):
            mf.count(array)


# -- who releases what -----------------------------------------------------------------------


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
    with pytest.raises(ValueError, match="the arrow_array_stream was used before"):
        mf.count(producer)
    assert producer.released == {"schema": 1, "array": 3, "stream": 1}


def test_all_is_released_once_after_an_error() -> None:
    failing = Producer(fail_at=2)
    with pytest.raises(OSError, match="the Arrow stream failed: the disk is on fire"):
        mf.count(failing)
    number = Producer(kind=b"l")
    with pytest.raises(TypeError, match="got Arrow format 'l'"):
        mf.count(number)
    column = Producer()
    with pytest.raises(ValueError, match="is for tables"):
        mf.count(column, column="w")
    boundary = Producer()
    with pytest.raises(ValueError, match="word 0: 'ava' contains the boundary"):
        mf.count(boundary, boundary="v")
    unknown = Producer()
    with pytest.raises(ValueError, match="word 0: 'ava' contains 'v'"):
        mf.examples(unknown, alphabet="a")
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
        with pytest.raises(ValueError, match="null"):
            mf.count(array)
    gc.collect()
    assert pa.total_allocated_bytes() == before


def test_capsules_of_the_wrong_kind() -> None:
    class Wrong:
        def __init__(self, answer: object) -> None:
            self.answer = answer

        def __arrow_c_array__(self, requested_schema: object = None) -> object:
            return self.answer

    one, other = pa.array(["a"]).__arrow_c_array__()
    with pytest.raises(TypeError, match="expected two capsules"):
        mf.count(Wrong(one))
    with pytest.raises(ValueError, match="PyCapsule"):
        mf.count(Wrong((other, one)))
    with pytest.raises(ValueError, match="PyCapsule"):
        mf.count(Wrong((1, 2)))
    assert mf.count(Wrong((one, other))) == mf.count(["a"])
