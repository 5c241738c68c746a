"""Parts of files: lines by the places of their first bytes."""

import os
from typing import NamedTuple

from makemore_fast.options import whole_number
from makemore_fast.storage.files import Opened, Reading, Source

_MOST = 2**63 - 1  # bytes of a file


class ByteRange(NamedTuple):
    """The lines of a file that begin in [start, stop)."""

    start: int
    stop: int

    def clipped(self, size: int) -> "ByteRange":
        """Return the part of it in a file of so many bytes."""
        return ByteRange(min(self.start, size), min(self.stop, size))


#: All of a file.
WHOLE = ByteRange(0, _MOST)


def checked_range(start: object, stop: object) -> ByteRange | None:
    """Return a range of bytes; None for all of a file."""
    first = whole_number("start", start)
    last = max(first, _MOST) if stop is None else whole_number("stop", stop, "an int or None")
    if first < 0 or last < first:
        raise ValueError(f"start and stop must be 0 <= start <= stop, got {start} and {stop}")
    if first == 0 and stop is None:
        return None
    return ByteRange(min(first, _MOST), min(last, _MOST))


def check_source(sources: list[Source], reading: Reading) -> None:
    """Raise ValueError if these are not one path to UTF-8 text, of which a part can be read."""
    if len(sources) != 1:
        raise ValueError(f"start= and stop= are for one file, got {len(sources)}")
    if not isinstance(sources[0], str | os.PathLike) or sources[0] == "-":
        raise ValueError("start= and stop= are for a path; an open file is read from where it is")
    if reading.decodes:
        raise ValueError("start= and stop= are for UTF-8: other text is read from its start on")


def check_opened(file: Opened) -> None:
    """Raise ValueError for a file that cannot be read anywhere."""
    if not file.is_empty():
        raise ValueError(
            "start= and stop= are for a plain file; a pipe, a URL and what is compressed are read "
            "from the start on"
        )
