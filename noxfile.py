"""The checks, as commands: ``nox`` runs all but the longest, ``nox -s cpp`` one.

Tools and libraries are those of ``.ci/constraints.txt``, so that a run in a year is the same run;
``nox -s lock`` chooses newer ones.
"""

import os
from pathlib import Path

import nox

ROOT = Path(__file__).parent
CONSTRAINTS = str(ROOT / ".ci" / "constraints.txt")
PROJECT = nox.project.load_toml("pyproject.toml")

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
for tool in ("PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT", "UV_CONSTRAINT", "UV_BUILD_CONSTRAINT"):
    os.environ.setdefault(tool, CONSTRAINTS)


def group(name: str) -> list[str]:
    """Return what a dependency group of pyproject.toml asks for."""
    return list(nox.project.dependency_groups(PROJECT, name))


@nox.session
def lint(session: nox.Session) -> None:
    """Style of the Python and of the C++ code."""
    session.install(*group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    sources = session.run("git", "ls-files", "*.cpp", "*.hpp", silent=True, external=True)
    session.run("clang-format", "--dry-run", "--Werror", *str(sources).split())


@nox.session
def workflows(session: nox.Session) -> None:
    """Check the workflows: by zizmor for what is unsafe, by actionlint for what does not work."""
    session.install(*group("workflows"))
    session.run(".ci/workflows", external=True)


@nox.session
def types(session: nox.Session) -> None:
    """Types of the Python code, also in the docs, and of the extension against its stub."""
    session.install(".[test]", *group("types"))
    session.run("mypy")
    session.run("python", "tests/typed_docs.py")
    session.run(
        *("python", "-m", "mypy.stubtest", "--allowlist", "tests/stubtest.txt"),
        "makemore_fast._core",
    )


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site into build/site, warnings as errors, and test what was built."""
    session.install(".[plot,sklearn,dask]", *group("docs"))
    session.run("sphinx-build", "-q", "-W", "--keep-going", "-E", "docs", "build/site")
    environment = {"MAKEMORE_FAST_SITE": "build/site"}
    session.run("pytest", "-q", "tests/test_site.py", env=environment)


@nox.session(venv_backend="none")
def browser(session: nox.Session) -> None:
    """Look for pages that are too wide, in Chromium if it is there; after ``nox -s docs``."""
    session.run("python3", "tests/browser.py", "build/site", external=True)


@nox.session
def tests(session: nox.Session) -> None:
    """Tests and examples in the documentation."""
    session.install(".[test]")
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session(default=False)
def thorough(session: nox.Session) -> None:
    """Run the tests with fifty times as many of Hypothesis' examples; takes hours."""
    session.install(".[test]")
    session.run("pytest", "-n", "auto", "--hypothesis-profile=thorough", *session.posargs)


@nox.session(default=False)
def lowest(session: nox.Session) -> None:
    """Run the tests with the oldest version of each dependency that pyproject.toml allows."""
    session.install("uv")
    free = dict.fromkeys(("UV_CONSTRAINT", "UV_BUILD_CONSTRAINT"), "")
    oldest = ("--resolution=lowest-direct", ".[test]")
    session.run("uv", "pip", "install", *oldest, env=free)
    # They use what newer libraries, on which they themselves depend, warn of.
    quiet = ("-W", "ignore::DeprecationWarning", "-W", "ignore::PendingDeprecationWarning")
    session.run("pytest", "-n", "auto", *quiet, *session.posargs)


@nox.session(default=False)
@nox.parametrize("engine", ["ray", "spark", "beam", "s3"])
def engines(session: nox.Session, engine: str) -> None:
    """Run the tests of an engine, or of a store, that no other test needs; Spark wants Java 17."""
    needed = {
        "ray": [".[ray]"],
        "spark": [".", "pyspark>=4.1", "pandas<3", "pyarrow>=17"],  # PySpark warns of pandas 3
        "beam": [".", "apache-beam>=2.60"],
        "s3": [".[dask]", "moto[server]>=5", "s3fs>=2024.2"],
    }
    # Without the constraints: the pins of these would hold back all others.
    free = {"PIP_CONSTRAINT": "", "UV_CONSTRAINT": ""}
    session.install(*needed[engine], "pytest>=8", "hypothesis>=6.100", env=free)
    tests = f"tests/engines/test_{engine}.py"
    session.run("pytest", tests, *session.posargs, env={"SPARK_LOCAL_IP": "127.0.0.1"})


@nox.session(default=False)
def sanitizers(session: nox.Session) -> None:
    """Run the Python tests on an extension built with ASan and UBSan; takes half an hour."""
    session.install(".[test]")  # what the tests need
    session.run(".ci/sanitized", "install", "--no-deps", "--force-reinstall", external=True)
    session.run(".ci/sanitized", "pytest", *session.posargs, external=True)


@nox.session(default=False)
def interrupts(session: nox.Session) -> None:
    """Press Ctrl-C in every long call; ``-- 200 count fit`` 200 times in each of these."""
    session.install(".[test]")
    session.run("python", "tests/stress/interrupts.py", *session.posargs)


@nox.session(venv_backend="none")
@nox.parametrize("preset", ["core", "clang", "libcxx", "portable", "asan", "tsan"])
def cpp(session: nox.Session, preset: str) -> None:
    """Test the core alone, warnings as errors: by each compiler, and under the sanitizers."""
    test_core(session, preset)


@nox.session(venv_backend="none", default=False)
@nox.parametrize("preset", ["core-aarch64", "windows"])
def cross(session: nox.Session, preset: str) -> None:
    """Test the core for 64-bit ARM under QEMU, for Windows under Wine (cmake/ says by what)."""
    test_core(session, preset)


@nox.session(default=False)
def zig(session: nox.Session) -> None:
    """Compile the core by zig's clang for other systems, ``-- musl macos``; run what runs."""
    session.install(*group("zig"))
    targets = session.posargs or ["musl", "aarch64", "macos", "refused"]
    session.run(".ci/core-by-zig", *targets, external=True)


@nox.session(default=False)
def manylinux(session: nox.Session) -> None:
    """Build a wheel against an old glibc, and run it where there is no compiler."""
    session.install(*group("build"), *group("zig"))
    session.run(".ci/wheel", "manylinux", external=True)


@nox.session(default=False)
def reproducible(session: nox.Session) -> None:
    """Build the sdist and the wheel twice, in two places, and compare them byte by byte."""
    session.install(*group("build"))
    session.run(".ci/wheel", "twice", external=True)


@nox.session(default=False)
def lock(session: nox.Session) -> None:
    """Choose the newest versions of all tools and libraries, and write .ci/constraints.txt."""
    session.install("uv")
    # torch, which only benchmarks need, has a build for each kind of machine; Ray is for a session.
    every = PROJECT["project"]["optional-dependencies"]
    extras = [name for name in every if name not in ("bench", "ray")]
    options = [*(f"--extra={name}" for name in extras)]
    options += [f"--group={name}" for name in PROJECT["dependency-groups"]]
    session.run(
        *("uv", "pip", "compile", "pyproject.toml", "--universal", "--python-version=3.11"),
        *("--upgrade", "--no-annotate", "--custom-compile-command=nox -s lock"),
        *("--output-file", CONSTRAINTS, *options),
        env=dict.fromkeys(("UV_CONSTRAINT", "UV_BUILD_CONSTRAINT"), ""),
    )


def test_core(session: nox.Session, preset: str) -> None:
    """Build the core by a preset, and run its tests."""
    session.run("cmake", "--preset", preset, external=True)
    session.run("cmake", "--build", "--preset", preset, external=True)
    session.run("ctest", "--preset", preset, external=True)


@nox.session(venv_backend="none", default=False)
def fuzz(session: nox.Session) -> None:
    """Look for bytes that break a promise (clang's libFuzzer); ``-- 600`` for ten minutes each."""
    session.run("cmake", "--preset", "fuzz", external=True)
    session.run("cmake", "--build", "--preset", "fuzz", external=True)
    session.run("python3", "tests/fuzz/run.py", *session.posargs, external=True)


@nox.session
def warnings(session: nox.Session) -> None:
    """Build the extension with warnings as errors."""
    session.install(".", "--config-settings=cmake.define.MAKEMORE_FAST_WERROR=ON")


@nox.session
@nox.parametrize("compiler", ["g++", "clang++"])
def sdist(session: nox.Session, compiler: str) -> None:
    """Build the source distribution, a wheel from it by each compiler, and run it elsewhere."""
    session.install(*group("build"))
    session.run(".ci/wheel", "sdist", external=True, env={"CXX": compiler})


@nox.session
def bench(session: nox.Session) -> None:
    """Measure; ``nox -s bench -- smoke`` only checks that the benchmarks run."""
    smoke = "smoke" in session.posargs
    session.install(".[test]" if smoke else ".[bench]")
    session.run("pytest", "--benchmark-only", env={"MAKEMORE_BENCH_SMOKE": "1"} if smoke else {})
