"""Counting the bigrams of a list of words: from a list of str to a (V, V) array."""

from collections.abc import Callable

import numpy as np
import pytest

import makemore_fast as mf
from references import (
    Ids,
    counter_counts,
    numpy_counts,
    torch_bincount_counts,
    torch_loop_counts,
)
from timing import Benchmark, measure, needs_torch
from workloads import SMOKE, TITLE, WORDS, repeated_words

pytestmark = pytest.mark.benchmark(group=f"Counting {TITLE}")

TIMES = 2 if SMOKE else 32
BIGRAMS = sum(len(word) + 1 for word in WORDS)


@needs_torch
def test_lecture(benchmark: Benchmark) -> None:
    assert np.array_equal(torch_loop_counts(WORDS), mf.count(WORDS).array)
    measure(
        benchmark,
        lambda: torch_loop_counts(WORDS),
        label="the lecture's torch loop",
        items=BIGRAMS,
        unit="bigrams",
        rounds=3,
        baseline=True,
    )


@pytest.mark.parametrize(
    ("twin", "label"),
    [
        pytest.param(counter_counts, "collections.Counter", id="counter"),
        pytest.param(numpy_counts, "NumPy bincount", id="numpy"),
        pytest.param(torch_bincount_counts, "torch bincount", id="torch", marks=needs_torch),
    ],
)
def test_twin(benchmark: Benchmark, twin: Callable[[list[str]], Ids], label: str) -> None:
    assert np.array_equal(twin(WORDS), mf.count(WORDS).array)
    measure(benchmark, lambda: twin(WORDS), label=label, items=BIGRAMS, unit="bigrams")


def test_makemore_fast(benchmark: Benchmark) -> None:
    assert np.array_equal(mf.count(WORDS).array, numpy_counts(WORDS))
    measure(
        benchmark,
        lambda: mf.count(WORDS).array,
        label="makemore_fast",
        items=BIGRAMS,
        unit="bigrams",
        at_least=3_000,
    )


def test_makemore_fast_many_words(benchmark: Benchmark) -> None:
    words = repeated_words(TIMES)
    assert np.array_equal(mf.count(words).array, TIMES * numpy_counts(WORDS))
    measure(
        benchmark,
        lambda: mf.count(words).array,
        label=f"makemore_fast, {TIMES} times as many words",
        items=TIMES * BIGRAMS,
        unit="bigrams",
    )
