"""Counts that several threads, signal handlers and pickles use at once: nothing is lost or torn."""

import copy
import itertools
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

import makemore_fast as mf
from corpora import FIVE

ORDERS = pytest.mark.parametrize("order", [2, 3])


def in_threads(*calls: Callable[[], object]) -> None:
    """Run calls at once, with switches between threads far more frequent than usual."""
    errors: list[BaseException] = []
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> None:
        try:
            start.wait()
            call()
        except BaseException as error:
            errors.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=run, args=(call,)) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert not errors, errors


def update(counts: mf.Counts, words: list[str]) -> None:
    counts.update(words)


def update_by_weights(counts: mf.Counts, words: list[str]) -> None:
    counts.update(words, weights=[1] * len(words))


def add(counts: mf.Counts, words: list[str]) -> None:
    counts += mf.count(words, order=counts.order)


@ORDERS
@pytest.mark.parametrize("ways", [(update, update), (add, add), (update, update_by_weights, add)])
def test_updates_of_several_threads_are_all_counted(order: int, ways: Any) -> None:
    # Large counts take long to add, so that one sum begins before the other has ended.
    base = ["".join(pair) for pair in itertools.product(map(chr, range(0x4E00, 0x4E50)), repeat=2)]
    counts = mf.count(base, order=order)
    parts = [[f"{chr(0x61 + i)}{j}" for j in range(10)] for i in range(len(ways))]

    def work(way: Any, words: list[str]) -> None:
        for _ in range(40):
            way(counts, words)

    in_threads(*(lambda w=way, p=part: work(w, p) for way, part in zip(ways, parts, strict=True)))
    expected = mf.count(base + [word for part in parts for word in part * 40], order=order)
    assert counts == expected


@ORDERS
def test_what_is_read_during_an_update_belongs_together(order: int) -> None:
    counts = mf.count(["zz"], order=order)
    done = threading.Event()

    def grow() -> None:
        try:
            for i in range(300):
                counts.update([chr(0x3000 - i) + "z"])  # every id moves
        finally:
            done.set()

    end = ("z", "z", ".")[3 - order :]

    def look() -> None:
        while not done.is_set():
            for other in (copy.copy(counts), pickle.loads(pickle.dumps(counts))):
                assert other.words == other.lower(2).array[:, 0].sum()
                assert other[end] >= 1
            assert counts[end] >= 1
            assert all(symbols[0] != symbols[-1] or "z" in symbols
                       for symbols, _ in counts.most_common())  # fmt: skip
            assert dict(counts.most_common())[end] >= 1
            assert repr(counts).startswith("Counts(")
            assert "Counts" in counts._repr_html_()
            array = counts.array
            assert array.sum() >= 3

    in_threads(grow, look, look)
    assert counts.words == 301
    assert counts.array.shape == (len(counts.alphabet),) * order


@ORDERS
def test_the_array_is_that_of_the_counts(order: int) -> None:
    counts = mf.count(["ab"], order=order)
    assert counts.array is counts.array
    for word in ("ba", "c"):
        before = counts.array
        counts.update([word])
        assert counts.array is not before
        assert counts.array.sum() == counts.total
        assert np.asarray(counts).shape == (len(counts.alphabet),) * order


def test_words_that_update_the_counts_that_count_them() -> None:
    counts = mf.count(FIVE)

    def words() -> Any:
        for word in FIVE:
            counts.update([word])
            yield word

    counts.update(words())
    assert counts == mf.count(FIVE * 3)


@ORDERS
def test_counts_added_to_themselves(order: int) -> None:
    counts = mf.count(FIVE, order=order)
    counts += counts
    assert counts == mf.count(FIVE * 2, order=order)
    other = mf.count(FIVE, order=order)

    def into(a: mf.Counts, b: mf.Counts) -> None:
        for _ in range(3):
            a += b

    in_threads(lambda: into(counts, other), lambda: into(other, counts))
    assert counts.words % 5 == other.words % 5 == 0


@contextmanager
def on_alarm(handler: Callable[[int, object], None]) -> Iterator[None]:
    """Handle the timer's signals until the end of the block."""
    before = signal.signal(signal.SIGALRM, handler)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.skipif(sys.platform == "win32", reason="timers that send signals are POSIX's")
@ORDERS
def test_a_signal_handler_may_update_too(order: int) -> None:
    base = ["".join(pair) for pair in itertools.product(map(chr, range(0x4E00, 0x4E50)), repeat=2)]
    counts = mf.count(base, order=order)
    handled = 0

    def handle(_number: int, _frame: object) -> None:
        nonlocal handled
        handled += 1
        counts.update(["h"])
        signal.setitimer(signal.ITIMER_REAL, 0.002)  # once more, and never in its own midst

    rounds = 0
    with on_alarm(handle):
        signal.setitimer(signal.ITIMER_REAL, 0.002)
        while handled < 30:
            counts.update(["ab"])
            rounds += 1
    assert counts == mf.count(base + ["ab"] * rounds + ["h"] * handled, order=order)


@pytest.mark.skipif(sys.platform == "win32", reason="timers that send signals are POSIX's")
@ORDERS
def test_ctrl_c_leaves_whole_counts_and_their_array(order: int) -> None:
    counts = mf.count(["ab" * 20], order=order)
    rounds = 0

    def press(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    with on_alarm(press):
        for i in range(100):
            words = counts.words
            try:  # the press may come at once on a machine with much to do
                signal.setitimer(signal.ITIMER_REAL, 0.0002 + i * 0.00001)
                while True:
                    words = counts.words
                    counts.update(["ab"])
                    rounds += 1
            except KeyboardInterrupt:
                assert counts.words - words in (0, 1)
            assert counts.array.sum() == counts.total
            assert counts[("b", "a", "b")[3 - order :]] == (
                19 if order == 3 else 20 + counts.words - 1
            )
    assert rounds > 0


def test_the_sum_of_counts() -> None:
    parts = [mf.count([word]) for word in FIVE]
    assert sum(parts) == mf.count(FIVE)
    assert sum([mf.count(FIVE, order=4)]) == mf.count(FIVE, order=4)
    total = sum(parts[:1])
    assert isinstance(total, mf.Counts)
    total += parts[1]
    assert parts[0] == mf.count(FIVE[:1])  # a copy was summed
    others: list[Any] = [1, "0", None, 0.0, False]
    for other in others:
        with pytest.raises(TypeError, match="unsupported operand|can only concatenate"):
            other + parts[0]
        with pytest.raises(TypeError, match="unsupported operand"):
            parts[0] + other
