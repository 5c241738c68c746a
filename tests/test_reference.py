"""The slow twins: their examples by hand come out, and their map is whole."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import reference

FILES = [module.name for module in pkgutil.iter_modules(reference.__path__)]
MAP = re.findall(r"^ +(\w+)\.py ", reference.__doc__ or "", re.MULTILINE)


@pytest.mark.parametrize("name", FILES)
def test_the_example_by_hand(name: str) -> None:
    module = importlib.import_module(f"reference.{name}")
    assert ">>> " in (module.__doc__ or ""), "a file begins with an example"
    assert doctest.testmod(module).failed == 0


def test_the_map_has_every_file() -> None:
    assert len(FILES) > 5
    assert sorted(MAP) == sorted(FILES)


@pytest.mark.parametrize("name", MAP)
def test_files_use_those_before_them(name: str) -> None:
    source = Path(reference.__path__[0], f"{name}.py").read_text("utf-8")
    used = re.findall(r"^(?:from|import) reference\b\.?(\w*)", source, re.MULTILINE)
    assert set(used) <= set(MAP[: MAP.index(name)])
