"""Fits a mixture of back-off chains as `fit` does: dictionaries, recounting, gradient steps.

Source: docs/fit.md, which has the formulas. The discounts are after modified Kneser-Ney smoothing
(S. Chen and J. Goodman, "An empirical study of smoothing techniques for language modeling", 1999),
which hands up 1 for each where this hands up d(n). No paper has the whole.

By hand, what one chain, h1, says of the start of a word when it has counted the word ab alone.

1. The feature h1 is the last symbol. The three positions of ab end at the nodes h1 = . (a comes),
   h1 = a (b comes) and h1 = b (the end comes). Each of these nodes counts 1.
2. Each node hands d(1) = 0.75 up to the root, which then counts 0.75 for each of the three symbols.
   None is ahead, so the root leaves the equal chances as they are: 1/3, 1/3, 1/3.
3. The start of a word is at the node h1 = . with n(a) = 1, N = 1 and G = d(1) = 0.75. So

       p(a) = (1 - 0.75 + 0.95 * 1/3) / 1.2 = 17/36
       p(b) = p(.) =     (0.95 * 1/3) / 1.2 = 19/72

4. A mixture of this chain alone, with the weight 1, says the same. A weight of ln 2 for the end
   doubles the end's odds: 19 : 34 : 19 for ., a and b becomes 38 : 34 : 19, of a sum of 91.

>>> from fractions import Fraction
>>> counts = count("h1", positions([[1, 2]]))
>>> p, _ = predict(counts, path("h1", [], 0), symbols=3)
>>> [str(Fraction(q).limit_denominator(10**6)) for q in p]
['19/72', '17/36', '19/72']
>>> [str(Fraction(q).limit_denominator(10**6)) for q in mix([p], [1, math.log(2)])]
['38/91', '34/91', '19/91']
"""

import math
from collections import Counter

from reference.stream import philox4x32

Path = tuple[tuple[str, int], ...]
Counts = dict[Path, dict[int, float]]
THETA = 0.2


def value(feature: str, word: list[int], t: int) -> int | None:
    """Return a feature's value after t symbols of a word (ids, 0 the boundary, -1 unknown)."""
    kind, number = feature[0], int(feature[1:])
    if kind == "h":
        return word[t - number] if number <= t else 0 if number == t + 1 else None
    if kind == "f":
        return word[number] if number < t else 0 if number == t == 0 else None
    return min(t, number)


def path(chain: str, word: list[int], t: int) -> Path:
    """Return the features of a position that are there, with their values."""
    values = [(feature, value(feature, word, t)) for feature in chain.split()]
    return tuple((feature, v) for feature, v in values if v is not None)


def discount(n: float) -> float:
    """Return d(n): linear through (0, 0), (1, 0.75), (2, 1.3), (3, 1.7), then flat."""
    points = [0, 0.75, 1.3, 1.7]
    if n >= 3:
        return 1.7
    low = int(n)
    return points[low] + (n - low) * (points[low + 1] - points[low])


def positions(words: list[list[int]]) -> list[tuple[list[int], int, int]]:
    """Return each position of the words: the word, t and the symbol that comes."""
    return [(word, t, [*word, 0][t]) for word in words for t in range(len(word) + 1)]


def count(chain: str, where: list[tuple[list[int], int, int]]) -> Counts:
    """Count positions at the ends of their paths, and hand discounted counts up."""
    nodes: dict[Path, Counter[int]] = {(): Counter()}
    for word, t, symbol in where:
        end = path(chain, word, t)
        for length in range(len(end) + 1):
            nodes.setdefault(end[:length], Counter())
        nodes[end][symbol] += 1
    counts: Counts = {node: dict(own) for node, own in nodes.items()}
    for node in sorted(counts, key=len, reverse=True):
        if not node:
            continue
        parent = counts[node[:-1]]
        for symbol, n in counts[node].items():
            parent[symbol] = parent.get(symbol, 0.0) + discount(n)
    return counts


def predict(counts: Counts, nodes: Path, symbols: int) -> tuple[list[float], int]:
    """Return the probabilities at the end of a path, and the bucket of the last node used."""
    p = [1 / symbols] * symbols
    bucket = 0
    for length in range(len(nodes) + 1):
        n = counts.get(nodes[:length], {})
        total = sum(n.values())
        if total == 0:
            break
        handed_up = sum(map(discount, n.values()))
        p = [
            (n.get(c, 0) - discount(n.get(c, 0)) + (handed_up + THETA) * p[c]) / (total + THETA)
            for c in range(symbols)
        ]
        kind = 0 if total < 1.5 else 1 if total < 3 else 2 if total < 8 else 3
        bucket = 4 * (length + 1) + kind
    return p, bucket


