"""Files in blocks, for engines that count them on many processes and machines.

A block is a file or a range of one, and is sent instead of its lines: what counts it reads it.
Dask and Ray have modules of their own; `blocks` and `count_blocks` are for all other engines, and
`partial_counts` for those that hand over batches of Arrow.
"""

import errno
import itertools
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from makemore_fast import _core
from makemore_fast.alphabets import AlphabetLike
from makemore_fast.byte_ranges import ByteRange, checked_range
from makemore_fast.counting import count
from makemore_fast.counting_options import counting, line_columns
from makemore_fast.counts import Counts
from makemore_fast.late import Late
from makemore_fast.sizes import size_in_bytes
from makemore_fast.spilling import room_for
from makemore_fast.storage.compression import codec_of
from makemore_fast.storage.decoding import Errors
from makemore_fast.storage.files import (
    Opened,
    Reading,
    each_source,
    naming,
    opened,
    path_of,
)
from makemore_fast.storage.line_ranges import lines_before, open_range
from makemore_fast.storage.remote import StorageOptions, is_url, name_in, remote_file
from makemore_fast.storage.text_error import on_later_line
from makemore_fast.texts import add_file
from makemore_fast.tokens import SymbolsLike, VocabularyLike, symbol_rules
from makemore_fast.words import Nulls
from makemore_fast.wrong_names import names_meant

if TYPE_CHECKING:
    import pyarrow as pa
else:
    pa = Late("pyarrow")

__all__ = ["Block", "blocks", "count_blocks", "partial_counts"]


@dataclass(frozen=True, slots=True)
class Block:
    """A file, or the lines of one that begin in a range of bytes; made by `blocks`.

    Attributes
    ----------
    path : str
        An absolute path, or a URL.
    start, stop : int or None
        As in `count_file`; without `stop` to the end of the file.
    size : int or None
        How many bytes that is, for an engine that shares out work; None if the file does not say.
    storage_options : mapping or None
        What fsspec takes to reach a URL; not shown, as passwords may be in it.
    """

    path: str
    start: int = 0
    stop: int | None = None
    size: int | None = None
    storage_options: StorageOptions | None = field(default=None, repr=False)


def blocks(
    urlpath: Any,
    blocksize: int | str | None = "1GiB",
    storage_options: StorageOptions | None = None,
) -> list[Block]:
    r"""Return the blocks of files, each to be counted by one task; nothing of them is read.

    Parameters
    ----------
    urlpath : str or PathLike, or an iterable of them
        Paths, patterns such as ``"texts/*.txt"``, and URLs (``pip install makemore_fast[cloud]``),
        which must mean the same on each machine.
    blocksize : int or str, optional
        How many bytes a block has at most, as a number or as ``"64MB"`` or ``"1GiB"``. Equal blocks
        share out the lines of a file. Compressed files, and web servers that send no parts of
        files, are a block a file, whatever their size; None makes that of all.
    storage_options : mapping, optional
        What fsspec takes to reach URLs, such as ``{"anon": True}``.

    Returns
    -------
    list of Block
        In the order of the files and of their bytes; an empty file is a block too.

    Raises
    ------
    OSError
        If a file is missing, a folder, or cannot be looked at; if a pattern matches none.
    TypeError, ValueError
        For what is no path: an open file, or ``"-"``; if `blocksize` is no size.
    ImportError
        If a URL needs a package.

    See Also
    --------
    count_blocks : Counts them.

    Examples
    --------
    >>> from pathlib import Path
    >>> from makemore_fast.blocks import blocks, count_blocks
    >>> _ = Path("three.txt").write_text("emma\nolivia\nava\n")
    >>> [(block.start, block.stop) for block in blocks("three.txt", blocksize=6)]
    [(0, 5), (5, 10), (10, None)]
    >>> [count_blocks([block]).words for block in blocks("three.txt", blocksize=6)]
    [1, 1, 1]
    """
    most = None if blocksize is None else size_in_bytes(blocksize, "blocksize")
    return cut(looked_up(urlpath, storage_options), most)


def looked_up(urlpath: Any, options: StorageOptions | None) -> list[tuple[Block, bool]]:
    """Return the blocks of whole files, and whether each may be cut."""
    given = urlpath if not isinstance(urlpath, str | os.PathLike) else [urlpath]
    found: list[tuple[Block, bool]] = []
    for source in each_source(given):
        if not isinstance(source, str | os.PathLike):
            raise TypeError("an open file cannot be sent to other processes: give its path")
        if source == "-":
            raise ValueError('"-" is the standard input of one process, which others cannot read')
        found += (_looked_up(path_of(one), options) for one in each_source(source, options))
    return found


