"""Writing files: all of it is there in the end, or nothing has changed."""

import errno
import io
import os
import re
import secrets
import shutil
import signal
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from os import PathLike
from types import FrameType
from typing import IO, Any, Protocol, TypeAlias, cast

from makemore_fast.storage.files import path_of

_IN_MEMORY = 1 << 24  # bytes kept in memory of what goes to a pipe
_ON_WINDOWS = os.name == "nt"
_PAUSES = (0.01, 0.05, 0.2, 0.5)  # seconds; what looks for viruses opens each new file for a moment
_IN_PLACE = (errno.EBUSY, errno.EXDEV, errno.EPERM, errno.EACCES)  # of a rename


class WritableFile(Protocol):
    """What is needed of a file that is open for writing bytes."""

    def write(self, content: Any, /) -> Any: ...  # noqa: D102


#: Where something is written: a path, or a file that is open.
Target: TypeAlias = str | PathLike[str] | WritableFile


class _Place:
    """Where a path leads: a descriptor, a regular file that may not be there yet, or another."""

    def __init__(self, path: str) -> None:
        self.descriptor: int | None = None
        self.status: os.stat_result | None = None
        self.path = self._resolved(path)
        if self.descriptor is not None:
            return
        if not path:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        with suppress(FileNotFoundError):
            self.status = os.stat(self.path)  # noqa: PTH116
        if self.status is not None and not os.access(self.path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        if os.path.isdir(self.path) or not os.path.basename(self.path):  # noqa: PTH112, PTH119
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)

    @property
    def replaceable(self) -> bool:
        """Whether another file can take the place."""
        is_regular = self.status is None or stat.S_ISREG(self.status.st_mode)
        return self.descriptor is None and is_regular and not self.path.startswith("/proc/")

    @property
    def folder(self) -> str:
        return os.path.dirname(self.path) or os.curdir  # noqa: PTH120

    def _resolved(self, path: str) -> str:
        """Follow links, up to one that stands for a descriptor of this process."""
        for _ in range(64):
            folder = os.path.realpath(os.path.dirname(path))  # noqa: PTH120
            name = os.path.basename(path)  # noqa: PTH119
            own = re.fullmatch(rf"/dev/fd|/proc/{os.getpid()}(/task/\d+)?/fd", folder)
            if own and name.isdecimal():
                self.descriptor = int(name)
                return path
            if folder.startswith("/proc/"):
                return os.path.join(folder, name)  # noqa: PTH118
            try:
                path = os.path.join(folder, os.readlink(path))  # noqa: PTH115, PTH118
            except (OSError, ValueError):  # no link, or nothing there
                return path
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)


@contextmanager
def replacing(path: str | PathLike[str]) -> Iterator[IO[bytes]]:
    """Open a file, which can seek, for what is to stand at a path once all is written.

    A regular file is written beside the place, flushed to the disk and renamed, so that a reader
    sees the old or the new one; links are followed, and mode, owner and attributes kept where
    that is allowed. Where it cannot be renamed or made (a bind mount, a folder that is
    read-only), the old one is written over, if there is room. Anything else (a pipe, a
    device) gets what was written. After an error or Ctrl-C no file is left behind.
    """
    given = path_of(path)
    beside: str | None = None
    ours = [None, given]
    try:
        place = _Place(given)
        if place.replaceable:
            beside = os.path.join(place.folder, f".{secrets.token_hex(8)}.tmp")  # noqa: PTH118
        ours += [beside, place.path]
        scratch, is_beside = _scratch(beside, place)
        with scratch as file:
            yield file
            file.flush()
            if beside is not None and is_beside:
                os.fsync(file.fileno())
                file.close()
                _rename(beside, place)
            elif place.replaceable:
                _to_the_end(lambda: _overwrite(place.path, file))
            else:
                _pass_on(place, file)
    except OSError as error:
        if error.errno is None or error.filename not in ours:
            raise
        raise _named(error, given) from None  # the name that the caller knows
    finally:
        if beside is not None:
            with suppress(OSError):
                os.unlink(beside)  # noqa: PTH108


@contextmanager
def writing(target: Target) -> Iterator[IO[bytes]]:
    """Open a file, which can seek, for what is to go to a path or to a file that is open.

    A path is treated as by `replacing`. An open file gets all that was written once it is whole,
    from where it stands; it is not closed.
    """
    path = path_in(target)
    if path is not None:
        with replacing(path) as file:
            yield file
        return
    if isinstance(target, io.TextIOBase):
        raise TypeError('the file is open as text; open it for bytes: open(path, "wb")')
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        yield file
        file.seek(0)
        _write_all(file, cast(WritableFile, target))


def path_in(target: Target) -> str | PathLike[str] | None:
    """Return the path that something is written to, None for a file that is open."""
    if isinstance(target, str | PathLike):
        return target
    if hasattr(target, "write"):
        return None
    kind = type(target).__name__
    raise TypeError(f"expected a path or a file that is open for writing bytes, got {kind}")


