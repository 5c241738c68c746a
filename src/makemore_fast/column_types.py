"""Whether words are lists of tokens: by the types of columns, or by the first of them."""

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

import numpy as np

# Of Arrow (list<item: string>, fixed_size_list, large_list_view), Polars (List(String), Array),
# pandas (list<item: string>[pyarrow]) and DuckDB (VARCHAR[], VARCHAR[3]).
_LISTS = re.compile(r"(large_|fixed_size_)?list|List|Array\(|VARCHAR\[")


def is_list(word: Any) -> bool:
    """Tell whether a word is a list of tokens; pandas has arrays where Arrow has lists."""
    return isinstance(word, list | tuple) or (isinstance(word, np.ndarray) and word.ndim == 1)


def holds_lists(words: Any, column: Any = None, weights: Any = None) -> bool | None:
    """Tell whether the words of an array or of a table's column are lists, by its type.

    None if that is not told, as of what is no array and no table. The column of a table that is not
    named is the only one but for that of `weights`. Of Python's objects the first is looked at.
    """
    table = _columns(words)
    if table is None:
        kind = getattr(words, "type", None)
        kind = getattr(words, "dtype", None) if kind is None else kind
        if kind is None:
            return None
        values = words
    else:
        names = [name for name in table if (name != weights if column is None else name == column)]
        if len(names) != 1:
            return None
        kind = table[names[0]]
        values = None if str(kind) != "object" else words[names[0]]
    if str(kind) == "object":
        return any(is_list(one) for one in islice(values, 1))
    return _LISTS.match(str(kind)) is not None


def _columns(words: Any) -> dict[Any, Any] | None:
    """Return the columns of a table and their types."""
    schema = getattr(words, "schema", None)
    if isinstance(schema, Mapping):  # of Polars
        return dict(schema)
    names, kinds = getattr(schema, "names", None), getattr(schema, "types", None)
    if names is None or kinds is None:  # of pandas and DuckDB
        names = getattr(words, "columns", None)
        kinds = getattr(words, "dtypes", None)
    if names is None or kinds is None:
        return None
    return dict(zip(names, kinds, strict=False))
