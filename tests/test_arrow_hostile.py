"""Arrow data from strangers: right words or an error, and never memory that is not its own."""

import ctypes
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
from arrow_structs import GET, NOTHING, Offered, P, Stream, new_capsule
from raising import raises

pa: Any = pytest.importorskip("pyarrow")

KINDS = [(pa.string(), np.int32), (pa.large_string(), np.int64)]
_model = mf.count(["abcdefghijklmnopqrstuvwxyz"]).model(smoothing=1)

#: Each way into the reader of Arrow's memory.
READERS: dict[str, Callable[[Any], Any]] = {
    "count": lambda a: mf.count(a, nulls="skip"),
    "order 3": lambda a: mf.count(a, nulls="skip", order=3),
    "weights": lambda a: mf.count(a, nulls="skip", weights=[1] * len(a)),
    "table": lambda a: mf.count(pa.table({"w": a}), nulls="skip"),
    "table of weights": lambda a: mf.count(
        pa.table({"w": a, "n": [1] * len(a)}), column="w", weights="n", nulls="skip"
    ),
    "reader": lambda a: mf.count(pa.table({"w": a}).to_reader(), nulls="skip"),
    "chunks": lambda a: mf.count(pa.chunked_array([a, a]), nulls="skip"),
    "score": _model.score,
    "nll": _model.nll,
    "examples": mf.examples,
    "fit": lambda a: mf.fit(a, nulls="skip", chains=["h1"]),
    "exclude": lambda a: _model.sample(1, rng=1, exclude=a),
}


def array_of(offsets: Any, values: bytes, kind: Any, valid: list[bool] | None = None) -> Any:
    validity = None
    if valid is not None:
        validity = pa.py_buffer(np.packbits(valid, bitorder="little").tobytes())
    buffers = [validity, pa.py_buffer(offsets.tobytes()), pa.py_buffer(values)]
    return pa.Array.from_buffers(kind, len(offsets) - 1, buffers)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("kind", "offset"), KINDS)
@pytest.mark.parametrize("row", [1, 255, 2048, 4096, 4999])
@pytest.mark.parametrize("bad", [2**31 - 2, 2**31 - 1, 6, -1, -(2**31)])
def test_an_offset_past_the_values(reader: str, kind: Any, offset: Any, row: int, bad: int) -> None:
    offsets = np.zeros(5001, dtype=offset)
    offsets[row:] = 5
    offsets[row] = bad
    array = array_of(offsets, b"hello", kind)
    raises(ValueError, rf"word {row - 1}: malformed Arrow data: the off", READERS[reader], array)


@pytest.mark.parametrize("bad", [2**33, 2**62, 2**63 - 1, -(2**63)])
def test_a_run_that_a_null_ends_is_held_to_the_last_offset(bad: int) -> None:
    offsets = np.array([0, 0, bad, 2], dtype=np.int64)
    array = array_of(offsets, b"ab", pa.large_string(), [True, True, False])
    with pytest.raises(ValueError, match=r"word [12]?: malformed Arrow data: the offsets"):
        mf.count(array, nulls="skip")


@pytest.mark.parametrize(("kind", "offset"), KINDS)
@pytest.mark.parametrize("words", [3, 255, 256, 257, 300, 5000])
@pytest.mark.parametrize("more", [1, 2, 7, 16, 1000])
def test_what_lies_behind_the_values_is_never_read_as_words(
    kind: Any, offset: Any, words: int, more: int
) -> None:
    offsets = np.arange(words + 2, dtype=offset)
    offsets[words] += more  # the word before the null ends behind the values
    offsets[words + 1] = words
    secret = b"a" * words + b"SECRET" * 200
    array = array_of(offsets, secret, kind, [True] * words + [False])
    with pytest.raises(ValueError, match=f"word {words - 1}: malformed Arrow data: the offsets"):
        mf.count(array, nulls="skip")


@pytest.mark.parametrize(("kind", "offset"), KINDS)
def test_a_slice_is_held_to_the_values_of_the_whole(kind: Any, offset: Any) -> None:
    offsets = np.arange(1001, dtype=offset)
    array = array_of(offsets, b"a" * 1000, kind)[100:900]
    assert mf.count(array) == mf.count(["a"] * 800)
    offsets[850] = 2**31 - 1
    array = array_of(offsets, b"a" * 1000, kind)[100:900]
    raises(ValueError, "word 749: malformed Arrow data: the offsets", mf.count, array)


