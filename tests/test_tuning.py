"""Counts of lower orders, and choosing an order and a smoothing."""

import math
import pickle
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
from corpora import FIVE, lectures_split, words
from makemore_fast.smoothing import METHODS, NAMED, Method, SmoothingLike
from raising import raises


@given(words, st.integers(2, 7), st.integers(0, 5))
def test_lower_counts_are_those_of_the_words(corpus: list[str], order: int, more: int) -> None:
    counts = mf.count(corpus, order=order + more)
    assert counts.lower(order) == mf.count(corpus, order=order)
    assert counts.lower(order).order == order
    assert counts.order == order + more


def test_there_are_no_other_lower_counts() -> None:
    for counts in (mf.count(FIVE), mf.count(FIVE, order=4)):
        with pytest.raises(ValueError, match=f"orders 1 to {counts.order}, not {counts.order + 1}"):
            counts.lower(counts.order + 1)
        raises(ValueError, "order must be 1 or more", counts.lower, 0)


def test_bigram_models_take_counts_of_any_order() -> None:
    model = mf.count(FIVE).model(smoothing=1)
    assert model.nll(mf.count(FIVE, order=5)) == pytest.approx(model.nll(FIVE), rel=1e-12)


def test_every_trial_is_a_model_s_loss() -> None:
    train, dev, _ = lectures_split()
    counts = mf.count(train, order=4)
    tuned = counts.tune(dev)
    for order, smoothing, discounts, loss in tuned.trials[::5]:
        model = counts.lower(order).model(smoothing=smoothing, discounts=discounts)  # type: ignore[arg-type]
        assert model.nll(dev) == pytest.approx(loss, rel=1e-12)
    assert tuned.best.loss == min(trial.loss for trial in tuned.trials)
    assert tuned.best.loss == pytest.approx(tuned.model.nll(dev), rel=1e-12)
    assert {trial.order for trial in tuned.trials} == {2, 3, 4}
    again = counts.tune(iter(dev))
    assert again.trials == tuned.trials
    assert repr(pickle.loads(pickle.dumps(again))) == repr(tuned)


def test_the_search_finds_the_best() -> None:
    train, dev, test = lectures_split()
    counts = mf.count(train, order=6)
    tuned = counts.tune(dev, orders=[3], methods=["add-k"])
    grid = [counts.lower(3).model(smoothing=10 ** (i / 8 - 4)).nll(dev) for i in range(41)]
    assert tuned.best.loss < min(grid) + 1e-3
    tuned = counts.tune(dev)
    assert (tuned.best.order, tuned.best.smoothing) == (6, "kneser-ney")
    plain = counts.model(smoothing="kneser-ney")
    assert tuned.best.loss < plain.nll(dev)
    assert tuned.model.nll(test) < 1.978


def test_type_checkers_know_every_smoothing() -> None:
    _number, names = get_args(SmoothingLike)
    assert get_args(names) == tuple(NAMED)
    assert get_args(Method) == METHODS


def test_the_table() -> None:
    counts = mf.count(FIVE, order=3)
    text = repr(counts.tune(["ava", "mia"], methods=["add-k", "kneser-ney"]))
    head, *rows, last = text.split("\n")
    assert head.split() == ["order", "add-k", "kneser-ney"]
    assert [row.split()[0] for row in rows] == ["2", "3"]
    assert text.count("*") == 2
    assert last.startswith("* ")
    one = counts.tune(["ava"], orders=[2], methods=["witten-bell"])
    assert len(one.trials) == 1
    assert "the best of 1" in repr(one)


def test_what_cannot_be_tuned() -> None:
    counts = mf.count(FIVE, order=3)
    problem = "dev word 1: 'axb' contains 'x', which the words to learn from do not: .*unknown=True"
    raises(ValueError, problem, counts.tune, ["ava", "axb", "xyz"])
    with pytest.raises(ValueError, match="methods are add-k, witten-bell, kneser-ney; got katz"):
        counts.tune(["ava"], methods=["katz"])  # type: ignore[list-item]
    raises(ValueError, "nothing to try", counts.tune, ["ava"], orders=[])
    raises(ValueError, "nothing to try", counts.tune, ["ava"], methods=[])
    raises(ValueError, "orders 1 to 3, not 4", counts.tune, ["ava"], orders=[4])
    raises(ValueError, "no dev words", counts.tune, [])
    assert math.isfinite(counts.tune(["ava"], orders=[3], methods=METHODS[:1]).best.loss)
