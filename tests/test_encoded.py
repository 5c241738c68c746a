"""`to_bytes`, `from_bytes` and pickles, which hold the same: exact, small, and checked."""

import copy
import pickle
import sys
import threading
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from makemore_fast import ngram_counts
from raising import raises

WORDS = st.lists(st.text("abé漢\U0010ffff", max_size=6), max_size=8)
ORDERS = pytest.mark.parametrize("order", [1, 2, 3, 6, 16, 42])


def sealed(content: bytes | bytearray) -> bytes:
    """Return bytes with the checksum that fits them."""
    return bytes(content) + zlib.crc32(content).to_bytes(4, "little")


def again(data: bytes | bytearray) -> mf.Counts:
    return mf.Counts.from_bytes(data)


def parts(counts: mf.Counts) -> tuple[bytes, bytes, bytes]:
    """Return the head, and the contents of the alphabet's and the n-grams' sections, if short."""
    data = counts.to_bytes()
    size = data[11]
    return data[:10], data[12 : 12 + size], data[14 + size : -4]


def section(kind: int, content: bytes) -> bytes:
    return bytes([kind, len(content)]) + content


@ORDERS
@given(words=WORDS, boundary=st.sampled_from([".", "\n", "é", "\U0010fffe"]))
def test_the_bytes_are_those_of_the_twin(order: int, words: list[str], boundary: str) -> None:
    words = [word.replace(boundary, "") for word in words]
    counts = mf.count(words, order=order, boundary=boundary)
    assert counts.to_bytes() == reference.encoded(words, order, boundary)
    same = mf.Counts.from_bytes(counts.to_bytes())
    assert same == counts
    assert (same.words, same.total, same.alphabet) == (counts.words, counts.total, counts.alphabet)


@given(words=WORDS, at=st.integers(0, 10_000), byte=st.integers(0, 255), order=st.integers(1, 4))
@example(words=["ab"], at=0, byte=0, order=2)
def test_what_is_not_refused_is_what_would_be_written(
    words: list[str], at: int, byte: int, order: int
) -> None:
    content = bytearray(mf.count(words, order=order).to_bytes()[:-4])
    content[at % len(content)] = byte
    for data in (sealed(content), sealed(content[: at % len(content)]), bytes(content)):
        try:
            counts = again(data)
        except ValueError:
            continue
        assert counts.to_bytes() == data
        ids, numbers = counts.ngrams()
        assert counts.total == numbers.sum()
        assert ids.max(initial=0) < len(counts.alphabet)
        if counts.words:
            counts.model(smoothing="witten-bell" if order > 1 else 1.0).score(["ab"])


def test_every_byte_that_changes_is_seen() -> None:
    data = mf.count(["emma", "ava"], order=3).to_bytes()
    for at in range(len(data)):
        for bit in range(8):
            damaged = bytearray(data)
            damaged[at] ^= 1 << bit
            with pytest.raises(ValueError, match="counts"):
                again(damaged)
        with pytest.raises(ValueError, match="counts"):
            again(data[:at])
    raises(ValueError, "checksum is wrong", again, data + b"\0")


HUGE = b"\xff" * 9 + b"\x01"  # 2^64 - 1


