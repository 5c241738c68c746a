"""What the adapters of all engines have in common: tasks that count, and how their parts add up."""

import itertools
import warnings
from collections.abc import Iterable, Mapping, Sequence
from operator import index
from threading import Lock
from typing import Any, NamedTuple, TypedDict, TypeVar

from makemore_fast.alphabets import AlphabetLike
from makemore_fast.blocks import Block, count_blocks, cut, looked_up
from makemore_fast.counting import count
from makemore_fast.counts import Counts
from makemore_fast.language_model import LanguageModel
from makemore_fast.merging import merged
from makemore_fast.options import natural, positive, whole_number
from makemore_fast.sizes import size_in_bytes
from makemore_fast.storage.decoding import Errors
from makemore_fast.storage.files import Reading
from makemore_fast.storage.remote import StorageOptions
from makemore_fast.symbols import NumbersSymbols
from makemore_fast.tokens import SymbolsLike, VocabularyLike, most_frequent

_LEAST, _MOST = 8 << 20, 1 << 30  # bytes of a block, if nobody says how many
_TASKS = 4  # for each thread of a cluster, so that none waits long for the last
_SHORT = 3  # the highest order whose counts stay small, so that it costs little to merge many
_LAST = 2  # parts that are added up where the result is wanted
_BLOCKS = 1000  # of small files in one task
_WORDS = 250_000  # drawn by one task

_T = TypeVar("_T")

#: Held while warnings are caught, which all threads of a worker share.
_WARNING = Lock()


class WordOptions(TypedDict, total=False):
    """What counting words takes by name, for type checkers."""

    order: int
    alphabet: AlphabetLike | None
    unknown: bool | None
    boundary: str | None
    separator: str | None
    symbols: SymbolsLike | None
    vocabulary: VocabularyLike | None


class LineOptions(WordOptions, total=False):
    """What counting files takes by name, for type checkers."""

    weighted: bool
    columns: str | None
    skip_blank: bool
    encoding: str | None
    errors: Errors
    memory: int | str | None


class Part(NamedTuple):
    """What a task counted, and what it would warn of, which only its own process would see."""

    counts: Counts
    warnings: tuple[str, ...] = ()


class Asked(NamedTuple):
    """The options of tasks, checked and small, and what is done once in the end."""

    options: dict[str, Any]
    most: int | None  # tokens that are kept of all

    def finished(self, part: Part) -> Counts:
        """Return the counts of all tasks; warn of what these would."""
        for message in part.warnings:
            warnings.warn(message, UnicodeWarning, stacklevel=3)
        counts = part.counts
        return counts if self.most is None else Counts(most_frequent(counts._core, self.most))

    def nothing(self) -> Part:
        """Return what no tasks at all count."""
        return Part(count([], **words_alone(self.options)))


def asked(options: Mapping[str, Any], *, lines: bool) -> Asked:
    """Check the options of counting lines or words here, before tasks are sent."""
    kept = dict(options)
    if isinstance(kept.get("vocabulary"), Iterable) and not isinstance(kept["vocabulary"], str):
        kept["vocabulary"] = tuple(kept["vocabulary"])
    if isinstance(kept.get("symbols"), Iterable) and not isinstance(kept["symbols"], str):
        kept["symbols"] = tuple(kept["symbols"])
    if lines:
        count_blocks([], **kept)
    else:  # which may be lists of tokens
        count([], **{name: value for name, value in kept.items() if name != "vocabulary"})
    most = None
    if kept.get("vocabulary") is not None and not isinstance(kept["vocabulary"], tuple):
        most = index(kept.pop("vocabulary"))  # of all, not of each task
    if isinstance(kept.get("alphabet"), NumbersSymbols):  # which may be a model of any size
        kept["alphabet"] = count([], **words_alone(kept) | {"order": 1})
    return Asked(kept, most)


