"""Ctrl-C: KeyboardInterrupt within a moment, wherever the time is spent, nothing changed.

tests/stress/long_calls.py has the calls, tests/stress/interrupts.py presses often.
"""

import inspect
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import makemore_fast as mf
from limits import seconds
from long_calls import CALLS, SHORT
from pressing import Presser, presser

PROGRAM = Path(__file__).parent / "stress" / "long_calls.py"

#: The promise is 0.2 s on a machine with nothing else to do; what counts here is that many
#: seconds of processor time, or a little more.
LIMIT = 0.25

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a child of a fork is pressed")


@pytest.fixture(scope="module")
def process() -> Iterator[Presser]:
    with presser(PROGRAM) as started:
        yield started


@pytest.mark.parametrize("call", CALLS)
def test_ctrl_c(process: Presser, call: str) -> None:
    _, (answer,) = process.press(call, presses=1, seed=zlib.crc32(call.encode()), within=0.5)
    assert answer.broken == ""
    assert answer.late < seconds(LIMIT)


def public_callables() -> Iterator[str]:
    """Return the names of all functions, and of all that the classes of objects have."""
    public = [(name, getattr(mf, name)) for name in mf.__all__]
    classes = [kind for _, kind in public if inspect.isclass(kind)]
    yield from (name for name, it in public if callable(it) and not inspect.isclass(it))
    for kind in classes:
        if any(kind is not other and issubclass(other, kind) for other in classes):
            continue  # every object is of a more special class
        for name in dir(kind):
            if name.startswith("_") and not name.startswith("__"):
                continue
            home = next(base for base in kind.__mro__ if name in vars(base))
            kept = vars(home)[name]
            called = callable(kept) or isinstance(kept, property | classmethod | staticmethod)
            if called and home.__module__.startswith("makemore_fast"):
                yield f"{kind.__name__}.{name}"


def test_no_public_callable_is_forgotten() -> None:
    pressed = {call.partition(":")[0] for call in CALLS}
    assert sorted(set(public_callables()) - pressed - set(SHORT)) == []


def test_none_is_listed_in_vain() -> None:
    pressed = {call.partition(":")[0] for call in CALLS}
    assert sorted((pressed | set(SHORT)) - set(public_callables())) == []
    assert sorted(pressed & set(SHORT)) == []
