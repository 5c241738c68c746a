"""Every fuzz target is built and run: none is left out of CMake or of the runner."""

import importlib.util
from pathlib import Path

import pytest

FUZZ = Path(__file__).parent / "fuzz"
ENTRY = "int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {"


def written() -> set[str]:
    """Return the sources that define a target."""
    return {path.stem for path in FUZZ.glob("*.cpp") if ENTRY in path.read_text("utf-8")}


def test_every_target_has_seeds_and_every_folder_of_seeds_a_target() -> None:
    assert written() == {path.name for path in (FUZZ / "seeds").iterdir()}


@pytest.mark.parametrize("target", sorted(written()))
def test_seeds_are_there(target: str) -> None:
    assert any((FUZZ / "seeds" / target).iterdir())


def test_the_runner_knows_every_target() -> None:
    spec = importlib.util.spec_from_file_location("fuzz_run", FUZZ / "run.py")
    assert spec is not None
    assert spec.loader is not None
    run = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(run)
    assert set(run.targets()) == written()
