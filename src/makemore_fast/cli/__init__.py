"""The command line: ``makemore-fast``, its commands and how they end."""

import contextlib
import os
import re
import sys
from pathlib import Path
from typing import Any

import click

import makemore_fast as mf
from makemore_fast.cli.count import count
from makemore_fast.cli.fit import fit
from makemore_fast.cli.parameters import examples
from makemore_fast.cli.plot import plot
from makemore_fast.cli.sample import sample
from makemore_fast.cli.score import score


class _Commands(click.Group):
    """Turns what a command raises into one line on stderr and an exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            status = 130
        except BrokenPipeError:  # as in `makemore-fast ... | head`: the reader has enough
            status = 0
        except (ValueError, OSError, EOFError, ImportError) as error:
            click.echo(f"makemore-fast: error: {_message(error)}", err=True)
            status = 1
        # What could not be written must not be tried again, and complained of, at exit.
        with contextlib.suppress(OSError, AttributeError), Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        return ctx.exit(status)


def _message(error: Exception) -> str:
    """Return an error's text as one line that speaks of options, not of arguments."""
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"{error.filename}: {error.strerror}"
    line = " ".join(str(error).splitlines())
    return re.sub(
        r"\b(\w+)=(?=$| or )", lambda argument: "--" + argument[1].replace("_", "-"), line
    )


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


for _command in (sample, count, score, fit, plot):
    main.add_command(_command)
