"""Counts, probabilities, a surprising word and a difference, as pictures.

python pictures.py [FOLDER]; needs makemore_fast[plot].
"""

import sys
import tempfile
from pathlib import Path

import matplotlib as mpl

import makemore_fast as mf

mpl.use("Agg")  # no window
folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())

names = [name for name in mf.names() if name.isascii()]
counts = mf.count(names)


def save(axes: "mpl.axes.Axes", name: str) -> None:
    figure = axes.figure
    assert isinstance(figure, mpl.figure.Figure)
    figure.savefig(folder / name)
    print(folder / name)


# The lecture's heatmap; on a log scale rare bigrams show too.
save(counts.plot(), "counts.png")
save(counts.plot(norm="log", title="log scale", colorbar=True), "log.png")

# What a model thinks comes next, and where it is surprised by a word.
model = mf.count(names, order=4).model(smoothing="kneser-ney")
save(counts.model(smoothing=1).plot(), "probabilities.png")
save(model.plot_word("maria"), "maria.png")

# How the names of one half of the alphabet differ from those of the other.
early, late = (
    mf.count([n for n in names if (n < "m") == first], alphabet=counts.alphabet[1:])
    for first in (True, False)
)
difference = early.model(smoothing=1).probabilities - late.model(smoothing=1).probabilities
save(mf.heatmap(difference, counts, title="a to l, less m to z", colorbar=True), "difference.png")