@given(
    st.sampled_from(KINDS),
    st.lists(st.one_of(st.none(), st.text("abé", max_size=9)), min_size=1, max_size=40),
    st.sampled_from([1, 30, 200]),
    st.lists(
        st.tuples(
            st.integers(0, 10**4),
            st.sampled_from([-(2**31), -1, 0, 1, 4, 2**15, 2**31 - 1]),
            st.booleans(),
        ),
        max_size=3,
    ),
    st.sampled_from(sorted(READERS)),
)
def test_any_offsets(
    kind: Any, words: list[str | None], times: int, edits: list[Any], reader: str
) -> None:
    if reader in ("score", "nll", "examples", "exclude"):
        words = [word or "" for word in words]
    words = words * times
    encoded = [(word or "").encode() for word in words]
    offsets = np.concatenate([[0], np.cumsum([len(word) for word in encoded])]).astype(kind[1])
    for place, value, relative in edits:
        if len(words) == 1:
            break
        # The last offset tells how many values there are; pyarrow itself looks at the first.
        place = 1 + place % (len(words) - 1)
        value += int(offsets[place]) if relative else 0
        offsets[place] = np.clip(value, -(2**31), 2**31 - 1)
    values = b"".join(encoded)
    array = array_of(offsets, values, kind[0], [word is not None for word in words])
    expected: list[str] | None = None
    try:
        found: list[str] = []
        for i, word in enumerate(words):
            if word is None:
                continue
            begin, end = int(offsets[i]), int(offsets[i + 1])
            if not 0 <= begin <= end <= len(values):
                raise ValueError
            found.append(values[begin:end].decode())
        expected = found
    except ValueError:
        pass
    if expected is None:
        raises(ValueError, "malformed Arrow data|not valid UTF-8", READERS[reader], array)
    elif reader == "count":
        assert mf.count(array, nulls="skip") == mf.count(expected)
    elif reader == "chunks":
        assert READERS[reader](array) == mf.count(expected * 2)
    elif expected:
        READERS[reader](array)


# -- files from strangers --------------------------------------------------------------------


def written(array: Any, name: str = "w") -> io.BytesIO:
    file = io.BytesIO()
    batch = pa.RecordBatch.from_arrays([array], names=[name])
    with pa.ipc.new_file(file, batch.schema) as writer:
        writer.write_batch(batch)
    file.seek(0)
    return file


@pytest.mark.parametrize("read", ["table", "column", "reader", "batch", "pandas", "series"])
@pytest.mark.parametrize("bad", ["inside", "last", "first"])
@pytest.mark.parametrize(("kind", "offset"), KINDS)
def test_an_ipc_file_of_bad_offsets(read: str, bad: str, kind: Any, offset: Any) -> None:
    offsets = np.arange(5001, dtype=offset)
    # What no array can be made of is written into the file's bytes afterwards.
    marked = written(array_of(offsets, b"a" * 5000, kind)).getvalue()
    hurt = offsets.copy()
    hurt[{"inside": 4096, "last": 5000, "first": 0}[bad]] = -5 if bad == "first" else 2**30
    assert marked.count(offsets.tobytes()) == 1
    file = io.BytesIO(marked.replace(offsets.tobytes(), hurt.tobytes()))
    batches = pa.ipc.open_file(file)
    table = batches.read_all()
    taken: Any = table
    if read == "column":
        taken = table["w"]
    elif read == "reader":
        taken = table.to_reader()
    elif read == "batch":
        taken = batches.get_batch(0)
    elif read in ("pandas", "series"):
        pd = pytest.importorskip("pandas")
        frame = pd.DataFrame({"w": pd.Series(pd.arrays.ArrowExtensionArray(table["w"]))})
        taken = frame if read == "pandas" else frame["w"]
    for count in (mf.count, lambda words: mf.count(words, order=3)):
        # pandas cannot even make a table of some of it.
        said = "malformed Arrow data|Invalid: " if read == "pandas" else "malformed Arrow data"
        raises(ValueError, said, count, taken if read != "reader" else table.to_reader())


def test_a_sound_ipc_file_is_read() -> None:
    table = pa.ipc.open_file(written(pa.array(["ava", None, "mia"]))).read_all()
    for taken in (table, table["w"], table.to_reader(), table.to_batches()[0]):
        assert mf.count(taken, nulls="skip") == mf.count(["ava", "mia"])


# -- structs that lie ------------------------------------------------------------------------

WORDS = ["ava", "mia", "emma"]
HUGE = 2**63 - 1


def test_sound_structs_are_read() -> None:
    assert mf.count(Offered()) == mf.count(WORDS)
    assert mf.count(Offered(dictionary=True)) == mf.count(WORDS)
    assert mf.count(Offered(table=True), column="w") == mf.count(WORDS)
    expected = mf.count(WORDS, weights=[1, 2, 3])
    assert mf.count(Offered(table=True), column="w", weights="n") == expected
    assert mf.count(Offered(table=True), weights="n") == expected  # the only other column


