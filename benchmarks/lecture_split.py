"""The lectures' split and metric: what every model of docs/explanation/fit.md is measured by."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass
class Split:
    """Words to learn from, to choose by and to be measured on."""

    train: list[str]
    dev: list[str]
    test: list[str]

    def unseen(self) -> list[str]:
        """Return the test words that do not stand in train."""
        known = set(self.train)
        return [word for word in self.test if word not in known]


def split(words: Sequence[str], seed: int = 42) -> Split:
    """Shuffle as makemore part 2 does, then take 80, 10 and 10 percent."""
    shuffled = list(words)
    random.seed(seed)
    random.shuffle(shuffled)
    one, two = int(0.8 * len(shuffled)), int(0.9 * len(shuffled))
    return Split(shuffled[:one], shuffled[one:two], shuffled[two:])


def names(path: str | Path) -> list[str]:
    """Return the words of makemore's names.txt."""
    return Path(path).read_text(encoding="utf-8").splitlines()


def losses(
    score: Callable[[list[str]], NDArray[np.float64]], parts: Sequence[list[str]]
) -> list[float]:
    """Return the mean negative log-likelihood per symbol, ends included, of each part."""
    return [-float(score(part).sum()) / sum(len(word) + 1 for word in part) for part in parts]
