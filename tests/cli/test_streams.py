"""Standard streams that are closed, full or not ready: nothing that is printed is lost unsaid."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import makemore_fast as mf
from terminal import COMMAND, LIMIT, WORDS, call, misused, posix, run

pytestmark = posix

PRINTING = [
    ["sample", "-n", "5", "--seed", "1"],
    ["count"],
    ["score", "WORDS", "--json"],
    ["--help"],
    ["--version"],
    ["sample", "--help"],
]
SILENT = [["fit", "WORDS", "-o", "OUT.npz"], ["sample", "-n", "0"]]


Shell = Callable[[list[str], str], "subprocess.CompletedProcess[bytes]"]


@pytest.fixture(params=["", "1"], ids=["buffered", "unbuffered"])
def shell(words: str, tmp_path: Path, request: pytest.FixtureRequest) -> Shell:
    """Return what runs a command in a shell, with redirections, whatever Python buffers."""
    names = {"WORDS": words, "OUT.npz": str(tmp_path / "out.npz")}
    environment = {**os.environ, "PYTHONUNBUFFERED": request.param}

    def run_in_shell(args: list[str], how: str) -> "subprocess.CompletedProcess[bytes]":
        script = f'exec "$@" {how}'
        command = ["sh", "-c", script, "sh", *COMMAND, *(names.get(arg, arg) for arg in args)]
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT, env=environment
        )

    return run_in_shell


@pytest.mark.parametrize("args", [*PRINTING, *SILENT], ids=" ".join)
@pytest.mark.parametrize("missing", ["2>&-", "2>/dev/full"])
def test_no_stderr_is_no_error(args: list[str], missing: str, shell: Shell) -> None:
    done = shell(args, missing)
    assert (done.returncode, done.stderr) == (0, b"")
    assert bool(done.stdout) == (args in PRINTING)


@pytest.mark.parametrize("args", PRINTING, ids=" ".join)
@pytest.mark.parametrize(
    ("stdout", "message"),
    [
        (">&-", b"standard output: it is closed"),
        (">/dev/full", b"standard output: No space left on device"),
    ],
)
def test_results_that_are_lost_are_an_error_in_one_line(
    args: list[str], stdout: str, message: bytes, shell: Shell
) -> None:
    done = shell(args, stdout)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"makemore-fast: error: ")
    assert message in done.stderr
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("args", SILENT, ids=" ".join)
def test_a_closed_stdout_is_no_error_where_nothing_is_printed(
    args: list[str], shell: Shell, tmp_path: Path
) -> None:
    done = shell(args, ">&-")
    assert (done.returncode, done.stderr) == (0, b"")
    made = [path.name for path in tmp_path.iterdir() if path.name.startswith("out")]
    assert len(made) == (args[0] != "sample")
    if args[0] == "fit":
        assert isinstance(mf.load(tmp_path / "out.npz"), mf.MixtureModel)


@pytest.mark.parametrize("args", [["count"], ["sample", "-n", "300000"]], ids=" ".join)
def test_a_reader_that_has_enough_is_no_error(args: list[str], shell: Shell) -> None:
    done = shell(args, "| head -n 1")
    assert (done.returncode, done.stdout.count(b"\n"), done.stderr) == (0, 1, b"")


@pytest.mark.parametrize("args", [["count", "missing"], ["count", "--bogus"]])
def test_errors_keep_their_status_where_nobody_hears_them(args: list[str], shell: Shell) -> None:
    expected = 2 if "--bogus" in args else 1
    for redirections in ("2>/dev/full", "<&- >&- 2>&-"):
        done = shell(args, redirections)
        assert (done.returncode, done.stdout, done.stderr) == (expected, b"", b"")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a device that never ends")
@pytest.mark.parametrize(
    ("suffix", "said"),
    [
        ("arpa", b"line 1: there is no \\data\\"),
        ("npz", b"not a regular file"),
        ("arpa.gz", b"not gzip data"),
        ("xz", b"not xz data"),
    ],
)
def test_a_device_that_never_ends_is_not_read_on(suffix: str, said: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"zeros.{suffix}"
    path.symlink_to("/dev/zero")
    for command in ("count", "score"):
        done = run(command, str(path), *["-"] * (command == "score"))
        assert done.returncode == 1
        assert said in done.stderr


@pytest.mark.parametrize("command", ["count", "score", "fit"])
def test_a_closed_standard_input(command: str, shell: Shell) -> None:
    args = ["-o", "OUT.npz"] if command == "fit" else []
    done = shell([command, "-", *args], "<&-")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"makemore-fast: error: standard input: it is closed\n"


def test_a_pipe_that_is_not_ready_gets_every_result() -> None:
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    with subprocess.Popen(
        [*COMMAND, "sample", "-n", "200000", "--seed", "1"],
        stdout=theirs, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        os.close(theirs)
        time.sleep(0.5)
        got = bytearray()
        while part := os.read(ours, 1 << 16):
            got += part
        os.close(ours)
        assert process.wait(timeout=LIMIT) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert bytes(got) == run("sample", "-n", "200000", "--seed", "1").stdout


def test_names_with_control_characters_are_shown_escaped(tmp_path: Path) -> None:
    name = "a\x1b[31m\nb\u202e.txt"
    done = run("count", str(tmp_path / name))
    assert done.returncode == 1
    text = done.stderr.decode()
    assert text.rstrip("\n").isprintable()
    assert "\\x1b[31m" in text
    assert "\\u202e" in text


@pytest.mark.parametrize(
    "args",
    [
        ["count", "--\x1b[31m"],
        ["\x1b[31m"],
        ["count", "--order", "\x1b[31m"],
        ["fit", "\x1b[31m.npz"],
        ["sample", "\x1b[31m.npz", "--new"],
    ],
    ids=ascii,
)
def test_bad_usage_with_control_characters_is_shown_escaped(
    args: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    mf.count(WORDS).save("\x1b[31m.npz")
    said = misused(*args)
    assert all(line.isprintable() for line in said.split("\n"))
    assert "\\x1b[31m" in said


def bash(script: str, *args: str) -> "subprocess.CompletedProcess[bytes]":
    command = ["bash", "-c", script, COMMAND[0], *args]
    return subprocess.run(command, capture_output=True, timeout=LIMIT)


def test_text_through_a_named_pipe_is_read_once_and_named(tmp_path: Path) -> None:
    for command in (["sample", "--seed", "1"], ["score"], ["fit", "-o", str(tmp_path / "m.npz")]):
        done = bash('exec "$0" -m makemore_fast "$@" <(printf "emma\\nava\\n")', *command)
        assert (done.returncode, done.stderr) == (0, b"")
    done = bash('exec "$0" -m makemore_fast fit <(printf "emma\\na.b\\n")')
    assert done.returncode == 1
    assert b"/dev/fd/" in done.stderr
    assert b", line 2: 'a.b' contains the boundary" in done.stderr


@pytest.mark.parametrize(("suffix", "start"), [("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_plot_writes_what_it_says(suffix: str, start: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / f"x.{suffix}"
    assert call("plot", words, "-o", str(path)).exit_code == 0
    assert path.read_bytes().startswith(start)


def test_plot_writes_png_to_stdout(
    words: str, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("plot", words, "-o", "-").stdout_bytes.startswith(b"\x89PNG")
    assert [path.name for path in tmp_path.iterdir()] == ["words.txt"]
    lost = shell(["plot", "WORDS", "-o", "-"], ">/dev/full")
    assert (lost.returncode, lost.stderr.count(b"\n")) == (1, 1)


@pytest.mark.parametrize("name", ["x", "x-", "x.jpg", "x.npz", ".", ""])
def test_plot_refuses_other_suffixes(name: str, words: str, tmp_path: Path) -> None:
    done = call("plot", words, "-o", f"{tmp_path}/{name}")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "does not end in .png, .svg or .pdf" in " ".join(done.stderr.split())
    assert [path.name for path in tmp_path.iterdir()] == ["words.txt"]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
@pytest.mark.parametrize("how", [["--json"], ["--unique"], ["--order", "3", "--match", "b+z+q+"]])
def test_who_ends_it_by_a_signal_leaves_no_file(name: str, how: list[str], tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    number = getattr(signal, name)
    with subprocess.Popen(
        [*COMMAND, "sample", "-n", "1000000000", "-o", str(path), *how],
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # nohup has one ignored
    ) as process:
        try:
            while process.poll() is None and not list(tmp_path.iterdir()):
                time.sleep(0.01)
            process.send_signal(number)
            _, told = process.communicate(timeout=LIMIT)
        finally:
            process.kill()  # or a failure would wait for a billion words
    assert (process.returncode, told) == (128 + number, b"")
    assert not list(tmp_path.iterdir())


def test_ctrl_c_at_any_moment_exits_with_130(words: str, tmp_path: Path) -> None:
    Path(words).write_text("\n".join(WORDS * 50_000), encoding="utf-8")
    path = tmp_path / "m.npz"
    for seconds in (0.5, 1.5):
        with subprocess.Popen(
            [*COMMAND, "fit", words, "-o", str(path)], stderr=subprocess.PIPE
        ) as process:
            time.sleep(seconds)
            process.send_signal(signal.SIGINT)
            told: Any = process.communicate(timeout=LIMIT)[1]
        assert process.returncode in (130, 0, -2)
        if process.returncode == 130:
            assert told == b"" or b"KeyboardInterrupt" in told  # while Python still starts
        assert {entry.name for entry in tmp_path.iterdir()} <= {"words.txt", "m.npz"}


def test_a_wrong_instruction_set_is_bad_usage_in_one_line() -> None:
    environment = {**os.environb, b"MAKEMORE_FAST_ISA": b"m\xff\x1b[31m"}
    done = subprocess.run([*COMMAND, "sample"], capture_output=True, timeout=LIMIT, env=environment)
    assert (done.returncode, done.stdout) == (2, b"")
    said = (
        b"makemore-fast: error: MAKEMORE_FAST_ISA is 'm\\xff\\x1b[31m'; this machine has baseline"
    )
    assert done.stderr.startswith(said)
    assert done.stderr.count(b"\n") == 1


#: Presses Ctrl-C where a line of the imports of the command line is about to run.
PRESS = """
import os, runpy, signal, sys
sys.argv[0] = "-m"
place = int(sys.argv.pop(1))
lines = 0
def trace(frame, event, _arg):
    global lines
    name = frame.f_globals.get("__name__", "")
    if name.startswith(("makemore_fast", "numpy", "click")) and "lib" not in name:
        lines += 1
        if lines == place:
            os.kill(os.getpid(), signal.SIGINT)
    return trace
import makemore_fast
sys.settrace(trace)
runpy.run_module("makemore_fast", run_name="__main__")
"""


@pytest.mark.parametrize("place", [1, 50, 999, 5000, 10_000])
def test_ctrl_c_while_the_package_is_imported_ends_quietly(place: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PRESS, str(place), "sample"], capture_output=True, timeout=LIMIT
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
