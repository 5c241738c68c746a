"""From texts, one word a line, to counts: `count_file` for files, `count_text` for memory."""

import os
from collections.abc import Iterable
from typing import Any

from makemore_fast import _core
from makemore_fast.alphabets import AlphabetLike
from makemore_fast.byte_ranges import WHOLE, ByteRange, check_opened, check_source, checked_range
from makemore_fast.counting_options import counting, line_columns
from makemore_fast.counts import Counts
from makemore_fast.display.progress import bar
from makemore_fast.options import checked_flag
from makemore_fast.processors import thread_count
from makemore_fast.spilling import room_for
from makemore_fast.storage.decoding import Errors
from makemore_fast.storage.files import (
    Opened,
    Reading,
    Source,
    check_sources,
    each_source,
    opened,
)
from makemore_fast.storage.recognition import FIRST, check_kind
from makemore_fast.tokens import SymbolsLike, VocabularyLike, symbol_rules
from makemore_fast.wrong_names import names_meant


@names_meant
def count_text(
    text: Any,
    *,
    order: int = 2,
    alphabet: AlphabetLike | None = None,
    unknown: bool | None = None,
    boundary: str | None = None,
    separator: str | None = None,
    symbols: SymbolsLike | None = None,
    vocabulary: VocabularyLike | None = None,
    weighted: bool = False,
    columns: str | None = None,
    skip_blank: bool = True,
    threads: int | None = None,
    progress: bool = False,
) -> Counts:
    r"""Count the bigrams of the words in a text in memory, one word a line.

    Parameters
    ----------
    text : str or bytes-like
        A str, or UTF-8 in anything with the buffer protocol: bytes, bytearray, memoryview,
        mmap, a uint8 array. Lines are those of `count_file`. What others write to it meanwhile
        is counted or not, and never harms; but a file that is mapped must not become shorter:
        the system ends a process that reads behind its end.
    order, alphabet, unknown, boundary, separator, symbols, vocabulary
        As in `count`.
    weighted, columns, skip_blank, threads, progress
        As in `count_file`.

    Returns
    -------
    Counts

    Raises
    ------
    ValueError
        As `count_file`, with the line.

    See Also
    --------
    count_file : Files, of any size.
    count : Words that are taken apart already.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> mf.count_text(b"emma\nava\n") == mf.count(["emma", "ava"])
    True
    >>> mf.count_text("emma\t2\nava\t1\n", weighted=True).words
    3
    """
    shown = line_columns(weighted, columns)
    _, how = symbol_rules(None, alphabet, unknown, boundary, separator, symbols, vocabulary)
    rules = counting(order, how.alphabet, how.boundary, shown, skip_blank, how.unknown)
    checked_flag("progress", progress)
    if isinstance(text, str):
        text = _encoded(text)
    try:
        view = memoryview(text)
    except TypeError:
        raise TypeError(
            f"expected a text, a str or bytes-like, got {type(text).__name__}; "
            "use count(words) for words, or count_file(path) for a file"
        ) from None
    size = view.nbytes
    if view.ndim == 1 and view.itemsize == 1:  # the core refuses others
        check_kind(bytes(view[:FIRST]), size <= FIRST, None)
    most = thread_count(threads)
    with bar(size, "B", shown=progress) as tell:
        core = rules.buffer(text, most, tell)
        if tell:
            tell(size)
    return Counts(how.kept(core))


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        before = text[: error.start]
        line = 1 + before.count("\n") + before.count("\r") - before.count("\r\n")
        raise ValueError(f"line {line}: holds a lone surrogate") from None


