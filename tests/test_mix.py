"""`mix`: sums of models' probabilities, and weights that are learned."""

import io
import itertools
import math
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import makemore_fast as mf
from corpora import FIVE, some_words, words
from kinds import MODELS
from makemore_fast.rng import stream_seed
from raising import raises
from reference.mixing import interpolated, learned, sampled

ITALIAN = ["anna", "bianca", "chiara", "elena", "francesca"]
DANISH = ["anne", "bente", "birgit", "freja", "åse"]


def trigrams(corpus: list[str], **how: Any) -> mf.CountModel:
    model: mf.CountModel = mf.count(corpus, order=3).model(smoothing="kneser-ney", **how)
    return model


# -- what it says ----------------------------------------------------------------------------

pairs = st.tuples(st.sampled_from(sorted(MODELS)), st.sampled_from(sorted(MODELS)))


@settings(max_examples=60)
@given(pairs, some_words, some_words, words, st.floats(0, 1))
def test_probabilities_are_sums(
    kinds: tuple[str, str], one: list[str], other: list[str], asked: list[str], weight: float
) -> None:
    models = [MODELS[kinds[0]](one), MODELS[kinds[1]](other)]
    if weight in (0, 1) or models[0].boundary != models[1].boundary:
        return
    model = mf.mix(models, [weight, 1 - weight])
    parts = [part for one in models for part in getattr(one, "models", [one])]
    assert model.models == tuple(parts)
    assert set(model.alphabet) == set(models[0].alphabet) | set(models[1].alphabet)
    for word in [*one[:2], *other[:2], *asked[:3], "a.b", "\U00012345"]:
        expected = interpolated(parts, model.weights.tolist(), word)
        got = model.symbol_scores([word])[0]
        np.testing.assert_allclose(np.exp(got), expected, rtol=1e-5, atol=1e-9)
        assert model.score([word])[0] == pytest.approx(sum(got))
        row = model.next_probabilities(word)
        assert (row >= 0).all()
        assert row.sum() <= 1.06


@pytest.mark.parametrize("unknown", [False, True])
def test_they_sum_to_one(unknown: bool) -> None:
    model = mf.mix([trigrams(ITALIAN, unknown=unknown), trigrams(DANISH)], [0.7, 0.3])
    for prefix in ("", "an", "bå", "xx"):
        row = dict(zip(model.alphabet, model.next_probabilities(prefix).tolist(), strict=True))
        left = math.exp(model.symbol_scores([prefix + "\U00012345"])[0][len(prefix)])
        assert sum(row.values()) == pytest.approx(1)
        assert left == pytest.approx(row.get(mf.UNKNOWN, 0))
        assert (left > 0) == unknown == model.unknown
        for i, symbol in enumerate(model.alphabet[1:], 1):
            score = model.symbol_scores([prefix + symbol])[0][len(prefix)]
            assert math.exp(score) == pytest.approx(model.next_probabilities(prefix)[i])


def test_a_mix_of_mixes_has_their_models() -> None:
    a, b, c = trigrams(ITALIAN), trigrams(DANISH), mf.fit(FIVE, chains=["h1"])
    nested = mf.mix([mf.mix([a, b], [0.5, 0.5]), c], [0.8, 0.2])
    flat = mf.mix([a, b, c], [0.4, 0.4, 0.2])
    assert nested.models == (a, b, c)
    assert nested.weights.tolist() == pytest.approx([0.4, 0.4, 0.2])
    np.testing.assert_allclose(nested.score(FIVE), flat.score(FIVE))


def test_weights_are_shares() -> None:
    models = [trigrams(ITALIAN), trigrams(DANISH)]
    assert mf.mix(models).weights.tolist() == [0.5, 0.5]
    assert mf.mix(models, [30, 10]).weights.tolist() == [0.75, 0.25]
    assert mf.mix(models, np.array([1e308, 1e308])).weights.tolist() == [0.5, 0.5]
    assert mf.mix(models, [0.7, 0.3]).weights.tolist() == [0.7, 0.3]
    alone = mf.mix(models, [1, 0])
    assert alone.score(["anna"]).tolist() == models[0].score(["anna"]).tolist()
    assert "å" in alone.alphabet
    assert alone.sample(50, rng=1) == mf.mix([models[0]]).sample(50, rng=1)
    assert mf.mix([models[0]]).score(ITALIAN).tolist() == models[0].score(ITALIAN).tolist()


