"""Where counts go that memory has no room for: a temporary file."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from makemore_fast.sizes import size_in_bytes


class Room(NamedTuple):
    """How much memory counting may take, and the file for what takes more."""

    memory: int = 0  # bytes; 0: as much as it takes
    descriptor: int = -1
    folder: bytes = b""  # which errors name


@contextmanager
def room_for(memory: int | str | None) -> Iterator[Room]:
    """Give counting so much memory, and a file that is gone afterwards, whatever happens."""
    if memory is None:
        yield Room()
        return
    size = size_in_bytes(memory, "memory")
    with tempfile.TemporaryFile(prefix="makemore_fast-", buffering=0) as file:
        yield Room(size, file.fileno(), os.fsencode(tempfile.gettempdir()))
