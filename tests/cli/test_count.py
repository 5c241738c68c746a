"""``makemore-fast count`` and ``plot``."""

import json
import sys
from pathlib import Path

import pytest

import makemore_fast as mf
from terminal import WORDS, call, printed, refused, run


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