def test_the_loss_of_counts() -> None:
    model = mf.mix([trigrams(ITALIAN), mf.count(DANISH).model(smoothing=1)], [0.7, 0.3])
    corpus = [*ITALIAN, *DANISH, "anna", "a", ""]
    for order in (3, 5):
        assert model.nll(mf.count(corpus, order=order)) == pytest.approx(model.nll(corpus))
    assert model.nll(Counter(corpus)) == pytest.approx(model.nll(corpus))
    raises(ValueError, "needs counts of order 3 or higher", model.nll, mf.count(ITALIAN))
    fitted = mf.mix([model, mf.fit(FIVE)])
    raises(ValueError, "above the length of the longest", fitted.nll, mf.count(corpus, order=3))
    assert fitted.nll(mf.count(corpus, order=12)) == pytest.approx(fitted.nll(corpus))


# -- what it draws ---------------------------------------------------------------------------


def test_words_are_drawn_as_they_are_likely() -> None:
    model = mf.mix(
        [mf.count(["ab", "b"]).model(smoothing=0.5), trigrams(["ba", "c"], unknown=True)],
        [0.6, 0.4],
    )
    n = 40_000
    drawn = Counter(model.sample(n, rng=3))
    short = ["".join(letters) for k in range(4) for letters in itertools.product("abc", repeat=k)]
    # The unknown symbol's share goes to the others, in proportion.
    expected = []
    for word in short:
        state, p = model.start(), 1.0
        for symbol in [*word, "."]:
            row = state.probabilities()
            p *= row[model.alphabet.index(symbol)] / (1 - row[model.alphabet.index(mf.UNKNOWN)])
            state.step(symbol)
        expected.append(n * p)
    got = [drawn[word] for word in short]
    chi = sum((g - e) ** 2 / e for g, e in zip(got, expected, strict=True) if e >= 5)
    cells = sum(e >= 5 for e in expected)
    assert chi < cells + 5 * math.sqrt(2 * cells)


@pytest.mark.parametrize("kind", ["mix", "mix with fit"])
@given(some_words, st.integers(0, 2**64 - 1))
def test_the_stream_is_that_of_the_reference(kind: str, corpus: list[str], rng: int) -> None:
    model = MODELS[kind](corpus)
    drawn = model.sample(5, rng=rng, max_length=30, truncate=True)
    twin = sampled(
        lambda prefix: model.next_probabilities(prefix[:30]).tolist(),
        model.alphabet,
        stream_seed(rng),
        5,
    )
    assert drawn == [word[:30] for word in twin]


def test_streams_keep_their_promises() -> None:
    model = mf.mix([trigrams(ITALIAN), mf.fit(DANISH, chains=["h1 h2"])], [0.7, 0.3])
    whole = model.sample(5000, rng=7)
    assert model.sample(10, rng=7) == whole[:10]
    assert model.sample(5000, rng=7, threads=1) == model.sample(5000, rng=7, threads=3) == whole
    ids, offsets = model.sample_ids(100, rng=7, start=3000)
    spelled = ["".join(model.alphabet[i] for i in ids[a:b]) for a, b in itertools.pairwise(offsets)]
    assert spelled == whole[3000:3100]
    assert list(model.sample_corpus(100, rng=7)) == whole[:100]
    new = model.sample(50, rng=7, unique=True, exclude=ITALIAN)
    assert new == [word for word in dict.fromkeys(whole) if word not in ITALIAN][:50]
    for word in model.sample(20, rng=7, prefix="an", max_length=4):
        assert word.startswith("an")
        assert len(word) <= 4
    assert len(set(model.sample(20, rng=7, temperature=0))) == 1
    assert model.sample(3, rng=mf.TorchRNG(1)) == model.sample(3, rng=mf.TorchRNG(1))


