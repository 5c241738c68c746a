"""Refuses a build that is not optimised, and ends the run with a compact table of each group."""

import pytest

import makemore_fast as mf
from speed_table import plain, tables
from timing import ROWS


def pytest_configure(config: pytest.Config) -> None:
    """Keep pytest-benchmark's own table narrow, unless its columns were chosen."""
    if config.getoption("benchmark_columns", default="none") is None:
        config.option.benchmark_columns = ["min", "median", "max", "rounds"]


@pytest.fixture(scope="session", autouse=True)
def optimised_build() -> None:
    """Stop before anything is timed that says nothing about the package people install."""
    info = mf.build_info()
    if not info["optimised"]:
        pytest.exit(
            f"this build of makemore_fast is not optimised ({info['build_type']}), so its times "
            "mean nothing: install it with `pip install .`",
            returncode=1,
        )


@pytest.fixture(scope="session", autouse=True)
def warm_allocator() -> None:
    """Let glibc keep freed blocks up to this size from now on, as in a process that runs long.

    Else each row would depend on what ran before it: arrays in fresh pages from the system
    make NumPy's row take twice as long.
    """
    bytearray(30 << 20)


@pytest.hookimpl(trylast=True)  # after the table of pytest-benchmark
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not ROWS:
        return
    terminalreporter.section("speeds (of the fastest round)")
    for table in tables(ROWS):
        terminalreporter.write_line("")
        for line in plain(table):
            terminalreporter.write_line(line)
