"""Reads words and weights while another thread changes them; run by test_words_changed.py.

Whatever comes out must be a result that adds up, or one of the errors of bad input. Run it with
the name of an input, or without to see the names.
"""

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
import pyarrow as pa

import makemore_fast as mf

N = 20_000
ROUNDS = 3

model = mf.count([chr(c) + "abc" for c in range(32, 127) if chr(c) != "."]).model(smoothing=1)
mixture = mf.fit(["emma", "ava", "mia"], chains=["h1"])


def adds_up(counts: mf.Counts) -> None:
    """Every symbol is entered as often as it is left, and no count is negative."""
    array = counts.lower(2).array
    assert (array >= 0).all()
    assert (array.sum(axis=0) == array.sum(axis=1)).all()


def with_generator(words: Any) -> None:
    adds_up(mf.count(words, weights=(1 for _ in range(N))))


READERS: dict[str, Callable[[Any], object]] = {
    "count": lambda words: adds_up(mf.count(words)),
    "count, order 3": lambda words: adds_up(mf.count(words, order=3)),
    "count, weights": with_generator,
    "update": lambda words: mf.count([]).update(words),
    "score": model.score,
    "symbol_scores": model.symbol_scores,
    "nll": model.nll,
    "score of a mixture": mixture.score,
    "examples": mf.examples,
    "split": mf.split,
    "fit": lambda words: mf.fit(words, chains=["h1"]),
    "exclude": lambda words: model.sample(2, rng=1, exclude=words),
}

Change = Callable[[int], None]
Made = tuple[Any, Change]

letters = np.random.default_rng(1).integers(97, 123, (N, 6), dtype=np.uint8)
strings = [bytes(row[: 1 + i % 6]).decode() for i, row in enumerate(letters)]


def a_list() -> Made:
    words = list(strings)

    def change(i: int) -> None:
        words[i % 97 :: 97] = words[i % 97 :: 97][::-1]
        del words[-(i % 5000) - 1 :]
        words.extend(strings[len(words) :])

    return words, change


