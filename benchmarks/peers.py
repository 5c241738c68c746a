"""Other people's ways to do what models do, each at its best.

Samplers start from a (V, V) array of probabilities, or from the words, and end with a list of
str or with ids and offsets, as the sampler that it stands for does. What is imported in a
function may be missing.
"""

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.integer]
Matrix = NDArray[np.float64]


def choices_sample(probabilities: Matrix, alphabet: str, n: int, seed: int) -> list[str]:
    """Draw one symbol at a time with random.choices and the running sums of a row."""
    generator = random.Random(seed)
    rows = [list(accumulate(row)) for row in probabilities.tolist()]
    states = range(len(alphabet))
    words = []
    for _ in range(n):
        word = []
        state = 0
        while state := generator.choices(states, cum_weights=rows[state])[0]:
            word.append(alphabet[state])
        words.append("".join(word))
    return words


def markovify_sampler(words: list[str], order: int = 2) -> Callable[[int, int], list[str]]:
    """Return what draws words by a chain of markovify's, compiled, unsmoothed."""
    chain: Any = import_module("markovify").Chain(list(map(list, words)), order - 1)
    chain.compile(inplace=True)

    def sample(n: int, seed: int) -> list[str]:
        random.seed(seed)  # markovify has no generator of its own
        return ["".join(chain.gen()) for _ in range(n)]

    return sample


def numba_sums_sampler(probabilities: Matrix) -> Callable[[int, int], tuple[Ids, Ids]]:
    """Return the loop that goes along a row's running sums, compiled by numba."""
    sums = probabilities.cumsum(axis=1)
    sums /= np.where(sums[:, -1:] > 0, sums[:, -1:], 1)
    sums[:, -1] = 1

    def loop(sums: Matrix, n: int, seed: int) -> tuple[Ids, Ids]:
        np.random.seed(seed)  # noqa: NPY002  # numba's own generator, and its fastest
        ids = np.empty(16 * n, dtype=np.uint8)
        offsets = np.zeros(n + 1, dtype=np.int64)
        at = 0
        for i in range(n):
            state = 0
            while True:
                u = np.random.random()  # noqa: NPY002
                following = 0
                while u >= sums[state, following]:
                    following += 1
                if following == 0:
                    break
                if at == len(ids):
                    ids = np.append(ids, np.empty_like(ids))
                ids[at] = following
                at += 1
                state = following
            offsets[i + 1] = at
        return ids[:at], offsets

    return _bound(import_module("numba").njit(loop), sums)


def numba_alias_sampler(probabilities: Matrix) -> Callable[[int, int], tuple[Ids, Ids]]:
    """Return the loop over alias tables (Vose 1991), compiled by numba."""
    thresholds, aliases = _alias_tables(probabilities)

    def loop(thresholds: Matrix, aliases: Ids, n: int, seed: int) -> tuple[Ids, Ids]:
        np.random.seed(seed)  # noqa: NPY002
        v = len(thresholds)
        ids = np.empty(16 * n, dtype=np.uint8)
        offsets = np.zeros(n + 1, dtype=np.int64)
        at = 0
        for i in range(n):
            state = 0
            while True:
                u = v * np.random.random()  # noqa: NPY002
                column = int(u)
                state = column if u - column < thresholds[state, column] else aliases[state, column]
                if state == 0:
                    break
                if at == len(ids):
                    ids = np.append(ids, np.empty_like(ids))
                ids[at] = state
                at += 1
            offsets[i + 1] = at
        return ids[:at], offsets

    return _bound(import_module("numba").njit(loop), thresholds, aliases)


def _bound(loop: Any, *tables: Any) -> Callable[[int, int], tuple[Ids, Ids]]:
    def sample(n: int, seed: int) -> tuple[Ids, Ids]:
        drawn: tuple[Ids, Ids] = loop(*tables, n, seed)
        return drawn

    return sample


def _alias_tables(probabilities: Matrix) -> tuple[Matrix, Ids]:
    """Return each row's thresholds and aliases, by Vose's construction in double."""
    v = len(probabilities)
    thresholds = np.ones((v, v))
    aliases = np.tile(np.arange(v), (v, 1))
    for row in range(v):
        scaled = probabilities[row] * v
        poor = [i for i in range(v) if scaled[i] < 1]
        rich = [i for i in range(v) if scaled[i] >= 1]
        while poor and rich:
            column, donor = poor.pop(), rich[-1]
            thresholds[row, column], aliases[row, column] = scaled[column], donor
            scaled[donor] -= 1 - scaled[column]
            if scaled[donor] < 1:
                poor.append(rich.pop())
    return thresholds, aliases


def torch_trigram_counts(words: list[str]) -> Ids:
    """Count one trigram at a time in a torch tensor, as the lecture's first exercise asks."""
    import torch

    symbols = [".", *sorted(set("".join(words)))]
    stoi = {symbol: i for i, symbol in enumerate(symbols)}
    counts = torch.zeros((len(symbols),) * 3, dtype=torch.int32)
    for word in words:
        ids = [0, 0, *(stoi[symbol] for symbol in word), 0]
        for first, second, third in zip(ids, ids[1:], ids[2:], strict=False):
            counts[first, second, third] += 1
    array: Ids = counts.numpy()
    return array


def nltk_kneser_ney(
    words: Sequence[Sequence[str]], order: int
) -> Callable[[Sequence[Sequence[str]]], list[float]]:
    """Return what scores words, in nats, by NLTK's KneserNeyInterpolated (one discount)."""
    lm = import_module("nltk.lm")
    preprocessing = import_module("nltk.lm.preprocessing")
    model = lm.KneserNeyInterpolated(order, discount=0.75)
    model.fit(*preprocessing.padded_everygram_pipeline(order, words))

    def score(scored: Sequence[Sequence[str]]) -> list[float]:
        scores = []
        for word in scored:
            symbols = [*["<s>"] * (order - 1), *word, "</s>"]
            ends = range(order, len(symbols) + 1)
            grams = [symbols[end - order : end] for end in ends]
            scores.append(sum(math.log(model.score(g[-1], g[:-1])) for g in grams))
        return scores

    return score


def nltk_ngram_counts(lines: list[str], order: int) -> dict[tuple[str, ...], int]:
    """Count the n-grams of tokens that NLTK pads and cuts."""
    util = import_module("nltk.util")
    counts = Counter[tuple[str, ...]]()
    pad = {"pad_left": True, "pad_right": True, "left_pad_symbol": "<s>", "right_pad_symbol": "<s>"}
    for line in lines:
        grams = list(util.ngrams(line.split(" "), order, **pad))
        counts.update(grams[: len(grams) - order + 2])  # one end a line
    return dict(counts)


def vectorizer_counts(lines: list[str], order: int) -> dict[str, int]:
    """Count the n-grams of tokens inside lines by scikit-learn's CountVectorizer."""
    text = import_module("sklearn.feature_extraction.text")
    made = text.CountVectorizer(
        ngram_range=(order, order), token_pattern=None, tokenizer=str.split, lowercase=False
    )
    sums = made.fit_transform(lines).sum(axis=0).A1
    return {gram: int(sums[i]) for gram, i in made.vocabulary_.items()}
