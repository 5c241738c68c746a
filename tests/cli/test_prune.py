"""``--prune``: models of n-grams without the rare ones, as `Counts.pruned` makes them."""

from pathlib import Path

import pytest

import makemore_fast as mf
from terminal import WORDS, call, misused, printed

COUNTS = mf.count(WORDS, order=4)


@pytest.mark.parametrize("numbers", ["0 0 1", "0,0,1", " 0, 0 1 "])
def test_models_are_those_of_the_package(words: str, numbers: str) -> None:
    pruned = COUNTS.pruned([0, 0, 1])
    model = pruned.model(smoothing="witten-bell")
    options = ["--order", "4", "--prune", numbers]
    named = [*options, "--smoothing", "witten-bell"]
    assert printed("sample", words, "-n", "9", "--seed", "3", *named) == model.sample(9, rng=3)
    model = pruned.model(smoothing="kneser-ney")
    assert printed("sample", words, "-n", "9", "--seed", "3", *options) == model.sample(9, rng=3)
    model = pruned.model(smoothing=1, unknown=True)
    scores = [float(line.split("\t")[0]) for line in printed("score", words, *options, "--unknown")]
    assert scores == pytest.approx(model.score(WORDS).tolist(), abs=1e-4)


def test_bigrams_and_saved_counts(words: str, tmp_path: Path) -> None:
    bigrams = COUNTS.lower(2).pruned([0, 1]).model(smoothing="kneser-ney")
    drawn = printed("sample", words, "--prune", "0 1", "-n", "5", "--seed", "1")
    assert drawn == bigrams.sample(5, rng=1)
    saved = str(tmp_path / "four.npz")
    COUNTS.save(saved)
    model = COUNTS.pruned([0, 1]).model(smoothing="kneser-ney")
    drawn = printed("sample", saved, "--prune", "0 1", "-n", "5", "--seed", "1")
    assert drawn == model.sample(5, rng=1)


def test_every_part_of_a_mix_is_pruned(words: str) -> None:
    model = COUNTS.pruned([0, 1, 1]).model(smoothing="kneser-ney")
    both = mf.mix([model, model], [2, 1])
    options = ["--order", "4", "--prune", "0 1 1", "-n", "5", "--seed", "1"]
    drawn = printed("sample", "--mix", f"{words}:2", "--mix", words, *options)
    assert drawn == both.sample(5, rng=1)


def test_probabilities_are_drawn(words: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    whole, pruned = tmp_path / "whole.svg", tmp_path / "pruned.svg"
    options = ["--what", "probabilities", "--smoothing", "1"]
    assert call("plot", words, *options, "-o", str(whole)).exit_code == 0
    assert call("plot", words, *options, "--prune", "0 1", "-o", str(pruned)).exit_code == 0
    assert whole.read_text("utf-8") != pruned.read_text("utf-8")


def test_losses_are_drawn(words: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    whole, pruned = tmp_path / "whole.svg", tmp_path / "pruned.svg"
    options = ["--what", "loss", "--order", "3"]
    saved = str(tmp_path / "counts.npz")
    COUNTS.save(saved)
    for file in (words, saved):
        assert call("plot", file, *options, "-o", str(whole)).exit_code == 0
        assert call("plot", file, *options, "--prune", "0 1", "-o", str(pruned)).exit_code == 0
        assert whole.read_text("utf-8") != pruned.read_text("utf-8")


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        (["sample", "--prune", "0 x"], "'0 x' is no list of whole numbers, such as '0 0 1'"),
        (["sample", "--prune", ""], "'' is no list of whole numbers"),
        (["sample", "--prune", "0 -1"], "'0 -1' is no list of whole numbers"),
        (["sample", "--prune", "1"], "must begin with 0, since single symbols stay; got 1"),
        (["score", "--prune", "0 2 1"], "must not fall, since longer n-grams need the shorter"),
        (["sample", "--prune", "0 0 1"], "--prune has 3 numbers, one for each length, and the "),
        (["sample", "--prune", "0 1", "--effort", "fast"], "--effort is for the model that is"),
        (["plot", "--prune", "0 1"], "--prune is for --what probabilities"),
        (["plot", "--prune", "0 1", "--what", "counts"], "--prune is for --what probabilities"),
        (["plot", "--order", "2", "--what", "loss", "--prune", "0 0 1"], "--prune has 3 numbers"),
    ],
)
def test_what_is_bad_usage(args: list[str], problem: str) -> None:
    assert problem in " ".join(misused(*args).split())


def test_a_model_is_made_already(words: str, tmp_path: Path) -> None:
    path = str(tmp_path / "model.npz")
    COUNTS.model(smoothing="kneser-ney").save(path)
    for args in (["sample", path], ["score", path, words], ["plot", path, "--what=probabilities"]):
        assert "--prune is for words and counts" in misused(*args, "--prune", "0 1")