def an_array(dtype: Any) -> Made:
    words = np.array(strings, dtype=dtype)
    other = words[::-1].copy()

    def change(i: int) -> None:
        words[:] = other
        words[i % N] = "" if i % 2 else "x"
        words[: N // 2] = strings[: N // 2]

    return words, change


def a_resized_array(dtype: Any) -> Made:
    words = np.array(strings, dtype=dtype)

    def change(i: int) -> None:
        words.resize(1 + i * 7919 % (2 * N), refcheck=False)

    return words, change


def a_reshaped_array() -> Made:
    words = np.array(strings, dtype="U6")

    def change(i: int) -> None:
        words.shape = (N // 2, 2) if i % 3 == 0 else N
        if i % 5 == 0:
            setattr(words, "dtype", np.dtype("S24"))  # noqa: B010  (read-only, says its type)
            setattr(words, "dtype", np.dtype("U6"))  # noqa: B010

    return words, change


def an_arrow_column(kind: Any, offset: Any) -> Made:
    """Memory of NumPy's as an Arrow array's; every number in it may change."""
    sizes = np.array([len(word) for word in strings])
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(offset)
    good = offsets.copy()
    values = np.frombuffer("".join(strings).encode(), np.uint8).copy()
    validity = np.full(N // 8 + 1, 0xFF, np.uint8)
    buffers = [pa.py_buffer(validity), pa.py_buffer(offsets), pa.py_buffer(values)]
    array = pa.Array.from_buffers(kind, N, buffers, null_count=-1)
    bad = [-1, -(2**31), 2**31 - 1, len(values) + 1, 2**20]

    def change(i: int) -> None:
        # The last offset stays: it says how much memory there is.
        offsets[:-1] = bad[i % len(bad)] if i % 3 == 0 else good[:-1]
        offsets[i * 7919 % N] = bad[i % len(bad)]
        values[:] = (0xFF, 0xC3, 0x80, 10, 97, 46)[i % 6]
        validity[: N // 16] = (0, 0xFF, 0x55)[i % 3]
        values[:] = 97 + i % 26
        offsets[:-1] = good[:-1]
        validity[:] = 0xFF

    return array, change


def arrow_views() -> Made:
    words = pa.array([word * 3 if i % 3 else word for i, word in enumerate(strings)])
    validity, views, *blocks = words.cast(pa.string_view()).buffers()
    memory = np.frombuffer(views, np.int32).copy()
    good = memory.copy()
    array = pa.Array.from_buffers(pa.string_view(), N, [validity, pa.py_buffer(memory), *blocks])

    def change(i: int) -> None:
        memory[:] = (-1, 13, 2**31 - 1, 0, 5)[i % 5]
        memory[i % 4 :: 4] = (-1, 1, 2**31 - 1, 12)[i % 4]
        memory[:] = good

    return array, change


def an_arrow_dictionary() -> Made:
    indices = np.arange(N, dtype=np.int32) % 50
    good = indices.copy()
    array = pa.DictionaryArray.from_arrays(pa.array(indices), pa.array(strings[:50]), safe=False)

    def change(i: int) -> None:
        indices[:] = (-1, 50, 2**31 - 1, -(2**31), 3)[i % 5]
        indices[:] = good

    return array, change


def a_mapping() -> Made:
    words = Counter(strings)

    def change(i: int) -> None:
        words[f"w{i % 1000}"] = 1
        words.pop(f"w{(i + 500) % 1000}", None)

    return words, change


def changed_weights(weights: Any) -> Made:
    good = weights.copy()

    def change(i: int) -> None:
        if isinstance(weights, list):
            del weights[-(i % 5000) - 1 :]
            weights.extend(good[len(weights) :])
        elif i % 4:
            weights[:] = (-1, 2, 3, 0)[i % 4]
        else:
            weights.resize(1 + i * 7919 % (2 * N), refcheck=False)

    return weights, change


WORDS: dict[str, Callable[[], Made]] = {
    "list": a_list,
    "object": lambda: an_array(object),
    "U": lambda: an_array("U6"),
    "S": lambda: an_array("S6"),
    "StringDType": lambda: an_array(np.dtypes.StringDType()),
    "resized U": lambda: a_resized_array("U6"),
    "resized S": lambda: a_resized_array("S6"),
    "resized object": lambda: a_resized_array(object),
    "resized StringDType": lambda: a_resized_array(np.dtypes.StringDType()),
    "reshaped": a_reshaped_array,
    "utf8": lambda: an_arrow_column(pa.string(), np.int32),
    "large_utf8": lambda: an_arrow_column(pa.large_string(), np.int64),
    "views": arrow_views,
    "dictionary": an_arrow_dictionary,
    "mapping": a_mapping,
}
WEIGHTS: dict[str, Callable[[], Made]] = {
    "weights, list": lambda: changed_weights([1] * N),
    "weights, int": lambda: changed_weights(np.ones(N, dtype=np.int64)),
    "weights, float": lambda: changed_weights(np.ones(N)),
    "weights, object": lambda: changed_weights(np.array([1] * N, dtype=object)),
}


@contextmanager
def changing(change: Change) -> Iterator[None]:
    """Change the input from another thread meanwhile."""
    done = threading.Event()

    def run() -> None:
        i = 0
        while not done.is_set():
            i += 1
            with suppress(ValueError, TypeError):  # NumPy refuses some changes now and then
                change(i)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def read(call: Callable[[], object]) -> None:
    with suppress(ValueError, TypeError, RuntimeError):
        call()


def main(name: str) -> None:
    sys.setswitchinterval(1e-5)
    if name in WEIGHTS:
        weights, change = WEIGHTS[name]()
        with changing(change):
            for _ in range(10 * ROUNDS):
                read(lambda: adds_up(mf.count(strings, weights=weights)))
                read(lambda: adds_up(mf.count(iter(strings), weights=weights, order=3)))
        return
    for reader in READERS.values():
        words, change = WORDS[name]()
        with changing(change):
            for _ in range(ROUNDS):
                read(lambda r=reader, w=words: r(w))  # type: ignore[misc]


if __name__ == "__main__":
    if len(sys.argv) == 2:
        main(sys.argv[1])
    else:
        print(*WORDS, *WEIGHTS, sep="\n")
