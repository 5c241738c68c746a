"""Linear interpolation of models, and its weights by expectation maximisation.

P(s) = sum of w_k P_k(s) (F. Jelinek and R. Mercer, "Interpolated estimation of Markov source
parameters from sparse data", 1980). A model with the unknown symbol divides its share evenly by the
symbols that only others have and the unknown symbol itself; one without it gives them nothing.

By hand: two models give the symbols of two positions the probabilities (0.5, 0.1) and (0.2, 0.4).
With the weights (0.5, 0.5) they are 0.3 and 0.3; the first model's shares in them are 5/6 and 1/3,
so its next weight is 7/12.

>>> learned([[0.5, 0.1], [0.2, 0.4]], [0.5, 0.5], steps=1)[0]
[0.5833333333333334, 0.41666666666666663]
"""

import math
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

from reference.stream import draws

UNKNOWN = "\N{REPLACEMENT CHARACTER}"


def interpolated(models: Sequence[Any], weights: Sequence[float], word: str) -> list[float]:
    """Return the probability of each symbol of a word and of its end."""
    known = {symbol for model in models for symbol in model.alphabet}
    total = [0.0] * (len(word) + 1)
    for model, weight in zip(models, weights, strict=True):
        scores = model.symbol_scores([word])[0].tolist()
        sharers = len(known) - len(model.alphabet) + 1
        for i, score in enumerate(scores):
            symbol = word[i] if i < len(word) else None
            is_end = symbol is None
            unknown = not is_end and (symbol == UNKNOWN or symbol not in model.alphabet[1:])
            total[i] += weight * math.exp(score) / (sharers if unknown else 1)
    return total


def sampled(
    rows: Callable[[str], Sequence[float]], alphabet: str, seed: int, words: int
) -> list[str]:
    """Draw the words of a stream; `rows` gives the probabilities of all symbols after a prefix.

    A draw of 32 bits gives the first symbol with more of the 2^32 draws up to it. The unknown
    symbol is never drawn.
    """
    drawn = []
    for number in range(words):
        word = ""
        for bits in draws(seed, number):
            row = [
                0.0 if symbol == UNKNOWN else p
                for symbol, p in zip(alphabet, rows(word), strict=True)
            ]
            total = sum(row)
            sums = accumulate(p / total for p in row)
            below = (i for i, up_to in enumerate(sums) if bits < int(up_to * 2**32))
            symbol = next(below, len(row) - 1)
            if symbol == 0:
                break
            word += alphabet[symbol]
        drawn.append(word)
    return drawn


def learned(
    rows: Any, weights: Sequence[float], steps: int = 10_000
) -> tuple[list[float], list[float]]:
    """Return the weights, and the loss before each step and at the end."""
    weights = list(weights)
    losses = []
    for _ in range(steps):
        sums = [sum(w * p for w, p in zip(weights, row, strict=True)) for row in rows]
        losses.append(-sum(map(math.log, sums)) / len(sums))
        if len(losses) > 1 and losses[-2] - losses[-1] < 1e-10:
            break
        shares = [
            sum(row[k] / total for row, total in zip(rows, sums, strict=True)) / len(sums)
            for k in range(len(weights))
        ]
        weights = [w * share for w, share in zip(weights, shares, strict=True)]
    return weights, losses
