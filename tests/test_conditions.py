"""Conditions on drawn words: which words come, in what distribution, and what cannot be met."""

import itertools
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from corpora import FIVE, some_words
from instruction_sets import forced
from makemore_fast import _core
from makemore_fast.rng import stream_seed
from raising import raises
from smoothed import spelled

#: Options of `sample`, and what they ask of a word.
CONDITIONS: list[tuple[dict[str, Any], Callable[[str], bool]]] = [
    ({"max_length": 4}, lambda word: len(word) <= 4),
    ({"min_length": 7}, lambda word: len(word) >= 7),
    ({"min_length": 3, "max_length": 3}, lambda word: len(word) == 3),
    ({"suffix": "a"}, lambda word: word.endswith("a")),
    ({"suffix": "nna"}, lambda word: word.endswith("nna")),
    ({"contains": "ll"}, lambda word: "ll" in word),
    ({"match": "[aeiou].*n"}, lambda word: re.fullmatch("[aeiou].*n", word) is not None),
    ({"match": re.compile("B.*", re.I)}, lambda word: word.startswith("b")),
    (
        {"prefix": "m", "suffix": "a", "contains": "ri", "match": ".{4,7}", "max_length": 6},
        lambda word: re.fullmatch("m.*a", word) is not None and "ri" in word and 4 <= len(word) < 7,
    ),
]

WORDS = mf.names()


@pytest.fixture(scope="module")
def models() -> dict[str, mf.LanguageModel]:
    counts, many = mf.count(WORDS), mf.count(WORDS, order=4)
    ideographs = [chr(0x4E00 + i) + chr(0x4E00 + i * i % 2000) for i in range(2000)]
    return {
        "bigram": counts.model(smoothing=0.1),
        "kneser-ney": many.model(smoothing="kneser-ney"),
        "add-k": many.model(smoothing=0.01),
        "sparse": mf.count([*WORDS, *ideographs]).model(smoothing=0.001),
        "mixture": mf.fit(WORDS[:500], effort="fast"),
    }


def tried(
    model: mf.LanguageModel, n: int, seed: int, good: Callable[[str], bool], **how: Any
) -> list[str]:
    """Return the words that the reference's rule gives, one word and one try after another."""
    sampler = model._core.sampler(_core.Truncation(1.0, 0, 1.0, 0.0))
    free = _core.Conditions(0, 0, "", "", None)

    def word(seed: int, number: int) -> str:
        request = _core.Request(1, number, how.get("prefix", ""), 0, 1, free)
        (one,) = sampler.draw("list", request, seed, None)
        return str(one)

    words = []
    for number in range(n):
        again = reference.seed_of_tries(seed, number)
        tries = itertools.chain([word(seed, number)], (word(again, i) for i in itertools.count()))
        words.append(next(filter(good, tries)))
    return words


@pytest.mark.parametrize("kind", ["bigram", "kneser-ney", "add-k", "sparse", "mixture"])
def test_words_are_the_first_of_their_tries(kind: str, models: dict[str, mf.LanguageModel]) -> None:
    model = models[kind]
    for options, good in CONDITIONS:
        n = 150 if "contains" not in options else 5
        words = model.sample(n, rng=5, **options)
        assert words == tried(model, n, stream_seed(5), good, **options)


@settings(deadline=None)
@given(some_words, st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 9), st.integers(1, 6))
def test_equals_the_reference_stream(words: list[str], seed: int, start: int, most: int) -> None:
    model = mf.count(words).model(smoothing=0.5)
    last = len(model.alphabet) - 1
    options: dict[str, Any] = {"max_length": most}
    if last > 0:
        options["suffix"] = model.alphabet[last]
    ids, offsets = model.sample_ids(5, rng=seed, start=start, **options)
    expected = reference.meeting(
        model.probabilities.tolist(),
        stream_seed(seed),
        5,
        lambda word: len(word) <= most and (last == 0 or word[-1:] == [last]),
        start,
    )
    assert [ids[a:b].tolist() for a, b in itertools.pairwise(offsets.tolist())] == expected


@pytest.mark.parametrize("kind", ["bigram", "kneser-ney", "sparse", "mixture"])
def test_neither_parts_nor_threads_nor_instruction_sets_change_words(
    kind: str, models: dict[str, mf.LanguageModel]
) -> None:
    model = models[kind]
    how: dict[str, Any] = {"rng": 7, "suffix": "a", "min_length": 6}
    words = model.sample(700, threads=1, **how)
    assert model.sample(700, threads=3, **how) == words
    assert model.sample_corpus(100, start=300, **how).tolist() == words[300:400]
    assert spelled(model, *model.sample_ids(70, **how)) == words[:70]
    for isa in mf.build_info()["instruction_sets"]:
        with forced(isa):
            assert model.sample(100, **how) == words[:100]


