"""Fitting a mixture of chains, scoring with it and drawing from it."""

import math

import numpy as np
import pytest

import makemore_fast as mf
from makemore_fast.fitting import Effort
from timing import Benchmark, measure
from workloads import SMOKE, TITLE, WORDS

SYMBOLS = sum(map(len, WORDS)) + len(WORDS)
MODEL = mf.fit(WORDS)
DRAWN = 500 if SMOKE else 100_000


@pytest.mark.benchmark(group=f"Fitting to {TITLE}, one thread")
@pytest.mark.parametrize("effort", ["fast", "default"])
def test_fit(benchmark: Benchmark, effort: Effort) -> None:
    model = mf.fit(WORDS, effort=effort, threads=1)
    again = mf.fit(WORDS, effort=effort, threads=2)
    assert model.score(WORDS).tolist() == again.score(WORDS).tolist()
    measure(
        benchmark,
        lambda: mf.fit(WORDS, effort=effort, threads=1),
        label=effort,
        items=SYMBOLS,
        unit="symbols",
        rounds=5,
    )


@pytest.mark.benchmark(group=f"Scoring with the mixture of {TITLE}, one thread")
def test_score(benchmark: Benchmark) -> None:
    for word in WORDS[:20]:
        p = [MODEL.next_probabilities(word[:t]) for t in range(len(word) + 1)]
        symbols = [MODEL.stoi[symbol] for symbol in word] + [0]
        expected = sum(math.log(row[i]) for row, i in zip(p, symbols, strict=True))
        assert MODEL.score([word])[0] == pytest.approx(expected, abs=1e-4)
    measure(benchmark, lambda: MODEL.score(WORDS), label="score", items=SYMBOLS, unit="symbols")


@pytest.mark.benchmark(group=f"Drawing from the mixture of {TITLE}, one thread")
def test_sample(benchmark: Benchmark) -> None:
    ids, offsets = MODEL.sample_ids(DRAWN, rng=1, threads=1)
    firsts = np.append(ids, 0)[offsets[:-1]] * (np.diff(offsets) > 0)
    seen = np.bincount(firsts, minlength=len(MODEL.alphabet))
    p = MODEL.next_probabilities("")
    assert (np.abs(seen - DRAWN * p) < 6 * np.sqrt(DRAWN * p) + 3).all()
    measure(
        benchmark,
        lambda: MODEL.sample_ids(DRAWN, rng=1, threads=1),
        label="sample_ids",
        items=len(ids) + DRAWN,
        unit="symbols",
    )
