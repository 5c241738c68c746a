"""The tests are the same in every run: workers of pytest-xdist compare what they collect."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def collected(hash_seed: str) -> list[str]:
    """Return the ids of all tests as a process with this seed of hashes collects them."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"],
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    return [line for line in run.stdout.splitlines() if "::" in line]


def test_ids_do_not_depend_on_the_clock_or_on_hashes() -> None:
    first, second = collected("1"), collected("2")
    assert len(first) > 500
    assert first == second
