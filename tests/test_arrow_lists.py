"""Words that are lists of tokens in columns: of Arrow, Polars, pandas, DuckDB and NumPy."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
from makemore_fast.column_types import holds_lists

pa = pytest.importorskip("pyarrow", reason="needs pyarrow")

WORDS = [["K", "AE", "T"], ["New York", "é"], [], ["a word longer than sixteen bytes", "K"]] * 70
WEIGHTS = [i % 3 for i in range(len(WORDS))]


def _polars(words: Any) -> Any:
    return pytest.importorskip("polars", reason="needs polars").Series(words)


def _pandas(words: Any, **how: Any) -> Any:
    return pytest.importorskip("pandas", reason="needs pandas").Series(words, **how)


def _arrow_of_pandas(words: Any) -> Any:
    pandas = pytest.importorskip("pandas", reason="needs pandas")
    return pandas.Series(words, dtype=pandas.ArrowDtype(pa.list_(pa.string())))


def _objects(words: Any) -> Any:
    array = np.empty(len(words), object)
    array[:] = words
    return array


ARRAYS: dict[str, Callable[[Any], Any]] = {
    "list": lambda words: pa.array(words, pa.list_(pa.string())),
    "large list": lambda words: pa.array(words, pa.large_list(pa.large_string())),
    "list views": lambda words: pa.array(words, pa.list_view(pa.string())),
    "large list views": lambda words: pa.array(words, pa.large_list_view(pa.string())),
    "views": lambda words: pa.array(words, pa.list_(pa.string_view())),
    "dictionary": lambda words: pa.array(words, pa.list_(pa.dictionary(pa.int8(), pa.string()))),
    "slice": lambda words: pa.array([["x"], ["y", "z"], *words], pa.list_(pa.string()))[2:],
    "chunks": lambda words: pa.chunked_array([words[:3], words[3:]], pa.list_(pa.string())),
    "polars": _polars,
    "pandas objects": _pandas,
    "pandas arrow": _arrow_of_pandas,
    "numpy objects": _objects,
}  # fmt: skip


@pytest.mark.parametrize("kind", ARRAYS)
def test_arrays_are_counted_as_lists(kind: str) -> None:
    array = ARRAYS[kind](WORDS)
    wanted = mf.count(WORDS, order=3)
    assert mf.count(array, order=3) == wanted
    assert mf.count(array, order=3, weights=WEIGHTS) == mf.count(WORDS, order=3, weights=WEIGHTS)
    model = wanted.model(smoothing="witten-bell")
    np.testing.assert_array_equal(model.score(array), model.score(WORDS))
    assert model.nll(array) == model.nll(WORDS)
    assert mf.fit(array, effort="fast").nll(WORDS) == mf.fit(WORDS, effort="fast").nll(WORDS)
    for ours, theirs in zip(mf.examples(array), mf.examples(WORDS), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def _tables() -> dict[str, Any]:
    columns = {"word": WORDS, "n": WEIGHTS}
    tables: dict[str, Any] = {
        "pyarrow": pa.table(columns),
        "batch": pa.table(columns).to_batches()[0],
    }
    for name, module in (("polars", "polars"), ("pandas", "pandas")):
        tables[name] = pytest.importorskip(module, reason=f"needs {module}").DataFrame(columns)
    return tables


@pytest.mark.parametrize("kind", ["pyarrow", "batch", "polars", "pandas"])
def test_tables_have_words_and_weights(kind: str) -> None:
    table = _tables()[kind]
    assert mf.count(table, column="word", order=3) == mf.count(WORDS, order=3)
    wanted = mf.count(WORDS, weights=WEIGHTS)
    assert mf.count(table, column="word", weights="n") == wanted
    assert mf.count(table, weights="n") == wanted


def test_streams_that_are_read_once() -> None:
    table = pa.table({"word": WORDS, "n": WEIGHTS})
    assert mf.count(table.to_reader(3), column="word") == mf.count(WORDS)
    assert mf.count(table.to_reader(3), weights="n") == mf.count(WORDS, weights=WEIGHTS)
    duckdb = pytest.importorskip("duckdb", reason="needs duckdb")
    relation = duckdb.sql("select ['K', 'AE', 'T'] as word, 2 as n")
    assert mf.count(relation, weights="n") == mf.count([["K", "AE", "T"]] * 2)


@given(st.lists(st.none() | st.lists(st.text(min_size=1, max_size=20), max_size=4), max_size=30))
def test_any_lists_are_those_of_python(words: list[list[str] | None]) -> None:
    try:
        array = pa.array(words, pa.list_(pa.string()))
    except UnicodeEncodeError:
        return
    there = [word for word in words if word is not None and "<s>" not in word]
    kept = [word for word in words if word is None or "<s>" not in word]
    array = pa.array(kept, pa.list_(pa.string()))
    if there:
        assert mf.count(array, nulls="skip", order=2) == mf.count(there, order=2)
        model = mf.count(there).model(smoothing=1)
        scores = model.score(array, nulls="nan")
        assert np.isnan(scores).tolist() == [word is None for word in kept]
        np.testing.assert_array_equal(scores[~np.isnan(scores)], model.score(there))


def test_what_cannot_be_is_said() -> None:
    strings, lists = pa.array(["a"]), pa.array([["a"]])
    by_lists, by_characters = mf.count([["a"]]).model(), mf.count(["a"]).model()
    with pytest.raises(TypeError, match="expected lists of tokens"):
        by_lists.score(strings)
    with pytest.raises(TypeError, match="expected strings, got an Arrow array of lists"):
        by_characters.score(lists)
    with pytest.raises(ValueError, match="word 1: token 1 is null"):
        mf.count(pa.array([["a"], ["b", None]]))
    with pytest.raises(ValueError, match="word 0: token 0 is an empty str"):
        mf.count(pa.array([[""]]))
    with pytest.raises(ValueError, match="word 1: null"):
        mf.count(pa.array([["a"], None]))
    with pytest.raises(TypeError, match=r"in lists, got Arrow format 'l'"):
        mf.count(pa.array([[1, 2]]))
    with pytest.raises(TypeError, match=r"got Arrow format '\+l'"):
        mf.count(pa.array([[["a"]]]))
    with pytest.raises(ValueError, match="no separator="):
        mf.count(lists, separator=" ")
    assert holds_lists(["a"]) is None
    assert holds_lists(pa.table({"a": ["x"], "b": [["y"]]})) is None  # which column is not told


@pytest.mark.parametrize("wrong", [[0, 1, 2, 9], [0, 2, 1, 3], [0, -1, 2, 3], [1, 0, 2, 3]])
def test_offsets_that_lie_are_refused(wrong: list[int]) -> None:
    offsets = np.array([0, 1, 2, 3], np.int32)
    made = pa.ListArray.from_buffers(
        pa.list_(pa.string()),
        3,
        [None, pa.py_buffer(offsets)],
        children=[pa.array(["a", "b", "c"])],
    )
    assert mf.count(made).words == 3
    offsets[:] = wrong  # the same memory
    with pytest.raises(ValueError, match="malformed Arrow data"):
        mf.count(made)


PAIRS = [["K", "AE"], ["a token that is long", "é"], ["K", "K"], ["x", "AE"]] * 50


def _fixed(words: Any) -> Any:
    return pa.array(words, pa.list_(pa.string(), 2))


@pytest.mark.parametrize(
    "made",
    [
        _fixed,
        lambda words: _fixed([["p", "q"], *words])[1:],
        lambda words: _table_of_pairs([["p", "q"], *words]).slice(1),
        lambda words: pytest.importorskip("polars").Series(words, dtype=_polars_pairs()),
        lambda words: _duckdb_pairs(words),
        lambda words: pytest.importorskip("pandas").Series(_fixed(words).to_pandas()),
    ],
    ids=["array", "slice", "table", "polars", "duckdb", "pandas"],
)
def test_lists_of_one_size(made: Callable[[Any], Any]) -> None:
    column = "word" if hasattr(made(PAIRS), "columns") else None
    assert mf.count(made(PAIRS), column=column, order=3) == mf.count(PAIRS, order=3)
    model = mf.count(PAIRS).model()
    np.testing.assert_array_equal(model.score(made(PAIRS), column=column), model.score(PAIRS))


def _table_of_pairs(words: Any) -> Any:
    return pa.table({"word": _fixed(words), "n": [1] * len(words)})


def _polars_pairs() -> Any:
    polars = pytest.importorskip("polars", reason="needs polars")
    return polars.Array(polars.String, 2)


def _duckdb_pairs(words: Any) -> Any:
    duckdb = pytest.importorskip("duckdb", reason="needs duckdb")
    rows = ", ".join(f"(['{a}', '{b}']::VARCHAR[2])" for a, b in words)
    return duckdb.sql(f"select * from (values {rows}) as t(word)")


def test_arrays_of_tokens_are_words() -> None:
    words: Any = [np.array(["K", "AE"]), np.array(["T"], object)]
    assert mf.count(words) == mf.count([["K", "AE"], ["T"]])
    wrong: Any = [np.array([1, 2])], [np.array("K")]
    with pytest.raises(TypeError, match="word 0, token 0: expected str, got numpy.int64"):
        mf.count(wrong[0])
    with pytest.raises(TypeError, match="word 0: expected str, got numpy.ndarray"):
        mf.count(wrong[1])


def test_a_list_of_one_size_that_is_null_is_no_word() -> None:
    array = _fixed([["a", "b"], None, ["b", "a"]])
    assert mf.count(array, nulls="skip") == mf.count([["a", "b"], ["b", "a"]])
    with pytest.raises(ValueError, match="word 1: null"):
        mf.count(array)
    assert mf.count(pa.array([[], []], pa.list_(pa.string(), 0))) == mf.count([[], []])


@pytest.mark.parametrize(
    ("begins", "sizes"),
    [([0, 1, 4], [1, 1, 1]), ([0, 1, -1], [1, 1, 1]), ([0, 1, 2], [1, 1, 2]),
     ([0, 1, 2], [1, 1, -1]), ([0, 1, 2**31 - 1], [1, 1, 1]), ([0, 1, 2], [1, 1, 2**31 - 1])],
)  # fmt: skip
@pytest.mark.parametrize("large", [False, True])
def test_list_views_that_lie_are_refused(begins: list[int], sizes: list[int], large: bool) -> None:
    number = np.int64 if large else np.int32
    kind = pa.large_list_view if large else pa.list_view
    there, lengths = np.array([2, 0, 1], number), np.array([1, 2, 1], number)
    buffers = [None, pa.py_buffer(there), pa.py_buffer(lengths)]
    tokens = pa.array(["a", "b", "c"])
    made = pa.Array.from_buffers(kind(pa.string()), 3, buffers, children=[tokens])
    assert mf.count(made) == mf.count([["c"], ["a", "b"], ["b"]])
    there[:], lengths[:] = begins, sizes  # the same memory
    with pytest.raises(ValueError, match="malformed Arrow data"):
        mf.count(made)
    if large and begins[2] == 2**31 - 1:
        there[2] = 2**63 - 1
        with pytest.raises(ValueError, match="malformed Arrow data"):
            mf.count(made)
