"""Drawing new words with what else there is, and torch's own streams without torch."""

from collections.abc import Callable

import pytest

import makemore_fast as mf
from peers import (
    Matrix,
    choices_sample,
    markovify_sampler,
    numba_alias_sampler,
    numba_sums_sampler,
)
from references import Ids, torch_loop_sample
from sampled import FEW, GROUP, MODEL, SEED, P, checked, checked_words
from timing import Benchmark, measure, needs_torch
from workloads import NAME, SMOKE, TITLE, WORDS

pytestmark = pytest.mark.benchmark(group=GROUP)


def test_choices(benchmark: Benchmark) -> None:
    n = 20 * FEW
    symbols = checked_words(choices_sample(P, MODEL.alphabet, n, SEED))
    measure(
        benchmark,
        lambda: choices_sample(P, MODEL.alphabet, n, SEED),
        label="random.choices",
        items=symbols,
        unit="symbols",
    )


def test_markovify(benchmark: Benchmark) -> None:
    pytest.importorskip("markovify", reason="needs markovify: pip install '.[bench]'")
    n = 20 * FEW
    sample = markovify_sampler(WORDS)
    symbols = checked_words(sample(n, SEED))
    measure(benchmark, lambda: sample(n, SEED), label="markovify", items=symbols, unit="symbols")


@pytest.mark.parametrize(
    ("make", "label"),
    [
        (numba_alias_sampler, "numba loop, alias tables"),
        (numba_sums_sampler, "numba loop, running sums"),
    ],
    ids=["alias", "sums"],
)
def test_numba(
    benchmark: Benchmark,
    make: Callable[[Matrix], Callable[[int, int], tuple[Ids, Ids]]],
    label: str,
) -> None:
    pytest.importorskip("numba", reason="needs numba: pip install '.[bench]'")
    n = 400 * FEW
    sample = make(P)
    symbols = checked(*sample(n, SEED))  # compiles it too
    measure(benchmark, lambda: sample(n, SEED), label=label, items=symbols, unit="symbols")


# -- torch's streams ---------------------------------------------------------------------

streams = pytest.mark.benchmark(group=f"torch's own streams, {TITLE}")


@needs_torch
@streams
def test_torch_loop(benchmark: Benchmark) -> None:
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
@streams
def test_torch_generator(benchmark: Benchmark) -> None:
    import torch

    def sample(n: int) -> list[str]:
        return MODEL.sample(n, rng=torch.Generator().manual_seed(SEED))

    assert sample(FEW) == torch_loop_sample(P, MODEL.alphabet, FEW, SEED)
    measure(
        benchmark,
        lambda: sample(40 * FEW),
        label="makemore_fast, a torch.Generator",
        items=checked_words(sample(40 * FEW)),
        unit="symbols",
        at_least=20,
    )


@streams
@pytest.mark.parametrize(
    ("version", "first", "at_least"),
    [("2.0", "cexze momasurailezitynn konimittain", 20), ("1.13", "mor axx minaymoryles", 500)],
    ids=["2.0", "1.13"],
)
def test_torch_rng(benchmark: Benchmark, version: str, first: str, at_least: float) -> None:
    def sample(n: int) -> tuple[Ids, Ids]:
        return MODEL.sample_ids(n, rng=mf.TorchRNG(SEED, version=version))

    if NAME == "names.txt" and not SMOKE:
        assert MODEL.sample(3, rng=mf.TorchRNG(SEED, version=version)) == first.split()
    n = 40 * FEW if version == "2.0" else 2_000 * FEW
    measure(
        benchmark,
        lambda: sample(n),
        label=f'makemore_fast, TorchRNG(version="{version}")',
        items=checked(*sample(n)),
        unit="symbols",
        at_least=at_least,
    )
