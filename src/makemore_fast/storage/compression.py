"""Compressed files: any number of streams, read to the last byte or with an error."""

import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from makemore_fast.late import Late
from makemore_fast.storage.blocks import BinaryFile, fill

if TYPE_CHECKING:
    import bz2
    import lzma
else:
    bz2, lzma = Late("bz2"), Late("lzma")

_BLOCK = 1 << 17  # bytes of compressed data read at a time


class Codec(NamedTuple):
    """How a kind of compressed file is read and written."""

    name: str
    starts: tuple[bytes, ...]  # one of which each stream begins with
    padding: int  # zero bytes behind a stream come in multiples of this; 0: there may be none
    decompressor: Callable[[], Any]
    compressor: Callable[[], Any]
    error: type[Exception]  # of damaged data


class Writer(Protocol):
    """What is needed of a file that bytes are written to."""

    def write(self, part: bytes, /) -> Any: ...  # noqa: D102


class _GzipDecompressor:
    """zlib's decompressor with the interface of the others."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(wbits=31)

    def decompress(self, data: bytes, most: int) -> bytes:
        return self._stream.decompress(self._stream.unconsumed_tail + data, most)

    @property
    def needs_input(self) -> bool:
        return not self._stream.unconsumed_tail

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data


def _gzip(_path: str) -> Codec:
    return Codec(
        "gzip", (b"\x1f\x8b",), 1, _GzipDecompressor,
        lambda: zlib.compressobj(wbits=31), zlib.error,
    )  # fmt: skip


def _bzip2(_path: str) -> Codec:
    return Codec("bzip2", (b"BZh",), 0, bz2.BZ2Decompressor, bz2.BZ2Compressor, OSError)


def _xz(_path: str) -> Codec:
    return Codec(
        "xz", (b"\xfd7zXZ\0",), 4, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ),
        lzma.LZMACompressor, lzma.LZMAError,
    )  # fmt: skip


def _zstd(path: str) -> Codec:
    for name in ("compression.zstd", "backports.zstd"):  # in Python 3.14; from PyPI
        try:
            module: Any = import_module(name)
        except ImportError:
            continue
        skippable = tuple(bytes([byte]) + b"*M\x18" for byte in range(0x50, 0x60))
        return Codec(
            "zstd", (b"\x28\xb5\x2f\xfd", *skippable), 0, module.ZstdDecompressor,
            module.ZstdCompressor, module.ZstdError,
        )  # fmt: skip
    raise ImportError(f"{path}: .zst needs Python 3.14 or: pip install backports.zstd")


_CODECS: dict[str, Callable[[str], Codec]] = {
    ".gz": _gzip,
    ".bz2": _bzip2,
    ".xz": _xz,
    ".zst": _zstd,
}


def codec_of(path: str) -> Codec | None:
    """Return how a file is compressed by its name; None if it is not."""
    suffix = os.path.splitext(path)[1].lower()  # noqa: PTH122 (a Path would cost more than it says)
    codec = _CODECS.get(suffix)
    return None if codec is None else codec(path)


class Decompressed:
    """The bytes that the streams of a compressed file hold, one stream after another.

    Unlike the files of Python's own modules, which take whatever they cannot read behind the
    first stream for the end: that is an OSError here, and a stream cut short an EOFError.
    """

    def __init__(self, file: BinaryFile, codec: Codec) -> None:
        self._file = file
        self._codec = codec
        self._stream: Any = None
        self._waiting = b""  # compressed bytes behind the last stream
        self._started = False

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer as far as one step of the decompressor goes; 0 at the end."""
        view = memoryview(buffer)
        part = self._next(len(view))
        view[: len(part)] = part
        return len(part)

    def _next(self, most: int) -> bytes:
        while True:
            if self._stream is None and not self._begin():
                return b""
            data, ended = b"", False
            if self._stream.needs_input:
                data, self._waiting = self._waiting or self._read(), b""
                ended = not data
            try:
                part: bytes = self._stream.decompress(data, most)
            except self._codec.error as error:
                raise OSError(f"damaged {self._codec.name} data: {error}") from error
            if self._stream.eof:
                self._waiting, self._stream = self._stream.unused_data, None
            elif ended and not part:
                raise self._cut()
            if part:
                return part

    def _begin(self) -> bool:
        """Find the next stream behind any padding; False if there is none."""
        name, starts, padding = self._codec[:3]
        data, zeros = self._waiting, 0
        while True:
            if padding and self._started:
                kept = data.lstrip(b"\0")
                zeros += len(data) - len(kept)
                data = kept
            if len(data) >= len(starts[0]) or not (more := self._read()):
                break
            data += more
        if padding and zeros % padding:
            raise OSError(
                f"damaged {name} data: {zeros} zero bytes behind a stream, no multiple of {padding}"
            )
        if not data and self._started:
            return False
        if not data.startswith(starts):
            if any(start.startswith(data) for start in starts):
                raise self._cut()
            if self._started:
                raise OSError(f"damaged {name} data: what follows a stream is not another one")
            raise OSError(f"not {name} data, which the file's name promises")
        self._stream, self._waiting = self._codec.decompressor(), data
        self._started = True
        return True

    def _cut(self) -> EOFError:
        return EOFError(f"the {self._codec.name} data end before the end of their stream")

    def _read(self) -> bytes:
        view = memoryview(bytearray(_BLOCK))
        return bytes(view[: fill(self._file, view)])


class _Compressing:
    def __init__(self, file: Writer, compressor: Any) -> None:
        self._file = file
        self._compressor = compressor

    def write(self, part: bytes, /) -> None:
        self._file.write(self._compressor.compress(part))


@contextmanager
def compressed(file: Writer, path: str | os.PathLike[str]) -> Iterator[Writer]:
    """Yield where to write bytes that are to be compressed into a file, by a path's suffix.

    Equal bytes give equal files: no clock goes into them.
    """
    codec = codec_of(os.fspath(path))
    if codec is None:
        yield file
        return
    compressor = codec.compressor()
    yield _Compressing(file, compressor)
    file.write(compressor.flush())
