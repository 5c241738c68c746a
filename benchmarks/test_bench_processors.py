"""The same work with each instruction set of this machine: plain code, AVX2, AVX-512."""

from collections.abc import Callable

import numpy as np
import pytest

import makemore_fast as mf
from makemore_fast import _core
from timing import Benchmark, measure
from workloads import NAME, SMOKE, WORDS, dictionary, made_up_words

MEGABYTES = 1 if SMOKE else 100
SETS = mf.build_info()["instruction_sets"]


def french() -> list[str]:
    return dictionary("french")[:200_000] or made_up_words("eaisnrtolu", 200_000, rare="éèêà")


def large(words: list[str]) -> bytes:
    text = "".join(word + "\n" for word in words).encode()
    return text * max(1, MEGABYTES * 1_000_000 // len(text))


@pytest.mark.benchmark(group=f"Counting {MEGABYTES} MB with each instruction set, 1 thread")
@pytest.mark.parametrize("isa", SETS)
@pytest.mark.parametrize(
    ("made", "label"),
    [pytest.param(lambda: WORDS, NAME, id="names"), pytest.param(french, "French", id="french")],
)
def test_counting(
    benchmark: Benchmark, isa: str, made: Callable[[], list[str]], label: str
) -> None:
    text = large(made())
    before = mf.build_info()["instruction_set"]
    expected = mf.count_text(text)
    _core.force_isa(isa)
    try:
        assert mf.count_text(text, threads=1) == expected
        measure(
            benchmark,
            lambda: mf.count_text(text, threads=1),
            label=f"{label}, {isa}",
            items=len(text),
            unit="bytes",
            baseline=isa == "baseline" and made is not french,
        )
    finally:
        _core.force_isa(before)


@pytest.mark.benchmark(group="Sampling with each instruction set, 1 thread")
@pytest.mark.parametrize("isa", SETS)
def test_sampling(benchmark: Benchmark, isa: str) -> None:
    model = mf.count(WORDS).model()
    n = 1_000 if SMOKE else 500_000
    before = mf.build_info()["instruction_set"]
    expected, _ = model.sample_ids(n, rng=1, threads=1)
    _core.force_isa(isa)
    try:
        ids, _ = model.sample_ids(n, rng=1, threads=1)
        assert np.array_equal(ids, expected)
        measure(
            benchmark,
            lambda: model.sample_ids(n, rng=1, threads=1),
            label=isa,
            items=len(ids),
            unit="symbols",
            baseline=isa == "baseline",
        )
    finally:
        _core.force_isa(before)
