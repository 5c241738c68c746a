"""What all commands have: help, exit statuses, errors, pipes."""

import gzip
import os
import shlex
import signal
import subprocess
from pathlib import Path

import pytest

import makemore_fast as mf
from terminal import COMMAND, LIMIT, call, misused, posix, refused, run


@pytest.mark.parametrize("args", [[], ["sample"], ["count"], ["score"], ["plot"]])
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_help_shows_examples(args: list[str], flag: str) -> None:
    result = call(*args, flag)
    assert result.exit_code == 0
    assert "Examples:\n    makemore-fast " in result.stdout


def test_version_is_that_of_the_package() -> None:
    assert call("--version").stdout == f"makemore-fast, version {mf.__version__}\n"


BAD_USAGE = """
dance
sample -n -1
sample -n x
sample --seed -1
sample --smoothing -1
sample --smoothing nan
sample --temperature -0.1
sample --temperature inf
sample --top-k 0
sample --max-length 0
sample --max-length 1000000000000000000000000000000
sample --min-length -1
sample --truncate
sample --top-p 0
sample --top-p 1.5
sample --min-p 2
sample --match (
sample --match a{99999999999}
sample --threads 0
sample --boundary ab
sample --boundary ''
sample - -
count --top -1
count -o counts.txt
score - -
score counts.npz
score a b c
"""


@pytest.mark.parametrize("line", BAD_USAGE.strip().split("\n"))
def test_bad_usage_exits_with_2_and_a_hint(line: str) -> None:
    misused(*shlex.split(line))


@pytest.mark.parametrize("command", ["sample", "count", "score", "plot"])
@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.txt", None, "No such file or directory"),
        ("latin.txt", b"ok\ncaf\xe9\n", "{path}, "),
        ("dots.txt", b"ok\na.b\n", "line 2: 'a.b' contains the boundary '.'; "),
        ("cut.txt.gz", gzip.compress(b"emma\nava\n" * 99)[:-9], "before the end"),
        ("plain.gz", b"emma\n", "not gzip data"),
    ],
    ids=["missing", "latin", "dots", "cut", "plain"],  # gzip puts the time into what it makes
)
def test_bad_data_exits_with_1_and_one_line_that_names_the_file(
    command: str, name: str, content: bytes | None, message: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    said = refused(command, str(path))
    assert str(path) in said
    assert message.format(path=path) in said


@posix
def test_a_directory_as_a_file_exits_with_1(tmp_path: Path) -> None:
    said = refused("count", str(tmp_path))
    assert said == f"makemore-fast: error: {tmp_path}: Is a directory\n"


@pytest.mark.parametrize("args", [["count", "missing.npz"], ["score", "missing.npz", "-"]])
def test_missing_saved_counts_exit_with_1(args: list[str]) -> None:
    assert refused(*args).startswith("makemore-fast: error: missing.npz")


def test_an_error_speaks_of_options() -> None:
    said = refused("count", "-", stdin=b"a.b\n")
    assert said.endswith("; choose another with --boundary\n")
    assert '"\\n"' in said
    assert call("count", "-", "--boundary", "#", stdin=b"a.b\n").exit_code == 0


@pytest.mark.parametrize("command", ["sample", "score"])
def test_no_words_make_no_model(command: str) -> None:
    assert "no words" in refused(command, "-", stdin=b"\n\n")


def test_a_process_exits_as_promised_and_without_traceback(tmp_path: Path) -> None:
    bad_data, bad_usage = run("count", str(tmp_path / "missing")), run("count", "--bogus")
    assert (bad_data.returncode, bad_usage.returncode) == (1, 2)
    assert bad_data.stderr.count(b"\n") == 1
    assert b"Traceback" not in bad_usage.stderr


@posix
@pytest.mark.parametrize("args", [["sample", "-n", str(10**12)], ["count", "-"]])
def test_ctrl_c_exits_with_130_and_says_nothing(args: list[str]) -> None:
    with subprocess.Popen(
        [*COMMAND, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        if args[0] == "sample":
            process.stdout.read(1)
        else:  # more than a pipe holds: once written, reading has begun
            process.stdin.write(b"emma\n" * 100_000)
            process.stdin.flush()
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=LIMIT)
    assert process.returncode == 130
    assert told == b""


@posix
def test_a_closed_pipe_ends_quietly() -> None:
    with subprocess.Popen(
        [*COMMAND, "sample", "-n", str(10**12)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.wait(timeout=LIMIT) == 0
        assert process.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_exits_with_1_and_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "count"], stdout=full, stderr=subprocess.PIPE, timeout=LIMIT
        )
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert b"No space left" in done.stderr


def test_results_are_utf_8_in_every_locale() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [*COMMAND, "score", "-", "--smoothing", "0"],
        input="né\n".encode(), capture_output=True, env=environment, timeout=LIMIT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().split() == ["0.0000", "né"]
