"""``makemore-fast plot``: the heatmap of bigrams."""

import os
from typing import Any

import click

from makemore_fast.cli import parameters
from makemore_fast.cli.inputs import counts_of, opened
from makemore_fast.cli.output import tell


@click.command(epilog=parameters.examples("plot names.txt -o names.png"))
@parameters.files
@parameters.boundary
@parameters.weighted
@click.option("-o", "--output", default="bigrams.png", metavar="OUT.png", help="The picture.")
def plot(files: tuple[str, ...], boundary: str, weighted: bool, output: str) -> None:
    """Draw the bigrams of FILEs as a heatmap."""
    counts = counts_of(opened(files, boundary), boundary, weighted, 2)
    os.environ["MPLBACKEND"] = "Agg"  # which draws into files and needs no display
    axes: Any = counts.plot()
    axes.figure.savefig(output)
    tell(f"wrote {output}")
