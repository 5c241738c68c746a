"""Ranges of bytes: wherever a file is cut, its parts have each line once."""

import gzip
import io
import itertools
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import makemore_fast as mf
from raising import raises

TEXTS = [
    b"",
    b"\n",
    b"\r",
    b"emma",
    b"emma\nava\n",
    b"emma\r\nava\r\n",
    b"emma\rava\rmia",
    b"a\r\r\n\n\rb\n\r\nc",
    b"\xef\xbb\xbfa\n\xef\xbb\xbfb\n\xef\xbb\xbf\n",
    "é\n漢字\r\n\U0001f600\r".encode(),
    b"\r\n\r\n",
]
WAYS: dict[str, dict[str, Any]] = {
    "bigrams": {},
    "blank": {"skip_blank": False},
    "single": {"order": 1},
    "six": {"order": 6},
    "six, blank": {"order": 6, "skip_blank": False},
    "tokens": {"separator": " "},
    "unknown": {"alphabet": "aem", "unknown": True},
}


def parts(path: Path, cuts: list[int], **options: Any) -> list[mf.Counts]:
    edges: list[int | None] = [0, *cuts, None]
    return [
        mf.count_file(path, start=start or 0, stop=stop, **options)
        for start, stop in itertools.pairwise(edges)
    ]


@pytest.mark.parametrize("way", WAYS)
def test_every_cut_of_a_file_gives_the_same_counts(tmp_path: Path, way: str) -> None:
    options = WAYS[way]
    for i, text in enumerate(TEXTS):
        path = tmp_path / f"{i}.txt"
        path.write_bytes(text)
        whole = mf.count_file(path, **options)
        for first in range(len(text) + 2):
            for second in range(first, len(text) + 2):
                assert mf.merged(parts(path, [first, second], **options)) == whole, (text, first)


@settings(deadline=None)
@given(
    pieces=st.lists(st.sampled_from(["a", "b", "é", "\n", "\r", "\r\n", "\ufeff"]), max_size=12),
    cuts=st.lists(st.integers(0, 30), max_size=5),
    way=st.sampled_from(sorted(WAYS)),
)
def test_any_cuts(
    pieces: list[str], cuts: list[int], way: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes("".join(pieces).encode())
    assert mf.merged(parts(path, sorted(cuts), **WAYS[way])) == mf.count_file(path, **WAYS[way])


def test_weighted_lines(tmp_path: Path) -> None:
    path = tmp_path / "weighted.txt"
    path.write_bytes(b"emma\t7\r\nava\t2\rmia\t1\n\nzoe\t4")
    for order in (2, 4):
        whole = mf.count_file(path, weighted=True, order=order)
        for cut in range(path.stat().st_size + 1):
            assert mf.merged(parts(path, [cut], weighted=True, order=order)) == whole


def test_pieces_and_threads(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_text("".join(f"{i:x}\r\n{'y' * (i % 50)}\n" for i in range(100_000)))
    size = path.stat().st_size
    ways: list[dict[str, Any]] = [{}, {"order": 4}, {"separator": "0"}]
    for options in ways:
        whole = mf.count_file(path, **options)
        for cut in (1, 1 << 18, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, size - 1):
            for threads in (1, 2, 3):
                assert mf.merged(parts(path, [cut], threads=threads, **options)) == whole


def test_a_line_longer_than_its_range_is_counted_where_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("x" * 3_000_000 + "\nava\n")
    counted = [one.words for one in parts(path, [1, 2_000_000, 3_000_001], order=3)]
    assert counted == [1, 0, 0, 1]


@pytest.mark.parametrize("options", [{}, {"order": 5}, {"separator": " "}])
@pytest.mark.parametrize("threads", [1, 2])
def test_errors_have_the_lines_and_bytes_of_the_file(
    tmp_path: Path, options: dict[str, Any], threads: int
) -> None:
    path = tmp_path / "bad.txt"
    lines = [b"emma\n", b"ava\r", b"\n", b"mia\r\n"] * 200_000
    lines[700_001] = b"a\xffb\r"
    text = b"".join(lines)
    path.write_bytes(text)
    with pytest.raises(mf.TextError) as whole:
        mf.count_file(path, **options)
    at = text.index(b"\xff")
    assert whole.value.offset == at
    for start in (0, 5, 1 << 20, at - 1):
        with pytest.raises(mf.TextError) as caught:
            mf.count_file(path, start=start, threads=threads, **options)
        assert str(caught.value) == str(whole.value)
        assert caught.value.line == whole.value.line
    assert mf.count_file(path, stop=at - 1, **options).words > 0
    assert mf.count_file(path, start=at, **options).words > 0


def test_what_has_no_ranges(tmp_path: Path) -> None:
    plain, packed, empty = tmp_path / "a.txt", tmp_path / "a.txt.gz", tmp_path / "empty.txt"
    plain.write_text("emma\n")
    packed.write_bytes(gzip.compress(b"emma\n"))
    empty.write_bytes(b"")
    count: Any = mf.count_file
    assert count(empty, start=3).words == 0
    assert count(plain, start=0, stop=0).words == 0
    assert count(plain, start=10**30).words == 0
    assert count(plain, stop=10**30).words == 1
    raises(ValueError, "0 <= start <= stop, got 2 and 1", count, plain, start=2, stop=1)
    raises(ValueError, "0 <= start", count, plain, start=-1)
    raises(TypeError, "start must be an int", count, plain, start="1")
    raises(TypeError, "stop must be an int or None", count, plain, stop=1.5)
    raises(ValueError, "for one file, got 2", count, [plain, plain], stop=1)
    raises(ValueError, "for a path", count, io.BytesIO(b"emma"), stop=1)
    raises(ValueError, "for a path", count, "-", stop=1)
    raises(ValueError, "for UTF-8", count, plain, stop=1, encoding="latin-1")
    raises(ValueError, "for UTF-8", count, plain, stop=1, errors="skip")
    raises(ValueError, "a.txt.gz: .*plain file; a pipe", count, packed, stop=1)
    raises(FileNotFoundError, "none.txt", count, tmp_path / "none.txt", start=1)
    packed.rename(tmp_path / "b.txt")  # what a file begins with is looked at by every part
    raises(ValueError, "gzip", count, tmp_path / "b.txt", start=5)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_devices_have_no_ranges() -> None:
    raises(ValueError, "plain file; a pipe", mf.count_file, os.devnull, start=1)
