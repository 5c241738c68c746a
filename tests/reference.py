"""The slow, obvious twins of what the package does: plain Python, no NumPy, no cleverness.

Every fast path is compared with these. They follow the words of the documentation, and
where a thing is from the lectures, the lectures.
"""

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

Bigram = tuple[str, str]
Matrix = list[list[float]]


def bigrams(words: Iterable[str], boundary: str = ".") -> Counter[Bigram]:
    """Count the bigrams of words as makemore part 1 does.

    >>> bigrams(["ab"])
    Counter({('.', 'a'): 1, ('a', 'b'): 1, ('b', '.'): 1})
    """
    counts: Counter[Bigram] = Counter()
    for word in words:
        symbols = [boundary, *word, boundary]
        for first, second in pairwise(symbols):
            counts[first, second] += 1
    return counts


def alphabet(words: Iterable[str], boundary: str = ".") -> str:
    """Return the boundary, then the symbols that occur in code-point order."""
    return boundary + "".join(sorted(set("".join(words)) - {boundary}))


def table(words: Iterable[str], symbols: str) -> list[list[int]]:
    """Return the counts as rows over the alphabet."""
    counts = bigrams(words, symbols[0])
    return [[counts[a, b] for b in symbols] for a in symbols]


def lines(text: bytes, *, skip_blank: bool = True) -> list[str]:
    r"""Return the words of a file: lines end at \n, \r\n or \r, a leading BOM is no text.

    >>> lines(b"a\r\n\nb\rc")
    ['a', 'b', 'c']
    """
    decoded = text.decode("utf-8").removeprefix("\ufeff")
    words = re.split(r"\r\n|\n|\r", decoded)
    if words[-1] == "":
        words.pop()  # the text ends with a line end, or is empty
    return [word for word in words if word or not skip_blank]


def probabilities(counts: list[list[int]], smoothing: float) -> Matrix:
    """Add k to every count and divide each row by its sum; a row of zeros stays."""
    rows = []
    for row in counts:
        all_of_row = sum(row) + smoothing * len(row)
        rows.append([(n + smoothing) / all_of_row if all_of_row else 0.0 for n in row])
    return rows


def score(word: str, symbols: str, p: Matrix) -> float:
    """Return the log-probability of a word, its end included."""
    total = 0.0
    state = 0
    for symbol in [*word, symbols[0]]:
        following = symbols.find(symbol)
        if following < 0 or p[state][following] == 0:
            return -math.inf
        total += math.log(p[state][following])
        state = following
    return total


def nll(words: list[str], symbols: str, p: Matrix) -> float:
    """Return the mean negative log-likelihood per symbol, ends included."""
    return -sum(score(word, symbols, p) for word in words) / sum(len(word) + 1 for word in words)


def reshaped(p: Matrix, temperature: float = 1.0, top_k: int | None = None) -> Matrix:
    """Keep the top_k of each row, raise to the power 1/temperature, sum to one again."""
    rows = []
    for row in p:
        order = sorted(range(len(row)), key=lambda i: (-row[i], i))
        kept = order[: 1 if temperature == 0 else top_k]
        new = [row[i] if i in kept else 0.0 for i in range(len(row))]
        if temperature not in (0, 1):
            new = [q and q ** (1 / temperature) for q in new]
        rows.append([q / sum(new) if sum(new) else 0.0 for q in new])
    return rows


def examples(
    words: Iterable[str], symbols: str, block_size: int
) -> tuple[list[list[int]], list[int]]:
    """Build X and Y as makemore part 2 does."""
    x, y = [], []
    for word in words:
        context = [0] * block_size
        for symbol in [*word, symbols[0]]:
            following = symbols.index(symbol)
            x.append(context)
            y.append(following)
            context = [*context[1:], following]
    return x, y


# -- the sampling stream -------------------------------------------------------------------


def philox4x32(counter: tuple[int, int, int, int], key: int) -> tuple[int, int, int, int]:
    """Return four 32-bit numbers: Philox4x32-10 of Salmon et al. (2011)."""
    c0, c1, c2, c3 = counter
    k0, k1 = key % 2**32, key >> 32
    for _ in range(10):
        a, b = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (b >> 32) ^ c1 ^ k0, b % 2**32, (a >> 32) ^ c3 ^ k1, a % 2**32
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return c0, c1, c2, c3


def draws(seed: int, word: int) -> Iterator[int]:
    """Yield the random numbers that decide the symbols of one word of a stream."""
    quarter = 0
    while True:
        yield from philox4x32((word % 2**32, word >> 32, quarter, 0), seed)
        quarter += 1


def integer_weights(row: list[float]) -> list[int]:
    """Return whole numbers near p * 2^32 that sum to 2^32, by largest remainders."""
    exact = [p * 2**32 for p in row]
    weights = [math.floor(e) for e in exact]
    order = sorted(range(len(row)), key=lambda i: (weights[i] - exact[i], i))
    for i in order[: 2**32 - sum(weights)]:
        weights[i] += 1
    return weights


def alias_row(row: list[float]) -> list[tuple[int, int]]:
    """Return (threshold, alias) of each column of a row's alias table (Vose 1991)."""
    columns = 1
    while columns < len(row):
        columns *= 2
    capacity = 2**32 // columns
    weights = integer_weights(row) + [0] * (columns - len(row))
    entries = [(0, column) for column in range(columns)]
    poor = [c for c in range(columns) if weights[c] < capacity]
    rich = [c for c in range(columns) if weights[c] >= capacity]
    while poor and rich:
        column, donor = poor.pop(), rich[-1]
        entries[column] = (weights[column], donor)
        weights[donor] -= capacity - weights[column]
        if weights[donor] < capacity:
            poor.append(rich.pop())
    return entries


def wanted(
    stream: Iterable[str], n: int, unique: bool = False, exclude: Iterable[str] = ()
) -> tuple[list[str], int]:
    """Return the first n words that are not left out, and how many words that took."""
    out = set(exclude)
    kept: list[str] = []
    seen = 0
    words = iter(stream)
    while len(kept) < n:
        word = next(words)
        seen += 1
        if word not in out:
            kept.append(word)
        if unique:
            out.add(word)
    return kept, seen


def sample(
    p: Matrix, seed: int, n: int, start: int = 0, prefix: Iterable[int] = (), max_length: int = 0
) -> list[list[int]]:
    """Draw the words of a stream as lists of ids."""
    tables: dict[int, list[tuple[int, int]]] = {}
    words = []
    for number in range(start, start + n):
        word = list(prefix)
        state = word[-1] if word else 0
        for bits in draws(seed, number):
            if max_length and len(word) >= max_length:
                break
            if state not in tables:
                tables[state] = alias_row(p[state])
            column = bits % len(tables[state])
            threshold, alias = tables[state][column]
            state = column if bits // len(tables[state]) < threshold else alias
            if state == 0:
                break
            word.append(state)
        words.append(word)
    return words


# -- longer contexts -------------------------------------------------------------------

Gram = tuple[str, ...]
Distribution = dict[str, float]


def ngrams(words: Iterable[str], order: int, boundary: str = ".") -> Counter[Gram]:
    """Count one n-gram for each symbol of a word and its end; boundaries stand before it.

    >>> ngrams(["ab"], 3)
    Counter({('.', '.', 'a'): 1, ('.', 'a', 'b'): 1, ('a', 'b', '.'): 1})
    """
    counts: Counter[Gram] = Counter()
    for word in words:
        symbols = [boundary] * (order - 1) + [*word, boundary]
        for i in range(len(word) + 1):
            counts[tuple(symbols[i : i + order])] += 1
    return counts


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
