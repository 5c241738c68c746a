"""Print how long a saved model of order 6 takes to load, and how long it took to make.

The words are those of /usr/share/dict/words without an apostrophe (Debian: wamerican), or those of
another file, by its name. Processor time, the fastest of five.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

import makemore_fast as mf


def fastest(call: Callable[[], object]) -> float:
    """Return the least processor time of five calls, in seconds."""
    times = []
    for _ in range(5):
        before = process_time()
        call()
        times.append(process_time() - before)
    return min(times)


def main() -> None:
    """Measure and print."""
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/dict/words")
    words = [word for word in path.read_text("utf-8").split("\n") if word and "'" not in word]

    def made() -> mf.CountModel:
        return mf.count(words, order=6).model(smoothing="kneser-ney")

    model = made()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "model.npz")
        model.save(file)
        print(f"{len(words):,} words, {len(model.alphabet)} symbols, {file.stat().st_size:,} bytes")
        loaded = mf.load_model(file)
        assert loaded.score(words).tolist() == model.score(words).tolist()
        print(f"count and smooth: {fastest(made):.4f} s")
        print(f"save: {fastest(lambda: model.save(file)):.4f} s")
        print(f"load: {fastest(lambda: mf.load_model(file)):.4f} s")


if __name__ == "__main__":
    main()
