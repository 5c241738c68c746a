"""From words to counts: `count` for words in memory, `count_file` for files."""

from collections.abc import Iterable

from makemore_fast import _core
from makemore_fast.counts import Counts
from makemore_fast.files import Path, Source, each_source, opened

_BLOCK = 1 << 20  # bytes read from a file at a time


def count(words: Iterable[str], *, alphabet: str | None = None, boundary: str = ".") -> Counts:
    """Count the bigrams of words, each between two boundaries.

    Parameters
    ----------
    words : iterable of str
        The words; a list or a tuple is fastest, a generator is never held whole. An empty
        str is the empty word, boundary to boundary. A symbol is a Unicode code point.
    alphabet : str, optional
        The symbols that may occur, in any order, with or without the boundary. By default
        those that do occur.
    boundary : str
        The one symbol that stands for the start and the end of a word.

    Returns
    -------
    Counts
        Exact 64-bit counts.

    Raises
    ------
    TypeError
        If `words` is a str or bytes, or holds a thing that is not a str (with its index).
    ValueError
        If a word holds the boundary, a lone surrogate or a symbol outside a given
        `alphabet` (with its index).

    Notes
    -----
    The counts are those of A. Karpathy's lecture "The spelled-out intro to language
    modeling: building makemore" (2022).

    Examples
    --------
    >>> import makemore_fast as mf
    >>> counts = mf.count(["emma", "olivia", "ava"])
    >>> counts["a", "."]
    3
    >>> counts.alphabet
    '.aeilmov'
    """
    counter = _core.BigramCounter(boundary, alphabet, lines=False, skip_blank=False)
    counter.add_words(words)
    return Counts(counter.bigrams())


def count_file(
    path: Source | Iterable[Path],
    *,
    alphabet: str | None = None,
    boundary: str = ".",
    skip_blank: bool = True,
) -> Counts:
    r"""Count the bigrams of the words in one or several files, one word a line.

    Parameters
    ----------
    path : str or PathLike, an iterable of them, or a binary file
        UTF-8 text; decompressed if the name ends in .gz, .bz2, .xz or .zst. A line ends at
        ``\n``, ``\r\n`` or ``\r`` and nowhere else; a leading byte order mark is skipped;
        nothing is stripped or lower-cased. Memory does not grow with the file.
    alphabet, boundary
        As in `count`.
    skip_blank : bool
        Whether blank lines are no words (True) or each the empty word (False).

    Returns
    -------
    Counts
        What `count` gives for the lines.

    Raises
    ------
    OSError, EOFError
        If a file is missing, unreadable, truncated or corrupt.
    ValueError
        If a file is not valid UTF-8 (with path, line and byte offset), or a line holds the
        boundary or a symbol outside a given `alphabet` (with path and line).

    Examples
    --------
    >>> import io
    >>> import makemore_fast as mf
    >>> mf.count_file(io.BytesIO(b"emma\r\n\r\nava")).words
    2
    """
    counter = _core.BigramCounter(boundary, alphabet, lines=True, skip_blank=skip_blank)
    view = memoryview(bytearray(_BLOCK))
    for source in each_source(path):
        with opened(source) as file:
            while size := file.readinto(view):
                counter.add_bytes(view[:size])
            counter.end_text()
    return Counts(counter.bigrams())
