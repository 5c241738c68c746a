"""Drawing new words from a bigram model; the end of a word is a symbol that is drawn too."""

from typing import Any

import numpy as np
import pytest

import makemore_fast as mf
from instruction_sets import forced
from references import numpy_sample, torch_loop_sample, torch_sample
from sampled import FEW, GROUP, MANY, MODEL, SEED, P, checked, checked_words
from timing import Benchmark, measure, needs_torch

pytestmark = pytest.mark.benchmark(group=GROUP)


@needs_torch
def test_lecture(benchmark: Benchmark) -> None:
    symbols = checked_words(torch_loop_sample(P, MODEL.alphabet, FEW, SEED))
    measure(
        benchmark,
        lambda: torch_loop_sample(P, MODEL.alphabet, FEW, SEED),
        label="the lecture's torch loop",
        items=symbols,
        unit="symbols",
        baseline=True,
    )


@needs_torch
@pytest.mark.parametrize("one_thread", [False, True], ids=["threads", "one_thread"])
def test_torch(benchmark: Benchmark, one_thread: bool) -> None:
    import torch

    n = 20 * FEW  # faster than with more words at a time
    symbols = checked(*torch_sample(P, n, SEED))
    threads = torch.get_num_threads()
    torch.set_num_threads(1 if one_thread else threads)  # several suffer from a busy machine
    try:
        measure(
            benchmark,
            lambda: torch_sample(P, n, SEED),
            label=f"torch, {n:,} words at a time{', one thread' if one_thread else ''}",
            items=symbols,
            unit="symbols",
        )
    finally:
        torch.set_num_threads(threads)


def test_numpy(benchmark: Benchmark) -> None:
    n = 100 * FEW  # faster than with more words at a time
    symbols = checked(*numpy_sample(P, n, SEED))
    measure(
        benchmark,
        lambda: numpy_sample(P, n, SEED),
        label=f"NumPy, {n:,} words at a time",
        items=symbols,
        unit="symbols",
    )


def test_makemore_fast_str(benchmark: Benchmark) -> None:
    symbols = checked_words(MODEL.sample(MANY, rng=SEED))
    measure(
        benchmark,
        lambda: MODEL.sample(MANY, rng=SEED),
        label="makemore_fast, a list of str",
        items=symbols,
        unit="symbols",
    )


def test_splitlines(benchmark: Benchmark) -> None:
    """What Python itself takes to make a list of the same str, which stand in a text."""
    words = MODEL.sample(MANY, rng=SEED)
    text = "\n".join(words) + "\n"
    assert text.splitlines() == words
    measure(
        benchmark,
        text.splitlines,
        label="(Python, the same words by text.splitlines())",
        items=len(text),
        unit="symbols",
    )


@pytest.mark.parametrize("isa", mf.build_info()["instruction_sets"])
def test_makemore_fast_one_thread(benchmark: Benchmark, isa: str) -> None:
    fastest = MODEL.sample_ids(MANY, rng=SEED)
    with forced(isa):
        _measure_one_thread(benchmark, isa, fastest)


def _measure_one_thread(benchmark: Benchmark, isa: str, fastest: Any) -> None:
    ids, offsets = MODEL.sample_ids(MANY, rng=SEED, threads=1)
    assert np.array_equal(ids, fastest[0])
    assert np.array_equal(offsets, fastest[1])
    measure(
        benchmark,
        lambda: MODEL.sample_ids(MANY, rng=SEED, threads=1),
        label=f"makemore_fast, ids, one thread, {isa}",
        items=checked(ids, offsets),
        unit="symbols",
    )


def test_makemore_fast(benchmark: Benchmark) -> None:
    symbols = checked(*MODEL.sample_ids(MANY, rng=SEED))
    measure(
        benchmark,
        lambda: MODEL.sample_ids(MANY, rng=SEED),
        label="makemore_fast, ids",
        items=symbols,
        unit="symbols",
        at_least=2_000,
    )
