"""Models of words of sentences: Kneser-Ney's numbers, ARPA files and states as KenLM's."""

import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import makemore_fast as mf
import reference


def sentences(n: int, seed: int) -> list[str]:
    """Return sentences of Zipf's law, in which words like to repeat what came before."""
    source = random.Random(seed)
    types = sorted({f"{a}{b}" for a in ("the", "é", "run", "語") for b in range(60)} - {"the7"})
    shares = [1 / (rank + 2) for rank in range(len(types))]
    made = []
    for _ in range(n):
        words = source.choices(types, shares, k=source.randint(1, 12))
        for i in range(2, len(words)):
            if source.random() < 0.3:
                words[i] = words[i - 2]
        made.append(" ".join(words))
    return made


TRAIN, TEST = sentences(400, 1), sentences(40, 2)
UNSEEN = [f"{TEST[0]} neverseen {TEST[1]}", "neverseen", "the1 neverseen neverseen"]


@pytest.mark.parametrize("order", [2, 3, 4, 5])
def test_kneser_ney_equals_the_reference(order: int) -> None:
    counts = mf.count(TRAIN, separator=" ", order=order)
    model = counts.model(smoothing="kneser-ney")
    known = [symbol for symbol in counts.symbols if symbol != mf.UNKNOWN]
    twin = reference.KneserNey([s.split() for s in TRAIN], order, known, unknown=True)
    assert model.discounts is not None
    np.testing.assert_allclose(np.array(model.discounts), np.array(twin.discounts), rtol=1e-12)
    tested = [s for s in TEST if set(s.split()) <= set(known)]
    assert len(tested) > 10
    wanted = [twin.score(s.split()) for s in tested]
    np.testing.assert_allclose(model.score(tested), wanted, rtol=1e-12)
    after = twin.after(("the1", "the2")[: order - 1])
    given = model.next_probabilities(" ".join(("the1", "the2")[: order - 1]))
    for symbol, p in zip(counts.symbols, given, strict=True):
        assert p == pytest.approx(after["" if symbol == mf.UNKNOWN else symbol], rel=1e-12)


@pytest.mark.parametrize("order", [2, 3, 5])
def test_witten_bell_equals_the_reference(order: int) -> None:
    counts = mf.count(TRAIN, separator=" ", order=order, unknown=False)
    twin = reference.WittenBell([s.split() for s in TRAIN], order, counts.symbols)
    tested = [s for s in TEST if set(s.split()) <= set(counts.symbols)]
    wanted = [twin.score(s.split()) for s in tested]
    given = counts.model(smoothing="witten-bell").score(tested)
    np.testing.assert_allclose(given, wanted, rtol=1e-12)


@pytest.mark.parametrize("pruned", [None, [0, 0, 1], [0, 1, 2]])
@pytest.mark.parametrize("order", [2, 3, 5])
def test_arpa_files_come_back_unchanged(
    order: int, pruned: list[int] | None, tmp_path: Path
) -> None:
    counts: Any = mf.count(TRAIN, separator=" ", order=order)
    if pruned is not None:
        counts = counts.pruned(pruned[:order])
    model = counts.model(smoothing="kneser-ney")
    model.write_arpa(tmp_path / "a.arpa.gz")
    read = mf.read_arpa(tmp_path / "a.arpa.gz", separator=" ")
    np.testing.assert_allclose(read.score(TEST + UNSEEN), model.score(TEST + UNSEEN), atol=1e-5)
    read.write_arpa(tmp_path / "b.arpa")
    mf.read_arpa(tmp_path / "b.arpa", separator=" ").write_arpa(tmp_path / "c.arpa")
    assert (tmp_path / "b.arpa").read_bytes() == (tmp_path / "c.arpa").read_bytes()


@pytest.mark.parametrize("order", [2, 3, 5])
def test_kenlm_gives_the_same_answers(order: int, tmp_path: Path) -> None:
    kenlm = pytest.importorskip("kenlm", reason="the package kenlm is not installed")
    model = mf.count(TRAIN, separator=" ", order=order).model(smoothing="kneser-ney")
    path = tmp_path / "model.arpa"
    model.write_arpa(path)
    theirs = kenlm.Model(str(path))
    for sentence in TEST + UNSEEN:
        ours = model.score([sentence])[0] / math.log(10)
        assert ours == pytest.approx(theirs.score(sentence), abs=1e-3)
        each = model.symbol_scores([sentence])[0] / math.log(10)
        full, lengths, _ = zip(*theirs.full_scores(sentence), strict=True)
        np.testing.assert_allclose(each, full, atol=1e-4)
        assert model.ngram_lengths([sentence])[0].tolist() == list(lengths)
        # A state is what a decoder keeps: KenLM's is given in, ours is stepped.
        state, before, after = model.start(), kenlm.State(), kenlm.State()
        theirs.BeginSentenceWrite(before)
        for token in sentence.split():
            p = theirs.BaseScore(before, token, after)
            assert state.step(token) / math.log(10) == pytest.approx(p, abs=1e-4)
            before, after = after, kenlm.State()


def test_a_beam_of_states_finds_what_scores_find() -> None:
    model = mf.count(TRAIN, separator=" ", order=3).model(smoothing="kneser-ney")
    slots = [["the1", "the2"], ["é1", "the1"], ["run1", "the2", "語1"], ["the1"]]
    beam = [(0.0, "", model.start())]
    for slot in slots:
        longer = []
        for score, text, state in beam:
            for token in slot:
                new = state.copy()
                longer.append((score + new.step(token), f"{text} {token}".strip(), new))
        beam = sorted(longer, key=lambda one: -one[0])
    ended = [(score + state.copy().step("<s>"), text) for score, text, state in beam]
    texts = [text for _, text in ended]
    np.testing.assert_allclose([score for score, _ in ended], model.score(texts), rtol=1e-12)
