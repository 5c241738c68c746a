"""``makemore-fast count`` and ``plot``."""

import json
import struct
import sys
from pathlib import Path

import pytest

import makemore_fast as mf
from terminal import WORDS, call, misused, printed, refused, run


def test_count_prints_a_summary_and_the_most_common_bigrams(words: str) -> None:
    assert call("count", words, "-n", "2").stdout == (
        "5 words, 32 bigrams, 12 symbols\n"
        "first     second           count    share\n"
        "a         .                    5   15.62%\n"
        "i         a                    2    6.25%\n"
    )


def test_count_prints_20_bigrams_of_the_built_in_names() -> None:
    head, *rows = printed("count")
    assert head.startswith(f"{len(mf.names()):,} words, ")
    assert len(rows) == 1 + 20


def test_every_symbol_can_be_seen_and_columns_stand_in_line() -> None:
    text = "a b\ne\u0301\nx\ty\n中文\n\x00\xa0\u200d\n"
    rows = printed("count", "-", "--top", "99", stdin=text.encode())[1:]
    for line in rows:
        assert line.isprintable()
        assert len(line.split()) == 4
        columns = len(line) + sum(c in "中文" for c in line) - line.count("\u0301")
        assert columns == len(rows[0])


def test_json_is_one_object_with_every_bigram(words: str) -> None:
    result = call("count", words, "--json")
    counts = mf.count(WORDS)
    assert result.stdout.count("\n") == 1
    assert json.loads(result.stdout) == {
        "words": 5,
        "bigrams": 32,
        "alphabet": counts.alphabet,
        "counts": [[*pair, times] for pair, times in counts.most_common()],
    }
    assert len(json.loads(call("count", words, "--json", "--top", "3").stdout)["counts"]) == 3


def test_no_words_count_to_nothing() -> None:
    assert printed("count", "-", stdin=b"")[0].startswith("0 words, 0 bigrams")
    assert json.loads(call("count", "-", "--json", stdin=b"").stdout)["counts"] == []


def test_saved_counts_are_counts_again(words: str, tmp_path: Path) -> None:
    path = str(tmp_path / "new.npz")
    printed = call("count", words, "-o", path)
    assert mf.load(path) == mf.count(WORDS)
    assert call("count", path).stdout == printed.stdout


def test_plot_writes_a_picture(words: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / "picture.png"
    done = run("plot", words, "-o", str(path))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert path.read_bytes().startswith(b"\x89PNG")


def test_plot_without_matplotlib_says_how_to_get_it(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    assert "makemore_fast[plot]" in refused("plot", words, "-o", str(tmp_path / "picture.png"))


def test_tsv_is_the_table_of_to_csv_the_most_common_first(words: str) -> None:
    head, *rows = call("count", words, "--order", "3", "--tsv").stdout.splitlines()
    assert head == "first\tsecond\tthird\tcount"
    counts = mf.count(WORDS, order=3)
    assert rows == ["\t".join([*gram, str(n)]) for gram, n in counts.most_common()]
    assert call("count", words, "--order", "3", "--tsv", "-n", "4").stdout.splitlines() == [
        head, *rows[:4]
    ]  # fmt: skip
    assert call("count", "-", "--tsv", stdin=b"").stdout == "first\tsecond\tcount\n"
    assert "two ways to print" in misused("count", words, "--tsv", "--json")


def test_single_symbols(words: str) -> None:
    facts, head, first, *_ = printed("count", words, "--order", "1")
    assert facts == "5 words, 32 unigrams, 12 symbols"
    assert head.split() == ["symbol", "count", "share"]
    assert first.split()[:2] == ["a", str(mf.count(WORDS, order=1)["a"])]
    assert call("count", words, "--order", "1", "--tsv").stdout.startswith("symbol\tcount\na\t")


@pytest.mark.parametrize(
    "options",
    [
        ["--order", "1"],
        ["--order", "3", "--norm", "log"],
        ["--what", "counts", "--title", "$names$"],
        ["--what", "probabilities"],
        ["--what", "probabilities", "--smoothing", "1", "--norm", "log", "--size", "5x4"],
        ["--what", "probabilities", "--order", "4"],
        ["--what", "loss"],
        ["--what", "loss", "--order", "3", "--smoothing", "0.5", "--size", "6", "--title", "x"],
    ],
)
def test_plot_draws_what_it_is_told(options: list[str], words: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / "picture.png"
    assert call("plot", words, *options, "-o", str(path)).exit_code == 0
    picture = path.read_bytes()
    assert picture.startswith(b"\x89PNG")
    if "--size" in options:
        width, height = struct.unpack(">II", picture[16:24])
        assert (width, height) == ((500, 400) if "5x4" in options else (600, 600))


def test_plot_of_saved_counts_and_models(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    counts = mf.count(WORDS, order=3)
    saved, model = str(tmp_path / "counts.npz"), str(tmp_path / "model.arpa")
    counts.save(saved)
    counts.model(smoothing="witten-bell").write_arpa(model)
    out = str(tmp_path / "picture.svg")
    for args in ([saved], [saved, "--what", "loss"], [saved, "--order", "1"], [model]):
        assert call("plot", *args, "-o", out).exit_code == 0
    assert "a model, and no words" in refused("plot", model, "--what", "loss", "-o", out)


def test_plot_refuses_what_does_not_go_together(words: str) -> None:
    for options, problem in [
        (["--smoothing", "1"], "--smoothing is for --what probabilities"),
        (["--what", "loss", "--norm", "log"], "--norm is for counts"),
        (["--size", "big"], "is not a size, such as 8 or 8x6"),
        (["--size", "0x4"], "is not from 0.5 to 100 inches"),
        (["--size", "1000"], "is not from 0.5 to 100 inches"),
        (["--what", "colours"], "--what"),
    ]:
        assert problem in misused("plot", words, *options)
