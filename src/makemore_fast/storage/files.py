"""Opening files of words: by suffix, checked before work begins, with the path in every error."""

import errno
import glob
import io
import os
import re
import stat
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple, cast

from makemore_fast import _core
from makemore_fast.storage.blocks import AnyFile, BinaryFile, blocks, is_file, is_text
from makemore_fast.storage.compression import Decompressed, codec_of
from makemore_fast.storage.decoding import (
    Errors,
    Invalid,
    checked_encoding,
    to_utf8,
    valid_lines,
    whole_lines,
)
from makemore_fast.storage.recognition import FIRST, check_kind, check_name
from makemore_fast.storage.remote import StorageOptions, is_url, matching, name_in, open_url
from makemore_fast.storage.text_error import TextError, located

_LINE_END = re.compile(r"\r\n|\n|\r")
_LINE_END_BYTES = re.compile(rb"\r\n|\n|\r")
_STDIN = "standard input"

PathName = str | PathLike[str]
Source = PathName | AnyFile


class Reading(NamedTuple):
    """How the bytes of a file are read as text."""

    encoding: str | None = None  # None: UTF-8, and what is clearly not is an error
    errors: Errors = "raise"
    columns: str | None = None  # how a line with a word and its weight looks; None: words alone
    lines: bool = True  # whether it is words, one a line, and a table is an error
    live: bool = False  # whether what came through a pipe so far is wanted at once

    @property
    def decodes(self) -> bool:
        """Whether the bytes of a file are not given to the core as they are."""
        return checked_encoding(self.encoding, self.errors) is not None or self.mends

    @property
    def mends(self) -> bool:
        """Whether lines that are not valid are left out or made valid."""
        return self.errors in ("skip", "replace")

    def checked(self) -> "Reading":
        """Return the same; ValueError for what is no encoding or no way to treat errors."""
        checked_encoding(self.encoding, self.errors)
        return self


_WORDS = Reading()
TEXT = Reading(lines=False)  # a text that is no list of words


class Opened:
    """A file that is open for reading, ours or the caller's."""

    def __init__(self, file: AnyFile, name: str, path: str | None = None) -> None:
        self.file = file
        self.name = name
        self.path = path  # None: it is the caller's
        self.invalid = Invalid()

    def regular(self) -> tuple[int, int | None]:
        """Return the descriptor and size of a plain file that can be read anywhere, or (-1, None).

        Only of one opened here, and so at its start; others are read on from where they are.
        """
        if self.path is not None and isinstance(self.file, io.FileIO):
            status = os.fstat(self.file.fileno())
            if stat.S_ISREG(status.st_mode) and status.st_size > 0:  # /proc has files of size 0
                return self.file.fileno(), status.st_size
        return -1, None

    def is_empty(self) -> bool:
        """Return whether this is a plain file, opened here, without a byte."""
        if self.path is None or not isinstance(self.file, io.FileIO):
            return False
        return stat.S_ISREG(os.fstat(self.file.fileno()).st_mode) and not self.file.read(1)

    def check(self, first: bytes, whole: bool, reading: Reading) -> None:
        """Raise ValueError if what the file begins with is not what it is read as."""
        check_kind(first, whole, reading.encoding)
        if self.path is not None and reading.lines:
            check_name(self.path, first, whole, reading.columns)

    def warn(self) -> None:
        """Warn the caller of the caller, once the file was read, of lines that were not valid."""
        if self.invalid.lines:
            warnings.warn(self.invalid.message(self.name), UnicodeWarning, stacklevel=5)

    def utf8(self, reading: Reading) -> Iterator[memoryview | bytes]:
        """Yield the text's bytes in UTF-8; ValueError where it begins like something else."""
        if reading.encoding is not None and is_text(self.file):
            raise ValueError("encoding= is for paths and binary files; this file gives str")
        encoding = checked_encoding(reading.encoding, reading.errors)
        text = self._checked(reading)
        if encoding is not None:
            text = to_utf8(text, encoding, reading.errors)
            self.invalid.marked = True
        return valid_lines(text, reading.errors, self.invalid) if reading.mends else text

    def _checked(self, reading: Reading) -> Iterator[memoryview | bytes]:
        parts = blocks(self.file, live=reading.live)
        first = bytearray()
        whole = True
        for part in parts:
            first += part
            if len(first) >= FIRST or (reading.live and b"\n" in first):
                whole = False
                break
        self.check(bytes(first[:FIRST]), whole, reading)
        yield bytes(first)
        yield from parts


def path_of(path: object) -> str:
    """Return a path as str; TypeError for what is none."""
    name = os.fspath(path) if isinstance(path, str | PathLike) else path
    if not isinstance(name, str):
        raise TypeError(f"expected a path (str or PathLike of str), got {type(name).__name__}")
    return name


