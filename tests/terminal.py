"""Runs the command line as a shell does, and as a terminal does."""

import os
import subprocess
import sys
import threading

import pytest
from click.testing import CliRunner, Result

from makemore_fast.cli import main

COMMAND = [sys.executable, "-m", "makemore_fast"]
WORDS = ["emma", "olivia", "ava", "isabella", "sophia"]
LIMIT = 600.0  # seconds after which a process is taken to hang; a busy machine is no failure

posix = pytest.mark.skipif(os.name != "posix", reason="signals, pipes and terminals of POSIX")


def call(*args: str, stdin: bytes | None = None) -> Result:
    """Run the command line in this process, where no terminal is."""
    return CliRunner().invoke(main, args, input=stdin)


def run(*args: str, stdin: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """Run the command line in a process of its own."""
    return subprocess.run([*COMMAND, *args], input=stdin, capture_output=True, timeout=LIMIT)


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
