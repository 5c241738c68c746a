"""``makemore-fast sample``: new words."""

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

import makemore_fast as mf
from makemore_fast.cli import parameters
from makemore_fast.cli.held_out import held_out_loss
from makemore_fast.cli.inputs import Input, counts_of, holds_words, opened, the_model, words_of
from makemore_fast.cli.mixing import Part, check_alone, mix, mixed_model
from makemore_fast.cli.output import tell, write
from makemore_fast.display.progress import bar
from makemore_fast.storage.decoding import Errors
from makemore_fast.storage.files import Reading

_COMPARED_WORDS = 100_000  # the most new words, and the most symbols of a corpus,
_COMPARED_SYMBOLS = 10_000_000  # that are compared: both are then held in memory
_MANY = 10_000_000  # new words: a fraction of a second


@click.command(
    epilog=parameters.examples(
        "sample -n 5 --prefix em",
        "sample names.txt --order 5",
        "sample - --seed 42 < old > new",
        "sample -n 50 --new --unique",
        "sample --mix a.txt:30 --mix b.txt:1",
    )
)
@parameters.files
@parameters.boundary
@parameters.weighted
@parameters.encoding
@parameters.errors
@parameters.order
@parameters.smoothing("kneser-ney, or 0 for bigrams")
@mix
@click.option("-n", type=click.IntRange(0), default=20, help="How many words.")
@click.option("--seed", type=click.IntRange(0), help="The same seed draws the same words.")
@click.option("--prefix", default="", help="What every word begins with.")
@click.option("--max-length", type=parameters.FROM_ONE, help="Cut words that are longer.")
@click.option(
    "--temperature", type=click.FloatRange(0), callback=parameters.finite, default=1.0,
    help="Below 1 the likely becomes likelier; 0 takes the most likely always.",
)  # fmt: skip
@click.option("--top-k", type=parameters.FROM_ONE, help="Draw from the likeliest symbols only.")
@click.option("--unique", is_flag=True, help="No word twice; all of them stay in memory.")
@click.option("--new", is_flag=True, help="No word of the FILEs.")
@parameters.threads
def sample(
    files: tuple[str, ...],
    n: int,
    seed: int | None,
    boundary: str,
    weighted: bool,
    encoding: str | None,
    errors: Errors,
    order: int | None,
    smoothing: Any,
    mixed: list[Part],
    new: bool,
    **how: Any,
) -> None:
    """Draw new words that look like those of FILEs.

    Any number of them: they are written as they are drawn. They come from the best model
    that counting gives; from counts alone with --order, --smoothing, --weighted or an .npz
    of counts; or from the model that FILE is. With --mix, from the models of several FILEs.
    """
    on_terminal = sys.stderr.isatty()
    check_alone(mixed, files)
    if mixed:
        files = tuple(file for file, _ in mixed)
    without = next((file for file in files if not holds_words(file)), None)
    if new and without is not None:
        raise click.UsageError(f"{without} holds no words, which --new leaves out.")
    compare = on_terminal and n <= _COMPARED_WORDS and not new and without is None and not mixed
    fitted = order is None and smoothing is None and not weighted and without is None
    reading = Reading(encoding, errors, weighted)
    seed = int.from_bytes(os.urandom(8), "little") if seed is None else seed

    model: mf.LanguageModel | None
    if mixed:

        def make(given: list[Input]) -> mf.LanguageModel:
            return _made(given, order, smoothing, boundary, weighted, how["threads"])

        model, inputs = mixed_model(mixed, make, boundary, reading)
    else:
        inputs = opened(files, boundary, reading, twice=compare or new or fitted)
        model = the_model(inputs, order, smoothing)
    if model is not None:
        tell(f"model: {_named(files)}; {model!r}; seed: {seed}")
    else:
        counts = counts_of(inputs, boundary, order)  # names the line of a bad word
        if fitted:
            words = list(words_of(inputs))
            model = mf.fit(words, boundary=boundary, threads=how["threads"])
            loss = held_out_loss(words, boundary) if on_terminal else ""
        else:
            model = counts.model(smoothing=_smoothing(smoothing, counts.order))
            loss = f"loss: {model.nll(counts):.4f} nats per symbol"
        tell(f"corpus: {_named(files)}; {counts.words:,} words, {len(counts.alphabet):,} symbols")
        tell(f"{loss}; seed: {seed}")
        compare &= counts.total <= _COMPARED_SYMBOLS

    drawn: list[str] = []
    done = 0
    shown = on_terminal and not sys.stdout.isatty() and n > _MANY
    exclude = words_of(inputs) if new else None
    with bar(n, " words", shown=shown) as show:
        for part in model._parts(n, rng=seed, exclude=exclude, **how):
            write(part.lines())
            done += len(part)
            if show is not None:
                show(done)
            if compare:
                drawn += part
    if drawn:
        tell(_known(drawn, inputs))


def _made(
    inputs: list[Input],
    order: int | None,
    smoothing: Any,
    boundary: str,
    weighted: bool,
    threads: int | None,
) -> mf.LanguageModel:
    """Return the model of one FILE that is mixed with others; options are for words and counts."""
    model = the_model(inputs, None, None)
    if model is not None:
        return model
    counts = counts_of(inputs, boundary, order)  # names the line of a bad word
    if order is None and smoothing is None and not weighted and _hold_words(inputs):
        return mf.fit(list(words_of(inputs)), boundary=boundary, threads=threads)
    return counts.model(smoothing=_smoothing(smoothing, counts.order))


def _hold_words(inputs: Sequence[Input]) -> bool:
    return all(holds_words(given.name) for given in inputs)


def _named(files: Sequence[str]) -> str:
    names = ["standard input" if file == "-" else file for file in files]
    return ", ".join(names[:3]) + ", ..." * (len(names) > 3) or "the built-in names"


def _smoothing(asked_for: Any, order: int) -> Any:
    """Return how counts are smoothed: bigrams as in the lecture, longer n-grams well."""
    by_default: Any = 0.0 if order == 2 else "kneser-ney"
    return by_default if asked_for is None else asked_for


def _known(drawn: Sequence[str], inputs: Sequence[Input]) -> str:
    """Say which of the words drawn stand in the corpus."""
    known = set(drawn).intersection(words_of(inputs))
    old = [word for word in drawn if word in known]
    few = ", ".join(list(dict.fromkeys(old))[:10]) + ", ..." * (len(known) > 10)
    return f"{len(old):,} of {len(drawn):,} stand in the corpus already: {few}".rstrip(": ")
