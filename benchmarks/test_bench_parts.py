"""Counts in parts: many small files beside one text, merging, and how many bytes travel."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import makemore_fast as mf
from timing import Benchmark, measure, record_amount
from workloads import NAME, SMOKE, WORDS

ORDER = 6
FILES = 20 if SMOKE else 400
BYTES = 25_000  # of a file
MOST = 1.5  # times the time of one text
MANY = pytest.mark.benchmark(group=f"Order {ORDER} of {FILES} files of {BYTES // 1000} KB")
SENT = pytest.mark.benchmark(group=f"Counts of {NAME} as bytes, an n-gram")


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Words drawn from a model, as many different n-grams as a text of this size has."""
    model = mf.count(WORDS, order=4).model(smoothing="kneser-ney")
    words = model.sample(FILES * BYTES // 7 + 1, rng=1, max_length=40, truncate=True)
    size = len(words) // FILES
    return ["\n".join(words[i * size : (i + 1) * size]) + "\n" for i in range(FILES)]


@pytest.fixture(scope="module")
def files(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Path]]:
    folder = tmp_path_factory.mktemp("parts")
    paths = [folder / f"{i}.txt" for i in range(FILES)]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    yield paths
    for path in paths:
        path.unlink()


@MANY
def test_one_text(benchmark: Benchmark, texts: list[str]) -> None:
    whole = "".join(texts).encode()
    measure(
        benchmark,
        lambda: mf.count_text(whole, order=ORDER, threads=1),
        label="one text of the same lines",
        items=len(whole),
        unit="bytes",
        baseline=True,
    )


@MANY
def test_files(benchmark: Benchmark, texts: list[str], files: list[Path]) -> None:
    whole = "".join(texts).encode()
    assert mf.count_file(files, order=ORDER) == mf.count_text(whole, order=ORDER)
    measure(
        benchmark,
        lambda: mf.count_file(files, order=ORDER, threads=1),
        label="count_file of all",
        items=len(whole),
        unit="bytes",
        at_least=1 / MOST,
    )


@MANY
@pytest.mark.parametrize("way", ["merged", "+="])
def test_parts(benchmark: Benchmark, texts: list[str], way: str) -> None:
    parts = [mf.count_text(text, order=ORDER) for text in texts]
    whole = "".join(texts).encode()

    def work() -> mf.Counts:
        if way == "merged":
            return mf.merged(parts)
        counts = mf.count([], order=ORDER)
        for part in parts:
            counts += part
        assert counts.total > 0  # adds up what waits
        return counts

    assert work() == mf.count_text(whole, order=ORDER)
    measure(benchmark, work, label=f"{way} of counts that are there", items=len(whole),
            unit="bytes", rounds=3)  # fmt: skip


@SENT
@pytest.mark.parametrize("order", [2, 4, 6])
def test_bytes(benchmark: Benchmark, order: int) -> None:
    counts = mf.count(WORDS, order=order)
    assert mf.Counts.from_bytes(counts.to_bytes()) == counts
    record_amount(
        benchmark,
        lambda: len(counts.to_bytes()) / len(counts),
        label=f"to_bytes at order {order}",
        unit="bytes",
        limit=3 if not SMOKE else 5,
    )
