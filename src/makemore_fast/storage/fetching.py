"""Bytes from a network: fetched in large pieces, some of them ahead of where they are read."""

import io
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any

from makemore_fast.late import Late

if TYPE_CHECKING:
    from concurrent import futures
else:
    futures = Late("concurrent.futures")

PIECE = 8 << 20  # bytes: a request takes much longer than its answer starts to
_AHEAD = 4  # pieces
_POLL = 0.1  # seconds between two looks for Ctrl-C


@contextmanager
def told_as_os_error() -> Iterator[None]:
    """Raise as OSError whatever else a file system of fsspec, and what it stands on, may raise."""
    try:
        yield
    except (OSError, EOFError, ValueError, ImportError, MemoryError):
        raise
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error}" if str(error) else repr(error)) from error


class _Ahead(io.RawIOBase):
    """What is read of pieces that threads get, each while those before it are worked on."""

    def __init__(self, pieces: int) -> None:
        self._coming: deque[futures.Future[bytes]] = deque()
        self._piece = memoryview(b"")
        self._asked = self._requests()
        for _ in range(pieces):
            self._ask()

    def _requests(self) -> Iterator[Callable[[], bytes]]:
        """Yield what gets the next piece; an empty piece is the end."""
        raise NotImplementedError

    def _ask(self) -> None:
        request = next(self._asked, None)
        if request is None:
            return
        piece: futures.Future[bytes] = futures.Future()
        self._coming.append(piece)
        # A daemon: Ctrl-C and the end of the program wait for no answer that nobody wants any more.
        Thread(target=_answer, args=(piece, request), daemon=True).start()

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
    """What a file has that can only be read from its start on; closes it, too."""

    def __init__(self, file: Any) -> None:
        self._file = file
        super().__init__(1)

    def _requests(self) -> Iterator[Callable[[], bytes]]:
        while True:
            yield self._next

    def _next(self) -> bytes:
        with told_as_os_error():
            part: bytes = self._file.read(PIECE)
        return part

    def close(self) -> None:
        """Close the file, once nothing reads it any more."""
        if not self.closed:
            if self._coming:  # it is being read
                self._coming.pop().add_done_callback(lambda _: self._file.close())
            else:
                self._file.close()
        super().close()


def _answer(piece: "futures.Future[bytes]", request: Callable[[], bytes]) -> None:
    try:
        piece.set_result(request())
    except BaseException as error:  # raised where the piece is asked for
        piece.set_exception(error)


def fetched(files: Any, path: str, start: int, stop: int) -> bytes:
    """Return bytes of a file; OSError if there are not so many."""
    with told_as_os_error():
        part: bytes = files.cat_file(path, start=start, end=stop)
    if len(part) != stop - start:
        raise OSError(
            f"asked for {stop - start} bytes from byte {start} on, got {len(part)}: "
            "the file was changed or cut short"
        )
    return part


def _result(coming: "futures.Future[bytes]") -> bytes:
    while True:
        try:
            return coming.result(_POLL)
        except futures.TimeoutError:
            if coming.done():
                return coming.result()
