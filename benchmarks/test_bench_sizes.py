"""Counting texts of the size of most word lists, 10 kB to 4 MB, beside one of 200 MB."""

import numpy as np
import pytest

import makemore_fast as mf
from references import counter_counts
from timing import Benchmark, measure
from workloads import NAME, SMOKE, WORDS, repeated_bytes

LARGE = 2_000_000 if SMOKE else 200_000_000
SIZES = [LARGE, 10_000, 30_000, 100_000, 300_000, 1_000_000, 4_000_000]

pytestmark = pytest.mark.benchmark(group=f"Counting texts of {NAME} by size, bytes, 1 thread")


def named(size: int) -> str:
    return f"{size // 1_000_000} MB" if size >= 1_000_000 else f"{size // 1000} kB"


@pytest.mark.parametrize("size", SIZES, ids=named)
def test_size(benchmark: Benchmark, size: int) -> None:
    words = repeated_bytes(1)
    text = (words * (size // len(words) + 1))[:size]
    lines = [line for line in text.decode(errors="ignore").split("\n") if line]
    if size <= 10_000_000:
        assert np.array_equal(mf.count_text(text).array, counter_counts(lines))
    # A large text has few rounds to be lucky in, so the bound is below the half that is meant.
    at_least = 0.4 if size in (1_000_000, 4_000_000) else None
    measure(
        benchmark,
        lambda: mf.count_text(text, threads=1),
        label=named(size),
        items=size,
        unit="bytes",
        baseline=size == LARGE,
        at_least=at_least,
    )


def test_list(benchmark: Benchmark) -> None:
    """The list of all words, whose time is that of a text as long."""
    text = repeated_bytes(1)
    assert np.array_equal(mf.count(WORDS).array, counter_counts(WORDS))
    measure(
        benchmark,
        lambda: mf.count(WORDS),
        label=f"the {len(WORDS):,} words as a list of str",
        items=len(text),
        unit="bytes",
    )


def test_join(benchmark: Benchmark) -> None:
    text = repeated_bytes(1)
    assert ("\n".join(WORDS) + "\n").encode() == text
    measure(
        benchmark,
        lambda: "\n".join(WORDS),
        label='"\\n".join of that list',
        items=len(text),
        unit="bytes",
    )
