"""Counts and models of longer contexts: counting, smoothing, scoring and drawing new words."""

import math
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import makemore_fast as mf
from peers import markovify_sampler, nltk_kneser_ney, torch_trigram_counts
from timing import Benchmark, measure, needs_torch
from workloads import NAME, SMOKE, TITLE, WORDS, repeated_bytes

MEGABYTES = 1 if SMOKE else 60
TIMES = max(1, MEGABYTES * 1_000_000 // len(repeated_bytes(1)))
TEXT = repeated_bytes(TIMES)
ORDER = 6
MANY = 500 if SMOKE else 300_000
FEW = 50 if SMOKE else 2_000
SLICE = 200  # words that NLTK learns; it goes through all of them for every symbol
COUNTING = pytest.mark.benchmark(group=f"Counting 5-grams in {MEGABYTES} MB of {NAME}")
TRIGRAMS = pytest.mark.benchmark(group=f"Counting trigrams of {TITLE}")
TRAINING = pytest.mark.benchmark(group=f"Training models on {TITLE}")
SCORING = pytest.mark.benchmark(group=f"Scoring {NAME} by models of it")
SAMPLING = pytest.mark.benchmark(group=f"Sampling from order {ORDER} of {TITLE}")


def symbols_of(words: list[str]) -> int:
    """Return how many symbols words predict, ends included."""
    return sum(map(len, words)) + len(words)


def kneser_ney(words: list[str], order: int) -> mf.Model:
    return mf.count(words, order=order).model(smoothing="kneser-ney")


MODEL = kneser_ney(WORDS, ORDER)


# -- counting --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("ngrams") / "words.txt"
    file.write_bytes(TEXT)
    return file


@COUNTING
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("smoothed", [False, True], ids=["counts", "model"])
def test_file(benchmark: Benchmark, path: Path, threads: int, smoothed: bool) -> None:
    ids, counts = mf.count(WORDS, order=5).ngrams()

    def work() -> mf.Counts:
        found = mf.count_file(path, order=5, threads=threads)
        if smoothed:
            found.model(smoothing="kneser-ney")
        return found

    found_ids, found_counts = work().ngrams()
    assert np.array_equal(found_ids, ids)
    assert np.array_equal(found_counts, TIMES * counts)
    label = f"makemore_fast, counts{' and Kneser-Ney' if smoothed else ''}, {threads} thread"
    measure(
        benchmark,
        work,
        label=label + "s" * (threads > 1),
        items=len(TEXT),
        unit="bytes",
        rounds=5,
        baseline=threads == 1 and smoothed,
    )


@TRIGRAMS
@needs_torch
def test_torch_trigrams(benchmark: Benchmark) -> None:
    words = WORDS[:FEW]
    assert np.array_equal(torch_trigram_counts(words), mf.count(words, order=3).array)
    measure(
        benchmark,
        lambda: torch_trigram_counts(words),
        label=f"a torch loop, the first {len(words):,}",
        items=symbols_of(words),
        unit="trigrams",
        rounds=3,
        baseline=True,
    )


@TRIGRAMS
def test_trigrams(benchmark: Benchmark) -> None:
    measure(
        benchmark,
        lambda: mf.count(WORDS, order=3),
        label="makemore_fast",
        items=symbols_of(WORDS),
        unit="trigrams",
        at_least=100,
    )


# -- training and scoring ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def nltk_score() -> Callable[[list[str]], list[float]]:
    pytest.importorskip("nltk", reason="needs nltk: pip install '.[bench]'")
    return nltk_kneser_ney(WORDS[:SLICE], 3)


@TRAINING
def test_nltk_training(
    benchmark: Benchmark, nltk_score: Callable[[list[str]], list[float]]
) -> None:
    # One discount where ours has three, and other contexts at a word's start: near, not equal.
    scored = WORDS[:2]
    ours = kneser_ney(WORDS[:SLICE], 3).nll(scored)
    assert abs(-sum(nltk_score(scored)) / symbols_of(scored) - ours) < 0.5
    words = WORDS[:FEW]
    measure(
        benchmark,
        lambda: nltk_kneser_ney(words, 3),
        label=f"NLTK's KneserNeyInterpolated, order 3, the first {len(words):,}",
        items=symbols_of(words),
        unit="symbols",
        rounds=3,
        baseline=True,
    )


@TRAINING
@pytest.mark.parametrize("order", [3, ORDER])
def test_training(benchmark: Benchmark, order: int) -> None:
    model = kneser_ney(WORDS, order)
    p = model.next_probabilities(WORDS[0][:2])
    assert math.isclose(p.sum(), 1)
    measure(
        benchmark,
        lambda: kneser_ney(WORDS, order),
        label=f"makemore_fast, order {order}, from the list",
        items=symbols_of(WORDS),
        unit="symbols",
        at_least=5,
    )


@SCORING
def test_nltk_scoring(benchmark: Benchmark, nltk_score: Callable[[list[str]], list[float]]) -> None:
    scored = WORDS[:2]
    measure(
        benchmark,
        lambda: nltk_score(scored),
        label=f"NLTK's KneserNeyInterpolated, order 3 of {SLICE} words",
        items=symbols_of(scored),
        unit="symbols",
        rounds=3,
        baseline=True,
    )


@SCORING
@pytest.mark.parametrize("kind", ["list", "Arrow column"])
def test_scoring(benchmark: Benchmark, kind: str) -> None:
    words = WORDS * (1 if SMOKE else 10)
    source: object = words
    if kind != "list":
        source = pytest.importorskip("pyarrow").array(words)
    scores = MODEL.score(source)  # type: ignore[arg-type]
    each, offsets = MODEL.symbol_scores(words[:100])
    for i in range(100):
        assert math.isclose(each[offsets[i] : offsets[i + 1]].sum(), scores[i], rel_tol=1e-9)
    measure(
        benchmark,
        lambda: MODEL.score(source),  # type: ignore[arg-type]
        label=f"makemore_fast, order {ORDER}, {kind}",
        items=symbols_of(words),
        unit="symbols",
        at_least=1000,
    )


# -- sampling --------------------------------------------------------------------------------


def plausible(drawn: list[str]) -> int:
    """Check that words begin as the words counted do; return how many symbols were drawn."""
    expected = Counter(word[:1] for word in WORDS)
    observed = Counter(word[:1] for word in drawn)
    for first, times in expected.items():
        mean = times / len(WORDS) * len(drawn)
        assert abs(observed[first] - mean) < 6 * math.sqrt(mean) + 0.01 * mean + 3
    return symbols_of(drawn)


@SAMPLING
def test_markovify(benchmark: Benchmark) -> None:
    pytest.importorskip("markovify", reason="needs markovify: pip install '.[bench]'")
    sample = markovify_sampler(WORDS, ORDER)
    drawn = sample(FEW, 1)
    assert np.isfinite(mf.count(WORDS, order=ORDER).model().score(drawn)).all()
    state = random.getstate()
    measure(
        benchmark,
        lambda: sample(FEW, 1),
        label="markovify, unsmoothed, a list of str",
        items=plausible(drawn),
        unit="symbols",
        rounds=3,
        baseline=True,
    )
    random.setstate(state)


@SAMPLING
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("smoothing", ["kneser-ney", 0.0], ids=["kneser_ney", "unsmoothed"])
def test_ids(benchmark: Benchmark, smoothing: str | float, threads: int) -> None:
    model = mf.count(WORDS, order=ORDER).model(smoothing=smoothing)  # type: ignore[arg-type]
    ids, offsets = model.sample_ids(MANY, rng=1, threads=threads)
    plausible(model.sample(MANY, rng=1))
    how = "Kneser-Ney" if smoothing == "kneser-ney" else "unsmoothed"
    measure(
        benchmark,
        lambda: model.sample_ids(MANY, rng=1, threads=threads),
        label=f"makemore_fast, {how}, ids, {threads} thread{'s' * (threads > 1)}",
        items=len(ids) + len(offsets) - 1,
        unit="symbols",
        at_least=3,
    )


@SAMPLING
def test_str(benchmark: Benchmark) -> None:
    measure(
        benchmark,
        lambda: MODEL.sample(MANY, rng=1),
        label="makemore_fast, Kneser-Ney, a list of str",
        items=plausible(MODEL.sample(MANY, rng=1)),
        unit="symbols",
        at_least=3,
    )
