"""`Counts.pruned`, as KenLM's --prune; and counts times a number."""

import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from corpora import FIVE, some_words, words
from raising import raises
from smoothed import SMOOTHINGS

thresholds = st.lists(st.integers(0, 4), max_size=3).map(lambda some: [0, *sorted(some)])


@given(some_words, st.integers(1, 5), thresholds, words)
def test_as_the_reference_prunes(
    corpus: list[str], order: int, least: list[int], others: list[str]
) -> None:
    least = least[:order]
    counts = mf.count(corpus, order=order, alphabet="".join({*"".join(corpus), *"".join(others)}))
    for name, twin_of in (
        ("kneser-ney", reference.KneserNey),
        ("witten-bell", reference.WittenBell),
    ):
        model = counts.pruned(least).model(smoothing=name)  # type: ignore[arg-type]
        twin = reference.Pruned(twin_of(corpus, order, counts.alphabet), corpus, least)
        expected = [twin.score(word) for word in others]
        np.testing.assert_allclose(model.score(others), expected, rtol=1e-9)


@pytest.mark.parametrize("how", SMOOTHINGS)
@given(corpus=some_words, least=thresholds)
def test_probabilities_sum_to_one(how: dict[str, Any], corpus: list[str], least: list[int]) -> None:
    counts = mf.count(corpus, order=4)
    model = counts.pruned(least).model(**how)
    for word in corpus[:3]:
        for cut in range(len(word) + 1):
            prefix = word[:cut]
            row = model.next_probabilities(prefix)
            assert row.sum() == pytest.approx(1)
            score = model.symbol_scores([prefix + "\U00012345"])[0][cut]
            share = row[model.alphabet.index(mf.UNKNOWN)] if model.unknown else 0
            assert np.exp(score) == pytest.approx(share)
    model.sample(3, rng=1, max_length=9, truncate=True)
    assert pickle.loads(pickle.dumps(model)).score(corpus).tolist() == model.score(corpus).tolist()


@given(some_words, st.integers(1, 5))
def test_thresholds_of_zero_change_nothing(corpus: list[str], order: int) -> None:
    counts = mf.count(corpus, order=order)
    for how in SMOOTHINGS:
        pruned, whole = counts.pruned([0]).model(**how), counts.model(**how)
        np.testing.assert_allclose(pruned.score(corpus), whole.score(corpus), rtol=1e-12)
    assert counts.pruned([0, 0][:order]).model(smoothing=0).score(corpus).tolist() == pytest.approx(
        counts.model().score(corpus).tolist()
    )
    (ids, times), whole_grams = counts.pruned([0]).ngrams(), counts.ngrams()
    assert ids.tolist() == whole_grams[0].tolist()
    assert times.tolist() == whole_grams[1].tolist()


def test_what_is_kept() -> None:
    counts = mf.count(["ab", "ab", "b"], order=3)
    pruned = counts.pruned([0, 1, 2])
    assert (pruned.order, pruned.alphabet, pruned.thresholds) == (3, ".ab", (0, 1, 2))
    ids, times = pruned.ngrams()
    kept = dict(zip(map(tuple, ids.tolist()), times.tolist(), strict=True))
    assert kept == {(0, 0, 1): 2}  # ". a" is a bigram; trigrams that occur twice are left out
    everything = counts.pruned([0, 99]).model(smoothing="kneser-ney")
    rows = [everything.next_probabilities(prefix) for prefix in ("", "a", "ab")]
    assert np.allclose(rows, rows[0])
    assert repr(pruned) == "PrunedCounts(1 of 5 trigrams, thresholds 0, 1, 2)"
    assert pickle.loads(pickle.dumps(pruned)).ngrams()[1].tolist() == [2]


def test_over_another_alphabet() -> None:
    counts = mf.count(["ab", "ac", "b"], order=2)
    pruned = counts.pruned([0, 1])
    model = pruned.model(smoothing="witten-bell", alphabet="a", unknown=True)
    assert model.alphabet == f".a{mf.UNKNOWN}"
    merged = mf.count(["ab", "ac", "b"], order=2, alphabet="a", unknown=True)
    assert pruned.model(smoothing=1, unknown=True).unknown
    again = merged.pruned([0, 1]).model(smoothing="witten-bell")
    assert model.score(["a", "zz"]).tolist() == again.score(["a", "zz"]).tolist()
    raises(ValueError, "is not in the given alphabet", pruned.model, alphabet="a")


def test_they_do_not_change_with_the_counts() -> None:
    counts = mf.count(FIVE, order=3)
    pruned = counts.pruned([0, 0, 1])
    before = pruned.model().score(FIVE).tolist()
    counts.update(FIVE)
    assert pruned.model().score(FIVE).tolist() == before


def test_a_pruned_model_is_smaller() -> None:
    counts = mf.count(mf.names(), order=5)
    whole, pruned = counts.model(smoothing="kneser-ney"), counts.pruned([0, 0, 1]).model()
    sizes = [len(model._members()["symbol"]) for model in (whole, pruned)]
    assert sizes[1] < sizes[0] / 2


@pytest.mark.parametrize(
    ("least", "kind", "problem"),
    [
        ([], ValueError, "min_counts must be 1 to 2 numbers, one for each length; got 0"),
        ([0, 0, 0], ValueError, "must be 1 to 2 numbers, .* got 3"),
        ([1], ValueError, "must begin with 0, since single symbols stay; got 1"),
        ([0, -1], ValueError, "must not fall"),
        (1, TypeError, "must be an iterable of int, such as .* got int"),
        ([0, 1.5], TypeError, r"min_counts\[1\] must be an int, got float"),
        (["0"], TypeError, r"min_counts\[0\] must be an int, got str"),
    ],
)
def test_what_are_no_thresholds(least: Any, kind: type[Exception], problem: str) -> None:
    raises(kind, problem, mf.count(FIVE).pruned, least)


def test_what_is_left_out_needs_a_smoothing() -> None:
    pruned = mf.count(FIVE).pruned([0, 1])
    raises(ValueError, "smoothing=0 leaves the share of pruned", pruned.model, smoothing=0)
    raises(ValueError, "there are no words", mf.count([]).pruned([0, 1]).model)


# -- counts times a number -------------------------------------------------------------------


@given(words, st.integers(2, 4), st.integers(0, 5))
def test_counts_times_a_number(corpus: list[str], order: int, times: int) -> None:
    counts = mf.count(corpus, order=order)
    product = counts * times
    assert product == times * counts
    assert product == mf.count(corpus, weights=[times] * len(corpus), order=order,
                               alphabet=counts.alphabet)  # fmt: skip
    assert (product.words, product.total) == (times * counts.words, times * counts.total)
    assert isinstance(product, mf.Counts)
    assert sum([counts] * times) == product or times == 0


def test_counts_times_what_is_no_number() -> None:
    counts: Any = mf.count(FIVE)
    assert counts * np.int64(2) == counts + counts
    raises(ValueError, "multiplied by 0 and more, not by -1", lambda: counts * -1)
    raises(ValueError, "beyond 64 bits", lambda: counts * 2**62)
    raises(ValueError, "beyond 64 bits", lambda: counts * 10**40)
    assert mf.count([]) * 10**40 == mf.count([])
    for other in (1.5, "2", None, counts):
        raises(
            TypeError, "unsupported operand|multiply sequence", lambda other=other: counts * other
        )
    before = counts
    counts *= 3
    assert counts == before + before + before
    assert before == mf.count(FIVE)
