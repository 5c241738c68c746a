"""``makemore-fast sample``: new words."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import click

import makemore_fast as mf
from makemore_fast.cli import parameters
from makemore_fast.cli.cutting import Cut, word_symbols
from makemore_fast.cli.held_out import held_out_loss
from makemore_fast.cli.inputs import (
    Input,
    all_models,
    check_lines,
    check_options,
    checked_words,
    counts_of,
    holds_words,
    learned_words,
    opened,
    refuse_counting,
    the_model,
    words_of,
)
from makemore_fast.cli.mixing import Part, check_alone, mix, mixed_model
from makemore_fast.cli.output import Command, json_line, json_number, tell, write
from makemore_fast.cli.smoothed import smoothed
from makemore_fast.display.progress import bar
from makemore_fast.fitting import Effort
from makemore_fast.sampling_options import regular_expression
from makemore_fast.storage.decoding import Errors
from makemore_fast.storage.files import Reading
from makemore_fast.storage.saving import check_output, replacing

_COMPARED_WORDS = 100_000  # the most new words, and the most symbols of a corpus,
_COMPARED_SYMBOLS = 10_000_000  # that are compared: both are then held in memory
_MANY = 10_000_000  # new words: a fraction of a second


def _pattern(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    try:
        regular_expression(value or "")
    except ValueError as error:
        problem = str(error).removeprefix("match is ")
        raise click.BadParameter(f"{value!r} is {problem}.") from None
    return value


@click.command(
    cls=Command,
    epilog=parameters.examples(
        "sample -n 5 --prefix em",
        "sample --suffix ia --max-length 6 --scores",
        "sample names.txt --order 5",
        "sample - --seed 42 < old > new",
        "sample -n 50 --new --unique",
        "sample --mix a.txt:30 --mix b.txt:1",
    ),
)
@parameters.files
@word_symbols
@parameters.weighted
@parameters.columns
@parameters.encoding
@parameters.errors
@parameters.order
@parameters.smoothing("kneser-ney, or 0 for bigrams")
@parameters.prune
@mix
@parameters.effort("fast")
@click.option("-n", type=click.IntRange(0), default=20, help="How many words.")
@click.option("--seed", type=click.IntRange(0), help="The same seed draws the same words.")
@click.option("--prefix", default="", help="What every word begins with.")
@click.option("--suffix", default="", help="What every word ends with.")
@click.option("--contains", default="", help="What stands somewhere in every word.")
@click.option(
    "--match", metavar="REGEX", callback=_pattern,
    help="A regular expression of Python that every word matches from start to end.",
)  # fmt: skip
@click.option("--min-length", type=click.IntRange(0), default=0, help="The fewest symbols.")
@click.option("--max-length", type=parameters.FROM_ONE, help="The most symbols.")
@click.option("--truncate", is_flag=True, help="Cut words at --max-length, and draw no others.")
@click.option(
    "--temperature", type=click.FloatRange(0), callback=parameters.finite, default=1.0,
    help="Below 1 the likely becomes likelier; 0 takes the most likely always.",
)  # fmt: skip
@click.option("--top-k", type=parameters.FROM_ONE, help="Draw from the likeliest symbols only.")
@click.option(
    "--top-p", type=click.FloatRange(0, 1, min_open=True), default=1.0,
    help="Draw from the fewest likeliest symbols that have this share together.",
)  # fmt: skip
@click.option(
    "--min-p", type=click.FloatRange(0, 1), default=0.0,
    help="Draw from symbols at least this times as likely as the likeliest.",
)  # fmt: skip
@click.option("--unique", is_flag=True, help="No word twice; all of them stay in memory.")
@click.option("--new", is_flag=True, help="No word of the FILEs.")
@click.option("--scores", is_flag=True, help="Put each word's log-probability before it.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a line.")
@click.option(
    "-o", "--output", metavar="FILE", show_default="-, standard output",
    help="Where the words go.",
)  # fmt: skip
@parameters.threads
def sample(
    files: tuple[str, ...],
    n: int,
    seed: int | None,
    cut: Cut,
    weighted: bool,
    columns: str | None,
    encoding: str | None,
    errors: Errors,
    order: int | None,
    smoothing: Any,
    prune: tuple[int, ...] | None,
    mixed: list[Part],
    effort: Effort | None,
    new: bool,
    scores: bool,
    as_json: bool,
    output: str | None,
    **how: Any,
) -> None:
    """Draw new words that look like those of FILEs.

    Any number of them: they are written as they are drawn. They come from the model that
    `fit --effort fast` makes; from counts alone with --order, --smoothing, --prune or an
    .npz of counts; or from the model that FILE is. With --mix, from the models of several FILEs.
    """
    if how["truncate"] and how["max_length"] is None:
        raise click.UsageError("--truncate cuts words at --max-length, which is not given.")
    if output == "-":
        output = None
    if output is not None:
        check_output(output)
    on_terminal = sys.stderr.isatty()
    check_alone(mixed, files)
    mixed_files = tuple(file for file, _ in mixed)
    files = files or mixed_files
    without = next((file for file in files if not holds_words(file)), None)
    if new and without is not None:
        raise click.UsageError(f"{without} holds no words, which --new leaves out.")
    compare = on_terminal and n <= _COMPARED_WORDS and not new and without is None and not mixed
    by_fit = order is None and smoothing is None and prune is None  # of FILEs of words
    fitted = by_fit and without is None and not mixed
    reading = Reading(encoding, errors, parameters.columns_of(weighted, columns))
    if effort is not None and not fitted and not (by_fit and any(map(holds_words, mixed_files))):
        raise click.UsageError(
            "--effort is for the model that is fitted to words: leave out --order, --smoothing, "
            "--prune and saved FILEs, or leave out --effort."
        )
    effort = effort or "fast"
    seed = int.from_bytes(os.urandom(8), "little") if seed is None else seed

    model: mf.LanguageModel | None
    if mixed:

        def make(given: list[Input]) -> mf.LanguageModel:
            if by_fit and all(holds_words(one.name) for one in given):
                return _fitted(given, effort, cut, how["threads"])
            return _counted(given, order, smoothing, prune, cut)

        def check(given: list[Input]) -> None:
            check_options(given, cut, reading)
            if all_models(given):
                refuse_counting(order, smoothing, prune)

        model, inputs = mixed_model(mixed, make, cut, reading, check)
    else:
        inputs = opened(files, cut, reading, twice=compare or new or fitted)
        check_options(inputs, cut, reading)
        model = the_model(inputs, order, smoothing, prune)
    if model is not None:
        tell(f"model: {_named(files)}; {model!r}; seed: {seed}")
    else:
        counts = counts_of(inputs, cut, order)  # names the line of a bad word
        if fitted:
            words, cut = learned_words(inputs), cut.settled(counts)
            model = mf.fit(words, effort=effort, **cut.options, threads=how["threads"])
        else:
            model = smoothed(counts, smoothing, prune)
        tell(
            f"corpus: {_named(files)}; {counts.words:,} words, {len(counts.symbols):,} symbols; "
            f"seed: {seed}"
        )
        if not fitted:
            tell(f"loss: {model.nll(counts):.4f} nats per symbol")
        compare &= counts.total <= _COMPARED_SYMBOLS

    check_lines(model, _named(files))
    drawn: list[str] = []
    done = 0
    shown = on_terminal and (output is not None or not sys.stdout.isatty()) and n > _MANY
    exclude = words_of(inputs) if new else None
    with bar(n, " words", shown=shown) as show, _place(output) as put:
        for part in model._parts(n, rng=seed, exclude=exclude, **how):
            put(_text(part, model if scores else None, as_json))
            done += len(part)
            if show is not None:
                show(done)
            if compare:
                drawn += part
    if drawn:
        tell(_known(drawn, inputs))
    if fitted and on_terminal:  # at the end: it takes another fit
        tell(held_out_loss(words, cut, effort))


@contextlib.contextmanager
def _place(output: str | None) -> Iterator[Callable[[bytes], object]]:
    """Give what writes to standard output, or to a file that is there once all is written."""
    if output is None:
        yield write
        return
    with replacing(output) as file:
        yield file.write


def _text(words: mf.Corpus, scorer: mf.LanguageModel | None, as_json: bool) -> bytes:
    """Return words as lines, with their scores if there is what scores them."""
    if not as_json and scorer is None:
        return words.lines()
    rows: list[dict[str, Any]] = [{"word": word} for word in words]
    if scorer is not None:
        for row, logprob in zip(rows, scorer.score(words).tolist(), strict=True):
            row["logprob"] = logprob
    if as_json:
        for row in rows if scorer is not None else ():
            row["logprob"] = json_number(row["logprob"])
        return "".join(map(json_line, rows)).encode()
    return "".join(f"{row['logprob']:z.4f}\t{row['word']}\n" for row in rows).encode()


def _fitted(inputs: list[Input], effort: Effort, cut: Cut, threads: int | None) -> mf.LanguageModel:
    words, cut = checked_words(inputs, cut)
    return mf.fit(words, effort=effort, **cut.options, threads=threads)


def _counted(
    inputs: list[Input], order: int | None, smoothing: Any, prune: Any, cut: Cut
) -> mf.LanguageModel:
    """Return the model of one FILE; the options are for words and counts."""
    model = the_model(inputs, None, None)
    if model is None:
        counts = counts_of(inputs, cut, order)
        model = smoothed(counts, smoothing, prune)
    return model


def _named(files: Sequence[str]) -> str:
    names = ["standard input" if file == "-" else file for file in files]
    return ", ".join(names[:3]) + ", ..." * (len(names) > 3) or "the built-in names"


def _known(drawn: Sequence[str], inputs: Sequence[Input]) -> str:
    """Say which of the words drawn stand in the corpus."""
    known = set(drawn).intersection(words_of(inputs))
    old = [word for word in drawn if word in known]
    few = ", ".join(list(dict.fromkeys(old))[:10]) + ", ..." * (len(known) > 10)
    return f"{len(old):,} of {len(drawn):,} stand in the corpus already: {few}".rstrip(": ")
