"""How much memory counting a file takes beyond the imported package, whatever the file's size."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from timing import Benchmark, record_amount
from workloads import NAME, SMOKE, repeated_bytes

pytestmark = pytest.mark.benchmark(group=f"Peak memory of count_file on {NAME}, repeated")

LIMIT = 64  # MiB
_SCRIPT = """
import sys
import makemore_fast as mf

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

before = peak()
mf.count_file(sys.argv[1], threads=int(sys.argv[2]))
print((peak() - before) / 1024)
"""


def growth(path: Path, threads: int) -> float:
    """Return by how many MiB the peak grows in a process that imports and counts."""
    command = [sys.executable, "-c", _SCRIPT, str(path), str(threads)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(run.stdout)


@pytest.fixture(scope="module", params=[1, 4] if SMOKE else [200, 4000], ids="{} MB".format)
def megabytes(request: pytest.FixtureRequest) -> int:
    size: int = request.param
    return size


@pytest.fixture(scope="module")
def path(megabytes: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    if not Path("/proc/self/status").exists():
        pytest.skip("needs /proc to tell the peak of the memory")
    folder = tmp_path_factory.mktemp("memory")
    if shutil.disk_usage(folder).free < 2 * megabytes * 1_000_000:
        pytest.skip(f"the disk has no room for a file of {megabytes} MB")
    once = repeated_bytes(1)
    block = once * (4_000_000 // len(once) + 1)
    file = folder / "words.txt"
    with file.open("wb") as out:
        while out.tell() < megabytes * 1_000_000:
            out.write(block if not SMOKE else once)
    yield file
    file.unlink()  # pytest keeps what tests leave


@pytest.mark.parametrize("threads", [1, 2])
def test_file(benchmark: Benchmark, path: Path, megabytes: int, threads: int) -> None:
    label = f"{megabytes:,} MB, {threads} thread{'s' * (threads > 1)}"
    record_amount(benchmark, lambda: growth(path, threads), label=label, unit="MiB", limit=LIMIT)
