"""Presses Ctrl-C at chosen moments of a call, and tells how late it was answered.

Objects that calls take are made once, in a process that forks a child for each press; a press
comes from outside of the child, so that a child that holds the interpreter's lock is pressed
all the same.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True)
class Call:
    """A call that takes long, and what must hold after a Ctrl-C in it.

    Attributes
    ----------
    run : callable
        Takes the materials.
    needs : str
        The names of the materials that it takes, which are made before.
    whole : callable, optional
        Takes the materials after a press, and asserts that objects and files are whole.
    endless : bool
        Whether it does not end by itself.
    """

    run: Callable[[Any], object]
    needs: str
    whole: Callable[[Any], object] = lambda _: None
    endless: bool = False


@dataclass(frozen=True)
class Answer:
    """What came of one press: seconds until it was answered, and what was broken."""

    wall: float  # by the clock
    cpu: float  # of processor time, which other programs do not lengthen
    broken: str  # what was wrong after it

    @property
    def late(self) -> float:
        """How late it would be on a machine with nothing else to do, at most."""
        return min(self.wall, self.cpu)


class Presser:
    """The process that has the materials; made by `presser`."""

    def __init__(self, program: Path, patience: float) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(program), str(patience)],  # its folder is on its path
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def press(
        self, call: str, presses: int, seed: int, within: float | None = None
    ) -> tuple[float, list[Answer]]:
        """Return how long a call takes undisturbed, and the answers to presses during it.

        Presses come within the first so many seconds of the call if that is given, and then it
        is not run without a press.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):  # then there is no line to read
            self._process.stdin.write(json.dumps([call, presses, seed, within]) + "\n")
            self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the process with the materials ended"
        said = json.loads(line)
        assert "error" not in said, said["error"]
        return said["takes"], [Answer(**answer) for answer in said["answers"]]

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


@contextmanager
def presser(program: Path, patience: float = 120) -> Iterator[Presser]:
    """Start `program`, which calls `serve`; no call and no answer may take over `patience`."""
    process = Presser(program, patience)
    try:
        yield process
    finally:
        process.close()


def serve(calls: dict[str, Call], make: Callable[[Path], Any]) -> None:
    """Press keys as asked for on standard input, one request a line, until it ends."""
    patience = float(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        materials = make(Path(folder))
        for line in sys.stdin:
            name, presses, seed, within = json.loads(line)
            try:
                call = calls[name]
                for need in call.needs.split():
                    getattr(materials, need)
                takes = within or 0.6
                if within is None and not call.endless:
                    undisturbed = _child(call, materials, None, patience)
                    assert not undisturbed.broken, undisturbed.broken
                    takes = max(undisturbed.wall, 0.001)  # it may have ended before we looked
                random_ = random.Random(seed)
                # One press in each part of the time that the call takes, or of its start.
                span = min(takes, 4)
                moments = [(i + random_.random()) / presses * span for i in range(presses)]
                answers = [asdict(_child(call, materials, at, patience)) for at in moments]
                print(json.dumps({"takes": takes, "answers": answers}), flush=True)
            except Exception:
                print(json.dumps({"error": traceback.format_exc()}), flush=True)


def _child(call: Call, materials: Any, at: float | None, patience: float) -> Answer:
    """Run a call in a child, with a press after `at` seconds, or to its end."""
    ready, start = os.pipe()
    report, told = os.pipe()
    materials.begin()
    with tempfile.TemporaryFile("w+") as errors:
        child = os.fork()
        if child == 0:
            os.close(ready)
            os.close(report)
            os.dup2(errors.fileno(), 2)
            with open(start, "wb", 0) as begun, open(told, "w") as to:  # noqa: PTH123
                _run(call, materials, begun, to, once=at is None)
            os._exit(0)
        os.close(start)
        os.close(told)
        with open(ready, "rb", 0) as begun, open(report) as answers:  # noqa: PTH123
            begun.read(1)
            pressed = time.monotonic()
            used = 0.0
            if at is not None:
                time.sleep(at)
                used = _processor_time(child)
                pressed = time.monotonic()
                os.kill(child, signal.SIGINT)
            line = _line(answers, child, patience)
        os.waitpid(child, 0)
        errors.seek(0)
        said = errors.read()
    materials.end()
    if not line:
        return Answer(patience, patience, f"no answer in {patience:.0f} s, or a crash: {said}")
    answered, total, broken = json.loads(line)
    return Answer(answered - pressed, max(total - used, 0), broken or said)


def _press_again(unraisable: Any) -> None:
    """Press Ctrl-C again where Python swallows it, as in the callback of a weak reference."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        signal.setitimer(signal.ITIMER_REAL, 0.002)  # by when this function has ended
    else:
        sys.__unraisablehook__(unraisable)


def _run(call: Call, materials: Any, begun: IO[bytes], to: IO[str], *, once: bool) -> None:
    """In the child: run the call until it is interrupted, and tell when that was."""
    broken, made = "", set(vars(materials))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    sys.unraisablehook = _press_again
    try:
        begun.write(b"r")
        while True:
            call.run(materials)
            if once:
                break
    except KeyboardInterrupt:
        pass
    except BaseException:
        broken = traceback.format_exc()
    answered, used = time.monotonic(), time.process_time()
    try:
        if not broken:
            assert set(vars(materials)) == made, f"made in the call: {set(vars(materials)) - made}"
            materials.whole()
            call.whole(materials)
    except BaseException:
        broken = traceback.format_exc()
    to.write(json.dumps([answered, used, broken]))
    to.flush()


def _line(answers: IO[str], child: int, patience: float) -> str:
    """Return what the child tells, which is ended if it takes longer than `patience`."""
    previous = signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, patience)
    try:
        return answers.read()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _processor_time(process: int) -> float:
    """Return the seconds of processor time of a process, where the system tells."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0  # then its lateness is that by the clock
    return (int(fields[11]) + int(fields[12])) / _TICKS


def emptied(folder: Path) -> Path:
    """Return a folder with nothing in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder
