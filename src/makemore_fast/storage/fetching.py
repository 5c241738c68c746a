"""Bytes from a network: fetched in large pieces, some of them ahead of where they are read."""

import io
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from functools import partial
from typing import Any

PIECE = 8 << 20  # bytes: a request takes much longer than its answer starts to
_AHEAD = 4  # pieces
_POLL = 0.1  # seconds between two looks for Ctrl-C


class _Ahead(io.RawIOBase):
    """What is read of pieces that threads get, each while those before it are worked on."""

    _waits = False  # for a request that nobody wants any more

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, "makemore_fast-fetch")
        self._coming: deque[Future[bytes]] = deque()
        self._piece = memoryview(b"")
        self._asked = self._requests()
        for _ in range(threads):
            self._ask()

    def _requests(self) -> Iterator[Callable[[], bytes]]:
        """Yield what gets the next piece; an empty piece is the end."""
        raise NotImplementedError

    def _ask(self) -> None:
        request = next(self._asked, None)
        if request is not None:
            self._coming.append(self._pool.submit(request))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer)
        while not self._piece and self._coming:
            piece = memoryview(_result(self._coming.popleft()))
            if piece:
                self._ask()
            self._piece = piece
        size = min(len(view), len(self._piece))
        view[:size] = self._piece[:size]
        self._piece = self._piece[size:]
        return size

    def close(self) -> None:
        if not self.closed:
            self._coming.clear()
            self._pool.shutdown(wait=self._waits, cancel_futures=True)
        super().close()


class FetchedPieces(_Ahead):
    """The bytes [start, stop) of a file of which parts can be read."""

    def __init__(self, files: Any, path: str, start: int, stop: int) -> None:
        self._where = files, path, start, stop
        super().__init__(_AHEAD)

    def _requests(self) -> Iterator[Callable[[], bytes]]:
        files, path, start, stop = self._where
        for first in range(start, stop, PIECE):
            last = min(first + PIECE, stop)
            yield partial(fetched, files, path, first, last)


class ReadAhead(_Ahead):
    """What a file has that can only be read from its start on."""

    _waits = True  # the file is closed next

    def __init__(self, file: Any) -> None:
        self._file = file
        super().__init__(1)

    def _requests(self) -> Iterator[Callable[[], bytes]]:
        while True:
            yield self._next

    def _next(self) -> bytes:
        part: bytes = self._file.read(PIECE)
        return part


def fetched(files: Any, path: str, start: int, stop: int) -> bytes:
    """Return bytes of a file; OSError if there are not so many."""
    part: bytes = files.cat_file(path, start=start, end=stop)
    if len(part) != stop - start:
        raise OSError(
            f"asked for {stop - start} bytes from byte {start} on, got {len(part)}: "
            "the file was changed or cut short"
        )
    return part


def _result(coming: "Future[bytes]") -> bytes:
    while True:
        try:
            return coming.result(_POLL)
        except NotYet:
            if coming.done():
                return coming.result()
