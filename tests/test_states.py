"""`model.start()`: symbol by symbol, the numbers of whole words to the last bit."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings

import makemore_fast as mf
from corpora import FIVE, some_words, words
from kinds import MODELS
from raising import raises
from test_large_alphabets import chinese


def inner(model: mf.LanguageModel, given_words: list[str]) -> list[str]:
    return [word for word in given_words if model.boundary not in word]


@pytest.mark.parametrize("kind", MODELS)
@settings(max_examples=25)
@given(corpus=some_words, others=words)
def test_steps_are_the_scores_of_symbols(kind: str, corpus: list[str], others: list[str]) -> None:
    model = MODELS[kind](corpus)
    asked = inner(model, [*corpus, *others, "", "no such symbol \U00012345 here", "a" * 150])
    scores, offsets = model.symbol_scores(asked)
    state = model.start()
    for i, word in enumerate(asked):  # one word after another: an end is the next one's start
        steps = [state.step(symbol) for symbol in [*word, model.boundary]]
        assert steps == scores[offsets[i] : offsets[i + 1]].tolist()
        for cut in (0, 2, len(word)):
            begun = model.start(word[:cut])
            expected = model.next_probabilities(word[:cut])
            assert begun.probabilities().tolist() == expected.tolist()


@pytest.mark.parametrize("kind", MODELS)
def test_copies_go_their_own_ways(kind: str) -> None:
    model = MODELS[kind](FIVE)
    state = model.start("e")
    others = [state.copy(), copy.copy(state), copy.deepcopy(state)]
    before = state.probabilities().tolist()
    state.step("m")
    for other in others:
        assert other.probabilities().tolist() == before
        assert other == model.start("e")
        assert other.step("m") == model.start("e").step("m")
        assert other == state
    assert state != model
    assert state != MODELS[kind](FIVE).start("em")


def test_places_are_equal_where_the_same_may_come() -> None:
    model = mf.count(FIVE, order=3).model(smoothing="kneser-ney")
    assert model.start("olivia") == model.start("sophia")
    assert model.start("ia") != model.start("va")
    assert model.start("emma") != model.start()
    state = model.start("emma")
    state.step(".")
    assert state == model.start()
    fitted = mf.fit(FIVE, chains=["h1 h2", "p15"])
    assert fitted.start("olivia") != fitted.start("sophie")
    long = [fitted.start("x" * n + "abc" * 80) for n in (300, 303, 304)]
    assert long[0] == long[1]
    single = mf.count(FIVE, order=1).model(smoothing=1, unknown=True)
    assert single.start() == single.start("a") == single.start("no such symbol")
    unknown = mf.count(FIVE).model(smoothing=1, unknown=True)
    assert unknown.start("x") == unknown.start("\U00012345") == unknown.start(mf.UNKNOWN)
    assert unknown.start("x") != unknown.start("a")


def test_a_state_outlives_the_name_of_its_model() -> None:
    state = mf.mix([mf.fit(FIVE, chains=["h1"]), mf.count(FIVE).model(smoothing=1)]).start()
    assert state.step("e") < 0


def test_a_large_alphabet() -> None:
    corpus = chinese(20_000, 3000)
    for how in ({"smoothing": 0.5}, {"smoothing": "kneser-ney"}):
        model = mf.count(corpus, order=3).model(**how)
        state = model.start()
        scores, _ = model.symbol_scores(corpus[:300])
        symbols = "".join(word + "." for word in corpus[:300])
        assert [state.step(symbol) for symbol in symbols] == scores.tolist()


def test_a_beam_search_finds_the_likeliest_word() -> None:
    model = mf.count(FIVE, order=4).model(smoothing="witten-bell")
    beam = [(0.0, "", model.start())]
    best = (-np.inf, "")
    for _ in range(9):
        longer = []
        for total, word, state in beam:
            for symbol in model.alphabet:
                after = state.copy()
                score = total + after.step(symbol)
                if symbol == model.boundary:
                    best = max(best, (score, word))
                else:
                    longer.append((score, word + symbol, after))
        beam = sorted(longer, key=lambda one: -one[0])[:50]
    likeliest = model.sample(1, temperature=0)[0]
    assert best[0] >= model.score([likeliest])[0] - 1e-12
    assert best[0] == pytest.approx(model.score([best[1]])[0])


def test_what_is_no_symbol() -> None:
    state = mf.count(FIVE).model(smoothing=1).start("e")
    before = state.copy()
    raises(ValueError, "expected one symbol, got a str of 2", state.step, "ab")
    raises(ValueError, "expected one symbol, got a str of 0", state.step, "")
    raises(TypeError, "symbol must be a str, got int", state.step, 3)
    raises(TypeError, "symbol must be a str, got bytes", state.step, b"a")
    assert state == before
    model = mf.count(FIVE).model()
    raises(TypeError, "prefix must be a str", model.start, 3)
    raises(ValueError, "prefix= holds the boundary '.'", model.start, "a.")
    raises(TypeError, "cannot be pickled", pickle.dumps, state)
    raises(TypeError, "made by model.start", mf.State, model)
    raises(TypeError, "unhashable", hash, state)
