"""Fits a mixture of levels of back-off chains as `fit` does: dictionaries, recounting, Adagrad.

Source: docs/explanation/fit.md, which has the formulas. The discounts are after modified Kneser-Ney
smoothing (S. Chen and J. Goodman, "An empirical study of smoothing techniques for language
modeling", 1999), which hands up 1 for each where this hands up d(n); the vowels are found by
Sukhotin's algorithm (J. Guy, "Vowel identification: an old but good algorithm", 1991); the weights
are learned by Adagrad (J. Duchi and others, 2011). No paper has the whole.

By hand, what one chain, h1, says of the start of a word when it has counted the word ab alone.

1. The feature h1 is the last symbol. The three positions of ab end at the nodes h1 = . (a comes),
   h1 = a (b comes) and h1 = b (the end comes). Each of these nodes counts 1.
2. Each node hands d(1) = 1/2 up to the root, which then counts 1/2 for each of the three symbols
   and would hand d(1/2) = 1/4 up for each. It raises each symbol against equal chances by
   1 + (1/2 - 1/4) / ((3/4 + 1/10) * 1/3) = 32/17, and predicts equal chances itself.
3. The start of a word is at the node h1 = . with n(a) = 1 and G = d(1) = 1/2. It raises a by
   1 + (1 - 1/2) / ((1/2 + 1/10) * 1/3) = 7/2, and nothing else.
4. With the weight 1 for the node and for the root, the odds of ., a and b are 32/17 times 1, 7/2
   and 1: so a has 7/11 of the whole.

>>> from fractions import Fraction
>>> counts = count("h1", positions([[1, 2]]), vowels=set())
>>> rows = raised(counts, path("h1", [], 0, set()), symbols=3)
>>> [[str(Fraction(math.exp(x)).limit_denominator(10**6)) for x in row] for row, _ in rows]
[['32/17', '32/17', '32/17'], ['1', '7/2', '1']]
>>> z = [sum(row[c] for row, _ in rows) for c in range(3)]
>>> [str(Fraction(p).limit_denominator(10**6)) for p in softmax(z)]
['2/11', '7/11', '2/11']
"""

import math
from collections import Counter, defaultdict
from itertools import pairwise

from reference.stream import philox4x32

Path = tuple[tuple[str, int], ...]
Counts = dict[Path, dict[int, float]]
Row = tuple[list[float], float]  # of a node: how much it raises each symbol; its N
THETA = 0.1
REACH = 64  # symbols that are searched for vowels and consonants
CONTEXTS = ("h1", "h2", "f0", "p15")


def find_vowels(words: list[list[int]]) -> set[int]:
    """Return the vowels by Sukhotin's algorithm; every other symbol is a consonant."""
    beside: Counter[tuple[int, int]] = Counter()
    for word in words:
        for a, b in pairwise(word):
            if a != b:
                beside[a, b] += 1
                beside[b, a] += 1
    symbols = sorted({symbol for word in words for symbol in word})
    sums = {a: sum(beside[a, b] for b in symbols) for a in symbols}
    vowels: set[int] = set()
    while rest := [a for a in symbols if a not in vowels and sums[a] > 0]:
        best = max(rest, key=lambda a: (sums[a], -a))
        vowels.add(best)
        for a in symbols:
            sums[a] -= 2 * beside[a, best]
    return vowels


def value(feature: str, word: list[int], t: int, vowels: set[int]) -> int | None:
    """Return a feature's value after t symbols of a word (ids, 0 the boundary, -1 unknown)."""
    kind, number = feature[0], int(feature[1:].removesuffix("/2"))
    if kind == "h":
        return word[t - number] if number <= t else 0 if number == t + 1 else None
    if kind == "f":
        return word[number] if number < t else 0 if number == t == 0 else None
    if kind == "c":
        symbol = value(f"h{number}", word, t, vowels)
        return symbol if symbol in (0, None, -1) else 1 if symbol in vowels else 2
    if kind in "vq":
        recent = [
            s for s in word[max(0, t - REACH) : t] if s > 0 and (s in vowels) == (kind == "v")
        ]
        if len(recent) >= number:
            return recent[-number]
        return 0 if t <= REACH and len(recent) == number - 1 else None
    if kind == "y":
        sounds = [s in vowels for s in word[: min(t, REACH)]]
        begins = [b and not a for a, b in zip([False, *sounds], sounds, strict=False)]
        return min(sum(begins), number)
    return min(t, number)