def test_hostile_bytes() -> None:
    head, alphabet, grams = parts(mf.count(["ab"]))
    assert sealed(head + section(1, alphabet) + section(2, grams)) == mf.count(["ab"]).to_bytes()
    for problem, data in {
        "do not begin with": b"",
        "do not begin with .MFCOUNTS": b"PK\x03\x04" * 9,
        "end early": b"MFCOUNTS\x01\x02",
        "format 2 is not known": sealed(b"MFCOUNTS\x02\x02"),
        "format 0 is not known": sealed(b"MFCOUNTS\x00\x00"),
        "n-grams, and either an alphabet or tokens": sealed(head[:-1] + b"\0"),
        "or tokens$": sealed(head[:-1] + b"\x01" + section(1, alphabet)),
        "do not go up": sealed(head + section(1, alphabet) * 2),
        "they do not go up": sealed(head + section(2, grams) + section(1, alphabet)),
        "either an alphabet or": sealed(
            head[:-1] + b"\x03" + section(1, alphabet) + section(2, grams) + section(3, b"x")
        ),
        "section 4 is not known": sealed(
            head[:-1] + b"\x03" + section(1, alphabet) + section(2, grams) + section(4, b"x")
        ),
        "section 0|do not go up": sealed(head + section(0, b"") + section(2, grams)),
        "bytes behind the last$": sealed(head + section(1, alphabet) + section(2, grams) + b"\0"),
        "the bytes end early": sealed(head + section(1, alphabet) + b"\x02\x7f" + grams),
        "early": sealed(head + section(1, alphabet) + b"\x02" + HUGE + grams),
    }.items():
        raises(ValueError, problem, again, data)
    for problem, symbols in {
        "no symbol, not even the boundary": b"\x00",
        "more symbols than bytes": HUGE + b".",
        "boundary is no code point": b"\x01\x80\x80\x44",
        "a symbol is no code point": b"\x02.\x80\x80\x44",
        "a symbol is no code": b"\x03.\xff\xff\x43\x00",
        "lone surrogate": b"\x02.\x80\xb0\x03",
        "surrogate or a number": b"\x01\x80\xb0\x03",
        "the boundary is one of the symbols": b"\x02..",
        "bytes behind the last symbol": alphabet + b"\0",
        "more symbols than": b"\x02",
        "more bytes than it needs": b"\x83\x00.\x61\x00",
        "a number is too large": b"\x02\xff\xff\xff\xff\x7f\x00",
    }.items():
        data = sealed(head + section(1, symbols) + section(2, grams))
        raises(ValueError, f"alphabet: .*{problem}", again, data)
    for problem, cells in {
        "order must be at least 1": b"\x00\x00",
        "order 200 is too high": b"\xc8\x01\x00",
        "order 4294967295 is too high": b"\xff\xff\xff\xff\x0f\x00",
        "byte 0: a number is too large": b"\xff\xff\xff\xff\x1f\x00",
        "more n-grams than bytes": b"\x02" + HUGE,
        "more n-grams than": b"\x02\x04\x08\x04\x10",
        "byte 5: the bytes end early": b"\x02\x03\x08\x04\x83",
        "bytes behind the last n-gram": grams + b"\0",
        "behind the last that is possible": b"\x02\x02\x28\x14",
        "the last that is possible": b"\x02\x03\x08\x04\x2c",
        "an n-gram's id lies outside": b"\x02\x01\x30",
        "lies behind": b"\x02\x01\x40",
        "a number is too large": b"\x02\x01\xc0\x01",
        "goes beyond 64 bits": b"\x02\x01\x0b" + b"\xff" * 8 + b"\x7f",
        "too large": b"\x02\x01\x0b" + HUGE,
        "went beyond 64 bits": b"\x02\x02\x0b\xf8" + b"\xff" * 7 + b"\x7f\x07\x01",
    }.items():
        data = sealed(head + section(1, alphabet) + section(2, cells))
        raises(ValueError, f"n-grams: .*{problem}", again, data)
        raises(ValueError, f"n-grams: .*{problem}", ngram_counts.unpickled, mf.Counts, data)
    for problem, cells in {
        "no words have these counts": b"\x02\x02\x08\x04",
        "'b' is entered 0 times and left 1 times": b"\x02\x01\x08",
        "entered 1 times and left 2 times": b"\x02\x03\x09\x04\x10",
        "'a' is never reached from the start": b"\x02\x01\x14",
    }.items():
        data = sealed(head + section(1, alphabet) + section(2, cells))
        raises(ValueError, f"n-grams: .*{problem}", again, data)
        # A pickle, which could run any code, may hold counts of no words.
        assert ngram_counts.unpickled(mf.Counts, data).to_bytes() == data
    # abb. of order 3 with a boundary in its midst
    counts = mf.count(["ab"], order=3)
    head, alphabet, _ = parts(counts)
    ids = [[".ab".index(symbol) for symbol in gram] for gram in ("..a", ".ab", "a.b", "ab.", "b.a")]
    keys = sorted(sum(number << 2 * i for i, number in enumerate(gram)) for gram in ids)
    cells = b"".join(
        map(reference.encoding.varint, (4 * gap for gap in reference.encoding.gaps(keys)))
    )
    data = sealed(head + section(1, alphabet) + section(2, b"\x03\x05" + cells))
    raises(ValueError, "'b.' is entered 0 times and left 1 times", again, data)


