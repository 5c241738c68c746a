"""Draws words from a seed: random bits, whole-number weights, alias tables, the symbols.

Sources: J. Salmon, M. Moraes, R. Dror and D. Shaw, "Parallel random numbers: as easy as 1, 2, 3"
(2011), for Philox; A. Walker, "An efficient method for generating discrete random variables with
general distributions" (1977), for alias tables; M. Vose, "A linear algorithm for generating random
numbers with a given distribution" (1991), for their construction; docs/explanation/streams.md for
the rest.

By hand, word 0 of seed 0 of a model of two symbols: 0, the boundary, and 1, called a. After either
of them the word ends with probability 3/4 and goes on with a with 1/4.

1. The weights sum to 2^32. They are 3/4 * 2^32 = 3 * 2^30 and 1/4 * 2^32 = 2^30.
2. Two symbols make two columns of 2^32 / 2 = 2^31 draws. The weight of a, 2^30, is the threshold of
   column 1. The boundary fills that column up and is its alias. The boundary has 3 * 2^30 - 2^30 =
   2^31 draws left, which fill column 0. Its threshold is 0, and its alias is the boundary itself.
3. The first random bits are 6627e8d5 and e169c58d in hexadecimal. Ten rounds of Philox are too long
   for paper; its authors publish these numbers for a counter and a key of 0.
4. 6627e8d5 is odd, so the column is 1. Half of it is 3313f46a, below the threshold, 40000000 in
   hexadecimal. The symbol is the column's own, a.
5. e169c58d is odd, so the column is 1 again. Half of it is 70b4e2c6, not below the threshold. The
   symbol is the alias, the boundary. The word ends, and is a.

>>> row = [3 / 4, 1 / 4]
>>> integer_weights(row) == [3 * 2**30, 2**30]
True
>>> alias_row(row) == [(0, 0), (2**30, 0)]
True
>>> [f"{bits:08x}" for bits in philox4x32((0, 0, 0, 0), key=0)]
['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']
>>> sample([row, row], seed=0, n=1)
[[1]]
"""

import math
from collections.abc import Callable, Iterable, Iterator

from reference.bigram import Matrix


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


def seed_of_tries(seed: int, word: int) -> int:
    """Return the seed of the words that are tried for a word whose first try was no good."""
    last = 2**32 - 1
    low, high, _, _ = philox4x32((word % 2**32, word >> 32, last, last), seed)
    return high << 32 | low


def meeting(
    p: Matrix, seed: int, n: int, good: Callable[[list[int]], bool], start: int = 0
) -> list[list[int]]:
    """Draw words of a stream, each again and again until it is good."""
    words = []
    for number in range(start, start + n):
        (word,) = sample(p, seed, 1, number)
        tried = 0
        while not good(word):
            (word,) = sample(p, seed_of_tries(seed, number), 1, tried)
            tried += 1
        words.append(word)
    return words


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
