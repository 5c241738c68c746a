"""Counts of tokens, sent to other processes and merged: exact, and never believed."""

import copy
import pickle
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from raising import raises

TOKENS = st.sampled_from(["a", "b", "ab", "é", "漢字", "a b", "\n", "zz" * 50])
WORDS = st.lists(st.lists(TOKENS, max_size=5), max_size=6)
WAYS: dict[str, dict[str, Any]] = {
    "lists": {},
    "separator": {"separator": " "},
    "pieces": {"symbols": ["ab", "b", "é"]},
    "unknown": {"separator": " ", "vocabulary": ["ab", "é"], "unknown": True},
    "closed": {"separator": " ", "vocabulary": ["a", "b", "ab", "é"], "unknown": False},
}
TEXT_WORDS = ["a b ab", "", "é b", "ab ab", "a"]


def words_of(way: str) -> list[Any]:
    return [word.split() for word in TEXT_WORDS] if way == "lists" else TEXT_WORDS


def sealed(content: bytes | bytearray) -> bytes:
    return bytes(content) + zlib.crc32(content).to_bytes(4, "little")


@pytest.mark.parametrize("order", [1, 2, 3, 6])
@pytest.mark.parametrize("way", WAYS)
def test_bytes_and_pickles_keep_the_tokens(way: str, order: int) -> None:
    words = ["".join(word.split()) for word in TEXT_WORDS] if way == "pieces" else words_of(way)
    counts = mf.count(words, order=order, **WAYS[way])
    same = mf.Counts.from_bytes(counts.to_bytes())
    assert same == counts
    assert same.symbols == counts.symbols
    assert same.to_bytes() == counts.to_bytes()
    assert pickle.loads(pickle.dumps(counts)) == counts
    assert copy.deepcopy(counts) == counts
    if way != "unknown":  # where an update adds tokens
        same.update(words)
        assert same == counts * 2
    halves = [mf.count(words[i::2], order=order, **WAYS[way]) for i in range(2)]
    assert mf.merged(halves) == counts == halves[0] + halves[1]
    assert mf.merged([mf.Counts.from_bytes(half.to_bytes()) for half in halves]) == counts


@given(parts=st.lists(WORDS, min_size=1, max_size=6), order=st.integers(1, 5))
def test_merged_is_what_all_words_give(parts: list[list[list[str]]], order: int) -> None:
    counts = [mf.count([["a"], *words], order=order) for words in parts]
    everything = mf.count([word for words in parts for word in [["a"], *words]], order=order)
    assert mf.merged(counts) == sum(counts) == everything
    grown = counts[0]
    for more in counts[1:]:
        grown += more
    assert grown == everything
    assert grown.to_bytes() == everything.to_bytes()


def test_updates_wait_and_unite_vocabularies() -> None:
    counts = mf.count([["a", "b"]], order=3)
    every = [["a", "b"]]
    for i in range(50):
        word = ["b", f"t{50 - i}", "a"]
        counts.update([word])
        every.append(word)
    assert counts == mf.count(every, order=3)
    assert sys.getsizeof(counts) > 32 * len(counts)


def test_the_size_of_counts_is_that_of_their_tokens_too() -> None:
    tokens = [f"a long token, number {i}" for i in range(5000)]
    counts = mf.count([[token] for token in tokens], order=2)
    assert sys.getsizeof(counts) > 32 * len(counts) + sum(map(len, tokens)) + 4 * len(tokens)
    assert sys.getsizeof(counts) < 3_000_000


@pytest.mark.parametrize("order", [7, 8, 9])
def test_updates_beyond_the_order_of_any_alphabet(order: int) -> None:
    counts = mf.count([["a"]], order=order)
    every = [["a"]]
    for i in range(300):
        words = [[f"t{i}", "a", f"t{i // 2}"], ["a"]]
        counts.update(words)
        every += words
    assert counts == mf.count(every, order=order)
    many = [f"u{i}" for i in range(40_000)]  # 16 bits a token
    more = mf.count([["a"]], order=9)
    with pytest.raises(ValueError, match="order 9 is too high"):
        more.update([many])
    assert more == mf.count([["a"]], order=9)


def test_the_section_of_tokens_is_that_of_the_twin() -> None:
    counts = mf.count([["b", "ab"], ["é"]], unknown=False)
    data = counts.to_bytes()
    section = reference.encoding.tokens(["b", "ab", "é"], unknown=False, boundary="<s>")
    assert data.endswith(section + data[-4:])
    more = mf.count([["b", "ab"], ["é"]]).to_bytes()
    assert reference.encoding.tokens(["b", "ab", "é"], unknown=True, boundary="<s>") in more


