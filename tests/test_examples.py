"""The programs of examples/ run from top to bottom."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from limits import not_for_sanitizers

EXAMPLES = Path(__file__).parents[1] / "examples"
NEEDS = {"pictures": ["matplotlib"], "data_frames": ["pandas", "polars"]}


def run(path: Path, folder: Path) -> str:
    """Return what a program prints; no warning may come."""
    result = subprocess.run(
        [sys.executable, "-W", "error", str(path)], cwd=folder, timeout=300, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=os.environ | {"PYTHONUTF8": "1"},
    )  # fmt: skip
    assert result.returncode == 0, result.stdout
    return result.stdout


@not_for_sanitizers
@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_an_example_runs(path: Path, tmp_path: Path) -> None:
    for package in NEEDS.get(path.stem, []):
        pytest.importorskip(package)
    assert run(path, tmp_path)


@not_for_sanitizers
def test_made_up_domains_are_told_from_english_words(tmp_path: Path) -> None:
    if not Path("/usr/share/dict/american-english").exists():
        pytest.skip("Debian's English words are not here (package wamerican)")
    printed = run(EXAMPLES / "domains.py", tmp_path)
    found = re.search(r"per symbol: AUC (\d\.\d+)", printed)
    assert found is not None
    assert float(found[1]) >= 0.999


def test_every_example_is_told_of() -> None:
    told = (EXAMPLES / "README.md").read_text("utf-8")
    for path in EXAMPLES.glob("*.py"):
        assert f"[{path.name}]({path.name})" in told