def path(chain: str, word: list[int], t: int, vowels: set[int]) -> Path:
    """Return the features of a position that are there, with their values."""
    values = [(feature, value(feature, word, t, vowels)) for feature in chain.split()]
    return tuple((feature, v) for feature, v in values if v is not None)


def discount(n: float) -> float:
    """Return d(n): linear through (0, 0), (1, 0.5), (2, 0.6), (3, 0.65), then flat."""
    points = [0, 0.5, 0.6, 0.65]
    if n >= 3:
        return 0.65
    low = int(n)
    return points[low] + (n - low) * (points[low + 1] - points[low])


def positions(words: list[list[int]]) -> list[tuple[list[int], int, int]]:
    """Return each position of the words: the word, t and the symbol that comes."""
    return [(word, t, [*word, 0][t]) for word in words for t in range(len(word) + 1)]


def count(chain: str, where: list[tuple[list[int], int, int]], vowels: set[int]) -> Counts:
    """Count positions at the ends of their paths, and hand discounted counts up."""
    nodes: dict[Path, Counter[int]] = {(): Counter()}
    for word, t, symbol in where:
        end = path(chain, word, t, vowels)
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


def raised(counts: Counts, nodes: Path, symbols: int) -> list[Row]:
    """Return how much each node of a path raises each symbol, the root first."""
    p = [1 / symbols] * symbols
    rows = []
    for length in range(len(nodes) + 1):
        n = counts.get(nodes[:length], {})
        total = sum(n.values())
        if total == 0:
            break
        share = sum(map(discount, n.values())) + THETA
        kept = [n.get(c, 0) - discount(n.get(c, 0)) for c in range(symbols)]
        row = [math.log(1 + kept[c] / (share * p[c])) for c in range(symbols)]
        p = [(kept[c] + share * p[c]) / (total + THETA) for c in range(symbols)]
        rows.append((row, total))
    return rows


def levels(chains: list[str]) -> list[list[int | None]]:
    """Return the number of each level of each chain; None where a set of features comes again."""
    seen: set[frozenset[str]] = set()
    numbers: list[list[int | None]] = []
    for chain in chains:
        features = chain.split()
        numbers.append([])
        for length in range(len(features) + 1):
            known = frozenset(features[:length])
            numbers[-1].append(None if known in seen else len(seen))
            seen.add(known)
    return numbers


def kind(child: float | None, total: float) -> int:
    """Return the kind of a node with a total, and with that of the next node on the path."""
    of_child = 0 if child is None else 1 if child < 3 - 1e-6 else 2 if child < 12 - 1e-6 else 3
    return 6 * of_child + sum(total >= limit - 1e-6 for limit in (1.5, 2.5, 5, 12, 60))


Input = tuple[int, int, list[float]]  # a level, the node's kind and its row


def inputs(chains: list[str], found: list[list[Row]], nodes: list[Path]) -> list[Input]:
    """Return what speaks at a position: `found` are the rows of each chain."""
    spoken = []
    for chain, rows, end, numbers in zip(chains, found, nodes, levels(chains), strict=True):
        features = chain.split()
        for depth, (row, total) in enumerate(rows):
            place = 0 if depth == 0 else 1 + features.index(end[depth - 1][0])
            child = rows[depth + 1][1] if depth + 1 < len(rows) else None
            number = numbers[place]
            if number is not None:
                spoken.append((number, kind(child, total), row))
    return spoken


