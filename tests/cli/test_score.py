"""``makemore-fast score``."""

import json
import math
from pathlib import Path

import makemore_fast as mf
from smoothed import ngram_model
from terminal import WORDS, call, printed, run


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
    seen, unknown = printed("score", words, "-", stdin=b"vv\nxyz\n")
    assert math.isfinite(float(seen.split("\t")[0]))
    assert unknown == "-inf\txyz"


def test_sort_puts_the_most_unlikely_first(words: str) -> None:
    rows = printed("score", words, "-", "--sort", stdin=b"ava\nxyz\nvv\nemma\n")
    scores = [float(line.split("\t")[0]) for line in rows]
    assert scores == sorted(scores)
    assert rows[0] == "-inf\txyz"


def test_json_scores_are_numbers_or_null(words: str) -> None:
    rows = printed("score", words, "-", "--json", stdin="ava\né\n".encode())
    ava, unknown = map(json.loads, rows)
    assert ava == {"word": "ava", "logprob": mf.count(WORDS).model(smoothing=1).score(["ava"])[0]}
    assert unknown == {"word": "é", "logprob": None}
    assert "é" in rows[1]


def test_words_of_standard_input_are_counted_and_scored(words: str) -> None:
    piped = run("score", "-", stdin="\n".join(WORDS).encode())
    assert piped.stdout.decode().splitlines() == printed("score", words)


def test_score_scores_the_built_in_names() -> None:
    assert [line.split("\t")[1] for line in printed("score")] == mf.names()


def test_no_strings_to_score_print_nothing(words: str) -> None:
    result = call("score", words, "-", stdin=b"")
    assert (result.exit_code, result.output) == (0, "")


def test_a_word_that_holds_the_boundary_is_one_row_of_many(words: str, tmp_path: Path) -> None:
    arpa, mixture = tmp_path / "m.arpa", tmp_path / "m.npz"
    ngram_model(WORDS).write_arpa(arpa)
    mf.fit(WORDS).save(mixture)
    text = b"google.com\nava\n.\nemma\n"
    for args in ([words], [words, "--order", "4"], [str(arpa)], [str(mixture)]):
        rows = [line.split("\t") for line in printed("score", *args, "-", stdin=text)]
        assert [word for _, word in rows] == ["google.com", "ava", ".", "emma"]
        assert [math.isfinite(float(score)) for score, _ in rows] == [False, True, False, True]
        said = printed("score", *args, "-", "--json", "--symbol-scores", stdin=text)
        facts = [json.loads(line) for line in said]
        assert [fact["logprob"] is None for fact in facts] == [True, False, True, False]
        assert [symbol for symbol, _ in facts[0]["symbols"]] == [*"google.com", "."]
    assert call("score", "-", words, stdin=text).exit_code == 1  # these are counted
