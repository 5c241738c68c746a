"""``makemore-fast sample``."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import makemore_fast as mf
from limits import not_for_sanitizers
from terminal import COMMAND, WORDS, call, misused, posix, printed, refused, run_python
from word_files import written


def test_sample_prints_the_words_of_the_library(words: str) -> None:
    model = mf.count(WORDS).model(smoothing=0.5)
    expected = model.sample(
        9, rng=42, prefix="o", max_length=5, truncate=True, temperature=0.8, top_k=3, threads=1
    )
    assert expected == printed(
        "sample", words, "-n", "9", "--seed", "42", "--smoothing", "0.5", "--prefix", "o",
        "--max-length", "5", "--truncate", "--temperature", "0.8", "--top-k", "3", "--threads", "1",
    )  # fmt: skip


def test_conditions_and_narrowing_are_those_of_the_library() -> None:
    model = mf.fit(mf.names(), effort="fast")
    for options, how in (
        ("--suffix a --contains i --min-length 4 --max-length 7 --match .*n.*",
         {"suffix": "a", "contains": "i", "min_length": 4, "max_length": 7, "match": ".*n.*"}),
        ("--top-p 0.8 --min-p 0.05", {"top_p": 0.8, "min_p": 0.05}),
        ("--max-length 3 --truncate", {"max_length": 3, "truncate": True}),
    ):  # fmt: skip
        given: dict[str, Any] = how
        expected = model.sample(30, rng=5, **given)
        assert printed("sample", "-n", "30", "--seed", "5", *options.split()) == expected


def test_scores_and_json(tmp_path: Path) -> None:
    model = mf.fit(mf.names(), effort="fast")
    words, scores = model.sample(2000, rng=5, scores=True)
    draw = ["sample", "-n", "2000", "--seed", "5"]
    lines = [line.split("\t") for line in printed(*draw, "--scores")]
    assert lines == [[f"{x:.4f}", word] for word, x in zip(words, scores, strict=True)]
    rows = [json.loads(line) for line in printed(*draw, "--scores", "--json")]
    assert [row["logprob"] for row in rows] == scores.tolist()
    rows = [json.loads(line) for line in printed(*draw, "--json")]
    assert rows == [{"word": word} for word in words]
    out = tmp_path / "words.txt"
    assert printed(*draw, "-o", str(out)) == []
    assert out.read_text("utf-8").splitlines() == words


def test_a_file_of_words_is_whole_or_not_there(tmp_path: Path) -> None:
    out = tmp_path / "words.txt"
    out.write_text("old\n", "utf-8")
    assert "--suffix was missed" in refused("sample", "--suffix", "ṣṣṣ", "-n", "1", "-o", str(out))
    assert out.read_text("utf-8") == "old\n"
    assert [path.name for path in tmp_path.iterdir()] == ["words.txt"]
    missing = str(tmp_path / "none" / "words.txt")
    assert "No such file" in refused("sample", "-o", missing)


def test_sample_by_order(words: str) -> None:
    two = mf.count(WORDS).model()
    assert printed("sample", words, "--order", "2", "--seed", "1") == two.sample(20, rng=1)
    four = mf.count(WORDS, order=4).model(smoothing="kneser-ney")
    assert printed("sample", words, "--order", "4", "--seed", "1") == four.sample(20, rng=1)


def test_many_words_are_the_same_as_one_call_draws() -> None:
    drawn = printed("sample", "-n", "150000", "--seed", "7")
    assert drawn == mf.fit(mf.names(), effort="fast").sample(150_000, rng=7)


def test_an_effort_is_for_the_model_that_is_fitted(words: str, saved: str) -> None:
    drawn = printed("sample", words, "-n", "50", "--seed", "1", "--effort", "default")
    assert drawn == mf.fit(WORDS).sample(50, rng=1)
    for other in ([words, "--order", "3"], [words, "--smoothing", "1"], [saved]):
        assert "--effort is for the model" in misused("sample", *other, "--effort", "fast")


def test_unique_and_new_words_are_those_of_the_library(words: str) -> None:
    model = mf.count(WORDS).model(smoothing=1)
    args = ["sample", words, "-n", "3000", "--seed", "3", "--smoothing", "1"]
    options: list[tuple[list[str], dict[str, Any]]] = [
        (["--unique"], {"unique": True}),
        (["--new"], {"exclude": WORDS}),
        (["--new", "--unique"], {"exclude": WORDS, "unique": True}),
    ]
    for flags, how in options:
        assert printed(*args, *flags) == model.sample(3000, rng=3, **how)


def test_new_words_of_the_built_in_names_and_of_a_pipe() -> None:
    assert not set(printed("sample", "-n", "500", "--new")) & set(mf.names())
    drawn = printed("sample", "-", "-n", "50", "--seed", "1", "--new", stdin=b"ava\nemma\n")
    assert drawn == mf.fit(["ava", "emma"], effort="fast").sample(
        50, rng=1, exclude=["ava", "emma"]
    )


def test_saved_counts_hold_no_words_to_leave_out(words: str, saved: str) -> None:
    assert "words.npz holds no words" in misused("sample", words, saved, "--new")


def test_too_few_words_exit_with_1(tmp_path: Path) -> None:
    path = written(tmp_path, b"ab\n", "one.txt")
    said = refused("sample", str(path), "-n", "2", "--unique", "--order", "2")
    assert "only 1 different word was found" in said
    assert "a higher --temperature or --smoothing" in said


@not_for_sanitizers
@posix
def test_any_number_of_words_takes_no_more_memory() -> None:
    program = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [*COMMAND, "sample", "-n", str(5_000_000), "--seed", "1", "--order", "2"]
    unit = 1 if sys.platform == "darwin" else 1024
    assert int(run_python(program, *command).stdout) * unit < 200e6


def test_scores_are_json_where_a_word_is_impossible(words: str) -> None:
    args = (words, "-n", "9", "--seed", "1", "--order", "3", "--smoothing", "0")
    rows = printed("sample", *args, "--truncate", "--max-length", "2", "--scores", "--json")
    assert {json.loads(row, parse_constant=pytest.fail)["logprob"] for row in rows} >= {None}


def test_a_dash_is_standard_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert printed("sample", "-n", "3", "--seed", "1", "-o", "-") == printed(
        "sample", "-n", "3", "--seed", "1"
    )
    assert not list(tmp_path.iterdir())


def test_empty_words_are_empty_lines(words: str) -> None:
    drawn = printed("sample", words, "-n", "2000", "--seed", "1", "--smoothing", "9")
    expected = mf.count(WORDS).model(smoothing=9).sample(2000, rng=1)
    assert "" in expected
    assert drawn == expected


def test_sample_draws_20_other_words_each_time() -> None:
    first, second = printed("sample"), printed("sample")
    assert len(first) == len(second) == 20
    assert first != second


def test_no_name_is_shown_as_none() -> None:
    assert "error: '': No such file" in refused("sample", "-o", "")


def test_no_words_are_asked_for_and_none_come() -> None:
    result = call("sample", "-n", "0")
    assert (result.exit_code, result.output) == (0, "")


def test_files_standard_input_and_saved_counts_go_together(words: str, saved: str) -> None:
    more = b"noa\r\n\nmia"
    counts = mf.count(WORDS) + mf.count(WORDS) + mf.count(["noa", "mia"])
    result = call("sample", words, "-", saved, "--seed", "3", stdin=more)
    assert result.stdout.split() == counts.model().sample(20, rng=3)


@pytest.mark.parametrize("prefix", ["x", ".", "e.", "\udcff"])
def test_a_prefix_that_no_word_can_have_exits_with_1(words: str, prefix: str) -> None:
    refused("sample", words, "--prefix", prefix)
