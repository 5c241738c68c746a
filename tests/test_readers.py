"""File objects of every kind: whatever their reads return, all of their words are counted."""

import bz2
import codecs
import contextlib
import gzip
import io
import lzma
import os
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
from makemore_fast.storage.files import read_words
from raising import raises
from smoothed import ngram_model
from terminal import COMMAND, LIMIT, posix
from word_files import written

TEXT = "emma\nné\r\n中\n\nava"
EXPECTED = mf.count(["emma", "né", "中", "ava"])


class Binary:
    """A file that has read() and nothing else."""

    def __init__(self, content: bytes, most: int) -> None:
        self._content = io.BytesIO(content)
        self._most = most

    def read(self, size: int = -1, /) -> bytes:
        return self._content.read(self._most if size < 0 else min(size, self._most))


class Text:
    """A file that has read() of str and nothing else."""

    def __init__(self, content: str) -> None:
        self._content = io.StringIO(content, newline="")

    def read(self, size: int = -1, /) -> str:
        return self._content.read(min(size, 3))


class Wrong:
    def __fspath__(self) -> bytes:
        return b"words"


def spooled(mode: str, content: Any, **how: Any) -> Any:
    file = tempfile.SpooledTemporaryFile(mode=mode, **how)  # noqa: SIM115
    file.write(content)
    file.seek(0)
    return file


def zipped(folder: Path) -> Any:
    with zipfile.ZipFile(folder / "words.zip", "w") as archive:
        archive.writestr("words.txt", TEXT.encode())
    return zipfile.ZipFile(folder / "words.zip").open("words.txt")


def compressed(module: Any, mode: str) -> Callable[[Path], Any]:
    def make(folder: Path) -> Any:
        path = folder / "compressed"
        path.write_bytes(module.compress(TEXT.encode()))
        return module.open(path, mode, **({"encoding": "utf-8"} if "t" in mode else {}))

    return make


def opened(mode: str, written: str = "utf-8", **how: Any) -> Callable[[Path], Any]:
    def make(folder: Path) -> Any:
        (folder / "words").write_bytes(TEXT.encode(written))
        return (folder / "words").open(mode, **how)

    return make


FILES: dict[str, Callable[[Path], Any]] = {
    "bytes": opened("rb"),
    "bytes without a buffer": opened("rb", buffering=0),
    "bytes, writable": opened("r+b"),
    "text": opened("r", encoding="utf-8"),
    "text with its line ends": opened("r", encoding="utf-8", newline=""),
    "text of Latin-1 lines": opened("r", "utf-16", encoding="utf-16"),
    "text with a mark": opened("r", "utf-8-sig", encoding="utf-8-sig"),
    "text with a mark that stays": opened("r", "utf-8-sig", encoding="utf-8"),
    "BytesIO": lambda _: io.BytesIO(TEXT.encode()),
    "StringIO": lambda _: io.StringIO(TEXT),
    "StringIO with its line ends": lambda _: io.StringIO(TEXT, newline=""),
    "TextIOWrapper": lambda _: io.TextIOWrapper(io.BytesIO(TEXT.encode()), "utf-8"),
    "gzip": compressed(gzip, "rb"),
    "gzip as text": compressed(gzip, "rt"),
    "bz2": compressed(bz2, "rb"),
    "bz2 as text": compressed(bz2, "rt"),
    "lzma": compressed(lzma, "rb"),
    "lzma as text": compressed(lzma, "rt"),
    "a member of a zip": zipped,
    "spooled bytes": lambda _: spooled("w+b", TEXT.encode()),
    "spooled text": lambda _: spooled("w+", TEXT, encoding="utf-8", newline=""),
    "codecs.open's reader": lambda _: codecs.getreader("utf-16")(io.BytesIO(TEXT.encode("utf-16"))),
    "read() of bytes": lambda _: Binary(TEXT.encode(), 10**6),
    "read() of str": lambda _: Text("emma\nné\r\n中\n\nava"),
    "read() that is short": lambda _: Binary(TEXT.encode(), 1),
}


@contextlib.contextmanager
def closed_in_the_end(file: Any) -> Iterator[Any]:
    """Close a file behind the block, if it has a close()."""
    yield file
    getattr(file, "close", bool)()


