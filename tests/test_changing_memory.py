"""Memory that others write while it is counted: a result or an error, and never a crash."""

import ctypes
import io
import itertools
from typing import Any

import numpy as np
import pytest

import makemore_fast as mf
from arrow_structs import Schema, new_capsule
from raising import raises
from terminal import run_python

#: What is counted is written all the time by a second thread: line ends, tabs, digits, first and
#: last bytes of symbols come and go, and most of all in the last bytes and at ends of blocks.
PROGRAM = """
import mmap, random, sys, tempfile, threading, time
import numpy as np
import makemore_fast as mf
from makemore_fast import _core

kind, call, text, seconds = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
SIZE = 3 << 20
unit = {"plain": b"emma\\nolivia\\n", "scripts": "né\\n中文😀\\r\\nab\\n".encode(),
        "weighted": "emma\\t2\\nné\\t10\\r\\n".encode(), "one line": b"emma"}[text]
content = (unit * (SIZE // len(unit) + 1))[:SIZE]

if kind == "bytearray":
    buffer = bytearray(content)
elif kind == "memoryview":
    buffer = memoryview(bytearray(b"xy" + content))[2:]
elif kind == "mmap":
    file = tempfile.TemporaryFile()
    file.write(content)
    file.flush()
    buffer = mmap.mmap(file.fileno(), SIZE)
else:
    buffer = np.frombuffer(bytearray(content), dtype=np.uint8)

spots = np.unique([*range(64), *range(SIZE - 64, SIZE),
                   *(k + d for k in range(1 << 16, SIZE, 1 << 16) for d in range(-8, 8))])
view = np.frombuffer(buffer, dtype=np.uint8)
if kind == "mmap":
    view = np.frombuffer(memoryview(buffer), dtype=np.uint8)
original = view[spots].copy()
stop = wild = False

def write():
    random_numbers = np.random.default_rng(1)
    changes = np.frombuffer("\\n\\r\\tab.5é中😀".encode() + b"\\xff\\x80", dtype=np.uint8)
    while not stop:
        if wild:
            view[spots] = random_numbers.choice(changes, len(spots))
            view[random_numbers.integers(0, SIZE, 50)] = random_numbers.choice(changes, 50)
            view[spots] = original
        for _ in range(200):  # the last line end, on which a reader of lines may rely
            view[-1] = 0x41
            view[-1] = 0x0A

def read(options):
    if call == "count_text":
        return mf.count_text(buffer, **options)
    if call == "count_file":  # of a file object that keeps what it gave to be filled
        class Given:
            at = 0
            def readinto(self, block):
                n = min(len(block), SIZE - self.at, 1 << 19)
                block[:n] = memoryview(buffer)[self.at:self.at + n]
                self.at += n
                self.block = np.frombuffer(block, dtype=np.uint8)
                threading.Thread(target=self.fill).start()
                return n
            def fill(self):
                for _ in range(20):
                    self.block[-64:] = 0x41
                    self.block[-64:] = 0x0A
        options.pop("threads")
        return mf.count_file(Given(), **options)
    counter = _core.Counting(".", None, 2).line_counter()
    counter.add_bytes(buffer)
    return counter.counts()

writer = threading.Thread(target=write, daemon=True)
writer.start()
until = time.monotonic() + seconds
rounds = counted = 0
random.seed(1)
while time.monotonic() < until or rounds < 2:
    options = dict(order=random.choice([2, 2, 3, 5]), threads=random.choice([1, 2, 4]),
                   weighted=text == "weighted", skip_blank=random.random() < 0.5,
                   boundary=random.choice([".", "\\n", "é"]))
    rounds += 1
    wild = random.random() < 0.4
    try:
        counts = read(options)
    except ValueError:
        continue
    counted += 1
    assert counts.total >= counts.words > 0
stop = True
writer.join()
print("rounds", rounds, "of which counted", counted)
"""

CALLS = [
    *itertools.product(
        ["bytearray", "memoryview", "mmap", "numpy"],
        ["count_text"],
        ["plain", "scripts", "weighted", "one line"],
    ),
    *itertools.product(["bytearray"], ["count_file", "add_bytes"], ["plain", "scripts"]),
    ("bytearray", "count_file", "weighted"),
]


@pytest.mark.parametrize(("kind", "call", "text"), CALLS, ids=[" ".join(c) for c in CALLS])
def test_a_buffer_that_changes(kind: str, call: str, text: str) -> None:
    assert run_python(PROGRAM, kind, call, text, "0.5").stdout.startswith("rounds")


@pytest.mark.parametrize(
    "buffer",
    [
        np.array([True, False]),
        np.array([b"a", b"b"], dtype="S1"),
        np.array([97], dtype=np.uint16),
        np.zeros((2, 2), dtype=np.uint8),
        np.frombuffer(b"abcdef", dtype=np.uint8)[::2],
        np.frombuffer(b"abcdef", dtype=np.uint8)[::-1],
        memoryview(b"ab").cast("?"),
        memoryview(b"abcd")[::2],
    ],
)
@pytest.mark.parametrize("order", [2, 3])
@pytest.mark.parametrize("weighted", [True, False])
def test_a_buffer_of_something_else(buffer: Any, order: int, weighted: bool) -> None:
    with pytest.raises(TypeError, match="expected a contiguous buffer of bytes"):
        mf.count_text(buffer, order=order, weighted=weighted)


@pytest.mark.parametrize("text", [None, 5, ["emma"], {"emma": 3}, io.BytesIO(b"emma")])
def test_what_is_no_text(text: Any) -> None:
    raises(TypeError, r"expected a text, .* got .*count_file\(path\)", mf.count_text, text)


def test_a_requested_schema_that_was_released() -> None:
    zeros = Schema()  # without a release
    capsule = new_capsule(ctypes.addressof(zeros), b"arrow_schema", None)
    corpus = mf.count(["emma"]).model().sample_corpus(3, rng=1)
    raises(ValueError, "released|PyCapsule", corpus.__arrow_c_array__, capsule)


def test_the_line_end_that_goes_away() -> None:
    """Without a line end behind them, the last line's bytes must not be read on and on."""
    program = """
    import threading
    import makemore_fast as mf
    text = bytearray(b"ab\\t1\\n" * 400_000)
    stop = False
    def write():
        while not stop:
            text[-1] = 0x41
            text[-1] = 0x0A
    writer = threading.Thread(target=write)
    writer.start()
    for order in [2, 2, 2, 3]:
        try:
            mf.count_text(text, weighted=True, order=order, threads=1)
        except ValueError:
            pass
    stop = True
    writer.join()
    """
    run_python(program)


def test_memory_that_is_held_cannot_be_resized() -> None:
    program = """
    import threading
    import makemore_fast as mf
    text = bytearray(b"ab\\n" * 2_000_000)
    refused = []
    def shrink(done):
        try:
            text.clear()
        except BufferError:
            refused.append(done)
    counts = None
    from makemore_fast import _core
    counts = _core.Counting(".", None, 2).buffer(text, 1, shrink)
    assert counts.words == 2_000_000
    assert refused
    """
    run_python(program)
