"""``makemore-fast plot``: the heatmap of bigrams."""

import io
import os
from typing import Any

import click

from makemore_fast.cli import parameters
from makemore_fast.cli.inputs import counts_of, opened
from makemore_fast.cli.output import tell, write
from makemore_fast.display.checks import require_matplotlib
from makemore_fast.storage.decoding import Errors
from makemore_fast.storage.files import Reading
from makemore_fast.storage.saving import check_output, replacing


@click.command(epilog=parameters.examples("plot names.txt -o names.png", "plot -o - > names.png"))
@parameters.files
@parameters.boundary
@parameters.weighted
@parameters.encoding
@parameters.errors
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
    boundary: str,
    weighted: bool,
    encoding: str | None,
    errors: Errors,
    output: str,
) -> None:
    """Draw the bigrams of FILEs as a heatmap."""
    if output != "-":
        check_output(output)
    os.environ["MPLBACKEND"] = "Agg"  # which draws into files and needs no display
    require_matplotlib()
    inputs = opened(files, boundary, Reading(encoding, errors, weighted))
    figure: Any = counts_of(inputs, boundary, 2).plot().figure
    picture = io.BytesIO()
    figure.savefig(picture, format="png" if output == "-" else output[-3:])
    from matplotlib import pyplot as plt

    plt.close(figure)
    if output == "-":
        write(picture.getvalue())
        return
    with replacing(output) as file:
        file.write(picture.getbuffer())
    tell(f"wrote {output}")
