"""The order of the house: who may import whom in the package, and include whom in the core.

Imports of the package go one way, wherever they stand: at the top of a file, in a function, or for
type checkers alone. Includes of the core follow the LINKS in its CMakeLists.txt.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import makemore_fast as mf

PACKAGE = Path(mf.__file__).parent
CORE = Path(__file__).parents[1] / "src" / "cpp" / "core"

#: What a user may do without, or may not want to wait for: imported where it is needed.
LATE = {"matplotlib", "tqdm"}

#: The classes and functions that users import; helpers know nothing of them.
FACADE = {"makemore_fast", "makemore_fast.counts", "makemore_fast.cli"}

Graph = Mapping[str, set[str]]


def circle(graph: Graph) -> list[str]:
    """Return a circle of a graph, or nothing if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def reached(graph: Graph, start: str) -> set[str]:
    """Return whatever can be reached from a place, and not the place itself."""
    found: set[str] = set()
    ahead = {start}
    while ahead:
        ahead = set().union(*(graph[place] for place in ahead)) - found
        found |= ahead
    return found


# -- the package ---------------------------------------------------------------------------


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


MODULES = {
    module_name(path): ast.parse(path.read_bytes())
    for path in (*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.pyi"))
}


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield the modules that are imported anywhere in a tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the package"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else str(node.module)


IMPORTS = {name: set(imports(tree)) & MODULES.keys() for name, tree in MODULES.items()}


def test_imports_of_the_package_go_one_way() -> None:
    assert len(IMPORTS["makemore_fast"]) > 10
    assert circle(IMPORTS) == []


@pytest.mark.parametrize("name", MODULES)
def test_functions_import_only_what_may_be_absent(name: str) -> None:
    functions = (
        node
        for node in ast.walk(MODULES[name])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    late = {module for function in functions for module in imports(function)}
    assert {module for module in late if module.partition(".")[0] not in LATE} == set()


@pytest.mark.parametrize("folder", ["display", "storage"])
def test_helpers_do_not_know_the_facade(folder: str) -> None:
    helpers = [name for name in MODULES if name.startswith(f"makemore_fast.{folder}")]
    assert len(helpers) > 5
    for name in helpers:
        assert reached(IMPORTS, name) & FACADE == set(), name


# -- the core ------------------------------------------------------------------------------


def said(name: str, text: str) -> Iterator[list[str]]:
    """Yield the words in the brackets of each call of a CMake command."""
    for arguments in re.findall(rf"^\s*{name}\(([^)]*)\)", text, re.MULTILINE):
        yield arguments.split()


@pytest.fixture(scope="module")
def cmake() -> str:
    if not (CORE / "CMakeLists.txt").exists():
        pytest.skip("the sources of the core are not here (../src/cpp/core)")
    return re.sub("#.*", "", (CORE / "CMakeLists.txt").read_text("utf-8"))


@pytest.fixture(scope="module")
def links(cmake: str) -> dict[str, set[str]]:
    """Return the folders of the core, and those that each of them links to."""
    linked = {}
    for name, *rest in said("add_folder", cmake):
        before_sources = rest[: rest.index("SOURCES")] if "SOURCES" in rest else rest
        linked[name] = set(before_sources) - {"LINKS"}
    return linked


def includes(folder: str) -> Iterator[tuple[Path, str]]:
    """Yield each file of a folder with each of what it includes."""
    for path in sorted((CORE / folder).rglob("*.[ch]pp")):
        for included in re.findall(r"^\s*#\s*include\s*(\S+)", path.read_text("utf-8"), re.M):
            yield path, included


def test_links_of_the_core_go_one_way(links: dict[str, set[str]]) -> None:
    assert links.keys() == {path.name for path in CORE.iterdir() if path.is_dir()}
    assert set().union(*links.values()) <= links.keys()
    assert circle(links) == []


def test_includes_of_the_core_follow_its_links(links: dict[str, set[str]]) -> None:
    for folder, linked in links.items():
        for path, included in includes(folder):
            if included.startswith('"'):
                home = included.strip('"').partition("/")[0]
                assert home in {folder, *linked}, f"{path} includes {included}"


def test_the_core_knows_nothing_of_python(links: dict[str, set[str]]) -> None:
    for folder in links:
        for path, included in includes(folder):
            assert not re.match('[<"](bindings/|pybind11/|Python.h)', included), path


def test_every_source_of_the_core_is_listed(cmake: str) -> None:
    listed = set()
    for name, *rest in said("add_folder", cmake):
        if "SOURCES" in rest:
            listed |= {f"{name}/{source}" for source in rest[rest.index("SOURCES") + 1 :]}
    for _target, _scope, *sources in said("target_sources", cmake):
        listed |= set(sources)
    assert listed == {path.relative_to(CORE).as_posix() for path in CORE.rglob("*.cpp")}
