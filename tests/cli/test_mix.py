"""``--mix FILE:WEIGHT`` in the commands that make models."""

from pathlib import Path

import numpy as np
import pytest

import makemore_fast as mf
from terminal import call

ITALIAN = ["anna", "bianca", "chiara"]
DANISH = ["anne", "bente", "birgit"]


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("\n".join(ITALIAN), "utf-8")
    Path("b.txt").write_text("\n".join(DANISH), "utf-8")
    Path("odd:name").write_text("anna", "utf-8")
    Path("at:2").write_text("anna", "utf-8")
    mf.count(DANISH, order=3).model(smoothing="kneser-ney").save("b.npz")


def lines(*args: str, stdin: bytes = b"") -> list[str]:
    result = call(*args, stdin=stdin)
    assert result.exit_code == 0, result.stderr
    return result.stdout.splitlines()


def test_sample_draws_from_the_mix() -> None:
    both = ("sample", "--mix", "a.txt:30", "--mix", "b.txt:1", "-n", "9", "--seed", "1")
    model = mf.mix([mf.fit(ITALIAN, effort="fast"), mf.fit(DANISH, effort="fast")], [30, 1])
    assert lines(*both) == model.sample(9, rng=1)
    few = lines(*both, "--top-p", "0.7", "--min-length", "3", "--suffix", "a")
    assert few == model.sample(9, rng=1, top_p=0.7, min_length=3, suffix="a")
    scores = [f"{s:z.4f}\t{w}" for w, s in zip(few, model.score(few), strict=True)]
    assert (
        lines(*both, "--top-p", "0.7", "--min-length", "3", "--suffix", "a", "--scores") == scores
    )
    better = mf.mix([mf.fit(ITALIAN), mf.load_model("b.npz")])
    drawn = lines("sample", "--mix", "a.txt", "--mix", "b.npz", "--effort", "default",
                  "-n", "9", "--seed", "1")  # fmt: skip
    assert drawn == better.sample(9, rng=1)
    counts = mf.count(ITALIAN, order=3).model(smoothing="kneser-ney")
    model = mf.mix([counts, mf.load_model("b.npz")], [0.5, 2])
    args = ("--order", "3", "-n", "9", "--seed", "1", "--max-length", "5")
    drawn = lines("sample", "--mix", "a.txt:0.5", "--mix", "b.npz:2", *args)
    assert drawn == model.sample(9, rng=1, max_length=5)
    new = lines("sample", "--mix", "a.txt", "--mix", "b.txt", "-n", "20", "--new", "--seed", "1")
    assert len(new) == 20
    assert not {*ITALIAN, *DANISH} & {*new}


def test_score_asks_the_mix() -> None:
    model = mf.mix([mf.count(ITALIAN).model(smoothing=1), mf.load_model("b.npz")], [3, 1])
    scored = lines("score", "--mix", "a.txt:3", "--mix", "b.npz", "-", stdin=b"anna\nbente\n")
    assert scored == [f"{s:.4f}\t{w}" for s, w in zip(model.score(["anna", "bente"]),
                                                      ["anna", "bente"], strict=True)]  # fmt: skip
    one = lines("score", "--mix", "odd:name", "a.txt")
    assert one == lines("score", "odd:name", "a.txt")
    assert (
        one
        == lines("score", "--mix", "at:2", "a.txt")
        == lines("score", "--mix", "at:2:7", "a.txt")
    )


def test_score_gives_the_mix_the_unknown_symbol() -> None:
    counted = mf.count(ITALIAN).model(smoothing=1, unknown=True)
    model = mf.mix([counted, mf.load_model("b.npz")], [3, 1])
    args = ("score", "--mix", "a.txt:3", "--mix", "b.npz", "-", "--unknown", "--mean", "--bits")
    words = ["anna", "bxnte", "a.b"]
    scores = model.score(words, per="symbol", unit="bits")
    expected = [f"{s:z.4f}\t{w}" for s, w in zip(scores, words, strict=True)]
    assert lines(*args, stdin="\n".join(words).encode()) == expected
    assert np.isfinite(scores).all()
    below = lines(*args, "--threshold", "-4", "--sort", stdin="\n".join(words).encode())
    assert below == sorted(
        (line for line in expected if float(line.split()[0]) < -4),
        key=lambda line: float(line.split()[0]),
    )
    symbols = lines(*args[:-2], "--symbol-scores", stdin=b"bx\n")
    assert symbols[0].endswith(f".:{model.symbol_scores(['bx'])[0][2]:.2f}")


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        (("sample", "--mix", "b.npz:1", "--effort", "fast"), "--effort is for the model that is"),
        (("sample", "--mix", "a.txt", "--order", "3", "--effort", "fast"), "--effort is for the"),
        (("score", "--mix", "b.npz:1", "a.txt", "--unknown"), "no model has the unknown symbol"),
        (("sample", "--mix", "a.txt:1", "b.txt"), "name no other"),
        (("sample", "--mix", "a.txt:0"), "one of the weights must be above 0"),
        (("sample", "--mix", "a.txt:-1"), "'-1', behind the colon of"),
        (("sample", "--mix", "a.txt:inf"), "is no weight (a number from 0 up)"),
        (("sample", "--mix", ":1"), "names no file before the weight"),
        (("sample", "--mix", "a.txt:x"), "'x', behind the colon of 'a.txt:x', is no weight"),
        (("sample", "--mix", "a.txt:"), "is no weight"),
        (("sample", "--mix", "none:2:x"), "is no weight"),
        (("sample", "--mix", "-:1", "--mix", "-"), "standard input twice"),
        (("sample", "--mix", "b.npz:1", "--new"), "b.npz holds no words"),
        (("score", "--mix", "a.txt:1"), "--mix needs a FILE of words"),
        (("score", "--mix", "-:1", "-"), "cannot both be standard input"),
        (("score", "--mix", "a.txt:1", "b.txt", "b.txt"), "name no other"),
    ],
)
def test_what_is_bad_usage(args: tuple[str, ...], problem: str) -> None:
    result = call(*args)
    assert result.exit_code == 2
    assert problem in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_a_file_that_is_missing_or_has_another_boundary() -> None:
    result = call("sample", "--mix", "a.txt:1", "--mix", "none.txt:2")
    assert result.exit_code == 1
    assert "none.txt: No such file" in result.stderr
    mf.count(["a"], boundary="|").model().save("bar.npz")
    result = call("sample", "--mix", "a.txt:1", "--mix", "bar.npz:2")
    assert result.exit_code == 1
    assert "cannot be mixed" in result.stderr
