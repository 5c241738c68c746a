"""The options of sampling: their names, types, defaults and checks, which every method shares."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypedDict, TypeVar

from makemore_fast import _core
from makemore_fast.options import checked_flag, checked_str, positive, real_number
from makemore_fast.processors import thread_count
from makemore_fast.words import Words

_Method = TypeVar("_Method", bound=Callable[..., Any])


class SamplingOptions(TypedDict, total=False):
    """What `sample`, `sample_ids` and `sample_corpus` take by name, for type checkers."""

    prefix: str
    max_length: int | None
    temperature: float
    top_k: int | None
    unique: bool
    exclude: Words | None
    threads: int | None


@dataclass(slots=True)
class Sampling:
    """How words are drawn, as it was asked for; docs of the options stand at `sample`."""

    prefix: str = ""
    max_length: int | None = None
    temperature: float = 1.0
    top_k: int | None = None
    unique: bool = False
    exclude: Words | None = None
    threads: int | None = None

    def request(self, n: int, start: int) -> _core.Request:
        """Return what is to be drawn, checked."""
        most, threads = positive("max_length", self.max_length), thread_count(self.threads)
        return _core.Request(n, start, checked_str("prefix", self.prefix), most, threads)

    def truncation(self) -> tuple[float, int]:
        """Return what is made of distributions before each draw, checked: as `_core.Truncation`."""
        return real_number("temperature", self.temperature), positive("top_k", self.top_k)

    def word_filter(self, model: _core.LanguageModel) -> _core.WordFilter | None:
        """Return what leaves words out, if there is anything to leave out."""
        if not checked_flag("unique", self.unique) and self.exclude is None:
            return None
        return _core.WordFilter(model, self.exclude, self.unique)


_NAMES = frozenset(field.name for field in fields(Sampling))


def sampling(method: str, options: SamplingOptions) -> Sampling:
    """Return the options that a method was called with; TypeError for others, as Python has it."""
    for name in options:
        if name not in _NAMES:
            raise TypeError(f"{method}() got an unexpected keyword argument {name!r}")
    return Sampling(**options)


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
