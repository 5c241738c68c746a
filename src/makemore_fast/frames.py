"""Counts as data frames of pandas and Polars, which are imported when they are asked for."""

from importlib import import_module
from types import ModuleType
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from makemore_fast.symbols import Symbols, column_names

#: What ``library=`` takes, the default first.
Library: TypeAlias = Literal["pandas", "polars"]

_LIBRARIES = ("pandas", "polars")


def frame(
    alphabet: Symbols, ids: NDArray[np.uint32], counts: NDArray[np.int64], library: object
) -> Any:
    """Return n-grams and their counts as `Counts.to_frame` says."""
    module = _library(library)
    names = column_names(ids.shape[1])
    symbols: Any = list(alphabet)
    columns: dict[str, Any] = {}
    if module.__name__ == "pandas":
        labels = np.array(symbols, dtype=object)
        columns = {name: labels[ids[:, i]] for i, name in enumerate(names)}
    else:
        labels = module.Series(symbols, dtype=module.String)
        columns = {
            name: labels.gather(module.Series(np.ascontiguousarray(ids[:, i])))
            for i, name in enumerate(names)
        }
    return module.DataFrame({**columns, "count": counts})


def _library(name: object) -> ModuleType:
    """Import the library of this name, or the first that is installed."""
    if name is None:
        for one in _LIBRARIES:
            try:
                return import_module(one)
            except ImportError:
                continue
        raise ImportError(
            "a data frame needs pandas or Polars: pip install 'makemore_fast[pandas]' or "
            "'makemore_fast[polars]'"
        )
    if not isinstance(name, str):
        raise TypeError(f'library must be "pandas", "polars" or None, got {type(name).__name__}')
    if name not in _LIBRARIES:
        raise ValueError(f'library must be "pandas", "polars" or None, got {name!r}')
    try:
        return import_module(name)
    except ImportError as error:
        title = name.replace("polars", "Polars")
        raise ImportError(
            f"a data frame of {title} needs it: pip install 'makemore_fast[{name}]'"
        ) from error
