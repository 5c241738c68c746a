"""The slow twins: counting and sampling as one would write them without makemore_fast.

Every counting twin starts from a list of str and ends with a (V, V) array, so finding the
alphabet and encoding the words are part of its time. Every sampling twin starts from a (V, V)
array of probabilities and ends with the ids of all words and their offsets, as
`Model.sample_ids` does; only the lecture's loop ends with a list of str.

The two torch loops do what A. Karpathy's lecture "The spelled-out intro to language modeling:
building makemore" (2022) does. torch is imported where it is used, for it may be missing.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.integer]

# -- counting ------------------------------------------------------------------------


def torch_loop_counts(words: list[str]) -> Ids:
    """Count one bigram at a time in a torch tensor, as the lecture does."""
    import torch

    symbols = [".", *sorted(set("".join(words)))]
    stoi = {symbol: i for i, symbol in enumerate(symbols)}
    counts = torch.zeros((len(symbols), len(symbols)), dtype=torch.int32)
    for word in words:
        chars = [".", *word, "."]
        for first, second in zip(chars, chars[1:], strict=False):  # noqa: RUF007
            counts[stoi[first], stoi[second]] += 1
    array: Ids = counts.numpy()
    return array


def counter_counts(words: list[str]) -> Ids:
    """Count the pairs of neighbours in one long str with collections.Counter."""
    text = _joined(words)
    return _table(text, Counter(pairwise(text)).items())


def numpy_counts(words: list[str]) -> Ids:
    """Turn one long str into ids with a lookup table, each bigram into one number; bincount."""
    text = _joined(words)
    if text.isascii():
        codes: Ids = np.frombuffer(text.encode(), dtype=np.uint8)
    else:
        codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    id_of = np.cumsum(np.bincount(codes) > 0, dtype=np.int32) - 1
    v = int(id_of[-1]) + 1
    ids = id_of.take(codes)
    return np.bincount(v * ids[:-1] + ids[1:], minlength=v * v).reshape(v, v)


def torch_bincount_counts(words: list[str]) -> Ids:
    """Do what `numpy_counts` does, in torch."""
    import torch

    text = _joined(words)
    if text.isascii():
        codes = torch.frombuffer(bytearray(text.encode()), dtype=torch.uint8).int()
    else:
        codes = torch.frombuffer(bytearray(text.encode("utf-32-le")), dtype=torch.int32)
    id_of = torch.cumsum(torch.bincount(codes) > 0, dim=0) - 1
    v = int(id_of[-1]) + 1
    ids = id_of[codes]
    counts: Ids = torch.bincount(v * ids[:-1] + ids[1:], minlength=v * v).reshape(v, v).numpy()
    return counts


def nltk_counts(words: list[str]) -> Ids:
    """Count the pairs of neighbours in one long str with NLTK's bigrams and FreqDist."""
    import nltk

    text = _joined(words)
    return _table(text, nltk.FreqDist(nltk.bigrams(text)).items())


