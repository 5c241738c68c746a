"""Every public callable answers what it does not take in the package's own words.

The callables and their parameters are found by looking, so that a new one cannot be forgotten.
"""

import inspect
import io
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import makemore_fast as mf
from corpora import FIVE

COUNTS = mf.count(FIVE)
TRIGRAMS = mf.count(FIVE, order=3)
MIXTURE = mf.fit(FIVE, chains=["h1"])
OBJECTS: dict[str, Any] = {
    "counts": COUNTS,
    "trigrams": TRIGRAMS,
    "bigram model": COUNTS.model(smoothing=1),
    "large model": mf.count(FIVE, alphabet="".join(map(chr, range(0x61, 0x600)))).model(
        smoothing=1
    ),
    "trigram model": TRIGRAMS.model(smoothing="kneser-ney"),
    "mixture": MIXTURE,
    "corpus": COUNTS.model().sample_corpus(3, rng=1),
    "tuned": TRIGRAMS.tune(FIVE, orders=[2], methods=["witten-bell"]),
    "torch": mf.TorchRNG(1),
}

#: What parameters without a default are given while another is tried.
GIVEN: dict[str, Any] = {
    "words": FIVE, "dev": FIVE, "n": 3, "order": 2, "text": "ava\n", "path": "words.txt",
    "models": [COUNTS.model()], "min_counts": [0],
    "seed": 1, "value": "ava", "other": COUNTS, "symbols": ("a", "v"), "key": 0,
}  # fmt: skip

WRONG: dict[str, Any] = {
    "None": None, "str": "sea\nshell", "empty str": "", "control": "\x1b[31m\u202e", "bytes": b"av",
    "int": 3, "negative": -7, "huge": 10**40, "float": 1.5, "nan": float("nan"), "True": True,
    "list": [], "list of int": [3], "list of None": [None], "list of lists": [[1], [2, 3]],
    "list of str": ["ava", "zoé"], "tuple of str": ("ava",), "dict": {"ava": "x"},
    "set of bytes": {b"a"}, "2-D": np.arange(6).reshape(2, 3), "floats": np.array([0.5, 2]),
    "0-D": np.array(3), "objects": np.array([None, 3], dtype=object), "counts": COUNTS,
    "model": OBJECTS["trigram model"], "mixture": MIXTURE, "object": object(), "class": int,
    "function": len, "file": io.StringIO("ava\n"), "complex": 1j, "generator": np.random.PCG64(1),
}  # fmt: skip

#: Said by Python, NumPy or pybind11 about their own insides.
FOREIGN = re.compile(
    "incompatible (function|constructor) arguments|broadcast|__index__|__float__|_core\\."
    "|cannot be interpreted|could not convert|invalid literal|not supported between"
    "|has no attribute|truth value|inhomogeneous|setting an array|unhashable|no len\\(\\)"
    "|object is not (subscriptable|callable)|must be real number|must be str, not"
    "|Unable to (cast|convert)|argument of type|required for|format code|data type"
    "|positional argument|not understood|bit_generator|SeedSequence expects|coercing"
)

#: The words of Python, for operators and where a file is opened.
OPERATOR = re.compile(
    r"unsupported operand type|can only concatenate|'.*' not supported|expected str, bytes or os"
)


def callables() -> Iterator[tuple[str, Callable[..., Any]]]:
    for name in mf.__all__:
        thing = getattr(mf, name)
        made_by_others = inspect.isclass(thing) and thing not in (mf.Counts, mf.TorchRNG)
        if callable(thing) and not made_by_others:
            yield name, thing
    for of, thing in OBJECTS.items():
        for name in dir(type(thing)):
            if name.startswith("_") and name not in (
                "__getitem__",
                "__iadd__",
                "__add__",
                "__radd__",
            ):
                continue
            if not isinstance(inspect.getattr_static(type(thing), name), property):
                yield f"{of}.{name}", getattr(thing, name)


def signature(function: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(function).parameters
    except ValueError:  # built in, and without parameters
        return {}


def parameters() -> Iterator[Any]:
    for name, function in callables():
        for parameter in signature(function).values():
            if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
                yield pytest.param(function, parameter.name, id=f"{name}({parameter.name}=)")


@pytest.mark.parametrize(("function", "parameter"), list(parameters()))
def test_wrong_types_are_answered_in_our_words(
    function: Callable[..., Any], parameter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("words.txt").write_text("ava\nmia\n", "utf-8")
    given = {
        name: GIVEN[name]
        for name, p in signature(function).items()
        if p.default is p.empty and name in GIVEN and name != parameter
    }
    failures = []
    for name, wrong in WRONG.items():
        if "plot" in getattr(function, "__name__", ""):
            pytest.importorskip("matplotlib.pyplot").close("all")
        try:
            function(**(given | {parameter: wrong}))
        except Exception as error:
            if foreign(error):
                failures.append(f"{name}: {error!r}")
    assert not failures


def foreign(error: Exception) -> bool:
    """Return whether an error is none of ours, or says what only those who wrote us understand."""
    if isinstance(error, KeyError | OSError | EOFError):
        return False
    said = str(error)
    return (
        not isinstance(error, TypeError | ValueError | IndexError)
        or isinstance(error, UnicodeError)
        or (FOREIGN.search(said) is not None and OPERATOR.search(said) is None)
        or not said.replace("\n", " ").isprintable()
    )
