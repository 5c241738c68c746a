"""Every row of the design's table of bad input: a clear error, and nothing lost."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import makemore_fast as mf
from corpora import FIVE
from makemore_fast.storage.files import read_words
from raising import raises
from word_files import written


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
    raises(TypeError, r"read as characters; pass \[word\].*count_file", take, "emma")


@pytest.mark.parametrize("words", [b"emma", bytearray(b"emma")])
def test_bytes(take: Callable[[Any], object], words: object) -> None:
    raises(TypeError, "expected an iterable of str, got byte", take, words)


@pytest.mark.parametrize("kind", [list, tuple, iter])
def test_a_thing_that_is_not_a_str(take: Callable[[Any], object], kind: Any) -> None:
    raises(TypeError, "word 2: expected str, got int", take, kind(["a", "b", 3]))
    raises(TypeError, "word 0: expected str, got NoneType", take, kind([None]))


@pytest.mark.parametrize("kind", [list, tuple, iter])
@pytest.mark.parametrize("before", [0, 2, 400_000])
@pytest.mark.parametrize("take", counters)
def test_the_boundary_inside_a_word(take: Callable[[Any], object], kind: Any, before: int) -> None:
    with pytest.raises(ValueError, match=f"word {before}: 'x.y' contains the boundary '.'"):
        take(kind(["ava"] * before + ["x.y", "b.c"]))


@pytest.mark.parametrize("kind", [list, tuple, iter])
@pytest.mark.parametrize("word", ["\ud800", "é\udfff", "😀\ud800"])
def test_a_lone_surrogate(take: Callable[[Any], object], kind: Any, word: str) -> None:
    raises(ValueError, "word 1: holds a lone surrogate", take, kind(["a", word]))


def test_an_error_inside_a_generator_comes_through(take: Callable[[Any], object]) -> None:
    with pytest.raises(ZeroDivisionError):
        take("a" * (1 // n) for n in (1, 0))


GIVEN = ", which is not in the given alphabet; unknown=True gives it a share"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mf.count(["a.b"]), "choose another with boundary="),
        (lambda: mf.count(["ab", "xé"], alphabet="abé"), "word 1: 'xé' contains 'x'" + GIVEN),
        (lambda: mf.count(["né"], alphabet="ne"), "word 0: 'né' contains 'é'" + GIVEN),
        (lambda: mf.examples(["né"], alphabet="ne"), "word 0: 'né' contains 'é'"),
        (lambda: mf.count(["a"], boundary=""), "boundary must be one symbol"),
        (lambda: mf.count(["a"], boundary="ab"), "boundary must be one symbol"),
        (lambda: mf.count([], alphabet="aa"), "more than once"),
        (lambda: mf.count([], alphabet=".."), "more than once"),
        (lambda: mf.count([], alphabet="éé"), "more than once"),
        (lambda: mf.count([], alphabet="\ud800"), "surrogate"),
        (lambda: mf.count([], boundary="\ud800"), "surrogate"),
        (lambda: mf.count([]).model(smoothing=1), "no words to make a model of"),
        (lambda: model().nll([]), "no words to measure the loss of"),
        (lambda: mf.count(FIVE).model(smoothing=-1), "smoothing must be a number from 0 up"),
        (lambda: mf.count(FIVE).model(smoothing=math.nan), "smoothing must be a number from 0 up"),
        (lambda: mf.count(FIVE).model(smoothing=math.inf), "smoothing must be a number from 0 up"),
    ],
)
def test_options_that_make_no_sense(call: Callable[[], object], message: str) -> None:
    raises(ValueError, message, call)


@pytest.mark.parametrize("count", [mf.count, mf.count_text, mf.examples])
def test_symbols_of_the_wrong_type(count: Any) -> None:
    words = "a" if count is mf.count_text else ["a"]
    with pytest.raises(TypeError, match="boundary must be a str of one symbol, got int"):
        count(words, boundary=3)
    with pytest.raises(TypeError, match="alphabet must be a str of symbols, Counts, .* got list"):
        count(words, alphabet=["a"])


def test_no_words_at_all() -> None:
    counts = mf.count([])
    assert (counts.words, counts.total, counts.alphabet) == (0, 0, ".")
    assert counts.array.tolist() == [[0]]
    assert counts.most_common() == []
    assert model().score([]).shape == (0,)


# -- files ---------------------------------------------------------------------------------


def test_a_missing_file_and_a_directory(tmp_path: Path) -> None:
    raises(FileNotFoundError, r"nowhere\.txt", mf.count_file, tmp_path / "nowhere.txt")
    raises(IsADirectoryError, tmp_path.name, mf.count_file, tmp_path)


@pytest.mark.parametrize("path", [b"names.txt", 3, None])
def test_a_path_of_the_wrong_type(path: Any) -> None:
    raises(TypeError, "expected a path, paths or a binary file", mf.count_file, path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"emma\nav\xff\n", "line 2, byte 7: .*UTF-8"),
        (b"\xff", "line 1, byte 0: .*UTF-8"),
        (b"\xef\xbb\xbfa\r\nb\rc\n\n\xc0\x80", "line 5, byte 11: .*UTF-8"),  # overlong
        (b"a\n\xed\xa0\x80\n", "line 2, byte 2: .*UTF-8"),  # a surrogate
        (b"a\n\xf4\x90\x80\x80\n", "line 2, byte 2: .*UTF-8"),  # above U+10FFFF
        (b"a\xc3\nb", "line 1, byte 1: .*UTF-8"),  # cut by a line end
        (b"a\n\xe4\xb8", "line 2, byte 2: .*UTF-8"),  # cut by the end of the file
        (b"\x80" + b"a" * 100, "line 1, byte 0: .*UTF-8"),
        (b"ava\n" * 500_000 + b"\xe4\xb8\xad\n\xff", "line 500002, byte 2000004: .*UTF-8"),
        (b"emma\r\nx.y\n", "line 2: 'x.y' contains the boundary"),
        (b"emma\n\nx.y\n", "line 3: 'x.y' contains the boundary"),
        (b"a\n" * 900_000 + "né.".encode(), "line 900001: 'né.' contains the boundary"),
        ("é\n".encode() * 400_000 + b"x.\r", "line 400001: 'x.' contains the boundary"),
        (b".", "line 1: '.' contains the boundary"),
    ],
)
def test_the_line_of_what_is_bad_in_a_file(content: bytes, message: str, tmp_path: Path) -> None:
    raises(ValueError, f"words.txt, {message}", mf.count_file, written(tmp_path, content))


def test_the_second_of_two_files_is_named(tmp_path: Path) -> None:
    good, bad = written(tmp_path, b"a\nb\n", "good"), written(tmp_path, b"c\n\xff", "bad")
    raises(ValueError, r"bad, line 2, byte 2:", mf.count_file, [good, bad])


def test_a_line_that_never_ends_is_not_read_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "long.txt"
    path.write_bytes(b"emma\n" + b"a" * 6_000_000 + b"\nava\n")
    monkeypatch.setattr("makemore_fast.storage.decoding._LONGEST", 1 << 22)
    with pytest.raises(mf.TextError, match="long.txt, byte 5: the line that begins here") as told:
        read_words(path)
    assert told.value.offset == 5
    monkeypatch.setattr("makemore_fast.storage.decoding._LONGEST", 1 << 23)
    assert list(map(len, read_words(path))) == [4, 6_000_000, 3]