def words_alone(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return those options that words have too."""
    return {name: options[name] for name in WordOptions.__annotations__ if name in options}


def tasks_of(
    urlpath: Any,
    blocksize: int | str | None,
    storage_options: StorageOptions | None,
    options: Mapping[str, Any],
    threads: int,
) -> list[list[Block]]:
    """Return the blocks that each task is to count: of about one size, if files can be cut."""
    reading = Reading(options.get("encoding"), options.get("errors", "raise"))
    files = looked_up(urlpath, storage_options)
    if blocksize is not None:
        most = size_in_bytes(blocksize, "blocksize")
        return _filled(cut(files, None if reading.decodes else most), most)
    # Two tasks that meet the same long n-grams send and merge them twice.
    each = _TASKS if options.get("order", 2) <= _SHORT else 1
    total = sum(file.size or 0 for file, _ in files)
    most = min(max(-(-total // (max(threads, 1) * each)), _LEAST), _MOST)
    return _shared_out(cut(files, None if reading.decodes else most), most)


def _filled(blocks: Iterable[Block], most: int) -> list[list[Block]]:
    """Return tasks of so many bytes at most."""
    tasks: list[list[Block]] = []
    room = 0
    for block in blocks:
        size = most if block.size is None else block.size
        if not tasks or size > room or len(tasks[-1]) == _BLOCKS:
            tasks.append([])
            room = most
        tasks[-1].append(block)
        room -= size
    return tasks


def _shared_out(blocks: Iterable[Block], about: int) -> list[list[Block]]:
    """Return tasks of about so many bytes: a block is in that in which its middle lies."""
    tasks: list[list[Block]] = []
    before, last = 0, -1
    for block in blocks:
        size = about if block.size is None else block.size
        task = (before + size // 2) // about
        if task != last or len(tasks[-1]) == _BLOCKS:
            tasks.append([])
        tasks[-1].append(block)
        before, last = before + size, task
    return tasks


def size_of(task: Sequence[Block]) -> int:
    """Return how many bytes a task reads, as far as that is known."""
    return sum(block.size or 0 for block in task)


def count_task(task: Sequence[Block], options: Mapping[str, Any]) -> Part:
    """Count blocks, where a task runs."""
    if options.get("errors", "raise") == "raise":  # nothing is left out that would be told
        return Part(count_blocks(task, **options))
    with _WARNING, warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always", UnicodeWarning)
        counts = count_blocks(task, **options)
    return Part(counts, tuple(str(one.message) for one in seen))


def count_partition(number: int, words: Any, options: Mapping[str, Any]) -> Part:
    """Count the words that an engine holds; errors say in which of its parts."""
    try:
        return Part(count(words, **options))
    except (TypeError, ValueError) as error:
        if type(error) not in (TypeError, ValueError):
            raise
        raise type(error)(f"partition {number}: {error}") from None


def merge_parts(parts: Sequence[Part]) -> Part:
    """Add up what tasks counted; what is given stays as it is."""
    if len(parts) == 1:
        return parts[0]
    told = dict.fromkeys(message for part in parts for message in part.warnings)
    # Parts without words do not know whether words are lists of tokens.
    some = [part.counts for part in parts if part.counts.words] or [parts[0].counts]
    return Part(merged(some), tuple(told))


def checked_model(model: object) -> LanguageModel:
    """Return what is to be sent to workers if it is a model."""
    if not isinstance(model, LanguageModel):
        raise TypeError(f"model must be a model, got {type(model).__name__}")
    return model


def checked_every(split_every: int) -> int:
    """Return how many parts one task adds up."""
    if natural("split_every", split_every) < 2:
        raise ValueError(f"split_every must be 2 or more, got {split_every}")
    return split_every


def to_merge(parts: Sequence[_T], every: int) -> list[list[_T]]:
    """Return which parts tasks add up next, at most so many each; none if few are left.

    What is left is added up where the result is wanted. Two workers then send the last two at the
    same time; a task would have to read them, and to write and send their sum.
    """
    if len(parts) <= _LAST:
        return []
    size = min(every, -(-len(parts) // _LAST))
    return [list(parts[i : i + size]) for i in range(0, len(parts), size)]


def drawn_in_parts(
    n: int, rng: Any, partitions: int | None, options: Mapping[str, Any]
) -> list[tuple[int, int]]:
    """Return where each part of one stream begins, and how many words it has."""
    given: object = rng
    try:
        if isinstance(given, bool):
            raise TypeError
        seed = index(rng)
    except TypeError:
        raise TypeError(
            f"rng must be an int, got {type(given).__name__}: what moves on as it draws cannot be "
            "in many places, and a task that runs twice must draw the same"
        ) from None
    if seed < 0:
        raise ValueError(f"rng must be an int from 0 up (non-negative), got {seed}")
    for name in ("unique", "exclude"):
        if options.get(name) not in (None, False):
            raise ValueError(
                f"{name}= looks at all words before, which parts of a stream do not know; "
                "draw more words and leave them out"
            )
    n = whole_number("n", n)
    if n < 0:
        raise ValueError(f"n must be 0 or more, got {n}")
    parts = max(1, -(-n // _WORDS)) if partitions is None else positive("partitions", partitions)
    edges = [n * i // parts for i in range(parts + 1)]
    return [(first, last - first) for first, last in itertools.pairwise(edges)]


def draw_part(model: Any, first: int, size: int, seed: int, options: Mapping[str, Any]) -> Any:
    """Draw words of a stream from a place on, where a task runs."""
    drawn = model.sample_corpus(size, rng=seed, start=first, **{"threads": 1} | dict(options))
    return list(drawn)
