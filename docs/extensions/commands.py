"""The page of the command line: the examples at the end of each command's help are code."""

from typing import Any

import click
from sphinx.application import Sphinx

import makemore_fast as mf


def examples_as_code(_app: Sphinx, context: click.Context, lines: list[str]) -> None:
    """Show the examples of a command as a block of code."""
    said = (context.command.epilog or "").partition("Examples:\n")[2]
    commands = [f"   {line.strip()}" for line in said.splitlines()]
    lines[:] = [".. rubric:: Examples", "", ".. code-block:: sh", "", *commands, ""]


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx what is here."""
    app.connect("sphinx-click-process-epilog", examples_as_code)
    return {"version": mf.__version__, "parallel_read_safe": True, "parallel_write_safe": True}
