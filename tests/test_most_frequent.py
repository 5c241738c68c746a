"""`vocabulary=` as a number: the most frequent tokens, in what takes words and makes no counts."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import makemore_fast as mf
from raising import raises

LINES = ["the cat sat", "the dog sat", "a cat ran", "the bird"]
KEPT = ["cat", "sat", "the"]


def given(kind: str) -> Any:
    kinds: dict[str, Any] = {
        "list": LINES,
        "iterator": iter(LINES),
        "NumPy": np.array(LINES),
        "Arrow": pa.array(LINES),
        "table": pa.table({"line": LINES}),
        "mapping": dict.fromkeys(LINES, 1),
    }
    return kinds[kind]


@pytest.mark.parametrize("kind", ["list", "iterator", "NumPy", "Arrow", "table", "mapping"])
def test_fit_takes_the_most_frequent_tokens(kind: str) -> None:
    model = mf.fit(given(kind), separator=" ", vocabulary=3, effort="fast")
    same = mf.fit(LINES, separator=" ", vocabulary=KEPT, unknown=True, effort="fast")
    assert model.symbols == same.symbols == ("<s>", mf.UNKNOWN, *KEPT)
    assert model.score(LINES).tolist() == same.score(LINES).tolist()


def test_weights_and_lists_of_tokens_count() -> None:
    lists = [line.split() for line in LINES]
    model = mf.fit(lists, weights=iter([1, 1, 1, 9]), vocabulary=2, effort="fast")
    assert model.symbols == ("<s>", mf.UNKNOWN, "bird", "the")


def test_examples_take_the_most_frequent_tokens() -> None:
    x, y = mf.examples(iter(LINES), block_size=2, separator=" ", vocabulary=3)
    counts = mf.count(LINES, separator=" ", vocabulary=3)
    same_x, same_y = mf.examples(LINES, block_size=2, alphabet=counts)
    assert x.tolist() == same_x.tolist()
    assert y.tolist() == same_y.tolist()


def test_what_cannot_be() -> None:
    reader = pa.table({"line": LINES}).to_reader()
    raises(TypeError, "reads the words twice", mf.fit, reader, separator=" ", vocabulary=3)
    raises(
        ValueError, "give unknown=True", mf.fit, LINES, separator=" ", vocabulary=3, unknown=False
    )
    raises(TypeError, "vocabulary= is for tokens", mf.fit, LINES, vocabulary=3)
    raises(ValueError, "there are no words", mf.fit, [], separator=" ", vocabulary=3)
