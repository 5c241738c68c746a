"""Bigram models of rows that are given: a neural net's, drawn from as its loop draws."""

import math
import pickle
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import makemore_fast as mf
from corpora import FIVE
from raising import raises
from torch_loops import torch_and_version

COUNTS = mf.count(FIVE)


def net(symbols: int, seed: int) -> NDArray[np.float32]:
    """Return the rows of a net of one layer with random weights, as the lecture makes them."""
    weights = np.random.Generator(np.random.PCG64(seed)).normal(size=(symbols, symbols))
    numbers = np.exp(weights.astype(np.float32))
    rows: NDArray[np.float32] = numbers / numbers.sum(axis=1, keepdims=True)
    return rows


class PlainTorch:
    """torch's generator and multinomial(p, 1), number by number, in Python."""

    def __init__(self, seed: int, exponentials: bool) -> None:
        words = [seed]
        for i in range(1, 624):
            words.append((1812433253 * (words[-1] ^ words[-1] >> 30) + i) & 0xFFFFFFFF)
        self._random = random.Random()
        self._random.setstate((3, (*words, 624), None))
        self._exponentials = exponentials

    def _uniform(self) -> float:
        high, low = self._random.getrandbits(32), self._random.getrandbits(32)
        return ((high << 32 | low) & (1 << 53) - 1) / 2**53

    def multinomial(self, p: NDArray[np.float32]) -> int:
        if self._exponentials:
            quotients = [x / np.float32(-math.log1p(-self._uniform())) for x in p]
            return max(range(len(p)), key=quotients.__getitem__)
        sums, total = [], np.float32(0)
        for x in p:
            total += x
            sums.append(total)
        sums = [float(s / total) for s in sums[:-1]] + [1.0]
        u = self._uniform()
        return next(i for i, s in enumerate(sums) if s >= u)


def plain_loop(p: NDArray[np.float32], symbols: str, n: int, seed: int, era: str) -> list[str]:
    """Draw as the lecture's loop does for its net: a row of its output at a time."""
    generator = PlainTorch(seed, exponentials=era == "2.0")
    words = []
    for _ in range(n):
        out, ix = [], 0
        while True:
            ix = generator.multinomial(p[ix])
            if ix == 0:
                break
            out.append(symbols[ix])
        words.append("".join(out))
    return words


@pytest.mark.parametrize("version", ["1.13", "2.0"])
@pytest.mark.parametrize("size", [2, 27, 60])
def test_a_net_draws_what_its_loop_prints(version: Any, size: int) -> None:
    symbols = "." + "".join(map(chr, range(0x61, 0x60 + size)))
    p = net(size, size)
    model = mf.BigramModel.from_probabilities(p, symbols)
    drawn = model.sample(60, rng=mf.TorchRNG(2147483647, version=version))
    assert drawn == plain_loop(p, symbols, 60, 2147483647, version)


def test_torch_itself_prints_the_same() -> None:
    torch, version = torch_and_version()
    symbols = "." + "".join(map(chr, range(0x61, 0x7B)))
    weights = torch.randn((27, 27), generator=torch.Generator().manual_seed(2147483647))
    numbers = weights.exp()
    p = numbers / numbers.sum(1, keepdims=True)
    generator = torch.Generator().manual_seed(5)
    words = []
    for _ in range(50):
        out, ix = [], 0
        while True:
            one_hot = torch.nn.functional.one_hot(torch.tensor([ix]), num_classes=27).float()
            counts = (one_hot @ weights).exp()
            row = counts / counts.sum(1, keepdims=True)
            ix = torch.multinomial(row, 1, replacement=True, generator=generator).item()
            if ix == 0:
                break
            out.append(symbols[ix])
        words.append("".join(out))
    model = mf.BigramModel.from_probabilities(p, symbols)
    assert model.sample(50, rng=mf.TorchRNG(5, version=version)) == words


@pytest.mark.parametrize("version", ["1.13", "2.0"])
def test_the_rows_of_counts_draw_as_the_counts_do(version: Any) -> None:
    numbers = COUNTS.array.astype(np.float32) + 1
    p = numbers / numbers.sum(axis=1, keepdims=True)
    given = mf.BigramModel.from_probabilities(p, COUNTS)
    model = COUNTS.model(smoothing=1)
    asked: list[dict[str, Any]] = [{}, {"prefix": "a", "max_length": 9, "truncate": True}]
    for options in asked:
        words = [
            one.sample(40, rng=mf.TorchRNG(3, version=version), **options) for one in (given, model)
        ]
        assert words[0] == words[1]


