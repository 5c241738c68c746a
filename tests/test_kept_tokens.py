"""Counts and models of tokens that are kept: whatever stands in the rules that cut them."""

import io
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
from corpora import FIVE, symbols

texts = st.text(symbols, min_size=1, max_size=4).filter(lambda text: not {*text} & {*"\r\n"})
#: How words of ASCII are cut, by texts of any script that are none of theirs.
rules = st.one_of(
    st.fixed_dictionaries({"separator": texts, "boundary": texts}).filter(
        lambda how: how["separator"] not in how["boundary"]
    ),
    st.fixed_dictionaries({"symbols": st.lists(texts, max_size=4, unique=True)}),
)


def loaded(thing: mf.Counts | mf.LanguageModel) -> Any:
    file = io.BytesIO()
    thing.save(file)
    return mf.load(io.BytesIO(file.getvalue()))


@given(rules)
def test_rules_of_any_text_are_kept(how: dict[str, Any]) -> None:
    words = [*(f"QX{piece}Q" for piece in how.get("symbols", ["Q"])), "X"]
    if "separator" in how:
        words = [word.replace("X", how["separator"]) for word in words]
    try:
        counts = mf.count(words, **how)
    except ValueError:
        return  # a boundary that is a token, for one
    model = counts.model(smoothing=1)
    for again in (loaded(counts), pickle.loads(pickle.dumps(counts))):
        assert again == counts
        assert mf.count(words, alphabet=again) == counts  # cut alike
    for kept in (model, mf.fit(words, chains=["h1"], **how), mf.mix([model, model])):
        scores = kept.score(words).tolist()
        for copy in (loaded(kept), pickle.loads(pickle.dumps(kept))):
            assert copy.symbols == kept.symbols
            assert copy.score(words).tolist() == scores


@pytest.mark.parametrize("boundary", ["\0", "§", "\0a\0", "\U0010ffff", "<s>"])
@pytest.mark.parametrize("separator", [" ", "\0", "·", "\0\0"])
def test_separators_and_boundaries(separator: str, boundary: str) -> None:
    if separator in boundary:
        return
    words = [separator.join(word) for word in FIVE]
    counts = mf.count(words, separator=separator, boundary=boundary)
    again = loaded(counts)
    assert again == counts
    again.update(words)
    assert again == counts * 2


def test_first_files_have_strings() -> None:
    file = io.BytesIO()
    counts = mf.count(["b a", "a c"], separator=" ")
    counts.save(file)
    members = dict(np.load(io.BytesIO(file.getvalue())))
    members.pop("token_rule_ends")
    members["token_rules"] = np.array(["separated", "<s>", " "])
    old = io.BytesIO()
    np.savez(old, **members)
    assert mf.load_counts(io.BytesIO(old.getvalue())) == counts
