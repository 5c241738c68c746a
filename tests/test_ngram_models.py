"""Models of order n: equal to the plain twin and to KenLM; scores, losses, new words."""

import csv
import math
import pickle
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import makemore_fast as mf
import reference
from corpora import FIVE, lectures_split, names_path, some_words, words
from makemore_fast.rng import stream_seed
from raising import raises
from smoothed import SMOOTHINGS, model_of, spelled

orders = st.integers(2, 6)


def scores_equal(model: mf.Model, twin: Any, words: list[str]) -> None:
    expected = [twin.score(word) for word in words]
    np.testing.assert_allclose(model.score(words), expected, rtol=1e-9, atol=1e-12)


@given(some_words, orders, st.booleans())
def test_kneser_ney_equals_the_reference(corpus: list[str], order: int, unknown: bool) -> None:
    counts = mf.count(corpus, order=order)
    model = counts.model(smoothing="kneser-ney", unknown=unknown)
    twin = reference.KneserNey(corpus, order, counts.alphabet, unknown=unknown)
    assert isinstance(model, mf.NgramModel)
    assert model.unknown == unknown or mf.UNKNOWN in counts.alphabet
    assert model.discounts is not None
    np.testing.assert_allclose(np.array(model.discounts), np.array(twin.discounts), rtol=1e-12)
    scores_equal(model, twin, corpus)
    discounts = [(0.1 * i, 0.2 * i, 0.3 * i) for i in range(1, order + 1)]
    model = counts.model(smoothing="kneser-ney", discounts=discounts)
    twin = reference.KneserNey(corpus, order, counts.alphabet, discounts=discounts)
    scores_equal(model, twin, corpus)


@given(some_words, orders)
def test_witten_bell_equals_the_reference(corpus: list[str], order: int) -> None:
    counts = mf.count(corpus, order=order)
    twin = reference.WittenBell(corpus, order, counts.alphabet)
    scores_equal(counts.model(smoothing="witten-bell"), twin, corpus)


@given(some_words, orders, st.sampled_from([0.0, 0.01, 1.0, 1e300]))
def test_add_k_is_the_share_of_the_counts(corpus: list[str], order: int, k: float) -> None:
    counts = mf.count(corpus, order=order)
    model = counts.model(smoothing=k)
    grams = reference.ngrams(corpus, order)
    of_context: Counter[tuple[str, ...]] = Counter()
    for gram, times in grams.items():
        of_context[gram[:-1]] += times
    scale = max(k, 1)
    for word in [*corpus, "".join(corpus)[::-1][:9]]:
        expected = 0.0
        for gram in reference.ngrams([word], order).elements():
            below = of_context[gram[:-1]] / scale + k / scale * len(counts.alphabet)
            p = (grams[gram] / scale + k / scale) / below if below else 0.0
            expected += math.log(p) if p else -math.inf
        assert model.score([word])[0] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(some_words, st.text(max_size=5), orders, st.sampled_from(SMOOTHINGS))
def test_what_follows_sums_to_one(
    corpus: list[str], start: str, order: int, how: dict[str, Any]
) -> None:
    model = model_of(corpus, order, how)
    prefix = "".join(symbol for symbol in start if symbol in model.alphabet[1:])
    p = model.next_probabilities(prefix)
    unknown = math.exp(model.symbol_scores([prefix + "\U00050000"])[0][len(prefix)])
    assert p.sum() == pytest.approx(1, abs=1e-9)
    share = p[model.alphabet.index(mf.UNKNOWN)] if model.unknown else 0
    assert unknown == pytest.approx(share, rel=1e-9)
    assert (p > 0).all()
    for i, symbol in enumerate(model.alphabet[1:], 1):
        scores, _ = model.symbol_scores([prefix + symbol])
        assert scores[len(prefix)] == pytest.approx(math.log(p[i]), rel=1e-9)


@given(some_words, words, orders, st.sampled_from(SMOOTHINGS))
def test_scores_and_losses_agree(
    corpus: list[str], new: list[str], order: int, how: dict[str, Any]
) -> None:
    model = model_of(corpus, order, how)
    scores, offsets = model.symbol_scores(new)
    assert [len(word) + 1 for word in new] == np.diff(offsets).tolist()
    sums = [math.fsum(scores[a:b]) for a, b in pairwise(offsets)]
    np.testing.assert_allclose(model.score(new), sums, rtol=1e-9)
    loss = -model.score(corpus).sum() / (sum(map(len, corpus)) + len(corpus))
    assert model.nll(corpus) == pytest.approx(loss, rel=1e-9)
    for more in (0, 2):
        assert model.nll(mf.count(corpus, order=order + more)) == pytest.approx(loss, rel=1e-9)
    if order > 2 and max(map(len, corpus)) >= order:
        raises(ValueError, "needs counts of order", model.nll, mf.count(corpus, order=order - 1))