@pytest.mark.parametrize("kind", ["bigram", "kneser-ney", "add-k", "sparse", "mixture"])
def test_words_have_the_distribution_of_those_that_meet_the_conditions(
    kind: str, models: dict[str, mf.LanguageModel]
) -> None:
    """As the model's own words do, cut down to these: chi-square of two samples."""
    model, n = models[kind], 40_000 if kind == "mixture" else 200_000
    words = model.sample(n, rng=11, max_length=4)
    free = [word for word in model.sample(4 * n, rng=12) if len(word) <= 4]
    names, counts = np.unique(words + free, return_counts=True)
    place = dict(zip(names.tolist(), range(len(names)), strict=True))
    two = np.zeros((2, len(names)))
    for row, sample in enumerate((words, free)):
        np.add.at(two[row], [place[word] for word in sample], 1)
    often = counts >= 40
    two = np.hstack([two[:, often], two[:, ~often].sum(axis=1, keepdims=True)])
    expected = two.sum(axis=1, keepdims=True) * two.sum(axis=0) / two.sum()
    squares, freedom = ((two - expected) ** 2 / expected).sum(), two.shape[1] - 1
    assert freedom > 50
    assert abs(squares - freedom) < 5 * (2 * freedom) ** 0.5


def test_short_words_have_the_share_that_the_model_gives_them() -> None:
    """Against exact probabilities, worked out for every word of at most four symbols."""
    model = mf.count(FIVE).model(smoothing=0.1)
    symbols = model.alphabet[1:]
    every = ["".join(c) for length in range(5) for c in itertools.product(symbols, repeat=length)]
    p = np.exp(model.score(every))
    n = 300_000
    place = dict(zip(every, range(len(every)), strict=True))
    seen = np.bincount(
        [place[word] for word in model.sample(n, rng=3, max_length=4)], minlength=len(every)
    )
    expected = n * p / p.sum()
    often = expected >= 20
    squares = ((seen - expected)[often] ** 2 / expected[often]).sum()
    rest = expected[~often].sum()
    squares += (seen[~often].sum() - rest) ** 2 / rest
    freedom = int(often.sum())
    assert freedom > 100
    assert abs(squares - freedom) < 5 * (2 * freedom) ** 0.5


@pytest.mark.parametrize("version", ["1.13", "2.0"])
def test_torch_words_that_miss_are_left_out(version: str) -> None:
    model = mf.count(WORDS).model(smoothing=0.1)
    for options, good in CONDITIONS[:-1]:
        rng, free = mf.TorchRNG(5, version=version), mf.TorchRNG(5, version=version)
        expected: list[str] = []
        while len(expected) < 20:
            expected += filter(good, model.sample(1, rng=free))
        assert model.sample(20, rng=rng, **options) == expected
        assert model.sample(3, rng=rng) == model.sample(3, rng=free)  # none was drawn beyond
    kept = model.sample(5, rng=mf.TorchRNG(5, version=version), suffix="a", unique=True)
    assert len(set(kept)) == 5
    assert all(word.endswith("a") for word in kept)


def test_conditions_and_filters_go_together() -> None:
    model = mf.count(WORDS).model()
    words = model.sample(3000, rng=1, suffix="a", max_length=5)
    new = list(dict.fromkeys(word for word in words if word not in set(WORDS)))
    found = model.sample(200, rng=1, suffix="a", max_length=5, unique=True, exclude=WORDS)
    assert found == new[:200]


@pytest.mark.parametrize(
    ("n", "options"),
    [
        (4, {"suffix": "iel"}),
        (4, {"contains": "xa"}),
        (6, {"match": ".*[xyz]e"}),
        (3, {"min_length": 13}),
        (4, {"suffix": "a", "max_length": 3}),  # most are drawn many times
    ],
)
def test_few_different_words_of_a_rare_kind(
    n: int, options: dict[str, Any], models: dict[str, mf.LanguageModel]
) -> None:
    for kind in ("bigram", "kneser-ney", "mixture"):
        words = list(dict.fromkeys(models[kind].sample(60, rng=1, **options)))
        assert models[kind].sample(n, rng=1, unique=True, **options)[: len(words)] == words[:n]
        new = [word for word in words if word not in WORDS]
        found = models[kind].sample(n, rng=1, unique=True, exclude=WORDS, **options)
        assert found[: len(new)] == new[:n]


