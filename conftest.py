"""Keeps tests and benchmarks apart: `pytest` runs tests/, `pytest --benchmark-only` benchmarks/."""

import signal
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent

# A shell starts what runs in the background with Ctrl-C ignored, and so would be every child.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# No deadline: a busy machine is no failure. Fewer examples than by default keep the tests
# under a minute; ``pytest --hypothesis-profile=thorough`` looks longer.
if find_spec("hypothesis"):  # the benchmarks do without it
    from hypothesis import settings

    settings.register_profile("quick", deadline=None, max_examples=40)
    settings.register_profile("thorough", deadline=None, max_examples=2000)
    settings.load_profile("quick")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the folder that was not asked for; say nothing about any other path."""
    only_benchmarks = config.getoption("benchmark_only", default=False)
    ignored = ROOT / ("tests" if only_benchmarks else "benchmarks")
    return True if collection_path.is_relative_to(ignored) else None
