"""Counting from wherever the words are: files, bytes, lists, Arrow; beside the machine's limits."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import makemore_fast as mf
from references import (
    Ids,
    counter_counts,
    nltk_counts,
    numba_counter,
    numpy_byte_counts,
    polars_counts,
    sklearn_counts,
    torch_bincount_counts,
    torch_loop_counts,
)
from timing import Benchmark, measure
from workloads import NAME, SMOKE, WORDS, repeated_bytes, repeated_words

MEGABYTES = 1 if SMOKE else 200
TIMES = max(1, MEGABYTES * 1_000_000 // len(repeated_bytes(1)))
TEXT = repeated_bytes(TIMES)
SLICE = 20_000  # words of the list that the slow rows count

pytestmark = pytest.mark.benchmark(group=f"Counting {MEGABYTES} MB of {NAME}")


def times_expected() -> mf.Counts:
    """Return what every row must give: the words' counts, added up."""
    total, power, times = mf.count([]), mf.count(WORDS), TIMES
    while times:
        if times & 1:
            total += power
        power = power + power
        times >>= 1
    return total


def row(
    benchmark: Benchmark, work: Callable[[], Any], label: str, size: int = len(TEXT), **options: Any
) -> None:
    measure(benchmark, work, label=label, items=size, unit="bytes", **options)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sources") / "words.txt"
    file.write_bytes(TEXT)
    return file


of_ascii = pytest.mark.skipif(not TEXT.isascii(), reason="counts pairs of bytes: ASCII words only")


@of_ascii
def test_numpy(benchmark: Benchmark) -> None:
    assert np.array_equal(numpy_byte_counts(TEXT), times_expected().array)
    row(benchmark, lambda: numpy_byte_counts(TEXT), "NumPy bincount", rounds=3, baseline=True)


@of_ascii
def test_numba(benchmark: Benchmark) -> None:
    pytest.importorskip("numba", reason="needs numba: pip install '.[bench]'")
    count = numba_counter()
    assert np.array_equal(count(TEXT), times_expected().array)
    row(benchmark, lambda: count(TEXT), "numba loop", rounds=5)


@pytest.mark.parametrize(
    ("twin", "module", "label"),
    [
        pytest.param(torch_loop_counts, "torch", "the lecture's torch loop", id="lecture"),
        pytest.param(torch_bincount_counts, "torch", "torch bincount", id="torch"),
        pytest.param(counter_counts, "collections", "collections.Counter", id="counter"),
        pytest.param(nltk_counts, "nltk", "NLTK FreqDist", id="nltk"),
        pytest.param(sklearn_counts, "sklearn", "scikit-learn CountVectorizer", id="sklearn"),
        pytest.param(polars_counts, "polars", "Polars group_by", id="polars"),
    ],
)
def test_peer(
    benchmark: Benchmark, twin: Callable[[list[str]], Ids], module: str, label: str
) -> None:
    pytest.importorskip(module, reason=f"needs {module}: pip install '.[bench]'")
    words = WORDS[:SLICE]
    assert np.array_equal(twin(words), mf.count(words).array)
    size = sum(map(len, words)) + len(words)
    label += f", a list of {len(words):,} words"
    row(benchmark, lambda: twin(words), label, size=size, rounds=3)


@pytest.mark.parametrize("threads", [1, 2])
def test_bytes(benchmark: Benchmark, threads: int) -> None:
    assert mf.count_text(TEXT, threads=threads) == times_expected()
    label = f"makemore_fast, bytes, {threads} thread{'s' * (threads > 1)}"
    row(benchmark, lambda: mf.count_text(TEXT, threads=threads), label, at_least=4)


@pytest.mark.parametrize("threads", [1, 2])
def test_file(benchmark: Benchmark, path: Path, threads: int) -> None:
    assert mf.count_file(path, threads=threads) == times_expected()
    label = f"makemore_fast, file, {threads} thread{'s' * (threads > 1)}"
    row(benchmark, lambda: mf.count_file(path, threads=threads), label, at_least=4)


def test_list(benchmark: Benchmark) -> None:
    words = repeated_words(TIMES // 8 or 1)
    size = sum(map(len, words)) + len(words)
    assert mf.count(words).words == len(words)
    row(benchmark, lambda: mf.count(words), "makemore_fast, list of str", size=size)


def test_join(benchmark: Benchmark) -> None:
    words = repeated_words(TIMES // 8 or 1)
    size = sum(map(len, words)) + len(words)
    row(benchmark, lambda: "\n".join(words), '"\\n".join of the list', size=size)


def test_arrow(benchmark: Benchmark) -> None:
    pa = pytest.importorskip("pyarrow", reason="needs pyarrow: pip install '.[bench]'")
    column = pa.array(repeated_words(TIMES // 8 or 1), pa.large_string())
    size = column.get_total_buffer_size() - 8 * len(column) + len(column)
    assert mf.count(column).words == len(column)
    row(benchmark, lambda: mf.count(column), "makemore_fast, Arrow column", size=size)


def test_many_languages(benchmark: Benchmark) -> None:
    text = ("\n".join(mf.names()) + "\n").encode() * (50 * MEGABYTES)
    assert mf.count_text(text, threads=1) == mf.count_text(text, threads=2)
    label = "makemore_fast, bytes of the built-in names (107 symbols), 1 thread"
    row(benchmark, lambda: mf.count_text(text, threads=1), label, size=len(text))


@pytest.mark.parametrize("command", ["cat", "wc -l"])
def test_command(benchmark: Benchmark, path: Path, command: str) -> None:
    def run() -> None:
        subprocess.run([*command.split(), path], stdout=subprocess.DEVNULL, check=True)

    row(benchmark, run, f"limit: {command} FILE > /dev/null")


def test_sum(benchmark: Benchmark) -> None:
    numbers = np.frombuffer(TEXT[: len(TEXT) // 8 * 8], dtype=np.uint64)
    row(benchmark, lambda: int(np.bitwise_or.reduce(numbers)), "limit: reading memory (NumPy)")