def cut(files: Iterable[tuple[Block, bool]], most: int | None) -> list[Block]:
    """Return blocks of so many bytes at most, where files may be cut."""
    return [block for file in files for block in _cut(file, most)]


@names_meant
def count_blocks(
    blocks: Iterable[Block],
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
    memory: int | str | None = None,
) -> Counts:
    """Count blocks by one thread, as a task of an engine does.

    Parameters
    ----------
    blocks : iterable of Block
        Of `blocks`, as many as one task is to count; none give empty counts.
    order, alphabet, unknown, boundary, separator, symbols, vocabulary
        As in `count_file`.
    weighted, columns, skip_blank, encoding, errors, memory
        As in `count_file`. Files in other encodings, or with lines to be left out or mended,
        are to be blocks of whole files (``blocksize=None``).

    Returns
    -------
    Counts

    Raises
    ------
    OSError, EOFError
        As `count_file`; if a file is shorter than when it was cut.
    ValueError
        As `count_file`, with the path, and the line and byte of the file.

    See Also
    --------
    merged : Adds up what tasks return.

    Examples
    --------
    >>> from pathlib import Path
    >>> import makemore_fast as mf
    >>> from makemore_fast.blocks import blocks, count_blocks
    >>> _ = Path("three.txt").write_text("emma ava olivia".replace(" ", chr(10)))
    >>> parts = [count_blocks([block]) for block in blocks("three.txt", blocksize="5 B")]
    >>> mf.merged(parts) == mf.count(["emma", "ava", "olivia"])
    True
    """
    shown = line_columns(weighted, columns)
    _, how = symbol_rules(None, alphabet, unknown, boundary, separator, symbols, vocabulary)
    rules = counting(order, how.alphabet, how.boundary, shown, skip_blank, how.unknown)
    reading = Reading(encoding, errors, shown).checked()
    if isinstance(blocks, Block):
        raise TypeError("expected an iterable of Block, got one Block; pass [block]")
    with room_for(memory) as room:
        counter = rules.line_counter(*room)
        for i, block in enumerate(blocks):
            if not isinstance(block, Block):
                raise TypeError(f"block {i}: expected a Block, got {type(block).__name__}")
            _add_block(counter, block, reading)
        return Counts(how.kept(counter.counts()))


def partial_counts(
    batches: Iterable[Any],
    *,
    column: str | None = None,
    weights: str | None = None,
    order: int = 2,
    alphabet: AlphabetLike | None = None,
    unknown: bool | None = None,
    boundary: str | None = None,
    separator: str | None = None,
    symbols: SymbolsLike | None = None,
    vocabulary: VocabularyLike | None = None,
    nulls: Nulls = "raise",
) -> Iterator["pa.RecordBatch"]:
    """Count the words of Arrow's batches, and yield a batch that holds the counts as bytes.

    This is what Spark's ``DataFrame.mapInArrow`` calls; `merged` of `Counts.from_bytes` of all
    rows are the counts of all batches.

    Parameters
    ----------
    batches : iterable of pyarrow.RecordBatch or Table
        Of one schema; each is needed only once.
    column, weights : str, optional
        The columns of the words and of how often each counts, as in `count`.
    order, alphabet, unknown, boundary, separator, symbols
        As in `count`.
    vocabulary : iterable of str, optional
        As in `count`, but no number: what is frequent in a part need not be so in all.
    nulls
        As in `count`.

    Yields
    ------
    pyarrow.RecordBatch
        One row of one binary column, ``counts``; nothing if there are no rows.

    Raises
    ------
    TypeError, ValueError
        As `count` does; the index is that of the word in these batches.

    See Also
    --------
    count_blocks : The same of files, which takes less time than lines that an engine reads.

    Examples
    --------
    >>> import pyarrow as pa
    >>> import makemore_fast as mf
    >>> from makemore_fast.blocks import partial_counts
    >>> names = pa.RecordBatch.from_pydict({"name": ["emma", "ava"], "n": [2, 1]})
    >>> parts = list(partial_counts([names], column="name", weights="n"))
    >>> mf.merged(mf.Counts.from_bytes(row) for row in parts[0]["counts"].to_pylist()).words
    3
    """
    if vocabulary is not None and not isinstance(vocabulary, Iterable):
        raise ValueError("vocabulary= must name the tokens here: a number is for the whole corpus")
    counts = _counted_batches(
        batches, column=column, weights=weights, order=order, alphabet=alphabet, unknown=unknown,
        boundary=boundary, separator=separator, symbols=symbols, vocabulary=vocabulary, nulls=nulls,
    )  # fmt: skip
    if counts is not None:
        row = pa.array([counts.to_bytes()], pa.binary())
        yield pa.RecordBatch.from_arrays([row], ["counts"])