def test_a_mix_answers_as_every_model_does() -> None:
    model = mf.mix([
        mf.fit(ITALIAN, chains=["h1 h2"], unknown=True),
        mf.count(DANISH, order=1).model(smoothing=1),
        trigrams(DANISH, unknown=True),
    ])  # fmt: skip
    assert model.unknown
    assert mf.UNKNOWN in model.alphabet
    assert model.next_probabilities("xa").sum() == pytest.approx(1, abs=1e-6)
    whole = model.sample(2000, rng=3)
    assert not any(mf.UNKNOWN in word for word in whole)
    met = [word for word in whole if word.endswith("a") and "n" in word and 3 <= len(word) <= 9]
    drawn = model.sample(200, rng=3, suffix="a", contains="n", min_length=3, max_length=9)
    assert [word for word in drawn if word in set(met)]
    assert all(word.endswith("a") and "n" in word and 3 <= len(word) <= 9 for word in drawn)
    hows: list[dict[str, Any]] = [{"top_p": 0.6}, {"min_p": 0.3}, {"top_k": 2, "temperature": 0.5}]
    for how in hows:
        for word in model.sample(20, rng=1, max_length=12, truncate=True, **how):
            for i, symbol in enumerate(word):
                row = dict(zip(model.alphabet, model.next_probabilities(word[:i]), strict=True))
                del row[mf.UNKNOWN]
                ranked = sorted(row, key=lambda s: -row[s])
                if "top_k" in how:
                    assert symbol in ranked[:2]
                elif "min_p" in how:
                    assert row[symbol] >= 0.3 * row[ranked[0]]
                else:
                    before = sum(row[s] for s in ranked[: ranked.index(symbol)])
                    assert before < 0.6 * sum(row.values())
    asked = ["anna", "x", "", "zzz", "a.b"]
    told = model.evaluate(asked)
    assert told.loss == pytest.approx(model.nll(asked))
    assert (told.unknown_words, told.impossible_words) == (3, 0)
    rows = np.array(["anna", None], dtype=object)
    scores = model.score(rows, per="symbol", unit="bits", nulls="nan")
    assert scores[0] == pytest.approx(model.score(["anna"])[0] / 5 / math.log(2))
    assert np.isnan(scores[1])
    pairs_, of_pairs = model.sample(5, rng=3, scores=True)
    assert of_pairs.tolist() == model.score(pairs_).tolist()


def test_pictures_of_a_mix() -> None:
    pytest.importorskip("matplotlib")
    model = mf.mix([trigrams(ITALIAN, unknown=True), trigrams(DANISH)])
    assert model.plot(prefixes=["", "an"]) is not None
    assert model.plot_word("anxa", unit="bits") is not None


def test_the_golden_stream() -> None:
    model = mf.mix([trigrams(ITALIAN), trigrams(DANISH)], [0.7, 0.3])
    assert model.sample(5, rng=42) == GOLDEN_WORDS
    assert model.sample(5, rng=42, temperature=0.5, top_k=3) == GOLDEN_TRUNCATED


GOLDEN_WORDS = [
    *("anjrana", "lfjanne", "lånachsfhhbenctrancstiaranålna", "natsehiarasena", "anaaåsalene")
]
GOLDEN_TRUNCATED = ["anne", "bianna", "bia", "fresca", "ancanna"]


def test_where_nothing_can_be_drawn() -> None:
    never = mf.mix([mf.count(["ab"], alphabet="abc").model(), mf.count(["ad"]).model()])
    raises(ValueError, "nothing was ever seen after 'c'", never.sample, 1, prefix="c")
    assert set(never.sample(50, rng=1)) == {"ab", "ad"}
    endless = mf.mix([mf.count(["aaaa"]).model(), mf.count(["aaaa"], order=3).model()])
    raises(ValueError, "never ends", endless.sample, 1, temperature=0, prefix="aa")
    assert endless.sample(1, temperature=0, prefix="aa", max_length=5, truncate=True) == ["aaaaa"]


def test_a_large_alphabet() -> None:
    corpus = ["".join(chr(0x4E00 + i * j % 20_000) for j in (1, 7, 9)) for i in range(7000)]
    model = mf.mix([mf.count(corpus).model(smoothing=0.1), trigrams(corpus[:500])], [1, 2])
    assert len(model.alphabet) > 12_000
    drawn = model.sample(30, rng=1, max_length=5, truncate=True)
    assert np.isfinite(model.score(drawn)).all()
    file = io.BytesIO()
    model.save(file)
    again = mf.load_model(io.BytesIO(file.getvalue()))
    assert again.sample(30, rng=1, max_length=5, truncate=True) == drawn


# -- weights that are learned ----------------------------------------------------------------


