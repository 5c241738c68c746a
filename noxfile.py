"""The checks, as commands: ``nox`` runs all but the longest, ``nox -s cpp`` one."""

import nox

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True


@nox.session
def lint(session: nox.Session) -> None:
    """Style of the Python and of the C++ code."""
    session.install(*nox.project.dependency_groups(nox.project.load_toml(), "lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    sources = session.run("git", "ls-files", "*.cpp", "*.hpp", silent=True, external=True)
    session.run("clang-format", "--dry-run", "--Werror", *str(sources).split())


@nox.session
def types(session: nox.Session) -> None:
    """Types of the Python code, also in the docs, and of the extension against its stub."""
    groups = nox.project.dependency_groups(nox.project.load_toml(), "types")
    session.install(".[test]", *groups)
    session.run("mypy")
    session.run("python", "tests/typed_docs.py")
    session.run(
        *("python", "-m", "mypy.stubtest", "--allowlist", "tests/stubtest.txt"),
        "makemore_fast._core",
    )


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site into build/site, warnings as errors, and test what was built."""
    groups = nox.project.dependency_groups(nox.project.load_toml(), "docs")
    session.install(".[plot,sklearn]", *groups)
    session.run("sphinx-build", "-q", "-W", "--keep-going", "-E", "docs", "build/site")
    environment = {"MAKEMORE_FAST_SITE": "build/site"}
    session.run("pytest", "-q", "tests/test_site.py", env=environment)


@nox.session
def tests(session: nox.Session) -> None:
    """Tests and examples in the documentation."""
    session.install(".[test]")
    session.run("pytest", "-n", "auto", *session.posargs)


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
def aarch64(session: nox.Session) -> None:
    """Test the core for 64-bit ARM (Debian: g++-aarch64-linux-gnu, qemu-user)."""
    test_core(session, "core-aarch64")


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
def sdist(session: nox.Session) -> None:
    """Build the source distribution, and a wheel from it."""
    session.install("build")
    session.run("python", "-m", "build", "--outdir", session.create_tmp())


@nox.session
def bench(session: nox.Session) -> None:
    """Measure; ``nox -s bench -- smoke`` only checks that the benchmarks run."""
    smoke = "smoke" in session.posargs
    session.install(".[test]" if smoke else ".[bench]")
    session.run("pytest", "--benchmark-only", env={"MAKEMORE_BENCH_SMOKE": "1"} if smoke else {})
