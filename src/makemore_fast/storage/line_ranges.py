"""The lines of a remote file that begin in a range of bytes, as the core finds them in plain files.

A line begins at byte 0 and behind each line end, so that every line is in one of the ranges that
cover a file. Only what is asked for is fetched, and some bytes around its two ends.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from makemore_fast.storage.fetching import FetchedPieces, fetched
from makemore_fast.storage.recognition import FIRST
from makemore_fast.storage.remote import RemoteFile

_LOOK = 1 << 12  # bytes fetched first to find where a line begins
_LINE_END = re.compile(rb"\r\n|\n|\r")
_LINE_END_OR_NOT = re.compile(rb"\r\n|\n|\r(?=.)", re.DOTALL)  # without a \r that may go on


class OpenRange(NamedTuple):
    """A range that is open for reading."""

    file: FetchedPieces
    begin: int  # the place of its first line
    first: bytes  # what the whole file begins with
    size: int  # of the whole file


@contextmanager
def open_range(remote: RemoteFile, start: int, stop: int) -> Iterator[OpenRange]:
    """Open the lines that begin in [start, stop); the file has ranges."""
    assert remote.size is not None
    size = remote.size
    stop = min(stop, size)
    begin = _next_begin(remote, start, size) if start < stop else stop
    end = _next_begin(remote, stop, size) if begin < stop else begin
    first = fetched(remote.files, remote.path, 0, min(FIRST, size)) if size else b""
    with FetchedPieces(remote.files, remote.path, begin, end) as pieces:
        yield OpenRange(pieces, begin, first, size)


def lines_before(remote: RemoteFile, place: int) -> int:
    """Return how many lines end before a place where one begins."""
    lines, ended_by_return = 0, False
    with FetchedPieces(remote.files, remote.path, 0, place) as pieces:
        while part := pieces.read(1 << 20):
            lines += len(_LINE_END.findall(part)) - (ended_by_return and part[:1] == b"\n")
            ended_by_return = part[-1:] == b"\r"
    return lines


def _next_begin(remote: RemoteFile, place: int, size: int) -> int:
    """Return the first place from one on where a line begins; the size if there is none."""
    if place == 0 or place >= size:
        return min(place, size)
    at, look = place - 1, _LOOK
    while at < size:
        part = fetched(remote.files, remote.path, at, min(at + look, size))
        if found := _LINE_END_OR_NOT.search(part):
            return at + found.end()
        # A \r that ends what was fetched is looked at again, with what follows it.
        at += len(part) - (part[-1:] == b"\r" and at + len(part) < size)
        look = min(2 * look, 1 << 23)
    return size
