"""Sampling: the stream word for word, its distribution, and what stops it before it starts."""

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from corpora import FIVE, some_words
from instruction_sets import forced
from kinds import MODELS
from makemore_fast.rng import stream_seed
from raising import raises
from smoothed import spelled

# -- the stream ----------------------------------------------------------------------------


@settings(deadline=None)
@given(some_words, st.sampled_from([0, 0.5]), st.integers(0, 2**70), st.integers(0, 2**64 - 9))
def test_equals_the_reference_stream(
    words: list[str], smoothing: float, seed: int, start: int
) -> None:
    model = mf.count(words).model(smoothing=smoothing)
    ids, offsets = model.sample_ids(8, rng=seed, start=start, max_length=20, truncate=True)
    expected = reference.sample(
        model.probabilities.tolist(), stream_seed(seed), 8, start, max_length=20
    )
    assert [ids[a:b].tolist() for a, b in itertools.pairwise(offsets.tolist())] == expected


@pytest.mark.parametrize("isa", mf.build_info()["instruction_sets"])
def test_the_stored_stream_has_not_changed(isa: str) -> None:
    """A stream is a promise: changing it is a breaking change (tests/data/make_stream.py)."""
    stored = json.loads((Path(__file__).parent / "data" / "stream.json").read_text("utf-8"))
    assert len(stored) == 10
    for case in stored:
        model: Any = mf.count(case["words"], order=case["order"]).model(smoothing=case["smoothing"])
        with forced(isa):
            drawn = model.sample(len(case["sample"]), rng=case["seed"], **case["shape"])
        assert drawn == case["sample"]


@pytest.mark.parametrize("threads", [None, 1, 2, 3, 7])
@pytest.mark.parametrize("n", [0, 1, 2047, 2048, 2049, 20_001])
def test_words_do_not_depend_on_threads_or_batches(n: int, threads: int | None) -> None:
    model = mf.count(FIVE).model(smoothing=0.1)
    ids, offsets = model.sample_ids(20_001, rng=7, threads=1)
    some, some_offsets = model.sample_ids(n, rng=7, threads=threads)
    assert (some_offsets == offsets[: n + 1]).all()
    assert (some == ids[: offsets[n]]).all()
    later, later_offsets = model.sample_ids(20_001 - n, rng=7, start=n, threads=threads)
    assert (later == ids[offsets[n] :]).all()
    assert (later_offsets == offsets[n:] - offsets[n]).all()


@pytest.mark.parametrize("isa", ["baseline", "avx2", "avx512"])
def test_every_instruction_set_draws_the_same(isa: str) -> None:
    if isa not in mf.build_info()["instruction_sets"]:
        pytest.skip("not on this machine")
    # From words that end at once to words of a hundred symbols.
    for smoothing, size in ((0.1, 1), (1, 30), (5, 100), (0.5, 254)):
        words = ["".join(chr(0x100 + i) for i in range(size))]
        model = mf.count(words).model(smoothing=smoothing)
        expected = reference.sample(
            model.probabilities.tolist(), stream_seed(5), 200, 2**32 - 100, max_length=0
        )
        with forced(isa):
            ids, offsets = model.sample_ids(200, rng=5, start=2**32 - 100)
        assert [ids[a:b].tolist() for a, b in itertools.pairwise(offsets.tolist())] == expected


@pytest.mark.parametrize(
    "alphabet", ["ab", "abcdefghijklmnopqrstuvwxyz", "né", "中文字", "a😀", "né中😀"]
)
def test_str_and_ids_are_the_same_words(alphabet: str) -> None:
    model = mf.count([*alphabet, alphabet]).model(smoothing=1)
    sampled = model.sample(1000, rng=3)
    assert sampled == spelled(model, *model.sample_ids(1000, rng=3))
    # Each is a proper str of its kind: it hashes and compares like one built by Python.
    assert all({word: 1}["".join(list(word))] for word in sampled)
    assert "" in sampled


def test_ids_are_the_smallest_unsigned_type() -> None:
    for size, dtype in ((2, np.uint8), (255, np.uint8), (256, np.uint16), (3000, np.uint16)):
        alphabet = [chr(0x4E00 + i) for i in range(size)]
        model = mf.count(alphabet).model()
        ids, offsets = model.sample_ids(5000, rng=1)
        assert ids.dtype == dtype
        assert offsets.dtype == np.int64
        assert spelled(model, ids, offsets) == model.sample(5000, rng=1)


# -- randomness from elsewhere -------------------------------------------------------------


def test_a_generator_moves_on_by_two_raw_draws() -> None:
    model = mf.count(FIVE).model(smoothing=1)
    ours, twin = np.random.default_rng(5), np.random.default_rng(5)
    first, second = model.sample(20, rng=ours), model.sample(20, rng=ours)
    assert first != second
    twin.bit_generator.random_raw(4)
    assert ours.bit_generator.state == twin.bit_generator.state