def test_scores_are_those_of_the_words() -> None:
    model = mf.count(WORDS).model()
    words, scores = model.sample(50, rng=2, scores=True, temperature=0.5, prefix="a")
    assert words == model.sample(50, rng=2, temperature=0.5, prefix="a")
    assert scores.tolist() == model.score(words).tolist()
    none, nothing = model.sample(0, scores=True)
    assert none == nothing.tolist() == []


def test_a_condition_that_is_met_at_once_changes_nothing() -> None:
    model = mf.count(WORDS).model()
    free = model.sample(500, rng=3)
    assert model.sample(500, rng=3, max_length=10**9, match=".*", min_length=0) == free


def test_what_cannot_be_met_is_refused_and_named() -> None:
    model = mf.count(["emma", "ava"]).model()
    draw = model.sample
    raises(ValueError, "suffix= was missed most often, in 1048576", draw, 1, suffix="ve")
    raises(ValueError, "tries of word 0; contains= was missed", draw, 1, contains="vv", rng=1)
    raises(ValueError, "match= was missed most often", draw, 1, match="x*", rng=1)
    raises(ValueError, "words in a row; suffix=", draw, 1, suffix="ve", rng=mf.TorchRNG(1))
    endless = mf.count(["ab" * 9]).model()
    raises(ValueError, "max_length= was missed", endless.sample, 1, temperature=0, max_length=9)
    raises(ValueError, "min_length= is above max_length=", draw, 0, min_length=3, max_length=2)
    raises(ValueError, "suffix= is longer than max_length=", draw, 0, suffix="ava", max_length=2)
    raises(ValueError, "contains= is longer than max", draw, 0, contains="ava", max_length=2)
    raises(ValueError, "prefix= is longer than max_length=", draw, 0, prefix="ava", max_length=2)
    raises(ValueError, "= holds 'x', which is not in the alphabet", draw, 0, suffix="x")
    raises(ValueError, "= holds 'x', which is not in the alphabet", draw, 0, contains="x")
    raises(ValueError, "suffix= holds the boundary", draw, 0, suffix="a.")
    raises(ValueError, "match is no regular expression", draw, 0, match="(")
    raises(ValueError, "match is no regular expression", draw, 0, match="a{99999999999}")
    raises(ValueError, "max_length=, which is not given", draw, 0, truncate=True)
    raises(ValueError, "min_length must be 0 or more", draw, 0, min_length=-1)
    raises(ValueError, "top_p must be a number above 0", draw, 0, top_p=0)
    raises(ValueError, "top_p must be a number above 0", draw, 0, top_p=1.5)
    raises(ValueError, "min_p must be a number from 0", draw, 0, min_p=float("nan"))
    raises(TypeError, "match must be a str or a compiled pattern", draw, 0, match=b"a")
    raises(TypeError, "match must be a str", draw, 0, match=re.compile(b"a"))
    raises(TypeError, "suffix must be a str", draw, 0, suffix=None)
    raises(TypeError, "'seed'; rng= is meant", draw, 0, seed=1)


def test_what_a_pattern_raises_is_raised() -> None:
    class Pattern(str):
        __slots__ = ()

    model = mf.count(WORDS).model()
    sampler = model._core.sampler(_core.Truncation(1.0, 0, 1.0, 0.0))

    def fails(_words: list[str]) -> list[bool]:
        raise KeyError("from the pattern")

    def too_few(words: list[str]) -> list[bool]:
        return [True] * (len(words) - 1)

    for match, error in ((fails, KeyError), (too_few, IndexError)):
        conditions = _core.Conditions(0, 0, "", "", match)
        request = _core.Request(5000, 0, "", 0, 2, conditions)
        with pytest.raises(error):
            sampler.draw("list", request, 1, None)
    assert model.sample(5, rng=1, match=Pattern("a.*")) == model.sample(5, rng=1, match="a.*")


def test_top_p_of_a_large_alphabet_keeps_what_the_reference_keeps() -> None:
    ideographs = [chr(0x4E00 + i) for i in range(1500) for _ in range(1 + 1500 // (i + 1))]
    model = mf.count(ideographs).model(smoothing=0.1)
    p = model.next_probabilities("")
    asked: list[dict[str, Any]] = [
        {"top_p": 0.5}, {"min_p": 0.1}, {"top_p": 0.7, "top_k": 40, "temperature": 1.5},
    ]  # fmt: skip
    for options in asked:
        (kept,) = reference.reshaped([p.tolist()], **options)
        drawn = set(model.sample(30_000, rng=1, max_length=1, truncate=True, **options))
        likely = {model.alphabet[i] for i, q in enumerate(kept) if q > 0.002}
        assert drawn <= {model.alphabet[i] for i, q in enumerate(kept) if q > 0 and i} | {""}
        assert likely - {model.boundary} <= drawn
