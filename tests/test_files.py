"""`count_file`: the same as counting the lines, whatever the file looks like."""

import bz2
import gzip
import io
import lzma
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from corpora import FIVE

pieces = st.lists(
    st.sampled_from(["a", "b", "é", "中", "😀", "\n", "\r", "\r\n", "\ufeff", "\u2028", "\x0b"]),
    max_size=40,
).map(lambda parts: "".join(parts).encode())


class Dribble(io.RawIOBase):
    """A file that gives a few bytes at a time."""

    def __init__(self, content: bytes, size: int) -> None:
        self._content = io.BytesIO(content)
        self._size = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        return self._content.readinto(memoryview(buffer)[: self._size])


@given(pieces, st.booleans(), st.integers(1, 5))
def test_equals_counting_the_lines(content: bytes, skip_blank: bool, size: int) -> None:
    expected = mf.count(reference.lines(content, skip_blank=skip_blank))
    assert mf.count_file(io.BytesIO(content), skip_blank=skip_blank) == expected
    dribble = io.BufferedReader(Dribble(content, size), 1)
    assert mf.count_file(dribble.raw, skip_blank=skip_blank) == expected


def test_line_ends_blank_lines_and_bom(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(b"\xef\xbb\xbfemma\r\n\r\nava\r\rmia\n\nzoe")
    assert mf.count_file(path) == mf.count(["emma", "ava", "mia", "zoe"])
    assert mf.count_file(str(path), skip_blank=False) == mf.count(
        ["emma", "", "ava", "", "mia", "", "zoe"]
    )


def test_nothing_is_stripped_or_lower_cased(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(b" Emma \n\tava\x0c\n")
    assert mf.count_file(path) == mf.count([" Emma ", "\tava\x0c"])


def test_a_bom_is_skipped_only_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("\ufeffa\n\ufeffb\n", encoding="utf-8")
    assert mf.count_file(path) == mf.count(["a", "\ufeffb"])


@pytest.mark.parametrize(
    ("suffix", "compress"),
    [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress), ("", bytes)],
)
def test_compressed_by_suffix(tmp_path: Path, suffix: str, compress) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / f"words.txt{suffix}"
    path.write_bytes(compress("\n".join(FIVE).encode()))
    assert mf.count_file(path) == mf.count(FIVE)


def test_several_files(tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    a.write_bytes(b"emma\nava")  # no last line end: the next file still begins a word
    b.write_bytes(b"\xef\xbb\xbfmia\n")
    assert mf.count_file([a, str(b)]) == mf.count(["emma", "ava", "mia"])
    assert mf.count_file(iter([a])) == mf.count(["emma", "ava"])
    assert mf.count_file([]) == mf.count([])


def test_an_empty_file_gives_empty_counts(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    for content in (b"", b"\n\n", b"\xef\xbb\xbf"):
        path.write_bytes(content)
        assert mf.count_file(path) == mf.count([])


def test_more_symbols_than_a_byte_holds_across_blocks(tmp_path: Path) -> None:
    words = ["".join(chr(0x4E00 + (i * j) % 3000) for j in range(1, 9)) for i in range(60_000)]
    path = tmp_path / "words.txt"
    path.write_text("\r\n".join(["emma", *words]), encoding="utf-8", newline="")
    assert mf.count_file(path) == mf.count(["emma", *words])
