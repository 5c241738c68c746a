"""Errors about words name the parameter, where a call takes other words besides its first."""

from collections.abc import Callable
from typing import Any

import pytest

import makemore_fast as mf
from corpora import FIVE

COUNTS = mf.count(FIVE, order=3)
MODEL = COUNTS.model(smoothing=1)

#: What takes other words, by the parameter's name.
CALLS: dict[str, Callable[[Any], Any]] = {
    "fit: dev": lambda words: mf.fit(FIVE, chains=["h1"], dev=words),
    "tune: dev": lambda words: COUNTS.tune(words, orders=[2], methods=["witten-bell"]),
    "mix: dev": lambda words: mf.mix([MODEL, MODEL], dev=words),
    "plot_loss: dev": lambda words: COUNTS.plot_loss(words),
    "plot_loss: test": lambda words: COUNTS.plot_loss(test=words),
    "sample: exclude": lambda words: MODEL.sample(exclude=words),
    "sample_ids: exclude": lambda words: MODEL.sample_ids(exclude=words),
}

WRONG: dict[str, Any] = {
    "a str": "ava",
    "bytes": b"ava",
    "no words": 3,
    "an int": ["ava", 3],
    "None": [None],
    "a list": ["ava", ["a"]],
    "a line": ["ava\n"],
    "a surrogate": ["ava", "\ud800"],
    "a class": str,
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("wrong", WRONG)
def test_errors_name_the_parameter(call: str, wrong: str) -> None:
    if "plot" in call:
        pytest.importorskip("matplotlib")
    with pytest.raises((TypeError, ValueError), match=rf"^{call.split(': ')[1]}\b"):
        CALLS[call](WRONG[wrong])


@pytest.mark.parametrize("call", [call for call in CALLS if "exclude" not in call])
def test_no_words_at_all(call: str) -> None:
    if "plot" in call:
        pytest.importorskip("matplotlib")
    nothing: list[Any] = [[], {"ava": 0}]
    for none in nothing:
        with pytest.raises(ValueError, match=f"there are no {call.split(': ')[1]} words"):
            CALLS[call](none)


def test_errors_of_the_caller_stay_as_they_are() -> None:
    def broken() -> Any:
        yield "ava"
        raise ValueError("of the caller")

    for call in CALLS.values():
        if call is not CALLS["plot_loss: dev"] and call is not CALLS["plot_loss: test"]:
            with pytest.raises(ValueError, match="^of the caller$"):
                call(broken())
