"""Ray: files and datasets counted, scored and drawn by its workers.

Needs Ray: ``pip install makemore_fast[ray]``. A task gets paths, and reads its files itself: lines
that Ray reads take many times as long.
"""

import pickle
from collections.abc import Mapping
from typing import Any, Unpack

try:
    import ray
    import ray.data
    import ray.exceptions
except ImportError as error:
    raise ImportError("Ray is not installed; pip install makemore_fast[ray]") from error

import pyarrow as pa

from makemore_fast.blocks import partial_counts
from makemore_fast.counts import Counts
from makemore_fast.display.progress import bar
from makemore_fast.language_model import LanguageModel, Per
from makemore_fast.options import checked_flag, checked_str, one_of
from makemore_fast.parallel import (
    LineOptions,
    Part,
    WordOptions,
    asked,
    checked_every,
    checked_model,
    count_task,
    draw_part,
    drawn_in_parts,
    merge_parts,
    size_of,
    tasks_of,
    to_merge,
)
from makemore_fast.sampling_options import SamplingOptions
from makemore_fast.storage.remote import StorageOptions
from makemore_fast.units import Unit
from makemore_fast.words import Nulls

__all__ = ["count", "count_file", "sample", "score"]


def count_file(
    urlpath: Any,
    *,
    blocksize: int | str | None = None,
    split_every: int = 8,
    progress: bool = False,
    storage_options: StorageOptions | None = None,
    **options: Unpack[LineOptions],
) -> Counts:
    """Count the words of files, one word a line, on Ray's workers.

    Parameters
    ----------
    urlpath : str or PathLike, or an iterable of them
        Paths, patterns and URLs, as in `makemore_fast.blocks.blocks`; each worker reads them.
    blocksize, split_every, progress, storage_options
        As in `makemore_fast.dask.count_file`.
    **options
        `order` and whatever else `makemore_fast.count_file` takes but `start`, `stop` and
        `threads`; `memory` is of each task.

    Returns
    -------
    Counts
        What `makemore_fast.count_file` returns.

    Raises
    ------
    OSError, EOFError, TypeError, ValueError
        As `makemore_fast.count_file`, with the same message; the first that is met, which need
        not be the first in the files. For ``"-"`` and open files.

    Examples
    --------
    >>> from pathlib import Path
    >>> import makemore_fast as mf, makemore_fast.ray
    >>> _ = Path("names.txt").write_text("emma ava olivia".replace(" ", chr(10)))
    >>> counts = mf.ray.count_file(Path("names.txt").absolute(), order=3)
    >>> counts == mf.count_file("names.txt", order=3)
    True
    """
    how = asked(options, lines=True)
    every = checked_every(split_every)
    checked_flag("progress", progress)
    if not ray.is_initialized():
        ray.init()
    threads = int(ray.cluster_resources().get("CPU", 1))
    tasks = tasks_of(urlpath, blocksize, storage_options, options, threads)
    if not tasks:
        return how.finished(how.nothing())
    counted = [_count.remote(task, how.options) for task in tasks]
    level, asked_for = counted, list(counted)
    try:
        while parts := to_merge(level, every):
            level = [_merge.remote(*some) for some in parts]
            asked_for += level
        sizes = dict(zip(counted, map(size_of, tasks), strict=True))
        with bar(sum(sizes.values()), "B", shown=progress) as tell:
            waiting, done = counted if tell else [], 0
            while waiting:
                ready, waiting = ray.wait(waiting)
                done += sum(sizes[one] for one in ready)
                if tell:
                    tell(done)
            part = merge_parts(ray.get(level))
    except BaseException as error:
        for one in asked_for:
            ray.cancel(one)  # nobody waits for the others
        if isinstance(error, ray.exceptions.RayTaskError) and error.cause is not None:
            raise error.cause from None
        raise
    return how.finished(part)


def count(
    dataset: Any,
    *,
    column: str | None = None,
    weights: str | None = None,
    nulls: Nulls = "raise",
    **options: Unpack[WordOptions],
) -> Counts:
    """Count the words in a column of a Ray dataset, where its blocks are.

    Parameters
    ----------
    dataset : ray.data.Dataset
        For files `count_file` is much faster.
    column, weights : str, optional
        The columns that hold the words, and how often each counts. The first may be left out if
        there is no other.
    nulls : {"raise", "skip"}
        As in `makemore_fast.count`.
    **options
        `order` and the others that `makemore_fast.count` takes.

    Returns
    -------
    Counts

    Raises
    ------
    TypeError, ValueError
        As `makemore_fast.count`, with the index in a batch.

    Examples
    --------
    >>> import ray.data
    >>> import makemore_fast as mf, makemore_fast.ray
    >>> words = ray.data.from_items([{"word": word} for word in ["emma", "ava", "olivia"]])
    >>> mf.ray.count(words, column="word") == mf.count(["emma", "ava", "olivia"])
    True
    """
    how = asked(options, lines=False)
    one_of("nulls", nulls, ("raise", "skip"))
    told = {"column": column, "weights": weights, "nulls": nulls}
    if column is not None:
        dataset = _dataset(dataset).select_columns([n for n in (column, weights) if n is not None])
    counted = _dataset(dataset).map_batches(
        _counted_batch, batch_size=None, batch_format="pyarrow",
        fn_kwargs={"options": how.options | told},
    )  # fmt: skip
    part: Part | None = None
    for batch in counted.iter_batches(batch_size=64, batch_format="pyarrow"):
        for error in filter(None, batch["error"].to_pylist()):
            raise pickle.loads(error)
        rows = [Part(Counts.from_bytes(row)) for row in batch["counts"].to_pylist()]
        part = merge_parts(rows if part is None else [part, *rows])
    return how.finished(how.nothing() if part is None else part)