@settings(max_examples=30)
@given(some_words, some_words, some_words)
def test_learned_weights_are_those_of_the_reference(
    one: list[str], other: list[str], dev: list[str]
) -> None:
    both = "".join({*"".join(one), *"".join(other), *"".join(dev)})
    models = [
        mf.count(one, order=3, alphabet=both).model(smoothing="witten-bell"),
        mf.count(other, alphabet=both).model(smoothing=1),
    ]
    model = mf.mix(models, dev=dev)
    rows = np.exp([part.symbol_scores(dev)[0] for part in models]).T
    weights, losses = learned(rows, [0.5, 0.5])
    assert all(after <= before + 1e-12 for before, after in itertools.pairwise(losses))
    assert model.nll(dev) == pytest.approx(losses[-1], abs=1e-7)
    # Towards a weight of 0 a step that gains 1e-10 can leave the root of that.
    assert model.nll(dev) <= min(part.nll(dev) for part in [*models, mf.mix(models)]) + 1e-5
    assert mf.mix(models, dev=iter(dev)).weights.tolist() == model.weights.tolist()
    twice = mf.mix(models, dev=dict.fromkeys(dev, 2))
    once = mf.mix(models, dev=list(dict.fromkeys(dev)))
    assert twice.weights.tolist() == pytest.approx(once.weights.tolist(), abs=1e-3)
    del weights


def test_learning_begins_at_the_weights() -> None:
    models = [trigrams([*ITALIAN, *DANISH]), trigrams([*DANISH, *ITALIAN, "x"])]
    assert mf.mix(models, [1, 0], dev=DANISH).weights.tolist() == [1, 0]
    three = [*models, mf.count(DANISH, order=3).model(smoothing=0.1)]
    learned_weights = mf.mix(three, dev=DANISH).weights
    assert learned_weights[2] == learned_weights.max()
    assert learned_weights.sum() == pytest.approx(1)


def test_dev_words_that_no_model_can_say() -> None:
    models = [trigrams(ITALIAN), trigrams(DANISH)]
    raises(ValueError, r"word 1: 'axa' is impossible .* by 'x'", mf.mix, models, dev=["a", "axa"])
    raises(ValueError, r"word 0: 'å' is impossible .* by 'å'", mf.mix, models, [1, 0], dev=["å"])
    unsmoothed = [mf.count(["ab"]).model()] * 2
    raises(ValueError, "word 0: 'a' is impossible .* by its end", mf.mix, unsmoothed, dev=["a"])
    raises(ValueError, "no dev words", mf.mix, models, dev=[])
    raises(ValueError, "no dev words", mf.mix, models, dev={"a": 0})
    raises(TypeError, "word 1 is int|int", mf.mix, models, dev=["a", 3])
    raises(ValueError, "is for dev words", mf.mix, models, column="a")
    raises(ValueError, "is for tables", mf.mix, models, dev={"a": 1}, column="a")


# -- what cannot be mixed --------------------------------------------------------------------


def test_what_cannot_be_mixed() -> None:
    model = trigrams(ITALIAN)
    raises(ValueError, "there are no models to mix", mf.mix, [])
    raises(TypeError, "must be an iterable of models, got one NgramModel", mf.mix, model)
    raises(TypeError, "must be an iterable of models, got int", mf.mix, 3)
    raises(TypeError, r"models\[1\] must be a model, got Counts; make one", mf.mix,
           [model, mf.count(ITALIAN)])  # fmt: skip
    raises(ValueError, "a weight for each of the 2 models, got 1", mf.mix, [model, model], [1])
    raises(ValueError, "from 0 up", mf.mix, [model, model], [1, -1])
    raises(ValueError, "from 0 up", mf.mix, [model, model], [1, float("nan")])
    raises(ValueError, "from 0 up", mf.mix, [model, model], [1, float("inf")])
    raises(ValueError, "must be above 0", mf.mix, [model, model], [0, 0])
    raises(TypeError, r"weights\[1\] must be a number, got str", mf.mix, [model, model], [1, "1"])
    raises(TypeError, "weights must be an iterable", mf.mix, [model, model], 0.5)
    other = mf.count(["a"], boundary="|").model()
    raises(ValueError, "boundaries '.' and '|' cannot be mixed", mf.mix, [model, other])
