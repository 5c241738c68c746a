"""Dask: files, data frames and bags counted, scored and drawn by its workers.

Needs Dask: ``pip install makemore_fast[dask]``. A task gets paths, and reads its files itself:
lines that Dask reads take many times as long.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

try:
    import dask
    import distributed
except ImportError as error:
    raise ImportError("Dask is not installed; pip install makemore_fast[dask]") from error

from makemore_fast.counts import Counts
from makemore_fast.display.progress import bar
from makemore_fast.language_model import LanguageModel, Per
from makemore_fast.late import Late
from makemore_fast.options import checked_flag, checked_str, one_of
from makemore_fast.parallel import (
    LineOptions,
    WordOptions,
    asked,
    checked_every,
    checked_model,
    count_partition,
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

if TYPE_CHECKING:
    import pandas as pd
    from dask import bag
else:
    pd, bag = Late("pandas"), Late("dask.bag")

__all__ = ["count", "count_file", "sample", "score"]


def count_file(
    urlpath: Any,
    client: Any = None,
    *,
    blocksize: int | str | None = None,
    split_every: int = 8,
    progress: bool = False,
    storage_options: StorageOptions | None = None,
    **options: Unpack[LineOptions],
) -> Counts:
    """Count the words of files, one word a line, on Dask's workers.

    Parameters
    ----------
    urlpath : str or PathLike, or an iterable of them
        Paths, patterns and URLs, as in `makemore_fast.blocks.blocks`; each worker reads them.
    client : distributed.Client, optional
        By default the one that was made last.
    blocksize : int or str, optional
        How many bytes a task counts at most, where files can be cut, as in
        `makemore_fast.blocks.blocks`. By default about as many as make four tasks a thread,
        or one where `order` is above 3, whose counts take long to merge; from 8 MiB to 1 GiB.
        Small files share a task.
    split_every : int
        How many counts one task adds up.
    progress : bool
        Whether to show a progress bar.
    storage_options : mapping, optional
        What fsspec takes to reach URLs.
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
        not be the first in the files. For ``"-"``, open files, and without a client.

    Examples
    --------
    >>> from pathlib import Path
    >>> import distributed
    >>> import makemore_fast as mf, makemore_fast.dask
    >>> _ = Path("names.txt").write_text("emma ava olivia".replace(" ", chr(10)))
    >>> with distributed.Client(processes=False, dashboard_address=None) as client:
    ...     counts = mf.dask.count_file("names.txt", client, order=3)
    >>> counts == mf.count_file("names.txt", order=3)
    True
    """
    how = asked(options, lines=True)
    every = checked_every(split_every)
    checked_flag("progress", progress)
    client = _client(client)
    threads = sum(client.nthreads().values())
    tasks = tasks_of(urlpath, blocksize, storage_options, options, threads)
    if not tasks:
        return how.finished(how.nothing())
    counted = client.map(count_task, tasks, options=how.options, pure=False)
    asked_for = level = list(counted)
    try:
        while parts := to_merge(level, every):
            level = [client.submit(merge_parts, some, pure=False) for some in parts]
            asked_for = asked_for + level
        sizes = {future.key: size_of(task) for future, task in zip(counted, tasks, strict=True)}
        with bar(sum(sizes.values()), "B", shown=progress) as tell:
            if tell:
                done = 0
                for future in distributed.as_completed(counted):
                    done += sizes[future.key]
                    tell(done)
                    if future.status == "error":
                        break
            return how.finished(merge_parts(client.gather(level)))
    except BaseException:
        client.cancel(asked_for, force=True)  # nobody waits for the others
        raise


def count(
    collection: Any,
    *,
    column: str | None = None,
    weights: str | None = None,
    nulls: Nulls = "raise",
    split_every: int = 8,
    **options: Unpack[WordOptions],
) -> Counts:
    """Count the words of a Dask collection, where its partitions are.

    Parameters
    ----------
    collection : Dask DataFrame, Series, Bag or Array
        Words as `makemore_fast.count` takes them; columns of Arrow strings, which are Dask's
        default, are read without a Python object a word. For files `count_file` is much faster.
    column, weights : str, optional
        The columns of a DataFrame that hold the words, and how often each counts.
    nulls : {"raise", "skip"}
        As in `makemore_fast.count`.
    split_every : int
        How many counts one task adds up.
    **options
        `order` and the others that `makemore_fast.count` takes.

    Returns
    -------
    Counts

    Raises
    ------
    TypeError, ValueError
        As `makemore_fast.count`, with the partition and the index in it.

    Examples
    --------
    >>> import dask.bag
    >>> import makemore_fast as mf, makemore_fast.dask
    >>> words = dask.bag.from_sequence(["emma", "ava", "olivia"], npartitions=2)
    >>> mf.dask.count(words, order=3) == mf.count(["emma", "ava", "olivia"], order=3)
    True
    """
    how = asked(options, lines=False)
    every = checked_every(split_every)
    one_of("nulls", nulls, ("raise", "skip"))
    kind = _kind(collection, "count")
    told: dict[str, Any] = {"nulls": nulls}
    names = [("column", column), ("weights", weights)]
    for name, value in names:
        if value is None:
            continue
        if kind != "DataFrame":
            raise TypeError(f"{name}= is for a DataFrame, not a {kind}")
        told[name] = checked_str(name, value)
    if column is not None:  # what is read of Parquet
        collection = collection[[name for _, name in names if name is not None]]
    partitions = collection.to_delayed()
    partitions = list(getattr(partitions, "flat", partitions))
    if not partitions:
        return how.finished(how.nothing())
    task, merge = dask.delayed(count_partition, pure=False), dask.delayed(merge_parts, pure=False)
    level = [task(i, part, how.options | told) for i, part in enumerate(partitions)]
    while parts := to_merge(level, every):
        level = [merge(some) for some in parts]
    return how.finished(merge_parts(dask.compute(*level)))


def score(
    model: LanguageModel,
    collection: Any,
    *,
    column: str | None = None,
    per: Per = "word",
    unit: Unit = "nats",
    nulls: str = "raise",
) -> Any:
    """Score words where they are, when it is asked for.

    Parameters
    ----------
    model : LanguageModel
        Any model; it is sent to each worker once.
    collection : Dask Series, DataFrame or Bag
        The words.
    column : str, optional
        The column of a DataFrame that holds them.
    per, unit
        As in `LanguageModel.score`.
    nulls : {"raise", "nan"}
        As in `LanguageModel.score`, but none is left out: a score stands beside each word.

    Returns
    -------
    Dask Series or Bag
        Of floats, with the index of the words; ``.compute()`` makes them.

    Examples
    --------
    >>> import dask.bag
    >>> import makemore_fast as mf, makemore_fast.dask
    >>> model = mf.count(["emma", "ava"]).model(smoothing=1)
    >>> words = dask.bag.from_sequence(["emma", "ava", "mav"], npartitions=2)
    >>> mf.dask.score(model, words).compute() == model.score(["emma", "ava", "mav"]).tolist()
    True
    """
    checked_model(model)
    one_of("nulls", nulls, ("raise", "nan"))
    model.score([], per=per, unit=unit)
    kind = _kind(collection, "score")
    if kind == "DataFrame":
        if column is None:
            raise ValueError("column= must say which column of the DataFrame holds the words")
        collection = collection[checked_str("column", column)]
    elif column is not None:
        raise TypeError(f"column= is for a DataFrame, not a {kind}")
    sent = dask.delayed(model, pure=False)
    told = {"per": per, "unit": unit, "nulls": nulls}
    if kind == "Bag":
        return collection.map_partitions(_scores_of_list, sent, told)
    if kind == "Array":
        raise TypeError("expected a Dask Series, DataFrame or Bag, got an Array")
    return collection.map_partitions(_scores_of_series, sent, told, meta=(collection.name, "f8"))


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
    model : LanguageModel
        Any model; it is sent to each worker once.
    n : int
        How many words.
    rng : int
        The seed. No generator, which cannot move on in many places at once.
    partitions : int, optional
        How many parts the words come in; by default 250,000 words are one. Does not change the
        words.
    **options
        Those of `LanguageModel.sample` but `unique` and `exclude`, which would have to know all
        words before.

    Returns
    -------
    dask.bag.Bag
        The words of ``model.sample(n, rng=rng)``, in their order.

    Examples
    --------
    >>> import makemore_fast as mf, makemore_fast.dask
    >>> model = mf.count(["emma", "ava"]).model(smoothing=1)
    >>> words = mf.dask.sample(model, 9, rng=7, partitions=2)
    >>> words.compute() == model.sample(9, rng=7)
    True
    """
    checked_model(model)
    parts = drawn_in_parts(n, rng, partitions, options)
    model.sample(0, rng=0, **options)
    sent, draw = dask.delayed(model, pure=False), dask.delayed(draw_part, pure=False)
    return bag.from_delayed(
        [draw(sent, first, size, int(rng), dict(options)) for first, size in parts]
    )


