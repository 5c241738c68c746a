"""Opening files of words: by suffix, with the path in every error."""

import bz2
import errno
import glob
import gzip
import io
import lzma
import os
import re
import secrets
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import IO, Any, Protocol, cast


class BinaryFile(Protocol):
    """What is needed of a file that is open for reading bytes."""

    def readinto(self, buffer: Any, /) -> int | None: ...  # noqa: D102


class OpenedFile(io.FileIO):
    """A file opened here, unlike one that a caller gave."""


COMPRESSED = (gzip.GzipFile, bz2.BZ2File, lzma.LZMAFile)

_LINE_END = re.compile(r"\r\n|\n|\r")
_LINE_END_BYTES = re.compile(rb"\r\n|\n|\r")

PathName = str | PathLike[str]
Source = PathName | BinaryFile


def each_source(source: object) -> list[Source]:
    """Return the files that a `path` argument names, one or many."""
    if isinstance(source, str) and glob.has_magic(source) and not Path(source).exists():
        found = sorted(glob.glob(source, recursive=True))  # noqa: PTH207 (a pattern may be absolute)
        if not found:
            raise FileNotFoundError(errno.ENOENT, "no file matches", source)
        return list(found)
    if isinstance(source, str | PathLike):
        return [source]
    if hasattr(source, "readinto"):
        return [cast(BinaryFile, source)]
    if isinstance(source, Iterable) and not isinstance(source, bytes):
        return list(source)
    raise TypeError(f"expected a path, paths or a binary file, got {type(source).__name__}")


@contextmanager
def opened(source: Source) -> Iterator[BinaryFile]:
    """Open a file for reading bytes; errors inside the ``with`` block name its path."""
    if not isinstance(source, str | PathLike):
        yield source  # the caller's own file: not ours to close
        return
    path = os.fspath(source)
    if path == "-":
        yield cast(BinaryFile, sys.stdin.buffer)
        return
    try:
        with _open(path) as file:
            yield file
    except EOFError as error:
        raise EOFError(f"{path}: {error}") from error
    except (lzma.LZMAError, zlib.error) as error:
        raise OSError(f"{path}: {error}") from error
    except OSError as error:
        if error.filename is None:
            raise OSError(f"{path}: {error}") from error
        raise
    except ValueError as error:
        raise ValueError(f"{path}, {error}") from None


@contextmanager
def replacing(path: PathName) -> Iterator[IO[bytes]]:
    """Open a new file beside `path`, which it replaces once all is written."""
    target = Path(path)
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            yield file
        beside.replace(target)
    except BaseException as error:
        beside.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename == str(beside):
            error.filename = str(target)  # the name that the caller knows
        raise


def read_words(source: Source) -> list[str]:
    """Return the words of a file, one a line, by the rules of `count_file`."""
    with opened(source) as file:
        content = read_all(file)
        try:
            text = content.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            line = len(_LINE_END_BYTES.findall(content[: error.start])) + 1
            raise ValueError(f"line {line}, byte {error.start}: not valid UTF-8") from None
    return [word for word in _LINE_END.split(text) if word]


def read_all(file: BinaryFile) -> bytearray:
    """Return all bytes of a file."""
    content = bytearray()
    view = memoryview(bytearray(1 << 20))
    while size := file.readinto(view):
        content += view[:size]
    return content


def compressed(file: IO[bytes], path: PathName) -> AbstractContextManager[IO[bytes]]:
    """Return where to write bytes that are to be compressed into a file, by a path's suffix."""
    codec = _codec(os.fspath(path))
    return nullcontext(file) if codec is None else codec.open(file, "wb")


def _open(path: str) -> Any:
    codec = _codec(path)
    return OpenedFile(path) if codec is None else codec.open(path, "rb")


def _codec(path: str) -> Any:
    """Return the module that a file is compressed with."""
    if path.endswith(".gz"):
        return gzip
    if path.endswith(".bz2"):
        return bz2
    if path.endswith(".xz"):
        return lzma
    return _zstd(path) if path.endswith(".zst") else None


def _zstd(path: str) -> Any:
    for module in ("compression.zstd", "backports.zstd"):  # in Python 3.14; from PyPI
        try:
            return import_module(module)
        except ImportError:
            continue
    raise ImportError(f"{path}: .zst needs Python 3.14 or: pip install backports.zstd")
