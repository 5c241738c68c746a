"""Keeps tests and benchmarks apart: `pytest` runs tests/, `pytest --benchmark-only` benchmarks/."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the folder that was not asked for; say nothing about any other path."""
    only_benchmarks = config.getoption("benchmark_only", default=False)
    ignored = ROOT / ("tests" if only_benchmarks else "benchmarks")
    return True if collection_path.is_relative_to(ignored) else None
