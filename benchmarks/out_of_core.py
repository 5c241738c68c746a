"""Counting with bounded memory: `python benchmarks/out_of_core.py [TEXT] [MEMORY] [THREADS]`.

Writes a text of so many bytes (50MB) to a temporary file, of about 70 symbols and with many
different n-grams, and counts it at order 6: in memory, and with `memory=` (40MB). Each in a
process of its own, in turn, three times. Prints the medians of their seconds, and by how much
memory grew. Fails if the counts differ, or if bounded memory takes more than four times the time.

The size that is promised: `python benchmarks/out_of_core.py 2GB 500MB 2`.
"""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import makemore_fast as mf
from makemore_fast.sizes import size_in_bytes
from workloads import made_up_words

ROUNDS = 3
MOST = 4.0
LETTERS = "etaoinshrdlucmfwypvbgkjqxzETAOINSHRDLUCMFWYPVBGKJQXZ0123456789-'_+&/%#"
_SCRIPT = """
import sys, time, zlib
import makemore_fast as mf

def status(name):
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024

before = status("VmRSS")
start = time.perf_counter()
counts = mf.count_file(
    sys.argv[1], order=6, memory=None if sys.argv[2] == "-" else sys.argv[2],
    threads=int(sys.argv[3]),
)
seconds = time.perf_counter() - start
peak = status("VmHWM") - before
size = len(counts._core) * 32 / 2**20
print(seconds, peak, size, zlib.crc32(counts.to_bytes()))
"""


def write(path: Path, size: int, seed: int = 0) -> None:
    """Write words, a line each: half of them drawn from a model of names, half of any letters.

    Seeds a million apart give other words.
    """
    model = mf.count(mf.names(), order=4).model(smoothing="kneser-ney")
    with path.open("wb") as file:
        while file.tell() < size:
            names = model.sample(100_000, rng=seed, max_length=30, truncate=True)
            letters = LETTERS[seed % 7 :] + LETTERS[: seed % 7]
            others = made_up_words(letters, 50_000, longest=11)
            file.write("\n".join([*names, *others, ""]).encode())
            seed += 1


def measured(path: Path, memory: str, threads: str) -> tuple[float, float, float, str]:
    """Count in a process of its own: seconds, MiB of memory, MiB of the counts, their checksum."""
    command = [sys.executable, "-c", _SCRIPT, str(path), memory, threads]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, peak, size, checksum = run.stdout.split()
    return float(seconds), float(peak), float(size), checksum


def main(size: str = "50MB", memory: str = "40MB", threads: str = "2") -> None:
    """Compare the two."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "words.txt"
        write(path, size_in_bytes(size, "TEXT"))
        ways = ["-", memory]
        rounds = [[measured(path, way, threads) for way in ways] for _ in range(ROUNDS)]
    assert len({checksum for each in rounds for *_, checksum in each}) == 1, "the counts differ"
    print(f"{size} of text, order 6, {threads} threads; the counts: {rounds[0][0][2]:,.0f} MiB")
    medians = []
    for i, way in enumerate(ways):
        seconds = statistics.median(each[i][0] for each in rounds)
        peak = statistics.median(each[i][1] for each in rounds)
        label = "in memory" if way == "-" else f'memory="{way}"'
        print(f"{label:<16} {seconds:8.2f} s, memory grew by {peak:8,.0f} MiB")
        medians.append(seconds)
    ratio = medians[1] / medians[0]
    print(f"{ratio:.2f} times the time; at most {MOST}")
    if ratio > MOST:
        sys.exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