def sklearn_counts(words: list[str]) -> Ids:
    """Count with scikit-learn's CountVectorizer, each word a document between two boundaries.

    It makes one space of white space, so the boundary is a byte that no word holds.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer(analyzer="char", ngram_range=(2, 2), lowercase=False)
    sums = vectorizer.fit_transform([f"\0{word}\0" for word in words]).sum(axis=0).tolist()[0]
    pairs = zip(vectorizer.get_feature_names_out(), sums, strict=True)
    return _table("\0" + "".join(words), pairs)


def polars_counts(words: list[str]) -> Ids:
    """Count with Polars: split one long str into symbols, and group by each and the next."""
    import polars as pl

    text = _joined(words)
    symbols = pl.Series("first", [text]).str.split("").explode()
    frame = pl.DataFrame({"first": symbols, "second": symbols.shift(-1)}).drop_nulls()
    grouped = frame.group_by("first", "second").len()
    return _table(text, (((first, second), count) for first, second, count in grouped.iter_rows()))


def _table(text: str, pairs: Iterable[tuple[Any, int]]) -> Ids:
    """Return the (V, V) array of counts of pairs of symbols of a text."""
    stoi = {symbol: i for i, symbol in enumerate(sorted(set(text)))}
    counts = np.zeros((len(stoi), len(stoi)), dtype=np.int64)
    for (first, second), count in pairs:
        counts[stoi[first], stoi[second]] = count
    return counts


def _joined(words: list[str]) -> str:
    """Return the words with a newline, which sorts before every letter, around each."""
    return "\n" + "\n".join(words) + "\n"


# -- sampling ------------------------------------------------------------------------


def torch_loop_sample(
    probabilities: NDArray[np.float64], alphabet: str, n: int, seed: int
) -> list[str]:
    """Draw one symbol at a time with torch.multinomial, as the lecture does."""
    import torch

    table = torch.tensor(probabilities).float()
    generator = torch.Generator().manual_seed(seed)
    words = []
    for _ in range(n):
        word = []
        i = 0
        while True:
            row = table[i]
            drawn = torch.multinomial(row, num_samples=1, replacement=True, generator=generator)
            i = int(drawn.item())
            if i == 0:
                break
            word.append(alphabet[i])
        words.append("".join(word))
    return words


def numpy_sample(probabilities: NDArray[np.float64], n: int, seed: int) -> tuple[Ids, Ids]:
    """Draw the next symbol of all words at once: look a uniform number up in running sums."""
    rng = np.random.default_rng(seed)
    v = len(probabilities)
    sums = probabilities.cumsum(axis=1)
    rising = (sums / sums[:, -1:] + np.arange(v)[:, np.newaxis]).ravel()  # row i from i to i + 1
    word, last, lengths = np.arange(n), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    steps = []
    while len(word):
        uniform = rng.random(len(word), dtype=np.float32)  # so that the sum is exact
        last = np.searchsorted(rising, last + uniform, side="right") - v * last
        word, last = word[last > 0], last[last > 0]
        lengths[word] += 1
        steps.append((word, last))
    offsets = np.concatenate(([0], lengths.cumsum()))
    ids = np.empty(offsets[-1], dtype=np.uint32)
    for position, (word, last) in enumerate(steps):
        ids[offsets[word] + position] = last
    return ids, offsets


def torch_sample(probabilities: NDArray[np.float64], n: int, seed: int) -> tuple[Ids, Ids]:
    """Draw the next symbol of all words at once: torch.multinomial on a row for each word."""
    import torch

    table = torch.tensor(probabilities).float()
    generator = torch.Generator().manual_seed(seed)
    word = torch.arange(n)
    last, lengths = torch.zeros_like(word), torch.zeros_like(word)
    steps = []
    while len(word):
        last = torch.multinomial(table[last], 1, replacement=True, generator=generator).squeeze(1)
        word, last = word[last > 0], last[last > 0]
        lengths[word] += 1
        steps.append((word, last))
    offsets = torch.cat((torch.zeros(1, dtype=torch.int64), lengths.cumsum(0)))
    ids = torch.empty(int(offsets[-1]), dtype=torch.int32)
    for position, (word, last) in enumerate(steps):
        ids[offsets[word] + position] = last.int()
    return ids.numpy(), offsets.numpy()


# -- counting bytes that are in memory already -------------------------------------------------


def _byte_ids(text: bytes) -> tuple[Ids, int]:
    """Return the id of each byte value, the line end's being 0, and how many there are."""
    seen = sorted(set(text) - {10})
    ids = np.zeros(256, dtype=np.int64)
    ids[seen] = range(1, len(seen) + 1)
    return ids, len(seen) + 1


def numpy_byte_counts(text: bytes) -> Ids:
    """Count ASCII words, one a line, with numpy.bincount over pairs of ids, a slice at a time."""
    ids, v = _byte_ids(text[: 1 << 20])
    small = ids.astype(np.uint16)
    data = np.frombuffer(b"\n" + text, dtype=np.uint8)
    counts = np.zeros(v * v, dtype=np.int64)
    step = 1 << 18  # what fits the cache: all at once takes twice as long
    for at in range(0, len(data) - 1, step):
        part = small[data[at : at + step + 1]]
        counts += np.bincount(v * part[:-1] + part[1:], minlength=v * v)
    return counts.reshape(v, v)


def numba_counter() -> Callable[[bytes], Ids]:
    """Return the plain loop over pairs of bytes, compiled by numba."""

    def loop(data: NDArray[np.uint8], ids: Ids, counts: Ids) -> None:
        before = 0
        for byte in data:
            now = ids[byte]
            counts[before, now] += 1
            before = now

    compiled: Any = import_module("numba").njit(loop)

    def count(text: bytes) -> Ids:
        ids, v = _byte_ids(text[: 1 << 20])
        counts = np.zeros((v, v), dtype=np.int64)
        compiled(np.frombuffer(text, dtype=np.uint8), ids, counts)
        return counts

    return count
