"""Files larger than memory: compressed, in parts that add up, scored as a stream.

python big_files.py [PATTERN]; a pattern such as 'corpus/*.txt.gz'.
"""

import gzip
import subprocess
import sys
import tempfile
from pathlib import Path

import makemore_fast as mf

if len(sys.argv) > 1:
    pattern = sys.argv[1]
else:  # some files to try it with
    folder = Path(tempfile.mkdtemp())
    drawn = mf.count(mf.names()).model().sample(40_000, rng=1)
    for part in range(4):
        text = "".join(f"{word}\n" for word in drawn[part::4])
        (folder / f"part-{part}.txt.gz").write_bytes(gzip.compress(text.encode()))
    pattern = str(folder / "*.txt.gz")

# One call for all; memory does not grow with the files.
counts = mf.count_file(pattern, progress=True)
print(counts)

# Or a part on each machine: counts add up exactly, in any order.
files = sorted(Path(pattern).parent.glob(Path(pattern).name))
parts = [mf.count_file(file) for file in files]
assert sum(parts) == counts

# Lines that are no UTF-8 can be left out or mended; the number of them is told as a warning.
print(mf.count_file(files, errors="replace").words, "words")

# Counts are small: kept, and read again, in milliseconds.
kept = Path(tempfile.mkdtemp()) / "counts.npz"
counts.save(kept)
assert mf.load(kept) == counts

# Scores as a stream: the first line comes while others are still read.
score = subprocess.run(
    [sys.executable, "-m", "makemore_fast", "score", str(kept), str(files[0]), "--mean", "--jsonl"],
    capture_output=True, check=True,
)  # fmt: skip
print(score.stdout.decode().splitlines()[0])