files = pytest.mark.parametrize("make", FILES.values(), ids=FILES.keys())


@files
@pytest.mark.parametrize("order", [2, 3])
def test_every_kind_of_file(make: Callable[[Path], Any], order: int, tmp_path: Path) -> None:
    expected = EXPECTED if order == 2 else mf.count(["emma", "né", "中", "ava"], order=3)
    with closed_in_the_end(make(tmp_path)) as file:
        assert mf.count_file(file, order=order) == expected


@files
def test_a_file_is_read_on_from_where_it_is(make: Callable[[Path], Any], tmp_path: Path) -> None:
    with closed_in_the_end(make(tmp_path)) as file:
        for _ in range(4):
            file.read(1)
        assert mf.count_file(file)["é", "."] == 1


def test_lines_that_were_iterated_over_are_not_counted_again(tmp_path: Path) -> None:
    path = written(tmp_path, b"header\nemma\nava\n", "words")
    with path.open(encoding="utf-8") as file:
        assert next(file) == "header\n"
        assert mf.count_file(file) == mf.count(["emma", "ava"])


def test_several_files_that_are_open(tmp_path: Path) -> None:
    path = written(tmp_path, b"emma", "words")
    assert mf.count_file([io.StringIO("ava"), path, io.BytesIO(b"mia")]) == mf.count(
        ["ava", "emma", "mia"]
    )
    file = io.BytesIO(b"ava")
    with pytest.raises(ValueError, match="path 1: a file that is open can be read once only"):
        mf.count_file([file, file])
    raises(ValueError, "standard input can be read once only", mf.count_file, ["-", "-"])
    raises(TypeError, "path 1: expected a path or a binary file, got int", mf.count_file, [path, 7])


@given(st.text(st.sampled_from("ab\r\n\ufeff中"), max_size=30), st.integers(1, 4))
def test_text_is_counted_as_its_bytes_are(text: str, size: int) -> None:
    expected = mf.count_file(io.BytesIO(text.encode()))
    assert mf.count_file(io.StringIO(text, newline="")) == expected
    assert mf.count_file(Binary(text.encode(), size)) == expected
    wrapped = io.TextIOWrapper(io.BytesIO(text.encode("utf-16")), "utf-16", newline=None)
    assert mf.count_file(wrapped) == expected


def test_bytes_that_are_no_text_in_a_text_file(tmp_path: Path) -> None:
    path = written(tmp_path, b"emma\nav\xff\n", "words")
    for errors in ("strict", "surrogateescape"):
        with (
            path.open(encoding="utf-8", errors=errors) as file,
            pytest.raises(ValueError, match="words, line 2, byte 7: not valid UTF-8"),
        ):
            mf.count_file(file)
    with path.open(encoding="utf-8", errors="replace") as file:
        assert mf.count_file(file) == mf.count(["emma", "av\ufffd"])
    raises(ValueError, "line 1, byte 1: not valid UTF-8", mf.count_file, io.StringIO("a\ud800"))
    with path.open(encoding="utf-8") as file, pytest.raises(ValueError, match="gives str"):
        mf.count_file(file, encoding="latin-1")


def test_other_readers_take_text_too(tmp_path: Path) -> None:
    ngram_model(["emma", "ava"]).write_arpa(tmp_path / "a.arpa")
    text = (tmp_path / "a.arpa").read_text("utf-8")
    assert mf.read_arpa(io.StringIO(text)).order == 3
    assert mf.read_arpa(Binary(text.encode(), 7)).order == 3
    assert read_words(io.StringIO("emma\nava")) == ["emma", "ava"]


# -- what is not ready, and what lies -------------------------------------------------------


class Stuttering(io.RawIOBase):
    """A raw file in non-blocking mode, of which a descriptor becomes ready by and by."""

    def __init__(self, content: bytes, ready: bool = True) -> None:
        self._content = io.BytesIO(content)
        self._ready = ready
        self._turn = 0
        self._pipe = os.pipe()
        os.write(self._pipe[1], b"x")  # always ready

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        if not self._ready:
            raise io.UnsupportedOperation
        return self._pipe[0]

    def readinto(self, buffer: Any) -> Any:
        self._turn += 1
        return None if self._turn % 3 else self._content.readinto(memoryview(buffer)[:2])

    def close(self) -> None:
        if not self.closed:
            for end in self._pipe:
                os.close(end)
        super().close()


