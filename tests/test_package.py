"""The package as a whole: version, examples in the documentation, the built-in words."""

import doctest
import importlib
import importlib.util
import os
import pkgutil
import re
import subprocess
import sys
import tomllib
import unicodedata
from importlib.metadata import version
from pathlib import Path

import pytest

import makemore_fast as mf
from corpora import names_path
from terminal import run_python

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    str(page.relative_to(ROOT))
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
    if ">>>" in page.read_text("utf-8")
)
MODULES = [
    module.name
    for module in pkgutil.walk_packages(mf.__path__, "makemore_fast.")
    if module.name not in ("makemore_fast._core", "makemore_fast.__main__")
]


def spec_of(name: str) -> str:
    """Return where the source of a module is."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return spec.origin


def skip_without_what_it_imports(text: str) -> None:
    """Skip a page whose examples need another library that is not installed."""
    for library in sorted(set(re.findall(r">>> (?:import|from) (\w+)", text))):
        pytest.importorskip(library, reason=f"its examples need {library}")


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert mf.__version__ == version("makemore_fast") == project["version"]
    assert mf.build_info()["version"] == mf.__version__


def test_the_build_is_optimised() -> None:
    info = mf.build_info()
    assert info["optimised"]
    assert info["compiler"]


@pytest.mark.parametrize("name", ["makemore_fast", *MODULES])
def test_examples_in_docstrings(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    skip_without_what_it_imports(Path(spec_of(name)).read_text("utf-8"))
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


def test_every_public_name_has_a_docstring_with_an_example() -> None:
    for name in set(mf.__all__) - {"UNKNOWN", "__version__", "build_info"}:
        assert ">>>" in (getattr(mf, name).__doc__ or ""), name


@pytest.fixture
def beside_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the test in a folder that has makemore's names.txt; skip it where there is none."""
    names = names_path().resolve()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "names.txt").symlink_to(names)


@pytest.mark.usefixtures("beside_names")
@pytest.mark.parametrize("page", PAGES)
def test_python_in_the_readme_and_the_docs(page: str) -> None:
    skip_without_what_it_imports((ROOT / page).read_text("utf-8"))
    result = doctest.testfile(str(ROOT / page), module_relative=False, encoding="utf-8")
    assert result.failed == 0
    assert result.attempted > 1


def test_there_are_pages_to_try() -> None:
    assert len(PAGES) > 10
    assert "README.md" in PAGES


def test_the_docs_and_the_readme_find_each_other() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        links = re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text("utf-8"))
        assert all((page.parent / link).exists() for link in links), page


def test_the_readme_leads_to_the_same_places_on_pypi() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
    raw = urls["Source"].replace("github.com", "raw.githubusercontent.com") + "/main/"
    bases = {
        raw: "",
        f"{urls['Source']}/blob/main/": "",
        f"{urls['Documentation']}/en/stable/": "docs",
    }
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert len(links) > 10
    for link in links:
        assert link.startswith("https://"), link  # PyPI shows the README alone
        for base, folder in bases.items():
            if link.startswith(base):
                path = ROOT / folder / link.removeprefix(base).replace(".html", ".md")
                assert path.exists(), link


@pytest.mark.usefixtures("beside_names")
def test_commands_in_the_readme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    blocks = re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    commands = [part for block in blocks for part in block.split("$ ")[1:]]
    assert len(commands) >= 4
    for command in commands:
        line, _, expected = command.partition("\n")
        run = subprocess.run(line, shell=True, capture_output=True, text=True, check=True)
        assert run.stdout == expected, line


def test_the_names_of_tests_hold_no_clock(request: pytest.FixtureRequest) -> None:
    # pytest -n collects in several processes, which must find the same. gzip.compress puts
    # the time into what it makes.
    assert not [item.nodeid for item in request.session.items if r"\x1f\x8b" in item.nodeid]


def test_importing_brings_in_nothing_heavy() -> None:
    program = (
        "import sys, makemore_fast;"
        "heavy = {'torch', 'matplotlib', 'click', 'tqdm', 'pyarrow', 'pandas'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    run_python(program)


def test_the_built_in_words() -> None:
    words = mf.names()
    assert len(words) >= 2000
    assert words == sorted(set(words))
    for word in words:
        assert word == word.lower() == unicodedata.normalize("NFC", word)
        assert re.fullmatch(r"\w{2,}", word), word
    assert mf.count(words).words == len(words)
    assert words == mf.names()
    assert words is not mf.names()
