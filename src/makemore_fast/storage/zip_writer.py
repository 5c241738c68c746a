"""A zip archive, written to a file that can seek.

NumPy's and Python's own writers hold the archive in an object that closes it: after Ctrl-C in
the middle they raise another error, or complain from a destructor. Nothing here has a state.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import IO, NamedTuple

_BLOCK = 1 << 20  # bytes compressed at a time, between which Ctrl-C is seen
_LIMIT = 0xFFFFFFFF  # stands for a number that is in the extra field
_VERSION = 45  # needed to read 64-bit sizes
_DATE = (1 << 5) | 1  # 1 January 1980, so that equal contents give equal files
_STORED = 0
_DEFLATED = 8
_EXTRA = 1  # the kind of the extra field of 64-bit numbers


class _Member(NamedTuple):
    name: bytes
    offset: int
    checksum: int
    compressed: int
    size: int
    method: int


def write_zip(
    file: IO[bytes],
    members: Iterable[tuple[str, Iterable[memoryview]]],
    compressed: bool = True,
) -> None:
    """Write an archive of named members, each given in parts."""
    method = _DEFLATED if compressed else _STORED
    written = [_write_member(file, name.encode(), parts, method) for name, parts in members]
    start = file.tell()
    for member in written:
        file.write(_entry(member))
    end = file.tell()
    n, size = len(written), end - start
    file.write(
        struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, _VERSION, _VERSION, 0, 0, n, n, size, start)
    )
    file.write(struct.pack("<4sIQI", b"PK\6\7", 0, end, 1))
    file.write(
        struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, n, n, min(size, _LIMIT), min(start, _LIMIT), 0)
    )


def _write_member(
    file: IO[bytes], name: bytes, parts: Iterable[memoryview], method: int
) -> _Member:
    begin = file.tell()
    file.write(_header(_Member(name, begin, 0, 0, 0, method)))
    compressor = zlib.compressobj(wbits=-15) if method == _DEFLATED else None
    checksum = compressed = size = 0
    for part in _blocks(parts):
        checksum = zlib.crc32(part, checksum)
        size += len(part)
        compressed += file.write(compressor.compress(part) if compressor else part)
    if compressor:
        compressed += file.write(compressor.flush())
    member = _Member(name, begin, checksum, compressed, size, method)
    end = file.tell()
    file.seek(begin)
    file.write(_header(member))
    file.seek(end)
    return member


def _blocks(parts: Iterable[memoryview]) -> Iterator[memoryview]:
    for part in parts:
        for at in range(0, len(part), _BLOCK):
            yield part[at : at + _BLOCK]


def _header(member: _Member) -> bytes:
    """Return what stands before a member."""
    extra = struct.pack("<HHQQ", _EXTRA, 16, member.size, member.compressed)
    fixed = struct.pack(
        "<4sHHHHHIIIHH", b"PK\3\4", _VERSION, 0, member.method, 0, _DATE, member.checksum,
        _LIMIT, _LIMIT, len(member.name), len(extra),
    )  # fmt: skip
    return fixed + member.name + extra


def _entry(member: _Member) -> bytes:
    """Return what the directory says of a member."""
    extra = struct.pack("<HHQQQ", _EXTRA, 24, member.size, member.compressed, member.offset)
    fixed = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\1\2", _VERSION, _VERSION, 0, member.method, 0, _DATE,
        member.checksum, _LIMIT, _LIMIT, len(member.name), len(extra), 0, 0, 0, 0, _LIMIT,
    )  # fmt: skip
    return fixed + member.name + extra
