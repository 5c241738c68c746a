"""Words and weights of one table, read together: also of what can be read only once."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
from corpora import word
from raising import raises

pa: Any = pytest.importorskip("pyarrow")

WORDS = ["ava", "mia", "né", "a word of more than twelve bytes", "", "ava"]
WEIGHTS = [2, 0, 5, 1, 3, 4]
EXPECTED = mf.count(WORDS, weights=WEIGHTS)

number_types: list[Any] = [
    *(getattr(pa, f"{sign}int{bits}")() for sign in ("", "u") for bits in (8, 16, 32, 64)),
    *(pa.float32(), pa.float64(), pa.decimal128(9, 0), pa.decimal256(60, 0)),
    *(make(9, 0) for name in ("decimal32", "decimal64") if (make := getattr(pa, name, None))),
]


@pytest.mark.parametrize("kind", number_types, ids=str)
@pytest.mark.parametrize("order", [2, 3])
def test_every_type_of_number(kind: Any, order: int) -> None:
    decimal = pa.types.is_decimal(kind)
    numbers = pa.array([Decimal(n) if decimal else n for n in WEIGHTS], kind)
    table = pa.table({"n": numbers, "w": WORDS})
    expected = mf.count(WORDS, weights=WEIGHTS, order=order)
    assert mf.count(table, column="w", weights="n", order=order) == expected
    assert mf.count(table, weights="n", order=order) == expected
    for cut in range(7):
        sliced = table[cut:]
        expected = mf.count(WORDS[cut:], weights=WEIGHTS[cut:], order=order)
        assert mf.count(sliced, column="w", weights="n", order=order) == expected


@given(
    st.lists(st.tuples(word, st.integers(0, 9), st.booleans()), max_size=40),
    st.sampled_from([pa.string(), pa.large_string(), pa.string_view()]),
    st.integers(1, 9),
    st.sampled_from([1, 300, 2000]),
)
def test_chunks_and_nulls(
    rows: list[tuple[str, int, bool]], kind: Any, size: int, times: int
) -> None:
    rows = rows * times
    words = [None if null else text for text, _, null in rows]
    numbers = [None if null and i % 2 else n for i, (_, n, null) in enumerate(rows)]
    table = pa.table({"w": pa.array(words, kind), "n": pa.array(numbers, pa.int64())})
    kept = [(text, n) for text, n, null in rows if not null]
    expected = mf.count([text for text, _ in kept], weights=[n for _, n in kept])
    size *= times
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=size))
    assert mf.count(reader, column="w", weights="n", nulls="skip") == expected
    dictionary = table.set_column(0, "w", table["w"].cast(pa.string()).dictionary_encode())
    assert mf.count(dictionary, column="w", weights="n", nulls="skip") == expected


def test_a_relation_of_duckdb() -> None:
    duckdb: Any = pytest.importorskip("duckdb")
    query = "select 'w' || range % 10 as w, range % 3 as n from range(100000)"
    words = [f"w{i % 10}" for i in range(100_000)]
    weights = [i % 3 for i in range(100_000)]
    expected = mf.count(words, weights=weights)
    with duckdb.connect() as connection:
        assert mf.count(connection.sql(query), column="w", weights="n") == expected
        assert mf.count(connection.sql(query), weights="n") == expected
        grouped = connection.sql(f"select w, sum(n) as n, avg(n) as a from ({query}) group by w")
        assert mf.count(grouped, column="w", weights="n") == expected  # sum is of 128 bits
        with pytest.raises(TypeError, match=r"weight \d: expected an integer, got 0\.999"):
            mf.count(grouped, column="w", weights="a")
        reader = connection.sql(query).to_arrow_reader(1000)
        assert mf.count(reader, column="w", weights="n") == expected


def test_a_reader_of_batches() -> None:
    table = pa.table({"w": WORDS * 1000, "n": WEIGHTS * 1000})

    def batches() -> Iterator[Any]:
        yield from table.to_batches(max_chunksize=7)

    reader = pa.RecordBatchReader.from_batches(table.schema, batches())
    expected = mf.count(WORDS * 1000, weights=WEIGHTS * 1000)
    assert mf.count(reader, column="w", weights="n") == expected

    def failing() -> Iterator[Any]:
        yield from table.to_batches()[:1]
        raise ZeroDivisionError

    reader = pa.RecordBatchReader.from_batches(table.schema, failing())
    with pytest.raises(ZeroDivisionError):
        mf.count(reader, column="w", weights="n")


def test_other_libraries() -> None:
    pl, pd = pytest.importorskip("polars"), pytest.importorskip("pandas")
    columns = {"w": WORDS, "n": WEIGHTS}
    for table in (pl.DataFrame(columns), pd.DataFrame(columns)):
        assert mf.count(table, column="w", weights="n") == EXPECTED
        assert mf.count(table, weights="n") == EXPECTED
        counts = mf.count([])
        counts.update(table, column="w", weights="n")
        assert counts == EXPECTED
    floats = pd.DataFrame({"w": WORDS, "n": [float(n) for n in WEIGHTS]})
    assert mf.count(floats, column="w", weights="n") == EXPECTED


def test_the_index_that_pandas_hands_over_is_no_column() -> None:
    pd: Any = pytest.importorskip("pandas")
    frame = pd.DataFrame({"w": WORDS, "n": WEIGHTS})
    kept = frame[frame["n"] > 2]
    expected = mf.count([w for w, n in zip(WORDS, WEIGHTS, strict=True) if n > 2])
    assert mf.count(kept[["w"]]) == expected
    assert mf.count(kept, column="w") == expected
    assert mf.count(kept, weights="n") == mf.count(list(kept["w"]), weights=list(kept["n"]))
    two = kept.assign(more="x")
    raises(ValueError, "choose one with column=", mf.count, two, weights="n")


@pytest.mark.parametrize(
    ("numbers", "error", "message"),
    [
        (pa.array([1, None, 3]), TypeError, "weight 1: expected an integer, got a null"),
        (pa.array([1, 2.5, 3]), TypeError, "weight 1: expected an integer, got 2.5"),
        (pa.array([1, float("nan"), 3]), TypeError, "weight 1: expected an integer, got nan"),
        (pa.array([1, 1e300, 3]), ValueError, "weight 1 does not fit 64 bits"),
        (pa.array([1, 2**63, 3], pa.uint64()), ValueError, "weight 1 does not fit 64 bits"),
        (pa.array([1, 2**63, 3], pa.decimal128(38, 0)), ValueError, "weight 1 does not fit 64"),
        (pa.array([1, -(2**63) - 1, 3], pa.decimal128(38, 0)), ValueError, "weight 1 does not fit"),
        (pa.array([1, -1, 3], pa.decimal128(38, 0)), ValueError, "word 1: the weight -1 is neg"),
        (pa.array([1, -1, 3]), ValueError, "word 1: the weight -1 is negative"),
        (
            pa.array([1, 2, 3], pa.decimal128(5, 2)),
            TypeError,
            "got a column of Arrow format 'd:5,2'",
        ),
        (pa.array(["1", "2", "3"]), TypeError, "got a column of Arrow format 'u'"),
        (pa.array([True, True, True]), TypeError, "got a column of Arrow format 'b'"),
        (pa.array([1, 2, 3]).dictionary_encode(), TypeError, "got a column of an Arrow dictionary"),
    ],
)
def test_columns_that_are_no_weights(numbers: Any, error: type[Exception], message: str) -> None:
    table = pa.table({"w": ["ava", "mia", "emma"], "n": numbers})
    raises(error, message, mf.count, table, column="w", weights="n")


def test_no_table() -> None:
    for words in (["a"], np.array(["a"]), iter(["a"])):
        raises(ValueError, "weights='n' is for tables, got", mf.count, words, weights="n")
    with pytest.raises(ValueError, match="weights='n' is for tables, got an array of Arrow format"):
        mf.count(pa.array(["a"]), weights="n")
    with pytest.raises(ValueError, match="no column 'm': the table has the columns 'w', 'n'"):
        mf.count(pa.table({"w": ["a"], "n": [1]}), weights="m")
    with pytest.raises(ValueError, match="more than one column 'n'"):
        mf.count(pa.Table.from_arrays([["a"], [1], [2]], names=["w", "n", "n"]), weights="n")
