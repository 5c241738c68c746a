"""``makemore-fast score`` on a stream: a line out for each line in, in memory that stays."""

import json
import math
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

import makemore_fast as mf
from limits import not_for_sanitizers
from terminal import COMMAND, LIMIT, WORDS, call, posix, printed, run, run_on_terminal

MODEL = mf.count(WORDS).model(smoothing=1)


@pytest.fixture
def scoring(words: str) -> "Iterator[subprocess.Popen[bytes]]":
    """Return a process that scores its standard input, which stays open."""
    with subprocess.Popen(
        [*COMMAND, "score", words, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield process
        process.kill()


@posix
def test_a_line_is_scored_before_the_next_one_comes(
    scoring: "subprocess.Popen[bytes]",
) -> None:
    assert scoring.stdin is not None
    assert scoring.stdout is not None
    for word in ("emma", "ava", "zoë"):
        scoring.stdin.write(f"{word}\n".encode())
        scoring.stdin.flush()
        assert scoring.stdout.readline().decode().endswith(f"\t{word}\n")
    scoring.stdin.write(b"li")
    scoring.stdin.flush()
    scoring.stdin.write(b"a")
    scoring.stdin.close()
    assert scoring.stdout.read().endswith(b"\tlia\n")
    assert scoring.wait(timeout=LIMIT) == 0


@posix
def test_ctrl_c_ends_the_wait_for_a_line(scoring: "subprocess.Popen[bytes]") -> None:
    assert scoring.stdin is not None
    assert scoring.stdout is not None
    scoring.stdin.write(b"emma\n")
    scoring.stdin.flush()
    assert scoring.stdout.readline().endswith(b"\temma\n")
    scoring.send_signal(signal.SIGINT)
    assert scoring.wait(timeout=LIMIT) == 130
    assert scoring.stdout.read() == b""


def test_what_is_no_text_is_refused_at_the_first_line(words: str) -> None:
    for text, problem in (
        ("emma\nava\n".encode("utf-16-le"), "looks like utf-16-le"),
        (b"\x1f\x8b\x08\n", "gzip data, not text"),
    ):
        result = call("score", words, "-", stdin=text)
        assert (result.exit_code, result.stdout) == (1, "")
        assert problem in result.stderr


@posix
def test_what_was_scored_is_out_when_a_bad_line_comes(words: str) -> None:
    done = run("score", words, "-", stdin=b"emma\n" * 300_000 + b"\n\xff\n")
    assert done.returncode == 1
    assert done.stdout.count(b"\n") in range(100_000, 300_001)
    assert b"standard input, line 300002, byte 1500001: not valid UTF-8" in done.stderr


def test_lines_that_are_not_valid_can_be_skipped(words: str) -> None:
    done = run("score", words, "-", "--errors", "skip", stdin=b"emma\n\xff\nava\n")
    assert [line.split(b"\t")[1] for line in done.stdout.splitlines()] == [b"emma", b"ava"]
    assert b"1 line was left out" in done.stderr


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="/proc tells the peak")
@not_for_sanitizers
def test_memory_does_not_grow_with_the_lines(words: str) -> None:
    program = """
        import sys
        from makemore_fast.cli import main
        try:
            main(sys.argv[1:])
        finally:
            with open("/proc/self/status") as status:
                peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
            print(peak, file=sys.stderr)
    """
    command = [sys.executable, "-c", textwrap.dedent(program), "score", words, "-", "--mean"]
    peaks = []
    for lines in (1_000, 1_000_000):
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process:
            _, said = process.communicate(b"annabella\n" * lines)
        assert process.returncode == 0
        peaks.append(int(said.split()[-1]))
    assert peaks[1] < peaks[0] + 60_000  # KiB


@posix
def test_a_person_is_told_what_is_impossible(words: str) -> None:
    text = b"emma\nava\nxyz\n"
    _, told = run_on_terminal("score", words, "-", stdin=text)
    loss = MODEL.nll(["emma", "ava"])
    assert f"3 words, loss inf nats per symbol, perplexity inf; {loss:.4f} nats per symbol" in told
    assert "of the 2 others; 1 word is impossible, first 'xyz' at 'x'; 3 unknown" in told
    _, told = run_on_terminal("score", words, "-", "--unknown", "--bits", stdin=text)
    model = mf.count(WORDS).model(smoothing=1, unknown=True)
    loss = model.nll(["emma", "ava", "xyz"])
    assert f"3 words, loss {loss / math.log(2):.4f} bits per symbol" in told
    assert told.rstrip().endswith("3 unknown symbols")


@posix
def test_a_reader_that_has_enough(words: str) -> None:
    script = 'yes emma | "$@" score "$0" - | head -2'
    done = subprocess.run(["sh", "-c", script, words, *COMMAND], capture_output=True, timeout=LIMIT)
    assert done.stdout.count(b"\temma\n") == 2
    assert done.stderr == b""


# -- what is printed --------------------------------------------------------------------------


def numbers(*args: str, stdin: bytes = b"emma\nava\nxyz\n") -> list[float]:
    return [float(line.split("\t")[0]) for line in printed("score", *args, stdin=stdin)]


def test_means_and_bits(words: str) -> None:
    asked = ["emma", "ava", "xyz"]
    for options, how in (
        (["--mean"], {"per": "symbol"}),
        (["--bits"], {"unit": "bits"}),
        (["--mean", "--bits"], {"per": "symbol", "unit": "bits"}),
    ):
        expected = MODEL.score(asked, **how)  # type: ignore[arg-type]
        assert numbers(words, "-", *options) == pytest.approx(expected.tolist(), abs=1e-4)
    row = json.loads(
        printed("score", words, "-", "--bits", "--symbol-scores", "--jsonl", stdin=b"ava")[0]
    )
    assert row["logprob"] == pytest.approx(sum(x for _, x in row["symbols"]))


def test_a_threshold_keeps_one_side(words: str) -> None:
    text = b"emma\nava\nxyz\nolivia\n"
    every = printed("score", words, "-", "--mean", stdin=text)
    bound = sorted(float(line.split("\t")[0]) for line in every)[2]
    exact = MODEL.score(["emma", "ava", "xyz", "olivia"], per="symbol")
    exactly = repr(float(sorted(exact)[2]))
    below = printed("score", words, "-", "--mean", "--threshold", exactly, "--below", stdin=text)
    above = printed("score", words, "-", "--mean", "--threshold", exactly, "--above", stdin=text)
    assert [line for line in every if float(line.split("\t")[0]) < bound] == below
    assert sorted([*below, *above]) == sorted(every)
    default = printed("score", words, "-", "--mean", "--threshold", exactly, stdin=text)
    assert default == below
    rows = printed("score", words, "-", "--threshold", "-inf", "--above", "--sort", stdin=text)
    assert len(rows) == 4
    assert call("score", words, "-", "--above", stdin=text).exit_code == 2
    assert call("score", words, "-", "--threshold", "nan", stdin=text).exit_code == 2


def test_unknown_symbols_get_a_share(words: str, saved: str, tmp_path: Path) -> None:
    model = mf.count(WORDS).model(smoothing=1, unknown=True)
    expected = pytest.approx(model.score(["emma", "ava", "xyz"]).tolist(), abs=1e-4)
    assert numbers(words, "-", "--unknown") == expected
    assert numbers(saved, "-", "--unknown") == expected
    counted = tmp_path / "counted.npz"
    assert call("count", words, "--unknown", "-o", str(counted)).exit_code == 0
    assert mf.load(counted) == mf.count(WORDS, unknown=True)
    assert numbers(str(counted), "-") == expected
    fitted, plain = tmp_path / "fitted.npz", tmp_path / "plain.npz"
    how = ["--chain", "h1 h2", "-o"]
    assert call("fit", words, "--unknown", *how, str(fitted)).exit_code == 0
    assert call("fit", words, *how, str(plain)).exit_code == 0
    assert all(map(math.isfinite, numbers(str(fitted), "-")))
    assert all(map(math.isfinite, numbers(str(fitted), "-", "--unknown")))
    result = call("score", str(plain), "-", "--unknown", stdin=b"ava")
    assert (result.exit_code, "no unknown symbol" in result.stderr) == (2, True)
    other = tmp_path / "other.txt"
    other.write_text("zoë\n", encoding="utf-8")
    args = ["fit", words, "--dev", str(other), *how, str(plain)]
    result = call(*args)
    assert result.exit_code == 1
    assert "dev word 0: 'zoë' contains 'z'" in result.stderr
    assert call(*args, "--unknown").exit_code == 0