class Weights:
    """The weights of a mixture, in the order in which `MixtureModel.weights` gives them."""

    def __init__(self, chains: list[str], symbols: int) -> None:
        n = sum(number is not None for of_chain in levels(chains) for number in of_chain)
        self.base = [[1.0 if len(chains) == 1 else 1.3 / len(chains)] * n]
        self.by_context = [
            [[0.0] * n for _ in range(17 if feature == "p15" else symbols + 1)]
            for feature in CONTEXTS
        ]
        self.by_kind = [[0.0] * 24 for _ in range(n)]
        self.by_symbol = [[0.0] * symbols for _ in range(n)]
        self.end = [[0.0] * 17]

    def rows(self) -> list[list[float]]:
        """Return all rows of weights."""
        contexts = [row for rows in self.by_context for row in rows]
        return [*self.base, *contexts, *self.by_kind, *self.by_symbol, *self.end]

    def flat(self) -> list[float]:
        """Return all weights in one list."""
        return [w for row in self.rows() for w in row]

    def contexts(self, word: list[int], t: int) -> list[list[float]]:
        """Return the rows that the features of a position choose."""
        values = [value(feature, word, t, set()) for feature in CONTEXTS]
        places = [0 if v is None or v < 0 else v + 1 for v in values]
        return [rows[place] for rows, place in zip(self.by_context, places, strict=True)]

    def z(self, spoken: list[Input], word: list[int], t: int) -> list[float]:
        """Return the exponents of the symbols."""
        chosen = [*self.base, *self.contexts(word, t)]
        z = [0.0] * len(self.by_symbol[0])
        for level, of_kind, row in spoken:
            a = sum(weights[level] for weights in chosen) + self.by_kind[level][of_kind]
            for c, x in enumerate(row):
                z[c] += (a + self.by_symbol[level][c]) * x
        z[0] += self.end[0][0] + self.end[0][1 + min(t, 15)]
        return z


def softmax(z: list[float]) -> list[float]:
    """Return e^z, divided by their sum."""
    exps = [math.exp(x - max(z)) for x in z]
    return [e / sum(exps) for e in exps]


def shuffled(n: int, seed: int, number: int, which: int = 0) -> list[list[int]]:
    """Return the passes over positions, each in an order that is made of the one before.

    A seed has several such sequences; `which` is one of them.
    """
    order = list(range(n))
    orders = []
    for i_pass in range(number):
        for i in range(n, 1, -1):
            j = philox4x32((i, which, i_pass, 1), seed)[0] * i >> 32
            order[i - 1], order[j] = order[j], order[i - 1]
        orders.append(list(order))
    return orders


def held_out(
    chain: str, words: list[list[int]], number: int, symbols: int, vowels: set[int]
) -> tuple[list[Row], Path]:
    """Return what a training position's path says without it: count again without it."""
    where = positions(words)
    word, t, _ = where.pop(number)
    nodes = path(chain, word, t, vowels)
    return raised(count(chain, where, vowels), nodes, symbols), nodes


class Adagrad:
    """Steps of each weight: e g / sqrt(h), with h the sum of g^2 so far."""

    def __init__(self) -> None:
        self.squares: dict[tuple[int, int], float] = defaultdict(lambda: 1.0)
        self.scales: dict[tuple[int, int], float] = defaultdict(lambda: 1.0)
        self.squares_of_contexts: dict[tuple[int, int], float] = defaultdict(lambda: 10.0)
        self.scales_of_contexts: dict[tuple[int, int], float] = defaultdict(lambda: 10.0**-0.5)
        self.visits: Counter[int] = Counter()

    def move(self, row: list[float], place: int, g: float, rate: float) -> None:
        """Take a step with h as it is now."""
        key = (id(row), place)
        self.squares[key] += g * g
        row[place] += rate * g / math.sqrt(self.squares[key])

    def move_scaled(self, row: list[float], place: int, g: float, rate: float) -> None:
        """Take a step with 1 / sqrt(h) as it was when `refresh` was called."""
        key = (id(row), place)
        self.squares[key] += g * g
        row[place] += rate * g * self.scales[key]

    def refresh(self) -> None:
        """Work 1 / sqrt(h) out for all."""
        for key, h in self.squares.items():
            self.scales[key] = 1 / math.sqrt(h)

    def move_context(self, row: list[float], slopes: list[float], rate: float) -> None:
        """Take a step of a whole row that a feature chose; at times with a fresh 1 / sqrt(h)."""
        visits = self.visits[id(row)]
        self.visits[id(row)] += 1
        for place, g in enumerate(slopes):
            key = (id(row), place)
            self.squares_of_contexts[key] += g * g
            if visits < 16 or visits % 16 == 0:
                self.scales_of_contexts[key] = 1 / math.sqrt(self.squares_of_contexts[key])
            row[place] += rate * g * self.scales_of_contexts[key]


