"""The command line, as a shell and a person at a terminal see it."""

import gzip
import json
import math
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import makemore_fast as mf
from makemore_fast.cli import main

COMMAND = [sys.executable, "-m", "makemore_fast"]
WORDS = ["emma", "olivia", "ava", "isabella", "sophia"]

posix = pytest.mark.skipif(os.name != "posix", reason="signals, pipes and terminals of POSIX")


@pytest.fixture
def words(tmp_path: Path) -> str:
    path = tmp_path / "words.txt"
    path.write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def saved(tmp_path: Path) -> str:
    path = tmp_path / "words.npz"
    mf.count(WORDS).save(path)
    return str(path)


def call(*args: str, stdin: bytes | None = None) -> Result:
    """Run the command line in this process, where no terminal is."""
    return CliRunner().invoke(main, args, input=stdin)


def run(*args: str, stdin: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """Run the command line in a process of its own."""
    return subprocess.run([*COMMAND, *args], input=stdin, capture_output=True, timeout=60)


def run_on_terminal(*args: str, stdin: bytes = b"") -> tuple[bytes, str]:
    """Return what a process writes to stdout, and to the terminal that is its stderr."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    pytest.importorskip("termios").tcsetwinsize(theirs, (24, 100))
    told = bytearray()

    def listen() -> None:
        try:
            while part := os.read(ours, 1 << 16):
                told.extend(part)
        except OSError:  # how Linux says that the other side has closed
            pass

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        done = subprocess.run(
            [*COMMAND, *args], input=stdin, stdout=subprocess.PIPE, stderr=theirs, timeout=60
        )
    finally:
        os.close(theirs)
        listener.join()
        os.close(ours)
    assert done.returncode == 0, told
    return done.stdout, told.decode().replace("\r\n", "\n")


# -- the whole ---------------------------------------------------------------------------


@pytest.mark.parametrize("args", [[], ["sample"], ["count"], ["score"], ["plot"]])
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_help_shows_examples(args: list[str], flag: str) -> None:
    result = call(*args, flag)
    assert result.exit_code == 0
    assert "Examples:\n    makemore-fast " in result.stdout


def test_version_is_that_of_the_package() -> None:
    assert call("--version").stdout == f"makemore-fast, version {mf.__version__}\n"


@pytest.mark.parametrize(
    "args",
    [
        ["dance"],
        ["sample", "-n", "-1"],
        ["sample", "-n", "x"],
        ["sample", "--seed", "-1"],
        ["sample", "--smoothing", "-1"],
        ["sample", "--smoothing", "nan"],
        ["sample", "--temperature", "-0.1"],
        ["sample", "--temperature", "inf"],
        ["sample", "--top-k", "0"],
        ["sample", "--max-length", "0"],
        ["sample", "--max-length", str(10**30)],
        ["sample", "--threads", "0"],
        ["sample", "--boundary", "ab"],
        ["sample", "--boundary", ""],
        ["sample", "-", "-"],
        ["count", "--top", "-1"],
        ["count", "-o", "counts.txt"],
        ["score", "-", "-"],
        ["score", "counts.npz"],
        ["score", "a", "b", "c"],
    ],
)
def test_bad_usage_exits_with_2_and_a_hint(args: list[str]) -> None:
    result = call(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage: " in result.stderr
    assert "\nError: " in result.stderr


@pytest.mark.parametrize("command", ["sample", "count", "score", "plot"])
@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.txt", None, "No such file or directory"),
        ("latin.txt", b"ok\ncaf\xe9\n", "{path}, "),
        ("dots.txt", b"ok\na.b\n", "line 2: 'a.b' contains the boundary '.'; "),
        ("cut.txt.gz", gzip.compress(b"emma\nava\n" * 99)[:-9], "end-of-stream"),
        ("plain.gz", b"emma\n", "Not a gzipped file"),
    ],
)
def test_bad_data_exits_with_1_and_one_line_that_names_the_file(
    command: str, name: str, content: bytes | None, message: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    result = call(command, str(path))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("makemore-fast: error: ")
    assert result.stderr.count("\n") == 1
    assert str(path) in result.stderr
    assert message.format(path=path) in result.stderr


@posix
def test_a_directory_as_a_file_exits_with_1(tmp_path: Path) -> None:
    result = call("count", str(tmp_path))
    assert result.exit_code == 1
    assert result.stderr == f"makemore-fast: error: {tmp_path}: Is a directory\n"


@pytest.mark.parametrize("args", [["count", "missing.npz"], ["score", "missing.npz", "-"]])
def test_missing_saved_counts_exit_with_1(args: list[str]) -> None:
    result = call(*args)
    assert result.exit_code == 1
    assert result.stderr.startswith("makemore-fast: error: missing.npz")


def test_an_error_speaks_of_options() -> None:
    result = call("count", "-", stdin=b"a.b\n")
    assert result.stderr.endswith("; choose another with --boundary\n")
    assert call("count", "-", "--boundary", "#", stdin=b"a.b\n").exit_code == 0


@pytest.mark.parametrize("command", ["sample", "score"])
def test_no_words_make_no_model(command: str) -> None:
    result = call(command, "-", stdin=b"\n\n")
    assert result.exit_code == 1
    assert "no words" in result.stderr


def test_a_process_exits_as_promised_and_without_traceback(tmp_path: Path) -> None:
    bad_data, bad_usage = run("count", str(tmp_path / "missing")), run("count", "--bogus")
    assert (bad_data.returncode, bad_usage.returncode) == (1, 2)
    assert bad_data.stderr.count(b"\n") == 1
    assert b"Traceback" not in bad_usage.stderr


@posix
@pytest.mark.parametrize("args", [["sample", "-n", str(10**12)], ["count", "-"]])
def test_ctrl_c_exits_with_130_and_says_nothing(args: list[str]) -> None:
    with subprocess.Popen(
        [*COMMAND, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        if args[0] == "sample":
            process.stdout.read(1)
        else:  # more than a pipe holds: once written, reading has begun
            process.stdin.write(b"emma\n" * 100_000)
            process.stdin.flush()
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=10)
    assert process.returncode == 130
    assert told == b""


@posix
def test_a_closed_pipe_ends_quietly() -> None:
    with subprocess.Popen(
        [*COMMAND, "sample", "-n", str(10**12)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.wait(timeout=10) == 0
        assert process.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_exits_with_1_and_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*COMMAND, "count"], stdout=full, stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert b"No space left" in done.stderr


def test_results_are_utf_8_in_every_locale() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [*COMMAND, "score", "-", "--smoothing", "0"],
        input="né\n".encode(), capture_output=True, env=environment, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().split() == ["0.0000", "né"]


# -- sample ------------------------------------------------------------------------------


def test_sample_prints_the_words_of_the_library(words: str) -> None:
    model = mf.count(WORDS).model(smoothing=0.5)
    expected = model.sample(
        9, rng=42, prefix="o", max_length=5, temperature=0.8, top_k=3, threads=1
    )
    result = call(
        "sample", words, "-n", "9", "--seed", "42", "--smoothing", "0.5", "--prefix", "o",
        "--max-length", "5", "--temperature", "0.8", "--top-k", "3", "--threads", "1",
    )  # fmt: skip
    assert result.stdout.split("\n") == [*expected, ""]


def test_sample_by_order(words: str) -> None:
    bigrams = mf.count(WORDS).model()
    assert call("sample", words, "--order", "2", "--seed", "1").stdout.split("\n")[:-1] == (
        bigrams.sample(20, rng=1)
    )
    four = mf.count(WORDS, order=4).model(smoothing="kneser-ney")
    assert call("sample", words, "--order", "4", "--seed", "1").stdout.split("\n")[:-1] == (
        four.sample(20, rng=1)
    )


def test_many_words_are_the_same_as_one_call_draws() -> None:
    drawn = call("sample", "-n", "150000", "--seed", "7").stdout
    assert drawn == "".join(f"{word}\n" for word in mf.fit(mf.names()).sample(150_000, rng=7))


def test_unique_and_new_words_are_those_of_the_library(words: str) -> None:
    model = mf.count(WORDS).model(smoothing=1)
    args = ["sample", words, "-n", "3000", "--seed", "3", "--smoothing", "1"]
    options: list[tuple[list[str], dict[str, Any]]] = [
        (["--unique"], {"unique": True}),
        (["--new"], {"exclude": WORDS}),
        (["--new", "--unique"], {"exclude": WORDS, "unique": True}),
    ]
    for flags, how in options:
        assert call(*args, *flags).stdout.split("\n")[:-1] == model.sample(3000, rng=3, **how)


def test_new_words_of_the_built_in_names_and_of_a_pipe() -> None:
    drawn = call("sample", "-n", "500", "--new").stdout.split()
    assert not set(drawn) & set(mf.names())
    drawn = call(
        "sample", "-", "-n", "50", "--seed", "1", "--new", stdin=b"ava\nemma\n"
    ).stdout.split("\n")[:-1]
    assert drawn == mf.fit(["ava", "emma"]).sample(50, rng=1, exclude=["ava", "emma"])


def test_saved_counts_hold_no_words_to_leave_out(words: str, saved: str) -> None:
    result = call("sample", words, saved, "--new")
    assert result.exit_code == 2
    assert "words.npz holds no words" in result.stderr


def test_too_few_words_exit_with_1(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text("ab\n", encoding="utf-8")
    result = call("sample", str(path), "-n", "2", "--unique", "--order", "2")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "only 1 different word was found" in result.stderr
    assert "a higher --temperature or --smoothing" in result.stderr


@posix
def test_any_number_of_words_takes_no_more_memory() -> None:
    program = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [*COMMAND, "sample", "-n", str(5_000_000), "--seed", "1"]
    run = subprocess.run(
        [sys.executable, "-c", program, *command], capture_output=True, timeout=60, check=True
    )
    unit = 1 if sys.platform == "darwin" else 1024
    assert int(run.stdout) * unit < 200e6


def test_empty_words_are_empty_lines(words: str) -> None:
    args = ["sample", words, "-n", "2000", "--seed", "1", "--smoothing", "9"]
    expected = mf.count(WORDS).model(smoothing=9).sample(2000, rng=1)
    assert "" in expected
    assert call(*args).stdout.split("\n") == [*expected, ""]


def test_sample_draws_20_other_words_each_time() -> None:
    first, second = call("sample").stdout, call("sample").stdout
    assert first.count("\n") == second.count("\n") == 20
    assert first != second


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
    result = call("sample", words, "--prefix", prefix)
    assert result.exit_code == 1
    assert result.stderr.startswith("makemore-fast: error: ")
    assert result.stdout == ""


# -- count -------------------------------------------------------------------------------


def test_count_prints_a_summary_and_the_most_common_bigrams(words: str) -> None:
    assert call("count", words, "-n", "2").stdout == (
        "5 words, 32 bigrams, 12 symbols\n"
        "first     second           count    share\n"
        "a         .                    5   15.62%\n"
        "i         a                    2    6.25%\n"
    )


def test_count_prints_20_bigrams_of_the_built_in_names() -> None:
    lines = call("count").stdout.splitlines()
    assert lines[0].startswith(f"{len(mf.names()):,} words, ")
    assert len(lines) == 2 + 20


def test_every_symbol_can_be_seen_and_columns_stand_in_line() -> None:
    text = "a b\ne\u0301\nx\ty\n中文\n\x00\xa0\u200d\n"
    lines = call("count", "-", "--top", "99", stdin=text.encode()).stdout.splitlines()[1:]
    for line in lines:
        assert line.isprintable()
        assert len(line.split()) == 4
        columns = len(line) + sum(c in "中文" for c in line) - line.count("\u0301")
        assert columns == len(lines[0])


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
    result = call("count", "-", stdin=b"")
    assert result.exit_code == 0
    assert result.stdout.startswith("0 words, 0 bigrams")
    assert json.loads(call("count", "-", "--json", stdin=b"").stdout)["counts"] == []


def test_saved_counts_are_counts_again(words: str, tmp_path: Path) -> None:
    path = str(tmp_path / "new.npz")
    printed = call("count", words, "-o", path)
    assert mf.load(path) == mf.count(WORDS)
    assert call("count", path).stdout == printed.stdout


def test_counts_that_cannot_be_saved_print_nothing(words: str, tmp_path: Path) -> None:
    result = call("count", words, "-o", str(tmp_path / "missing" / "new.npz"))
    assert result.exit_code == 1
    assert result.stdout == ""


# -- score -------------------------------------------------------------------------------


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


# -- plot --------------------------------------------------------------------------------


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
    result = call("plot", words, "-o", str(tmp_path / "picture.png"))
    assert result.exit_code == 1
    assert result.stderr.startswith("makemore-fast: error: ")
    assert "makemore_fast[plot]" in result.stderr


# -- messages ----------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["sample", "count", "score"])
def test_stderr_is_silent_where_no_terminal_is(command: str) -> None:
    done = run(command)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout


@posix
def test_sample_tells_a_person_the_corpus_the_loss_and_the_known_words(words: str) -> None:
    drawn, told = run_on_terminal("sample", words, "--seed", "1", "-n", "300")
    new = drawn.decode().split("\n")[:-1]
    assert new == mf.fit(WORDS).sample(300, rng=1)
    old = [word for word in new if word in WORDS]
    known = f"{len(old)} of 300 stand in the corpus already: {', '.join(dict.fromkeys(old))}"
    assert told == (
        f"corpus: {words}; 5 words, 12 symbols\n"
        "too few words to hold some out; seed: 1\n"
        f"{known.rstrip(': ')}\n"
    )


@posix
def test_sample_tells_the_loss_on_a_held_out_tenth() -> None:
    words = mf.names()
    rest = [word for i, word in enumerate(words) if i % 10 != 9]
    loss = mf.fit(rest).nll([word for word in words[9::10] if set(word) <= set("".join(rest))])
    _, told = run_on_terminal("sample", "--seed", "1")
    assert f"\nloss on a held-out tenth: {loss:.4f} nats per symbol; seed: 1\n" in told


@posix
def test_many_words_show_a_bar_on_a_terminal_only() -> None:
    many = ["sample", "-n", "10000001", "--seed", "1", "--max-length", "1"]
    drawn, told = run_on_terminal(*many)
    assert drawn.count(b"\n") == 10_000_001
    assert "10.0M/10.0M" in told
    assert " words/s" in told
    assert run(*many).stderr == b""


@posix
def test_standard_input_is_read_once_and_still_compared() -> None:
    drawn, told = run_on_terminal("sample", "-", "-n", "2", "--order", "2", stdin=b"abc\n")
    assert drawn == b"abc\nabc\n"
    assert told.startswith("corpus: standard input; 1 words, 4 symbols\n")
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


# -- longer contexts and models ------------------------------------------------------------


@pytest.fixture
def model_file(tmp_path: Path) -> str:
    path = tmp_path / "words.arpa.gz"
    model = mf.count(WORDS, order=3).model(smoothing="kneser-ney")
    assert isinstance(model, mf.NgramModel)
    model.write_arpa(path)
    return str(path)


@pytest.mark.parametrize("smoothing", ["kneser-ney", "witten-bell", 0.5])
def test_order_and_smoothing_are_those_of_the_package(words: str, smoothing: str | float) -> None:
    model = mf.count(WORDS, order=4).model(smoothing=smoothing)  # type: ignore[arg-type]
    options = ["--order", "4", "--smoothing", str(smoothing)]
    result = call("sample", words, "-n", "9", "--seed", "3", *options)
    assert result.stdout.splitlines() == model.sample(9, rng=3)
    result = call("score", words, *options)
    assert [line.split("\t")[1] for line in result.stdout.splitlines()] == WORDS
    scores = [float(line.split("\t")[0]) for line in result.stdout.splitlines()]
    assert scores == pytest.approx(model.score(WORDS).tolist(), abs=1e-4)


def test_count_longer_n_grams(words: str, tmp_path: Path) -> None:
    saved = tmp_path / "trigrams.npz"
    result = call("count", words, "--order", "3", "--top", "2", "-o", str(saved))
    counts = mf.count(WORDS, order=3)
    head, columns, *rows = result.stdout.splitlines()
    assert head == "5 words, 32 trigrams, 12 symbols"
    assert columns.split() == ["first", "second", "third", "count", "share"]
    expected = [[*gram, str(times)] for gram, times in counts.most_common(2)]
    assert [row.split()[:4] for row in rows] == expected
    assert mf.load(saved) == counts
    result = call("count", words, "--order", "5", "--json")
    facts = json.loads(result.stdout)
    assert facts["5-grams"] == 32
    assert len(facts["counts"][0]) == 6


def test_saved_counts_have_an_order(words: str, tmp_path: Path) -> None:
    saved = str(tmp_path / "four.npz")
    assert call("count", words, "--order", "4", "-o", saved).exit_code == 0
    for order, options in [(4, []), (4, ["--order", "4"]), (2, ["--order", "2"])]:
        result = call("sample", saved, "-n", "5", "--seed", "1", *options)
        how: Any = 0.0 if order == 2 else "kneser-ney"
        model = mf.count(WORDS, order=order).model(smoothing=how)
        assert result.stdout.splitlines() == model.sample(5, rng=1)
    result = call("sample", saved, "--order", "5")
    assert result.exit_code == 1
    assert "not 5" in result.stderr
    pytest.importorskip("matplotlib")
    assert call("plot", saved, "-o", str(tmp_path / "p.png")).exit_code == 0


def test_models_are_scored_with_and_drawn_from(words: str, model_file: str) -> None:
    model = mf.read_arpa(model_file)
    result = call("sample", model_file, "-n", "7", "--seed", "5")
    assert result.stdout.splitlines() == model.sample(7, rng=5)
    result = call("score", model_file, words)
    scores = [float(line.split("\t")[0]) for line in result.stdout.splitlines()]
    assert scores == pytest.approx(model.score(WORDS).tolist(), abs=1e-4)


def test_a_model_is_no_corpus(words: str, model_file: str) -> None:
    for args, problem in [
        (["score", model_file], "holds no words: name a FILE of words"),
        (["sample", model_file, "--new"], "holds no words, which --new leaves out"),
        (["sample", model_file, words], "name no other FILE"),
        (["score", model_file, words, "--order", "3"], "--order is for words and counts"),
        (["sample", words, "--smoothing", "good-turing"], "neither kneser-ney nor witten-bell"),
        (["sample", words, "--order", "1"], "--order"),
    ]:
        result = call(*args)
        assert result.exit_code == 2
        assert problem in result.stderr
    for command in ("count", "plot"):
        result = call(command, model_file)
        assert result.exit_code == 1
        assert "a model, and no words or counts" in result.stderr


def test_a_malformed_model_is_one_line(tmp_path: Path, words: str) -> None:
    path = tmp_path / "bad.arpa"
    path.write_text("\\data\\\nngram x\n", encoding="utf-8")
    result = call("score", str(path), words)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"makemore-fast: error: {path}, line 2: expected ngram 1=")


def test_the_score_of_each_symbol(model_file: str) -> None:
    model = mf.read_arpa(model_file)
    scores, offsets = model.symbol_scores(["a b", "ava"])
    result = call("score", model_file, "-", "--symbols", "--sort", stdin=b"ava\na b\n")
    odd, usual = (line.split("\t") for line in result.stdout.splitlines())
    assert odd[1] == "a b"
    assert odd[2].split()[1].endswith(":-inf")
    parts = [part.rpartition(":") for part in usual[2].split(" ")]
    assert [symbol for symbol, _, _ in parts] == [*"ava", "."]
    each = [float(x) for _, _, x in parts]
    assert each == pytest.approx(scores[offsets[1] :].tolist(), abs=0.006)
    result = call("score", model_file, "-", "--symbols", "--json", stdin=b"a b\n")
    symbols = json.loads(result.stdout)["symbols"]
    assert symbols[1] == [" ", None]
    assert [symbol for symbol, _ in symbols] == ["a", " ", "b", "."]


def test_the_terminal_hears_of_the_model(model_file: str) -> None:
    _, told = run_on_terminal("sample", model_file, "--seed", "1")
    assert "model: " in told
    assert "NgramModel(order 3, arpa" in told
