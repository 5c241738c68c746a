"""Runs the command line as a shell does, and as a terminal does."""

import os
import subprocess
import sys
import textwrap
import threading
from typing import Any

import pytest
from click.testing import CliRunner, Result

from corpora import FIVE
from makemore_fast.cli import main

COMMAND = [sys.executable, "-m", "makemore_fast"]
WORDS = FIVE
LIMIT = 600.0  # seconds after which a process is taken to hang; a busy machine is no failure

posix = pytest.mark.skipif(os.name != "posix", reason="signals, pipes and terminals of POSIX")


def call(*args: str, stdin: bytes | None = None) -> Result:
    """Run the command line in this process, where no terminal is."""
    return CliRunner().invoke(main, args, input=stdin)


def printed(*args: str, stdin: bytes | None = None) -> list[str]:
    """Return the lines that a command prints."""
    result = call(*args, stdin=stdin)
    assert result.exit_code == 0, result.stderr
    return result.stdout.split("\n")[:-1]


def refused(*args: str, stdin: bytes | None = None) -> str:
    """Return the one line in which a command that prints nothing says what is bad data."""
    result = call(*args, stdin=stdin)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("makemore-fast: error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def misused(*args: str) -> str:
    """Return what is said about arguments that make no sense."""
    result = call(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Usage: " in result.stderr
    assert "\nError: " in result.stderr
    return result.stderr


def run(*args: str, stdin: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """Run the command line in a process of its own."""
    return subprocess.run([*COMMAND, *args], input=stdin, capture_output=True, timeout=LIMIT)


def run_python(program: str, *args: str, **how: Any) -> "subprocess.CompletedProcess[str]":
    """Run a program in a Python of its own, where a crash is a failed test and not the end."""
    command = [sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(program), *args]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, **how)
    assert done.returncode == 0, (done.returncode, done.stderr[-4000:])
    return done


def run_on_terminal(*args: str, stdin: bytes = b"") -> tuple[bytes, str]:
    """Return what a process writes to stdout, and to the terminal that is its stderr."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    pytest.importorskip("termios").tcsetwinsize(theirs, (24, 100))
    told = bytearray()

    def listen() -> None:
        try:
            while part := os.read(ours, 1 << 16):
                told.extend(part)
        except OSError:  # how Linux says that the other side has closed
            pass

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        done = subprocess.run(
            [*COMMAND, *args], input=stdin, stdout=subprocess.PIPE, stderr=theirs, timeout=LIMIT
        )
    finally:
        os.close(theirs)
        listener.join()
        os.close(ours)
    assert done.returncode == 0, told
    return done.stdout, told.decode().replace("\r\n", "\n")