def each_source(source: object, options: StorageOptions | None = None) -> list[Source]:
    """Return the files that a `path` argument names, one or many."""
    if isinstance(source, str) and is_url(source):
        urls = matching(source, options)
        if not urls:
            raise FileNotFoundError(errno.ENOENT, "no file matches", source)
        return list(urls)
    if isinstance(source, str) and glob.has_magic(source) and not Path(source).exists():
        matches = sorted(glob.glob(source, recursive=True))  # noqa: PTH207 (may be absolute)
        found = [path for path in matches if not Path(path).is_dir()]
        if not found:
            raise FileNotFoundError(errno.ENOENT, "no file matches", source)
        return list(found)
    if isinstance(source, str | PathLike) or is_file(source):
        return [cast(Source, source)]
    no_paths = (bytes, bytearray, memoryview, Mapping)
    if not isinstance(source, Iterable) or isinstance(source, no_paths):
        raise TypeError(f"expected a path, paths or a binary file, got {type(source).__name__}")
    sources = list(source)
    for i, item in enumerate(sources):
        if not isinstance(item, str | PathLike) and not is_file(item):
            kind = type(item).__name__
            raise TypeError(f"path {i}: expected a path or a binary file, got {kind}")
        if item == "-" and "-" in sources[:i]:
            raise ValueError("standard input can be read once only, and is named twice")
        if is_file(item) and any(item is other for other in sources[:i]):
            raise ValueError(f"path {i}: a file that is open can be read once only")
    return sources


def check_sources(sources: Iterable[Source], reading: Reading) -> None:
    """Raise now what opening files and reading their first bytes would raise later."""
    for source in sources:
        if not isinstance(source, str | PathLike) or source == "-":
            continue
        path = path_of(source)
        codec_of(name_in(path))
        try:
            is_regular = stat.S_ISREG(Path(path).stat().st_mode)
        except OSError:
            is_regular = True  # opening it says why
        if not is_regular and not Path(path).is_dir():
            continue  # a pipe can be opened once only
        with opened(path) as file:
            next(file.utf8(reading), None)


@contextmanager
def opened(source: Source, options: StorageOptions | None = None) -> Iterator[Opened]:
    """Open a file for reading, a URL with options; errors inside the ``with`` block name it."""
    if not isinstance(source, str | PathLike) and is_file(source):
        name = getattr(source, "name", None)
        name = name if isinstance(name, str) else None
        with naming(name):  # the caller's own file: not ours to close
            file = Opened(source, name or "the file")
            yield file
            file.warn()
        return
    path = path_of(source)
    if path == "-":
        with naming(_STDIN):
            file = Opened(standard_input(), _STDIN)
            yield file
            file.warn()
        return
    with naming(path):
        name = name_in(path)
        codec = codec_of(name)
        with open_url(path, options) if is_url(path) else io.FileIO(path) as raw:
            file = Opened(raw if codec is None else Decompressed(raw, codec), path, name)
            yield file
            file.warn()


def standard_input() -> AnyFile:
    """Return the file of standard input, in bytes if it has them."""
    stdin: Any = sys.stdin
    if stdin is None or stdin.closed:
        raise OSError(errno.EBADF, "it is closed", _STDIN)
    return cast(AnyFile, getattr(stdin, "buffer", stdin))


@contextmanager
def naming(name: str | None) -> Iterator[None]:
    """Put the name of a file before what is raised about it."""
    shown = name if name is None or name.isprintable() else repr(name)
    try:
        yield
    except EOFError as error:
        raise EOFError(f"{shown}: {error}" if name else str(error)) from error
    except OSError as error:
        if error.filename is not None or name is None or isinstance(error, io.UnsupportedOperation):
            raise
        if error.errno is not None:
            error.filename = name
            raise
        raise OSError(f"{shown}: {error}") from error
    except TextError:
        raise  # of another file, which was read within
    except ValueError as error:
        if name is None and type(error) is not ValueError:
            raise  # of the caller's own file
        raise located(error, name) from None


def read_words(source: Source, reading: Reading = _WORDS) -> list[str]:
    """Return the words of a file, one a line, by the rules of `count_file`."""
    return [word for words in word_parts(source, reading) for word in words]


def word_parts(source: Source, reading: Reading = _WORDS) -> Iterator[list[str]]:
    """Yield the words of a file some at a time, as they are read."""
    line, byte = 1, 0
    with opened(source) as file:
        for lines in whole_lines(file.utf8(reading)):
            try:
                text = lines.decode("utf-8")
            except UnicodeDecodeError as error:
                line += len(_LINE_END_BYTES.findall(lines[: error.start]))
                raise ValueError(
                    f"line {line}, byte {byte + error.start}: not valid UTF-8"
                ) from None
            parts = _LINE_END.split(text if byte else text.removeprefix("\ufeff"))
            line += len(parts) - 1
            byte += len(lines)
            yield list(filter(None, parts))


def weighted_parts(source: Source, reading: Reading) -> Iterator[tuple[list[str], list[int]]]:
    """Yield the words of a file and their weights some at a time, as `reading` says they stand."""
    assert reading.columns is not None
    lines = _core.WeightedLineReader(reading.columns)
    with opened(source) as file:
        try:
            for block in file.utf8(reading):
                yield lines.take(block)
            yield lines.end_text()
        except ValueError as error:
            if not file.invalid.lines:
                raise
            raise ValueError(file.invalid.renumbered(str(error))) from None


__all__ = [
    "TEXT",
    "BinaryFile",
    "Opened",
    "PathName",
    "Reading",
    "Source",
    "check_sources",
    "each_source",
    "naming",
    "opened",
    "read_words",
    "standard_input",
    "weighted_parts",
    "word_parts",
]
