"""Results on stdout, and messages to a person at a terminal."""

import sys
from unicodedata import category, east_asian_width

import click

from makemore_fast.table import visible


def write(text: str | bytes) -> None:
    """Write results: in UTF-8 whatever the locale, as files are read."""
    click.echo(text.encode() if isinstance(text, str) else text, nl=False)


def tell(message: str) -> None:
    """Say something to the person at the terminal, if there is one."""
    if sys.stderr.isatty():
        click.echo(message, err=True)


def cell(symbol: str) -> str:
    """Return a symbol so that it can be seen, filled up to eight columns of a terminal."""
    text = visible(symbol)
    wide = sum((category(c) not in ("Mn", "Me")) + (east_asian_width(c) in "WF") for c in text)
    return text + " " * (8 - wide)
