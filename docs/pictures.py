"""Draws the pictures of the README for a file of words: ``python docs/pictures.py FILE``."""

import io
import sys
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt
from PIL import Image

import makemore_fast as mf


def main() -> None:
    """Write heatmap.png beside this script."""
    if len(sys.argv) != 2:
        sys.exit("usage: python docs/pictures.py FILE")
    mpl.use("Agg")
    mf.count_file(sys.argv[1]).plot()
    drawn = io.BytesIO()
    plt.savefig(drawn, dpi=90)
    # 256 colours are enough for a heatmap, and a third of the bytes; without k-means the few
    # dark cells turn grey.
    picture = Image.open(drawn).convert("RGB")
    picture = picture.quantize(256, kmeans=1, dither=Image.Dither.NONE)
    picture.save(Path(__file__).with_name("heatmap.png"), optimize=True)


if __name__ == "__main__":
    main()
