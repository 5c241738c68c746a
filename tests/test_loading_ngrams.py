"""Saved back-off models in which numbers were changed: an error that names the member."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
from saved_members import given_members, in_the_folder, load, ngram_members, single_members

# The words "a", "ab", "abb" and "ba" at order 3; states 0 to 2 are ".", "a" and "b".


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def states() -> int:
    return len(ngram_members()["parent"])


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("format", 3, "format 3 is not known"),
        ("format", 2, "format: saved ngram has format 1, got 2"),
        ("order", 0, "order: order 0 cannot be"),
        ("order", 1, "weight: state 0 must be 1 in a model of order 1"),
        ("order", 129, "order: order 129 cannot be"),
        ("order", 128, "order 128 is too high for an alphabet of 3 symbols"),
        ("order", 2, "next: follower 0 leads to another context"),
        ("order", 4, "next: follower .* leads to another context"),
        ("smoothing", "katz", "smoothing: 'katz' is not known"),
        ("smoothing", "witten-bell", "discounts= is for"),
        ("k", -1.0, "k: must be a number from 0 up"),
        ("k", np.nan, "k: must be a number from 0 up, got nan"),
        ("by_levels", -1, "by_levels: must be 0 or 1"),
        ("discounts", np.zeros((2, 3)), r"got an array of shape \(2, 3\)"),
        ("discounts", {(0, 0): np.inf}, "discounts: inf cannot be taken"),
        ("alphabet", [46, 98, 97], "order of their code points"),
        ("alphabet", [46, 97], "shortest: expected 2 numbers, got 3"),
        ("shortest", {0: 1.5}, "shortest: symbol 0 has no probability"),
        ("shortest", {2: np.nan}, "shortest: symbol 2 has no probability"),
        ("log_shortest", {1: -9}, "log_shortest: symbol 1 has another number"),
        ("parent", {0: 1}, "parent: state 0 is of one symbol"),
        ("parent", {3: 3}, "next: follower 2 leads to another context"),
        ("parent", {3: 2**32 - 1}, "next: follower 2 leads to another context"),
        ("weight", {1: -0.5}, "weight: state 1 has no weight"),
        ("weight", {1: np.inf}, "weight: state 1 has no weight"),
        ("weight", {1: 0.9999}, "log_weight: state 1 has another number"),
        ("log_weight", {1: np.nan}, "log_weight: state 1 has another number"),
        ("follow", {0: 1}, "follow: must go up from 0"),
        ("follow", {-1: 5}, "follow: must go up from 0"),
        ("follow", {1: 2**32 - 1}, "follow: must go up from 0"),
        ("symbol", {0: 3}, "symbol: follower 0 is not in the alphabet"),
        ("symbol", {1: 1}, "symbol: follower 1 does not come after the one before it"),
        ("next", {0: 2**32 - 1}, "next: follower 0 leads to another context"),
        ("next", {0: 0}, "next: follower 0 leads to another context"),
        ("next", {-1: 0}, "next: follower .* leads to another context"),
        ("log", {0: 0.5}, "log: follower 0 has no logarithm"),
        ("log", {0: np.nan}, "log: follower 0 has no logarithm"),
        ("log", {0: -7}, "own: follower 0 has a share that does not add up"),
        ("own", {0: np.nan}, "own: follower 0 has no share"),
        ("own", {0: -0.2}, "own: follower 0 has no share"),
        ("own", {0: 0.9}, "own: follower 0 has a share that does not add up"),
        ("own", np.zeros(3), "own: expected .* numbers, got 3"),
        ("log", np.zeros(3), "log: expected .* numbers, got 3"),
        ("weight", np.zeros(3), "weight: expected .* numbers, got 3"),
        ("follow", np.zeros(0, np.uint32), "follow: expected .* numbers, got 0"),
        ("parent", np.zeros(0, np.uint32), "parent: 0 states cannot be"),
        ("next", np.zeros(3), "next: must be uint32, got float64"),
    ],
)
def test_models_that_make_no_sense(name: str, value: object, problem: str) -> None:
    members = ngram_members()
    right = members[name]
    if isinstance(value, dict):  # what is changed in it
        changed = right.copy()
        for place, number in value.items():
            changed[place] = number
    else:
        changed = np.asarray(value, right.dtype if isinstance(value, list) else None)
    with pytest.raises(ValueError, match=problem) as caught:
        load(members | {name: changed})
    assert str(caught.value).startswith("made.npz")


def test_single_symbols_have_no_context() -> None:
    members: Any = single_members()
    half = {"weight": np.array([1, 0.5, 1]), "log_weight": np.log([1, 0.5, 1])}
    with pytest.raises(ValueError, match="weight: state 1 must be 1 in a model of order 1"):
        load(members | half)
    followers = {
        "follow": np.array([0, 1, 1, 1], np.uint32),
        "symbol": np.array([1], np.uint32),
        "next": np.array([1], np.uint32),
        "log": members["log_shortest"][1:2],
        "own": np.zeros(1),
    }
    with pytest.raises(ValueError, match="follow: state 0 of order 1 has followers"):
        load(members | followers)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("probabilities", np.eye(2), r"must be of shape \(3, 3\), got \(2, 2\)"),
        ("probabilities", np.eye(3, dtype="f4"), "must be float64, got float32"),
        ("probabilities", np.eye(3) * 0.9, "the row of '.' sums to 0.9 and not to 1"),
        ("probabilities", np.full((3, 3), np.nan), "is no probability"),
        ("alphabet", np.array([46, 98, 97], np.uint32), "order of their code points"),
        ("alphabet", np.array([46, 97, 0x110000], np.uint32), "1114112 is no code point"),
        ("alphabet", np.array([46, 97, 0xD800], np.uint32), "lone surrogate"),
        ("alphabet", np.zeros(0, np.uint32), "there are 0 symbols"),
        ("smoothing", np.array(1.0), "unexpected member 'smoothing'"),
    ],
)
def test_given_rows_that_make_no_sense(name: str, value: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as caught:
        load(given_members() | {name: value})
    assert str(caught.value).startswith("made.npz")


def test_two_states_that_change_places() -> None:
    members: Any = ngram_members()
    followers = np.flatnonzero(members["next"] >= 3)[:2]
    changed = members["next"].copy()
    changed[followers] = changed[followers[::-1]]
    with pytest.raises(ValueError, match="next: follower"):
        load(members | {"next": changed})


def test_shares_that_do_not_sum_to_one() -> None:
    members: Any = ngram_members()
    weight, log, own = (members[name].copy() for name in ("weight", "log", "own"))
    begin, end = members["follow"][0], members["follow"][1]
    own[begin:end] /= 2
    shorter = members["shortest"][members["symbol"][begin:end]]
    log[begin:end] = np.log(own[begin:end] + weight[0] * shorter)
    with pytest.raises(ValueError, match="own: state 0 has shares that do not sum to one"):
        load(members | {"log": log, "own": own})
    # Which is allowed of tables that are not drawn by levels.
    loaded = load(members | {"log": log, "own": own, "by_levels": np.array(0)})
    assert isinstance(loaded, mf.LanguageModel)
    assert 0.5 < loaded.next_probabilities().sum() < 0.99


@in_the_folder
@given(data=st.data())
def test_any_bits_in_the_place_of_any_others(data: st.DataObject) -> None:
    members = ngram_members()
    tables = [name for name, array in members.items() if array.ndim == 1]
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(tables))
        bits = bytearray(members[name].tobytes())
        place = data.draw(st.integers(0, 8 * len(bits) - 1))
        bits[place // 8] ^= 1 << place % 8
        members[name] = np.frombuffer(bytes(bits), members[name].dtype)
    try:
        loaded = load(members)
    except ValueError as error:
        assert str(error).startswith("made.npz")  # noqa: PT017
        return
    assert isinstance(loaded, mf.NgramModel)
    assert (loaded.score(["a", "ab", "zz"]) <= 1e-6).all()
    for prefix in ("", "a", "ab", "b"):
        row = loaded.next_probabilities(prefix)
        assert (row >= 0).all()
        assert row.sum() <= 1.01
    loaded.write_arpa("model.arpa")
    loaded.sample(3, rng=1, max_length=5, truncate=True)
