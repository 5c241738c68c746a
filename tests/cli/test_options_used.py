"""Options of the command line that nothing would come of: bad usage, and not passed over."""

from pathlib import Path

import pytest

import makemore_fast as mf
from terminal import WORDS, call, misused, printed, refused


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("words.txt").write_text("\n".join(WORDS), "utf-8")
    Path("kept.txt").write_text("emma\n", "utf-8")
    mf.count(WORDS).save("counts.npz")
    mf.count(WORDS, unknown=True).save("unknown.npz")
    mf.count(["the cat"], separator=" ").save("tokens.npz")
    mf.count([["k", "ae"]]).save("lists.npz")
    model = mf.count(WORDS, order=3).model(smoothing="kneser-ney")
    model.save("model.npz")
    model.write_arpa("model.arpa")
    mf.fit(WORDS, effort="fast").save("fitted.npz")
    mf.count([["k", "ae"]]).model(smoothing=1).save("of_lists.npz")


TEXT = [
    ["--weighted"],
    ["--columns", "count word"],
    ["--encoding", "latin-1"],
    ["--errors", "skip"],
]
SAVED = ["counts.npz", "model.npz", "model.arpa", "fitted.npz"]


@pytest.mark.parametrize("option", TEXT, ids=" ".join)
def test_options_of_text_want_a_file_of_text(option: list[str]) -> None:
    for command in ("count", "sample", "score", "fit", "plot"):
        said = misused(command, *option)
        assert option[0] in said
        assert "is for FILEs of words, and none is named" in said
    for name in SAVED:
        said = misused("sample", name, *option)
        assert f"is for FILEs of words, and {name} holds none" in said
        said = misused("sample", "--mix", f"{name}:1", *option)
        assert f"is for FILEs of words, and {name} holds none" in said
    assert "counts.npz holds none" in misused("count", "counts.npz", *option)
    assert "model.npz holds none" in misused("plot", "model.npz", *option)


def test_the_words_that_are_scored_have_an_encoding_and_no_weights() -> None:
    Path("latin.txt").write_bytes("zoé\n".encode("latin-1"))
    for model in ("model.npz", "--mix model.npz:1"):
        args = ("score", *model.split(), "latin.txt")
        assert printed(*args, "--encoding", "latin-1") == ["-inf\tzoé"]
        said = misused(*args, "--weighted", "--encoding", "latin-1")
        assert "--weighted is for FILEs of words, and model.npz holds none" in said


@pytest.mark.parametrize("command", ["count", "sample", "score", "plot"])
def test_what_is_saved_is_cut_already(command: str) -> None:
    names = SAVED[:1] if command == "count" else SAVED
    for name in [name for name in names if not name.endswith(".arpa")]:  # which does not say
        files = [name, "words.txt"] if command == "score" else [name]
        for option in (["--boundary", "#"], ["--separator", " "], ["--symbols", "ch,ll"]):
            said = " ".join(misused(command, *files, *option).split())
            what = "counts" if name == "counts.npz" else "a model"
            assert f"{name} holds {what} with" in said
            assert option[0] in said
        if command != "plot":
            assert call(command, *files, "--boundary", ".").exit_code == 0


def test_a_vocabulary_of_what_is_saved() -> None:
    how = ("--separator", " ", "--vocabulary")
    assert call("count", "tokens.npz", *how, "1").exit_code == 0
    assert "tokens.npz holds none" in misused("count", "tokens.npz", *how, "kept.txt")
    for number in ("1" + "0" * 30, "9" * 5000):
        assert call("count", "words.txt", *how, number).exit_code == (0 if len(number) < 99 else 2)
    assert "standard input is for words" in misused("count", "-", *how, "-")


def test_the_unknown_symbol_is_none_that_saved_counts_can_get() -> None:
    assert "--unknown is for words" in misused("count", "counts.npz", "--unknown")
    assert call("count", "unknown.npz", "--unknown").exit_code == 0
    assert call("count", "counts.npz", "words.txt", "--unknown").exit_code == 0


@pytest.mark.parametrize("option", [["--order", "2"], ["--smoothing", "1"], ["--prune", "0 1"]])
def test_a_mix_of_models_alone_counts_nothing(option: list[str]) -> None:
    both = ["--mix", "model.npz:2", "--mix", "fitted.npz"]
    assert f"{option[0]} is for words and counts" in misused("sample", *both, *option)
    assert f"{option[0]} is for words and counts" in misused("score", *both, "words.txt", *option)
    assert call("score", *both, "--mix", "counts.npz", "words.txt", *option).exit_code == 0


def test_lists_of_tokens_are_no_lines() -> None:
    for args in (
        ["sample", "lists.npz"],
        ["sample", "of_lists.npz", "-n", "1"],
        ["sample", "--mix", "of_lists.npz"],
        ["score", "of_lists.npz", "words.txt"],
        ["score", "lists.npz", "words.txt", "--symbol-scores"],
        ["count", "lists.npz", "words.txt"],
    ):
        assert "lists of tokens, and no lines: use it in Python" in misused(*args)
    assert call("count", "lists.npz", "lists.npz").exit_code == 0


def test_messages_speak_of_the_options_that_the_command_has() -> None:
    said = refused("sample", "words.txt", "--match", "q+", "-n", "1")
    assert "; --match was missed most often" in said
    said = refused("sample", "words.txt", "--order", "2", "--prefix", "e", "--max-length", "1",
                   "--min-length", "2")  # fmt: skip
    assert "--min-length is above --max-length" in said
    said = refused("count", "words.txt", "--encoding", "utf-16")
    assert "=" not in said.removeprefix("makemore-fast: error: ")
    Path("bom.txt").write_text("emma", "utf-16")
    assert "read it with --encoding utf-16" in refused("count", "bom.txt")
    Path("table.csv").write_text("emma,1\nava,2\n")
    assert 'count(table, column="name")' in refused("count", "table.csv")  # a call of Python