@given(at=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_what_is_not_refused_is_what_would_be_written(at: int, byte: int) -> None:
    for way, options in WAYS.items():
        content = bytearray(mf.count(words_of(way), **options).to_bytes()[:-4])
        content[at % len(content)] = byte
        for data in (sealed(content), sealed(content[: at % len(content)])):
            try:
                counts = mf.Counts.from_bytes(data)
            except ValueError:
                continue
            assert counts.to_bytes() == data
            assert len(counts.symbols) == len(set(counts.symbols))
            if counts.words:
                counts.model(smoothing=1.0).sample(2, rng=1)


def test_hostile_tokens() -> None:
    counts = mf.count([["a", "b"]], unknown=False)
    data = counts.to_bytes()
    at = data.index(b"<s>") - 5
    head = data[:at]
    good = data[at + 2 : -4]
    assert sealed(head + bytes([3, len(good)]) + good) == data
    start = b"\x00\x00\x03<s>\x00\x00"
    assert good == start + b"\x02\x01a\x01b"
    huge = b"\xff" * 9 + b"\x01"
    for problem, content in {
        "cut in a way that is not known": b"\x04" + good[1:],
        "one unknown symbol, or none": b"\x00\x02" + good[2:],
        "boundary is not valid UTF-8": b"\x00\x00\x03<s\xff\x00\x00\x00",
        "boundary is an empty": b"\x00\x00\x00\x00\x00\x00",
        "U.FFFD": b"\x00\x00\x03\xef\xbf\xbd\x00\x00\x00",
        "a separator, and words are not": b"\x00\x00\x03<s>\x01 \x00\x00",
        "the separator is an empty": b"\x01\x00\x03<s>\x00\x00\x00",
        "pieces, and words are not": b"\x00\x00\x03<s>\x00\x01\x01a\x00",
        "holds an empty str": b"\x02\x00\x01.\x00\x01\x00\x00",
        "order of their code points": start + b"\x02\x01b\x01a",
        "code points, each once": start + b"\x02\x01a\x01a",
        "a token is not valid UTF-8": start + b"\x02\x01a\x01\xff",
        "a token is an empty str": start + b"\x02\x00\x01a",
        "the boundary or the unknown symbol": start + b"\x02\x03<s>\x01a",
        "bytes behind the last token": good + b"\0",
        "more texts than bytes": start + huge,
        "the bytes end early": start + b"\x02\x01a" + huge,
        "bytes end early": start + b"\x02\x01a\x02b",
    }.items():
        raises(
            ValueError,
            f"encoded counts, tokens: .*{problem}",
            mf.Counts.from_bytes,
            sealed(head + bytes([3, len(content)]) + content),
        )
    few = start + b"\x01\x01a"  # an id of no token
    raises(
        ValueError,
        "behind the last that is possible",
        mf.Counts.from_bytes,
        sealed(head + bytes([3, len(few)]) + few),
    )


def test_what_cannot_be_merged() -> None:
    plain, lists = mf.count(["a"]), mf.count([["a"]], boundary=".")
    raises(ValueError, "counts 1 have symbols that are lists", mf.merged, [plain, lists])
    raises(ValueError, "cannot be added", plain.__iadd__, lists)
    split = mf.count(["a b"], separator=" ")
    raises(ValueError, "separated by ' '", mf.merged, [split, mf.count([["a"]])])
    raises(ValueError, "boundary", mf.merged, [lists, mf.count([["a"]])])
    some, others = mf.count(["ab"], symbols=["ab"]), mf.count(["ba"], symbols=["ba"])
    raises(ValueError, "other pieces of symbols", mf.merged, [some, others])


def test_many_files_of_tokens(tmp_path: Path) -> None:
    parts = [[f"t{i} u{i * j} x" for j in range(20)] for i in range(30)]
    paths = []
    for i, part in enumerate(parts):
        paths.append(tmp_path / f"{i}.txt")
        paths[-1].write_text("\n".join(part))
    everything = [word for part in parts for word in part]
    for order in (1, 2, 4):
        for threads in (1, 2):
            counts = mf.count_file(paths, order=order, separator=" ", threads=threads)
            assert counts == mf.count(everything, order=order, separator=" ")
    most = mf.count_file(paths, separator=" ", vocabulary=5, unknown=True)
    assert most == mf.count(everything, separator=" ", vocabulary=5, unknown=True)
    paths[7].write_text("a b\n" * 9 + "a <s> b\n")
    with pytest.raises(mf.TextError, match="7.txt, line 10") as caught:
        mf.count_file(paths, separator=" ")
    assert (caught.value.line, caught.value.path) == (10, str(paths[7]))
