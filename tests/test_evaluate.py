"""Scores by symbol and in bits, rows of nulls, and what `evaluate` tells."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import makemore_fast as mf
from corpora import FIVE, some_words, words
from raising import raises

MODELS: dict[str, Callable[[list[str]], mf.LanguageModel]] = {
    "as counted": lambda words: mf.count(words).model(),
    "add-k": lambda words: mf.count(words).model(smoothing=1),
    "add-k, unknown": lambda words: mf.count(words).model(smoothing=1, unknown=True),
    "trigrams, as counted": lambda words: mf.count(words, order=3).model(),
    "kneser-ney": lambda words: mf.count(words, order=3).model(smoothing="kneser-ney"),
    "mixture, unknown": lambda words: mf.fit(words, chains=["h1 h2"], unknown=True),
}

new_words = st.one_of(words, st.lists(st.text("abz.é", max_size=5), max_size=9))


@pytest.mark.parametrize("kind", MODELS)
@settings(max_examples=15)
@given(some_words, new_words)
def test_scores_by_symbol_and_in_bits(kind: str, corpus: list[str], new: list[str]) -> None:
    model = MODELS[kind](corpus)
    scores = model.score(new)
    sizes = np.array([len(word) + 1 for word in new])
    for taken in (new, iter(new), np.array(new, dtype=object)):
        np.testing.assert_allclose(model.score(taken, per="symbol"), scores / sizes, rtol=1e-12)
    np.testing.assert_allclose(model.score(new, unit="bits"), scores / math.log(2), rtol=1e-12)
    bits = model.score(new, per="symbol", unit="bits")
    np.testing.assert_allclose(bits, scores / sizes / math.log(2), rtol=1e-12)


def test_what_scores_are_asked_for() -> None:
    model = mf.count(FIVE).model()
    raises(ValueError, 'per must be "word" or "symbol", got "?.?mean', model.score, [], per="mean")
    raises(ValueError, 'unit must be "nats" or "bits", got 2', model.score, [], unit=2)
    problem = 'nulls must be "raise", "skip" or "nan", got None'
    raises(ValueError, problem, model.score, [], nulls=None)
    assert model.score([], per="symbol", unit="bits", nulls="nan").shape == (0,)


def columns(cells: list[str | None]) -> dict[str, Any]:
    """Return a column of words and nulls in everything that has nulls."""
    pa: Any = pytest.importorskip("pyarrow")
    pl: Any = pytest.importorskip("polars")
    pd: Any = pytest.importorskip("pandas")
    return {
        "pyarrow": pa.array(cells, pa.string()),
        "pyarrow, chunks": pa.chunked_array([[c] for c in cells], pa.large_string()),
        "dictionary": pa.array(cells, pa.string()).dictionary_encode(),
        "polars": pl.Series(cells, dtype=pl.String),
        "pandas": pd.Series(cells, dtype=object),
        "pandas string": pd.Series(cells, dtype="string"),
        "numpy": np.array(cells, dtype=object),
        "StringDType": np.array(
            [c if c is not None else np.nan for c in cells],
            dtype=np.dtypes.StringDType(na_object=np.nan),
        ),
    }


@settings(max_examples=10)
@given(st.lists(st.one_of(st.none(), st.sampled_from(["emma", "", "zoë"])), min_size=1))
def test_nulls_have_their_rows(cells: list[str | None]) -> None:
    model = mf.count(FIVE).model(smoothing=1, unknown=True)
    expected = [math.nan if cell is None else model.score([cell])[0] for cell in cells]
    held = [cell for cell in cells if cell is not None]
    for name, column in columns(cells).items():
        got = model.score(column, nulls="nan")
        np.testing.assert_array_equal(got, expected, err_msg=name)
        assert model.score(column, nulls="skip").tolist() == model.score(held).tolist(), name
        if None in cells:
            problem = f'word {cells.index(None)}: null; pass nulls="nan" for NaN in its place'
            raises(ValueError, problem, model.score, column)


def test_many_nulls_have_their_rows() -> None:
    pa: Any = pytest.importorskip("pyarrow")
    model = mf.count(FIVE).model(smoothing=1)
    rng = np.random.default_rng(1)
    holes = rng.random(300_000) < 0.6
    column = pa.array([None if hole else "emma" for hole in holes.tolist()], pa.string())
    scores = model.score(column, nulls="nan")
    assert (np.isnan(scores) == holes).all()
    assert set(scores[~holes].tolist()) == set(model.score(["emma"]).tolist())


def mean(numbers: list[float]) -> float:
    return -math.fsum(numbers) / len(numbers) if numbers else math.nan


@pytest.mark.parametrize("kind", MODELS)
@settings(max_examples=15)
@given(some_words, st.lists(st.text("abz.é", max_size=5), min_size=1, max_size=9))
def test_an_evaluation_equals_what_one_would_add_up(
    kind: str, corpus: list[str], new: list[str]
) -> None:
    model = MODELS[kind](corpus)
    times = [i % 3 + 1 for i in range(len(new))]
    of_words: dict[str, int] = {}
    for word, n in zip(new, times, strict=True):
        of_words[word] = of_words.get(word, 0) + n
    many = [word for word, n in of_words.items() for _ in range(n)]
    told = model.evaluate(many)
    every: list[float] = []
    possible: list[float] = []
    known: list[float] = []
    unknown_symbols = unknown_words = impossible_words = 0
    first_unknown = first_impossible = None
    for i, word in enumerate(many):
        scores = model.symbol_scores([word])[0].tolist()
        outside = [s not in model.alphabet[1:] or s == mf.UNKNOWN for s in word] + [False]
        every += scores
        if min(scores) > -math.inf:
            possible += scores
        elif not impossible_words:
            place = scores.index(-math.inf)
            first_impossible = (i, word, word[place] if place < len(word) else None)
        impossible_words += min(scores) == -math.inf
        if any(outside) and not unknown_words:
            first_unknown = (i, word, word[outside.index(True)])
        unknown_words += any(outside)
        unknown_symbols += sum(outside)
        known += [s for s, odd in zip(scores, outside, strict=True) if not odd and s > -math.inf]
    assert (told.words, told.symbols) == (len(many), len(every))
    assert (told.unknown_symbols, told.unknown_words) == (unknown_symbols, unknown_words)
    assert told.impossible_words == impossible_words
    assert (told.first_unknown, told.first_impossible) == (first_unknown, first_impossible)

    def approx(x: float) -> Any:
        return pytest.approx(x, rel=1e-9, nan_ok=True)

    assert told.loss == approx(mean(every))
    assert told.loss == approx(model.nll(many))
    assert (told.possible_symbols, told.known_symbols) == (len(possible), len(known))
    assert told.possible_loss == approx(mean(possible))
    assert told.known_loss == approx(mean(known))
    assert told.perplexity == approx(math.exp(told.loss))
    # As often as a mapping says; what counts for nothing is not looked at.
    same = model.evaluate({"\U0010fffd": 0} | of_words)
    assert (same.loss, same.known_loss) == (approx(told.loss), approx(told.known_loss))
    assert same.impossible_words == told.impossible_words
    longest = max(map(len, many))
    counts = mf.count([w.replace(".", "z") for w in many], order=longest + 2)
    assert model.evaluate(counts).words == len(many)


def test_an_evaluation_of_tables_and_nulls() -> None:
    pa: Any = pytest.importorskip("pyarrow")
    model = mf.count(FIVE).model(smoothing=1)
    table = pa.table({"n": [1, 2, 3], "word": ["emma", None, "xyz"]})
    told = model.evaluate(table, column="word", nulls="skip")
    assert (told.words, told.first_impossible) == (2, (2, "xyz", "x"))
    raises(ValueError, "word 1: null", model.evaluate, table, column="word")
    raises(ValueError, "no words", model.evaluate, [])
    raises(ValueError, "no words", model.evaluate, {"emma": 0})
    raises(ValueError, "order above the length", model.evaluate, mf.count(["emma"]))
    raises(ValueError, "column='a' is for tables, got dict", model.evaluate, {"a": 1}, column="a")
    raises(TypeError, "read as characters", model.evaluate, "emma")


def test_an_evaluation_prints_as_a_summary() -> None:
    model = mf.count(["aba"], order=3).model()
    lines = repr(model.evaluate(["aba", "ab", "xyz"])).split("\n")
    assert lines[0] == "words: 3, symbols: 11, loss: inf nats per symbol, perplexity: inf"
    assert lines[1] == "impossible words: 2; of the others loss 0.0000, perplexity 1"
    assert lines[2].startswith("unknown symbols: 3 in 1 word; without them loss ")
    assert lines[3] == "first impossible: word 1, 'ab', at its end"
    assert len(repr(model.evaluate(["aba"])).split("\n")) == 1


def test_a_loss_that_no_sum_of_64_bits_holds() -> None:
    model = mf.count(FIVE).model(smoothing=1)
    raises(ValueError, "beyond 64 bits", model.evaluate, {"emma": 2**62})
