"""`fit`: the mixture of chains is what its twin says, sums to one and leaves one out."""

import copy
import math
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from corpora import FIVE, lectures_split, some_words, words
from makemore_fast import fitting
from makemore_fast.fitting import CHAINS as CHOSEN
from makemore_fast.rng import stream_seed
from raising import raises
from reference import mixture as twin

CHAINS = ["h1 h2 h3", "p3 h1 f0", "h2 f0 f1 p15"]
MANY = ["h1 h2 h3 h4 h5", "p15 h1 f0 h2 f1 h3 f2 h4", "y6 v1 q1 v2 q2", "c1/2 c2/2 h1", "h1 q1 q2"]
small_words = st.lists(st.text("abc", max_size=5), min_size=1, max_size=6)
chains = st.lists(st.sampled_from([*CHAINS, *MANY, "f0", "p1", "h2"]), min_size=1, max_size=3)


def as_ids(some: list[str], alphabet: str) -> list[list[int]]:
    return [[alphabet.index(c) for c in word] for word in some]


def learned_by_twin(some: list[str], of: list[str], seed: int, orders: int = 1) -> list[float]:
    alphabet = reference.alphabet(some)
    return twin.learn_in_orders(of, as_ids(some, alphabet), len(alphabet), seed, orders)


def with_weights(model: mf.MixtureModel) -> twin.Weights:
    """Return the model's weights as the twin has them."""
    of = list(model.chains)
    weights = twin.Weights(of, len(model.alphabet))
    flat = iter(model.weights.tolist())
    for row in weights.rows():
        row[:] = [next(flat) for _ in row]
    assert next(flat, None) is None
    return weights


# -- equal to the twin --------------------------------------------------------------------


@settings(max_examples=6)
@given(small_words, chains)
def test_the_weights_are_those_of_leaving_each_position_out(
    train: list[str], of: list[str]
) -> None:
    # The twin counts again without the position, for each position.
    model = mf.fit(train, chains=of, rng=3)
    expected = learned_by_twin(train, of, stream_seed(3))
    np.testing.assert_allclose(model.weights, expected, atol=2e-4)


def test_the_best_effort_takes_the_mean_of_four_orders() -> None:
    train, of = ["ab", "abc", "ca"], CHAINS[:2]
    model = mf.fit(train, chains=of, effort="best", rng=3)
    expected = learned_by_twin(train, of, stream_seed(3), orders=4)
    np.testing.assert_allclose(model.weights, expected, atol=2e-4)


@given(some_words, chains)
def test_predictions_equal_the_reference(train: list[str], of: list[str]) -> None:
    model = mf.fit(train, chains=of)
    alphabet = reference.alphabet(train)
    slow = twin.Model(of, train, alphabet, with_weights(model))
    assert model.alphabet == alphabet
    prefixes = {word[:t] for word in train for t in range(len(word) + 1)}
    for prefix in sorted(prefixes)[:30]:
        p = model.next_probabilities(prefix)
        np.testing.assert_allclose(p, slow.next(prefix), rtol=3e-5)
    expected = [slow.score(word) for word in train]
    np.testing.assert_allclose(model.score(train), expected, rtol=1e-5, atol=1e-5)


@given(some_words, words)
def test_every_context_sums_to_one_and_nothing_known_is_impossible(
    train: list[str], new: list[str]
) -> None:
    model = mf.fit(train)
    known = set(model.alphabet)
    for prefix in ["", *train, *(word for word in new if set(word) <= known)]:
        p = model.next_probabilities(prefix)
        assert p.dtype == np.float64
        assert p.shape == (len(model.alphabet),)
        assert p.sum() == pytest.approx(1, abs=1e-12)
        assert (p > 0).all()


def test_a_large_alphabet() -> None:
    rng = np.random.default_rng(1)
    symbols = [chr(0x4E00 + i) for i in range(3000)]
    train = ["".join(symbols[i % 3000] for i in rng.zipf(1.3, 3)) for _ in range(2000)]
    model = mf.fit(train, chains=CHAINS)
    assert model.next_probabilities(train[0][:2]).sum() == pytest.approx(1, abs=1e-12)
    assert model.nll(train) < math.log(len(model.alphabet))
    assert set("".join(model.sample(20, rng=1))) <= set(model.alphabet)


def test_more_symbols_than_one_block_has(tmp_path: Path) -> None:
    # Rows are then kept in another order than that of the alphabet, and saved in this one.
    symbols = [chr(0x4E00 + i) for i in range(80)]
    rng = np.random.default_rng(2)
    train = ["".join(symbols[79 - i % 80] for i in rng.zipf(1.4, 4)) for _ in range(60)]
    model = mf.fit(train, chains=CHAINS)
    slow = twin.Model(CHAINS, train, reference.alphabet(train), with_weights(model))
    for prefix in ["", *(word[:t] for word in train[:8] for t in (1, 3))]:
        np.testing.assert_allclose(model.next_probabilities(prefix), slow.next(prefix), rtol=3e-5)
    np.testing.assert_allclose(model.score(train), [slow.score(word) for word in train], rtol=1e-5)
    drawn = mf.count(model.sample(4_000, rng=1))
    p = model.next_probabilities("")
    firsts = np.array(
        [drawn[".", symbol] if symbol in drawn.alphabet else 0 for symbol in model.alphabet]
    )
    assert (np.abs(firsts - 4_000 * p) < 6 * np.sqrt(4_000 * p) + 3).all()
    model.save(tmp_path / "model.npz")
    mf.load(tmp_path / "model.npz").save(tmp_path / "again.npz")
    with np.load(tmp_path / "model.npz") as first, np.load(tmp_path / "again.npz") as again:
        for name in first.files:
            assert first[name].tolist() == again[name].tolist(), name