class Weights:
    """The weights of a mixture, in the order in which `MixtureModel.weights` gives them."""

    def __init__(self, chains: list[str]) -> None:
        m = len(chains)
        self.base = [1 / m] * m + [0.0]
        self.by_position = [[0.0] * (m + 1) for _ in range(16)]
        self.by_bucket = [[0.0] * 4 * (len(chain.split()) + 2) for chain in chains]

    def flat(self) -> list[float]:
        """Return all weights in one list."""
        return [w for row in [self.base, *self.by_position, *self.by_bucket] for w in row]

    def at(self, t: int, buckets: list[int]) -> list[float]:
        """Return the weight of each chain at a position, then the end's."""
        place = self.by_position[min(t, 15)]
        chains = [self.by_bucket[m][bucket] for m, bucket in enumerate(buckets)]
        return [sum(terms) for terms in zip(self.base, place, [*chains, 0.0], strict=True)]

    def move(self, t: int, buckets: list[int], gradient: list[float], rate: float) -> None:
        """Take a step."""
        for m, g in enumerate(gradient):
            self.base[m] += rate * g
            self.by_position[min(t, 15)][m] += rate * g
            if m < len(buckets):
                self.by_bucket[m][buckets[m]] += rate * g


def mix(predictions: list[list[float]], a: list[float]) -> list[float]:
    """Return P(c), proportional to exp(sum of a_m ln p_m(c) + a_e [c is the end])."""
    z = [
        sum(weight * math.log(p[c]) for weight, p in zip(a, predictions, strict=False))
        for c in range(len(predictions[0]))
    ]
    z[0] += a[-1]
    exps = [math.exp(x - max(z)) for x in z]
    return [e / sum(exps) for e in exps]


def shuffled(n: int, seed: int, number: int) -> list[list[int]]:
    """Return the orders in which positions are learned from, each made of the one before."""
    order = list(range(n))
    orders = []
    for i_pass in range(number):
        for i in range(n, 1, -1):
            j = philox4x32((i, 0, i_pass, 1), seed)[0] * i >> 32
            order[i - 1], order[j] = order[j], order[i - 1]
        orders.append(list(order))
    return orders


def held_out(
    chain: str, words: list[list[int]], number: int, symbols: int
) -> tuple[list[float], int]:
    """Predict a training position from all others: count again without it."""
    where = positions(words)
    word, t, _ = where.pop(number)
    return predict(count(chain, where), path(chain, word, t), symbols)


def learn(
    chains: list[str], words: list[list[int]], symbols: int, seed: int, least_steps: int = 2**14
) -> Weights:
    """Learn the weights by gradient steps on predictions that leave each position out."""
    weights = Weights(chains)
    where = positions(words)
    n = len(where)
    passes = max(2, -(-least_steps // n))
    left_out = [[held_out(chain, words, i, symbols) for chain in chains] for i in range(n)]
    logs = [[[math.log(x) for x in p] for p, _ in row] for row in left_out]
    for number, order in enumerate(shuffled(n, seed, passes)):
        for step, i in enumerate(order):
            _, t, symbol = where[i]
            buckets = [bucket for _, bucket in left_out[i]]
            p = mix([p for p, _ in left_out[i]], weights.at(t, buckets))
            gradient = [
                row[symbol] - sum(x * y for x, y in zip(p, row, strict=True)) for row in logs[i]
            ]
            gradient.append((symbol == 0) - p[0])
            rate = 0.002 + (0.00004 - 0.002) * (number * n + step) / (passes * n)
            weights.move(t, buckets, gradient, rate)
    return weights


class Model:
    """A fitted mixture; `weights` may be given instead of learned."""

    def __init__(self, chains: list[str], words: list[str], alphabet: str, weights: Weights):
        self.chains = chains
        self.alphabet = alphabet
        self.weights = weights
        ids = [[alphabet.index(c) for c in word] for word in words]
        self.counts = [count(chain, positions(ids)) for chain in chains]

    def next(self, prefix: str) -> list[float]:
        """Return the probabilities of what comes after a prefix; -1 is what no chain has seen."""
        ids = [self.alphabet.find(c, 1) for c in prefix]
        t = len(ids)
        found = [
            predict(counts, path(chain, ids, t), len(self.alphabet))
            for chain, counts in zip(self.chains, self.counts, strict=True)
        ]
        a = self.weights.at(t, [bucket for _, bucket in found])
        return mix([p for p, _ in found], a)

    def score(self, word: str) -> float:
        """Return the log-probability of a word, its end included."""
        ids = [self.alphabet.index(c) for c in word] + [0]
        return sum(math.log(self.next(word[:t])[symbol]) for t, symbol in enumerate(ids))
