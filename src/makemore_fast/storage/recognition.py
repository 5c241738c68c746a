"""What a file is by its first bytes and its name, if it is not words, one a line."""

import os

FIRST = 1 << 16  # bytes that are looked at

_READ_TABLE = 'read it with pyarrow or polars, and count its words: count(table, column="name")'
_BY_COLUMN = ", or makemore-fast count --column name"

#: What files of other kinds begin with, and what to do with them.
_KINDS = (
    (b"\x1f\x8b", "gzip data", "give it a name that ends in .gz, or pass gzip.open(path)"),
    *((b"BZh%d1AY&SY" % level, "bzip2 data", "give it a name that ends in .bz2, or pass "
       "bz2.open(path)") for level in range(1, 10)),
    (b"\xfd7zXZ\0", "xz data", "give it a name that ends in .xz, or pass lzma.open(path)"),
    (b"\x28\xb5\x2f\xfd", "zstd data", "give it a name that ends in .zst"),
    (b"PK\x03\x04", "a zip archive", "unpack it, or pass a member opened with zipfile; .npz files "
     "that this package saved are read by load"),
    (b"PK\x05\x06", "a zip archive with nothing in it", "there is nothing to read"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it"),
    (b"ARROW1\0\0", "an Arrow file", _READ_TABLE),
    (b"FEA1", "a Feather file", _READ_TABLE),
    (b"SQLite format 3\0", "an SQLite database", "read it with sqlite3, and count the words"),
    (b"\x93NUMPY", "a NumPy array", "read it with numpy.load, and count the array"),
    (b"%PDF-", "a PDF", "extract its text"),
)  # fmt: skip

_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def check_kind(first: bytes, whole: bool, encoding: str | None) -> None:
    """Raise ValueError if bytes that a file begins with are not text, or not UTF-8 by far.

    Parameters
    ----------
    first : bytes
    whole : bool
        Whether these are all bytes of the file.
    encoding : str or None
        What the caller says it is, so that UTF-16 and UTF-32 are not looked for.
    """
    for start, kind, way in _KINDS:
        if first.startswith(start):
            raise ValueError(f"{kind}, not text; {way}")
    if (first[:4] == b"PAR1" and not first[4:8].isascii()) or first[:5] == b"PAR1\x15":
        raise ValueError(f"a Parquet file, not text; {_READ_TABLE}{_BY_COLUMN}")
    if first[257:262] == b"ustar":
        raise ValueError("a tar archive, not text; unpack it, or pass a member opened with tarfile")
    if encoding is not None:
        return
    for mark, marked in _MARKS:
        if first.startswith(mark):
            raise ValueError(
                f'begins with the byte order mark of {marked}; read it with encoding="{marked}"'
            )
    if wide := _wide(first, whole):
        raise ValueError(
            f'looks like {wide} without a byte order mark; read it with encoding="{wide}", '
            'or with encoding="utf-8" if the NUL symbols are meant'
        )


def _wide(first: bytes, whole: bool) -> str | None:
    """Return the encoding of 2 or 4 bytes a symbol that bytes are in, if no other is likely."""
    if b"\0" not in first or (whole and len(first) % 2):
        return None
    if (whole and len(first) % 4 == 0) or not whole:
        first32 = first[: len(first) // 4 * 4]
        if len(first32) >= 8:
            if not any(first32[3::4]) and max(first32[2::4]) <= 0x10 and any(first32[::4]):
                return "utf-32-le"
            if not any(first32[::4]) and max(first32[1::4]) <= 0x10 and any(first32[3::4]):
                return "utf-32-be"
    even, odd = first[: len(first) // 2 * 2 : 2], first[1::2]
    if len(odd) < 2:
        return None
    if _are_halves(even, odd):
        return "utf-16-le"
    return "utf-16-be" if _are_halves(odd, even) else None


def _are_halves(low: bytes, high: bytes) -> bool:
    """Tell whether bytes are the lower and upper halves of UTF-16 and hardly anything else.

    No symbol is NUL, no upper half is a line end, each lower one that is a line end has NUL
    above it, and NULs are frequent or end every line.
    """
    if any(not a and not b for a, b in zip(low, high, strict=True)) or b"\n" in high:
        return False
    ends = [b for a, b in zip(low, high, strict=True) if a == 10]
    if any(ends) or not high.count(0):
        return False
    return len(ends) >= 2 or (high.count(0) * 3 >= len(high) and not low.count(0))


def check_name(path: str, first: bytes, whole: bool, columns: str | None) -> None:
    """Raise ValueError if a file is a table or JSON by its name and by all its first lines."""
    stem, suffix = os.path.splitext(path.lower())  # noqa: PTH122
    if suffix in (".gz", ".bz2", ".xz", ".zst"):
        suffix = os.path.splitext(stem)[1]  # noqa: PTH122
    if suffix in (".json", ".jsonl", ".ndjson") and first.lstrip().startswith((b"[", b"{")):
        raise ValueError("JSON, not one word a line; read it with json, and count the words")
    if suffix not in (".csv", ".tsv"):
        return
    marks = {"tab": b"\t"} if suffix == ".tsv" else {"comma": b",", "semicolon": b";"}
    if columns is not None and any(mark in columns.encode() for mark in marks.values()):
        return  # it is read as a table
    lines = first.splitlines()
    if not whole and len(lines) > 1:
        lines.pop()  # of which the end may be missing
    lines = [line for line in lines if line]
    for name, mark in marks.items():
        if lines and all(mark in line for line in lines):
            raise ValueError(
                f"every line holds a {name}, so it is a table and not one word a line; read it "
                'with pyarrow.csv or polars, and count its words: count(table, column="name")'
            )
