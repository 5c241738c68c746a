"""What FILEs hold: words, saved counts, or a model."""

import io
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import add
from pathlib import Path
from typing import NamedTuple, TypeAlias

import click

import makemore_fast as mf
from makemore_fast.cli.cutting import Cut
from makemore_fast.storage.blocks import blocks
from makemore_fast.storage.files import (
    Reading,
    Source,
    check_sources,
    each_source,
    weighted_parts,
    word_parts,
)
from makemore_fast.storage.files import opened as opened_file
from makemore_fast.storage.remote import is_url
from makemore_fast.tokens import are_lists, most_frequent

_LONG = 500_000_000  # bytes of a file: a fraction of a second


class Input(NamedTuple):
    """A FILE and what it holds: where words can be read, counts, or a model."""

    name: str
    content: Source | mf.Counts | mf.LanguageModel
    reading: Reading


class _Held(io.BytesIO):
    """What came through a pipe, to be read again."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name  # which errors show


def holds_words(file: str) -> bool:
    """Tell by its name whether a FILE holds words, not counts or a model."""
    return not (_is_saved(file) or _is_arpa(file))


def _is_saved(file: str) -> bool:
    return file.endswith(".npz")


def _is_arpa(file: str) -> bool:
    return re.search(r"\.arpa(\.(gz|bz2|xz|zst))?$", file) is not None


def opened(files: Sequence[str], cut: Cut, reading: Reading, *, twice: bool = False) -> list[Input]:
    """Return what FILEs hold, all of which can be opened; a pattern stands for what it matches.

    If words are to be read `twice`, those that come through a pipe are kept.
    """
    names = [str(name) for file in files for name in each_source(file)]
    check_sources([name for name in names if holds_words(name)], reading)
    return [Input(name, _content(name, cut, twice), reading) for name in names]


def _content(file: str, cut: Cut, twice: bool) -> Source | mf.Counts | mf.LanguageModel:
    if _is_saved(file) and is_url(file):
        with opened_file(file) as source:
            return mf.load(_Held(b"".join(map(bytes, blocks(source.file))), source.name))
    if _is_saved(file):
        return mf.load(file)
    if _is_arpa(file):
        return mf.read_arpa(file, **cut.of_files)
    if not twice or (file != "-" and Path(file).is_file()):
        return file
    with opened_file(file) as source:
        return _Held(b"".join(map(bytes, blocks(source.file))), source.name)


def all_models(inputs: Sequence[Input]) -> bool:
    """Tell whether every FILE holds a model."""
    return all(isinstance(given.content, mf.LanguageModel) for given in inputs)


def check_options(inputs: Sequence[Input], cut: Cut, reading: Reading) -> None:
    """Raise UsageError for options that nothing would come of, or that what is saved gainsays."""
    saved = [given for given in inputs if isinstance(given.content, mf.Counts | mf.LanguageModel)]
    if len(saved) == len(inputs):  # no words, but those of the package
        none = f"{saved[0].name} holds none" if saved else "none is named"
        asked_for = {
            "--columns or --weighted": reading.columns is not None,
            "--encoding": reading.encoding is not None,
            "--errors": reading.mends,
        }
        for option, given in asked_for.items():
            if given:
                raise click.UsageError(f"{option} is for FILEs of words, and {none}.")
        keeps = all(isinstance(given.content, mf.Counts) for given in saved)
        if saved and cut.vocabulary is not None and not (keeps and isinstance(cut.vocabulary, int)):
            raise click.UsageError(f"--vocabulary is for FILEs of words, and {none}.")
    for name, content, _ in inputs:
        if isinstance(content, mf.Counts | mf.LanguageModel):
            cut.as_in(name, content)


def check_words(inputs: Sequence[Input]) -> None:
    """Raise UsageError if what one FILE holds is saved, and no words, before any are read."""
    for given in inputs:
        _text_of(given)


def check_lines(saved: mf.Counts | mf.LanguageModel, name: str) -> None:
    """Raise UsageError if what is saved is of lists of tokens, which no line is."""
    if are_lists(saved._numbering):
        raise click.UsageError(
            f"{name} is of words that are lists of tokens, and no lines: use it in Python."
        )


def refuse_counting(
    order: int | None, smoothing: str | float | None, prune: Sequence[int] | None
) -> None:
    """Raise UsageError for an option of how models are made of counts."""
    for option, value in (("--order", order), ("--smoothing", smoothing), ("--prune", prune)):
        if value is not None:
            raise click.UsageError(f"{option} is for words and counts, not for a model.")


def the_model(
    inputs: Sequence[Input],
    order: int | None,
    smoothing: str | float | None,
    prune: Sequence[int] | None = None,
    unknown: bool = False,
) -> mf.LanguageModel | None:
    """Return the model that a FILE holds, if one does: it is then the only FILE."""
    models = [given for given in inputs if isinstance(given.content, mf.LanguageModel)]
    if not models:
        return None
    name, model, _ = models[0]
    assert isinstance(model, mf.LanguageModel)
    if len(inputs) > 1:
        raise click.UsageError(f"{name} holds a model, which is used alone: name no other FILE.")
    refuse_counting(order, smoothing, prune)
    if unknown and not model.unknown:
        raise click.UsageError(
            f"the model in {name} has no unknown symbol: make it with --unknown."
        )
    return model


def counts_of(
    inputs: Sequence[Input], cut: Cut, order: int | None, memory: int | None = None
) -> mf.Counts:
    """Count n-grams of an order; None means that of saved counts, and bigrams of words."""
    most = cut.vocabulary if isinstance(cut.vocabulary, int) else None
    if most is not None:  # the most frequent of all FILEs
        every = counts_of(inputs, cut._replace(vocabulary=None), order, memory)
        return mf.Counts(most_frequent(every._core, most))

    if not inputs:
        return mf.count(mf.names(), order=order or 2, **cut.options)
    parts: list[mf.Counts] = []
    files: list[Source] = []
    for name, content, _ in inputs:
        if isinstance(content, mf.LanguageModel):
            raise ValueError(f"{name}: a model, and no words or counts")
        if isinstance(content, mf.Counts):
            parts.append(content if order is None else content.lower(order))
        else:
            files.append(content)
    if files and parts:
        name, counts = next(
            (name, content) for name, content, _ in inputs if isinstance(content, mf.Counts)
        )
        check_lines(counts, name)
        cut = cut.as_in(name, counts)
    if files:  # all at once, as counting them one by one would add up large counts again and again
        reading = inputs[0].reading
        words = mf.count_file(
            files,
            order=order or 2,
            **cut.options,
            columns=reading.columns,
            encoding=reading.encoding,
            errors=reading.errors,
            memory=memory,
            progress=any(map(_is_long, files)),
        )
        parts.append(words)
    return reduce(add, parts)


def words_of(inputs: Sequence[Input]) -> Iterator[str]:
    """Yield the words of FILEs that may have been counted before."""
    for words in parts_of(inputs):
        yield from words


def parts_of(inputs: Sequence[Input]) -> Iterator[list[str]]:
    """Yield the words of FILEs some at a time, as they are read."""
    if not inputs:
        yield mf.names()
    for given in inputs:
        source, reading = _text_of(given), given.reading
        if reading.columns is None:
            yield from word_parts(source, reading)
        else:
            yield from (words for words, _ in weighted_parts(source, reading))


def _text_of(given: Input) -> Source:
    """Return where the words of a FILE are read from their start; counts and models hold none."""
    source = given.content
    if isinstance(source, mf.Counts | mf.LanguageModel):
        raise click.UsageError(f"{given.name} holds no words.")
    if isinstance(source, _Held):
        source.seek(0)
    return source


#: Words of FILEs, and how often each counts if they are weighted.
Learned: TypeAlias = list[str] | dict[str, int]


def checked_words(inputs: Sequence[Input], cut: Cut) -> tuple[Learned, Cut]:
    """Return the words of FILEs, opened `twice`, and how they are cut; an error names the line."""
    counts = counts_of(inputs, cut, order=2)
    return learned_words(inputs), cut.settled(counts)


def learned_words(inputs: Sequence[Input]) -> Learned:
    """Return the words of FILEs that were counted before, to learn from."""
    if all(given.reading.columns is None for given in inputs):
        return list(words_of(inputs))
    times: dict[str, int] = {}
    for given in inputs:
        source, reading = _text_of(given), given.reading
        for words, weights in weighted_parts(source, reading):
            for word, weight in zip(words, weights, strict=True):
                if weight > 0:
                    times[word] = times.get(word, 0) + weight
    return times


def some_of(words: Learned, places: Iterable[int]) -> Learned:
    """Return the words at some places, with how often they count."""
    listed = list(words)
    if isinstance(words, dict):
        return {listed[i]: words[listed[i]] for i in places}
    return [listed[i] for i in places]


def tenth_held_out(words: Learned) -> tuple[Learned, Learned]:
    """Return nine words in ten, and the tenth ones."""
    places = range(len(words))
    return some_of(words, (i for i in places if i % 10 != 9)), some_of(words, places[9::10])


def _is_long(source: Source) -> bool:
    """Tell whether counting a file takes long enough for a progress bar, on a terminal."""
    return (
        sys.stderr.isatty()
        and isinstance(source, str)
        and Path(source).is_file()
        and Path(source).stat().st_size > _LONG
    )
