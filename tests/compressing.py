"""Compresses as the programs of the shell do, for the tests of what reads it again."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from importlib import import_module
from typing import Any


def _zstd(data: bytes) -> bytes:
    """Compress with a checksum, which the command zstd adds and Python's module does not."""
    module: Any = zstd_module()
    return bytes(module.compress(data, options={module.CompressionParameter.checksum_flag: 1}))


def zstd_module() -> Any:
    for name in ("compression.zstd", "backports.zstd"):
        try:
            return import_module(name)
        except ImportError:
            continue
    return None


#: By the suffix; no clock stands in what they give.
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": lambda data: gzip.compress(data, mtime=0),
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
}
if zstd_module() is not None:
    COMPRESS[".zst"] = _zstd
