"""Scores mean one thing in every model, whatever is in the words: equal to slow twins."""

import math
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from corpora import FIVE, some_words
from raising import raises
from test_fit import with_weights

CHAINS = ["h1 h2 h3", "p15 f0 h1", "f1 h1", "h2 f2 p3"]

#: Makes a model of words, and what it is called.
KINDS: dict[str, Callable[[list[str]], mf.LanguageModel]] = {
    "add-k": lambda words: mf.count(words).model(smoothing=0.5),
    "as counted": lambda words: mf.count(words).model(),
    "add-k, large": lambda words: mf.count(words, alphabet=large(words)).model(smoothing=0.5),
    "as counted, large": lambda words: mf.count(words, alphabet=large(words)).model(),
    "trigrams, add-k": lambda words: mf.count(words, order=3).model(smoothing=0.5),
    "trigrams, as counted": lambda words: mf.count(words, order=3).model(),
    "kneser-ney": lambda words: mf.count(words, order=4).model(smoothing="kneser-ney"),
    "kneser-ney, unknown": lambda words: mf.count(words, order=3).model(
        smoothing="kneser-ney", unknown=True
    ),
    "witten-bell": lambda words: mf.count(words, order=3).model(smoothing="witten-bell"),
    "witten-bell, large": lambda words: mf.count(words, order=2, alphabet=large(words)).model(
        smoothing="witten-bell", unknown=True
    ),
    "mixture": lambda words: mf.fit(words, chains=CHAINS),
    "add-k, unknown": lambda words: mf.count(words).model(smoothing=0.5, unknown=True),
    "add-k, large, unknown": lambda words: mf.count(words, alphabet=large(words)).model(
        smoothing=0.5, unknown=True
    ),
    "trigrams, add-k, unknown": lambda words: mf.count(words, order=3).model(
        smoothing=0.5, unknown=True
    ),
    "mixture, unknown": lambda words: mf.fit(words, chains=CHAINS, unknown=True),
    "add-k, counted as unknown": lambda words: mf.count(words, alphabet="ab", unknown=True).model(
        smoothing=0.5
    ),
    "kneser-ney, counted as unknown": lambda words: mf.count(words, order=3).model(
        smoothing="kneser-ney", alphabet="ab", unknown=True
    ),
    "mixture, counted as unknown": lambda words: mf.fit(
        words, chains=CHAINS, alphabet="ab", unknown=True
    ),
}

#: Words of symbols that may be unknown, and with boundaries inside.
any_words = st.lists(st.text("abc.?é中", max_size=7), min_size=1, max_size=8)


def large(words: list[str]) -> str:
    """Return an alphabet so large that a model of it keeps its rows sparse."""
    return "".join({chr(0x5000 + i) for i in range(1030)} | set("".join(words)))


class AddK:
    """(n + k) / (N + k V), after the last symbols as they were counted."""

    def __init__(self, words: list[str], order: int, symbols: str, k: float) -> None:
        self.order, self.symbols, self.k = order, symbols, k
        self.grams = reference.ngrams(words, order, symbols[0])

    def after(self, history: tuple[str, ...]) -> dict[str, float]:
        context = ((self.symbols[0],) * self.order + history)[len(history) + 1 :]
        counts = {s: self.grams[*context, s] for s in self.symbols}
        total = sum(counts.values()) + self.k * len(self.symbols)
        return {s: (n + self.k) / total if total else 0.0 for s, n in counts.items()} | {"": 0.0}


class Backoff:
    """A model of the reference, whose contexts do not go beyond a word's start."""

    def __init__(self, model: reference.KneserNey) -> None:
        self.model = model

    def after(self, history: tuple[str, ...]) -> dict[str, float]:
        context = (self.model.symbols[0], *history)[-(self.model.order - 1) :]
        return self.model.after(context) | {"": 0.0}


class Mixture:
    """The mixture's twin; an unknown symbol is a value that no chain has seen."""

    def __init__(self, model: reference.mixture.Model) -> None:
        self.model = model

    def after(self, history: tuple[str, ...]) -> dict[str, float]:
        p = self.model.next("".join(symbol or "\ud800" for symbol in history))
        return dict(zip(self.model.alphabet, p, strict=True)) | {"": 0.0}


