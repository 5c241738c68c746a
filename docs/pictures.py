"""Draws the pictures of the README and the site: ``python docs/pictures.py FILE`` of names.

FILE is makemore's names.txt. They are drawn on white, which the site keeps in dark mode too.
"""

import io
import random
import sys
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt
from PIL import Image

import makemore_fast as mf


def save(name: str, *, dpi: int = 90) -> None:
    """Write what was drawn last into the folder `pictures`."""
    drawn = io.BytesIO()
    plt.savefig(drawn, dpi=dpi, bbox_inches="tight", pad_inches=0.1)
    plt.close()
    # 256 colours are enough for these, and a third of the bytes; without k-means the few dark
    # cells of the heatmap turn grey.
    picture = Image.open(drawn).convert("RGB")
    picture = picture.quantize(256, kmeans=1, dither=Image.Dither.NONE)
    picture.save(Path(__file__).with_name("pictures") / name, optimize=True)


def main() -> None:
    """Write all pictures; losses and models are of the lectures' split of the words."""
    if len(sys.argv) != 2:
        sys.exit("usage: python docs/pictures.py FILE")
    mpl.use("Agg")
    counts = mf.count_file(sys.argv[1], order=3)
    bigrams = counts.lower(2)
    bigrams.plot()
    save("heatmap.png")
    bigrams.plot(text=False, colorbar=True)
    save("bigrams.png", dpi=100)
    counts.plot(rows=12)
    save("trigrams.png")

    words = Path(sys.argv[1]).read_text(encoding="utf-8").split("\n")
    train, dev, test = mf.split(filter(None, words), rng=random.Random(42))
    mf.count(train, order=8).plot_loss(dev, test, marks="lectures")
    save("loss_by_order.png")

    model = mf.count(train, order=5).model(smoothing="kneser-ney", unknown=True)
    model.plot_word("marxqia", unit="bits", title="How odd is each symbol of a word?")
    save("surprisal.png")
    built_in = [name for name in mf.names() if name.isascii()]
    alphabet = mf.count(built_in).alphabet
    one, other = (
        mf.count(of, alphabet=alphabet).model(smoothing=1).probabilities for of in (words, built_in)
    )
    mf.heatmap(
        one - other, alphabet, title="names.txt less the built-in names", colorbar=True, text=False
    )
    save("difference.png")


if __name__ == "__main__":
    main()
