"""Opening files of words: by suffix, with the path in every error."""

import bz2
import gzip
import io
import lzma
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from os import PathLike
from typing import BinaryIO, cast

Path = str | PathLike[str]
Source = Path | BinaryIO


def each_source(source: Source | Iterable[Path]) -> list[Source]:
    """Return the files that a `path` argument names, one or many."""
    if isinstance(source, str | PathLike) or hasattr(source, "readinto"):
        return [cast(Source, source)]
    if isinstance(source, bytes) or not isinstance(source, Iterable):
        raise TypeError(f"expected a path, paths or a binary file, got {type(source).__name__}")
    return list(source)


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """Open a file for reading bytes; errors inside the ``with`` block name its path."""
    if not isinstance(source, str | PathLike):
        yield source  # the caller's own file: not ours to close
        return
    path = os.fspath(source)
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


def read_words(source: Source) -> list[str]:
    """Return the words of a file, one a line, by the rules of `count_file`."""
    with opened(source) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline=None)
        words = [line.rstrip("\n") for line in text if line != "\n"]
        text.detach()
    return words


def _open(path: str) -> BinaryIO:
    if path.endswith(".gz"):
        return cast(BinaryIO, gzip.open(path, "rb"))
    if path.endswith(".bz2"):
        return cast(BinaryIO, bz2.open(path, "rb"))
    if path.endswith(".xz"):
        return cast(BinaryIO, lzma.open(path, "rb"))
    if path.endswith(".zst"):
        return _open_zstd(path)
    return cast(BinaryIO, open(path, "rb", buffering=0))  # noqa: SIM115, PTH123 (closed above)


def _open_zstd(path: str) -> BinaryIO:
    try:
        from compression import zstd  # Python 3.14 and newer
    except ImportError:
        try:
            from backports import zstd
        except ImportError:
            message = f"{path}: reading .zst needs Python 3.14 or: pip install backports.zstd"
            raise ImportError(message) from None
    return cast(BinaryIO, zstd.open(path, "rb"))