# -- what it is good for --------------------------------------------------------------------


def test_the_loss_on_the_split_of_the_lectures() -> None:
    train, dev, test = lectures_split()
    model = mf.fit(train)
    assert model.nll(test) < 1.855
    fast = mf.fit(train, effort="fast")
    assert fast.nll(test) < 1.877
    chosen = mf.fit(train, dev=dev)
    sets, losses = zip(*chosen.trials, strict=True)
    assert sets == (fast.chains, model.chains)
    assert chosen.chains == model.chains
    assert mf.fit(train, effort="best").nll(test) < 1.848
    assert losses[0] > losses[1] == pytest.approx(chosen.nll(dev))
    assert losses[0] == pytest.approx(fast.nll(dev))
    assert chosen.score(test[:100]).tolist() == model.score(test[:100]).tolist()
    others = [mf.fit(train).nll(test) for train, _, test in map(lectures_split, (1, 2, 3))]
    assert sum(others) / 3 < 1.855


def test_efforts_and_chains() -> None:
    assert mf.fit(FIVE).chains == CHOSEN
    assert mf.fit(FIVE, effort="fast").chains == CHOSEN[:5]
    assert mf.fit(FIVE, effort="best").chains[:13] == CHOSEN
    assert mf.fit(FIVE, effort="fast", chains=["h1"]).chains == ("h1",)
    best = mf.fit(FIVE, effort="best", dev=FIVE)
    assert [chains for chains, _ in best.trials] == [
        plan.chains for plan in fitting.EFFORTS.values()
    ]
    chosen = mf.fit(FIVE, effort="fast", dev=FIVE)
    assert [chains for chains, _ in chosen.trials] == [CHOSEN[:5]]
    with pytest.raises(ValueError, match='must be "fast", "default" or "best", got .worst.'):
        mf.fit(FIVE, effort="worst")  # type: ignore[arg-type]
    raises(TypeError, "effort must be a str", mf.fit, FIVE, effort=1)


def test_many_words_are_fitted_by_fewer_chains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "MANY_WORDS", 4)
    assert mf.fit(FIVE).chains == fitting.OF_MANY_WORDS
    assert mf.fit(FIVE[:4]).chains == CHOSEN
    assert mf.fit(FIVE, effort="fast").chains == CHOSEN[:5]
    assert len(mf.fit(FIVE, effort="best").chains) > len(CHOSEN)
    assert mf.fit(FIVE, chains=["h1"]).chains == ("h1",)


def test_the_fast_effort_sees_more_of_long_words() -> None:
    eleven, twelve = "a" * 11, "a" * 12  # 12 and 13 positions
    assert mf.fit([eleven] * 3, effort="fast").chains == CHOSEN[:5]
    assert mf.fit([twelve, *[eleven] * 2], effort="fast").chains == fitting.OF_LONG_WORDS
    assert mf.fit([twelve], effort="fast", chains=["h1"]).chains == ("h1",)
    assert mf.fit([twelve]).chains == CHOSEN


@pytest.mark.parametrize("threads", [2, 3, 7, None])
def test_threads_change_nothing(threads: int | None) -> None:
    train = mf.names()
    expected = mf.fit(train, rng=5, threads=1)
    model = mf.fit(train, rng=5, threads=threads)
    assert model.weights.tolist() == expected.weights.tolist()
    assert model.score(train).tolist() == expected.score(train).tolist()
    drawn = model.sample(5000, rng=1, threads=threads)
    assert drawn == expected.sample(5000, rng=1, threads=1)


@pytest.mark.parametrize("threads", [2, 7])
def test_threads_change_nothing_in_several_orders(threads: int) -> None:
    train = mf.names()[:2000]
    expected = mf.fit(train, effort="best", threads=1)
    model = mf.fit(train, effort="best", threads=threads)
    assert model.weights.tolist() == expected.weights.tolist()


def test_the_seed_orders_the_learning_and_nothing_else() -> None:
    one, same, other = (mf.fit(FIVE, rng=rng) for rng in (1, 1, 2))
    assert one.weights.tolist() == same.weights.tolist()
    assert one.weights.tolist() != other.weights.tolist()
    np.testing.assert_allclose(one.score(FIVE), other.score(FIVE), atol=0.5)


GOLDEN = [
    "asivela",
    "pliabilavohvveoa",
    "pvm",
    "slvvia",
    "ava",
    "lhmvia",
]  # a change is a breaking one


