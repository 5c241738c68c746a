"""Words of running text as symbols: cutting, counting, models and scores, beside other libraries.

For comparison, on other machines: KenLM's lmplz takes characters as tokens at 8.7 MB/s at order 5.
"""

from collections import Counter

import numpy as np
import pytest

import makemore_fast as mf
from peers import nltk_kneser_ney, nltk_ngram_counts, vectorizer_counts
from timing import Benchmark, measure
from workloads import SMOKE, running_text

MEGABYTES = 1 if SMOKE else 50
TEXT = running_text(MEGABYTES * 1_000_000)
LINES = TEXT.decode().split("\n")[:-1]
FEW = LINES[: 200 if SMOKE else 10_000]  # for what takes seconds a megabyte
COUNTING = pytest.mark.benchmark(group=f"Counting n-grams of words in {MEGABYTES} MB of text")
SCORING = pytest.mark.benchmark(group=f"Scoring lines of words by {MEGABYTES} MB")


def size_of(lines: list[str]) -> int:
    """Return the bytes of lines, with their ends."""
    return sum(map(len, lines)) + len(lines)


def test_the_counts_are_right() -> None:
    for order in (2, 5):
        counts = mf.count(FEW[:100], separator=" ", order=order)
        theirs = Counter[tuple[str, ...]]()
        for line in FEW[:100]:
            words = ["<s>"] * max(1, order - 1) + line.split(" ") + ["<s>"]
            theirs.update(tuple(words[i : i + order]) for i in range(len(words) - order + 1))
        assert dict(counts.items()) == theirs


@COUNTING
def test_vectorizer(benchmark: Benchmark) -> None:
    pytest.importorskip("sklearn", reason="needs scikit-learn: pip install '.[bench]'")
    counts = mf.count(FEW, separator=" ")
    inside = {" ".join(g): n for g, n in counts.items() if "<s>" not in g}
    assert vectorizer_counts(FEW, 2) == inside
    measure(
        benchmark,
        lambda: vectorizer_counts(FEW, 2),
        label=f"scikit-learn's CountVectorizer, bigrams, the first {len(FEW):,} lines",
        items=size_of(FEW),
        unit="bytes",
        rounds=2,
    )


@COUNTING
def test_nltk(benchmark: Benchmark) -> None:
    pytest.importorskip("nltk", reason="needs nltk: pip install '.[bench]'")
    assert nltk_ngram_counts(FEW, 3) == dict(mf.count(FEW, separator=" ", order=3).items())
    measure(
        benchmark,
        lambda: nltk_ngram_counts(FEW, 2),
        label=f"NLTK's ngrams, bigrams, the first {len(FEW):,} lines",
        items=size_of(FEW),
        unit="bytes",
        rounds=2,
        baseline=True,
    )


@COUNTING
@pytest.mark.parametrize(("order", "threads"), [(1, 1), (2, 1), (2, 2), (3, 1), (5, 1), (5, 2)])
def test_count(benchmark: Benchmark, order: int, threads: int) -> None:
    def work() -> mf.Counts:
        return mf.count_text(TEXT, separator=" ", order=order, threads=threads)

    assert work() == mf.count(LINES, separator=" ", order=order)
    measure(
        benchmark,
        work,
        label=f"makemore_fast, order {order}, {threads} thread" + "s" * (threads > 1),
        items=len(TEXT),
        unit="bytes",
        rounds=3,
        at_least=4 if order == 2 else None,
    )


@COUNTING
def test_repeated(benchmark: Benchmark) -> None:
    """Text in which n-grams come again, as in a large corpus of one kind: little is new."""
    again = running_text(MEGABYTES * 100_000) * 10
    measure(
        benchmark,
        lambda: mf.count_text(again, separator=" ", order=5, threads=1),
        label="makemore_fast, order 5, 1 thread, a tenth of the text ten times",
        items=len(again),
        unit="bytes",
        rounds=3,
    )


@SCORING
def test_nltk_scores(benchmark: Benchmark) -> None:
    pytest.importorskip("nltk", reason="needs nltk: pip install '.[bench]'")
    learned = [line.split(" ") for line in FEW[:20]]
    score = nltk_kneser_ney(learned, 3)
    scored = learned[:2]
    ours = mf.count(FEW[:20], separator=" ", order=3).model(smoothing="kneser-ney")
    tokens = sum(len(line) + 1 for line in scored)
    theirs = -sum(score(scored)) / tokens
    assert abs(theirs - ours.nll(FEW[:2])) < 1.5  # one discount where ours has three
    measure(
        benchmark,
        lambda: score(scored),
        label="NLTK's KneserNeyInterpolated, order 3 of 20 lines, 2 lines",
        items=tokens,
        unit="symbols",
        rounds=2,
        baseline=True,
    )


@SCORING
@pytest.mark.parametrize("order", [2, 3, 5])
def test_scores(benchmark: Benchmark, order: int) -> None:
    model = mf.count(LINES, separator=" ", order=order).model(smoothing="kneser-ney")
    lines = LINES[:: 1 if SMOKE else 10]
    tokens = sum(line.count(" ") + 2 for line in lines)
    state = model.start()
    steps = [state.step(t) for line in lines[:100] for t in [*line.split(" "), model.boundary]]
    assert model.symbol_scores(lines[:100])[0].tolist() == steps
    assert np.isclose(model.score(lines[:100]).sum(), sum(steps))
    measure(
        benchmark,
        lambda: model.score(lines),
        label=f"makemore_fast, order {order}",
        items=tokens,
        unit="symbols",
        rounds=3,
        at_least=100 if order == 3 else None,
    )
