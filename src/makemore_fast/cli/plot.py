"""``makemore-fast plot``: pictures of counts, of probabilities, and of the loss by order."""

import io
import os
import re
from collections.abc import Sequence
from typing import Any

import click
import numpy as np

import makemore_fast as mf
from makemore_fast.cli import parameters
from makemore_fast.cli.cutting import Cut, word_symbols
from makemore_fast.cli.inputs import (
    Input,
    check_options,
    checked_words,
    counts_of,
    opened,
    some_of,
    tenth_held_out,
    the_model,
)
from makemore_fast.cli.output import Command, tell, write
from makemore_fast.cli.smoothed import check_prune, smoothed
from makemore_fast.display.checks import require_matplotlib
from makemore_fast.display.fonts import write_title
from makemore_fast.storage.decoding import Errors
from makemore_fast.storage.files import Reading
from makemore_fast.storage.saving import check_output, replacing

_LOSS_ORDER = 6  # up to which the loss is drawn, if no order is given
_LARGEST = 100.0  # inches


def _inches(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Any:
    """Return a width and a height."""
    if value is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(?:x(\d+(?:\.\d+)?))?", value)
    if found is None:
        raise click.BadParameter(f"{value!r} is not a size, such as 8 or 8x6.")
    width, height = float(found[1]), float(found[2] or found[1])
    if not all(0.5 <= inches <= _LARGEST for inches in (width, height)):
        raise click.BadParameter(f"{value!r} is not from 0.5 to {_LARGEST:g} inches.")
    return width, height


@click.command(
    cls=Command,
    epilog=parameters.examples(
        "plot names.txt -o names.png",
        "plot names.txt --what probabilities --norm log",
        "plot names.txt --what loss -o loss.svg",
        "plot -o - > names.png",
    ),
)
@parameters.files
@word_symbols
@parameters.weighted
@parameters.columns
@parameters.encoding
@parameters.errors
@parameters.order
@click.option(
    "--what", type=click.Choice(["counts", "probabilities", "loss"]),
    show_default="counts, or probabilities of a model",
    help="Counts; what follows each symbol; or the loss by order, of words that are counted and "
    "of a tenth that is held out.",
)  # fmt: skip
@parameters.smoothing("0 of bigrams, otherwise kneser-ney")
@parameters.prune
@click.option(
    "--norm", type=click.Choice(["linear", "log"]), default="linear",
    help="How numbers become colours.",
)  # fmt: skip
@click.option("--title", metavar="TEXT", help="What stands above.")
@click.option(
    "--size", callback=_inches, metavar="WxH", show_default="by the number of symbols",
    help="Of the picture in inches, such as 8 or 8x6.",
)  # fmt: skip
@click.option(
    "-o", "--output", default="bigrams.png", metavar="OUT.png",
    callback=parameters.checked(
        lambda path: path == "-" or path.endswith((".png", ".svg", ".pdf")),
        "does not end in .png, .svg or .pdf.",
    ),
    help="The picture: .png, .svg or .pdf; - writes PNG to standard output.",
)  # fmt: skip
def plot(
    files: tuple[str, ...],
    cut: Cut,
    weighted: bool,
    columns: str | None,
    encoding: str | None,
    errors: Errors,
    order: int | None,
    what: str | None,
    smoothing: Any,
    prune: tuple[int, ...] | None,
    norm: Any,
    title: str | None,
    size: tuple[float, float] | None,
    output: str,
) -> None:
    """Draw the bigrams of FILEs as a heatmap, or longer n-grams, probabilities or losses."""
    if output != "-":
        check_output(output)
    if smoothing is not None and what in (None, "counts"):
        raise click.UsageError("--smoothing is for --what probabilities and --what loss.")
    if prune is not None and what in (None, "counts"):
        raise click.UsageError("--prune is for --what probabilities and --what loss.")
    if norm != "linear" and what == "loss":
        raise click.UsageError("--norm is for counts and probabilities.")
    os.environ["MPLBACKEND"] = "Agg"  # which draws into files and needs no display
    require_matplotlib()
    from matplotlib import pyplot as plt

    reading = Reading(encoding, errors, parameters.columns_of(weighted, columns))
    inputs = opened(files, cut, reading, twice=what == "loss")
    check_options(inputs, cut, reading)
    ax = plt.subplots(figsize=size, layout="constrained")[1] if size is not None else None
    if what == "loss":
        drawn = _loss(inputs, cut, order, smoothing, prune, ax)
        write_title(drawn, title)
    else:
        style = {"norm": norm, "title": title, "ax": ax}
        drawn = _heatmap(inputs, cut, order, smoothing, prune, what, style)
    figure: Any = drawn.figure
    if size is not None:  # a first layout does not know yet how large equal cells become
        figure.get_layout_engine().execute(figure)
    picture = io.BytesIO()
    figure.savefig(picture, format="png" if output == "-" else output[-3:])
    plt.close(figure)
    if output == "-":
        write(picture.getvalue())
        return
    with replacing(output) as file:
        file.write(picture.getbuffer())
    tell(f"wrote {output}")


def _heatmap(
    inputs: Sequence[Input],
    cut: Cut,
    order: int | None,
    smoothing: Any,
    prune: tuple[int, ...] | None,
    what: str | None,
    style: dict[str, Any],
) -> Any:
    if what != "counts":
        model = the_model(inputs, order, smoothing, prune)
        if model is not None:
            return model.plot(**style)
    counts = counts_of(inputs, cut, order)
    if what == "probabilities":
        return smoothed(counts, smoothing, prune).plot(**style)
    return counts.plot(**style)


def _loss(
    inputs: Sequence[Input],
    cut: Cut,
    order: int | None,
    smoothing: Any,
    prune: tuple[int, ...] | None,
    ax: Any,
) -> Any:
    style = {"smoothing": "kneser-ney" if smoothing is None else smoothing, "ax": ax}
    if any(isinstance(given.content, mf.Counts) for given in inputs):
        # Words are not there: the loss of what was counted alone.
        counts = counts_of(inputs, cut, order)
        check_prune(prune, counts.order)
        return counts.plot_loss(min_counts=prune, **style)
    words, cut = checked_words(inputs, cut)
    rest, tenth = tenth_held_out(words)
    counts = mf.count(rest, order=order or _LOSS_ORDER, **cut.options)
    known = counts.lower(min(counts.order, 2)).model(smoothing=1).score(list(tenth))
    dev = some_of(tenth, np.flatnonzero(np.isfinite(known)).tolist())
    check_prune(prune, counts.order)
    return counts.plot_loss(dev or None, min_counts=prune, **style)
