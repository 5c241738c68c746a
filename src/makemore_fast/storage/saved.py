"""`Saved`: a saved .npz file that anybody may have made, read member by member.

A member is looked at by its header, and its type and shape are compared with what they must
be, before anything is unpacked; and it is unpacked block by block. So neither a shape nor a
compressed size is believed.
"""

import errno
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from makemore_fast.late import Late

if TYPE_CHECKING:
    import zipfile
else:
    zipfile = Late("zipfile")

_STEP = 1 << 16  # rows unpacked at a time
_MOST_DEFLATED = 1032  # bytes that deflate makes of one, at most
_MOST_TEXT = 1 << 26  # bytes of a member of strings
_DEFLATED = (0, 8)  # zipfile.ZIP_STORED and zipfile.ZIP_DEFLATED

#: The header as NumPy writes it.
_HEADER = re.compile(
    rb"\{'descr': '([<>|])([a-zA-Z])(\d{1,18})', "
    rb"'fortran_order': (False|True), 'shape': \(((?:\d{1,18}, ?)*(?:\d{1,18})?)\), \} *\n"
)
_MAGIC = b"\x93NUMPY\x01\x00"  # version 1.0, then two bytes for the header's size

_KINDS = {"u": "uint", "i": "int", "f": "float", "U": "str"}


class Array(NamedTuple):
    """What the header of a member says; `head` are its bytes."""

    order: str
    kind: str
    itemsize: int
    shape: tuple[int, ...]
    head: bytes

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the elements."""
        return np.dtype(f"{self.order}{self.kind}{self.length}")

    @property
    def length(self) -> int:
        """Symbols of a string, bytes of anything else."""
        return self.itemsize // 4 if self.kind == "U" else self.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of all elements."""
        return self.itemsize * math.prod(self.shape)

    @property
    def name(self) -> str:
        """The type as NumPy calls it."""
        bits = "" if self.kind == "U" else str(8 * self.itemsize)
        return _KINDS.get(self.kind, f"dtype {self.kind}") + bits


