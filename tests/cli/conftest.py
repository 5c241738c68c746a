"""Files that the tests of the command line read."""

from pathlib import Path

import pytest

import makemore_fast as mf
from terminal import WORDS


@pytest.fixture
def words(tmp_path: Path) -> str:
    path = tmp_path / "words.txt"
    path.write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def saved(tmp_path: Path) -> str:
    path = tmp_path / "words.npz"
    mf.count(WORDS).save(path)
    return str(path)
