"""Run the fuzz targets that ``cmake --build --preset fuzz`` made, and say how much they did.

``python tests/fuzz/run.py 600 --jobs 2 lines words``: ten minutes each, two at a time. Corpora
and findings stay in build/fuzz; build/fuzz/runs.tsv keeps a line for each run, and the table at
the end sums them.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
SEEDS = HERE / "seeds"
BUILD = HERE.parents[1] / "build" / "fuzz"
RUNS = BUILD / "runs.tsv"


def targets() -> list[str]:
    """Return the names of all targets: the folders of seeds, as in CMakeLists.txt."""
    return sorted(path.name for path in SEEDS.iterdir() if path.is_dir())


def run(target: str, seconds: int) -> tuple[int, str]:
    """Run one target at low priority; return its executions and what it said if it failed."""
    corpus, found = BUILD / "corpus" / target, BUILD / "found"
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(exist_ok=True)
    begin = time.monotonic()
    done = subprocess.run(
        [
            *("nice", "-n", "10", str(BUILD / "tests" / "fuzz" / f"fuzz_{target}")),
            *(f"-max_total_time={seconds}", "-max_len=4096", "-timeout=600", "-rss_limit_mb=4096"),
            *("-print_final_stats=1", f"-artifact_prefix={found}/{target}-"),
            *(str(corpus), str(SEEDS / target)),
        ],
        capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    match = re.search(r"stat::number_of_executed_units:\s*(\d+)", done.stderr)
    executions = int(match[1]) if match else 0
    with RUNS.open("a") as runs:
        took = time.monotonic() - begin
        runs.write(f"{target}\t{took:.0f}\t{executions}\t{done.returncode}\n")
    return executions, done.stderr if done.returncode else ""


def table() -> str:
    """Return the sums of all runs that were kept."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for line in RUNS.read_text().splitlines():
        target, *numbers, status = line.split("\t")
        for i, number in enumerate((*map(int, numbers), int(status != "0"))):
            sums[target][i] += number
    rows = [f"{'target':<20}{'minutes':>8}{'executions':>14}{'findings':>10}"]
    for target, (seconds, executions, findings) in sorted(sums.items()):
        rows.append(f"{target:<20}{seconds / 60:>8.1f}{executions:>14,}{findings:>10}")
    return "\n".join(rows)


def main() -> int:
    """Run the targets that were asked for; 1 if one found something."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("seconds", type=int, nargs="?", default=60)
    parser.add_argument("targets", nargs="*", metavar="target", help=", ".join(targets()))
    parser.add_argument("--jobs", type=int, default=1, help="targets that run side by side")
    parser.add_argument("--table", action="store_true", help="only print the table of all runs")
    asked = parser.parse_intermixed_args()
    if asked.table:
        print(table())
        return 0
    unknown = set(asked.targets) - set(targets())
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    failures = 0

    def fuzz(target: str) -> None:
        nonlocal failures
        executions, said = run(target, asked.seconds)
        print(f"{target}: {executions:,} executions" + (f"\n{said[-6000:]}" if said else ""))
        sys.stdout.flush()
        failures += bool(said)

    with ThreadPoolExecutor(max(1, min(asked.jobs, os.cpu_count() or 1))) as pool:
        list(pool.map(fuzz, asked.targets or targets()))
    print(table())
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