def test_what_a_seed_draws_stays() -> None:
    model = mf.fit(FIVE, chains=CHAINS)
    assert model.sample(6, rng=42) == GOLDEN


# -- keeping ------------------------------------------------------------------------------


def test_save_load_and_pickle(tmp_path: Path) -> None:
    train = [*FIVE, "zoë", "a\nb", "", "łódź"]
    model = mf.fit(train, boundary="^", chains=CHAINS, dev=FIVE, rng=2)
    model.save(tmp_path / "model.npz")
    again = mf.load(tmp_path / "model.npz")
    assert isinstance(again, mf.MixtureModel)
    for other in (again, pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        assert other.alphabet == model.alphabet
        assert other.chains == model.chains
        assert other.trials == model.trials
        assert other.weights.tolist() == model.weights.tolist()
        assert other.score(train).tolist() == model.score(train).tolist()
        assert other.sample(50, rng=1) == model.sample(50, rng=1)
        assert repr(other) == repr(model)
    assert [path.name for path in tmp_path.iterdir()] == ["model.npz"]


def test_members() -> None:
    model = mf.fit(FIVE, chains=["h1  h2", "p15 c1/2"])
    assert repr(model) == "MixtureModel(2 chains, 5 words, 12 symbols '.abehilmopsv')"
    assert repr(mf.fit(["a"], chains=["f0"])) == "MixtureModel(1 chain, 1 words, 2 symbols '.a')"
    assert model.chains == ("h1 h2", "p15 c1/2")
    assert model.trials == ()
    assert model.weights.dtype == np.float32
    assert isinstance(model, mf.LanguageModel)


# -- bad input ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chain", "problem"),
    [
        ("", "needs at least one feature"),
        ("h1 x2", "expected features such as h1, f0 and p15, got 'x2'"),
        ("h", "expected features such as h1, f0 and p15, got 'h'"),
        ("h1h2", "expected features such as h1, f0 and p15, got 'h1h2'"),
        ("h-1", "expected features such as h1, f0 and p15, got 'h-1'"),
        ("h0", "the number in 'h0' must be from 1 to 255"),
        ("p0", "the number in 'p0' must be from 1 to 255"),
        ("f256", "the number in 'f256' must be from 0 to 255"),
        ("h99999999999", "the number in 'h99999999999' must be from 1 to 255"),
        ("h1 p3 h1", "has 'h1' twice"),
        ("c1", "expected a number and /2 behind c, got 'c1'"),
        ("c1/4", "expected a number and /2 behind c, got 'c1/4'"),
        ("c/2", "expected features such as h1, f0 and p15, got 'c/2'"),
        ("y0", "the number in 'y0' must be from 1 to 255"),
        ("v0", "the number in 'v0' must be from 1 to 255"),
        (" ".join(f"h{j}" for j in range(1, 18)), "has more than 16 features"),
    ],
)
def test_what_is_no_chain(chain: str, problem: str) -> None:
    with pytest.raises(ValueError) as caught:
        mf.fit(FIVE, chains=["h1", chain])
    shown = chain if len(chain) <= 60 else chain[:60] + "..."
    assert str(caught.value) == f"chain '{shown}': {problem}"


def test_bad_input() -> None:
    raises(ValueError, "no words to fit a model to", mf.fit, [])
    raises(ValueError, "no chains to fit", mf.fit, FIVE, chains=[])
    with pytest.raises(TypeError, match="chains must be an iterable of str, got the str 'h1 h2'"):
        mf.fit(FIVE, chains="h1 h2")
    raises(ValueError, "no dev words", mf.fit, FIVE, dev=[])
    problem = "dev word 1: 'zoe' contains 'z', which the words to learn from do not"
    with pytest.raises(ValueError, match=problem):
        mf.fit(FIVE, dev=["ava", "zoe"])
    raises(TypeError, "which would be read as characters", mf.fit, "emma")
    raises(TypeError, "word 1: expected str, got int", mf.fit, ["emma", 1])
    with pytest.raises(ValueError, match=r"word 1: 'a.b' contains the boundary '.'; .*choose"):
        mf.fit(["emma", "a.b"])
    raises(ValueError, "threads must be 1 or more", mf.fit, FIVE, threads=0)
    model = mf.fit(FIVE)
    assert model.score(["é", "aéa", "a.b"]).tolist() == [-math.inf] * 3


@pytest.mark.parametrize("train", [[""], ["", ""], ["a"], ["a"] * 1000])
def test_hardly_any_words(train: list[str]) -> None:
    model = mf.fit(train)
    assert model.next_probabilities("").sum() == pytest.approx(1, abs=1e-12)
    assert math.isfinite(model.nll(train))
    assert set("".join(model.sample(10, rng=1))) <= {"a"}


def test_the_kinds_of_input() -> None:
    expected = mf.fit(FIVE).score(FIVE).tolist()
    for kind in (tuple(FIVE), iter(FIVE), np.array(FIVE), np.array(FIVE, dtype=object)):
        assert mf.fit(kind).score(FIVE).tolist() == expected


def test_progress(capsys: pytest.CaptureFixture[str]) -> None:
    mf.fit(FIVE, progress=True)
    assert "100%" in capsys.readouterr().err
