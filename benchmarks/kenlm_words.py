"""`python benchmarks/kenlm_words.py FILE [LMPLZ]`: models of the words of a text, beside KenLM's.

FILE has a sentence a line; every fiftieth is held out. LMPLZ is KenLM's program of that name;
without it only the rows of makemore_fast are printed. Each row has its times and the log10
probability of the held-out lines, in KenLM's case by its ARPA file.
"""

import math
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import makemore_fast as mf

ORDERS = (2, 3, 4, 5)


def main(path: str, lmplz: str | None) -> None:
    """Print a line for each order and program."""
    lines = [line for line in Path(path).read_text(encoding="utf-8").split("\n") if line.strip()]
    dev = lines[::50]
    with TemporaryDirectory() as folder:
        train, arpa = Path(folder) / "train.txt", Path(folder) / "model.arpa"
        kept = [line for i, line in enumerate(lines) if i % 50]
        train.write_text("\n".join(kept) + "\n", encoding="utf-8")
        size = train.stat().st_size / 1e6
        print(f"{Path(path).name}: {size:.1f} MB, {len(kept):,} lines; {len(dev):,} held out")
        print(
            f"{'order':>5} {'n-grams':>12}  {'count s':>8} {'model s':>8}  {'score M/s':>9}  log10"
        )
        for order in ORDERS:
            start = time.perf_counter()
            counts = mf.count_file(train, separator=" ", order=order, threads=1)
            counted = time.perf_counter()
            model = counts.model(smoothing="kneser-ney")
            made = time.perf_counter()
            ours = model.score(dev) / math.log(10)
            scored = time.perf_counter()
            tokens = sum(len(line.split(" ")) + 1 for line in dev)
            print(
                f"{order:>5} {len(counts):>12,}  {counted - start:8.2f} {made - counted:8.2f}  "
                f"{tokens / (scored - made) / 1e6:9.2f}  {ours.sum():.2f}"
            )
            if lmplz is None:
                continue
            start = time.perf_counter()
            command = [lmplz, "-o", str(order), "--discount_fallback", "-S", "2G", "-T", folder]
            with train.open("rb") as text, arpa.open("wb") as out:
                subprocess.run(
                    command, stdin=text, stdout=out, stderr=subprocess.DEVNULL, check=True
                )
            took = time.perf_counter() - start
            theirs = mf.read_arpa(arpa, separator=" ").score(dev) / math.log(10)
            worst = float(np.abs(theirs - ours).max())
            print(
                f"{'':>5} {'KenLM':>12}  {took:17.2f}  {'':>9}  {theirs.sum():.2f}, "
                f"at most {worst:.0e} apart in a line"
            )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    print(f"memory of this process at most: {peak:,.0f} MiB")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else None)