def score(
    model: LanguageModel,
    dataset: Any,
    *,
    column: str,
    to: str = "score",
    per: Per = "word",
    unit: Unit = "nats",
    nulls: str = "raise",
    concurrency: int | tuple[int, int] | None = None,
) -> Any:
    """Add a column of scores to a Ray dataset, when it is asked for.

    Parameters
    ----------
    model : LanguageModel
        Any model; each actor gets it once.
    dataset : ray.data.Dataset
        With a column of words.
    column, to : str
        The columns of the words and of their scores.
    per, unit
        As in `LanguageModel.score`.
    nulls : {"raise", "nan"}
        As in `LanguageModel.score`, but none is left out: a score stands beside each word.
    concurrency : int or tuple of int, optional
        How many actors; by default 1 to as many as there are processors.

    Returns
    -------
    ray.data.Dataset

    Examples
    --------
    >>> import ray.data
    >>> import makemore_fast as mf, makemore_fast.ray
    >>> model = mf.count(["emma", "ava"]).model(smoothing=1)
    >>> words = ray.data.from_items([{"word": "emma"}])
    >>> rows = mf.ray.score(model, words, column="word").take()
    >>> rows[0]["score"] == model.score(["emma"])[0]
    True
    """
    checked_model(model)
    one_of("nulls", nulls, ("raise", "nan"))
    model.score([], per=per, unit=unit)
    if concurrency is None:
        most = int(ray.cluster_resources().get("CPU", 1)) if ray.is_initialized() else 1
        concurrency = (1, max(1, most))
    how = {"per": per, "unit": unit, "nulls": nulls, "column": checked_str("column", column)}
    return _dataset(dataset).map_batches(
        _Scorer, batch_format="pyarrow", concurrency=concurrency,
        fn_constructor_args=(ray.put(model), checked_str("to", to), how),
    )  # fmt: skip


def sample(
    model: LanguageModel,
    n: int = 1,
    *,
    rng: int,
    partitions: int | None = None,
    **options: Unpack[SamplingOptions],
) -> Any:
    """Draw words on many workers, when it is asked for: exactly those of one stream.

    Parameters
    ----------
    model, n, rng, partitions
        As in `makemore_fast.dask.sample`.
    **options
        Those of `LanguageModel.sample` but `unique` and `exclude`.

    Returns
    -------
    ray.data.Dataset
        With two columns: ``word``, and ``number``, by which the words of
        ``model.sample(n, rng=rng)`` are in their order.

    Examples
    --------
    >>> import makemore_fast as mf, makemore_fast.ray
    >>> model = mf.count(["emma", "ava"]).model(smoothing=1)
    >>> rows = mf.ray.sample(model, 9, rng=7, partitions=2).sort("number").take_all()
    >>> [row["word"] for row in rows] == model.sample(9, rng=7)
    True
    """
    checked_model(model)
    parts = drawn_in_parts(n, rng, partitions, options)
    model.sample(0, rng=0, **options)
    if not ray.is_initialized():
        ray.init()
    sent = ray.put(model)
    made = [_draw.remote(sent, first, size, int(rng), dict(options)) for first, size in parts]
    return ray.data.from_arrow_refs(made)


class _Scorer:
    """What scores batches, with a model that is loaded once."""

    def __init__(self, model: Any, to: str, how: Mapping[str, Any]) -> None:
        self._model = ray.get(model) if isinstance(model, ray.ObjectRef) else model
        self._to = to
        self._how = how

    def __call__(self, batch: Any) -> Any:
        return batch.append_column(self._to, pa.array(self._model.score(batch, **self._how)))


def _counted_batch(batch: Any, options: Mapping[str, Any]) -> Any:
    """Return counts, or the error of a word as it was raised, which Ray would wrap."""
    rows: list[tuple[bytes | None, bytes | None]] = []
    try:
        for part in partial_counts([batch], **options):
            rows += [(counts, None) for counts in part["counts"].to_pylist()]
    except (TypeError, ValueError) as error:
        rows = [(None, pickle.dumps(error))]
    columns = {"counts": [row[0] for row in rows], "error": [row[1] for row in rows]}
    kinds = pa.schema([("counts", pa.binary()), ("error", pa.binary())])
    return pa.Table.from_pydict(columns, kinds)


def _drawn(model: Any, first: int, size: int, seed: int, options: Mapping[str, Any]) -> Any:
    words = draw_part(model, first, size, seed, options)
    kind = pa.list_(pa.string()) if words and not isinstance(words[0], str) else pa.string()
    numbers = pa.array(range(first, first + size), pa.uint64())
    return pa.table({"number": numbers, "word": pa.array(words, kind)})


def _merged(*parts: Part) -> Part:
    return merge_parts(parts)


_count = ray.remote(count_task)
_merge = ray.remote(_merged)
_draw = ray.remote(_drawn)


def _dataset(dataset: Any) -> Any:
    if not isinstance(dataset, ray.data.Dataset):
        raise TypeError(f"expected a ray.data.Dataset, got {type(dataset).__name__}")
    return dataset
