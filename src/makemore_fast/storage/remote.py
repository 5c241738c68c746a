"""Files that a URL names: read through fsspec, which knows s3, gs, http and many more."""

import errno
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from makemore_fast.storage.fetching import FetchedPieces, ReadAhead, told_as_os_error

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")

#: What fsspec takes to reach a storage, such as ``{"anon": True}``.
StorageOptions = Mapping[str, Any]


class RemoteFile(NamedTuple):
    """Where a file is, and what is known of it."""

    files: Any  # fsspec's file system
    path: str  # in it
    size: int | None  # bytes; None if that is not known before it was read
    has_ranges: bool  # whether a part can be read without what is before it


def is_url(path: str) -> bool:
    """Tell whether a path is a URL, such as ``s3://bucket/names.txt``."""
    return _URL.match(path) is not None


def name_in(url: str) -> str:
    """Return the path that a URL holds, whose suffix says what the file is."""
    try:
        return urlsplit(url).path if _is_web(url) else url
    except ValueError:  # which whoever opens it says too
        return url


def matching(url: str, options: StorageOptions | None = None) -> list[str]:
    """Return the URLs that a URL stands for: itself, or the files that its pattern matches."""
    if _is_web(url) or not re.search(r"[*?[]", url):
        return [url]
    with _naming(url):
        files, path = _located(url, options)
        found = [name for name in sorted(files.glob(path)) if files.isfile(name)]
    return [files.unstrip_protocol(name) for name in found]


def remote_file(url: str, options: StorageOptions | None = None) -> RemoteFile:
    """Look for the file of a URL; FileNotFoundError if there is none."""
    with _naming(url):
        files, path = _located(url, options)
        facts = files.info(path)
        if facts.get("type") == "directory":
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), url)
        size = facts.get("size")
        known = size if isinstance(size, int) and size >= 0 else None
        ranges = known is not None and (not _is_web(url) or _sends_parts(files, path, known))
        return RemoteFile(files, path, known, ranges)


@contextmanager
def open_url(url: str, options: StorageOptions | None = None) -> Iterator[Any]:
    """Open the file of a URL for reading bytes; errors that have no name of it get one.

    What comes next is fetched while what came is worked on.
    """
    found = remote_file(url, options)
    if found.has_ranges and found.size is not None:
        with FetchedPieces(found.files, found.path, 0, found.size) as pieces:
            yield pieces
        return
    with _naming(url):
        file = found.files.open(found.path, "rb")
    with ReadAhead(file) as ahead:
        yield ahead


@contextmanager
def _naming(url: str) -> Iterator[None]:
    try:
        with told_as_os_error():
            yield
    except FileNotFoundError as error:
        cause = error.__cause__
        if cause is None or isinstance(cause, FileNotFoundError) or _is_no_file(cause):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), url) from None
        # What fsspec says of a server that refuses, fails or is not there too.
        raise OSError(errno.EIO, f"{type(cause).__name__}: {cause}", url) from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise OSError(errno.EIO, str(error), url) from error
    except ImportError as error:  # fsspec, or the package of a protocol
        raise ImportError(f"{url}: {error}") from error


def _is_no_file(error: BaseException) -> bool:
    """Tell whether it is the answer of a web server that has no such file."""
    return getattr(error, "status", None) in (404, 410)


def _located(url: str, options: StorageOptions | None) -> tuple[Any, str]:
    try:
        fsspec: Any = import_module("fsspec")
    except ImportError:
        raise ImportError("a URL needs fsspec: pip install 'makemore_fast[cloud]'") from None
    files, path = fsspec.core.url_to_fs(url, **dict(options or {}))
    return files, path


def _sends_parts(files: Any, path: str, size: int) -> bool:
    """Ask a web server for one byte: some send all of a file instead."""
    if size < 2:
        return False
    try:
        with files.open(path, "rb", cache_type="none") as file:
            file.seek(1)
            return len(file.read(1)) == 1
    except ValueError:  # what fsspec says of them
        return False


def _is_web(url: str) -> bool:
    found = _URL.match(url)
    return found is not None and found[1].lower() in ("http", "https")
