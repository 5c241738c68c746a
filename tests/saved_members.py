"""What saved files hold, member by member, to load with whatever is changed in it."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, settings
from numpy.typing import NDArray

import makemore_fast as mf

Members = dict[str, NDArray[np.generic]]


def u4(*numbers: object) -> NDArray[np.uint32]:
    return np.array(numbers, np.uint32)


def counts_members() -> Members:
    """Return what `save` writes of the words "a" and "ab"."""
    return {
        "format": np.array(1),
        "alphabet": u4(46, 97, 98),
        "ids": u4([0, 1], [1, 0], [1, 2], [2, 0]),
        "counts": np.array([2, 1, 1, 1]),
    }


def mixture_members() -> Members:
    """Return what `save` writes of a mixture fitted to the words "a", "ab" and ""."""
    model = mf.fit(["a", "ab", ""], chains=["h1", "p15 h1"])
    return {
        "kind": np.array("mixture"),
        "format": np.array(2),
        "words": np.array(3),
        "chains": np.array(model.chains),
        "tried_chains": np.array(["h1\nh2", "h1"]),
        "tried_losses": np.array([1.5, 2.0]),
        **model._mixture.saved(),
    }


def bigram_members() -> Members:
    """Return what `save` writes of an add-k model of the words "a" and "ab"."""
    return mf.count(["a", "ab"]).model(smoothing=0.5)._members()


def ngram_members() -> Members:
    """Return what `save` writes of a Kneser-Ney model of the words "a", "ab", "abb" and "ba"."""
    return mf.count(["a", "ab", "abb", "ba"], order=3).model(smoothing="kneser-ney")._members()


def interpolated_members() -> Members:
    """Return what `save` writes of two models that are mixed."""
    models = [
        mf.count(["a", "ab"]).model(smoothing=0.5),
        mf.count(["a", "ab", "abb", "ba"], order=3).model(smoothing="kneser-ney"),
    ]
    return mf.mix(models, [0.25, 0.75])._members()


def given_members() -> Members:
    """Return what `save` writes of a model of rows that were given."""
    rows = np.array([[0, 1, 0], [0.5, 0, 0.5], [1, 0, 0]])
    return mf.BigramModel.from_probabilities(rows, ".ab")._members()


def single_members() -> Members:
    """Return what `save` writes of a Kneser-Ney model of the symbols of the word "ab"."""
    return mf.count(["ab"], order=1).model(smoothing="kneser-ney")._members()


KINDS: dict[str, Callable[[], Members]] = {
    "counts": counts_members,
    "mixture": mixture_members,
    "bigram": bigram_members,
    "rows": given_members,
    "ngram": ngram_members,
    "single": single_members,
    "interpolated": interpolated_members,
}


def load(members: Members) -> mf.Counts | mf.LanguageModel:
    file = Path("made.npz")
    np.savez(file, **members)  # type: ignore[arg-type]
    return mf.load(file)


in_the_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def some_words_have(cells: dict[tuple[int, ...], int], order: int) -> bool:
    """Return whether words have these counts: the plain twin of the check in the core."""
    start = (0,) * (order - 1)
    flow: Counter[tuple[int, ...]] = Counter()
    near: dict[tuple[int, ...], set[tuple[int, ...]]] = {}
    for cell, times in cells.items():
        before, after = cell[:-1], cell[1:] if cell[-1] else start
        if any(a and not b for a, b in pairwise(before)):
            return False
        flow[before] += times
        flow[after] -= times
        near.setdefault(before, set()).add(after)
        near.setdefault(after, set()).add(before)
    seen, todo = set(), [start]
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo += near.get(here, ())
    return not any(flow.values()) and set(near) <= seen
