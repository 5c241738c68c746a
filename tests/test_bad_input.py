"""Every row of the design's table of bad input: a clear error, and nothing lost."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import makemore_fast as mf
from corpora import FIVE


def model() -> mf.Model:
    return mf.count(FIVE).model()


#: Everything that counts words, and everything that scores them; all must refuse bad ones alike.
counters: list[Callable[[Any], object]] = [
    mf.count,
    lambda words: mf.count([]).update(words),
    mf.examples,
    lambda words: mf.examples(words, block_size=3),
]
scorers: list[Callable[[Any], object]] = [
    lambda words: model().score(words),
    lambda words: model().nll(words),
    lambda words: model().perplexity(words),
]
takers = counters + scorers


@pytest.fixture(params=range(len(takers)))
def take(request: pytest.FixtureRequest) -> Callable[[Any], object]:
    return takers[int(request.param)]


def test_a_bare_str(take: Callable[[Any], object]) -> None:
    with pytest.raises(TypeError, match=r"read as characters; pass \[word\].*count_file"):
        take("emma")


@pytest.mark.parametrize("words", [b"emma", bytearray(b"emma")])
def test_bytes(take: Callable[[Any], object], words: object) -> None:
    with pytest.raises(TypeError, match="expected an iterable of str, got byte"):
        take(words)


def test_no_iterable(take: Callable[[Any], object]) -> None:
    with pytest.raises(TypeError, match="not iterable"):
        take(1)


@pytest.mark.parametrize("kind", [list, tuple, iter])
def test_a_thing_that_is_not_a_str(take: Callable[[Any], object], kind: Any) -> None:
    with pytest.raises(TypeError, match="word 2: expected str, got int"):
        take(kind(["a", "b", 3]))
    with pytest.raises(TypeError, match="word 0: expected str, got NoneType"):
        take(kind([None]))


@pytest.mark.parametrize("kind", [list, tuple, iter])
@pytest.mark.parametrize("before", [0, 2, 400_000])
@pytest.mark.parametrize("take", counters)
def test_the_boundary_inside_a_word(take: Callable[[Any], object], kind: Any, before: int) -> None:
    with pytest.raises(ValueError, match=f"word {before}: 'x.y' contains the boundary '.'"):
        take(kind(["ava"] * before + ["x.y", "b.c"]))


@pytest.mark.parametrize("kind", [list, tuple, iter])
@pytest.mark.parametrize("word", ["\ud800", "é\udfff", "😀\ud800"])
def test_a_lone_surrogate(take: Callable[[Any], object], kind: Any, word: str) -> None:
    with pytest.raises(ValueError, match="word 1: holds a lone surrogate"):
        take(kind(["a", word]))


def test_the_boundary_message_names_the_way_out() -> None:
    with pytest.raises(ValueError, match="choose another with boundary="):
        mf.count(["a.b"])
    assert mf.count(["a.b"], boundary="^")["a", "."] == 1


def test_an_error_inside_a_generator_comes_through(take: Callable[[Any], object]) -> None:
    with pytest.raises(ZeroDivisionError):
        take("a" * (1 // n) for n in (1, 0))


def test_an_unknown_symbol_with_a_given_alphabet() -> None:
    with pytest.raises(ValueError, match="word 1: 'xé' contains 'x', which is not in the given"):
        mf.count(["ab", "xé"], alphabet="abé")
    with pytest.raises(ValueError, match="word 0: 'né' contains 'é', which is not in the given"):
        mf.count(["né"], alphabet="ne")
    with pytest.raises(ValueError, match="word 0: 'né' contains 'é'"):
        mf.examples(["né"], alphabet="ne")


@pytest.mark.parametrize("boundary", ["", "ab"])
def test_a_boundary_that_is_not_one_symbol(boundary: str) -> None:
    with pytest.raises(ValueError, match="boundary must be one symbol"):
        mf.count(["a"], boundary=boundary)


@pytest.mark.parametrize("count", [mf.count, mf.count_text, mf.examples])
def test_symbols_of_the_wrong_type(count: Any) -> None:
    words = "a" if count is mf.count_text else ["a"]
    with pytest.raises(TypeError, match="boundary must be a str of one symbol, got NoneType"):
        count(words, boundary=None)
    with pytest.raises(TypeError, match="alphabet must be a str of symbols or None, got list"):
        count(words, alphabet=["a"])


@pytest.mark.parametrize("alphabet", ["aa", "..", "éé"])
def test_an_alphabet_with_a_repeat(alphabet: str) -> None:
    with pytest.raises(ValueError, match="more than once"):
        mf.count([], alphabet=alphabet)


def test_surrogates_in_options() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        mf.count([], alphabet="\ud800")
    with pytest.raises(ValueError, match="surrogate"):
        mf.count([], boundary="\ud800")


def test_no_words_at_all() -> None:
    counts = mf.count([])
    assert (counts.words, counts.total, counts.alphabet) == (0, 0, ".")
    assert counts.array.tolist() == [[0]]
    assert counts.most_common() == []
    with pytest.raises(ValueError, match="no words to make a model of"):
        counts.model(smoothing=1)
    with pytest.raises(ValueError, match="no words to measure the loss of"):
        model().nll([])
    assert model().score([]).shape == (0,)


@pytest.mark.parametrize("smoothing", [-1, float("nan"), float("inf")])
def test_smoothing_that_is_no_number_from_0_up(smoothing: float) -> None:
    with pytest.raises(ValueError, match="smoothing must be a number from 0 up"):
        mf.count(FIVE).model(smoothing=smoothing)


# -- files ---------------------------------------------------------------------------------


def test_a_missing_file_and_a_directory(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.txt"):
        mf.count_file(tmp_path / "nowhere.txt")
    with pytest.raises(IsADirectoryError, match=tmp_path.name):
        mf.count_file(tmp_path)


@pytest.mark.parametrize("path", [b"names.txt", 3, None])
def test_a_path_of_the_wrong_type(path: Any) -> None:
    with pytest.raises(TypeError, match="expected a path, paths or a binary file"):
        mf.count_file(path)


@pytest.mark.parametrize(
    ("content", "line", "byte"),
    [
        (b"emma\nav\xff\n", 2, 7),
        (b"\xff", 1, 0),
        (b"\xef\xbb\xbfa\r\nb\rc\n\n\xc0\x80", 5, 11),  # overlong
        (b"a\n\xed\xa0\x80\n", 2, 2),  # a surrogate
        (b"a\n\xf4\x90\x80\x80\n", 2, 2),  # above U+10FFFF
        (b"a\xc3\nb", 1, 1),  # cut by a line end
        (b"a\n\xe4\xb8", 2, 2),  # cut by the end of the file
        (b"\x80" + b"a" * 100, 1, 0),
        (b"ava\n" * 500_000 + b"\xe4\xb8\xad\n\xff", 500_002, 2_000_004),
    ],
)
def test_invalid_utf8_is_found(tmp_path: Path, content: bytes, line: int, byte: int) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"words.txt, line {line}, byte {byte}: .*UTF-8"):
        mf.count_file(path)


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        (b"emma\r\nx.y\n", 2, "x.y"),
        (b"emma\n\nx.y\n", 3, "x.y"),
        (b"a\n" * 900_000 + "né.".encode(), 900_001, "né."),
        ("é\n".encode() * 400_000 + b"x.\r", 400_001, "x."),
        (b".", 1, "."),
    ],
)
def test_the_boundary_in_a_file(tmp_path: Path, content: bytes, line: int, word: str) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"words.txt, line {line}: '{word}' contains the boundary"):
        mf.count_file(path)


def test_a_truncated_or_corrupt_compressed_file(tmp_path: Path) -> None:
    path = tmp_path / "words.gz"
    whole = gzip.compress(b"emma\n" * 1000)
    path.write_bytes(whole[:-9])
    with pytest.raises(EOFError, match=r"words\.gz"):
        mf.count_file(path)
    path.write_bytes(b"not gzip")
    with pytest.raises(OSError, match=r"words\.gz"):
        mf.count_file(path)
    path.write_bytes(whole[:12] + b"\xff\xff\xff" + whole[15:])
    with pytest.raises(OSError, match=r"words\.gz"):
        mf.count_file(path)


def test_the_second_of_two_files_is_named(tmp_path: Path) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_bytes(b"a\nb\n")
    bad.write_bytes(b"c\n\xff")
    with pytest.raises(ValueError, match=r"bad, line 2, byte 2:"):
        mf.count_file([good, bad])
