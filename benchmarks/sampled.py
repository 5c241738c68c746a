"""The model that the benchmarks of sampling draw from, and the check of what was drawn."""

import numpy as np
from numpy.typing import NDArray

import makemore_fast as mf
from references import Ids
from workloads import SMOKE, TITLE, WORDS

GROUP = f"Sampling from a model of {TITLE}"
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
