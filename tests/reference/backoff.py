"""Longer contexts: models that ask a shorter context where a long one was seldom seen."""

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Iterator

from reference.counting import Gram
from reference.stream import alias_row, philox4x32

Distribution = dict[str, float]


def grams_of_a_word(word: str, order: int, boundary: str = ".") -> Iterator[Gram]:
    """Yield the n-gram of each symbol and of the end, shorter at the start of the word."""
    symbols = [boundary, *word, boundary]
    for i in range(1, len(symbols)):
        yield tuple(symbols[max(0, i + 1 - order) : i + 1])


def adjusted_counts(words: Iterable[str], order: int, boundary: str = ".") -> list[Counter[Gram]]:
    """Return what Kneser-Ney counts n-grams of each length as, from length 1.

    An n-gram of full length, or one that begins a word, counts as often as it occurs; any
    other as often as there are different symbols before it.
    """
    levels: list[Counter[Gram]] = [Counter() for _ in range(order)]
    for word in words:
        for gram in grams_of_a_word(word, order, boundary):
            levels[len(gram) - 1][gram] += 1
    for length in range(order - 1, 0, -1):
        for gram in levels[length]:
            levels[length - 1][gram[1:]] += 1
    return levels


def discounts_of(level: Counter[Gram]) -> tuple[float, float, float]:
    """Return Chen and Goodman's discounts, or those for where they cannot be estimated."""
    n = [sum(count == j for count in level.values()) for j in range(5)]
    if not all(n[1:4]):
        return 0.5, 1.0, 1.5
    y = n[1] / (n[1] + 2 * n[2])
    d = [j - (j + 1) * y * n[j + 1] / n[j] for j in (1, 2, 3)]
    if not all(0 <= d[j - 1] <= j for j in (1, 2, 3)):
        return 0.5, 1.0, 1.5
    return d[0], d[1], d[2]


class KneserNey:
    """Interpolated modified Kneser-Ney; `unknown` keeps a share for one unknown symbol."""

    def __init__(
        self,
        words: list[str],
        order: int,
        symbols: str,
        *,
        discounts: list[tuple[float, float, float]] | None = None,
        unknown: bool = False,
    ) -> None:
        self.order = order
        self.symbols = symbols
        self.size = len(symbols) + unknown
        self.levels = adjusted_counts(words, order, symbols[0])
        self.discounts = discounts or [discounts_of(level) for level in self.levels]

    def shares(self, context: Gram) -> tuple[Distribution, float]:
        """Return each follower's own share, and the weight of the shorter context."""
        level = self.levels[len(context)]
        seen = {s: level[*context, s] for s in self.symbols if level[*context, s] > 0}
        total = sum(seen.values())
        take = {s: self.discounts[len(context)][min(n, 3) - 1] for s, n in seen.items()}
        own = {s: (n - take[s]) / total for s, n in seen.items()}
        return own, sum(take.values()) / total if seen else 1.0

    def after(self, context: Gram) -> Distribution:
        """Return P(symbol | context); that of an unknown symbol stands under ""."""
        if context:
            shorter = self.after(context[1:])
        else:
            shorter = dict.fromkeys([*self.symbols, ""], 1 / self.size)
        own, weight = self.shares(context)
        return {s: own.get(s, 0) + weight * p for s, p in shorter.items()}

    def score(self, word: str) -> float:
        """Return the log-probability of a word of known symbols, its end included."""
        return sum(
            math.log(self.after(gram[:-1])[gram[-1]])
            for gram in grams_of_a_word(word, self.order, self.symbols[0])
        )


class WittenBell(KneserNey):
    """Interpolated Witten-Bell: occurrences at every length, nothing to estimate."""

    def __init__(self, words: list[str], order: int, symbols: str) -> None:
        super().__init__(words, order, symbols)
        self.levels = [Counter() for _ in range(order)]
        for word in words:
            for gram in grams_of_a_word(word, order, symbols[0]):
                for start in range(len(gram)):
                    self.levels[len(gram) - start - 1][gram[start:]] += 1

    def shares(self, context: Gram) -> tuple[Distribution, float]:
        """Return each follower's own share, and the weight of the shorter context."""
        level = self.levels[len(context)]
        seen = {s: level[*context, s] for s in self.symbols if level[*context, s] > 0}
        total = sum(seen.values()) + len(seen)
        own = {s: n / total for s, n in seen.items()}
        return own, len(seen) / total if seen else 1.0


def sample_by_levels(model: KneserNey, seed: int, n: int) -> list[str]:
    """Draw the words of a back-off model's stream."""
    words = []
    for number in range(n):
        word: list[str] = []
        for step in itertools.count():
            symbol = draw_by_levels(model, (model.symbols[0], *word), seed, number, step)
            if symbol == model.symbols[0]:
                break
            word.append(symbol)
        words.append("".join(word))
    return words


def draw_by_levels(model: KneserNey, history: Gram, seed: int, number: int, step: int) -> str:
    """Draw one symbol: at the longest context, or sent on by it, at shorter ones."""
    context = history[-(model.order - 1) :]
    level = 0
    while True:
        own, weight = model.shares(context)
        symbols = list(own)
        if not context:
            p = model.after(())
            symbols, row = list(model.symbols), [p[s] for s in model.symbols]
        else:
            row = [*own.values(), weight]
        if own or not context:
            counter = (number % 2**32, number >> 32, step // 4, level)
            bits = philox4x32(counter, seed)[step % 4]
            table = alias_row(row)
            threshold, alias = table[bits % len(table)]
            outcome = bits % len(table) if bits // len(table) < threshold else alias
            if outcome < len(symbols):
                return symbols[outcome]
            level += 1
        context = context[1:]