#: Makes the slow twin of each kind but the mixture, of words and an alphabet.
TWINS: dict[str, Callable[[list[str], str], Any]] = {
    "add-k": lambda words, s: AddK(words, 2, s, 0.5),
    "as counted": lambda words, s: AddK(words, 2, s, 0),
    "add-k, large": lambda words, s: AddK(words, 2, s, 0.5),
    "as counted, large": lambda words, s: AddK(words, 2, s, 0),
    "trigrams, add-k": lambda words, s: AddK(words, 3, s, 0.5),
    "trigrams, as counted": lambda words, s: AddK(words, 3, s, 0),
    "kneser-ney": lambda words, s: Backoff(reference.KneserNey(words, 4, s)),
    "kneser-ney, unknown": lambda words, s: Backoff(reference.KneserNey(words, 3, s)),
    "witten-bell": lambda words, s: Backoff(reference.WittenBell(words, 3, s)),
    "witten-bell, large": lambda words, s: Backoff(reference.WittenBell(words, 2, s)),
    "add-k, unknown": lambda words, s: AddK(words, 2, s, 0.5),
    "add-k, large, unknown": lambda words, s: AddK(words, 2, s, 0.5),
    "trigrams, add-k, unknown": lambda words, s: AddK(words, 3, s, 0.5),
    "add-k, counted as unknown": lambda words, s: AddK(words, 2, s, 0.5),
    "kneser-ney, counted as unknown": lambda words, s: Backoff(reference.KneserNey(words, 3, s)),
}


def twin(kind: str, words: list[str], model: mf.LanguageModel) -> Any:
    if model.unknown:  # an ordinary symbol, which others are counted as
        words = ["".join(spelled(word, model.alphabet)) for word in words]
    if kind in TWINS:
        return TWINS[kind](words, model.alphabet)
    assert isinstance(model, mf.MixtureModel)
    return Mixture(reference.mixture.Model(CHAINS, words, model.alphabet, with_weights(model)))


def spelled(word: str, symbols: str) -> list[str]:
    """Return the symbols of a word, and what stands for unknown ones, as the boundary in it is."""
    unknown = mf.UNKNOWN if mf.UNKNOWN in symbols[1:] else ""
    return [symbol if symbol in symbols[1:] else unknown for symbol in word]


def log(p: float) -> float:
    return math.log(p) if p > 0 else -math.inf


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=10)
@given(words=some_words, new=any_words)
def test_every_symbol_scores_as_the_twin_says(kind: str, words: list[str], new: list[str]) -> None:
    words = [*words, "abc", "ab"]
    model = KINDS[kind](words)
    slow = twin(kind, words, model)
    scores, offsets = model.symbol_scores(new)
    assert offsets.tolist() == np.cumsum([0, *(len(word) + 1 for word in new)]).tolist()
    for word, (a, b) in zip(new, pairwise(offsets.tolist()), strict=True):
        history = spelled(word, model.alphabet)
        expected = [
            log(slow.after(tuple(history[:t]))[symbol])
            for t, symbol in enumerate([*history, model.boundary])
        ]
        np.testing.assert_allclose(scores[a:b], expected, rtol=1e-5, atol=2e-5)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=10)
@given(words=some_words, new=any_words)
def test_scores_and_losses_are_sums(kind: str, words: list[str], new: list[str]) -> None:
    words = [*words, "abc", "ab"]
    model = KINDS[kind](words)
    symbol_scores, offsets = model.symbol_scores(new)
    sums = [symbol_scores[a:b].sum() for a, b in pairwise(offsets.tolist())]
    np.testing.assert_allclose(model.score(new), sums, rtol=1e-12)
    loss = -sum(sums) / offsets[-1]
    for given_as in (new, iter(new), np.array(new, dtype=object), np.array(new, dtype="T")):
        assert model.nll(given_as) == pytest.approx(loss, rel=1e-9)
    assert model.perplexity(new) == pytest.approx(math.exp(loss), rel=1e-6)
    # What comes next is what was scored, from the same context.
    for word, (a, b) in zip(new, pairwise(offsets.tolist()), strict=True):
        for t, (symbol, score) in enumerate(
            zip([*word, None], symbol_scores[a:b].tolist(), strict=True)
        ):
            p = model.next_probabilities(word[:t])
            known = [symbol] if symbol is None else spelled(symbol, model.alphabet)
            if known != [""]:
                i = 0 if known[0] is None else model.alphabet.find(known[0], 1)
                assert score == pytest.approx(log(p[i]), rel=1e-5, abs=2e-5)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=10)
