"""Lines with a word and its count in other columns: `columns=`, by how a line looks."""

import io
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
from terminal import misused, printed, refused
from word_files import written

WORDS = {"emma": 7, "né": 12, "o'x": 1}


def listed(line: str) -> bytes:
    """Return a line for each of the words."""
    return "".join(line.format(*pair) for pair in WORDS.items()).encode()


def split_by_twin(line: str, shown: str) -> tuple[str, str] | None:
    """Return the word and the count of a line; None if it has too few columns."""
    separator = next(c for c in shown if not (c.isalnum() or c == "_"))
    names = shown.split(separator)
    place = names.index("word")
    parts: dict[str, str] = {}
    for name in names[:place]:
        line = line.lstrip(" ") if separator == " " else line
        if separator not in line:
            return None
        parts[name], line = line.split(separator, 1)
    for name in reversed(names[place + 1 :]):
        if separator not in line:
            return None
        line, parts[name] = line.rsplit(separator, 1)
    return line, parts["count"]


SHOWN = ["count word", "word count", "word,_,count", "_,word,count", "a\tb\tword\tcount\td",
         "count;word;_", "x|count|y|word", "_ count word _", "word\tcount"]  # fmt: skip


@pytest.mark.parametrize("shown", SHOWN)
@given(st.lists(st.text(st.sampled_from("ab01 \t,;|é"), min_size=1, max_size=12), max_size=6))
def test_lines_are_cut_as_the_twin_cuts_them(shown: str, some: list[str]) -> None:
    expected: dict[str, int] = {}
    for line in some:
        parts = split_by_twin(line, shown)
        if parts is None or re.fullmatch("[0-9]+", parts[1]) is None:
            with pytest.raises(ValueError, match=r"line \d+: "):
                mf.count_text("\n".join(some), columns=shown)
            return
        expected[parts[0]] = expected.get(parts[0], 0) + int(parts[1])
    assert mf.count_text("\n".join(some), columns=shown) == mf.count(expected)


@pytest.mark.parametrize("order", [2, 3])
@pytest.mark.parametrize("threads", [1, 3])
def test_files_and_threads(tmp_path: Path, order: int, threads: int) -> None:
    path = written(tmp_path, listed("{},F,{}\n") * 30_000, "a.csv")
    counts = mf.count_file(path, columns="word,_,count", order=order, threads=threads)
    assert counts == mf.count(WORDS, order=order) * 30_000


def test_what_uniq_writes(tmp_path: Path) -> None:
    words = ["ab", " b", "ab", "c d", "ab", " b"]
    path = written(tmp_path, "".join(f"{word}\n" for word in sorted(words)).encode())
    counted = subprocess.run(["uniq", "-c", path], stdout=subprocess.PIPE, check=True).stdout
    assert mf.count_text(counted, columns="count word") == mf.count(words)
    assert mf.count_file(io.BytesIO(counted), columns="count word") == mf.count(words)


@pytest.mark.parametrize(
    "shown",
    ["", "word", "count", "wordcount", "word count count", "word,count;_", "word,,count",
     "word:count", " word count", "word count ", "word  count", "Word,count", "word\ncount"],
)  # fmt: skip
def test_what_shows_no_line(shown: str) -> None:
    with pytest.raises(ValueError, match=r"columns must show a line, as in 'word,_,count'"):
        mf.count_text("a\t1", columns=shown)


def test_bad_lines_and_options(tmp_path: Path) -> None:
    for call in (mf.count_text, mf.count_file):
        how: Any = call
        with pytest.raises(ValueError, match="give one of the two"):
            how("a", columns="count word", weighted=True)
        with pytest.raises(TypeError, match="columns must be a str, got int"):
            how("a", columns=1)
    with pytest.raises(ValueError, match=r"line 2: 'b' has fewer columns than 'word,_,count'"):
        mf.count_text("a,F,1\nb\n", columns="word,_,count")
    with pytest.raises(ValueError, match=r"line 1: the count 'x' is no whole number"):
        mf.count_text("  x word", columns="count word")
    with pytest.raises(ValueError, match="line 1, byte 5: not valid UTF-8"):
        mf.count_text(b"  1 a\xff", columns="count word")
    path = written(tmp_path, b"a,F,1\n", "names.csv")
    with pytest.raises(ValueError, match="every line holds a comma"):
        mf.count_file(path, weighted=True)


# -- on the command line --------------------------------------------------------------------


def test_every_command_takes_weighted_lines(tmp_path: Path) -> None:
    counted = str(written(tmp_path, listed("   {1} {0}\n")))
    tabs = str(written(tmp_path, listed("{}\t{}\n"), "tabs"))
    how = ["--columns", "count word"]
    assert "20 words" in printed("count", counted, *how)[0]
    assert printed("count", tabs, "--columns", r"word\tcount") == printed("count", counted, *how)
    model = str(tmp_path / "model.npz")
    printed("fit", counted, *how, "-o", model)
    assert (mf.load_model(model).score(["emma"]) == mf.fit(WORDS).score(["emma"])).all()
    printed("fit", tabs, "--weighted", "--effort", "fast", "-o", model)
    fast = mf.fit(WORDS, effort="fast")
    assert (mf.load_model(model).score(["emma"]) == fast.score(["emma"])).all()
    drawn = printed("sample", tabs, "--weighted", "-n", "5", "--seed", "1")
    assert drawn == fast.sample(5, rng=1)
    words = str(written(tmp_path, b"emma\n", "words"))
    assert printed("score", counted, words, *how)[0].endswith("\temma")
    assert "say the same" in misused("count", tabs, "--weighted", *how)
    assert "columns must show a line" in misused("count", tabs, "--columns", "word")
    assert "fewer columns" in refused("fit", tabs, "--columns", r"word\tx\tcount", "-o", model)
