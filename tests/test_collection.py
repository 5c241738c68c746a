"""The tests are the same in every run: workers of pytest-xdist compare what they collect."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def collecting(hash_seed: str) -> subprocess.Popen[str]:
    """Start a process with this seed of hashes that prints the ids of all tests."""
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"],
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": hash_seed},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def collected(run: subprocess.Popen[str]) -> list[str]:
    """Return the ids that a process printed."""
    output, _ = run.communicate()
    assert run.returncode == 0, output
    return [line for line in output.splitlines() if "::" in line]


def test_ids_do_not_depend_on_the_clock_or_on_hashes() -> None:
    first, second = map(collected, [collecting("1"), collecting("2")])
    assert len(first) > 500
    assert first == second
