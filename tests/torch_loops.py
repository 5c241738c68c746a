"""What tests of torch's streams share: the loops in Python, and the torch that is installed."""

import runpy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from makemore_fast import torch_rng

DATA = Path(__file__).parent / "data"
VERSIONS = ["1.13", "2.0"]


def program(path: Path) -> Any:
    """Return the functions of a program as a namespace."""
    return SimpleNamespace(**runpy.run_path(str(path)))


loops = program(DATA / "make_torch_streams.py")


def torch_and_version() -> tuple[Any, str]:
    """Return the torch installed and our name for its stream, or skip the test."""
    torch = pytest.importorskip("torch")
    try:
        return torch, "2.0" if torch_rng._draws_by_exponentials(torch) else "1.13"
    except ValueError as error:
        pytest.skip(str(error))
