"""The command line: ``makemore-fast``, its commands and how they end."""

import contextlib
import os
import re
import signal
import sys
import warnings
from collections.abc import Iterator, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

import makemore_fast as mf
from makemore_fast.cli.output import (
    complain,
    is_broken_pipe,
    replace_missing_streams,
    show_misuse,
    to_standard_output,
)
from makemore_fast.cli.parameters import examples

#: Each is the function of its name in the module of its name, imported when it is asked for.
_COMMANDS = ("count", "fit", "plot", "sample", "score")

#: An option as Python has it, but in a call of Python: its name, and a value that may follow.
_OPTION = re.compile(
    r"""(?<!\()(?<!, )\b([a-z]\w+)=(?:True\b|"([^"]*)"|'([^']*)'|(\d+)\b|(?=[\s;,.)]|$))"""
)

#: Options that have another name in Python.
_RENAMED = {"exclude": "new", "chains": "chain", "min_counts": "prune", "rng": "seed"}


class _Commands(click.Group):
    """Turns whatever is raised into one line on stderr and an exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of the commands."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command; its module is imported now."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"{__name__}.{cmd_name}"), cmd_name)
        return command

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command, and end the process as the command line promises."""
        run = partial(super().main, args, prog_name, complete_var, False, **extra)
        if not standalone_mode:
            return run()
        replace_missing_streams()
        status: Any = 0
        try:
            with to_standard_output():
                with _orderly_end():
                    status = run()
                if not status:  # else something was said already
                    sys.stdout.flush()
        except click.ClickException as error:
            show_misuse(error)
            status = error.exit_code
        except click.Abort:
            status = 130
        except BaseException as error:
            status = _ended_by(error)
        return _exit(status if isinstance(status, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; click would take some errors of it for other ones."""
        told: set[str] = set()
        with warnings.catch_warnings():
            warnings.simplefilter("always", UnicodeWarning)
            warnings.showwarning = lambda message, *_, **__: _warn(str(message), told)
            try:
                return super().invoke(ctx)
            except (click.ClickException, click.Abort, click.exceptions.Exit):
                raise
            except (Exception, KeyboardInterrupt) as error:
                return ctx.exit(_ended_by(error, self._options(ctx)))

    def _options(self, ctx: click.Context) -> frozenset[str]:
        """Return the options of the command that runs."""
        command = self.get_command(ctx, ctx.invoked_subcommand or "")
        return (
            frozenset(name for param in command.params for name in param.opts)
            if command
            else frozenset()
        )


@contextlib.contextmanager
def _orderly_end() -> Iterator[None]:
    """Let who ends the program by a signal leave no temporary file behind, as Ctrl-C does."""
    kept: dict[int, Any] = {}
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has one of them
        with contextlib.suppress(ValueError):  # of a thread, which may not say what a signal does
            if number is not None and signal.getsignal(number) == signal.SIG_DFL:
                kept[number] = signal.signal(number, _end)
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def _end(number: int, _frame: object) -> NoReturn:
    sys.exit(128 + number)  # as a shell says that a signal ended it


def _warn(message: str, told: set[str]) -> None:
    """Say once what lines of a file were left out, though it may be read twice."""
    if message not in told:
        told.add(message)
        complain(f"warning: {message}")


def _ended_by(error: BaseException, options: frozenset[str] = frozenset()) -> int:
    """Say what went wrong, if it did, and return the exit status."""
    if isinstance(error, KeyboardInterrupt):
        return 130
    if is_broken_pipe(error):
        return 0  # as in `makemore-fast ... | head`: it has enough
    if isinstance(error, MemoryError):
        complain("error: there is not enough memory")
    elif isinstance(error, ValueError | OSError | EOFError | ImportError):
        complain(f"error: {_message(error, options)}")
    else:
        raise error
    return 1


def _exit(status: int) -> NoReturn:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            # What could not be written must not be tried again, and complained of, at exit.
            with contextlib.suppress(OSError), Path(os.devnull).open("wb") as nowhere:
                os.dup2(nowhere.fileno(), stream.fileno())
    sys.exit(status)


def _message(error: Exception, options: frozenset[str]) -> str:
    """Return an error's text, which speaks of a command's options and not of arguments."""
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"{error.filename or repr('')}: {error.strerror}"

    def option(found: re.Match[str]) -> str:
        name = "--" + _RENAMED.get(found[1], found[1]).replace("_", "-")
        value = next((value for value in found.groups()[1:] if value is not None), None)
        if name not in options:
            return found[0]
        return name if value is None else f"{name} {value}"

    return _OPTION.sub(option, str(error))


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "show_default": True},
    epilog=examples("sample -n 5", "fit names.txt -o names.npz", "score names.npz words.txt"),
)
@click.version_option(mf.__version__, prog_name="makemore-fast")
def main() -> None:
    """Count the bigrams of words, score words, and draw new ones.

    A FILE holds words, one a line, in UTF-8, and may be compressed (.gz, .bz2, .xz, .zst);
    or it is an .npz of saved counts or of a fitted model, or an .arpa (.arpa.gz) of a model.
    No FILE means the names that come with the package, - means standard input.
    """
