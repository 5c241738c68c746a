"""Texts that several threads count: equal to one thread, whatever stands at the cuts."""

import io
import mmap
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from instruction_sets import forced
from makemore_fast.counting_options import counting
from raising import raises
from terminal import run_python
from word_files import written

PIECE = 1 << 18  # bytes that a thread counts at a time


def counts_of(text: bytes, **options: bool) -> mf.Counts:
    return mf.count(reference.lines(text, **options))


@settings(max_examples=25, deadline=None)
@given(
    st.integers(PIECE - 6, PIECE + 1),
    st.text(st.sampled_from("aé中😀\n\r"), min_size=1, max_size=8),
    st.sampled_from(["a", "é", "中", "😀", "ab\n", "é\r\n"]),
    st.sampled_from([1, 2, 3, 7]),
    st.booleans(),
)
def test_symbols_and_line_ends_at_every_cut(
    before: int, at_the_cut: str, filler: str, threads: int, skip_blank: bool
) -> None:
    unit = filler.encode()
    text = unit * (before // len(unit)) + b"x" * (before % len(unit)) + at_the_cut.encode()
    text += unit * (2 * PIECE // len(unit))
    expected = counts_of(text, skip_blank=skip_blank)
    assert mf.count_text(text, threads=threads, skip_blank=skip_blank) == expected


@pytest.mark.parametrize("threads", [1, 2, 3, 7, None])
def test_one_word_of_many_pieces(threads: int | None) -> None:
    word = "aé中" * PIECE
    assert mf.count_text(word, threads=threads) == mf.count([word])


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("symbols", [20, 60, 120, 250, 4000])
def test_alphabets_of_every_size_in_files_and_memory(
    symbols: int, threads: int, tmp_path: Path
) -> None:
    rng = np.random.default_rng(symbols)
    letters = np.array([chr(0x100 + i) for i in range(symbols)] + ["\n"])
    text = "".join(rng.choice(letters, 400_000)).encode()
    expected = counts_of(text)
    assert mf.count_text(text, threads=threads) == expected
    assert mf.count_file(written(tmp_path, text), threads=threads) == expected
    assert mf.count_file(io.BytesIO(text)) == expected


@pytest.mark.parametrize(
    "text", ["a", "ab", "a\n", "\n", "\r\n", "abcdefgh\n", "xyzw", "a\nb\n", "ab\nabc\n"]
)
def test_runs_and_short_periods(text: str) -> None:
    for times in (1, 100, 700_000 // len(text)):
        whole = text * times
        expected = counts_of(whole.encode(), skip_blank=False)
        assert mf.count_text(whole, threads=1, skip_blank=False) == expected
        assert mf.count_text(whole, threads=3, skip_blank=False) == expected


def test_anything_with_the_buffer_protocol(tmp_path: Path) -> None:
    text = "né\n中\n".encode() * 1000
    expected = counts_of(text)
    path = written(tmp_path, text)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert mf.count_text(mapped) == expected
    for same in (text, bytearray(text), memoryview(text), np.frombuffer(text, np.uint8)):
        assert mf.count_text(same) == expected
    assert mf.count_text(b"") == mf.count([])
    assert mf.count_text("") == mf.count([])


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_errors_name_the_first_bad_line_for_any_number_of_threads(
    threads: int, tmp_path: Path
) -> None:
    good = "né\r\n".encode() * 200_000
    for rest, message in [
        (b"x.y\n" + good + b"\xff", "words.txt, line 200001: 'x.y' contains the boundary"),
        (b"\xff\n" + good + b"x.y\n", "line 200001, byte 1000000: not valid UTF-8"),
        (b"\xe4\xb8", "line 200001, byte 1000000: the text ends inside"),
        (b"\x80" * 9, "line 200001, byte 1000000: not valid UTF-8"),
    ]:
        path = written(tmp_path, good + rest)
        raises(ValueError, message, mf.count_file, path, threads=threads)
    for cut in range(PIECE - 5, PIECE + 5):  # a stray byte where a piece begins
        text = b"a" * cut + b"\x80" + b"a" * PIECE
        with pytest.raises(ValueError, match=f"line 1, byte {cut}: not valid UTF-8"):
            mf.count_text(text, threads=threads)


@pytest.mark.parametrize("order", [2, 3])
@pytest.mark.parametrize("weighted", [False, True])
def test_a_file_cut_short_while_it_is_read(tmp_path: Path, order: int, weighted: bool) -> None:
    path = written(tmp_path, b"emma\t1\n" * 1000)
    rules = counting(order, None, ".", "word\tcount" if weighted else None)
    with path.open("rb") as file, pytest.raises(EOFError, match="cut short while it was read"):
        rules.line_counter().add_descriptor(file.fileno(), 9999, 0, 9999, 1, None)
    with pytest.raises(OSError, match="Bad file descriptor"):
        rules.line_counter().add_descriptor(10**6, 9999, 0, 9999, 1, None)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("order", [2, 3])
def test_a_byte_order_mark_alone_is_no_line(order: int, weighted: bool) -> None:
    counts = mf.count_text(b"\xef\xbb\xbf", order=order, weighted=weighted, skip_blank=False)
    assert counts.words == 0


def test_many_python_threads_at_once() -> None:
    text = b"emma\nolivia\n" * 200_000
    expected = mf.count_text(text, threads=1)
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda _: mf.count_text(text, threads=2), range(6)))
    assert results == [expected] * 6


def test_a_glob_and_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for i, word in enumerate(["emma", "ava", "mia"]):
        (tmp_path / f"{i}.txt").write_text(word)
    (tmp_path / "a[1].txt").write_text("zoe")
    assert mf.count_file(str(tmp_path / "?.txt")) == mf.count(["emma", "ava", "mia"])
    assert mf.count_file(str(tmp_path / "a[1].txt")) == mf.count(["zoe"])
    raises(FileNotFoundError, "no file matches", mf.count_file, str(tmp_path / "*.csv"))
    with (tmp_path / "0.txt").open() as file:
        monkeypatch.setattr(sys, "stdin", file)
        assert mf.count_file("-") == mf.count(["emma"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"emma\nava\n" * 100_000,))
    writer.start()
    assert mf.count_file(pipe).words == 200_000
    writer.join()


def test_a_progress_bar_in_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, b"emma\n" * 400_000)
    assert mf.count_file(path, progress=True).words == 400_000
    assert "100%" in capsys.readouterr().err
    mf.count_text(path.read_bytes(), progress=True, threads=2)
    assert "2.00M/2.00M" in capsys.readouterr().err
    mf.count_file(io.BytesIO(b"emma\n"), progress=True)
    assert "5.00B" in capsys.readouterr().err
    mf.count_file(path)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("isa", ["baseline", "avx2", "avx512"])