@posix
@pytest.mark.parametrize("buffered", [False, True])
def test_a_file_that_is_not_ready_is_waited_for(buffered: bool) -> None:
    with Stuttering(TEXT.encode()) as raw:
        file: Any = io.BufferedReader(raw, 2) if buffered else raw
        assert mf.count_file(file) == EXPECTED
    with (
        Stuttering(TEXT.encode(), ready=False) as raw,
        pytest.raises(BlockingIOError, match="non-blocking mode and has nothing to read"),
    ):
        mf.count_file(raw)


@posix
@pytest.mark.parametrize("read", [mf.count_file, lambda file: mf.count(read_words(file))])
@pytest.mark.parametrize("buffering", [0, -1])
def test_a_pipe_in_non_blocking_mode(read: Callable[[Any], mf.Counts], buffering: int) -> None:
    ours, theirs = os.pipe()
    os.set_blocking(ours, False)

    def feed() -> None:
        for part in (b"em", b"ma\nava\n", b"mia"):
            time.sleep(0.05)
            os.write(theirs, part)
        os.close(theirs)

    feeder = threading.Thread(target=feed)
    feeder.start()
    with os.fdopen(ours, "rb", buffering=buffering) as file:
        assert read(file) == mf.count(["emma", "ava", "mia"])
    feeder.join()


@posix
@pytest.mark.parametrize("command", [["count", "-", "--json"], ["score", "-"], ["sample", "-"]])
def test_standard_input_in_non_blocking_mode(command: list[str]) -> None:
    ours, theirs = os.pipe()
    os.set_blocking(ours, False)
    with subprocess.Popen(
        [*COMMAND, *command], stdin=ours, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        os.close(ours)
        for part in (b"emma\nav", b"a\n", b"mia\nolivia\n"):
            time.sleep(0.3)
            os.write(theirs, part)
        os.close(theirs)
        out, err = process.communicate(timeout=LIMIT)
    assert (process.returncode, err) == (0, b"")
    if command[0] == "count":
        assert out.startswith(b'{"words": 4,')
    elif command[0] == "score":
        assert out.count(b"\n") == 4
    else:
        assert out.count(b"\n") == 20


@pytest.mark.parametrize("answer", [-1, 1 << 40, (1 << 20) + 1])
def test_a_readinto_that_lies(answer: int) -> None:
    class Lying:
        def readinto(self, _buffer: Any, /) -> int:
            return answer

    raises(OSError, f"returned {answer} for a buffer of 1048576 bytes", mf.count_file, Lying())


def test_a_read_that_returns_something_else() -> None:
    class Odd:
        def read(self, size: int, /) -> object:
            return [size] if size else b""

    raises(TypeError, "returned list, expected bytes or str", mf.count_file, Odd())


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with (tmp_path / "x").open("wb") as file, pytest.raises(io.UnsupportedOperation, match="read"):
        mf.count_file(file)
    with (tmp_path / "x").open("rb") as read:
        pass
    raises(ValueError, "closed file", mf.count_file, read)


@pytest.mark.parametrize("path", [None, 3, b"words", ["words", None], {"words": 1}, Wrong()])
def test_what_is_no_path(path: Any) -> None:
    for read in (mf.count_file, mf.read_arpa, mf.count(["a"]).save):
        if isinstance(path, list) and read is not mf.count_file:
            path = path[1]
        raises(TypeError, "expected a path", read, path)


def test_control_characters_of_a_path_are_not_shown_raw() -> None:
    with pytest.raises(ValueError) as caught:
        mf.count_file("\x1b\0.txt")
    assert str(caught.value).startswith(repr("\x1b\0.txt") + ": ")


def test_standard_input_that_is_closed_or_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("emma\nava"))
    assert mf.count_file("-") == mf.count(["emma", "ava"])
    monkeypatch.setattr(sys, "stdin", None)
    raises(OSError, "it is closed: 'standard input'", mf.count_file, "-")