@pytest.mark.parametrize("smoothing", [0, 1])
def test_given_rows_are_a_model_like_any_other(smoothing: int, tmp_path: Path) -> None:
    model = COUNTS.model(smoothing=smoothing)
    given = mf.BigramModel.from_probabilities(model.probabilities, COUNTS.alphabet)
    np.testing.assert_array_equal(given.probabilities, model.probabilities)
    assert given.alphabet == model.alphabet
    assert (given.smoothing, given.order) == ("given", 2)
    words = ["ava", "mia", "zzz", "", "e.m"]
    np.testing.assert_array_equal(given.score(words[:2]), model.score(words[:2]))
    assert np.isneginf(given.score(words)[[2, 4]]).all()
    assert given.nll(FIVE) == model.nll(FIVE) == given.nll(COUNTS)
    assert given.sample(20, rng=1) == model.sample(20, rng=1)
    assert given.sample(9, rng=1, top_k=3, temperature=0.5) == model.sample(
        9, rng=1, top_k=3, temperature=0.5
    )
    again = pickle.loads(pickle.dumps(given))
    np.testing.assert_array_equal(again.probabilities, given.probabilities)
    assert again.sample(5, rng=2) == given.sample(5, rng=2)
    given.write_arpa(tmp_path / "given.arpa")
    read = mf.read_arpa(tmp_path / "given.arpa")
    np.testing.assert_allclose(read.score(FIVE), given.score(FIVE), rtol=1e-9)
    np.testing.assert_allclose(
        read.next_probabilities("a"), given.next_probabilities("a"), atol=1e-9
    )


def test_given_rows_of_a_large_alphabet() -> None:
    symbols = "." + "".join(map(chr, range(0x4E00, 0x4E00 + 1499)))
    p = net(1500, 1)
    model = mf.BigramModel.from_probabilities(p, symbols)
    assert model.next_probabilities("一").tolist() == p[1].astype(float).tolist()
    assert len(model.sample(10, rng=1, max_length=20, truncate=True)) == 10
    assert np.isfinite(model.score(["一丁"])).all()


def test_the_array_is_copied() -> None:
    p = net(3, 1).astype(float)
    model = mf.BigramModel.from_probabilities(p, ".ab")
    before = p.copy()
    p[:] = 0
    np.testing.assert_array_equal(model.probabilities, before)
    assert not model.probabilities.flags.writeable


@pytest.mark.parametrize(
    ("rows", "alphabet", "error", "message"),
    [
        ([[0.5, 0.6], [1, 0]], ".a", ValueError, "the row of '.' sums to 1.1 and not to 1"),
        ([[0, 1], [0.3, 0.3]], ".a", ValueError, "the row of 'a' sums to 0.6"),
        ([[0, 1], [2, -1]], ".a", ValueError, "the row of 'a' has 2 for '.', which is no prob"),
        ([[0, 1], [math.nan, 1]], ".a", ValueError, "the row of 'a' has .*nan"),
        ([[0, 1], [math.inf, 1]], ".a", ValueError, "the row of 'a' has .*inf"),
        ([[0, 1, 0], [1, 0, 0]], ".a", ValueError, "the array is 2 x 3"),
        ([0, 1], ".a", ValueError, "two axes"),
        ([[1]], ".a", ValueError, "the array is 1 x 1, and the alphabet has 2 symbols"),
        ([[0, 1, 0]] * 3, ".ba", ValueError, "order of their code points"),
        ([["x"]], ".", TypeError, "array of numbers"),
        ([[1.0]], None, TypeError, "alphabet must be a str"),
        ([[1.0]], "\ud800", ValueError, "surrogate"),
        (np.zeros((0, 0)), "", ValueError, "symbol"),
    ],
)
def test_rows_that_are_no_probabilities(rows: Any, alphabet: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        mf.BigramModel.from_probabilities(rows, alphabet)


def test_rows_that_lead_nowhere_are_refused_when_drawn_from() -> None:
    model = mf.BigramModel.from_probabilities([[0, 1, 0], [0, 0, 1], [0, 0, 0]], ".ab")
    raises(ValueError, "can never end", model.sample, 1, rng=1)
    raises(ValueError, "can never end", model.sample, 1, rng=mf.TorchRNG(1))