@names_meant
def count_file(
    path: Source | Iterable[Source],
    *,
    order: int = 2,
    alphabet: AlphabetLike | None = None,
    unknown: bool | None = None,
    boundary: str | None = None,
    separator: str | None = None,
    symbols: SymbolsLike | None = None,
    vocabulary: VocabularyLike | None = None,
    weighted: bool = False,
    columns: str | None = None,
    skip_blank: bool = True,
    encoding: str | None = None,
    errors: Errors = "raise",
    start: int = 0,
    stop: int | None = None,
    threads: int | None = None,
    memory: int | str | None = None,
    progress: bool = False,
) -> Counts:
    r"""Count the bigrams of the words in one or several files, one word a line.

    Parameters
    ----------
    path : str or PathLike, an iterable of them, or a file object
        UTF-8 text; decompressed if the name ends in .gz, .bz2, .xz or .zst; ``"-"`` is
        standard input, a str with ``*``, ``?`` or ``[`` all files that match, and a URL such as
        ``s3://bucket/words.txt`` is read through fsspec. A line ends
        at ``\n``, ``\r\n`` or ``\r`` and nowhere else; a leading byte order mark is skipped;
        nothing is stripped or lower-cased. Memory does not grow with the file. A file object
        may be open for bytes or as text.
    order, alphabet, unknown, boundary, separator, symbols, vocabulary
        As in `count`.
    weighted : bool
        Whether each line is a word, a tab and how often it counts: a whole number from 0 up
        in decimal digits, as `weights` in `count`. A word may hold tabs, a number cannot: a
        line is split at its last tab. Memory then does grow with the longest line.
    columns : str, optional
        Where else on a line a word and how often it counts stand, by how a line looks:
        ``"count word"`` as ``uniq -c`` writes it, ``"word,_,count"``, or ``"rank\tword\tcount"``;
        other names are of columns that are passed over, and between two stands one and the same
        tab, blank, comma, semicolon or ``|``. Columns before the word are cut off from the left, of
        blanks any number, and those after it from the right, so that a word may hold the separator.
        Nothing is unquoted: read other tables as such.
    skip_blank : bool
        Whether blank lines are no words (True) or each the empty word (False); where lines
        are weighted, False makes a blank line an error.
    encoding : str, optional
        Of the text, by the name that Python gives it. None is UTF-8, and a file that begins
        as only UTF-16 or UTF-32 does is an error; ``"utf-8"`` takes any.
    errors : {"raise", "skip", "replace"}
        Whether a line that is not valid in the encoding is an error, is left out, or is read
        with U+FFFD for what is not valid; then a UnicodeWarning says how many there are.
    start, stop : int, optional
        Only the lines that begin at the bytes from `start` to before `stop` are counted, so that
        ranges which cover a plain file share out its lines, wherever they cut it: for processes
        and machines that count a part each. Lines and bytes in messages are those of the file.
        A pipe, a URL, compressed and other text than UTF-8 are read from the start on, and have
        no ranges.
    threads : int, optional
        How many threads count a plain file; if None, all processors that the process may
        use. Does not change the counts.
    memory : int or str, optional
        How many bytes counting may take, as a number or as ``"500MB"`` or ``"2GiB"``: n-grams for
        which that is too little go, sorted, to a temporary file, and are added up in the end. Does
        not change the counts. These themselves, 32 bytes an n-gram, are held in memory all the
        same, and so are the symbols; a thread takes some megabytes at least. If None, all stays in
        memory, which takes up to 100 bytes for each n-gram and thread.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    Counts
        What `count` gives for the lines.

    Raises
    ------
    OSError, EOFError
        If a file is missing, unreadable, truncated, corrupt, or cut short meanwhile. Of
        several files, all are opened before the first is counted.
    ValueError
        If `start` and `stop` are no range, or the file has none. A `TextError`:
        if a file is not valid UTF-8 (with path, line and byte offset), or is something else
        by its first bytes (compressed, Parquet, UTF-16) or by its name and each of its first
        lines (.csv, .tsv, .json); if a line holds the boundary or a symbol outside a given
        `alphabet` (with path and line); if a weighted line has too few columns or a bad number,
        or the bigrams of a file go beyond 64 bits.

    See Also
    --------
    count : Words in memory.
    count_text : A text in memory.
    Counts.save : Keep what was counted.

    Notes
    -----
    A file is read once, in blocks: time in proportion to its size, a few megabytes of memory beside
    the n-grams that occur. Plain files are read by `threads`, others by one thread.

    Examples
    --------
    >>> import io
    >>> import makemore_fast as mf
    >>> mf.count_file(io.BytesIO(b"emma\r\n\r\nava")).words
    2
    >>> mf.count_file(io.BytesIO(b"   7 emma\n  12 ava\n"), columns="count word").words
    19
    >>> with open("two.txt", "w") as file:
    ...     _ = file.write("emma\nava\n")
    >>> [mf.count_file("two.txt", start=n, stop=n + 3).words for n in (0, 3, 6)]
    [1, 1, 0]
    """
    shown = line_columns(weighted, columns)
    _, how = symbol_rules(None, alphabet, unknown, boundary, separator, symbols, vocabulary)
    rules = counting(order, how.alphabet, how.boundary, shown, skip_blank, how.unknown)
    checked_flag("progress", progress)
    most = thread_count(threads)
    reading = Reading(encoding, errors, shown).checked()
    part = checked_range(start, stop)
    sources = each_source(path)
    if part is not None:
        check_source(sources, reading)
    if len(sources) > 1:
        check_sources(sources, reading)
    with room_for(memory) as room:
        counter = rules.line_counter(*room)
        for source in sources:
            with opened(source) as file:
                add_file(counter, file, reading, most, progress, part)
                if len(sources) == 1:  # what is wrong with the counts has the file's name
                    return Counts(how.kept(counter.counts()))
        return Counts(how.kept(counter.counts()))


def add_file(
    counter: _core.LineCounter,
    file: Opened,
    reading: Reading,
    threads: int,
    progress: bool,
    part: ByteRange | None,
) -> None:
    """Count a file, or a part of it."""
    descriptor, size = (-1, None) if reading.decodes else file.regular()
    if part is not None and size is None:
        check_opened(file)
        return
    start, stop = (part or WHOLE).clipped(size or 0)
    with bar(None if size is None else stop - start, "B", shown=progress) as tell:
        if size is None:
            add_stream(counter, file, reading, tell)
            return
        first = os.read(descriptor, FIRST)  # the core reads at places
        file.check(first, size <= FIRST, reading)
        counter.add_descriptor(descriptor, size, start, stop, threads, tell)
        if tell:
            tell(stop - start)


def add_stream(counter: _core.LineCounter, file: Opened, reading: Reading, tell: Any) -> None:
    """Count what can be read from its start on alone."""
    done = 0
    try:
        for block in file.utf8(reading):
            counter.add_bytes(block)
            done += len(block)
            if tell:
                tell(done)
        counter.end_text()
    except ValueError as error:
        if not file.invalid.lines:
            raise
        raise ValueError(file.invalid.renumbered(str(error))) from None
