"""The first second: importing the package beside importing NumPy, and the first new words."""

import subprocess
import sys

import pytest

from timing import Benchmark, measure

pytestmark = pytest.mark.benchmark(group="Processes that start")
ROUNDS = 15


def row(benchmark: Benchmark, program: str | list[str], label: str, **options: object) -> None:
    arguments = ["-c", program] if isinstance(program, str) else ["-m", "makemore_fast", *program]

    def start() -> None:
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)

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


def test_help(benchmark: Benchmark) -> None:
    row(benchmark, ["--help"], "makemore-fast --help")


def test_sample(benchmark: Benchmark) -> None:
    row(benchmark, ["sample"], "makemore-fast sample")


def test_sample_of_bigrams(benchmark: Benchmark) -> None:
    row(benchmark, ["sample", "--order", "2"], "makemore-fast sample --order 2")
