"""Counting by the workers of an engine: `python benchmarks/scale_out.py [TEXT] [FILES] [ENGINE]`.

Writes a text of so many bytes (200MB) of about 70 symbols in so many files (8), and counts it by
`count_file(threads=2)` and by two workers of an engine (dask, ray or spark), by paths, in turn,
five rounds on a warm cluster; with Dask also with every file cut in four. Prints the medians of
their seconds, the ratio, and what a plan needs: bytes that a task returns, seconds to fetch, to
read and to merge them, seconds of an engine for a task that does nothing, memory of the workers.
Fails if the counts differ. Up to 12 files have words of their own; more are one file by many names.

The size that is promised: `python benchmarks/scale_out.py 4GB 40` for order 2, and
`python benchmarks/scale_out.py 384MB 8 dask 6` for order 6.
"""

import os
import pickle
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import makemore_fast as mf
from makemore_fast.blocks import blocks, count_blocks
from makemore_fast.sizes import size_in_bytes
from out_of_core import write

ROUNDS = 5
NOTHINGS = 500  # tasks that do nothing
Way = Callable[[], mf.Counts]


def seconds_of(call: Callable[[], object]) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def peak_memory() -> float:
    """Return the most memory that this process has had, in MB; runs in workers."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def nothing(_number: int) -> None:
    """Do nothing, for what an engine takes beside its tasks."""


@contextmanager
def dask_ways(paths: list[str], size: int, order: int) -> Iterator[dict[str, Way]]:
    """Yield ways to count by Dask; print what else a plan needs in the end."""
    import distributed

    import makemore_fast.dask as md

    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None,
            worker_dashboard_address=None,
        ) as cluster,
        distributed.Client(cluster) as client,
    ):  # fmt: skip
        whole, part = size, -(-size // 4)
        yield {
            "Dask, a block a file": lambda: md.count_file(
                paths, client, blocksize=whole, order=order
            ),
            "Dask, four blocks a file": lambda: md.count_file(
                paths, client, blocksize=part, order=order
            ),
            "Dask, blocks as it likes": lambda: md.count_file(paths, client, order=order),
        }
        peaks = client.run(peak_memory)
        print(f"most memory of a worker          {max(peaks.values()):8.0f} MB")
        spent = seconds_of(lambda: client.gather(client.map(nothing, range(NOTHINGS), pure=False)))
        print(f"a task that does nothing         {spent / NOTHINGS * 1e3:8.2f} ms")
        counts = client.submit(count_blocks, blocks(paths[:4], None), order=order, pure=False)
        distributed.wait(counts)
        print(f"fetching the counts of 4 files   {seconds_of(counts.result):8.3f} s")


@contextmanager
def ray_ways(paths: list[str], size: int, order: int) -> Iterator[dict[str, Way]]:
    """Yield ways to count by Ray."""
    import ray

    import makemore_fast.ray as mr

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield {
        "Ray, a block a file": lambda: mr.count_file(paths, blocksize=size, order=order),
        "Ray, blocks as it likes": lambda: mr.count_file(paths, order=order),
    }
    empty = ray.remote(nothing)
    spent = seconds_of(lambda: ray.get([empty.remote(i) for i in range(NOTHINGS)]))
    print(f"a task that does nothing         {spent / NOTHINGS * 1e3:8.2f} ms")
    ray.shutdown()


@contextmanager
def spark_ways(paths: list[str], size: int, order: int) -> Iterator[dict[str, Way]]:
    """Yield ways to count by Spark."""
    from functools import partial

    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # or its workers take any python3
    session = (
        SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    )
    tasks = [[block] for block in blocks(paths, size)]

    def by_paths() -> mf.Counts:
        parts = session.sparkContext.parallelize(tasks, len(tasks))
        return mf.merged(parts.map(partial(count_blocks, order=order)).collect())

    yield {"Spark, a block a file": by_paths}
    session.stop()


def main(text: str = "200MB", files: str = "8", engine: str = "dask", order: str = "2") -> None:
    """Compare an engine with one process, and print what a plan needs."""
    ways = {"dask": dask_ways, "ray": ray_ways, "spark": spark_ways}[engine]
    with tempfile.TemporaryDirectory() as folder:
        number, each = int(files), size_in_bytes(text, "TEXT") // int(files)
        first = Path(folder) / "0.txt"
        write(first, each)
        paths = [str(first)]
        for i in range(1, number):
            paths.append(str(Path(folder) / f"{i}.txt"))
            if number > 12:  # writing new words takes longer than counting
                os.link(first, paths[-1])
            else:
                write(Path(paths[-1]), each, i * 1_000_000)
        size, n = max(Path(path).stat().st_size for path in paths), int(order)
        compare(ways, paths, size, n)
        print_parts(paths[:8], n)


def print_parts(paths: list[str], order: int) -> None:
    """Print what the counts of files take to send, to read and to merge."""
    parts = [count_blocks(blocks(path, None), order=order) for path in paths]
    sent = [pickle.dumps(part, 5) for part in parts]
    grams = len(parts[0].ngrams()[1])
    print(f"n-grams of a file                {grams:8,}")
    print(f"bytes that its task returns      {len(sent[0]):8,}, {len(sent[0]) / grams:.2f} each")
    spent = seconds_of(lambda: [pickle.loads(part) for part in sent])
    print(f"reading the counts of {len(parts):2} files   {spent:8.3f} s")
    spent = seconds_of(lambda: mf.merged(parts))
    print(f"merging them                     {spent:8.3f} s")


def compare(ways: Any, paths: list[str], size: int, order: int) -> None:
    """Print the medians of an engine and of one process, measured in turn."""
    print(f"{len(paths)} files of {size / 1e6:.0f} MB, order {order}")
    with ways(paths, size, order) as found:
        every: dict[str, Way] = {
            "count_file(threads=2)": lambda: mf.count_file(paths, threads=2, order=order),
            **found,
        }
        whole = mf.count_file(paths, threads=2, order=order)
        for name, way in every.items():
            assert way() == whole, f"{name}: the counts differ"  # warm, too
        spent: dict[str, list[float]] = {name: [] for name in every}
        for _ in range(ROUNDS):
            for name, way in every.items():
                spent[name].append(seconds_of(way))
        least = statistics.median(spent["count_file(threads=2)"])
        for name, times in spent.items():
            middle = statistics.median(times)
            print(f"{name:<32} {middle:8.3f} s, {middle / least:5.2f} times")


if __name__ == "__main__":
    main(*sys.argv[1:])
