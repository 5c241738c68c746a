"""Spark: the recipes of docs/how-to/cluster.md.

``nox -s "engines(engine='spark')"`` runs this in an environment with PySpark;
it is skipped without.
"""

import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import makemore_fast as mf
from makemore_fast.blocks import blocks, count_blocks, partial_counts

pytest.importorskip("pyspark")
pa = pytest.importorskip("pyarrow")
pytestmark = pytest.mark.filterwarnings("default")

NAMES = mf.names()


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """Return a session of two threads, each with a Python of its own."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # or its workers take any python3
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.mark.parametrize("order", [2, 6])
def test_columns(spark: Any, order: int) -> None:
    weights = [i % 3 for i in range(len(NAMES))]
    frame = spark.createDataFrame(list(zip(NAMES, weights, strict=True)), "name string, n long")
    frame = frame.repartition(5)
    columns: list[dict[str, Any]] = [{"column": "name"}, {"column": "name", "weights": "n"}]
    for column in columns:
        count = partial(partial_counts, order=order, **column)
        rows = frame.mapInArrow(count, "counts binary").collect()
        counts = mf.merged(mf.Counts.from_bytes(row["counts"]) for row in rows)
        assert counts == mf.count(NAMES, weights=weights if len(column) > 1 else None, order=order)
    empty = frame.limit(0).mapInArrow(partial(partial_counts, column="name"), "counts binary")
    assert empty.collect() == []


def test_an_error_says_what_is_wrong(spark: Any) -> None:
    frame = spark.createDataFrame([("emma\n",)], "name string")
    count = partial(partial_counts, column="name")
    with pytest.raises(Exception, match="ends in a line end"):
        frame.mapInArrow(count, "counts binary").collect()


def test_files_by_their_paths(spark: Any, tmp_path: Path) -> None:
    for i in range(3):
        (tmp_path / f"{i}.txt").write_text("\n".join(NAMES[i::3]))
    tasks = [[block] for block in blocks(str(tmp_path / "*.txt"), blocksize="2 kB")]
    parts = spark.sparkContext.parallelize(tasks, len(tasks)).map(count_blocks)
    assert mf.merged(parts.collect()) == mf.count(NAMES)
    assert parts.treeReduce(lambda a, b: mf.merged([a, b])) == mf.count(NAMES)


def test_scores(spark: Any) -> None:
    from pyspark.sql.functions import arrow_udf

    model = mf.count(NAMES).model(smoothing=1)
    sent = spark.sparkContext.broadcast(model)

    def scored(words: pa.Array) -> pa.Array:  # type: ignore[name-defined]  # not Any: it is read
        return pa.array(sent.value.score(words))

    frame = spark.createDataFrame([(name,) for name in NAMES], "name string")
    rows = frame.select("name", arrow_udf(scored, "double")("name").alias("score")).collect()
    assert dict(rows) == dict(zip(NAMES, model.score(NAMES).tolist(), strict=True))