@given(words=some_words, new=st.lists(st.text("abc?é", max_size=6), min_size=1, max_size=8))
def test_the_loss_of_counts_and_of_a_mapping_is_that_of_the_words(
    kind: str, words: list[str], new: list[str]
) -> None:
    model = KINDS[kind]([*words, "abc", "ab"])
    many = [word for i, word in enumerate(new) for _ in range(i % 3 + 1)]
    loss = pytest.approx(model.nll(many), rel=1e-9)
    weights = {word: many.count(word) for word in many}
    assert model.nll(weights) == loss
    assert model.nll(weights | {"never there, with a . in it": 0}) == loss
    assert model.perplexity(weights) == pytest.approx(math.exp(model.nll(many)), rel=1e-6)
    longest = max(map(len, many))
    for order in range(2, 9):
        counts = mf.count(many, order=order)
        if order >= getattr(model, "order", 99) or order > longest:
            assert model.nll(counts) == loss
            assert model.nll(mf.count(many, order=order, alphabet="abc?é中")) == loss
        else:
            raises(ValueError, r"needs counts of .*order.*, got order", model.nll, counts)


@pytest.mark.parametrize("kind", KINDS)
def test_a_word_with_the_boundary_inside_leaves_the_others_as_they_are(kind: str) -> None:
    model = KINDS[kind](FIVE)
    share = model.unknown
    alone = model.score(FIVE).tolist()
    for bad in ("google.com", ".", "..", "a.", ".a", "é."):
        scores = model.score([*FIVE, bad, *FIVE])
        assert scores[: len(FIVE)].tolist() == scores[-len(FIVE) :].tolist() == alone
        assert np.isfinite(scores[len(FIVE)]) == share
        # The boundary is as unknown as any other symbol that is not there.
        assert scores[len(FIVE)] == model.score([bad.replace(".", "\U0010ffff")])[0]
        for words in ([*FIVE, bad], iter([bad, *FIVE]), {bad: 2, "ava": 1}):
            assert math.isfinite(model.nll(words)) == share
        assert math.isfinite(model.nll([bad, "ava"] * 100_000)) == share


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_a_word_is_found_behind_a_boundary_too(kind: str) -> None:
    """The loss is infinite after the first word, and yet the others must be words."""
    model = KINDS[kind](FIVE)
    pa: Any = pytest.importorskip("pyarrow")
    raises(TypeError, "word 2: expected str, got int", model.nll, ["a.b", "ava", 3])
    with pytest.raises(ValueError, match="word 200001: null"):
        model.nll(pa.array(["a.b"] + ["ava"] * 200_000 + [None]))


@pytest.mark.parametrize("kind", KINDS)
def test_no_words_and_counts_that_do_not_fit(kind: str) -> None:
    model = KINDS[kind](FIVE)
    nothing: list[Any] = [[], {}, {"ava": 0}, mf.count([]), mf.count([], order=5)]
    for words in nothing:
        raises(ValueError, "no words to measure the loss of", model.nll, words)
    for order in (2, 9):
        with pytest.raises(ValueError, match="words have the boundary '#', the model has '.'"):
            model.nll(mf.count(FIVE, boundary="#", order=order))
    with pytest.raises(ValueError, match="column='x' is for tables, got Counts"):
        model.nll(mf.count(FIVE), column="x")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "weights", [{"ava": -1}, {"ava": 1.5}, {"ava": "1"}, {"ava": None}, {"ava": 2**63}, {1: 1}]
)
def test_mappings_that_hold_no_weights_are_refused_as_by_count(kind: str, weights: Any) -> None:
    with pytest.raises((TypeError, ValueError)) as counted:
        mf.count(weights)
    raises(counted.type, re.escape(str(counted.value)), KINDS[kind](FIVE).nll, weights)


def test_a_loss_of_nothing_has_no_sign() -> None:
    model = mf.count(["abc"]).model()
    assert str(model.nll(["abc"])) == "0.0"
    assert str(model.nll(mf.count(["abc"]))) == "0.0"
