"""Blocks of bytes from any file that is open for reading, whatever its reads return."""

import codecs
import errno
import io
import os
import selectors
import stat
from collections.abc import Iterator
from queue import SimpleQueue
from threading import Thread
from typing import Any, Protocol, TypeAlias

BLOCK = 1 << 20  # bytes read at a time
_POLL = 0.1  # seconds between two looks for Ctrl-C, where a wait does not end by it


class BinaryFile(Protocol):
    """What is needed of a file that is open for reading bytes."""

    def readinto(self, buffer: Any, /) -> int | None: ...  # noqa: D102


class ReadableFile(Protocol):
    """What is needed of a file that is open for reading bytes or text."""

    def read(self, size: int, /) -> Any: ...  # noqa: D102


AnyFile: TypeAlias = BinaryFile | ReadableFile


def is_file(thing: object) -> bool:
    """Tell whether something is a file that is open, by what it can do."""
    return hasattr(thing, "read") or hasattr(thing, "readinto")


def is_text(file: Any) -> bool:
    """Tell whether a file that is open gives str and not bytes."""
    if isinstance(file, io.TextIOBase | codecs.StreamReader | codecs.StreamReaderWriter):
        return True
    if isinstance(file, io.RawIOBase | io.BufferedIOBase) or not hasattr(file, "read"):
        return False
    return isinstance(file.read(0), str)


def fill(file: BinaryFile, view: memoryview) -> int:
    """Read into a buffer what there is, and wait if that is nothing yet; 0 at the end."""
    while (size := file.readinto(view)) is None:
        _wait(file)
    if not 0 <= size <= len(view):
        raise OSError(f"readinto() returned {size} for a buffer of {len(view)} bytes")
    return size


class _AsItComes:
    """A buffered file whose reads give what there is, and do not wait until a buffer is full."""

    def __init__(self, file: Any) -> None:
        self.readinto = file.readinto1
        self.fileno = file.fileno


def blocks(file: AnyFile, *, live: bool = False) -> Iterator[memoryview | bytes]:
    """Yield a file's bytes, text as UTF-8, in blocks that hold until the next is asked for.

    A lone surrogate in a text becomes what is not valid in UTF-8. If it is `live`, what came
    through a pipe so far is a block, however short.
    """
    given: Any = file
    if is_text(given):
        if not _is_plain_utf8(given):
            yield from _parts(given)
            return
        given = given.buffer
    if not hasattr(given, "readinto"):
        yield from _parts(given)
    elif isinstance(given, io.RawIOBase | io.BufferedReader) or not _is_regular(given):
        # What is read from a pipe or a terminal may never come, and a thread that waits for
        # it could not be stopped by Ctrl-C.
        view = memoryview(bytearray(BLOCK))
        ready = _AsItComes(given) if live and isinstance(given, io.BufferedReader) else given
        while size := fill(ready, view):
            yield view[:size]
    else:
        yield from _blocks_ahead(given)


def _blocks_ahead(file: BinaryFile) -> Iterator[memoryview]:
    """Yield blocks, each unpacked while the one before it is worked on."""
    asked: SimpleQueue[memoryview | None] = SimpleQueue()
    filled: SimpleQueue[int | BaseException] = SimpleQueue()

    def read() -> None:
        while (view := asked.get()) is not None:
            try:
                filled.put(fill(file, view))
            except BaseException as error:  # raised where the block is asked for
                filled.put(error)

    # A daemon: the end of the program waits for no block that nobody wants any more.
    reader = Thread(target=read, daemon=True)
    now, later = memoryview(bytearray(BLOCK)), memoryview(bytearray(BLOCK))
    try:
        reader.start()
        asked.put(now)
        while size := _whole(filled.get()):
            asked.put(later)
            yield now[:size]
            now, later = later, now
    finally:
        asked.put(None)
        if reader.is_alive():
            reader.join()  # nobody else may use the file before


def _whole(size: int | BaseException) -> int:
    if isinstance(size, BaseException):
        raise size
    return size


def _parts(file: Any) -> Iterator[bytes]:
    """Yield what a file without readinto() gives."""
    while True:
        part = file.read(BLOCK)
        if part is None:
            _wait(file)
        elif isinstance(part, str):
            if not part:
                return
            yield part.encode("utf-8", "surrogatepass")
        elif isinstance(part, bytes | bytearray | memoryview):
            if not part:
                return
            yield bytes(part)
        else:
            raise TypeError(f"read() returned {type(part).__name__}, expected bytes or str")


def _is_plain_utf8(file: Any) -> bool:
    """Tell whether a text file's own bytes are what it is asked for: from its start, in UTF-8."""
    if not isinstance(file, io.TextIOWrapper) or file.errors != "strict":
        return False
    try:
        return codecs.lookup(file.encoding).name == "utf-8" and file.seekable() and not file.tell()
    except OSError:  # of what has been iterated over
        return False


def _is_regular(file: Any) -> bool:
    try:
        return stat.S_ISREG(os.fstat(file.fileno()).st_mode)
    except (AttributeError, OSError, TypeError, ValueError):
        return False


def _wait(file: Any) -> None:
    """Wait until a file in non-blocking mode has something to read."""
    try:
        descriptor = file.fileno()
        with getattr(selectors, "PollSelector", selectors.SelectSelector)() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            selector.select(_POLL)
    except (AttributeError, OSError, ValueError):
        raise BlockingIOError(
            errno.EAGAIN, "the file is in non-blocking mode and has nothing to read yet"
        ) from None