def _counted_batches(batches: Iterable[Any], **options: Any) -> Counts | None:
    parts = itertools.chain.from_iterable(map(_record_batches, batches))
    rows = (part for part in parts if part.num_rows)
    first = next(rows, None)
    if first is None:
        return None
    alike = itertools.chain([first], (_of_schema(part, first.schema) for part in rows))
    return count(pa.RecordBatchReader.from_batches(first.schema, alike), **options)


def _record_batches(batch: Any) -> list[Any]:
    if isinstance(batch, pa.Table):
        return [*batch.to_batches()]
    if not isinstance(batch, pa.RecordBatch):
        raise TypeError(f"expected batches of Arrow, got {type(batch).__name__}")
    return [batch]


def _of_schema(batch: Any, schema: Any) -> Any:
    """Return a batch; Arrow itself would read one of another schema by the first's."""
    if not batch.schema.equals(schema):
        names = ", ".join(map(repr, batch.schema.names))
        raise ValueError(f"the batches are not alike: one has the columns {names} or other types")
    return batch


def _looked_up(path: str, options: StorageOptions | None) -> tuple[Block, bool]:
    """Return the block of a whole file, and whether it may be cut."""
    with naming(path):
        plain = codec_of(name_in(path)) is None
        if is_url(path):
            found = remote_file(path, options)
            kept = None if options is None else dict(options)
            return Block(path, size=found.size, storage_options=kept), plain and found.has_ranges
        status = os.stat(path)  # noqa: PTH116 (a Path of "" is the current folder)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        regular = stat.S_ISREG(status.st_mode)
        # Others may run in another folder.
        whole = Block(os.path.abspath(path), size=status.st_size if regular else None)  # noqa: PTH100
        return whole, plain and regular


def _cut(file: tuple[Block, bool], most: int | None) -> Iterator[Block]:
    whole, may_be_cut = file
    if most is None or not may_be_cut or whole.size is None or whole.size <= most:
        yield whole
        return
    size, parts = whole.size, -(-whole.size // most)
    edges = [size * i // parts for i in range(parts + 1)]
    for start, stop in itertools.pairwise(edges):
        end = None if stop == size else stop
        yield Block(whole.path, start, end, stop - start, whole.storage_options)


def _add_block(counter: _core.LineCounter, block: Block, reading: Reading) -> None:
    """Count the lines of a block."""
    part = checked_range(block.start, block.stop)
    if part is None:
        with opened(block.path, block.storage_options) as file:
            add_file(counter, file, reading, 1, False, None)
        return
    if reading.decodes:
        raise ValueError(
            f"{block.path}: only UTF-8 without errors= can be cut; make blocks with blocksize=None"
        )
    if is_url(block.path):
        _add_remote(counter, block, part, reading)
        return
    with opened(block.path) as file:
        _check_size(block, file.regular()[1])
        add_file(counter, file, reading, 1, False, part)


def _add_remote(
    counter: _core.LineCounter, block: Block, part: ByteRange, reading: Reading
) -> None:
    """Count the lines of a remote file that begin in a range."""
    with naming(block.path):
        remote = remote_file(block.path, block.storage_options)
        if not remote.has_ranges or codec_of(name_in(block.path)) is not None:
            raise ValueError("parts of this file cannot be read; make blocks with blocksize=None")
        _check_size(block, remote.size)
        with open_range(remote, *part) as lines:
            file = Opened(lines.file, block.path, name_in(block.path))
            file.check(lines.first, lines.size <= len(lines.first), reading)
            try:
                counter.begin_text(lines.begin)
                while piece := lines.file.read(1 << 20):
                    counter.add_bytes(piece)
                counter.end_text()
            except ValueError as error:
                if lines.begin == 0:
                    raise
                before = lines_before(remote, lines.begin)  # which only matters now
                raise ValueError(on_later_line(str(error), before)) from None


def _check_size(block: Block, size: int | None) -> None:
    """Raise OSError if a file is shorter than when it was cut."""
    least = block.start if block.stop is None else block.stop
    if size is not None and size < least:
        raise OSError(f"it has {size} bytes, and had {least} or more when it was cut in blocks")