@pytest.mark.parametrize(
    ("part", "field", "value", "message"),
    [
        ("array", "length", -1, "a length or an offset that no array has"),
        ("array", "length", HUGE, "a length or an offset that no array has|too few rows"),
        ("array", "offset", -1, "a length or an offset that no array has"),
        ("array", "offset", HUGE, "a length or an offset that no array has"),
        ("array", "null_count", -2, "a number of nulls that is not one of its rows"),
        ("array", "null_count", 4, "a number of nulls that is not one of its rows"),
        ("array", "null_count", 1, "nulls, but nothing that says which"),
        ("words", "n_buffers", 1, "too few buffers"),
        ("words", "n_buffers", -1, "too few buffers"),
        ("words", "buffers", None, "no buffers"),
        ("words", "length", -1, "a length or an offset that no array has"),
        ("words", "offset", HUGE, "a length or an offset that no array has"),
        ("strings", "n_buffers", 2, "too few buffers"),
        ("strings", "length", -5, "a length or an offset that no array has"),
        ("strings", "null_count", 7, "a number of nulls that is not one of its rows"),
    ],
)
@pytest.mark.parametrize("kind", [{}, {"dictionary": True}, {"table": True}])
def test_a_number_that_no_array_has(
    kind: Any, part: str, field: str, value: Any, message: str
) -> None:
    offered = Offered(**kind)
    setattr(getattr(offered, part), field, value)
    column = "w" if "table" in kind else None
    raises(ValueError, f"malformed Arrow data: ({message})", mf.count, offered, column=column)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda o: setattr(o.array, "n_children", 1), "another number of columns than its type"),
        (lambda o: setattr(o.array, "n_children", HUGE), "another number of columns"),
        (lambda o: setattr(o.array, "children", None), "another number of columns"),
        (lambda o: setattr(o.words, "release", None), "a column that was released"),
        (lambda o: setattr(o.weights, "release", None), "a column that was released"),
        (lambda o: o.columns.__setitem__(0, None), "a column that was released"),
        (lambda o: setattr(o.words, "length", 2), "too few rows"),
        (lambda o: setattr(o.weights, "length", 2), "too few rows"),
        (lambda o: setattr(o.array, "offset", 1), "too few rows"),
        (lambda o: setattr(o.weights, "n_buffers", 1), "too few buffers"),
        (lambda o: o.weight_buffers.__setitem__(1, None), "no numbers"),
        (lambda o: o.word_buffers.__setitem__(1, None), "no offsets"),
        (lambda o: o.word_buffers.__setitem__(2, None), "no values"),
        (lambda o: setattr(o.type, "n_children", -1), "a negative number of columns"),
        (lambda o: setattr(o.type, "children", None), "no columns"),
        (lambda o: o.column_types.__setitem__(0, None), "a column without a type"),
        (lambda o: setattr(o.words_type, "format", None), "a column without a type"),
        (lambda o: setattr(o.type, "format", None), "no format"),
    ],
)
def test_tables_that_lie(change: Any, message: str) -> None:
    offered = Offered(table=True)
    change(offered)
    with pytest.raises(ValueError, match=f"malformed Arrow data: {message}"):
        mf.count(offered, column="w", weights="n")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda o: setattr(o.words, "dictionary", None), "no dictionary"),
        (lambda o: setattr(o.strings, "release", None), "no dictionary"),
        (lambda o: setattr(o.strings_type, "release", None), "a dictionary without a type"),
        (lambda o: setattr(o.words_type, "format", b"g"), "a dictionary's indices are no integers"),
        (lambda o: o.index_buffers.__setitem__(1, None), "no indices"),
        (lambda o: o.indices.__setitem__(1, -1), "an index outside its dictionary"),
        (lambda o: o.indices.__setitem__(1, 3), "an index outside its dictionary"),
        (lambda o: setattr(o.strings, "length", 2), "the offsets|an index outside its dictionary"),
    ],
)
def test_dictionaries_that_lie(change: Any, message: str) -> None:
    offered = Offered(dictionary=True)
    change(offered)
    raises(ValueError, f"malformed Arrow data: ({message})", mf.count, offered)


@pytest.mark.parametrize("missing", ["get_schema", "get_next"])
def test_a_stream_that_lacks_a_function(missing: str) -> None:
    offered = Offered()

    def schema(_: int, out: int) -> int:
        ctypes.memmove(out, ctypes.addressof(offered.type), ctypes.sizeof(offered.type))
        return 0

    function = GET(schema)
    stream = Stream(ctypes.cast(function, P).value, None, None, NOTHING, None)
    setattr(stream, missing, None)

    class Broken:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return new_capsule(ctypes.addressof(stream), b"arrow_array_stream", None)

    raises(ValueError, "malformed Arrow data: a stream that lacks a function", mf.count, Broken())


def test_names_and_formats_are_shown_without_control_characters() -> None:
    offered = Offered(table=True)
    offered.words_type.name = b"w\x1b[31m"
    with pytest.raises(ValueError, match=r"the table has the columns 'w") as raised:
        mf.count(offered)
    assert "\x1b" not in str(raised.value)
