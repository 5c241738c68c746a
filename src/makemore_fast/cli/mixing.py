"""``--mix FILE:WEIGHT``: a model of several FILEs, each of which makes one as if it stood alone."""

import contextlib
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

import makemore_fast as mf
from makemore_fast.cli.cutting import Cut
from makemore_fast.cli.inputs import Input, opened
from makemore_fast.storage.files import Reading

#: A FILE and the weight of its model.
Part = tuple[str, float]


def _parts(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> list[Part]:
    parts = [_part(value) for value in values]
    if parts and not any(weight for _, weight in parts):
        raise click.BadParameter("one of the weights must be above 0.")
    if [file for file, _ in parts].count("-") > 1:
        raise click.BadParameter("reads standard input twice.")
    return parts


def _part(value: str) -> Part:
    """Split a FILE and a weight; without one, it is 1. A FILE that is there may hold a colon."""
    file, colon, number = value.rpartition(":")
    if not colon or Path(value).exists():
        return value, 1.0
    if not file:
        raise click.BadParameter(f"{value!r} names no file before the weight.")
    with contextlib.suppress(ValueError):
        if 0 <= float(number) < math.inf:
            return file, float(number)
    if ("://" in value and "/" in number) or set("*?[") & set(number):
        return value, 1.0  # the colon of an address, or of a pattern
    raise click.BadParameter(
        f"{number!r}, behind the colon of {value!r}, is no weight (a number from 0 up), and there "
        "is no such file."
    )


mix = click.option(
    "--mix", "mixed", multiple=True, metavar="FILE:WEIGHT", callback=_parts,
    help="Mix the models of several FILEs, in shares of their weights whatever their sizes: "
    "several times, as in --mix a.txt:30 --mix b.txt:1.",
)  # fmt: skip


def mixed_model(
    parts: Sequence[Part],
    make: Callable[[list[Input]], mf.LanguageModel],
    cut: Cut,
    reading: Reading,
    check: Callable[[list[Input]], None],
) -> tuple[mf.LanguageModel, list[Input]]:
    """Return the model of all FILEs and what they hold, which is checked before work begins.

    `make` makes a model of the inputs of one FILE.
    """
    given = [opened([file], cut, reading, twice=True) for file, _ in parts]
    inputs = [one for some in given for one in some]
    check(inputs)
    return mf.mix(list(map(make, given)), [weight for _, weight in parts]), inputs


def check_alone(parts: Sequence[Part], *others: Any) -> None:
    """Raise UsageError if FILEs are named beside those that are mixed."""
    if parts and any(others):
        raise click.UsageError("--mix names the FILEs of its models: name no other.")
