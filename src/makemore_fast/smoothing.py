"""The methods of smoothing: one table, which models, tuning, messages and the command line read.

A new method is a function of the core and an entry of `SMOOTHINGS`. Type checkers read no table:
for them its name stands in the two lists of names too.
"""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple, SupportsFloat, TypeAlias

import numpy as np

from makemore_fast import _core
from makemore_fast.options import real_number

#: What ``smoothing=`` takes: a number, which is the k of add-k, or the name of another method.
Named: TypeAlias = Literal["kneser-ney", "witten-bell"]
SmoothingLike: TypeAlias = SupportsFloat | Named

#: The names of all methods.
Method: TypeAlias = Literal["add-k", "witten-bell", "kneser-ney"]

#: What Kneser-Ney takes from counts of 1, 2, and 3 and more, for n-grams of each length.
Discounts: TypeAlias = tuple[tuple[float, float, float], ...]


class Settings(NamedTuple):
    """How counts are smoothed, checked but for the range of the number."""

    smoothing: str | float  # the name of a method, or the number that stands for one
    discounts: Discounts | None = None
    thresholds: tuple[int, ...] = ()  # of counts that are pruned


class Smoothing(NamedTuple):
    """A method: its name, how the core does it, and what it takes."""

    name: Method
    smooth: Callable[[_core.Ngrams, Settings], tuple[_core.NgramModel, Settings]]
    options: frozenset[str] = frozenset()  # of `Counts.model`, besides smoothing=
    powers: tuple[float, float] | None = None  # of 10, between which tuning looks for a number
    hint: str = ""  # in the help of the command line


# Each returns the model, and the settings with what was estimated.


def _add_k(counts: _core.Ngrams, settings: Settings) -> tuple[_core.NgramModel, Settings]:
    return _core.add_k(counts, float(settings.smoothing), settings.thresholds), settings


def _witten_bell(counts: _core.Ngrams, settings: Settings) -> tuple[_core.NgramModel, Settings]:
    return _core.witten_bell(counts, settings.thresholds), settings


def _kneser_ney(counts: _core.Ngrams, settings: Settings) -> tuple[_core.NgramModel, Settings]:
    model, used = _core.kneser_ney(counts, settings.discounts, settings.thresholds)
    return model, settings._replace(discounts=tuple((one, two, more) for one, two, more in used))


#: The only method that a number stands for.
ADD_K = Smoothing("add-k", _add_k, powers=(-4, 1))

#: All methods, from the plainest to the best.
SMOOTHINGS = (
    ADD_K,
    Smoothing("witten-bell", _witten_bell),
    Smoothing(
        "kneser-ney",
        _kneser_ney,
        frozenset({"discounts"}),
        hint="best for longer n-grams",
    ),
)

METHODS: tuple[Method, ...] = tuple(method.name for method in SMOOTHINGS)

#: Those that ``smoothing=`` names, the best first.
NAMED: dict[str, Smoothing] = {
    method.name: method for method in reversed(SMOOTHINGS) if method is not ADD_K
}


def method_of(smoothing: str | float) -> Smoothing:
    """Return the method that a name or a number stands for."""
    if not isinstance(smoothing, str):
        return ADD_K
    if smoothing not in NAMED:
        names = _either(["a number", *map(_quoted, NAMED)])
        raise ValueError(f"smoothing must be {names}, got {smoothing!r}")
    return NAMED[smoothing]


def checked_settings(smoothing: object, discounts: Any, order: int) -> Settings:
    """Check what `Counts.model` was asked for, of counts of an order."""
    takers = [name for name, method in NAMED.items() if "discounts" in method.options]
    if discounts is not None and not (isinstance(smoothing, str) and smoothing in takers):
        raise ValueError(f"discounts= is for smoothing={_either(list(map(_quoted, takers)))}")
    if isinstance(smoothing, str):
        method_of(smoothing)
    return Settings(
        smoothing if isinstance(smoothing, str) else real_number("smoothing", smoothing),
        None if discounts is None else _checked_discounts(discounts, order),
    )


def smooth(counts: _core.Ngrams, settings: Settings) -> tuple[_core.NgramModel, Settings]:
    """Return the model of smoothed counts, and the settings with what was estimated."""
    return method_of(settings.smoothing).smooth(counts, settings)


def _checked_discounts(discounts: Any, order: int) -> Discounts:
    wanted = f"discounts must be three numbers for the n-grams of each length, 1 to {order}"
    try:
        rows = np.asarray(discounts, float)
    except (TypeError, ValueError):  # no numbers, or rows of several lengths
        raise TypeError(wanted) from None
    if rows.shape != (order, 3):
        raise ValueError(f"{wanted}; got an array of shape {rows.shape}")
    return tuple((one, two, more) for one, two, more in rows.tolist())


def _quoted(name: str) -> str:
    return f'"{name}"'


def _either(things: list[str]) -> str:
    """Return things as in "a, b or c"."""
    return " or ".join(part for part in (", ".join(things[:-1]), things[-1]) if part)
