"""The package's names are imported when they are first asked for, and are all there."""

import ast
from pathlib import Path

import pytest

import makemore_fast as mf
from makemore_fast.late import Late
from terminal import run_python

SOURCE = Path(__file__).parents[1] / "src" / "makemore_fast" / "__init__.py"


def test_every_name_is_where_type_checkers_look_for_it() -> None:
    told = {
        alias.name: str(node.module).removeprefix("makemore_fast.")
        for node in ast.walk(ast.parse(SOURCE.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("makemore_fast")
        for alias in node.names
    }
    assert told == mf._MODULES
    assert set(mf.__all__) == set(told)


def test_every_name_is_there() -> None:
    assert set(mf.__all__) <= set(dir(mf))
    for name in mf.__all__:
        assert getattr(mf, name) is getattr(mf, name)
    assert mf.Model is mf.CountModel
    with pytest.raises(AttributeError, match="module 'makemore_fast' has no attribute 'cuont'"):
        _ = mf.cuont  # type: ignore[attr-defined]


def test_the_import_takes_little() -> None:
    program = """
        import sys
        import makemore_fast as mf
        print("numpy" in sys.modules, "makemore_fast.counts" in sys.modules, end=" ")
        print(mf.count(["emma"]).words, len(mf.names()), "numpy" in sys.modules)
        from makemore_fast import *
        print(names is mf.names, split is mf.split)
    """
    said = run_python(program).stdout.split()
    assert said == ["False", "False", "1", "2910", "True", "True", "True"]


def test_the_first_words_take_little() -> None:
    """What no word needs is not imported, and neither is what few calls need."""
    program = """
        import sys
        import numpy
        before = set(sys.modules)
        import makemore_fast as mf
        mf.count(mf.names()).model().sample(rng=3)
        print(*set(sys.modules) - before)
    """
    loaded = set(run_python(program).stdout.split())
    assert "makemore_fast.counts" in loaded
    late = {"asyncio", "bz2", "concurrent.futures", "html", "logging", "lzma", "numpy.random",
            "secrets", "shutil", "tempfile", "tqdm", "zipfile"}  # fmt: skip
    assert loaded & late == set()


def test_what_is_late_is_there_when_it_is_asked_for() -> None:
    zipped = Late("zipfile")
    assert zipped.ZIP_DEFLATED == 8
    with pytest.raises(AttributeError, match="module 'zipfile' has no attribute 'unzip'"):
        _ = zipped.unzip


def test_a_command_imports_no_other() -> None:
    program = """
        import sys
        from makemore_fast.cli import main
        main(["sample", "-n", "0"], standalone_mode=False)
        print(*(name for name in sys.modules if name.startswith("makemore_fast.cli.")))
    """
    loaded = set(run_python(program).stdout.split())
    commands = {f"makemore_fast.cli.{name}" for name in ("count", "fit", "plot", "sample", "score")}
    assert loaded & commands == {"makemore_fast.cli.sample"}
