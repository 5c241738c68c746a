"""Draws the pictures of the README for a file of words: ``python docs/pictures.py FILE``."""

import io
import random
import sys
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt
from PIL import Image

import makemore_fast as mf


def save(name: str) -> None:
    """Write what was drawn last into the folder `pictures`."""
    drawn = io.BytesIO()
    plt.savefig(drawn, dpi=90)
    plt.close()
    # 256 colours are enough for these, and a third of the bytes; without k-means the few dark
    # cells of the heatmap turn grey.
    picture = Image.open(drawn).convert("RGB")
    picture = picture.quantize(256, kmeans=1, dither=Image.Dither.NONE)
    picture.save(Path(__file__).with_name("pictures") / name, optimize=True)


def main() -> None:
    """Write heatmap.png, and loss_by_order.png for the lectures' split of the words."""
    if len(sys.argv) != 2:
        sys.exit("usage: python docs/pictures.py FILE")
    mpl.use("Agg")
    mf.count_file(sys.argv[1]).plot()
    save("heatmap.png")
    words = Path(sys.argv[1]).read_text(encoding="utf-8").split("\n")
    train, dev, test = mf.split(filter(None, words), rng=random.Random(42))
    mf.count(train, order=8).plot_loss(dev, test, marks="lectures")
    save("loss_by_order.png")


if __name__ == "__main__":
    main()
