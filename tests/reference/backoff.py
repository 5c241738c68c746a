"""Makes models of longer contexts, which leave a share to shorter ones, and draws from them.

A word is any sequence of symbols: a str of characters, or tokens.

Sources: S. Chen and J. Goodman, "An empirical study of smoothing techniques for language modeling"
(1998), for modified Kneser-Ney; I. Witten and T. Bell, "The zero-frequency problem: estimating the
probabilities of novel events in adaptive text compression" (1991), for Witten-Bell;
docs/explanation/ngrams.md for both as they are here.

By hand, the probability of the end after b, by models of order 2 of the words ab, b and ba. After b
the boundary occurs twice and a once (the table in counting.py).

Kneser-Ney:

1. Single symbols count as often as there are different symbols before them. The boundary has a and
   b before it, a has the boundary and b, b has the boundary and a. Each counts 2, of 6.
2. Discounts are estimated from how many counts are 1, 2 and 3. No bigram counts 3, so there is no
   estimate, and 0.5 is taken from a count of 1, 1 from a count of 2. It is the same for single
   symbols, none of which counts 1 or 3.
3. With no context a symbol's own share is (2 - 1) / 6 = 1/6. What was taken is 3 of 6, a weight of
   1/2, which goes to all three alike: P(.) = 1/6 + 1/2 * 1/3 = 1/3.
4. After b, the own share of the boundary is (2 - 1) / 3 = 1/3. What was taken is 1 + 0.5 of 3, a
   weight of 1/2. So P(. | b) = 1/3 + 1/2 * P(.) = 1/3 + 1/6 = 1/2.

Witten-Bell:

1. Single symbols count as often as they occur: the boundary 3, a 2 and b 3 times, 8 in all. The
   number of different symbols is added: 8 + 3 = 11. The boundary's own share is 3/11. The weight
   that goes to all three alike is 3/11, so P(.) = 3/11 + 3/11 * 1/3 = 4/11.
2. After b are 3 occurrences of 2 different symbols: 3 + 2 = 5. The boundary's own share is 2/5, the
   weight 2/5. So P(. | b) = 2/5 + 2/5 * P(.) = 2/5 + 8/55 = 30/55 = 6/11.

>>> from fractions import Fraction
>>> words = ["ab", "b", "ba"]
>>> print(Fraction(KneserNey(words, 2, ".ab").after(("b",))["."]).limit_denominator(10**6))
1/2
>>> print(Fraction(WittenBell(words, 2, ".ab").after(("b",))["."]).limit_denominator(10**6))
6/11
"""

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from reference.counting import Gram
from reference.stream import alias_row, philox4x32

Distribution = dict[str, float]


def grams_of_a_word(word: Sequence[str], order: int, boundary: str = ".") -> Iterator[Gram]:
    """Yield the n-gram of each symbol and of the end, shorter at the start of the word."""
    symbols = [boundary, *word, boundary]
    for i in range(1, len(symbols)):
        yield tuple(symbols[max(0, i + 1 - order) : i + 1])


def adjusted_counts(
    words: Iterable[Sequence[str]], order: int, boundary: str = "."
) -> list[Counter[Gram]]:
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
        words: Sequence[Sequence[str]],
        order: int,
        symbols: Sequence[str],
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

    def score(self, word: Sequence[str]) -> float:
        """Return the log-probability of a word of known symbols, its end included."""
        return sum(
            math.log(self.after(gram[:-1])[gram[-1]])
            for gram in grams_of_a_word(word, self.order, self.symbols[0])
        )


class WittenBell(KneserNey):
    """Interpolated Witten-Bell: occurrences at every length, nothing to estimate."""

    def __init__(self, words: Sequence[Sequence[str]], order: int, symbols: Sequence[str]) -> None:
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


class Pruned:
    """Another model without its rare n-grams (K. Heafield, KenLM's --prune).

    An n-gram of m symbols that occurs at most `thresholds[m - 1]` times, or the last of them, is
    left out. Its own share goes to the weight of its context.
    """

    def __init__(self, whole: KneserNey, words: list[str], thresholds: list[int]) -> None:
        self.whole = whole
        occurs = WittenBell(words, whole.order, whole.symbols).levels
        self.kept = {
            gram
            for length, level in enumerate(occurs, 1)
            for gram, n in level.items()
            if length == 1 or n > thresholds[min(length, len(thresholds)) - 1]
        }

    def after(self, context: Gram) -> Distribution:
        """Return P(symbol | context)."""
        if context:
            shorter = self.after(context[1:])
        else:
            shorter = dict.fromkeys([*self.whole.symbols, ""], 1 / self.whole.size)
        own, weight = self.whole.shares(context)
        if context and context not in self.kept and context != (self.whole.symbols[0],):
            return shorter
        weight += sum(share for s, share in own.items() if (*context, s) not in self.kept)
        kept = {s: share for s, share in own.items() if (*context, s) in self.kept}
        return {s: kept.get(s, 0) + weight * p for s, p in shorter.items()}

    def score(self, word: Sequence[str]) -> float:
        """Return the log-probability of a word of known symbols, its end included."""
        grams = grams_of_a_word(word, self.whole.order, self.whole.symbols[0])
        return sum(math.log(self.after(gram[:-1])[gram[-1]]) for gram in grams)


class AddK(WittenBell):
    """Add-k: full contexts alone count, and leave the share of k to all symbols alike."""

    def __init__(self, words: list[str], order: int, symbols: str, k: float) -> None:
        super().__init__(words, order, symbols)
        self.k = k * len(symbols)

    def shares(self, context: Gram) -> tuple[Distribution, float]:
        """Return each follower's own share, and the weight of the shorter context."""
        level = self.levels[len(context)]
        seen = {s: level[*context, s] for s in self.symbols if level[*context, s] > 0}
        if len(context) < self.order - 1 and context[:1] != (self.symbols[0],):
            return dict.fromkeys(seen, 0.0), 1.0
        total = sum(seen.values()) + self.k
        return {s: n / total for s, n in seen.items()}, self.k / total


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
