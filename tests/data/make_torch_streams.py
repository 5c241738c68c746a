"""Writes torch_streams.json: what the lecture's loop prints in the torch that runs this.

Run it under a torch before 2.0 and under one from 2.7 on; each replaces its own part. It
needs nothing but torch, so that an old Python can run it::

    /usr/bin/python3 tests/data/make_torch_streams.py   # Debian's python3-torch, 1.13.1
    python tests/data/make_torch_streams.py             # pip install torch==2.13.0
"""

import hashlib
import itertools
import json
import random
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("torch_streams.json")
SIZES = [2, 3, 5, 8, 16, 17, 27, 32, 33, 64, 100, 255, 256, 257, 300]
SMOOTHINGS: list[float] = [0, 1, 0.5]
WORDS = 60
SHOWN = 3  # words that are stored; all count for the hash


def training_words(size: int, seed: int) -> list[str]:
    """Return random words over an alphabet of `size` symbols, the boundary included."""
    letters = [chr((0x61 if size <= 27 else 0x4E00) + i) for i in range(size - 1)]
    draw = random.Random(seed).random  # the one method that every Python keeps
    lengths = [1 + int(7 * draw()) for _ in range(30 * size)]
    # The square makes some letters frequent and some rare.
    return letters + ["".join(letters[int((size - 1) * draw() ** 2)] for _ in range(n))
                      for n in lengths]  # fmt: skip


def cases() -> list[tuple[int, float, int]]:
    """Return (alphabet size, smoothing, seed) of all that is compared."""
    pairs = [(size, smoothing) for size in SIZES for smoothing in SMOOTHINGS]
    return [(*pair, 2147483647 if i % 5 == 0 else 1000 * i) for i, pair in enumerate(pairs)]


def digest(words: list[str]) -> str:
    """Return a hash of words."""
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:32]


def probabilities(words: list[str], smoothing: float) -> tuple[Any, list[str]]:
    """Return the lecture's P and its symbols."""
    import torch

    symbols = [".", *sorted(set("".join(words)))]
    ids = {symbol: i for i, symbol in enumerate(symbols)}
    counts = torch.zeros((len(symbols), len(symbols)), dtype=torch.int32)
    for word in words:
        chs = [0, *(ids[symbol] for symbol in word), 0]
        for first, second in itertools.pairwise(chs):
            counts[first, second] += 1
    p = (counts + smoothing).float() if smoothing else counts.float()
    p /= p.sum(1, keepdim=True)
    return p, symbols


def loop(p: Any, symbols: list[str], n: int, generator: Any) -> list[str]:
    """Draw as the lecture does."""
    import torch

    words = []
    for _ in range(n):
        out = []
        ix = 0
        while True:
            drawn = torch.multinomial(p[ix], num_samples=1, replacement=True, generator=generator)
            ix = int(drawn.item())
            if ix == 0:
                break
            out.append(symbols[ix])
        words.append("".join(out))
    return words


def main() -> None:
    """Replace one part of the file."""
    import torch

    stored = json.loads(PATH.read_text("utf-8")) if PATH.exists() else {}
    part = []
    for size, smoothing, seed in cases():
        p, symbols = probabilities(training_words(size, size), smoothing)
        words = loop(p, symbols, WORDS, torch.Generator().manual_seed(seed))
        case = {"size": size, "smoothing": smoothing, "seed": seed}
        first = [word[:20] for word in words[:SHOWN]]
        part.append({**case, "first": first, "sha256": digest(words)})
    version = "2.0" if int(torch.__version__.split(".")[0]) >= 2 else "1.13"
    stored[version] = {"torch": torch.__version__, "words": WORDS * len(part), "cases": part}
    text = json.dumps(dict(sorted(stored.items())), ensure_ascii=False, indent=0)
    PATH.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
