"""What a person at a terminal is told, and a pipe is not."""

from pathlib import Path

import pytest

import makemore_fast as mf
from makemore_fast.fitting import Effort
from terminal import WORDS, call, posix, run, run_on_terminal


@pytest.mark.parametrize("command", ["sample", "count", "score"])
def test_stderr_is_silent_where_no_terminal_is(command: str) -> None:
    done = run(command)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout


@posix
def test_sample_tells_a_person_the_corpus_the_loss_and_the_known_words(words: str) -> None:
    drawn, told = run_on_terminal("sample", words, "--seed", "1", "-n", "300")
    new = drawn.decode().split("\n")[:-1]
    assert new == mf.fit(WORDS, effort="fast").sample(300, rng=1)
    old = [word for word in new if word in WORDS]
    known = f"{len(old)} of 300 stand in the corpus already: {', '.join(dict.fromkeys(old))}"
    assert told == (
        f"corpus: {words}; 5 words, 12 symbols; seed: 1\n"
        f"{known.rstrip(': ')}\n"
        "too few words to hold some out\n"
    )


@posix
def test_sample_tells_the_loss_on_a_held_out_tenth() -> None:
    words = mf.names()
    rest = [word for i, word in enumerate(words) if i % 10 != 9]
    tenth = [word for word in words[9::10] if set(word) <= set("".join(rest))]
    asked: list[tuple[Effort, list[str]]] = [("fast", []), ("default", ["--effort", "default"])]
    for effort, options in asked:
        loss = mf.fit(rest, effort=effort).nll(tenth)
        _, told = run_on_terminal("sample", "--seed", "1", *options)
        said = f"\nloss on a held-out tenth: {loss:.4f} nats per symbol of the 287 others; "
        assert told.endswith(f"{said}4 words are impossible, first 'bożena' at 'ż'\n")


@posix
def test_many_words_show_a_bar_on_a_terminal_only() -> None:
    many = ["sample", "-n", "10000001", "--seed", "1", "--max-length", "1", "--truncate"]
    drawn, told = run_on_terminal(*many)
    assert drawn.count(b"\n") == 10_000_001
    assert "10.0M/10.0M" in told
    assert " words/s" in told
    assert run(*many).stderr == b""


@posix
def test_standard_input_is_read_once_and_still_compared() -> None:
    drawn, told = run_on_terminal("sample", "-", "-n", "2", "--order", "2", stdin=b"abc\n")
    assert drawn == b"abc\nabc\n"
    assert told.startswith("corpus: standard input; 1 words, 4 symbols; seed: ")
    assert "\nloss: 0.0000 nats per symbol\n" in told
    assert told.endswith("\n2 of 2 stand in the corpus already: abc\n")


@posix
def test_the_seed_that_is_told_draws_the_words_again() -> None:
    drawn, told = run_on_terminal("sample", "-n", "5")
    seed = told.split("seed: ")[1].split()[0]
    assert call("sample", "-n", "5", "--seed", seed).stdout.encode() == drawn


@posix
def test_score_tells_a_person_the_loss(words: str) -> None:
    _, told = run_on_terminal("score", words)
    model = mf.count(WORDS).model(smoothing=1)
    loss, perplexity = model.nll(WORDS), model.perplexity(WORDS)
    assert told == (f"5 words, loss {loss:.4f} nats per symbol, perplexity {perplexity:.4g}\n")


@posix
def test_count_and_plot_tell_a_person_what_they_wrote(words: str, tmp_path: Path) -> None:
    saved, picture = str(tmp_path / "new.npz"), str(tmp_path / "new.png")
    assert run_on_terminal("count", words, "-o", saved)[1] == f"saved to {saved}\n"
    pytest.importorskip("matplotlib")
    assert run_on_terminal("plot", saved, "-o", picture)[1] == f"wrote {picture}\n"
