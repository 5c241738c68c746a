"""Files that a URL names: read through fsspec, which knows s3, gs, http and many more."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")


def is_url(path: str) -> bool:
    """Tell whether a path is a URL, such as ``s3://bucket/names.txt``."""
    return _URL.match(path) is not None


def name_in(url: str) -> str:
    """Return the path that a URL holds, whose suffix says what the file is."""
    return urlsplit(url).path if _scheme(url) in ("http", "https") else url


def matching(url: str) -> list[str]:
    """Return the URLs that a URL stands for: itself, or the files that its pattern matches."""
    if _scheme(url) in ("http", "https") or not re.search(r"[*?[]", url):
        return [url]
    try:
        files, path = _fsspec().core.url_to_fs(url)
    except ImportError as error:
        raise ImportError(_named(url, error)) from error
    return [files.unstrip_protocol(name) for name in sorted(files.glob(path)) if files.isfile(name)]


@contextmanager
def open_url(url: str) -> Iterator[Any]:
    """Open the file of a URL for reading bytes; errors that have no name of it get one."""
    try:
        file = _fsspec().open(url, "rb").open()
    except FileNotFoundError:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), url) from None
    except ImportError as error:  # the package of a protocol
        raise ImportError(_named(url, error)) from error
    with file:
        yield file


def _scheme(url: str) -> str:
    found = _URL.match(url)
    return "" if found is None else found[1].lower()


def _fsspec() -> Any:
    try:
        return import_module("fsspec")
    except ImportError:
        raise ImportError("a URL needs fsspec: pip install 'makemore_fast[cloud]'") from None


def _named(url: str, error: ImportError) -> str:
    return f"{url}: {error}"