def _scores_of_series(words: Any, model: LanguageModel, how: dict[str, Any]) -> Any:
    return pd.Series(model.score(words, **how), index=words.index, name=words.name)


def _scores_of_list(words: Sequence[str], model: LanguageModel, how: dict[str, Any]) -> list[float]:
    scores: list[float] = model.score(list(words), **how).tolist()
    return scores


def _kind(collection: Any, call: str) -> str:
    """Return what a Dask collection is called; TypeError for what is none."""
    kind = type(collection).__name__
    if kind in ("DataFrame", "Series", "Bag", "Array") and dask.is_dask_collection(collection):
        return kind
    raise TypeError(
        f"expected a Dask DataFrame, Series, Bag or Array, got {kind}; words and files in this "
        f"process are for makemore_fast's own {call}, paths for makemore_fast.dask.count_file"
    )


def _client(client: Any) -> Any:
    """Return the client that is given, or the one that was made last."""
    if client is None:
        try:
            client = distributed.default_client()
        except ValueError:
            raise ValueError(
                "no Dask client: make one with distributed.Client(address), or with "
                "distributed.Client() for this machine"
            ) from None
    if not isinstance(client, distributed.Client):
        raise TypeError(f"client must be a distributed.Client, got {type(client).__name__}")
    if client.asynchronous:
        raise TypeError("client must not be asynchronous: call this in a thread of its own")
    if client.status in ("closing", "closed"):
        raise ValueError("the client is closed: make one with distributed.Client(address)")
    return client
