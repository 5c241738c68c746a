"""``makemore-fast fit``, and its models in the other commands."""

from pathlib import Path

import pytest

import makemore_fast as mf
from terminal import WORDS, call, misused, posix, printed, refused, run_on_terminal


@pytest.fixture
def fitted(words: str, tmp_path: Path) -> str:
    path = str(tmp_path / "model.npz")
    assert call("fit", words, "-o", path).exit_code == 0
    return path


def test_a_model_is_drawn_from_and_scores(words: str, fitted: str) -> None:
    model = mf.fit(WORDS)
    drawn = printed("sample", fitted, "-n", "9", "--seed", "5", "--temperature", "0.8")
    assert drawn == model.sample(9, rng=5, temperature=0.8)
    scores = [float(line.split("\t")[0]) for line in printed("score", fitted, words)]
    assert scores == pytest.approx(model.score(WORDS).tolist(), abs=1e-4)


def test_chains_seed_and_boundary_are_those_of_the_library(words: str, tmp_path: Path) -> None:
    path = str(tmp_path / "model.npz")
    chains = ["h1 h2", "p15 h1"]
    how = [option for chain in chains for option in ("--chain", chain)]
    call("fit", words, "-o", path, *how, "--seed", "7", "--boundary", "#", "--threads", "1")
    model = mf.fit(WORDS, chains=chains, rng=7, boundary="#")
    saved = mf.load(path)
    assert isinstance(saved, mf.MixtureModel)
    assert (saved.chains, saved.alphabet) == (model.chains, model.alphabet)
    assert saved.weights.tolist() == model.weights.tolist()


def test_effort_is_that_of_the_library(words: str, tmp_path: Path) -> None:
    path = str(tmp_path / "model.npz")
    call("fit", words, "-o", path, "--effort", "fast")
    saved = mf.load(path)
    assert isinstance(saved, mf.MixtureModel)
    assert saved.chains == mf.fit(WORDS, effort="fast").chains
    call("fit", words, "-o", path, "--effort", "best")
    saved = mf.load(path)
    assert isinstance(saved, mf.MixtureModel)
    assert saved.weights.tolist() == mf.fit(WORDS, effort="best").weights.tolist()
    assert "--effort" in misused("fit", words, "--effort", "worst")


def test_chains_are_chosen_by_dev_words(words: str, tmp_path: Path) -> None:
    path = str(tmp_path / "model.npz")
    said = refused("fit", words, "--dev", "-", "-o", path, stdin=b"ava\nzoe\n")
    assert "dev word 1: 'zoe' contains 'z'" in said
    assert not Path(path).exists()
    assert call("fit", words, "--dev", "-", "-o", path, stdin=b"ava\nlia\n").exit_code == 0
    saved = mf.load(path)
    assert isinstance(saved, mf.MixtureModel)
    assert saved.trials == mf.fit(WORDS, dev=["ava", "lia"]).trials


def test_a_bad_word_or_chain_leaves_no_file(words: str, tmp_path: Path) -> None:
    path = str(tmp_path / "model.npz")
    said = refused("fit", "-", "-o", path, stdin=b"ok\na.b\n")
    assert "line 2: 'a.b' contains the boundary" in said
    assert "x2" in refused("fit", words, "-o", path, "--chain", "h1 x2")
    assert not Path(path).exists()


def test_what_holds_no_words_cannot_be_fitted_to(fitted: str, saved: str, words: str) -> None:
    for args in (["fit", saved], ["fit", words, "--dev", saved], ["fit", "-", "--dev", "-"]):
        misused(*args)
        misused(*args, "--weighted")
    for args in (["sample", fitted, "--new"], ["sample", fitted, words], ["score", fitted]):
        misused(*args)
    said = misused("score", fitted, words, "--smoothing", "2")
    assert "--smoothing is for words and counts" in said


@posix
def test_a_person_hears_the_loss_on_words_held_out_and_where_the_model_is(tmp_path: Path) -> None:
    path = str(tmp_path / "model.npz")
    drawn, told = run_on_terminal("fit", "-o", path)
    assert drawn == b""
    assert "\nloss on a held-out tenth: " in told
    assert told.endswith(f"saved {mf.load(path)!r} to {path}\n")
    text = "\n".join(mf.names()[::20]).encode()
    _, told = run_on_terminal("fit", "-o", path, "--dev", "-", stdin=text)
    assert "\n5 chains: loss " in told
    assert "\n13 chains: loss " in told
    assert "held-out" not in told


def test_lines_of_one_word_add_up(tmp_path: Path) -> None:
    """What a count wrote that was put together of several."""
    path, kept = tmp_path / "words.tsv", tmp_path / "model.npz"
    path.write_text("emma\t2\nava\t1\nemma\t3\nmia\t0\nmia\t0\n", "utf-8")
    times = {"emma": 5, "ava": 1}
    assert mf.count_file(path, weighted=True) == mf.count(times)
    assert call("fit", str(path), "--weighted", "-o", str(kept)).exit_code == 0
    words = [*times, "em", "va"]
    assert mf.load_model(kept).score(words).tolist() == mf.fit(times).score(words).tolist()
