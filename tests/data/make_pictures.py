"""Draws the pictures in this folder, each averaged to coarse squares: ``python make_pictures.py``.

Letters that another version of a font library draws a little wider or darker change a square by
a little; another map of colours, a row too many or a label cut off change many by a lot.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

import makemore_fast as mf

FOLDER = Path(__file__).with_name("pictures")
_SQUARE = 12  # pixels
_WORDS = [word for word in mf.names() if word.isascii() and word.islower()][:600]


def _difference() -> Any:
    alphabet = mf.count(_WORDS).alphabet
    first, second = (
        mf.count(part, alphabet=alphabet).model(smoothing=1).probabilities
        for part in (_WORDS[:300], _WORDS[300:])
    )
    return mf.heatmap(
        first - second, alphabet, text=False, colorbar=True, title="two halves",
        unit="difference of probabilities",
    )  # fmt: skip


def _tuned() -> Any:
    train, dev = _WORDS[::2], _WORDS[1::2]
    counts = mf.count(train, order=4, alphabet=mf.count(_WORDS).alphabet)
    return counts.tune(dev).plot(title="tuned")


#: What each picture is drawn by.
PICTURES: dict[str, Callable[[], Any]] = {
    "counts": lambda: mf.count(["emma", "olivia", "ava"]).plot(),
    "counts_log": lambda: mf.count(_WORDS).plot(
        norm="log", text=False, colorbar=True, title="names"
    ),
    "trigrams": lambda: mf.count(_WORDS, order=3).plot(rows=20, text=False, norm="log"),
    "unigrams": lambda: mf.count(_WORDS, order=1).plot(),
    "probabilities": lambda: mf.count(["emma", "olivia", "ava"]).model(smoothing=1).plot(),
    "prefixes": lambda: (
        mf.count(_WORDS, order=4)
        .model(smoothing="kneser-ney")
        .plot(prefixes=["", "a", "al", "ale"], text=False, colorbar=True)
    ),
    "difference": _difference,
    "word": lambda: (
        mf.count(_WORDS, order=3)
        .model(smoothing="witten-bell")
        .plot_word("maria", unit="bits", title="maria")
    ),
    "tuned": _tuned,
}


def coarse(ax: Any) -> NDArray[np.float64]:
    """Return the means of squares of a picture, from 0, black, to 1, white."""
    figure = ax.figure
    figure.set_dpi(50)
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3] / 255
    down, across = (size // _SQUARE for size in pixels.shape[:2])
    squares = pixels[: down * _SQUARE, : across * _SQUARE].reshape(
        down, _SQUARE, across, _SQUARE, 3
    )
    means: NDArray[np.float64] = squares.mean(axis=(1, 3))
    return means


def main() -> None:
    """Write all pictures."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    FOLDER.mkdir(exist_ok=True)
    for name, draw in PICTURES.items():
        plt.imsave(FOLDER / f"{name}.png", coarse(draw()))
        plt.close("all")


if __name__ == "__main__":
    main()
