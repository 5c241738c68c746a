"""Counting weighted words: lists, arrays and lines, against the loop that adds each weight."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

import makemore_fast as mf
from timing import Benchmark, measure
from workloads import SMOKE, TITLE, WORDS, repeated_words

pytestmark = pytest.mark.benchmark(group=f"Counting weighted words, {TITLE}")

TIMES = 2 if SMOKE else 16
BIGRAMS = sum(len(word) + 1 for word in WORDS)


def looped(words: list[str], weights: list[int]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for word, weight in zip(words, weights, strict=True):
        for pair in pairwise("." + word + "."):
            counts[pair] += weight
    return counts


def weights_for(words: list[str]) -> list[int]:
    return [1 + 7919 * i % 1000 for i in range(len(words))]


def test_loop(benchmark: Benchmark) -> None:
    weights = weights_for(WORDS)
    assert looped(WORDS, weights) == dict(mf.count(WORDS, weights=weights).most_common())
    measure(
        benchmark,
        lambda: looped(WORDS, weights),
        label="collections.Counter",
        items=BIGRAMS,
        unit="bigrams",
        rounds=3,
        baseline=True,
    )


@pytest.mark.parametrize("kind", ["lists", "a list and an array", "lines of word<TAB>count"])
def test_makemore_fast(benchmark: Benchmark, kind: str) -> None:
    words = repeated_words(TIMES)
    weights = weights_for(words)
    array = np.array(weights)
    lines = "".join(f"{w}\t{n}\n" for w, n in zip(words, weights, strict=True)).encode()

    def count() -> mf.Counts:
        if kind == "lists":
            return mf.count(words, weights=weights)
        if kind == "a list and an array":
            return mf.count(words, weights=array)
        return mf.count_text(lines, weighted=True)

    assert dict(count().most_common()) == looped(words, weights)
    measure(
        benchmark,
        count,
        label=f"makemore_fast, {kind}",
        items=TIMES * BIGRAMS,
        unit="bigrams",
        at_least=5,
    )
