"""The first second: importing the package beside importing NumPy, and the first new word."""

import subprocess
import sys

import pytest

from timing import Benchmark, measure

pytestmark = pytest.mark.benchmark(group="Processes that start")
ROUNDS = 15


def row(benchmark: Benchmark, program: str, label: str, **options: object) -> None:
    def start() -> None:
        subprocess.run([sys.executable, "-c", program], check=True)

    start()  # writes what Python keeps of modules
    measure(benchmark, start, label=label, items=1, unit="starts", rounds=ROUNDS, **options)  # type: ignore[arg-type]


def test_nothing(benchmark: Benchmark) -> None:
    row(benchmark, "pass", "Python alone")


def test_numpy(benchmark: Benchmark) -> None:
    row(benchmark, "import numpy", "import numpy", baseline=True)


def test_import(benchmark: Benchmark) -> None:
    row(benchmark, "import makemore_fast", "import makemore_fast", at_least=1 / 1.15)


def test_first_word(benchmark: Benchmark) -> None:
    program = "import makemore_fast as mf; mf.count(mf.names()).model().sample()"
    row(benchmark, program, "the first word of the lecture's model")