def learn_in_orders(
    chains: list[str], words: list[list[int]], symbols: int, seed: int, orders: int
) -> list[float]:
    """Return the weights learned in one order, or the mean of several, of few positions."""
    learned = [learn(chains, words, symbols, seed, 16, which).flat() for which in range(orders)]
    return [sum(each) / orders for each in zip(*learned, strict=True)]


def learn(
    chains: list[str],
    words: list[list[int]],
    symbols: int,
    seed: int,
    passes: int = 16,
    which: int = 0,
) -> Weights:
    """Learn the weights from inputs that leave each position out."""
    weights, adagrad, vowels = Weights(chains, symbols), Adagrad(), find_vowels(words)
    where = positions(words)
    n = len(where)
    first_rate = min(0.07, max(0.01, 0.07 * math.sqrt(n / 180_000)))
    left_out = []
    for i in range(n):
        found, nodes = zip(
            *(held_out(chain, words, i, symbols, vowels) for chain in chains), strict=True
        )
        left_out.append(inputs(chains, list(found), list(nodes)))
    steps = [i for order in shuffled(n, seed, passes, which) for i in order]
    for step, i in enumerate(steps):
        word, t, symbol = where[i]
        p = softmax(weights.z(left_out[i], word, t))
        slope = [(c == symbol) - p[c] for c in range(symbols)]
        rate = first_rate * (1 - 0.98 * step / len(steps))
        every = 1 if step < 64 else 8 if step < 1024 else 64 if step < 16384 else 256
        if step % every == 0:
            adagrad.refresh()
        slopes = [0.0] * len(weights.by_kind)
        for level, of_kind, row in left_out[i]:
            slopes[level] = sum(r * x for r, x in zip(slope, row, strict=True))
            for c, x in enumerate(row):
                adagrad.move_scaled(weights.by_symbol[level], c, slope[c] * x, rate)
            adagrad.move(weights.by_kind[level], of_kind, slopes[level], rate)
        for level, g in enumerate(slopes):
            adagrad.move(weights.base[0], level, g, rate)
        for row in weights.contexts(word, t):
            adagrad.move_context(row, slopes, rate)
        for place in (0, 1 + min(t, 15)):
            adagrad.move(weights.end[0], place, slope[0], rate)
    return weights


class Model:
    """A fitted mixture; `weights` may be given instead of learned."""

    def __init__(self, chains: list[str], words: list[str], alphabet: str, weights: Weights):
        self.chains = chains
        self.alphabet = alphabet
        self.weights = weights
        ids = [[alphabet.index(c) for c in word] for word in words]
        self.vowels = find_vowels(ids)
        self.counts = [count(chain, positions(ids), self.vowels) for chain in chains]

    def next(self, prefix: str) -> list[float]:
        """Return the probabilities of what comes after a prefix; -1 is what no chain has seen."""
        ids = [self.alphabet.find(c, 1) for c in prefix]
        t = len(ids)
        nodes = [path(chain, ids, t, self.vowels) for chain in self.chains]
        found = [
            raised(counts, end, len(self.alphabet))
            for end, counts in zip(nodes, self.counts, strict=True)
        ]
        return softmax(self.weights.z(inputs(self.chains, found, nodes), ids, t))

    def score(self, word: str) -> float:
        """Return the log-probability of a word, its end included."""
        ids = [self.alphabet.index(c) for c in word] + [0]
        return sum(math.log(self.next(word[:t])[symbol]) for t, symbol in enumerate(ids))
