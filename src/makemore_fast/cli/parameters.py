"""Arguments and options that several commands have."""

import contextlib
import math
from collections.abc import Callable
from typing import Any

import click

from makemore_fast.counting_options import line_columns
from makemore_fast.fitting import EFFORTS
from makemore_fast.pruning import checked_thresholds
from makemore_fast.sizes import size_in_bytes
from makemore_fast.smoothing import NAMED
from makemore_fast.storage.decoding import checked_encoding

FROM_ONE = click.IntRange(1, 10**9)


def checked(good: Callable[[Any], bool], problem: str) -> Callable[..., Any]:
    """Return a callback that makes other values of a parameter bad usage."""

    def check(_ctx: click.Context, _param: click.Parameter, value: Any) -> Any:
        if value is None or good(value):
            return value
        raise click.BadParameter(f"{value!r} {problem}")

    return check


def examples(*lines: str) -> str:
    """Return the end of a command's help."""
    return "\b\nExamples:\n" + "\n".join(f"  makemore-fast {line}" for line in lines)


def _known_encoding(_ctx: click.Context, _param: click.Parameter, value: Any) -> Any:
    try:
        checked_encoding(value, "raise")
    except ValueError:
        raise click.BadParameter(f"{value!r} is no text encoding.") from None
    return value


finite = checked(math.isfinite, "is not a finite number.")

files = click.argument(
    "files", nargs=-1, metavar="[FILE]...",
    callback=checked(lambda files: files.count("-") < 2, "reads standard input twice."),
)  # fmt: skip

weighted = click.option(
    "--weighted", is_flag=True,
    help="Each line holds a word, a tab and how often it counts (a whole number).",
)  # fmt: skip


def _shown_columns(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Any:
    """Return how a line looks; a tab may be written as in C."""
    try:
        return None if value is None else line_columns(False, value.replace("\\t", "\t"))
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from None


columns = click.option(
    "--columns", callback=_shown_columns, metavar="LINE",
    help="How a line looks that holds a word and how often it counts: 'count word' (of uniq -c), "
    "'word,_,count', 'word\\tcount' (the same as --weighted).",
)  # fmt: skip


def _size(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Any:
    try:
        return None if value is None else size_in_bytes(value, "it")
    except ValueError:
        raise click.BadParameter(f"{value!r} is no size, such as 500MB or 2GiB.") from None


memory = click.option(
    "--memory", callback=_size, metavar="SIZE",
    help="How much memory counting may take, such as 500MB or 2GiB; more goes to a temporary file.",
)  # fmt: skip


def columns_of(weighted: bool, shown: str | None) -> str | None:
    """Return how a line with a word and its weight looks, by --weighted and --columns."""
    if weighted and shown is not None:
        raise click.UsageError("--weighted and --columns say the same: give one.")
    return line_columns(weighted, shown)


encoding = click.option(
    "--encoding", callback=_known_encoding, metavar="NAME",
    help="Of the words, such as utf-16 or cp1252; UTF-8 if not given.",
)  # fmt: skip

errors = click.option(
    "--errors", type=click.Choice(["raise", "skip", "replace", "strict"]), default="raise",
    help="Lines that are not valid in the encoding: raise an error, skip them, or replace what is "
    "not valid by U+FFFD; and say how many there are.",
)  # fmt: skip

order = click.option(
    "--order", type=click.IntRange(1, 100), metavar="N",
    help="Symbols in an n-gram: 2 for bigrams, the default but for saved counts.",
)  # fmt: skip

unknown = click.option(
    "--unknown", is_flag=True,
    help="Give symbols that the words do not hold a share, not the probability zero.",
)  # fmt: skip


def effort(default: str) -> Callable[[Any], Any]:
    """Return the option of how much is done for a fitted model; `default` is for the help alone."""
    return click.option(
        "--effort", type=click.Choice(list(EFFORTS)), show_default=default,
        help="How much a fitted model mixes: fast takes a third of the time of default.",
    )  # fmt: skip


threads = click.option(
    "--threads", type=FROM_ONE, help="All cores by default; does not change the result."
)


def saved_in(suffix: str) -> Callable[..., Any]:
    """Return the check of a path for something to be saved in."""
    return checked(lambda path: path.endswith(suffix), f"does not end in {suffix}.")


def _method_or_k(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> str | float | None:
    """Return the name of a smoothing, or the k of add-k."""
    if value is None or value in NAMED:
        return value
    with contextlib.suppress(ValueError):
        if 0 <= float(value) < math.inf:
            return float(value)
    ways = " nor ".join([*NAMED, "a number from 0"])
    raise click.BadParameter(f"{value!r} is neither {ways}.")


def _thresholds(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Any:
    """Return what n-grams of each length must occur more often than."""
    if value is None:
        return None
    numbers = value.replace(",", " ").split()
    if not numbers or not all(number.isdecimal() for number in numbers):
        raise click.BadParameter(f"{value!r} is no list of whole numbers, such as '0 0 1'.")
    try:
        return checked_thresholds([int(number) for number in numbers], len(numbers))
    except ValueError as error:
        raise click.BadParameter(f"{str(error).removeprefix('min_counts ')}.") from None


prune = click.option(
    "--prune", callback=_thresholds, metavar="NUMBERS",
    help="Leave rare n-grams out, as KenLM does: those that occur so often or less, by a number "
    "for each length from single symbols on. '0 0 1' is for trigrams, and longer, that occur once.",
)  # fmt: skip


def smoothing(default: str) -> Callable[[Any], Any]:
    """Return the option of how counts are smoothed; `default` is for the help alone."""
    named = (f"{name} ({how.hint})" if how.hint else name for name, how in NAMED.items())
    return click.option(
        "--smoothing", callback=_method_or_k, metavar="HOW", show_default=default,
        help=f"{', '.join(named)}, or a number that is added to every count, so that what was "
        "never seen is unlikely, not impossible.",
    )  # fmt: skip
