"""From texts, one word a line, to counts: `count_file` for files, `count_text` for memory."""

import os
import stat
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from makemore_fast import _core
from makemore_fast.counters import counter_of_lines
from makemore_fast.counts import Counts
from makemore_fast.files import (
    COMPRESSED,
    BinaryFile,
    OpenedFile,
    PathName,
    Source,
    each_source,
    opened,
)
from makemore_fast.options import check_symbols, checked_order, positive
from makemore_fast.progress import bar

_BLOCK = 1 << 20  # bytes read from a stream at a time
#: boundary, alphabet, order, skip_blank, weighted
_Rules = tuple[str, str | None, int, bool, bool]


def count_text(
    text: Any,
    *,
    order: int = 2,
    alphabet: str | None = None,
    boundary: str = ".",
    weighted: bool = False,
    skip_blank: bool = True,
    threads: int | None = None,
    progress: bool = False,
) -> Counts:
    r"""Count the bigrams of the words in a text in memory, one word a line.

    Parameters
    ----------
    text : str or bytes-like
        A str, or UTF-8 in anything with the buffer protocol: bytes, bytearray, memoryview,
        mmap, a uint8 array. Lines are those of `count_file`.
    order, alphabet, boundary
        As in `count`.
    weighted, skip_blank, threads, progress
        As in `count_file`.

    Returns
    -------
    Counts

    Raises
    ------
    ValueError
        As `count_file`, with the line.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> mf.count_text(b"emma\nava\n") == mf.count(["emma", "ava"])
    True
    >>> mf.count_text("emma\t2\nava\t1\n", weighted=True).words
    3
    """
    check_symbols(boundary, alphabet)
    if isinstance(text, str):
        text = text.encode()
    size = memoryview(text).nbytes
    rules = (boundary, alphabet, checked_order(order), skip_blank, weighted)
    most = positive("threads", threads)
    with bar(size, "B", shown=progress) as tell:
        core = _core.count_buffer(text, *rules, most, tell)
        if tell:
            tell(size)
    return Counts(core)


def count_file(
    path: Source | Iterable[PathName],
    *,
    order: int = 2,
    alphabet: str | None = None,
    boundary: str = ".",
    weighted: bool = False,
    skip_blank: bool = True,
    threads: int | None = None,
    progress: bool = False,
) -> Counts:
    r"""Count the bigrams of the words in one or several files, one word a line.

    Parameters
    ----------
    path : str or PathLike, an iterable of them, or a binary file
        UTF-8 text; decompressed if the name ends in .gz, .bz2, .xz or .zst; ``"-"`` is
        standard input, and a str with ``*``, ``?`` or ``[`` all files that match. A line ends
        at ``\n``, ``\r\n`` or ``\r`` and nowhere else; a leading byte order mark is skipped;
        nothing is stripped or lower-cased. Memory does not grow with the file.
    order, alphabet, boundary
        As in `count`.
    weighted : bool
        Whether each line is a word, a tab and how often it counts: a whole number from 0 up
        in decimal digits, as `weights` in `count`. A word may hold tabs, a number cannot: a
        line is split at its last tab. Memory then does grow with the longest line.
    skip_blank : bool
        Whether blank lines are no words (True) or each the empty word (False); where lines
        are weighted, False makes a blank line an error.
    threads : int, optional
        How many threads count a plain file; all cores if None. Does not change the counts.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    Counts
        What `count` gives for the lines.

    Raises
    ------
    OSError, EOFError
        If a file is missing, unreadable, truncated, corrupt, or cut short meanwhile.
    ValueError
        If a file is not valid UTF-8 (with path, line and byte offset), or a line holds the
        boundary or a symbol outside a given `alphabet` (with path and line); if a weighted
        line has no tab or a bad number, or the bigrams of a file go beyond 64 bits.

    Examples
    --------
    >>> import io
    >>> import makemore_fast as mf
    >>> mf.count_file(io.BytesIO(b"emma\r\n\r\nava")).words
    2
    """
    check_symbols(boundary, alphabet)
    rules = (boundary, alphabet, checked_order(order), skip_blank, weighted)
    most = positive("threads", threads)
    counts = Counts(_core.count_buffer(b"", *rules, 1, None))
    for source in each_source(path):
        with opened(source) as file:
            descriptor, size = _plain(file)
            with bar(size, "B", shown=progress) as tell:
                if size is None:
                    core = _count_stream(file, rules, tell)
                else:
                    core = _core.count_descriptor(descriptor, size, *rules, most, tell)
                    if tell:
                        tell(size)
        counts += Counts(core)
    return counts


def _plain(file: BinaryFile) -> tuple[int, int | None]:
    """Return the descriptor and size of a regular file that can be read anywhere, or (-1, None).

    Only of one opened here, and so at its start; others are read on from where they are.
    """
    if isinstance(file, OpenedFile) and hasattr(os, "pread"):
        status = os.fstat(file.fileno())
        if stat.S_ISREG(status.st_mode) and status.st_size > 0:  # /proc has files of size 0
            return file.fileno(), status.st_size
    return -1, None


def _count_stream(file: BinaryFile, rules: _Rules, tell: Any) -> _core.Bigrams | _core.Ngrams:
    counter = counter_of_lines(*rules)
    done = 0
    for block in _blocks(file):
        counter.add_bytes(block)
        done += len(block)
        if tell:
            tell(done)
    counter.end_text()
    return counter.counts()


def _blocks(file: BinaryFile) -> Iterator[memoryview]:
    """Yield a file's blocks; of a compressed file each is unpacked while the last is counted."""
    now, later = memoryview(bytearray(_BLOCK)), memoryview(bytearray(_BLOCK))
    if not isinstance(file, COMPRESSED):
        # A pipe or a terminal may wait for ever, and a thread that reads it could not be
        # stopped by Ctrl-C.
        while size := file.readinto(now):
            yield now[:size]
        return
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(file.readinto, now)
        while size := coming.result():
            coming = reader.submit(file.readinto, later)
            yield now[:size]
            now, later = later, now
