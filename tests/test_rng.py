"""`rng=`: what it takes, what it means for ever, and that a failed call leaves it where it was."""

import copy
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
from corpora import FIVE
from makemore_fast.rng import bit_generator, stream_seed
from raising import raises

MODELS: dict[str, mf.LanguageModel] = {
    "bigrams": mf.count(FIVE).model(),
    "bigrams, large": mf.count(
        FIVE, alphabet="".join(map(chr, range(0x61, 0x61 + 1500)))
    ).model(smoothing=0.01),
    "trigrams": mf.count(FIVE, order=3).model(smoothing="kneser-ney"),
    "mixture": mf.fit(FIVE, chains=["h1 h2", "p15 f0"]),
}  # fmt: skip


def drawn_by(draw: Callable[..., Any], rng: Any) -> object:
    """Return three words of a generator."""
    return shown(draw(3, rng=rng))


#: Everything that takes rng=, drawing something that shows it.
TAKERS: dict[str, Callable[[Any], object]] = {
    **{
        f"{way} of {name}": partial(drawn_by, getattr(model, way))
        for name, model in MODELS.items()
        for way in ("sample", "sample_ids", "sample_corpus")
    },
    "split": lambda rng: mf.split(FIVE * 5, rng=rng),
    "fit": lambda rng: mf.fit(FIVE, chains=["h1", "h2"], rng=rng).weights.tolist(),
}  # fmt: skip
takers = pytest.mark.parametrize("take", TAKERS.values(), ids=TAKERS.keys())


def shown(drawn: Any) -> object:
    return [part.tolist() for part in drawn] if isinstance(drawn, tuple) else list(drawn)


@takers
@pytest.mark.parametrize(
    "rng",
    [
        "42", b"42", "", [], [1, 2], (1,), np.array([1, 2]), np.array(3), {}, 1.0, 1.5, 1j, int,
        float("nan"), True, False, np.True_, np.float64(3), np.random, np.random.RandomState(1),
        np.random.PCG64, object(), mf, FIVE,
    ],
    ids=lambda rng: type(rng).__name__,
)  # fmt: skip
def test_what_is_no_randomness(take: Callable[[Any], object], rng: Any) -> None:
    message = "rng must be None, int, SeedSequence, BitGenerator or Generator.*, got "
    raises(TypeError, message + type(rng).__name__, take, rng)


@takers
@pytest.mark.parametrize("rng", [-1, np.int64(-(2**63)), -(2**100)])
def test_a_negative_seed(take: Callable[[Any], object], rng: Any) -> None:
    raises(ValueError, f"rng must be an int from 0 up.*, got {rng}", take, rng)


def test_python_s_generator_is_for_split_alone() -> None:
    assert mf.split(FIVE, rng=random.Random(1)) == mf.split(FIVE, rng=random.Random(1))
    for name, take in TAKERS.items():
        if name != "split":
            raises(TypeError, "rng must be .*, got Random", take, random.Random(1))