def test_every_bit_generator_fills_the_whole_seed() -> None:
    for kind in (np.random.MT19937, np.random.Philox, np.random.SFC64, np.random.PCG64DXSM):
        seeds = [stream_seed(kind(i)) for i in range(64)]
        ones = np.bitwise_or.reduce(np.array(seeds, dtype=np.uint64))
        assert ones == np.uint64(2**64 - 1)


# -- the options, word for word -------------------------------------------------------------


@pytest.fixture(scope="module")
def model() -> mf.Model:
    return mf.count(mf.names()).model(smoothing=0.01)


@pytest.mark.parametrize("kind", MODELS)
def test_the_most_likely_symbol_is_the_same_at_every_temperature(kind: str) -> None:
    model = MODELS[kind](FIVE)
    most_likely = model.sample(2, rng=1, temperature=0, max_length=6, truncate=True)
    for temperature in (5e-324, 0.1, 0.7, 3, 1e7, 1e9, 1e300):
        for how in ({"top_k": 1}, {"top_p": 5e-324}):
            options: dict[str, Any] = {"temperature": temperature, **how}
            words = model.sample(2, rng=1, max_length=6, truncate=True, **options)
            assert words == most_likely, options


def test_temperature_zero_takes_the_most_likely_and_the_first_of_equals() -> None:
    model = mf.count(["ba", "ab", "cab"]).model()
    ids = model.probabilities.argmax(axis=1)
    word: list[str] = []
    state = 0
    while (state := int(ids[state])) and len(word) < 9:
        word.append(model.alphabet[state])
    assert model.sample(3, rng=1, temperature=0, max_length=9, truncate=True) == ["".join(word)] * 3
    assert model.sample(3, rng=1, top_k=1, max_length=9, truncate=True) == ["".join(word)] * 3


def test_prefix_begins_every_word_and_what_follows_is_the_model(model: mf.Model) -> None:
    sampled = model.sample(5000, rng=1, prefix="mar")
    assert all(word.startswith("mar") for word in sampled)
    assert "mar" in sampled
    assert model.sample(100, rng=1, prefix="r") == [word[2:] for word in sampled[:100]]


def test_max_length_cuts(model: mf.Model) -> None:
    free = model.sample(2000, rng=4)
    assert model.sample(2000, rng=4, max_length=5, truncate=True) == [word[:5] for word in free]
    assert model.sample(2, rng=4, prefix="mar", max_length=3, truncate=True) == ["mar", "mar"]
    with pytest.raises(ValueError, match="prefix= is longer than max_length="):
        model.sample(1, prefix="mary", max_length=3, truncate=True)


# -- what stops it before it starts ----------------------------------------------------------


def test_a_row_never_seen() -> None:
    model = mf.count(["ab"], alphabet="abc").model()
    assert model.sample(3, rng=1) == ["ab"] * 3  # never gets to c
    with pytest.raises(ValueError, match="after 'c', so no symbol can be drawn.*smoothing="):
        model.sample(1, prefix="c")
    raises(ValueError, "after 'c'", model.sample_ids, 0, prefix="c")


def test_a_word_that_can_never_end() -> None:
    model = mf.count(["ab", "ba", "bab", "aba"]).model()
    raises(ValueError, r"can never end; give max_length=", model.sample, 1, temperature=0)
    assert model.sample(1, temperature=0, max_length=6, truncate=True) == ["ababab"]
    assert model.sample(1, rng=1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n": -1}, "n must be from 0"),
        ({"n": 10**30}, "n must be from 0"),
        ({"temperature": -1}, "temperature must be"),
        ({"temperature": float("nan")}, "temperature must be"),
        ({"temperature": float("inf")}, "temperature must be"),
        ({"top_k": 0}, "top_k must be 1 or more"),
        ({"max_length": 0, "truncate": True}, "max_length must be 1 or more"),
        ({"threads": 0}, "threads must be 1 or more"),
        ({"prefix": "z"}, "prefix= holds 'z', which is not in the alphabet"),
        ({"prefix": "\ud800"}, "not in the alphabet"),
        ({"prefix": "a."}, "prefix= holds the boundary '.'"),
    ],
)
def test_options_that_make_no_sense(options: dict[str, Any], message: str) -> None:
    model = mf.count(FIVE).model()
    raises(ValueError, message, model.sample, **options)
    raises(ValueError, message, model.sample_ids, **options)


def test_options_that_are_larger_than_makes_sense() -> None:
    model = mf.count(FIVE).model()
    assert model.sample(
        9, rng=1, max_length=10**30, truncate=True, top_k=10**30, threads=10**30
    ) == model.sample(9, rng=1)


@pytest.mark.parametrize("start", [-1, 2**64 - 1, 2**64])
def test_a_start_outside_the_stream(start: int) -> None:
    raises(ValueError, "start must be", mf.count(FIVE).model().sample_ids, 2, start=start)
