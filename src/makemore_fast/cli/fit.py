"""``makemore-fast fit``: a model of words, kept in a file."""

import sys

import click

import makemore_fast as mf
from makemore_fast.cli import parameters
from makemore_fast.cli.cutting import Cut, word_symbols
from makemore_fast.cli.held_out import held_out_loss
from makemore_fast.cli.inputs import check_options, check_words, checked_words, opened
from makemore_fast.cli.output import Command, tell
from makemore_fast.fitting import Effort
from makemore_fast.storage.decoding import Errors
from makemore_fast.storage.files import Reading
from makemore_fast.storage.saving import check_output


@click.command(
    cls=Command,
    epilog=parameters.examples(
        "fit names.txt -o names.npz",
        "fit words.txt --dev other_words.txt",
        "fit words.txt --effort fast",
        "fit counted.txt --columns 'count word'",
        'fit --chain "h1 h2 h3" --chain "p15 h1 f0"',
    ),
)
@parameters.files
@word_symbols
@parameters.weighted
@parameters.columns
@parameters.encoding
@parameters.errors
@parameters.unknown
@click.option(
    "-o", "--output", default="model.npz", metavar="MODEL.npz",
    callback=parameters.saved_in(".npz"), help="Where the model goes, for sample and score.",
)  # fmt: skip
@click.option("--dev", metavar="FILE", help="Other words, by which an effort is chosen.")
@parameters.effort("default")
@click.option(
    "--chain", "chains", multiple=True, metavar="FEATURES",
    help="A chain of features, several times for several; those of --effort if none.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=0, help="In which order the weights learn.")
@parameters.threads
def fit(
    files: tuple[str, ...],
    cut: Cut,
    weighted: bool,
    columns: str | None,
    encoding: str | None,
    errors: Errors,
    unknown: bool,
    output: str,
    dev: str | None,
    effort: Effort | None,
    chains: tuple[str, ...],
    seed: int,
    threads: int | None,
) -> None:
    """Fit the best model that counting gives to the words of FILEs, and save it.

    It is a mixture of back-off chains; docs/explanation/fit.md says what they are.
    """
    if dev == "-" and "-" in files:
        raise click.UsageError("FILE and --dev cannot both be standard input.")
    check_output(output)
    effort = effort or "default"
    reading = Reading(encoding, errors, parameters.columns_of(weighted, columns))
    inputs = opened(files, cut, reading, twice=True)
    others = None if dev is None else opened([dev], cut, reading, twice=True)
    every = [*inputs, *(others or ())]
    check_options(every, cut, reading)
    check_words(every)
    words, cut = checked_words(inputs, cut.with_unknown(unknown))
    model = mf.fit(
        words,
        effort=effort,
        chains=chains or None,
        dev=None if others is None else checked_words(others, cut)[0],
        rng=seed,
        threads=threads,
        progress=sys.stderr.isatty(),
        **cut.options,
    )
    model.save(output)
    for tried, loss in model.trials:
        tell(f"{len(tried)} chains: loss {loss:.4f} nats per symbol on {dev}")
    if dev is None and sys.stderr.isatty():
        tell(held_out_loss(words, cut, effort, chains or None))
    tell(f"saved {model!r} to {output}")
