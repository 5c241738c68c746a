"""Drawing new words from a bigram model; the end of a word is a symbol that is drawn too."""

import numpy as np
import pytest
from numpy.typing import NDArray

import makemore_fast as mf
from references import Ids, numpy_sample, torch_loop_sample, torch_sample
from timing import Benchmark, measure, needs_torch
from workloads import SMOKE, TITLE, WORDS

pytestmark = pytest.mark.benchmark(group=f"Sampling from a model of {TITLE}")

MODEL = mf.count(WORDS).model()
P = MODEL.probabilities
SEED = 2147483647
FEW, MANY = (50, 2_000) if SMOKE else (500, 1_000_000)


def fits(observed: NDArray[np.number], expected: NDArray[np.floating]) -> bool:
    """Tell whether counts look like those expected: chi-square within five sigma."""
    rare = expected < 5  # these make one cell together
    observed = np.append(observed[~rare], observed[rare].sum())
    expected = np.append(expected[~rare], expected[rare].sum())
    square = ((observed - expected) ** 2 / np.maximum(expected, 1)).sum()
    freedom = len(expected)
    return bool(square < freedom + 5 * np.sqrt(2 * freedom))


def checked(ids: Ids, offsets: Ids) -> int:
    """Check words for the model's transitions and lengths; return how many symbols were drawn."""
    v, n = len(P), len(offsets) - 1
    bounded = np.insert(ids.astype(np.int64), offsets, 0)  # a boundary around each word
    drawn = np.bincount(v * bounded[:-1] + bounded[1:], minlength=v * v).reshape(v, v)
    assert drawn[P == 0].sum() == 0
    assert fits(drawn[0], n * P[0])  # the first symbols
    assert fits(drawn, drawn.sum(axis=1, keepdims=True) * P)

    lengths = np.bincount(np.diff(offsets))
    unfinished = P[0].copy()  # the share of words by their last symbol; 0 if they have ended
    expected = np.empty(len(lengths))
    for length in range(len(lengths)):
        expected[length] = n * unfinished[0]
        unfinished[0] = 0
        unfinished = unfinished @ P
    assert fits(lengths, expected)
    return len(ids) + n


def checked_words(words: list[str]) -> int:
    """Do what `checked` does for words as str."""
    stoi = MODEL.stoi
    ids = np.array([stoi[symbol] for word in words for symbol in word])
    return checked(ids, np.cumsum([0, *map(len, words)]))


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


@pytest.mark.parametrize("version", ["1.13", "2.0"])
def test_makemore_fast_torch(benchmark: Benchmark, version: str) -> None:
    n = 10 * FEW
    rng = mf.TorchRNG(SEED, version=version)
    symbols = checked(*MODEL.sample_ids(n, rng=rng))
    measure(
        benchmark,
        lambda: MODEL.sample_ids(n, rng=mf.TorchRNG(SEED, version=version)),
        label=f"makemore_fast, ids, the stream of torch {version}",
        items=symbols,
        unit="symbols",
        at_least=20 if version == "2.0" else 500,
    )


@pytest.mark.parametrize("isa", mf.build_info()["instruction_sets"])
def test_makemore_fast_one_thread(
    benchmark: Benchmark, isa: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fastest = MODEL.sample_ids(MANY, rng=SEED)
    monkeypatch.setenv("MAKEMORE_FAST_ISA", isa)
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
