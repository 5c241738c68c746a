"""Whatever offers Arrow's PyCapsule interface gives what the list of its words gives."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from corpora import FIVE, words
from raising import raises
from smoothed import taken_alike

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
        raises(ValueError, f"word {items.index(None)}: null; pass nulls=", mf.count, array)


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
    raises(ValueError, "word 1: null", mf.count, array[1:])


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
    taken_alike(array, FIVE)
    taken_alike(table, FIVE, column="word")
    raises(ValueError, "word 0: null; pass nulls=", counts.model().score, pa.array([None, "a"]))


@pytest.mark.parametrize("kind", types)
def test_no_words(kind: str) -> None:
    for empty in (made([], kind), made(["a"], kind)[1:], pa.chunked_array([], type=types[kind])):
        assert mf.count(empty) == mf.count([])
    assert mf.count(pa.nulls(3), nulls="skip") == mf.count([])


def test_the_word_is_numbered_through_chunks_and_nulls() -> None:
    chunk = pa.array(["a", None] * 100_000)
    chunks = pa.chunked_array([chunk, chunk, ["b", "x.y"]])
    raises(ValueError, r"word 400001: 'x\.y' contains the boundary", mf.count, chunks, nulls="skip")
    run = pa.chunked_array([[None, "", "é"], ["ab"] * 10_000 + ["x.y", "."] + ["ab"] * 10_000])
    raises(ValueError, r"word 10003: 'x\.y' contains the boundary", mf.count, run, nulls="skip")


# -- tables ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [pa.table, pa.RecordBatch.from_pydict])
def test_columns(kind: Callable[[Any], Any]) -> None:
    table = kind({"n": [1, 2], "word": ["ava", "é"]})
    assert mf.count(table, column="word") == mf.count(["ava", "é"])
    assert mf.count(kind({"any": ["ava"]})) == mf.count(["ava"])
    raises(ValueError, "the table has the columns 'n', 'word'; choose", mf.count, table)
    with pytest.raises(ValueError, match="no column 'words': the table has the columns 'n', 'w"):
        mf.count(table, column="words")
    raises(TypeError, "got Arrow format 'l'", mf.count, table, column="n")
    with pytest.raises(ValueError, match="column='word' is for tables, got an array of"):
        mf.count(pa.array(["a"]), column="word")
    raises(ValueError, "the table has no columns", mf.count, kind({}))


def test_a_name_twice() -> None:
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["w", "w"])
    raises(ValueError, "more than one column 'w'", mf.count, table, column="w")


@pytest.mark.parametrize(
    ("array", "format_"),
    [
        (pa.array([1]), "l"),
        (pa.array([b"a"]), "z"),
        (pa.array([[["a"]]]), r"\+l"),
        (pa.array([1]).dictionary_encode(), "l"),
    ],
)
def test_another_type(array: Any, format_: str) -> None:
    raises(TypeError, f"expected strings .*got Arrow format '{format_}'", mf.count, array)


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
        raises(ValueError, "word 7: null", mf.count, series)
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
        raises(Exception, "boom", mf.count, bad)
