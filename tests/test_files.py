"""`count_file`: the same as counting the lines, whatever the file looks like."""

import io
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from compressing import COMPRESS
from word_files import Dribble, written

pieces = st.lists(
    st.sampled_from(["a", "b", "é", "中", "😀", "\n", "\r", "\r\n", "\ufeff", "\u2028", "\x0b"]),
    max_size=40,
).map(lambda parts: "".join(parts).encode())


@given(pieces, st.booleans(), st.integers(1, 5))
def test_equals_counting_the_lines(content: bytes, skip_blank: bool, size: int) -> None:
    expected = mf.count(reference.lines(content, skip_blank=skip_blank))
    assert mf.count_file(io.BytesIO(content), skip_blank=skip_blank) == expected
    assert mf.count_file(Dribble(content, size), skip_blank=skip_blank) == expected


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xef\xbb\xbfemma\r\n\r\nava\r\rmia\n\nzoe", ["emma", "ava", "mia", "zoe"]),
        (b" Emma \n\tava\x0c\n", [" Emma ", "\tava\x0c"]),  # nothing is stripped or lower-cased
        ("\ufeffa\n\ufeffb\n".encode(), ["a", "\ufeffb"]),  # a mark is skipped at the start alone
        *((content, []) for content in (b"", b"\n\n", b"\xef\xbb\xbf")),
    ],
)
def test_words_are_lines(content: bytes, words: list[str], tmp_path: Path) -> None:
    assert mf.count_file(written(tmp_path, content)) == mf.count(words)


def test_blank_lines_that_are_not_skipped(tmp_path: Path) -> None:
    path = written(tmp_path, b"\xef\xbb\xbfemma\r\n\r\nava\r\rmia\n\nzoe")
    words = ["emma", "", "ava", "", "mia", "", "zoe"]
    assert mf.count_file(str(path), skip_blank=False) == mf.count(words)


def test_several_files(tmp_path: Path) -> None:
    a = written(tmp_path, b"emma\nava", "a")  # no last line end: the next still begins a word
    b = written(tmp_path, b"\xef\xbb\xbfmia\n", "b")
    assert mf.count_file([a, str(b)]) == mf.count(["emma", "ava", "mia"])
    assert mf.count_file(iter([a])) == mf.count(["emma", "ava"])
    assert mf.count_file([]) == mf.count([])


def test_more_symbols_than_a_byte_holds_across_blocks(tmp_path: Path) -> None:
    words = ["".join(chr(0x4E00 + (i * j) % 3000) for j in range(1, 9)) for i in range(60_000)]
    path = written(tmp_path, "\r\n".join(["emma", *words]).encode())
    assert mf.count_file(path) == mf.count(["emma", *words])


def test_errors_say_where_and_can_be_sent(tmp_path: Path) -> None:
    path = written(tmp_path, b"emma\nx.y\n")
    invalid = written(tmp_path, b"emma\nav\xffa\n", "invalid")
    packed = written(tmp_path, COMPRESS[".gz"](b"emma\n\n\nav\xffa\n"), "invalid.gz")
    utf16 = written(tmp_path, "emma".encode("utf-16"), "utf16")
    cases: list[tuple[Any, str | None, int | None, int | None]] = [
        (path, str(path), 2, None),
        (invalid, str(invalid), 2, 7),
        (packed, str(packed), 4, 9),
        (utf16, str(utf16), None, None),
        (io.BytesIO(b"emma\nx.y\n"), None, 2, None),
    ]
    for source, named, line, offset in cases:
        with pytest.raises(mf.TextError) as caught:
            mf.count_file(source)
        error = caught.value
        assert (error.path, error.line, error.offset) == (named, line, offset)
        same = pickle.loads(pickle.dumps(error))
        assert type(same) is mf.TextError
        assert (str(same), vars(same)) == (str(error), vars(error))
    with pytest.raises(mf.TextError) as caught:
        mf.count_file(invalid, encoding="ascii")
    assert (caught.value.line, caught.value.offset) == (2, 7)
