"""Files to read: those that are written for a test, and objects that give a few bytes at a time."""

import io
from pathlib import Path
from typing import Any


def written(folder: Path, content: bytes, name: str = "words.txt") -> Path:
    """Write a file, and return its path."""
    path = folder / name
    path.write_bytes(content)
    return path


class Filling:
    """A file that has readinto() and nothing else."""

    def __init__(self, content: bytes, size: int) -> None:
        self._content = io.BytesIO(content)
        self._size = size

    def readinto(self, buffer: Any, /) -> int:
        return self._content.readinto(memoryview(buffer)[: self._size])


class Dribble(Filling, io.RawIOBase):
    """A raw file of Python's."""

    def readable(self) -> bool:
        return True