def check_output(path: str | PathLike[str]) -> None:
    """Raise OSError now if `replacing` could not write there later."""
    given = path_of(path)
    place = _Place(given)
    if place.status is None and place.descriptor is None:
        try:
            os.scandir(place.folder).close()
        except PermissionError:
            pass  # a folder may be written to and not be listed
        except OSError as error:
            raise _named(error, given) from None
        if not os.access(place.folder, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), given)


def _named(error: OSError, path: str) -> OSError:
    return type(error)(error.errno, error.strerror, path)


def _scratch(beside: str | None, place: _Place) -> tuple[Any, bool]:
    """Open the new file, or one in a folder for such if none can be made beside the old one.

    Returns it, and whether it is the one beside.
    """
    if beside is not None:
        mode = 0o666 if place.status is None else 0o600
        try:
            file = open(beside, "x+b", opener=lambda name, flags: os.open(name, flags, mode))  # noqa: SIM115
        except OSError as error:
            if place.status is None or error.errno not in (*_IN_PLACE, errno.EROFS):
                raise
        else:
            if place.status is not None:
                _take_after(file.fileno(), place.path, place.status)
            return file, True
    if place.replaceable:
        return tempfile.TemporaryFile(), False
    return tempfile.SpooledTemporaryFile(_IN_MEMORY), False


def _take_after(descriptor: int, path: str, status: os.stat_result) -> None:
    """Give a new file the owner, the attributes and the mode of an old one, where allowed."""
    mode = stat.S_IMODE(status.st_mode)
    if hasattr(os, "fchown"):
        try:
            os.fchown(descriptor, status.st_uid, status.st_gid)
        except OSError:
            try:
                os.fchown(descriptor, -1, status.st_gid)
            except OSError:
                mode &= ~stat.S_IRWXG  # which was meant for others
    if sys.platform == "linux":
        with suppress(OSError):
            for name in os.listxattr(path):
                with suppress(OSError):
                    os.setxattr(descriptor, name, os.getxattr(path, name))
    if hasattr(os, "fchmod"):
        with suppress(OSError):
            os.fchmod(descriptor, mode)


def _rename(beside: str, place: _Place) -> None:
    try:
        _replace(beside, place.path)
    except OSError as error:
        # Windows refuses where somebody has the old file open, who would see it change.
        if place.status is None or error.errno not in _IN_PLACE or _ON_WINDOWS:
            raise
        with open(beside, "rb") as written:  # noqa: PTH123
            _to_the_end(lambda: _overwrite(place.path, written))
        return
    with suppress(OSError):  # so that the name is on the disk too
        folder = os.open(place.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _replace(beside: str, path: str) -> None:
    """Rename one file over another, which on Windows may have to wait for who looks into it."""
    for pause in _PAUSES if _ON_WINDOWS else ():
        try:
            os.replace(beside, path)  # noqa: PTH105
        except PermissionError:
            time.sleep(pause)
        else:
            return
    os.replace(beside, path)  # noqa: PTH105


def _overwrite(path: str, written: IO[bytes]) -> None:
    """Write over a file where it stands, once there is room for what is new."""
    size = written.seek(0, os.SEEK_END)
    written.seek(0)
    with open(path, "r+b") as file:  # noqa: PTH123
        old = file.seek(0, os.SEEK_END)
        file.seek(0)
        if size > old and hasattr(os, "posix_fallocate"):
            try:
                os.posix_fallocate(file.fileno(), old, size - old)
            except OSError as error:
                if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP):
                    file.truncate(old)
                    raise
        shutil.copyfileobj(written, file, 1 << 20)
        file.truncate(size)
        file.flush()
        os.fsync(file.fileno())


def _pass_on(place: _Place, written: IO[bytes]) -> None:
    """Write to what is not a regular file."""
    written.seek(0)
    target: Any = place.path if place.descriptor is None else os.dup(place.descriptor)
    with open(target, "wb", buffering=0) as file:  # noqa: PTH123
        _write_all(written, file)


def _write_all(written: IO[bytes], file: WritableFile) -> None:
    """Write what was written to one file to another, which may take a part at a time."""
    while part := written.read(1 << 16):
        rest = memoryview(part)
        while rest:
            size = file.write(rest)
            if size is None and isinstance(file, io.RawIOBase):
                raise BlockingIOError(errno.EAGAIN, "the file takes no more without waiting")
            rest = rest[size if isinstance(size, int) else len(rest) :]


def _to_the_end(work: Callable[[], None]) -> None:
    """Do work that Ctrl-C does not stop halfway: KeyboardInterrupt comes behind it."""
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler) or threading.current_thread() is not threading.main_thread():
        work()  # where Python raises nothing
        return
    came: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda *signalled: came.append(signalled))
    try:
        work()
    finally:
        signal.signal(signal.SIGINT, handler)
    if came:
        handler(*came[0])
