"""Weights of words to learn from, and to measure on: as if each stood there so often."""

from collections import Counter
from re import escape
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from corpora import words as new_words
from makemore_fast.rng import stream_seed
from reference import mixture as twin
from test_fit import as_ids, chains
from weighted_words import WEIGHTS, WORDS

pa: Any = pytest.importorskip("pyarrow")

weighted = st.lists(st.tuples(st.text("abc", max_size=5), st.integers(0, 4)), max_size=8).filter(
    lambda pairs: any(weight for _, weight in pairs)
)


def repeated(pairs: list[tuple[str, int]]) -> list[str]:
    return [word for word, weight in pairs for _ in range(weight)]


def assert_same(one: mf.MixtureModel, other: mf.MixtureModel) -> None:
    """Compare all that is kept of models, bit for bit."""
    ours, theirs = one._members(), other._members()
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        np.testing.assert_array_equal(array, theirs[name], err_msg=name)


# -- learning -------------------------------------------------------------------------------


@given(weighted, chains)
def test_the_model_is_that_of_repeated_words(pairs: list[tuple[str, int]], of: list[str]) -> None:
    some, weights = [word for word, _ in pairs], [weight for _, weight in pairs]
    assert_same(mf.fit(some, weights=weights, chains=of), mf.fit(repeated(pairs), chains=of))


@settings(max_examples=4)
@given(weighted.filter(lambda pairs: len(repeated(pairs)) < 8), chains)
def test_one_of_the_times_is_left_out(pairs: list[tuple[str, int]], of: list[str]) -> None:
    # The twin counts the repeated words again without the position, for each position.
    words, weights = [word for word, _ in pairs], [weight for _, weight in pairs]
    model = mf.fit(words, weights=weights, chains=of, rng=3)
    train = repeated(pairs)
    alphabet = reference.alphabet(train)
    ids = as_ids(train, alphabet)
    expected = twin.learn_in_orders(of, ids, len(alphabet), stream_seed(3), 1)
    np.testing.assert_allclose(model.weights, expected, atol=2e-4)


@pytest.mark.parametrize("effort", ["fast", "default", "best"])
def test_every_effort(effort: Any) -> None:
    some = mf.names()[:150]
    weights = np.random.default_rng(1).integers(0, 4, len(some))
    train = [word for word, weight in zip(some, weights, strict=True) for _ in range(weight)]
    assert_same(mf.fit(some, weights=weights, effort=effort), mf.fit(train, effort=effort))


def test_more_words_than_positions_are_learned_from() -> None:
    # Two million positions, of which some are chosen, and more words than prefixes are looked for.
    some = ["ab", "b", "cab", "", "acb"]
    weights = [200_000, 70_000, 150_000, 30_001, 160_000]
    pairs = list(zip(some, weights, strict=True))
    assert sum(weight * (len(word) + 1) for word, weight in pairs) > 1 << 20
    assert_same(
        mf.fit(some, weights=weights, chains=["h1 h2"]), mf.fit(repeated(pairs), chains=["h1 h2"])
    )


def test_weights_take_no_memory_and_no_time() -> None:
    model = mf.fit({"ab": 10**7, "cd": 10**14}, chains=["h1 h2"])
    assert model.next_probabilities()[model.stoi["c"]] > 0.9999
    assert model.sample(3, rng=1) == ["cd", "cd", "cd"]


def test_every_kind_of_words_and_weights() -> None:
    model = mf.fit(WORDS, weights=WEIGHTS)
    table = pa.table({"word": WORDS, "n": WEIGHTS})
    assert_same(model, mf.fit(iter(WORDS), weights=iter(WEIGHTS)))
    assert_same(model, mf.fit(np.array(WORDS), weights=np.array(WEIGHTS, dtype=float)))
    assert_same(model, mf.fit(table, column="word", weights="n"))
    rows = np.array([None, *WORDS], dtype=object)
    assert_same(model, mf.fit(rows, weights=[7, *WEIGHTS], nulls="skip"))


def test_a_word_of_weight_zero_is_checked_and_not_learned() -> None:
    model = mf.fit(["ab", "xyz"], weights=[2, 0])
    assert model.alphabet == ".ab"
    with pytest.raises(ValueError, match=escape("word 1: 'a.' contains the boundary '.'")):
        mf.fit(["ab", "a."], weights=[2, 0])
    with pytest.raises(ValueError, match=escape("there are no words to fit a model to")):
        mf.fit(["ab"], weights=[0])


