"""``makemore-fast score`` on a stream: when the first line comes, how much memory it takes."""

import subprocess
import sys
import time
from pathlib import Path
from threading import Thread
from typing import IO

import pytest

from timing import Benchmark, record_amount
from workloads import NAME, SMOKE, WORDS, repeated_bytes

LINES = 20_000 if SMOKE else 10_000_000
MIB = 150
COMMAND = [sys.executable, "-m", "makemore_fast", "score"]


_SCRIPT = """
import sys
from makemore_fast.cli import main

try:
    main(sys.argv[1:])
finally:
    with open("/proc/self/status") as status:
        print(next(line.split()[1] for line in status if line.startswith("VmHWM")), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("score") / "names.txt"
    path.write_bytes(repeated_bytes(1))
    return path


@pytest.mark.benchmark(group=f"Until makemore-fast score prints the first line, by {NAME}")
def test_the_first_line(benchmark: Benchmark, words: Path) -> None:
    """The input stays open: nothing waits for its end."""

    def milliseconds() -> float:
        start = time.perf_counter()
        with subprocess.Popen(
            [*COMMAND, words, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(b"emma\n")
            process.stdin.flush()
            assert process.stdout.readline().endswith(b"\temma\n")
            taken = time.perf_counter() - start
            process.stdin.close()
        return 1000 * taken

    label = "start of the program and counting included"
    record_amount(benchmark, milliseconds, label=label, unit="ms", limit=10_000)


def write_lines(file: IO[bytes]) -> None:
    """Write words over and over."""
    times = LINES // len(WORDS) + 1
    block = repeated_bytes(max(1, 100_000 // len(WORDS)))
    with file:
        for _ in range(times // max(1, 100_000 // len(WORDS)) + 1):
            file.write(block)


@pytest.mark.benchmark(group=f"Peak memory of makemore-fast score, {LINES:,} lines of {NAME}")
@pytest.mark.parametrize("options", [["--mean"], ["--bits", "--jsonl", "--unknown"]], ids=" ".join)
def test_memory(benchmark: Benchmark, words: Path, options: list[str]) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("needs /proc to tell the peak of the memory")

    def peak() -> float:
        with subprocess.Popen(
            [sys.executable, "-c", _SCRIPT, "score", words, "-", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdin is not None
            assert process.stderr is not None
            writer = Thread(target=write_lines, args=(process.stdin,))
            writer.start()
            said = process.stderr.read()
            writer.join()
        assert process.returncode == 0, said
        return int(said.split()[-1]) / 1024

    record_amount(benchmark, peak, label=" ".join(options), unit="MiB", limit=MIB)
