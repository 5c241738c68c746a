"""Longer contexts and models in files, by every command."""

import json
from pathlib import Path
from typing import Any

import pytest

import makemore_fast as mf
from smoothed import ngram_model
from terminal import WORDS, call, misused, printed, refused, run_on_terminal
from word_files import written


@pytest.fixture
def model_file(tmp_path: Path) -> str:
    path = tmp_path / "words.arpa.gz"
    ngram_model(WORDS, "kneser-ney").write_arpa(path)
    return str(path)


@pytest.mark.parametrize("smoothing", ["kneser-ney", "witten-bell", 0.5])
def test_order_and_smoothing_are_those_of_the_package(words: str, smoothing: str | float) -> None:
    model = mf.count(WORDS, order=4).model(smoothing=smoothing)  # type: ignore[arg-type]
    options = ["--order", "4", "--smoothing", str(smoothing)]
    assert printed("sample", words, "-n", "9", "--seed", "3", *options) == model.sample(9, rng=3)
    rows = [line.split("\t") for line in printed("score", words, *options)]
    assert [word for _, word in rows] == WORDS
    scores = [float(score) for score, _ in rows]
    assert scores == pytest.approx(model.score(WORDS).tolist(), abs=1e-4)


def test_count_longer_n_grams(words: str, tmp_path: Path) -> None:
    saved = tmp_path / "trigrams.npz"
    counts = mf.count(WORDS, order=3)
    head, columns, *rows = printed("count", words, "--order", "3", "--top", "2", "-o", str(saved))
    assert head == "5 words, 32 trigrams, 12 symbols"
    assert columns.split() == ["first", "second", "third", "count", "share"]
    expected = [[*gram, str(times)] for gram, times in counts.most_common(2)]
    assert [row.split()[:4] for row in rows] == expected
    assert mf.load(saved) == counts
    facts = json.loads(call("count", words, "--order", "5", "--json").stdout)
    assert facts["5-grams"] == 32
    assert len(facts["counts"][0]) == 6


def test_saved_counts_have_an_order(words: str, tmp_path: Path) -> None:
    saved = str(tmp_path / "four.npz")
    assert call("count", words, "--order", "4", "-o", saved).exit_code == 0
    for order, options in [(4, []), (4, ["--order", "4"]), (2, ["--order", "2"])]:
        drawn = printed("sample", saved, "-n", "5", "--seed", "1", *options)
        how: Any = 0.0 if order == 2 else "kneser-ney"
        model = mf.count(WORDS, order=order).model(smoothing=how)
        assert drawn == model.sample(5, rng=1)
    assert "not 5" in refused("sample", saved, "--order", "5")
    pytest.importorskip("matplotlib")
    assert call("plot", saved, "-o", str(tmp_path / "p.png")).exit_code == 0


def test_models_are_scored_with_and_drawn_from(words: str, model_file: str) -> None:
    model = mf.read_arpa(model_file)
    assert printed("sample", model_file, "-n", "7", "--seed", "5") == model.sample(7, rng=5)
    scores = [float(line.split("\t")[0]) for line in printed("score", model_file, words)]
    assert scores == pytest.approx(model.score(WORDS).tolist(), abs=1e-4)


def test_a_model_is_no_corpus(words: str, model_file: str) -> None:
    for args, problem in [
        (["score", model_file], "holds no words: name a FILE of words"),
        (["sample", model_file, "--new"], "holds no words, which --new leaves out"),
        (["sample", model_file, words], "name no other FILE"),
        (["score", model_file, words, "--order", "3"], "--order is for words and counts"),
        (["sample", words, "--smoothing", "good-turing"], "neither kneser-ney nor witten-bell"),
        (["sample", words, "--order", "0"], "--order"),
    ]:
        assert problem in misused(*args)
    for args in (["count"], ["plot", "--what", "counts"]):
        assert "a model, and no words or counts" in refused(*args, model_file)


def test_a_malformed_model_is_one_line(tmp_path: Path, words: str) -> None:
    path = written(tmp_path, b"\\data\\\nngram x\n", "bad.arpa")
    said = refused("score", str(path), words)
    assert said.startswith(f"makemore-fast: error: {path}, line 2: expected ngram 1=")


def test_the_score_of_each_symbol(model_file: str) -> None:
    model = mf.read_arpa(model_file)
    scores, offsets = model.symbol_scores(["a b", "ava"])
    rows = printed("score", model_file, "-", "--symbol-scores", "--sort", stdin=b"ava\na b\n")
    odd, usual = (line.split("\t") for line in rows)
    assert odd[1] == "a b"
    assert odd[2].split()[1].endswith(":-inf")
    parts = [part.rpartition(":") for part in usual[2].split(" ")]
    assert [symbol for symbol, _, _ in parts] == [*"ava", "."]
    each = [float(x) for _, _, x in parts]
    assert each == pytest.approx(scores[offsets[1] :].tolist(), abs=0.006)
    result = call("score", model_file, "-", "--symbol-scores", "--json", stdin=b"a b\n")
    symbols = json.loads(result.stdout)["symbols"]
    assert symbols[1] == [" ", None]
    assert [symbol for symbol, _ in symbols] == ["a", " ", "b", "."]


def test_the_terminal_hears_of_the_model(model_file: str) -> None:
    _, told = run_on_terminal("sample", model_file, "--seed", "1")
    assert "model: " in told
    assert "NgramModel(order 3, arpa" in told
