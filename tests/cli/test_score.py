"""``makemore-fast score``."""

import json
import math
from pathlib import Path

import makemore_fast as mf
from terminal import WORDS, call, run


def test_score_prints_log_probabilities_and_words(words: str) -> None:
    scores = mf.count(WORDS).model(smoothing=1).score(WORDS)
    expected = "".join(f"{x:.4f}\t{word}\n" for x, word in zip(scores, WORDS, strict=True))
    assert call("score", words).stdout == expected


def test_score_takes_the_words_of_another_file(words: str, saved: str) -> None:
    strings = b"ava\nxyz\nvv\n"
    from_words = call("score", words, "-", "--smoothing", "0", stdin=strings).stdout
    assert from_words == call("score", saved, "-", "--smoothing", "0", stdin=strings).stdout
    assert [line.split("\t") for line in from_words.splitlines()][1:] == [
        ["-inf", "xyz"],
        ["-inf", "vv"],
    ]


def test_smoothing_makes_unseen_bigrams_possible(words: str) -> None:
    seen, unknown = call("score", words, "-", stdin=b"vv\nxyz\n").stdout.splitlines()
    assert math.isfinite(float(seen.split("\t")[0]))
    assert unknown == "-inf\txyz"


def test_sort_puts_the_most_unlikely_first(words: str) -> None:
    lines = call("score", words, "-", "--sort", stdin=b"ava\nxyz\nvv\nemma\n").stdout.splitlines()
    scores = [float(line.split("\t")[0]) for line in lines]
    assert scores == sorted(scores)
    assert lines[0] == "-inf\txyz"


def test_json_scores_are_numbers_or_null(words: str) -> None:
    result = call("score", words, "-", "--json", stdin="ava\né\n".encode())
    ava, unknown = (json.loads(line) for line in result.stdout.splitlines())
    assert ava == {"word": "ava", "logprob": mf.count(WORDS).model(smoothing=1).score(["ava"])[0]}
    assert unknown == {"word": "é", "logprob": None}
    assert "é" in result.stdout


def test_words_of_standard_input_are_counted_and_scored(words: str) -> None:
    piped = run("score", "-", stdin="\n".join(WORDS).encode())
    assert piped.stdout.decode().splitlines() == call("score", words).stdout.splitlines()


def test_score_scores_the_built_in_names() -> None:
    lines = call("score").stdout.splitlines()
    assert [line.split("\t")[1] for line in lines] == mf.names()


def test_no_strings_to_score_print_nothing(words: str) -> None:
    result = call("score", words, "-", stdin=b"")
    assert (result.exit_code, result.output) == (0, "")


def test_a_word_that_holds_the_boundary_is_one_row_of_many(words: str, tmp_path: Path) -> None:
    arpa, mixture = tmp_path / "m.arpa", tmp_path / "m.npz"
    model = mf.count(WORDS, order=3).model(smoothing="witten-bell")
    assert isinstance(model, mf.NgramModel)
    model.write_arpa(arpa)
    mf.fit(WORDS).save(mixture)
    text = b"google.com\nava\n.\nemma\n"
    for args in ([words], [words, "--order", "4"], [str(arpa)], [str(mixture)]):
        result = call("score", *args, "-", stdin=text)
        assert result.exit_code == 0, result.stderr
        rows = [line.split("\t") for line in result.stdout.splitlines()]
        assert [word for _, word in rows] == ["google.com", "ava", ".", "emma"]
        assert [math.isfinite(float(score)) for score, _ in rows] == [False, True, False, True]
        lines = call("score", *args, "-", "--json", "--symbols", stdin=text).stdout.splitlines()
        facts = [json.loads(line) for line in lines]
        assert [fact["logprob"] is None for fact in facts] == [True, False, True, False]
        assert [symbol for symbol, _ in facts[0]["symbols"]] == [*"google.com", "."]
    assert call("score", "-", words, stdin=text).exit_code == 1  # these are counted
