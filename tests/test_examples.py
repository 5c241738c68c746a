"""The programs of examples/ run from top to bottom."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from limits import not_for_sanitizers

EXAMPLES = Path(__file__).parents[1] / "examples"
NEEDS = {"pictures": ["matplotlib"], "data_frames": ["pandas", "polars"]}


@not_for_sanitizers
@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_an_example_runs(path: Path, tmp_path: Path) -> None:
    for package in NEEDS.get(path.stem, []):
        pytest.importorskip(package)
    result = subprocess.run(
        [sys.executable, "-W", "error", str(path)], cwd=tmp_path, timeout=300, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=os.environ | {"PYTHONUTF8": "1"},
    )  # fmt: skip
    assert result.returncode == 0, result.stdout
    assert result.stdout


def test_every_example_is_told_of() -> None:
    told = (EXAMPLES / "README.md").read_text("utf-8")
    for path in EXAMPLES.glob("*.py"):
        assert f"[{path.name}]({path.name})" in told