class Saved:
    """A saved file; errors name its path and the member.

    What is wrong with a file as such, its archive or its checksums, is an OSError; what makes
    no sense is a ValueError.
    """

    def __init__(self, path: str, file: IO[bytes]) -> None:
        self._path = path
        with self._unpacking():
            self._zip = zipfile.ZipFile(file)
            entries = sorted(self._zip.infolist(), key=lambda entry: entry.header_offset)
            begins = [entry.header_offset for entry in entries] + [self._zip.start_dir]
        self._members = {entry.filename.removesuffix(".npy"): entry for entry in entries}
        for entry, begin, next_begin in zip(entries, begins, begins[1:], strict=False):
            if begin < 0 or begin + 30 + entry.compress_size > next_begin:
                raise self.damaged(f"the member {entry.filename!r} overlaps another")
        if len(self._members) < len(entries):
            raise ValueError(f"{path}: a member occurs twice")
        self._prefix = ""

    def part(self, name: str) -> "Saved":
        """Return the members below a name, such as ``0/kind``, as if they were a file's own."""
        part = copy(self)
        part._prefix = f"{self._prefix}{name}/"
        below = f"{name}/"
        part._members = {
            member.removeprefix(below): entry
            for member, entry in self._members.items()
            if member.startswith(below)
        }
        return part

    @property
    def path(self) -> str:
        """The file's name, for messages."""
        return self._path

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def damaged(self, problem: object) -> OSError:
        """Return the error for a file that is none of ours or not whole."""
        return OSError(
            f"{self._path}: not a file of saved counts or a model, or damaged ({problem})"
        )

    @contextmanager
    def about(self, *names: str) -> Iterator[None]:
        """Let ValueErrors say which members of which file they are about.

        Without names, they say themselves which member.
        """
        try:
            yield
        except ValueError as error:
            which = [self._prefix + name for name in names] or [self._prefix.removesuffix("/")]
            about = f"{' and '.join(which)}: " if which != [""] else ""
            raise ValueError(f"{self._path}, {about}{error}") from None

    def check_members(self, *names: str, parts: int = 0) -> None:
        """Raise ValueError unless these are all members, but for those of parts 0, 1, ..."""
        for name in names:
            if name not in self:
                raise ValueError(f"{self._path}: the member {self._prefix + name!r} is missing")
        expected = {str(number) for number in range(parts)}
        for name in self._members:
            part, below, _ = name.partition("/")
            if name not in names and not (below and part in expected):
                what = self._prefix + name
                raise ValueError(f"{self._path}: there is an unexpected member {what!r}")

    def check_stored(self, *names: str) -> None:
        """Raise ValueError for a compressed member: what is large takes as much of the file."""
        for name in names:
            if self._members[name].compress_type != zipfile.ZIP_STORED:
                raise ValueError(f"{self._path}, {self._prefix + name}: must not be compressed")

    def header(self, name: str, kind: str, *shape: int | None) -> Array:
        """Return what a member is, if it is of a kind such as "u4" and has a shape.

        None stands for any number along an axis; "U" is strings of any length, "int" whole
        numbers of any type.
        """
        with self.about(name):
            with self._opened(name) as member, self._unpacking():
                start = member.read(len(_MAGIC) + 2)
                array_head = start + member.read(int.from_bytes(start[len(_MAGIC) :], "little"))
            array = _parsed(array_head)
            entry = self._members[name]
            wanted = [array.kind + str(array.itemsize)]
            if array.kind == "U":
                wanted = ["U"]
            elif array.kind in "iu" and array.itemsize in (1, 2, 4, 8):
                wanted.append("int")
            if kind not in wanted:
                names = {"U": "str", "int": "a whole number"}
                name_of = names.get(kind) or _KINDS[kind[0]] + str(8 * int(kind[1:]))
                raise ValueError(f"must be {name_of}, got {array.name}")
            if len(shape) != len(array.shape) or any(
                n not in (None, m) for n, m in zip(shape, array.shape, strict=True)
            ):
                like = ", ".join("any" if n is None else f"{n:,}" for n in shape)
                got = ", ".join(f"{n:,}" for n in array.shape)
                raise ValueError(f"must be of shape ({like}), got ({got})")
            if len(array.head) + array.nbytes != entry.file_size:
                raise ValueError(
                    f"an array of {array.nbytes:,} bytes does not fit a member of "
                    f"{entry.file_size:,}"
                )
            if kind == "U" and (array.length == 0 or array.nbytes > _MOST_TEXT):
                raise ValueError(f"{array.nbytes:,} bytes of strings are not expected")
        return array

    def blocks(self, name: str, array: Array, step: int) -> Iterator[NDArray[Any]]:
        """Yield the rows of a member, at most `step` at a time."""
        row = array.itemsize * math.prod(array.shape[1:])
        rows = 0 if row == 0 else array.shape[0] if array.shape else 1
        with self._opened(name) as member:
            with self._unpacking():
                head = member.read(len(array.head))
            if head != array.head:
                raise self.damaged(f"the member {name!r} has changed")
            for first in range(0, rows, step):
                n = min(step, rows - first)
                with self._unpacking():
                    content = member.read(n * row)
                if len(content) != n * row:
                    raise self.damaged(f"the member {name!r} ends early")
                block = np.frombuffer(content, array.dtype)
                native = block.astype(array.dtype.newbyteorder("="), copy=False)
                yield native.reshape(n, *array.shape[1:])
            with self._unpacking():
                member.read(1)  # at the end the checksum is compared

    def array(self, name: str, kind: str, *shape: int | None) -> NDArray[Any]:
        """Return a whole member, if it is what `header` wants."""
        array = self.header(name, kind, *shape)
        blocks = self.blocks(name, array, _STEP)
        native = array.dtype.newbyteorder("=")
        if self._members[name].compress_type != zipfile.ZIP_STORED:
            whole = [np.empty((0, *array.shape[1:]), native), *blocks]
            return np.concatenate(whole).reshape(array.shape)
        # What is not compressed takes as much of the file, and is read to where it stays.
        rows = np.empty((array.shape or (1,)), native)
        first = 0
        for block in blocks:
            rows[first : first + len(block)] = block
            first += len(block)
        return rows.reshape(array.shape)

    def strings(self, name: str, *shape: int | None) -> list[str]:
        """Return the strings of a member; all that are saved are ASCII."""
        array = self.array(name, "U", *shape)
        with self.about(name):
            strings = [str(item) for item in array.reshape(-1).tolist()]
            for string in strings:
                if not string.isascii():
                    raise ValueError(f"{string!a} is not expected")
        return strings

    def number(self, name: str) -> int:
        """Return the whole number that a member is."""
        return int(self.array(name, "int")[()])

    @contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        entry = self._members.get(name)
        if entry is None:
            raise ValueError("the member is missing")
        if entry.flag_bits & 1 or entry.compress_type not in _DEFLATED:
            raise ValueError("the member is encrypted or compressed in a way that is not ours")
        stored = entry.compress_type == zipfile.ZIP_STORED
        if entry.file_size > (1 if stored else _MOST_DEFLATED) * entry.compress_size + 1024:
            raise ValueError(f"{entry.compress_size:,} bytes do not unpack to {entry.file_size:,}")
        with self._unpacking():
            member = self._zip.open(entry)
        try:
            yield member
        finally:
            member.close()

    @contextmanager
    def _unpacking(self) -> Iterator[None]:
        """Turn whatever damage makes zipfile and zlib raise into an OSError with the path."""
        try:
            yield
        except MemoryError:
            raise
        except OSError as error:
            if error.errno in (None, errno.EINVAL):
                raise self.damaged(error) from error
            raise OSError(error.errno, error.strerror, self._path) from error
        except Exception as error:
            raise self.damaged(error) from error


def _parsed(head: bytes) -> Array:
    found = _HEADER.fullmatch(head, len(_MAGIC) + 2) if head.startswith(_MAGIC) else None
    if not found:
        raise ValueError("must be an array as NumPy writes it, of numbers or strings")
    order, kind, length = found[1].decode(), found[2].decode(), int(found[3])
    if found[4] == b"True":
        raise ValueError("must be in C order, got Fortran order")
    shape = tuple(int(n) for n in found[5].split(b",") if n.strip())
    return Array(order, kind, 4 * length if kind == "U" else length, shape, head)