@pytest.mark.parametrize(
    ("weights", "error", "message"),
    [
        ([1, -1], ValueError, "word 1: the weight -1 is negative"),
        ([1], ValueError, "got 1 weights for 2 words"),
        (iter([1, 2, 3]), ValueError, "got more than 2 weights for 2 words"),
        (iter([1]), ValueError, "got 1 weights for more words than that"),
        ([1, 1.5], TypeError, "weight 1: expected an integer, got 1.5"),
        ([1, float("nan")], TypeError, "weight 1: expected an integer, got nan"),
        ([1, 2**63], ValueError, "weight 1 does not fit 64 bits"),
        ("n", ValueError, "weights='n' is for tables, got list"),
    ],
)
def test_bad_weights_are_bad_everywhere(weights: Any, error: Any, message: str) -> None:
    model = mf.fit(["ab", "ba"])
    given: Any = list(weights) if not isinstance(weights, str | list) else weights
    calls = (mf.count, mf.fit, model.nll, model.perplexity, model.evaluate)
    for call in calls:
        with pytest.raises(error, match=escape(message)):
            call(["ab", "ba"], weights=iter(given) if weights is not given else given)


def test_more_symbols_than_can_be_counted() -> None:
    with pytest.raises(
        ValueError,
        match=escape("word 1: with the weight 9007199254740992 the"),
    ):
        mf.fit(["a", "b"], weights=[1, 2**53])
    assert mf.fit(["a"], weights=[2**52], chains=["h1"])._members()["words"] == 2**52


def test_a_mapping_has_no_other_weights() -> None:
    model = mf.fit(["ab"])
    for call in (mf.count, mf.fit, model.nll, model.evaluate):
        with pytest.raises(TypeError, match=escape("the counts of a dict are its weights")):
            call({"ab": 1}, weights=[1])
        with pytest.raises(ValueError, match=escape("column='x' is for tables, got dict")):
            call({"ab": 1}, column="x")


def test_dev_words_may_count_several_times() -> None:
    dev = Counter({"ab": 5, "ba": 1})
    by_counts = mf.fit(["ab", "abba", "baab"] * 3, dev=dev)
    by_words = mf.fit(["ab", "abba", "baab"] * 3, dev=list(dev.elements()))
    assert_same(by_counts, by_words)
    for (_, one), (_, other) in zip(by_counts.trials, by_words.trials, strict=True):
        assert one == pytest.approx(other, abs=1e-9)


# -- measuring ------------------------------------------------------------------------------

MODELS = {
    "bigrams": mf.count(["ab", "bca", "c"]).model(smoothing=1),
    "unsmoothed": mf.count(["ab", "bca", "c"]).model(),
    "unknown": mf.count(["ab", "bca", "c"]).model(smoothing=1, unknown=True),
    "trigrams": mf.count(["ab", "bca", "c"], order=3).model(smoothing="kneser-ney"),
    "fitted": mf.fit(["ab", "bca", "c"], effort="fast"),
    "mixed": mf.mix([mf.fit(["ab", "c"]), mf.count(["bca"]).model(smoothing=1)]),
}


@pytest.mark.parametrize("name", MODELS)
@given(new_words, st.lists(st.integers(0, 3), min_size=10, max_size=10))
def test_the_loss_is_that_of_repeated_words(name: str, some: list[str], numbers: list[int]) -> None:
    model = MODELS[name]
    some = some[:10]
    weights = numbers[: len(some)]
    train = [word for word, weight in zip(some, weights, strict=True) for _ in range(weight)]
    if not train:
        with pytest.raises(ValueError, match=escape("there are no words to measure the loss of")):
            model.nll(some, weights=weights)
        return
    expected = pytest.approx(model.nll(train), rel=1e-9)
    assert model.nll(some, weights=weights) == expected
    assert model.perplexity(some, weights=weights) == pytest.approx(model.perplexity(train))
    told, wanted = model.evaluate(some, weights=weights), model.evaluate(train)
    assert told.loss == expected
    for number in ("words", "symbols", "unknown_symbols", "unknown_words", "impossible_words"):
        assert getattr(told, number) == getattr(wanted, number)
    assert told.known_loss == pytest.approx(wanted.known_loss, nan_ok=True)


def test_a_table_of_words_and_weights() -> None:
    table = pa.table({"word": ["ab", "xy"], "n": [3, 0]})
    model = MODELS["bigrams"]
    assert model.nll(table, column="word", weights="n") == pytest.approx(model.nll(["ab"] * 3))
    assert model.evaluate(table, column="word", weights="n").words == 3
