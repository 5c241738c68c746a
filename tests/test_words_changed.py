"""Words that another thread, or code that runs in between, changes: a result or an error."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import makemore_fast as mf
from terminal import run_python

pytest.importorskip("pyarrow")

import changing_words as changing


def items(n: int, item: object, *, at: int, change: Callable[[], object]) -> Any:
    """Yield an item n times, and change something before that of a number."""
    for i in range(n):
        if i == at:
            change()
        yield item


@pytest.mark.parametrize("name", [*changing.WORDS, *changing.WEIGHTS])
def test_another_thread_changes_the_input(name: str) -> None:
    run_python(Path(changing.__file__).read_text("utf-8"), name)


@pytest.mark.parametrize("dtype", ["U5", "S5", object, np.dtypes.StringDType()])
@pytest.mark.parametrize("size", [0, 1, 100, 1_000_000])
@pytest.mark.parametrize("order", [2, 3])
def test_weights_that_resize_the_array_of_words(dtype: Any, size: int, order: int) -> None:
    words = np.array(["ava", "emma"] * 150_000, dtype=dtype)
    weights = items(300_000, 1, at=10, change=lambda: words.resize(size, refcheck=False))
    with suppress(ValueError, TypeError):  # there are fewer words than weights, or others
        assert mf.count(words, weights=weights, order=order).words <= 300_000


@pytest.mark.parametrize("dtype", ["i8", "u4", "f8", object])
def test_words_that_resize_the_array_of_weights(dtype: Any) -> None:
    weights = np.ones(600_000, dtype=dtype)
    words = items(600_000, "ava", at=400_000, change=lambda: weights.resize(5, refcheck=False))
    with pytest.raises(ValueError, match=r"got \d+ weights for more words than that"):
        mf.count(words, weights=weights)


@pytest.mark.parametrize(
    "change",
    [
        lambda array: setattr(array, "shape", (array.size // 2, 2)),
        lambda array: setattr(array, "dtype", np.dtype("S20")),
    ],
)
def test_weights_that_make_the_array_another(change: Any) -> None:
    words = np.array(["ava", "emma"] * 150_000, dtype="U5")
    weights = items(300_000, 1, at=10, change=lambda: change(words))
    with pytest.raises(ValueError, match="the array's shape or dtype changed while it was read"):
        mf.count(words, weights=weights)


def test_weights_that_shorten_the_list_of_words() -> None:
    words = ["ava"] * 600_000
    weights = items(600_000, 1, at=10, change=lambda: words.__delitem__(slice(300_000, None)))
    with pytest.raises(ValueError, match="got more than 300000 weights for 300000 words"):
        mf.count(words, weights=weights)