@takers
def test_a_seed_is_pcg64_s_whatever_numpy_s_default_is(
    take: Callable[[Any], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = [0, 42, np.uint8(7), np.int64(42), 2**70, np.random.SeedSequence(5)]
    expected = [take(np.random.PCG64(copy.deepcopy(seed))) for seed in seeds]  # type: ignore[arg-type]
    generators = [take(np.random.Generator(np.random.PCG64(seed))) for seed in seeds]  # type: ignore[arg-type]

    def default_rng(seed: Any = None) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64DXSM(seed))

    monkeypatch.setattr(np.random, "default_rng", default_rng)
    assert [take(seed) for seed in seeds] == expected == generators


def test_the_seeds_of_today() -> None:
    """A promise: these are the first raw draws of PCG64, folded."""
    assert [stream_seed(seed) for seed in (0, 42)] == [
        stream_seed(np.random.PCG64(seed)) for seed in (0, 42)
    ]
    first, second = np.random.PCG64(42).random_raw(2).tolist()
    assert stream_seed(42) == (first ^ second << 32) % 2**64
    assert isinstance(bit_generator(None), np.random.PCG64)
    assert stream_seed(None) != stream_seed(None)


@given(st.integers(0, 2**64 - 1) | st.integers(0, 2**80))
def test_any_number_s_seed_is_pcg64_s(number: int) -> None:
    """The core makes those below 2**64 itself."""
    expected = stream_seed(np.random.PCG64(number))
    assert stream_seed(number) == expected
    assert stream_seed(np.random.SeedSequence(number)) == expected


class Broken:
    """Words whose reading fails in the end."""

    def __repr__(self) -> str:
        return "Broken()"

    def __iter__(self) -> Any:
        yield "ava"
        raise ZeroDivisionError


#: Options that fail, in every order of being looked at.
BAD: list[dict[str, Any]] = [
    {"n": -1}, {"n": 1.5}, {"n": "1"}, {"n": 2**60}, {"prefix": "z?"}, {"prefix": "a."},
    {"prefix": 3}, {"prefix": "avava", "max_length": 3}, {"max_length": 0}, {"threads": 0},
    {"threads": "all"}, {"temperature": -1}, {"temperature": "hot"}, {"temperature": float("nan")},
    {"top_k": 0}, {"top_k": "3"}, {"top_k": 1.5}, {"exclude": [None]}, {"exclude": "ava"},
    {"exclude": Broken()}, {"exclude": 3}, {"exclude": ["a.b"]}, {"unique": None},
]  # fmt: skip


@pytest.mark.parametrize("options", BAD, ids=repr)
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("kind", [np.random.PCG64, np.random.MT19937, mf.TorchRNG])
def test_a_generator_stays_where_it_was_if_the_call_fails(
    name: str, kind: Any, options: dict[str, Any]
) -> None:
    model, rng = MODELS[name], kind(5)
    given = rng if kind is mf.TorchRNG else np.random.Generator(rng)
    before = copy.deepcopy(rng)
    asked: dict[str, Any] = {"n": 3, "rng": given, "max_length": 9, "truncate": True} | options
    for draw in (model.sample, model.sample_ids, model.sample_corpus):
        with pytest.raises((TypeError, ValueError, ZeroDivisionError)):
            draw(**asked)
    if kind is not mf.TorchRNG:
        with pytest.raises((TypeError, ValueError, ZeroDivisionError)):
            list(model._parts(**asked))
    assert model.sample(5, rng=rng) == model.sample(5, rng=before)


@pytest.mark.parametrize("options", [{"start": -1}, {"start": 2**64}, {"start": "0"}], ids=repr)
@pytest.mark.parametrize("name", MODELS)
def test_a_bad_start_leaves_a_generator_too(name: str, options: dict[str, Any]) -> None:
    for rng in (np.random.PCG64(5), mf.TorchRNG(5)):
        before = copy.deepcopy(rng)
        for draw in (MODELS[name].sample_ids, MODELS[name].sample_corpus):
            with pytest.raises((TypeError, ValueError)):
                draw(3, rng=rng, **options)
        assert MODELS[name].sample(5, rng=rng) == MODELS[name].sample(5, rng=before)


def test_what_a_model_cannot_draw_leaves_a_generator() -> None:
    never = mf.count(["ab"], alphabet="abc").model()
    endless = mf.count(["ab", "ba", "bab", "aba"]).model()
    rng = np.random.PCG64(5)
    for draw in (never.sample, never.sample_ids, never.sample_corpus):
        raises(ValueError, "after 'c', so no symbol can be drawn", draw, 1, rng=rng, prefix="c")
    raises(ValueError, "can never end", endless.sample, 1, rng=rng, temperature=0)
    assert stream_seed(rng) == stream_seed(5)


@pytest.mark.parametrize(
    "options",
    [
        {"chains": ["h1", "x3"]}, {"chains": []}, {"chains": "h1"}, {"chains": [3]}, {"chains": 3},
        {"dev": []}, {"dev": ["zoe"]}, {"dev": [None]}, {"dev": Broken()}, {"threads": 0},
        {"threads": 1.5}, {"boundary": "e"}, {"boundary": ".."}, {"boundary": 3}, {"nulls": "x"},
        {"nulls": None}, {"column": "x"}, {"column": 3}, {"progress": 3}, {"words": []},
        {"words": ["a.b"]}, {"words": Broken()}, {"words": None},
    ],
    ids=repr,
)  # fmt: skip
def test_a_fit_that_fails_leaves_a_generator(options: dict[str, Any]) -> None:
    rng = np.random.PCG64(5)
    asked: dict[str, Any] = {"words": FIVE, "rng": rng} | options
    with pytest.raises((TypeError, ValueError, ZeroDivisionError)):
        mf.fit(**asked)
    assert stream_seed(rng) == stream_seed(5)


@pytest.mark.parametrize(
    "options",
    [{"words": "emma"}, {"words": ["a", 1]}, {"words": Broken()}, {"fractions": (0.5,)},
     {"fractions": "half"}, {"fractions": None}],
    ids=repr,
)  # fmt: skip
def test_a_split_that_fails_leaves_a_generator(options: dict[str, Any]) -> None:
    for rng in (np.random.PCG64(5), random.Random(5)):
        before = copy.deepcopy(rng)
        asked: dict[str, Any] = {"words": FIVE, "rng": rng} | options
        with pytest.raises((TypeError, ValueError, ZeroDivisionError)):
            mf.split(**asked)
        assert mf.split(FIVE, rng=rng) == mf.split(FIVE, rng=before)


def test_a_generator_is_left_alone_by_a_seed() -> None:
    """No call reads or moves the global generators."""
    before = str(np.random.get_state(legacy=False)), random.getstate()  # noqa: NPY002
    for take in TAKERS.values():
        take(3), take(None)
    assert (str(np.random.get_state(legacy=False)), random.getstate()) == before  # noqa: NPY002
