"""`CountModel`: probabilities, scores and the loss, equal to the obvious twin."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from corpora import FIVE, some_words, words

smoothings = st.sampled_from([0, 0.01, 1, 2.5, 1000])


@given(some_words, smoothings)
def test_probabilities_equal_the_reference(words: list[str], smoothing: float) -> None:
    counts = mf.count(words)
    p = counts.model(smoothing=smoothing).probabilities
    expected = reference.probabilities(counts.array.tolist(), smoothing)
    np.testing.assert_allclose(p, expected, rtol=1e-15)
    assert ((p == 0) == (np.array(expected) == 0)).all()


@given(some_words, smoothings)
def test_rows_sum_to_one_or_are_zero_and_never_nan(words: list[str], smoothing: float) -> None:
    counts = mf.count(words, alphabet=reference.alphabet([*words, "never"]))
    p = counts.model(smoothing=smoothing).probabilities
    assert np.isfinite(p).all()
    for row, seen in zip(p, counts.array.sum(axis=1), strict=True):
        assert row.sum() == pytest.approx(1 if seen or smoothing else 0, abs=1e-12)


@given(some_words, words, smoothings)
def test_score_equals_the_reference(train: list[str], new: list[str], smoothing: float) -> None:
    model = mf.count(train).model(smoothing=smoothing)
    p = model.probabilities.tolist()
    scores = model.score(train + new)
    assert scores.dtype == np.float64
    expected = [reference.score(word, model.alphabet, p) for word in train + new]
    np.testing.assert_allclose(scores, expected, rtol=1e-12)


@given(some_words, some_words, smoothings)
def test_the_loss_is_the_mean_of_the_scores(
    train: list[str], new: list[str], smoothing: float
) -> None:
    model = mf.count(train).model(smoothing=smoothing)
    for part in (train, new):
        expected = reference.nll(part, model.alphabet, model.probabilities.tolist())
        assert model.nll(part) == pytest.approx(expected, rel=1e-12)
        assert model.nll(mf.count(part)) == model.nll(iter(part)) == model.nll(part)
        assert model.perplexity(part) == pytest.approx(math.exp(model.nll(part)))


def test_what_is_impossible_or_unknown_scores_minus_infinity() -> None:
    model = mf.count(FIVE).model()
    assert model.score(["emma", "aa", "xyz", "é", ""]).tolist()[1:] == [-math.inf] * 4
    assert model.nll(["emma", "aa"]) == math.inf
    assert model.nll(["emma", "é"]) == math.inf
    assert model.perplexity(["é"]) == math.inf
    smooth = mf.count(FIVE).model(smoothing=1)
    assert np.isfinite(smooth.score(["aa", ""])).all()
    assert smooth.score(["é"]).tolist() == [-math.inf]


def test_score_of_many_words_in_any_iterable() -> None:
    model = mf.count(FIVE).model(smoothing=1)
    many = FIVE * 50_000
    scores = model.score(many)
    assert scores.tolist() == model.score(FIVE).tolist() * 50_000
    assert model.score(word for word in many).tolist() == scores.tolist()


def test_probabilities_are_read_only_and_outlive_the_model() -> None:
    p = mf.count(FIVE).model().probabilities
    assert p.dtype == np.float64
    assert p[0].sum() == pytest.approx(1)
    with pytest.raises(ValueError, match="read-only"):
        p[0, 0] = 1


def test_members() -> None:
    model = mf.count(FIVE, boundary="^").model(smoothing=0.5)
    assert model.alphabet == "^abehilmopsv"
    assert model.boundary == "^"
    assert model.stoi["a"] == 1
    assert model.itos[1] == "a"
    assert model.smoothing == 0.5
    assert repr(model) == "BigramModel(12 symbols '^abehilmopsv', smoothing 0.5)"


def test_a_model_does_not_change_when_its_counts_do() -> None:
    counts = mf.count(FIVE)
    model = counts.model()
    before = model.nll(FIVE)
    counts.update(["zzz"])
    assert model.nll(FIVE) == before
    assert model.alphabet == ".abehilmopsv"


def test_the_next_symbol_follows_the_last_one() -> None:
    model = mf.count(["emma", "ava"]).model(smoothing=1)
    for prefix, row in [("", "."), ("em", "m"), ("a", "a")]:
        after = model.next_probabilities(prefix)
        assert after.tolist() == model.probabilities[model.stoi[row]].tolist()
