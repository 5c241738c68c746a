"""`load`: what was saved comes back, and what anybody made of it is checked."""

import pickle
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

import makemore_fast as mf
from corpora import FIVE, words
from raising import raises
from saved_members import (
    KINDS,
    counts_members,
    in_the_folder,
    load,
    mixture_members,
    some_words_have,
)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


DATA = Path(__file__).parent / "data"


@in_the_folder
@given(words, st.integers(2, 7))
def test_saved_counts_of_any_order_come_back(corpus: list[str], order: int) -> None:
    counted = mf.count(corpus, order=order)
    counted.save("any name")
    assert mf.load("any name") == counted
    assert [path.name for path in Path().iterdir()] == ["any name"]
    assert pickle.loads(pickle.dumps(counted)) == counted


def test_files_of_the_first_version() -> None:
    assert mf.load(DATA / "bigrams_1.npz") == mf.count(FIVE)
    assert mf.load(DATA / "fourgrams_1.npz") == mf.count([*FIVE, "né", ""], order=4)
    model = mf.load(DATA / "mixture_1.npz")
    assert isinstance(model, mf.MixtureModel)
    assert model.chains == ("h1 h2", "p15 h1")
    assert model.score(["emma", "ava"]).round(4).tolist() == [-7.7333, -7.3581]
    assert isinstance(load(counts_members()), mf.Counts)
    assert isinstance(load(mixture_members()), mf.MixtureModel)


def test_types_of_other_machines() -> None:
    members = counts_members()
    expected = load(members)
    for name, array in members.items():
        other = array.astype(array.dtype.newbyteorder())
        assert other.dtype.byteorder != array.dtype.byteorder
        assert load(members | {name: other}) == expected
    assert load(members | {"format": np.array(1, np.int32)}) == expected
    assert load(members | {"kind": np.array("counts")}) == expected


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("boundary", 97, "words: word 0: 'a' contains the boundary 'a'"),
        ("boundary", 0x110000, "boundary: 1114112 is no code point"),
        ("boundary", 2**40, "boundary: .* is no code point"),
        ("boundary", -1, "boundary: -1 is no code point"),
        ("boundary", 0xD800, "words: .*lone surrogate"),
        ("boundary", ".", "boundary: must be a whole number, got str"),
        ("words", np.frombuffer(b"a\xffab", np.uint8), "words: the last word has no end"),
        ("words", np.frombuffer(b"a\xff\x80\xff", np.uint8), "words: word 1: "),
        ("words", np.frombuffer(b"", np.uint8), "there are no words to fit"),
        ("words", np.array([97, 255]), "words: must be uint8, got int64"),
        ("chains", ["h1", "h1 x"], "chains: .*got .x"),
        ("chains", ["h1", "h1 h1"], "chains: .*twice"),
        ("chains", ["h1", "\ud800"], r"chains: '.ud800' is not expected"),
        ("chains", ["h1"], r"weights: must be of shape \(46\), got \(79\)"),
        ("chains", ["h1"] * 5, "chains: no model has 79 weights and these chains"),
        ("chains", np.array([], "U1"), r"weights: must be of shape \(17\), got \(79\)"),
        ("chains", ["h1", "h1 " * 50], "chains: no model has"),
        ("chains", "h1", "chains: must be of shape"),
        ("weights", np.full(79, np.nan, np.float32), "weight 0 is nan; a weight is a number"),
        ("weights", np.full(79, np.inf, np.float32), "weight 0 is inf"),
        ("weights", np.full(79, -2e6, np.float32), "weight 0 is -2000000"),
        ("weights", np.full(78, 1, np.float32), r"must be of shape \(79\), got \(78\)"),
        ("weights", np.full(79, 1.0), "weights: must be float32, got float64"),
        ("tried_losses", np.array([1.5]), r"tried_losses: must be of shape \(2\), got \(1\)"),
        ("tried_losses", np.array([1.5, np.nan]), "the loss 1 of chains that were tried is nan"),
        ("tried_chains", ["h1", "h0"], "tried_chains.*number in .h0."),
    ],
)
def test_mixtures_that_make_no_sense(name: str, value: object, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as caught:
        load(mixture_members() | {name: np.asarray(value)})
    assert str(caught.value).startswith("made.npz, ")


def test_weights_at_the_limit_are_used() -> None:
    for sign in product([-1e6, 1e6], repeat=3):
        weights = np.resize(np.array(sign, np.float32), 79)
        model = load(mixture_members() | {"weights": weights})
        assert isinstance(model, mf.MixtureModel)
        for prefix in ("", "a", "b", "ab"):
            assert model.next_probabilities(prefix).sum() == pytest.approx(1)
            scores = [model.symbol_scores([prefix + s])[0][len(prefix)] for s in "ab"]
            assert max(scores) <= 1e-5
        assert len(model.sample(5, rng=1, max_length=5)) == 5


@pytest.mark.parametrize("kind", KINDS)
def test_every_member_is_needed_and_no_other_is_taken(kind: str) -> None:
    members = KINDS[kind]()
    for name in members:
        if (kind, name) == ("mixture", "kind"):
            continue  # that makes it counts
        with pytest.raises(ValueError, match=rf"made.npz.*{name}.* is missing"):
            load({other: array for other, array in members.items() if other != name})
    raises(ValueError, "unexpected member 'more'", load, members | {"more": np.array(1)})


arrays = nps.arrays(
    st.one_of(
        nps.integer_dtypes(),
        nps.unsigned_integer_dtypes(),
        nps.floating_dtypes(sizes=(16, 32, 64)),
        nps.boolean_dtypes(),
        nps.unicode_string_dtypes(max_len=4),
        nps.byte_string_dtypes(max_len=4),
        nps.complex_number_dtypes(),
        nps.datetime64_dtypes(),
    ),
    nps.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5),
)


@pytest.mark.parametrize("kind", KINDS)
@in_the_folder
@given(data=st.data())
def test_any_array_in_the_place_of_any_other(kind: str, data: st.DataObject) -> None:
    members = KINDS[kind]()
    name = data.draw(st.sampled_from(sorted(members)))
    right = members[name]
    array = data.draw(
        st.one_of(arrays, nps.arrays(right.dtype, right.shape)), label=f"in place of {name}"
    )
    try:
        loaded = load(members | {name: array})
    except ValueError as error:
        assert str(error).startswith("made.npz")  # noqa: PT017
        return
    if isinstance(loaded, mf.MixtureModel):
        assert np.isfinite(loaded.score(["a", "ab", ""])).all()
        loaded.sample(2, rng=1, max_length=4)
    else:
        cells = dict(zip(map(tuple, loaded.ngrams()[0].tolist()), loaded.ngrams()[1], strict=True))
        assert some_words_have(cells, loaded.order)
    loaded.save("again.npz")
    again = mf.load("again.npz")
    assert repr(again) == repr(loaded)
