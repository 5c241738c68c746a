"""The options of sampling: their names, types, defaults and checks, which every method shares."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypedDict, TypeVar

from makemore_fast import _core
from makemore_fast.options import checked_flag, natural, positive, real_number
from makemore_fast.processors import thread_count
from makemore_fast.tokens import Part, are_lists, checked_part
from makemore_fast.words import Words, naming_parameter
from makemore_fast.wrong_names import meant_by

_Method = TypeVar("_Method", bound=Callable[..., Any])

Truncation = tuple[float, int, float, float]  # the arguments of `_core.Truncation`


class SamplingOptions(TypedDict, total=False):
    """What `sample`, `sample_ids` and `sample_corpus` take by name, for type checkers."""

    prefix: Part
    suffix: Part
    contains: Part
    match: str | re.Pattern[str] | None
    min_length: int
    max_length: int | None
    truncate: bool
    temperature: float
    top_k: int | None
    top_p: float
    min_p: float
    unique: bool
    exclude: Words | None
    threads: int | None


@dataclass(slots=True)
class Sampling:
    """How words are drawn, as it was asked for; docs of the options stand at `sample`."""

    prefix: Part = ""
    suffix: Part = ""
    contains: Part = ""
    match: str | re.Pattern[str] | None = None
    min_length: int = 0
    max_length: int | None = None
    truncate: bool = False
    temperature: float = 1.0
    top_k: int | None = None
    top_p: float = 1.0
    min_p: float = 0.0
    unique: bool = False
    exclude: Words | None = None
    threads: int | None = None

    def request(self, n: int, start: int, *, whole: bool = False) -> _core.Request:
        """Return what is to be drawn, checked.

        A word that is too long is not drawn to its end, unless `whole`: as where the next word's
        draws come after its own.
        """
        most = positive("max_length", self.max_length)
        if checked_flag("truncate", self.truncate):
            if most == 0:
                raise ValueError("truncate=True cuts words at max_length=, which is not given")
            cut, most = most, 0
        else:
            most = most if most < _LONGEST else 0
            cut = 0 if whole or most == 0 else most + 1
        conditions = _core.Conditions(
            natural("min_length", self.min_length),
            most,
            checked_part("suffix", self.suffix),
            checked_part("contains", self.contains),
            _matcher(self.match),
        )
        prefix, threads = checked_part("prefix", self.prefix), thread_count(self.threads)
        return _core.Request(n, start, prefix, cut, threads, conditions)

    def truncation(self) -> Truncation:
        """Return what is made of distributions before each draw: as `_core.Truncation`."""
        return (
            real_number("temperature", self.temperature),
            positive("top_k", self.top_k),
            real_number("top_p", self.top_p),
            real_number("min_p", self.min_p),
        )

    def word_filter(self, model: _core.LanguageModel) -> _core.WordFilter | None:
        """Return what leaves words out, if there is anything to leave out."""
        if not checked_flag("unique", self.unique) and self.exclude is None:
            return None
        with naming_parameter("exclude"):
            return _core.WordFilter(model, self.exclude, self.unique)


_LONGEST = 1 << 22  # symbols: a longer word is an error anyway
_NAMES = frozenset(field.name for field in fields(Sampling))


def regular_expression(pattern: str | re.Pattern[str]) -> re.Pattern[str]:
    """Return a pattern compiled; ValueError for what is none, or more than Python takes."""
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"match is no regular expression: {error}") from None


def _matcher(pattern: Any) -> Callable[[list[str]], list[bool]] | None:
    """Return what says which words a regular expression matches from end to end."""
    if pattern is None:
        return None
    if not isinstance(pattern, str | re.Pattern) or isinstance(
        getattr(pattern, "pattern", ""), bytes
    ):
        raise TypeError(
            f"match must be a str or a compiled pattern of str, got {type(pattern).__name__}"
        )
    matches = regular_expression(pattern).fullmatch
    return lambda words: [matches(word) is not None for word in words]


def sampling(method: str, options: SamplingOptions, model: _core.LanguageModel) -> Sampling:
    """Return the options that a method was called with; TypeError for others, as Python has it."""
    for name in options:
        if name not in _NAMES:
            hint = meant_by(name, ("n", "rng", *_NAMES))
            raise TypeError(f"{method}() got an unexpected keyword argument {name!r}{hint}")
    how = Sampling(**options)
    if how.match is not None and are_lists(model.numbering):
        raise TypeError("match= is for words that are str; this model's are lists of tokens")
    return how


def shows_options(method: _Method) -> _Method:
    """Show the options that a method takes as ``**options`` in its signature, for help()."""
    signature = inspect.signature(method)
    *own, rest = signature.parameters.values()
    assert rest.kind is inspect.Parameter.VAR_KEYWORD
    shown = [
        inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=field.type
        )
        for field in fields(Sampling)
    ]
    method.__signature__ = signature.replace(parameters=[*own, *shown])  # type: ignore[attr-defined]
    return method
