"""Results on stdout, and messages to a person at a terminal."""

import contextlib
import errno
import io
import json
import math
import os
import selectors
import sys
from collections.abc import Iterator
from typing import Any, NoReturn
from unicodedata import category, east_asian_width

import click

import makemore_fast as mf
from makemore_fast.display.labels import visible

# json.dumps would make one for each line, which takes longer than the line.
_ENCODER = json.JSONEncoder(ensure_ascii=False)


class _Closed(io.TextIOBase):
    """Stands for a standard output that is closed: nothing printed is lost without a word."""

    def write(self, _text: str, /) -> NoReturn:
        raise OSError(errno.EBADF, "it is closed", "standard output")


def replace_missing_streams() -> None:
    """Make up for standard streams that are closed, as where no terminal is (cron, pythonw).

    Their descriptors are taken too, so that no file opened later becomes one of them.
    """
    for descriptor in range(3):
        with contextlib.suppress(OSError):
            try:
                os.fstat(descriptor)
            except OSError:
                os.open(os.devnull, os.O_RDWR)
    if sys.stdout is None or sys.stdout.closed:
        sys.stdout = _Closed()
    if sys.stderr is None or sys.stderr.closed:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


@contextlib.contextmanager
def to_standard_output() -> Iterator[None]:
    """Say of what cannot be written where it should have gone; a reader that has enough is none."""
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno is not None and not is_broken_pipe(error):
            error.filename = "standard output"
        raise


def is_broken_pipe(error: BaseException) -> bool:
    """Tell whether nobody reads any more what is written; Windows says it in another way."""
    if isinstance(error, BrokenPipeError):
        return True
    nameless = isinstance(error, OSError) and error.filename is None
    return nameless and os.name == "nt" and getattr(error, "errno", None) == errno.EINVAL


class Command(click.Command):
    """A command whose help goes where results go."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the arguments; --help is printed here."""
        with to_standard_output():
            return super().make_context(*args, **extra)


def json_line(fact: dict[str, Any]) -> str:
    """Return a fact as a line of JSON, with its end."""
    return _ENCODER.encode(fact) + "\n"


def write(text: str | bytes) -> None:
    """Write results: in UTF-8 whatever the locale, as files are read."""
    with to_standard_output():
        _write(text)


def _write(text: str | bytes) -> None:
    binary: Any = getattr(sys.stdout, "buffer", None)
    if binary is None:
        sys.stdout.write(text if isinstance(text, str) else text.decode("utf-8", "replace"))
        return
    sys.stdout.flush()
    rest = memoryview(text.encode() if isinstance(text, str) else text)
    while True:
        try:
            if rest:
                rest = rest[binary.write(rest) :]
            else:
                binary.flush()
                return
        except BlockingIOError as error:  # a reader that is not ready, in non-blocking mode
            rest = rest[error.characters_written :] if rest else rest
            with getattr(selectors, "PollSelector", selectors.SelectSelector)() as selector:
                selector.register(binary.fileno(), selectors.EVENT_WRITE)
                selector.select(0.1)


def complain(message: str) -> None:
    """Say what went wrong, in one line, if anyone hears it."""
    with contextlib.suppress(OSError, ValueError):
        click.echo(f"makemore-fast: {_one_line(message)}", err=True)


def show_misuse(error: click.ClickException) -> None:
    """Say what click found wrong with the arguments, some of which it repeats, if anyone hears."""
    error.message = _one_line(error.message)  # type: ignore[misc]  # final: to others
    with contextlib.suppress(OSError, ValueError):
        error.show()


def _one_line(message: str) -> str:
    """Return a message in which every symbol can be seen, and no terminal obeys one."""
    line = " ".join(message.splitlines())
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)


def json_number(x: float) -> float | None:
    """Return a log-probability as JSON has it, which has no infinity: null instead."""
    return x if x > -math.inf else None


def impossible(told: "mf.Evaluation", unit: str = "nats", scale: float = 1) -> str:
    """Say how many words are impossible, which is the first, and the loss of the rest."""
    assert told.first_impossible is not None
    _, word, symbol = told.first_impossible
    where = "at its end" if symbol is None else f"at {symbol!r}"
    number, rest = told.impossible_words, told.words - told.impossible_words
    words = f"{number:,} word{'s are' if number != 1 else ' is'} impossible, first {word!r} {where}"
    if not rest:
        return words
    others = f"{rest:,} other{'s' * (rest != 1)}"
    return f"{told.possible_loss / scale:.4f} {unit} per symbol of the {others}; {words}"


def tell(message: str) -> None:
    """Say something to the person at the terminal, if there is one."""
    if sys.stderr.isatty():
        click.echo(_one_line(message), err=True)


def cell(symbol: str) -> str:
    """Return a symbol so that it can be seen, filled up to eight columns of a terminal."""
    text = visible(symbol)
    wide = sum((category(c) not in ("Mn", "Me")) + (east_asian_width(c) in "WF") for c in text)
    return text + " " * (8 - wide)