def test_every_instruction_set_gives_the_same(isa: str) -> None:
    rng = np.random.default_rng(1)
    texts = [
        "".join(rng.choice(list(letters), 1_500_000))
        for letters in (
            "ab\n",
            "aaaaaaaaaaab\n",  # the same three letters more than 65,535 times
            "abcdefghijklmnopqrstuvwxyz\n",
            "żółćęśąźńabcdefghijklmnopqrstuvw\n",
        )
    ]
    expected = [mf.count_text(text, threads=1) for text in texts]
    if isa not in mf.build_info()["instruction_sets"]:
        with pytest.raises(ValueError, match="this machine has"), forced(isa):
            pass
        return
    with forced(isa):
        assert mf.build_info()["instruction_set"] == isa
        assert [mf.count_text(text, threads=1) for text in texts] == expected


@pytest.mark.parametrize("isa", ["baseline", "mmx"])
def test_the_environment_says_the_instruction_set(isa: str) -> None:
    program = "import makemore_fast; print(makemore_fast.build_info()['instruction_set'])"
    environment = {**os.environ, "MAKEMORE_FAST_ISA": isa}
    if isa == "baseline":
        assert run_python(program, env=environment).stdout == "baseline\n"
    else:
        message = "ImportError: MAKEMORE_FAST_ISA is .*mmx.*; this machine has baseline"
        raises(AssertionError, message, run_python, program, env=environment)


@pytest.mark.parametrize("begun", ["é".encode()[:1], "中".encode()[:2], "😀".encode()[:3]])
@pytest.mark.parametrize("follows", [b"a", b"\n", "é".encode(), b"\xff"])
@pytest.mark.parametrize("order", [2, 3])
def test_a_symbol_broken_off_where_a_piece_ends(begun: bytes, follows: bytes, order: int) -> None:
    """What is not valid must not be lost between the pieces of two threads."""
    line = b"x" * 63 + b"\n"
    for end in range(PIECE - 4, PIECE + 4):
        text = (line * 4200)[: end - len(begun)] + begun + follows + line * 4200
        with pytest.raises(ValueError, match=r"line \d+, byte \d+: not valid UTF-8"):
            mf.count_text(text, order=order, threads=2)