@given(some_words, st.sampled_from(SMOOTHINGS))
def test_the_dense_array_has_every_context(corpus: list[str], how: dict[str, Any]) -> None:
    corpus = [word[:3].rstrip("\r\n") for word in corpus[:4]]
    model = model_of(corpus, 3, how)
    p = model.probabilities
    for a in model.alphabet:
        for b in model.alphabet:
            row = p[model.stoi[a], model.stoi[b]]
            if b == "." and a != ".":
                assert not row.any()
            else:
                assert row.tolist() == model.next_probabilities((a + b).lstrip(".")).tolist()


def test_unknown_symbols() -> None:
    counts = mf.count(FIVE, order=3)
    assert counts.model(smoothing="kneser-ney").score(["eXma"])[0] == -math.inf
    model = counts.model(smoothing="kneser-ney", unknown=True)
    scores, _ = model.symbol_scores(["aXb"])
    assert np.isfinite(scores).all()
    # What comes after an unknown symbol is told by nothing before it.
    alone = reference.KneserNey(FIVE, 3, counts.alphabet, unknown=True).after(())
    assert math.exp(scores[2]) == pytest.approx(alone["b"], rel=1e-12)


def test_models_survive_pickling() -> None:
    for how, order in [*((how, 3) for how in SMOOTHINGS), ({"smoothing": 2}, 2), ({}, 2)]:
        model = model_of(FIVE, order, how)
        again = pickle.loads(pickle.dumps(model))
        assert repr(again) == repr(model)
        assert again.score(FIVE).tolist() == model.score(FIVE).tolist()


def test_options_that_do_not_go_together() -> None:
    counts = mf.count(FIVE, order=3)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"smoothing": 1, "discounts": []}, "discounts= is for"),
        ({"smoothing": "good-turing"}, "got 'good-turing'"),
        ({"smoothing": -1}, "from 0 up"),
        ({"smoothing": "kneser-ney", "discounts": [(0.5, 1, 1.5)] * 2}, r"1 to 3; got .*\(2, 3\)"),
        ({"smoothing": "kneser-ney", "discounts": [(0.5, 1)] * 3}, r"1 to 3; got .*\(3, 2\)"),
        ({"smoothing": "kneser-ney", "discounts": [(0.5, 1, 3.5)] * 3}, "from 0 to the count"),
    ]
    for options, problem in cases:
        raises(ValueError, problem, counts.model, **options)
    for how in SMOOTHINGS:
        raises(ValueError, "no words", mf.count([], order=3).model, **how)


# -- KenLM -------------------------------------------------------------------------------


