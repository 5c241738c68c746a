"""`load`: what was saved comes back, and what anybody made of it is checked."""

import pickle
from contextlib import suppress
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
    with pytest.raises(ValueError, match=r"mixture_1\.npz: a model that an earlier version"):
        mf.load(DATA / "mixture_1.npz")
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


def test_a_file_of_a_fitted_mixture() -> None:
    model = mf.load(DATA / "mixture_2.npz")
    assert isinstance(model, mf.MixtureModel)
    assert model.chains == ("h1 h2", "p15 h1", "y6 v1 q1 c1/2")
    assert model.score(["emma", "ava"]).round(4).tolist() == SCORES


SCORES = [-8.218, -6.6895]


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("format", 1, "a model that an earlier version of makemore_fast fitted"),
        ("format", 3, "format 3 is not known"),
        ("alphabet", [46, 98, 97], "alphabet: .*in the order of their code points"),
        ("alphabet", [46, 97], "weights: expected .* weights, got"),
        ("alphabet", [], "alphabet: there are 0 symbols"),
        ("words", -1, "words: -1 is no number of words"),
        ("words", ".", "words: must be a whole number, got str"),
        ("chains", ["h1", "h1 x"], "chains: .*got .x"),
        ("chains", ["h1", "h1 h1"], "chains: .*twice"),
        ("chains", ["h1", "\ud800"], r"chains: '.ud800' is not expected"),
        ("chains", ["h1"], "nodes_of: expected numbers for 1 chains, got 2"),
        ("chains", np.array([], "U1"), "there are no chains"),
        ("chains", "h1", "chains: must be of shape"),
        ("classes", [0, 1], "classes: expected the classes of 3 symbols, got 2"),
        ("classes", [1, 1, 1], "classes: symbol 0 cannot be of class 1"),
        ("classes", [0, 1, 3], "classes: symbol 2 cannot be of class 3"),
        ("weights", {0: np.nan}, "weight 0 is nan; a weight is a number"),
        ("weights", {1: np.inf}, "weight 1 is inf"),
        ("weights", {2: -2e6}, "weight 2 is -2000000"),
        ("weights", np.full(78, 1, np.float32), "weights: expected .* weights, got 78"),
        ("weights", np.full(79, 1.0), "weights: must be float32, got float64"),
        ("prefixes", np.zeros((0, 2), np.uint32), "prefixes: expected 1 to .* prefixes, got 0"),
        ("prefixes", [[1, 0]], "prefixes: prefix 0 is prefix 1 and symbol 0, which cannot be"),
        ("prefixes", [[0, 0], [1, 1]], "prefixes: prefix 1 is prefix 1"),
        ("prefixes", [[0, 0], [0, 3]], "prefixes: prefix 1 is prefix 0 and symbol 3"),
        ("nodes_of", {0: 5}, "nodes_of: the chains do not have"),
        ("nodes_of", {0: 2**64 - 1, 1: 20}, "nodes_of: the chains do not have"),
        ("rows_of", {0: 0}, "rows_of: the chains do not have"),
        ("nodes", {(0, 0): 1}, "chain 0, node 0 is no root"),
        ("nodes", {(0, 2): 0}, "chain 0, node 0 has no row or a size that cannot be"),
        ("nodes", {(1, 2): 15}, "chain 0, node 1 has no row or a size that cannot be"),
        ("nodes", {(1, 0): 1}, "chain 0, node 1 does not come after its parent"),
        ("nodes", {(1, 1): 1 << 24 | 1}, "chain 0, node 1 has a feature that cannot be"),
        ("nodes", {(1, 1): 0}, "chain 0, node 1 has a value that its feature cannot have"),
        ("nodes", {(1, 1): 4}, "chain 0, node 1 has a value that its feature cannot have"),
        ("nodes", {(1, 1): 2}, "chain 0, node 2 does not come after its sibling"),
        ("nodes", {(1, 2): 2**32 - 8}, "chain 0, node 1 has a row"),
        ("rows", {0: 1}, "chain 0, node 0 has a row over other symbols"),
        ("rows", {1: 0}, "chain 0, node 0 has a row that is not there"),
        ("rows", {1: 15}, "chain 0, node 0 has a row over other symbols"),
        ("rows", {2: 0x7FC00000}, "chain 0, node 0 has the number nan"),
        ("rows", {2: 0xBF800000}, "chain 0, node 0 has the number -1"),
        ("rows", {2: 0x7F800000}, "chain 0, node 0 has the number inf"),
        ("tried_losses", np.array([1.5]), r"tried_losses: must be of shape \(2\), got \(1\)"),
        ("tried_losses", np.array([1.5, np.nan]), "the loss 1 of chains that were tried is nan"),
        ("tried_chains", ["h1", "h0"], "tried_chains.*number in .h0."),
    ],
)
def test_mixtures_that_make_no_sense(name: str, value: object, problem: str) -> None:
    members = mixture_members()
    right = members[name]
    if isinstance(value, dict):  # what is changed in it
        changed = right.copy()
        for place, number in value.items():
            changed[place] = number
    else:
        kept = right.dtype if isinstance(value, list) and right.dtype.kind == "u" else None
        changed = np.asarray(value, kept)
    with pytest.raises(ValueError, match=problem) as caught:
        load(members | {name: changed})
    assert str(caught.value).startswith("made.npz")


