"""What ``count`` counts in other ways than by one process from text: by Dask, and from Parquet."""

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

import makemore_fast as mf
from makemore_fast.cli import parameters
from makemore_fast.cli.cutting import Cut
from makemore_fast.cli.inputs import holds_words
from makemore_fast.late import Late
from makemore_fast.storage.fetching import told_as_os_error
from makemore_fast.storage.files import Reading, each_source, naming
from makemore_fast.storage.remote import is_url, remote_file

if TYPE_CHECKING:
    import distributed
    import pyarrow as pa
    from pyarrow import parquet

    from makemore_fast import dask
else:
    dask, distributed = Late("makemore_fast.dask"), Late("distributed")
    pa, parquet = Late("pyarrow"), Late("pyarrow.parquet")

_Command = TypeVar("_Command", bound=Callable[..., Any])
_AT_A_TIME = 64  # counts that are added up at once


class Elsewhere(NamedTuple):
    """Where words are counted, or the columns of Parquet files that hold them."""

    dask: str | None = None
    workers: int | None = None
    column: str | None = None
    weights: str | None = None
    nulls: str | None = None

    def checked(self, files: Sequence[str]) -> "Elsewhere":
        """Return it, or bad usage; the FILEs may not fit."""
        if self.weights is not None and self.column is None:
            raise click.UsageError("--weights is for Parquet: --column names the one of the words.")
        if self.nulls is not None and self.column is None:
            raise click.UsageError("--nulls is for Parquet: --column names the one of the words.")
        ways = {"--dask": self.dask, "--workers": self.workers, "--column": self.column}
        given = [option for option, value in ways.items() if value is not None]
        if len(given) > 1:
            raise click.UsageError(f"{given[0]} and {given[1]} cannot both be given.")
        if self.weights is not None and self.weights == self.column:
            raise click.UsageError("--column and --weights must be two columns.")
        if given and not files:
            raise click.UsageError(f"{given[0]} needs FILEs.")
        if given and not all(map(holds_words, files)):
            raise click.UsageError(f"{given[0]} is for words, not for counts or models.")
        return self

    @property
    def is_here(self) -> bool:
        """Whether this process counts text."""
        return self == Elsewhere()


def elsewhere(command: _Command) -> Any:
    """Give a command the options of which `Elsewhere` is made."""
    for option in (
        click.option(
            "--nulls", type=click.Choice(["raise", "skip"]),
            help="Whether nulls in the column are an error, which is the default, or left out.",
        ),
        click.option(
            "--weights", metavar="NAME",
            help="The column of Parquet FILEs that says how often each word counts.",
        ),
        click.option(
            "--column", metavar="NAME", help="FILEs are Parquet, and this column holds the words.",
        ),
        click.option(
            "--workers", type=parameters.FROM_ONE,
            help="Count by so many processes of this machine, each a Dask worker.",
        ),
        click.option(
            "--dask", metavar="ADDRESS",
            help="Count on a Dask cluster, by the address of its scheduler (tcp://HOST:8786).",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def counts_from(
    where: Elsewhere,
    files: Sequence[str],
    cut: Cut,
    reading: Reading,
    order: int | None,
    memory: int | None,
) -> mf.Counts:
    """Count FILEs elsewhere, or their columns."""
    if where.column is None:
        return _by_dask(where, files, cut, reading, order or 2, memory)
    if reading != Reading() or memory is not None:
        raise click.UsageError("--column is for Parquet, which has no lines and no encoding.")
    options = cut.options | {"column": where.column, "weights": where.weights}
    options["nulls"] = where.nulls or "raise"
    return _of_columns(files, options | {"order": order or 2})


def _by_dask(
    where: Elsewhere,
    files: Sequence[str],
    cut: Cut,
    reading: Reading,
    order: int,
    memory: int | None,
) -> mf.Counts:
    dask.count_file  # noqa: B018 (an error that names the extra comes first)
    with ExitStack() as ends:
        address: Any = where.dask
        if address is not None:
            # Of what is no address a Client would say so, and then never end.
            distributed.comm.addressing.get_address_host_port(address)
        else:
            address = distributed.LocalCluster(
                n_workers=where.workers, threads_per_worker=1, processes=True,
                dashboard_address=None, worker_dashboard_address=None,
                silence_logs=logging.CRITICAL,  # errors come here by the client
            )  # fmt: skip
            ends.enter_context(address)
        client = ends.enter_context(distributed.Client(address, set_as_default=False))
        return dask.count_file(
            list(files),
            client,
            order=order,
            **cut.options,
            columns=reading.columns,
            encoding=reading.encoding,
            errors=reading.errors,
            memory=memory,
            progress=sys.stderr.isatty(),
        )


def _of_columns(files: Sequence[str], options: dict[str, Any]) -> mf.Counts:
    parts: list[mf.Counts] = []
    for path in (str(path) for file in files for path in each_source(file)):
        with naming(path), told_as_os_error(), ExitStack() as ends:  # of pyarrow's own errors too
            file: Any = path
            if is_url(path):
                remote = remote_file(path)
                file = ends.enter_context(remote.files.open(remote.path, "rb"))
            parts.append(_counted(_stream(ends.enter_context(_parquet(file)), options), options))
        if len(parts) == _AT_A_TIME:
            parts = [mf.merged(parts)]
    return mf.merged(parts)


def _counted(stream: Any, options: dict[str, Any]) -> mf.Counts:
    try:
        return mf.count(stream, **options)
    except TypeError as error:  # of a column that holds something else, which is data here
        raise ValueError(str(error)) from None


def _parquet(file: Any) -> Any:
    try:
        return parquet.ParquetFile(file)
    except ModuleNotFoundError:
        raise ImportError("Parquet needs pyarrow: pip install pyarrow") from None


def _stream(table: Any, options: dict[str, Any]) -> Any:
    """Return what of a table is read: some rows at a time, of the columns that count."""
    wanted = [options[name] for name in ("column", "weights") if options[name] is not None]
    names = table.schema_arrow.names
    for name in wanted:
        if name not in names:
            raise ValueError(f"there is no column {name!r} among {', '.join(map(repr, names))}")
    schema = pa.schema([table.schema_arrow.field(name) for name in wanted])
    batches: Iterator[Any] = (batch.select(wanted) for batch in table.iter_batches(columns=wanted))
    return pa.RecordBatchReader.from_batches(schema, batches)
