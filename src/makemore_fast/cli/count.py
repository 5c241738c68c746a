"""``makemore-fast count``: how often n-grams occur."""

import sys
from typing import Any

import click

import makemore_fast as mf
from makemore_fast.cli import parameters
from makemore_fast.cli.cutting import Cut, word_symbols
from makemore_fast.cli.elsewhere import Elsewhere, counts_from, elsewhere
from makemore_fast.cli.inputs import check_options, counts_of, opened
from makemore_fast.cli.output import Command, cell, json_line, tell, write
from makemore_fast.count_table import write_csv
from makemore_fast.storage.decoding import Errors
from makemore_fast.storage.files import Reading
from makemore_fast.storage.saving import check_output
from makemore_fast.symbols import column_names, grams


@click.command(
    cls=Command,
    epilog=parameters.examples(
        "count names.txt --top 5",
        "count *.gz --json",
        "count names.txt --tsv > a.tsv",
        "count - --order 3 -o a.npz",
        "count *.txt --workers 4",
        "count a.parquet --column word",
    ),
)
@parameters.files
@word_symbols
@parameters.weighted
@parameters.columns
@parameters.encoding
@parameters.errors
@parameters.order
@parameters.unknown
@parameters.memory
@elsewhere
@click.option(
    "-n", "--top", type=click.IntRange(0), show_default="20, or all with --json or --tsv",
    help="How many bigrams to print, the most common first.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@click.option(
    "--tsv", is_flag=True,
    help="Print a line for each n-gram, symbols and count between tabs; a tab, a quotation mark "
    "or a line end stands in quotation marks.",
)  # fmt: skip
@click.option(
    "-o", "--output", metavar="COUNTS.npz", callback=parameters.saved_in(".npz"),
    help="Save the counts too, to be used as a FILE or MODEL.",
)  # fmt: skip
def count(
    files: tuple[str, ...],
    cut: Cut,
    weighted: bool,
    columns: str | None,
    encoding: str | None,
    errors: Errors,
    order: int | None,
    unknown: bool,
    memory: int | None,
    top: int | None,
    as_json: bool,
    tsv: bool,
    output: str | None,
    dask: str | None,
    workers: int | None,
    column: str | None,
    weights: str | None,
    nulls: str | None,
) -> None:
    """Count the bigrams of the words in FILEs, or longer n-grams."""
    if as_json and tsv:
        raise click.UsageError("--json and --tsv are two ways to print: give one.")
    if output is not None:
        check_output(output)
    where = Elsewhere(dask, workers, column, weights, nulls).checked(files)
    reading = Reading(encoding, errors, parameters.columns_of(weighted, columns))
    if where.is_here:
        inputs = opened(files, cut, reading)
        check_options(inputs, cut, reading)
        counts = counts_of(inputs, cut.with_unknown(unknown), order, memory)
    else:
        counts = counts_from(where, files, cut.with_unknown(unknown), reading, order, memory)
    if unknown and not counts.unknown:
        raise click.UsageError("--unknown is for words, and what is counted here was saved before.")
    if output is not None:
        counts.save(output)
        tell(f"saved to {output}")
    if as_json:
        facts: dict[str, Any] = {"words": counts.words, grams(counts.order): counts.total}
        symbols = counts._symbols
        facts["alphabet" if isinstance(symbols, str) else "symbols"] = symbols
        cells = [[*pair, times] for pair, times in counts.most_common(top)]
        write(json_line(facts | {"counts": cells}))
    elif tsv:
        write_csv(counts._core, "\t", sys.maxsize if top is None else top, write)
    else:
        write(_table(counts, 20 if top is None else top))


def _table(counts: mf.Counts, top: int) -> str:
    total = f"{counts.total:,} {grams(counts.order)}"
    facts = f"{counts.words:,} words, {total}, {len(counts.symbols):,} symbols"
    head = "  ".join(f"{name:<8}" for name in column_names(counts.order))
    lines = [facts, f"{head}  {'count':>12}    share"]
    for gram, times in counts.most_common(top):
        cells = "  ".join(map(cell, gram))
        lines.append(f"{cells}  {times:>12}  {times / counts.total:>7.2%}")
    return "\n".join(lines) + "\n"
