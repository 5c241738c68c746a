"""The options of all commands that say how words become symbols."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import makemore_fast as mf
from terminal import call, misused

LINES = ["the cat sat on the mat", "the dog sat", "a cat ran to the dog", "a dog sat"] * 3


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("\n".join(LINES), "utf-8")
    Path("b.txt").write_text("the bird sat\nthe bird sang\n", "utf-8")
    Path("kept.txt").write_text("the\n\ncat\ndog\n", "utf-8")


def lines(*args: str, stdin: bytes = b"") -> list[str]:
    result = call(*args, stdin=stdin)
    assert result.exit_code == 0, result.stderr
    return result.stdout.splitlines()


def cells(counts: mf.Counts) -> list[list[object]]:
    return [[*gram, number] for gram, number in counts.most_common()]


def test_count_takes_tokens_between_separators() -> None:
    counts = mf.count(LINES, separator=" ", order=3)
    printed = json.loads(lines("count", "a.txt", "--separator", " ", "--order", "3", "--json")[0])
    assert printed["symbols"] == list(counts.symbols)
    assert printed["counts"] == cells(counts)
    table = lines("count", "a.txt", "--separator", " ", "--top", "2")
    assert table[0] == "12 words, 66 bigrams, 11 symbols"
    assert lines("count", "a.txt", "--separator", "\\t", "--tsv")[0] == "first\tsecond\tcount"


@pytest.mark.parametrize("vocabulary", [["the", "cat", "dog"], 3])
def test_a_vocabulary_is_of_all_files(vocabulary: list[str] | int) -> None:
    given = "kept.txt" if isinstance(vocabulary, list) else str(vocabulary)
    both = [*LINES, "the bird sat", "the bird sang"]
    counts = mf.count(both, separator=" ", vocabulary=vocabulary)
    args = ("count", "a.txt", "b.txt", "--separator", " ", "--vocabulary", given, "--json")
    assert json.loads(lines(*args)[0])["counts"] == cells(counts)


def test_a_fitted_model_takes_the_most_frequent_tokens() -> None:
    kept = ["dog", "sat", "the"]
    model = mf.fit(LINES, separator=" ", vocabulary=kept, effort="fast")
    how = ("a.txt", "--separator", " ", "--vocabulary", "3")
    lines("fit", *how, "--effort", "fast", "--dev", "b.txt", "-o", "f.npz")
    assert mf.load_model("f.npz").symbols == model.symbols == ("<s>", mf.UNKNOWN, *kept)
    assert lines("sample", *how, "-n", "4", "--seed", "2") == model.sample(4, rng=2)
    mixed = lines("sample", "--mix", *how, "--mix", "b.txt", "-n", "4", "--seed", "2")
    assert len(mixed) == 4


def test_a_vocabulary_is_kept_of_saved_counts_too() -> None:
    mf.count(LINES, separator=" ").save("a.npz")
    mf.count(["ab"]).save("c.npz")
    printed = json.loads(
        lines("count", "a.npz", "--separator", " ", "--vocabulary", "3", "--json")[0]
    )
    assert printed["counts"] == cells(mf.count(LINES, separator=" ", vocabulary=3))
    result = call("count", "c.npz", "--separator", " ", "--vocabulary", "3")
    assert "c.npz holds counts without --separator" in result.stderr


def test_a_file_of_tokens_has_lines_as_other_files_do() -> None:
    Path("odd.txt").write_bytes("\ufeffthe\r\na\u2028b\x85\r\n".encode())
    args = ("count", "a.txt", "--separator", " ", "--vocabulary", "odd.txt", "--json")
    printed = json.loads(call(*args).stdout)
    assert printed["symbols"] == ["<s>", mf.UNKNOWN, "a\u2028b\x85", "the"]


def test_pieces_and_graphemes_are_symbols() -> None:
    counts = mf.count(LINES, symbols=["at", "th"])
    assert json.loads(lines("count", "a.txt", "--symbols", "at,th", "--json")[0])["counts"] == (
        cells(counts)
    )
    pytest.importorskip("regex", reason="graphemes need the package regex")
    flags = "🇩🇪🇫🇷\n".encode()
    printed = json.loads(lines("count", "-", "--symbols", "graphemes", "--json", stdin=flags)[0])
    assert printed["symbols"] == [".", "🇩🇪", "🇫🇷"]


def test_words_are_drawn_and_scored_as_they_went_in() -> None:
    model = mf.count(LINES, order=3, separator=" ").model(smoothing="kneser-ney")
    how = ("a.txt", "--separator", " ", "--order", "3")
    assert lines("sample", *how, "-n", "5", "--seed", "3", "--prefix", "the cat") == (
        model.sample(5, rng=3, prefix="the cat")
    )
    drawn = lines("sample", *how, "-n", "5", "--seed", "3", "--new", "--json")
    wanted = model.sample(5, rng=3, exclude=LINES)
    assert [json.loads(line)["word"] for line in drawn] == wanted
    scored = lines(
        "score", *how, "-", "--smoothing", "kneser-ney", "--symbol-scores", "--jsonl",
        stdin=b"the bird sat\n",
    )  # fmt: skip
    row = json.loads(scored[0])
    assert row["logprob"] == model.score(["the bird sat"])[0]
    assert [symbol for symbol, _ in row["symbols"]] == ["the", "bird", "sat", "<s>"]
    assert np.isfinite(row["logprob"])  # the unknown token has a share


def test_what_is_saved_needs_no_options_again() -> None:
    lines("count", "a.txt", "--separator", " ", "--order", "3", "-o", "a.npz")
    model = mf.count(LINES, order=3, separator=" ").model(smoothing="kneser-ney")
    args = ("sample", "a.npz", "-n", "3", "--seed", "1", "--smoothing", "kneser-ney")
    assert lines(*args) == model.sample(3, rng=1)
    lines("fit", "a.txt", "--separator", " ", "--effort", "fast", "-o", "f.npz")
    fitted = mf.fit(LINES, separator=" ", effort="fast")
    assert lines("sample", "f.npz", "-n", "3", "--seed", "1") == fitted.sample(3, rng=1)
    model.write_arpa("a.arpa")
    read = mf.read_arpa("a.arpa", separator=" ")
    assert lines("sample", "a.arpa", "--separator", " ", "-n", "3", "--seed", "1") == (
        read.sample(3, rng=1)
    )
    both = ("sample", "--mix", "a.txt:2", "--mix", "b.txt", "--separator", " ", "--order", "2")
    second = mf.count_file("b.txt", separator=" ")
    mixed = mf.mix([mf.count(LINES, separator=" ").model(), second.model()], [2, 1])
    assert lines(*both, "-n", "4", "--seed", "5") == mixed.sample(4, rng=5)


def test_weighted_lines_have_tokens_too() -> None:
    Path("u.txt").write_text("   3 the cat\n  12 a dog\n", "utf-8")
    counts = mf.count({"the cat": 3, "a dog": 12}, separator=" ")
    args = ("count", "u.txt", "--columns", "count word", "--separator", " ", "--json")
    assert json.loads(lines(*args)[0])["counts"] == cells(counts)


def test_pictures_are_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures need matplotlib")
    for what in ("counts", "probabilities", "loss"):
        lines("plot", "a.txt", "--separator", " ", "--what", what, "-o", f"{what}.png")
        assert (tmp_path / f"{what}.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--separator", ""], "is empty"),
        (["--separator", " ", "--symbols", "a"], "cannot both be given"),
        (["--symbols", "a,,b"], "no list such as"),
        (["--vocabulary", "3"], "--vocabulary is for tokens"),
        (["--separator", " ", "--vocabulary", "none.txt"], "no number and no file"),
        (["--boundary", "ab"], "'ab' is not one symbol"),
        (["--separator", " ", "--boundary", "the"], "line 1: 'the cat sat on the mat' contains"),
    ],
)
def test_what_makes_no_sense_is_said(args: list[str], said: str) -> None:
    for command in ("count", "sample", "score", "fit"):
        result = call(command, "a.txt", *args)
        assert result.exit_code != 0
        assert said in result.stderr


CUTS: dict[str, dict[str, Any]] = {
    "tokens": {"separator": " "},
    "another boundary": {"separator": " ", "boundary": "#"},
    "pieces": {"symbols": ["th", "at"]},
    "graphemes": {"symbols": "graphemes"},
    "characters": {},
    "a boundary of characters": {"boundary": "#"},
}


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_words_are_cut_as_saved_counts_that_they_are_added_to(cut: dict[str, Any]) -> None:
    first, second = LINES, ["the bird sat", "the bird sang"]
    mf.count(first, **cut).save("a.npz")
    both = cells(mf.count([*first, *second], **cut))
    assert json.loads(lines("count", "a.npz", "b.txt", "--json")[0])["counts"] == both
    assert json.loads(lines("count", "b.txt", "a.npz", "--json")[0])["counts"] == both
    twice = json.loads(lines("count", "a.npz", "a.npz", "--json")[0])["counts"]
    assert twice == cells(mf.count(first * 2, **cut))


def test_options_that_cut_otherwise_than_saved_counts_are_bad_usage() -> None:
    mf.count(LINES, separator=" ").save("a.npz")
    mf.count([["a", "b"]]).save("lists.npz")
    for args, problem in (
        (["a.npz", "--separator", ","], "a.npz holds counts with --separator ' ', and ',' was"),
        (["a.npz", "--separator", " ", "--boundary", "#"], "with --boundary '<s>', and '#' was"),
        (["a.npz", "--symbols", "ch,ll"], "a.npz holds counts without --symbols, and ch,ll was"),
        (["lists.npz"], "lists.npz is of words that are lists of tokens"),
    ):
        for command in ("count", "sample"):
            assert problem in " ".join(misused(command, *args, "b.txt").split())
    assert lines("count", "lists.npz", "lists.npz")[0].startswith("2 words, 6 bigrams")
