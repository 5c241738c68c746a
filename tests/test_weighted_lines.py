"""Lines of a word, a tab and its weight: counted as if each word stood there so often."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
from raising import raises
from terminal import printed, refused
from weighted_words import REPEATED, WEIGHTS, WORDS, lines, weighted
from word_files import Dribble, written


@given(weighted, st.sampled_from(["\n", "\r", "\r\n", "\n\n"]), st.booleans(), st.integers(1, 9))
def test_lines_of_word_tab_count(
    pairs: list[tuple[str, int]], end: str, last: bool, size: int
) -> None:
    pairs = [(word.replace("\n", "").replace("\r", ""), n) for word, n in pairs]
    content = b"\xef\xbb\xbf" + lines(pairs, end)
    content = content if last else content.rstrip(b"\r\n")
    expected = mf.count([word for word, _ in pairs], weights=[n for _, n in pairs])
    assert mf.count_text(content, weighted=True) == expected
    assert mf.count_file(Dribble(content, size), weighted=True) == expected


def test_files_of_every_kind(tmp_path: Path) -> None:
    pairs = list(zip(WORDS, WEIGHTS, strict=True))
    plain = written(tmp_path, lines(pairs), "words.tsv")
    packed = written(tmp_path, gzip.compress(lines(pairs, "\r\n")), "words.tsv.gz")
    assert mf.count_file([plain, packed], weighted=True, progress=True) == mf.count(REPEATED * 2)
    assert mf.count_text(lines(pairs).decode(), weighted=True) == mf.count(REPEATED)
    assert mf.count_text("a\tb\t2", weighted=True) == mf.count(["a\tb"] * 2)  # the last tab
    assert mf.count_text("", weighted=True) == mf.count([])


def test_lines_longer_than_a_block_and_many_blocks() -> None:
    pairs = [("x" * 3_000_000, 2), *(("né", 1) for _ in range(400_000)), ("y" * 1_500_000, 3)]
    counts = mf.count_text(lines(pairs, "\r\n"), weighted=True)
    assert counts == mf.count([word for word, _ in pairs], weights=[n for _, n in pairs])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a\t1\n\nb\n", "line 3: 'b' has no tab; expected word<TAB>count"),
        (b"a\t1\r\nb\t1.0\r\n", "line 2: the count '1.0' is no whole number"),
        (b"a\t1\rb\t", "line 2: the count '' is no whole number"),
        (b"a\t +1", r"line 1: the count ' \+1' is no whole number"),
        (b"a\t1e3", "line 1: the count '1e3' is no whole number"),
        ("a\t\u0661".encode(), "line 1: the count .* is no whole number"),
        (b"a\t1\nb\t-3\n", "line 2: the weight -3 is negative"),
        (b"a\t9223372036854775808", "line 1: the count '9223372036854775808' does not fit 64"),
        (b"a\t4611686018427387903\nb\t1\nc\t1", "line 2: .*total of all bigrams .* beyond 64 bits"),
        (b"a\t1\n\r\n\rb.c\t0\nq", "line 4: 'b.c' contains the boundary"),
        (b"\xef\xbb\xbfa\t1\nav\xff\t1\n", "line 2, byte 9: not valid UTF-8"),
        (b"a\t1\nav\xff\t1\nb", "line 2, byte 6: not valid UTF-8"),
        (b"ava\t1\n" * 500_000 + b"x.y\t1\nz", "line 500001: 'x.y' contains the boundary"),
    ],
)
def test_bad_lines(tmp_path: Path, content: bytes, message: str) -> None:
    path = written(tmp_path, content, "words.tsv")
    raises(ValueError, f"words.tsv, {message}", mf.count_file, path, weighted=True)
    raises(ValueError, message, mf.count_text, content, weighted=True)


@pytest.mark.parametrize("order", [2, 4])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_threads_change_nothing(tmp_path: Path, order: int, end: str) -> None:
    words = ["emma", "né", "", "中文", "x" * 3_000_000, *(f"w{i % 977}a" for i in range(300_000))]
    pairs = [(word, i % 7) for i, word in enumerate(words)]
    content = lines(pairs, end)[: -len(end)] + b"\n\xef\xbb\xbfmark\t2"  # no mark: not at the start
    path = written(tmp_path, content, "words.tsv")
    expected = mf.count_text(content, weighted=True, order=order, threads=1)
    weights = [n for _, n in pairs]
    assert expected == mf.count([*words, "\ufeffmark"], weights=[*weights, 2], order=order)
    for threads in (2, 3, 7):
        assert mf.count_text(content, weighted=True, order=order, threads=threads) == expected
        assert mf.count_file(path, weighted=True, order=order, threads=threads) == expected


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (b"b", "line 400001: 'b' has no tab"),
        (b"b.c\t1", "line 400001: 'b.c' contains the boundary"),
        (b"b\xff\t1", "line 400001, byte 2800001: not valid UTF-8"),
        (b"b\t4611686018427387000", "line 400001: .*beyond 64 bits"),
    ],
)
def test_the_first_bad_line_is_told_whatever_the_threads(
    bad: bytes, message: str, threads: int
) -> None:
    content = b"emma\t3\n" * 400_000 + bad + b"\n" + b"ava\t1\n" * 300_000 + b"x.y\t1"
    raises(ValueError, message, mf.count_text, content, weighted=True, threads=threads)


def test_a_blank_line_that_is_not_skipped_lacks_its_tab() -> None:
    with pytest.raises(ValueError, match="line 2: '' has no tab"):
        mf.count_text("a\t1\n\nb\t1\n", weighted=True, skip_blank=False)
    assert mf.count_text("\t3\n", weighted=True) == mf.count([""] * 3)


def test_several_overflowing_files_leave_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, b"a\t4611686018427387903\n", "words.tsv")
    raises(ValueError, "64 bits", mf.count_file, [path, path], weighted=True)


def test_the_command_line_takes_weighted_lines(tmp_path: Path) -> None:
    content = lines(list(zip(WORDS[:3], WEIGHTS[:3], strict=True)))
    path, saved = str(written(tmp_path, content, "words.tsv")), str(tmp_path / "words.npz")
    expected = mf.count(WORDS[:3], weights=WEIGHTS[:3])
    assert printed("count", path, "--weighted")[0] == "7 words, 23 bigrams, 5 symbols"
    printed("count", "-", "--weighted", "-o", saved, stdin=content)
    assert mf.load(saved) == expected
    sampled = printed("sample", path, "--weighted", "--order", "2", "--seed", "1", "-n", "5")
    assert sampled == expected.model().sample(5, rng=1)
    model = expected.model(smoothing=1)
    for args, words in (([path], ["ava", "mia", "né"]), ([path, "-"], ["ava", "mia", "én"])):
        scored = printed("score", *args, "--weighted", stdin="ava\nmia\nén\n".encode())
        assert scored == [f"{s:.4f}\t{w}" for s, w in zip(model.score(words), words, strict=True)]
    printed("plot", path, "--weighted", "-o", str(tmp_path / "picture.png"))
    assert "line 1: 'ava' has no tab" in refused("count", path, "-", "--weighted", stdin=b"ava\n")