def kenlm(order: int) -> tuple[NDArray[np.float64], list[tuple[float, float, float]]]:
    """Return KenLM's log10 probabilities of the dev split, and its discounts."""
    folder: Path = names_path().parent
    with (folder / "kenlm_names_dev.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["word"] for row in rows] == lectures_split()[1]
    of_order = defaultdict(list)
    with (folder / "kenlm_names_discounts.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            of_order[int(row["model_order"])].append(
                (float(row["D1"]), float(row["D2"]), float(row["D3"]))
            )
    return np.array([float(row[f"order{order}"]) for row in rows]), of_order[order]


@pytest.mark.parametrize("order", [2, 3, 4, 5, 6])
def test_kneser_ney_equals_kenlm(order: int) -> None:
    train, dev, _ = lectures_split()
    expected, discounts = kenlm(order)
    counts = mf.count(train, order=order)
    model = counts.model(smoothing="kneser-ney", discounts=discounts, unknown=True)
    assert np.abs(model.score(dev) / math.log(10) - expected).max() < 2e-5
    model = counts.model(smoothing="kneser-ney", unknown=True)
    assert np.abs(model.score(dev) / math.log(10) - expected).max() < 5e-3


def test_the_loss_on_the_lectures_split() -> None:
    train, _, test = lectures_split()
    assert mf.count(train, order=5).model(smoothing="kneser-ney").nll(test) < 1.986
    assert mf.count(train, order=6).model(smoothing="kneser-ney").nll(test) < 1.979


# -- sampling ------------------------------------------------------------------------------


def frequencies_agree(drawn: list[str], model: mf.Model) -> None:
    """Chi-square of the words drawn against their scores; the rare ones together."""
    times = Counter(drawn)
    expected = {word: len(drawn) * math.exp(model.score([word])[0]) for word in times}
    often = [word for word in times if expected[word] >= 10]
    rest = len(drawn) - sum(expected[word] for word in often)
    observed_rest = len(drawn) - sum(times[word] for word in often)
    chi = sum((times[word] - expected[word]) ** 2 / expected[word] for word in often)
    chi += (observed_rest - rest) ** 2 / rest
    assert len(often) > 20
    assert chi < len(often) + 5 * math.sqrt(2 * len(often))


@pytest.mark.parametrize("how", [SMOOTHINGS[0], SMOOTHINGS[2], SMOOTHINGS[3]])
@pytest.mark.parametrize("order", [3, 4])
def test_words_come_as_often_as_their_scores_say(order: int, how: dict[str, Any]) -> None:
    model = model_of([*FIVE, "ana", "lia", "a", ""], order, how)
    frequencies_agree(model.sample(200_000, rng=order), model)


def test_shapes_have_their_distribution() -> None:
    model = mf.count([*FIVE, "ana", "lia", "a", ""], order=3).model(smoothing="kneser-ney")
    for shape in ({"temperature": 0.7}, {"top_k": 3}, {"temperature": 2.0, "top_k": 5}):
        ids, offsets = model.sample_ids(100_000, rng=1, **shape)
        firsts = np.where(np.diff(offsets) > 0, np.append(ids, 0)[offsets[:-1]], 0)
        p = model.next_probabilities("")
        q = p ** (1 / shape.get("temperature", 1.0))
        q[np.argsort(-q, kind="stable")[int(shape.get("top_k", len(q))) :]] = 0
        q /= q.sum()
        observed = np.bincount(firsts, minlength=len(q)) / len(firsts)
        assert np.abs(observed - q).max() < 0.006


def test_the_stream_does_not_depend_on_how_it_is_drawn() -> None:
    model = mf.count(mf.names(), order=5).model(smoothing="kneser-ney")
    for how in ({}, {"temperature": 0.8}, {"prefix": "ma"}, {"max_length": 4, "truncate": True}):
        many = model.sample(10_000, rng=7, **how)
        assert many[:10] == model.sample(10, rng=7, **how)
        assert many == model.sample(10_000, rng=7, threads=3, **how)
        drawn = model.sample_ids(9000, rng=7, start=1000, **how)
        assert many[1000:] == spelled(model, *drawn)


def test_the_stream_is_that_of_the_reference() -> None:
    model = mf.count(FIVE, order=3).model(smoothing="kneser-ney")
    twin = reference.KneserNey(FIVE, 3, model.alphabet)
    assert model.sample(200, rng=3) == reference.sample_by_levels(twin, stream_seed(3), 200)


def test_the_most_likely_and_what_never_ends() -> None:
    model = mf.count(["aaaa", "aaab"], order=3).model(smoothing="kneser-ney")
    assert model.sample(2, temperature=0, max_length=6, truncate=True) == ["aaaaaa"] * 2
    raises(ValueError, "never ends; give max_length=", model.sample, 1, temperature=0)
    sure = mf.count(["abcab", "b"], order=4).model()
    raises(ValueError, "nothing was ever seen after 'cc'", sure.sample, 1, prefix="cc")
    assert set(sure.sample(50, rng=1)) == {"abcab", "b"}


@given(corpus=some_words, asked=words, order=st.integers(2, 5), tokens=st.booleans())
def test_lengths_are_those_of_counted_ngrams(
    corpus: list[str], asked: list[str], order: int, tokens: bool
) -> None:
    ends = "<s>" if tokens else "."
    given_words: Any = [list(word) for word in corpus] if tokens else corpus
    others: Any = [list(word) for word in asked] if tokens else asked
    model = mf.count(given_words, order=order, unknown=False).model(smoothing="witten-bell")
    known: set[tuple[str, ...]] = set()
    for word in corpus:
        padded = (ends, *word, ends)
        for i in range(len(padded)):
            known.update(padded[i : i + n] for n in range(1, order + 1))
    lengths, offsets = model.ngram_lengths(others)
    expected = []
    for word in asked:
        padded = (ends, *word, ends)
        for end in range(2, len(padded) + 1):
            found = [n for n in range(min(order, end) + 1) if n and padded[end - n : end] in known]
            expected.append(max(found, default=0))
    assert lengths.tolist() == expected
    assert offsets.tolist() == np.cumsum([0] + [len(word) + 1 for word in asked]).tolist()