@pytest.mark.parametrize(("parts", "whole"), [("nodes_of", "nodes"), ("rows_of", "rows")])
def test_parts_of_a_mixture_whose_sum_goes_round_64_bits(parts: str, whole: str) -> None:
    members = mixture_members()
    made = np.array([len(members[whole]) + 1, 2**64 - 1], np.uint64)
    with pytest.raises(ValueError, match=f"{parts}: the chains do not have"):
        load(members | {parts: made})


def test_what_is_large_is_not_compressed() -> None:
    np.savez_compressed("made.npz", **mixture_members())  # type: ignore[arg-type]
    raises(ValueError, r"made\.npz, alphabet: must not be compressed", mf.load, "made.npz")


def test_weights_at_the_limit_are_used() -> None:
    for sign in product([-1e6, 1e6], repeat=3):
        members = mixture_members()
        weights = np.resize(np.array(sign, np.float32), members["weights"].shape)
        model = load(members | {"weights": weights})
        assert isinstance(model, mf.MixtureModel)
        for prefix in ("", "a", "b", "ab"):
            assert model.next_probabilities(prefix).sum() == pytest.approx(1)
            scores = [model.symbol_scores([prefix + s])[0][len(prefix)] for s in "ab"]
            assert max(scores) <= 1e-5
        assert len(model.sample(5, rng=1, max_length=5, truncate=True)) == 5


@pytest.mark.parametrize("kind", KINDS)
def test_every_member_is_needed_and_no_other_is_taken(kind: str) -> None:
    members = KINDS[kind]()
    for name in members:
        if name.endswith("kind"):
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
    if isinstance(loaded, mf.LanguageModel):
        symbols = loaded.alphabet[1:]
        scores = loaded.score(["", symbols, symbols[:1]])
        assert (scores <= 1e-5).all()
        assert isinstance(loaded, mf.CountModel) or np.isfinite(scores).all()
        assert loaded.next_probabilities(symbols[:1]).sum() <= 1.06
        with suppress(ValueError):
            loaded.sample(2, rng=1, max_length=4, truncate=True)
    else:
        cells = dict(zip(map(tuple, loaded.ngrams()[0].tolist()), loaded.ngrams()[1], strict=True))
        assert some_words_have(cells, loaded.order)
    loaded.save("again.npz")
    again = mf.load("again.npz")
    assert repr(again) == repr(loaded)


def test_an_empty_path_is_a_missing_file() -> None:
    for loaded in (mf.load_counts, mf.load_model):
        raises(FileNotFoundError, "No such file", loaded, "")
