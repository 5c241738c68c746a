"""What FILEs hold: words, saved counts, or a model."""

import io
import re
import sys
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any, NamedTuple

import click

import makemore_fast as mf
from makemore_fast.files import Source, read_words

_LONG = 500_000_000  # bytes of a file: a fraction of a second


class Input(NamedTuple):
    """A FILE and what it holds: where words can be read, counts, or a model."""

    name: str
    content: Source | mf.Counts | mf.LanguageModel


def holds_words(file: str) -> bool:
    """Tell by its name whether a FILE holds words, not counts or a model."""
    return not (_is_saved(file) or _is_arpa(file))


def _is_saved(file: str) -> bool:
    return file.endswith(".npz")


def _is_arpa(file: str) -> bool:
    return re.search(r"\.arpa(\.(gz|bz2|xz|zst))?$", file) is not None


def opened(files: Sequence[str], boundary: str, *, twice: bool = False) -> list[Input]:
    """Return what FILEs hold; if `twice`, words that come through a pipe are kept."""
    return [Input(file, _content(file, boundary, twice)) for file in files]


def _content(file: str, boundary: str, twice: bool) -> Source | mf.Counts | mf.LanguageModel:
    if _is_saved(file):
        return mf.load(file)
    if _is_arpa(file):
        return mf.read_arpa(file, boundary=boundary)
    stdin: Any = sys.stdin
    if file == "-" and stdin is None:
        raise OSError("standard input is closed")
    if twice and (file == "-" or Path(file).is_fifo()):
        return io.BytesIO(stdin.buffer.read() if file == "-" else Path(file).read_bytes())
    return stdin.buffer if file == "-" else file


def the_model(
    inputs: Sequence[Input], order: int | None, smoothing: str | float | None
) -> mf.LanguageModel | None:
    """Return the model that a FILE holds, if one does: it is then the only FILE."""
    models = [given.content for given in inputs if isinstance(given.content, mf.LanguageModel)]
    if not models:
        return None
    if len(inputs) > 1:
        raise click.UsageError("a model is used alone: name no other FILE.")
    for option, value in (("--order", order), ("--smoothing", smoothing)):
        if value is not None:
            raise click.UsageError(f"{option} is for words and counts, not for a model.")
    return models[0]


def counts_of(
    inputs: Sequence[Input], boundary: str, weighted: bool, order: int | None
) -> mf.Counts:
    """Count n-grams of an order; None means that of saved counts, and bigrams of words."""

    def one(given: Input) -> mf.Counts:
        content = given.content
        if isinstance(content, mf.LanguageModel):
            raise ValueError(f"{given.name}: a model, and no words or counts")
        if isinstance(content, mf.Counts):
            return content if order is None else content.lower(order)
        return mf.count_file(
            content,
            order=order or 2,
            boundary=boundary,
            weighted=weighted,
            progress=_is_long(content),
        )

    if not inputs:
        return mf.count(mf.names(), order=order or 2, boundary=boundary)
    return reduce(add, map(one, inputs))


def words_of(inputs: Sequence[Input], weighted: bool) -> Iterator[str]:
    """Yield the words of FILEs that may have been counted before."""
    if not inputs:
        yield from mf.names()
    for name, source in inputs:
        if isinstance(source, mf.Counts | mf.LanguageModel):
            raise click.UsageError(f"{name} holds no words.")
        if isinstance(source, io.BytesIO):
            source.seek(0)
        words = read_words(source)
        yield from (word.rpartition("\t")[0] for word in words) if weighted else words


def checked_words(inputs: Sequence[Input], boundary: str) -> list[str]:
    """Return the words of FILEs, opened `twice`; an error names the line of a bad word."""
    counts_of(inputs, boundary, weighted=False, order=2)
    return list(words_of(inputs, weighted=False))


def _is_long(source: Source) -> bool:
    """Tell whether counting a file takes long enough for a progress bar, on a terminal."""
    return (
        sys.stderr.isatty()
        and isinstance(source, str)
        and Path(source).is_file()
        and Path(source).stat().st_size > _LONG
    )
