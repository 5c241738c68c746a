"""What `fit` takes and gives from 50 words to a million: ``python benchmarks/fit_sizes.py``.

The words are drawn from a model of the names that the benchmarks find, so that there are as many
as are wanted; each size is measured in a process of its own, for its peak memory. Prints the
table of docs/explanation/fit.md. The largest takes minutes.
"""

import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import makemore_fast as mf
from workloads import WORDS

SIZES = (50, 1_000, 30_000, 1_000_000)
OTHERS = 10_000  # words to measure the loss on
HEAD = "words | processor time | peak memory | loss of `fit` | of Kneser-Ney, best order"


def draw(folder: Path, size: int) -> None:
    """Write words to learn from, and others."""
    source = mf.fit(WORDS)
    (folder / "words").write_bytes(source.sample_corpus(size, rng=1).lines())
    (folder / "others").write_bytes(source.sample_corpus(OTHERS, rng=2).lines())


def measure(folder: Path) -> str:
    """Return the row of what was written."""
    words, others = ((folder / name).read_text().splitlines() for name in ("words", "others"))
    known = set("".join(words))
    others = [word for word in others if known.issuperset(word)]
    before = peak()
    begin = time.process_time()
    model = mf.fit(words, threads=1)
    seconds = time.process_time() - begin
    above = peak() - before
    loss = model.nll(others)
    kneser_ney = min(
        (mf.count(words, order=order).model(smoothing="kneser-ney").nll(others), order)
        for order in range(2, 9)
    )
    took = f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"
    return (
        f"| {len(words):,} | {took} | {above:,.0f} MB | {loss:.4f} "
        f"| {kneser_ney[0]:.4f} ({kneser_ney[1]}) |"
    )


def peak() -> float:
    """Return this process's peak memory in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def run(*arguments: str | Path) -> str:
    """Run a part of this script in a process of its own, and return what it printed."""
    command = [sys.executable, __file__, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["draw", path, number]:
            draw(Path(path), int(number))
        case ["measure", path]:
            print(measure(Path(path)))
        case _:
            print(f"| {HEAD} |\n|{' ---: |' * (HEAD.count('|') + 1)}")
            for size in SIZES:
                with TemporaryDirectory() as folder:
                    run("draw", folder, str(size))
                    print(run("measure", folder), end="", flush=True)
