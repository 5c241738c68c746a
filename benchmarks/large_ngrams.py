"""What an order-6 count of a large text takes: `python benchmarks/large_ngrams.py [WORDS]...`.

Writes a text of one gigabyte to a temporary file, drawn from models of the built-in names and
of any lists of words given (one a line), so that it mixes their languages and has many
different n-grams; counts it, and makes a model. Prints seconds and peak memory.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import makemore_fast as mf

BYTES = 1_000_000_000
BATCH = 1_000_000  # words


def write(path: Path, lists: list[str]) -> None:
    """Write a text drawn from models of word lists, in turn."""
    corpora = [
        mf.names(),
        *([w for w in Path(f).read_text().split() if "." not in w] for f in lists),
    ]
    models = [mf.count(words, order=5).model(smoothing="kneser-ney") for words in corpora]
    with path.open("wb") as file:
        seed = 0
        while file.tell() < BYTES:
            corpus = models[seed % len(models)].sample_corpus(
                BATCH, rng=seed, max_length=40, truncate=True
            )
            file.write(corpus.lines())
            seed += 1


def peak() -> float:
    """Return this process's peak memory in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def measure(path: Path) -> None:
    """Count the text and make a model of it."""
    start = time.perf_counter()
    counts = mf.count_file(path, order=6)
    print(f"{counts}\ncounted in {time.perf_counter() - start:.1f} s, peak {peak():.1f} GB")
    start = time.perf_counter()
    counts.model(smoothing="kneser-ney")
    print(f"model made in {time.perf_counter() - start:.1f} s, peak {peak():.1f} GB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            text = Path(folder) / "words.txt"
            write(text, sys.argv[1:])
            # A process of its own: the memory of writing is not that of counting.
            subprocess.run([sys.executable, __file__, "--measure", text], check=True)