def test_what_is_no_bytes() -> None:
    for wrong in (None, "MFCOUNTS", 5, [1], mf.count(["a"])):
        raises(TypeError, f"to_bytes.. returns, got {type(wrong).__name__}", again, wrong)
    data = mf.count(["a"]).to_bytes()
    counts: Any = mf.Counts.from_bytes
    whole = np.frombuffer(data, np.uint8)
    for same in (bytearray(data), memoryview(data), whole):
        assert counts(same) == mf.count(["a"])
    raises(TypeError, "contiguous buffer of bytes", counts, whole[::-1])
    raises(TypeError, "contiguous buffer of bytes", counts, whole.astype(np.int64))


def test_bytes_that_change_while_they_are_read() -> None:
    data = bytearray(mf.count(mf.names(), order=4).to_bytes())
    good = bytes(data)
    done = threading.Event()

    def change() -> None:
        rng = np.random.default_rng(1)
        while not done.is_set():
            data[rng.integers(len(data))] ^= 0xFF
            data[:] = good

    writer = threading.Thread(target=change)
    writer.start()
    try:
        for _ in range(40):
            try:
                counts = again(data)
            except ValueError:
                continue
            counts.model(smoothing="kneser-ney").score(["emma"])
    finally:
        done.set()
        writer.join()


@ORDERS
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickles(order: int, protocol: int) -> None:
    counts = mf.count(["emma", "zoë", ""], order=order)
    data = pickle.dumps(counts, protocol)
    assert pickle.loads(data) == counts
    assert len(data) < len(counts.to_bytes()) * (2 if protocol < 3 else 1) + 200
    if protocol < 5:
        return
    buffers: list[pickle.PickleBuffer] = []
    data = pickle.dumps(counts, protocol, buffer_callback=buffers.append)
    assert len(data) < 200
    assert bytes(buffers[0]) == counts.to_bytes()
    for same in (buffers, [bytearray(counts.to_bytes())]):
        assert pickle.loads(data, buffers=same) == counts
    raises(ValueError, "do not begin with", pickle.loads, data, buffers=[b"hostile"])


def test_copies_share_what_never_changes() -> None:
    counts = mf.count(["emma"])
    for same in (copy.copy(counts), copy.deepcopy(counts)):
        same.update(["ava"])
        assert (same.words, counts.words) == (2, 1)
    first, second = copy.deepcopy([counts, counts])
    assert first is second


def test_an_n_gram_takes_few_bytes() -> None:
    names = mf.count(mf.names() * 2, order=6)
    assert len(names.to_bytes()) < 3.5 * len(names)  # few names: nearly all n-grams occur once
    wide = mf.count(map(chr, range(0x4E00, 0x9E00)), order=2)
    assert len(wide.to_bytes()) < 6 * len(wide)


def test_a_gap_has_one_form() -> None:
    counts = mf.count(["ab"], order=4)
    head, alphabet, grams = parts(counts)
    at = next(at for at in range(2, len(grams)) if grams[at - 1] < 0x80 and grams[at] < 0x80)
    longer = grams[:at] + bytes([grams[at] | 0x80, 0]) + grams[at + 1 :]
    data = sealed(head + section(1, alphabet) + section(2, longer))
    raises(ValueError, "more bytes than it needs", again, data)


def test_the_size_in_memory_is_told() -> None:
    counts = mf.count(mf.names(), order=6)
    assert 32 * len(counts) <= sys.getsizeof(counts) < 100 * len(counts)
    counts.update(["xyz" * 1000])
    assert sys.getsizeof(counts) > 32 * len(counts)
    bigrams = mf.count(mf.names())
    before = sys.getsizeof(bigrams)
    assert sys.getsizeof(bigrams) + bigrams.array.nbytes >= before + bigrams.array.nbytes
    assert sys.getsizeof(bigrams) == before + bigrams.array.nbytes
