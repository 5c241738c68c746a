"""Words drawn from a mixture that was fitted: as often as it says, and those of the reference."""

import math
from typing import Any

import numpy as np
import pytest

import makemore_fast as mf
import reference
from corpora import FIVE
from makemore_fast.rng import stream_seed
from raising import raises
from smoothed import spelled
from test_fit import CHAINS


def test_a_word_is_drawn_as_often_as_its_score_says() -> None:
    model = mf.fit(["ab", "ba", "a", "b", "aab"], chains=CHAINS)
    n = 200_000
    drawn = model.sample(n, rng=3)
    for word in ["", "a", "ab", "ba", "aab", "bb"]:
        p = math.exp(model.score([word])[0])
        assert drawn.count(word) == pytest.approx(n * p, abs=5 * math.sqrt(n * p) + 1)


def test_sampling_equals_the_reference() -> None:
    model = mf.fit(mf.names())
    seed = stream_seed(9)
    for number, word in enumerate(
        model.sample(20, rng=9, prefix="ma", max_length=9, truncate=True)
    ):
        built = "ma"
        for u in reference.draws(seed, number):
            if len(built) == 9:
                break
            cumulative = np.cumsum(model.next_probabilities(built)) * 2**32
            symbol = int(np.searchsorted(np.floor(cumulative), u, side="right"))
            assert abs(cumulative - u).min() > 2**12  # floats decide nothing here
            if symbol == 0:
                break
            built += model.alphabet[symbol]
        assert word == built


def test_parts_of_a_stream() -> None:
    model = mf.fit(FIVE)
    whole = model.sample(100, rng=4)
    assert model.sample(30, rng=4) == whole[:30]
    ids, offsets = model.sample_ids(40, rng=4, start=60)
    assert ids.dtype == np.uint8
    assert spelled(model, ids, offsets) == whole[60:]


def test_temperature_and_top_k() -> None:
    model = mf.fit(mf.names())
    built = ""
    for _ in range(12):
        best = int(model.next_probabilities(built).argmax())
        if best == 0:
            break
        built += model.alphabet[best]
    assert model.sample(3, temperature=0, max_length=12, truncate=True) == [built] * 3
    assert model.sample(3, top_k=1, max_length=12, truncate=True) == [built] * 3
    top = np.argsort(-model.next_probabilities("ma"))[:2]
    third = {(word + ".")[2] for word in model.sample(200, prefix="ma", top_k=2, rng=1)}
    assert third == {model.alphabet[i] for i in top}
    cold = model.nll(model.sample(500, rng=1, temperature=0.5))
    assert cold < model.nll(model.sample(500, rng=1))
    raises(ValueError, "temperature must be", model.sample, 1, temperature=-1)


TOO_LONG = "a word has not ended after 4194304 symbols; give max_length= and truncate=True"


def test_a_word_that_does_not_end() -> None:
    model = mf.fit(["a" * 5000])
    assert model.sample(1, temperature=0, max_length=10, truncate=True) == ["a" * 10]
    shapes: tuple[dict[str, Any], ...] = ({"temperature": 0}, {"top_k": 1})
    for shape in shapes:
        with pytest.raises(ValueError, match="can come to where it never ends; give max_length="):
            model.sample(0, prefix="a", **shape)
    raises(ValueError, TOO_LONG, model.sample, 1, temperature=0.01, prefix="a")
