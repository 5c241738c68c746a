"""`encoding=` and `errors=`: texts of other encodings, and lines that are no text left out."""

import codecs
import encodings
import io
import re
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import makemore_fast as mf
from compressing import COMPRESS
from makemore_fast.storage.decoding import Errors
from makemore_fast.storage.files import read_words
from raising import raises
from terminal import call, misused, printed, refused
from word_files import Dribble, Filling, written

ENCODINGS = ["utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1", "koi8-r", "shift_jis", "gb18030"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("suffix", ["", *COMPRESS])
def test_other_encodings(encoding: str, suffix: str, tmp_path: Path) -> None:
    letters = {"koi8-r": "жя", "shift_jis": "中ア", "gb18030": "中😀"}.get(encoding, "é")
    words = ["emma", f"a{letters}", letters, "x"] * 60_000
    compress = COMPRESS.get(suffix, bytes)
    path = written(tmp_path, compress("\r\n".join(words).encode(encoding)), f"words{suffix}")
    expected = mf.count(words)
    assert mf.count_file(path, encoding=encoding) == expected
    assert mf.count_file(path, encoding=encoding, errors="skip") == expected
    (said,) = printed("count", str(path), "--encoding", encoding, "--json")
    assert said.startswith('{"words": 240000,')


def test_invalid_text_of_another_encoding_is_found(tmp_path: Path) -> None:
    content = "emma\r\nava\n".encode("utf-16-le") * 70_000 + b"a\0\0\xdcb\0" + b"\n\0c\0"
    path = written(tmp_path, content, "words")
    with pytest.raises(ValueError, match="words, line 140001, byte 1400002: not valid utf-16-le"):
        mf.count_file(path, encoding="utf-16-le")
    with pytest.warns(UnicodeWarning, match="words: 1 line was left out.*first is line 140,001"):
        counts = mf.count_file(path, encoding="utf-16-le", errors="skip")
    assert counts.words == 140_001
    path.write_bytes(b"emma\xe9\n\x81x\n")
    with pytest.raises(ValueError, match="words, line 2, byte 6: not valid cp1252"):
        mf.count_file(path, encoding="cp1252")
    path.write_bytes("emma\n中".encode("utf-16-le")[:-1])
    with pytest.raises(ValueError, match="words, line 2, byte 10: not valid utf-16-le"):
        mf.count_file(path, encoding="utf-16-le")


pieces = st.lists(
    st.sampled_from(
        [b"a", b"bc", "é".encode(), b"\xff", b"\xc3", b"\n", b"\r", b"\r\n", b"\xed\xa0\x80"]
    ),
    max_size=30,
)


@example([b"\r", b"\xff", b"\n", b"\n"], 1, False)  # \r\n is one line end where it stands so
@example([b"\r", b"\r", b"\xff", b"\n"], 1, False)
@example([b"\xff", b"\n", codecs.BOM_UTF8, b"a"], 1, True)
@given(pieces, st.integers(1, 5), st.booleans())
def test_lines_that_are_invalid_are_left_out(
    parts: list[bytes], size: int, skip_blank: bool
) -> None:
    content = b"".join(parts)
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if not lines[-1]:
        lines.pop()
    kept = [line.decode() for line in lines if valid(line)]
    words = [word for word in kept if word] if skip_blank else kept
    for file in (io.BytesIO(content), Dribble(content, size)):
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            counts = mf.count_file(file, errors="skip", skip_blank=skip_blank)
        assert counts == mf.count(words)
        bad = [number for number, line in enumerate(lines, 1) if not valid(line)]
        assert len(told) == bool(bad)
        if bad:
            number = "1 line was" if len(bad) == 1 else f"{len(bad)} lines were"
            assert f"{number} left out" in str(told[0].message)
            assert str(told[0].message).endswith(f"the first is line {bad[0]}")


@example([b"\xed\xbf\xbf"], 1, True)  # a surrogate is three parts that are not valid
@given(pieces, st.integers(1, 5), st.booleans())
def test_invalid_parts_are_replaced_as_python_does(
    parts: list[bytes], size: int, skip_blank: bool
) -> None:
    content = b"".join(parts)
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines[-1]:
        lines.pop()
    words = [word for word in lines if word] if skip_blank else lines
    raw = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    bad = [number for number, line in enumerate(raw, 1) if not valid(line)]
    for file in (io.BytesIO(content), Dribble(content, size)):
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            counts = mf.count_file(file, errors="replace", skip_blank=skip_blank)
        assert counts == mf.count(words)
        assert len(told) == bool(bad)
        if bad:
            lines_were = "1 line was" if len(bad) == 1 else f"{len(bad)} lines were"
            assert f"{lines_were} read with U+FFFD" in str(told[0].message)
            assert str(told[0].message).endswith(f"the first is line {bad[0]}")


def test_another_encoding_is_replaced_as_python_does(tmp_path: Path) -> None:
    content = "ema\nav\na\ufffd\n".encode("utf-16-le") + b"\x00\xd8o\x00\n\x00"
    path = written(tmp_path, content, "words")
    with pytest.warns(UnicodeWarning, match="1 line was read with U.FFFD .* first is line 4"):
        counts = mf.count_file(path, encoding="utf-16-le", errors="replace")
    assert counts == mf.count(content.decode("utf-16-le", "replace").split())


def test_errors_behind_lines_that_were_mended_name_the_line_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, b"ok\n\xff\nx.y\n", "words")
    with pytest.raises(ValueError, match="words, line 3: 'x.y' contains the boundary"):
        mf.count_file(path, errors="replace")


def valid(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize("skip_blank", [True, False])
def test_errors_behind_lines_that_were_left_out_name_the_line_of_the_file(
    skip_blank: bool, tmp_path: Path
) -> None:
    path = written(tmp_path, b"ok\n\xff\n\n\xff\r\nok\nx.y\n", "words")
    with pytest.raises(ValueError, match="words, line 6: 'x.y' contains the boundary"):
        mf.count_file(path, errors="skip", skip_blank=skip_blank)


def test_the_command_line_leaves_out_lines_and_says_so_once(tmp_path: Path) -> None:
    path = written(tmp_path, b"emma\nav\xff\nava\n" * 3, "words")
    said = f"makemore-fast: warning: {path}: 3 lines were left out, not valid text; "
    for command in ("count", "score", "sample", "fit"):
        args = ["-o", str(tmp_path / "m.npz")] if command == "fit" else []
        result = call(command, str(path), "--errors", "skip", *args)
        assert result.exit_code == 0, result.stderr
        assert result.stderr == f"{said}the first is line 2\n"
    refused("count", str(path))
    result = call("count", str(path), "--errors", "replace")
    assert "3 lines were read with U+FFFD for what is not valid text" in result.stderr
    assert "\ufffd" in result.stdout


@pytest.mark.parametrize("encoding", ["rot13", "hex", "klingon", "utf-16\0", ""])
def test_what_is_no_encoding(encoding: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no text encoding that Python knows"):
        mf.count_file(tmp_path / "missing", encoding=encoding)
    misused("count", "--encoding", encoding)


def test_options_of_the_wrong_kind(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="encoding must be a str or None, got int"):
        mf.count_file(tmp_path / "missing", encoding=8)  # type: ignore[arg-type]
    with pytest.raises(
        ValueError, match='errors must be "raise", "skip" or "replace", got .ignore.'
    ):
        mf.count_file(tmp_path / "missing", errors="ignore")  # type: ignore[arg-type]
    misused("count", "--errors", "ignore")


@given(pieces, st.integers(1, 5))
def test_words_are_read_as_they_are_counted(parts: list[bytes], size: int) -> None:
    content = b"".join(parts)
    files = (io.BytesIO(content), Filling(content, size))
    if valid(content):
        assert [mf.count(read_words(file)) for file in files] == [mf.count_text(content)] * 2
        return
    with pytest.raises(ValueError, match="^line ") as caught:
        mf.count_text(content)
    for file in files:
        raises(ValueError, str(caught.value).split(":")[0], read_words, file)


ERRORS: tuple[Errors, ...] = ("raise", "skip", "replace")
EVERY_ENCODING = sorted({*encodings.aliases.aliases.values()})


@pytest.mark.parametrize("encoding", EVERY_ENCODING)
def test_any_bytes_in_any_encoding_are_read_or_refused_in_our_words(encoding: str) -> None:
    for content in (b"ab\ncd\n", b"ab\n\xff\xfe\x80\n", b"\xfe\xff\0a", b"+\xff\n", b"xn--\xff\n"):
        for errors in ERRORS:
            error = refusal(content, encoding=encoding, errors=errors)
            assert not isinstance(error, UnicodeError)
            assert "makemore_fast." not in str(error)


def refusal(content: bytes, **how: Any) -> ValueError | None:
    with warnings.catch_warnings(action="ignore", category=UnicodeWarning):
        try:
            mf.count_file(io.BytesIO(content), **how)
        except ValueError as error:
            return error
    return None


@pytest.mark.parametrize("before", ["", "a\n", "a\r\nb\r", "\n\r"])
def test_a_text_with_a_lone_surrogate_names_the_line(before: str) -> None:
    line = len(re.split("\r\n|\n|\r", before))
    for weighted in (True, False):
        with pytest.raises(ValueError, match=f"^line {line}: holds a lone surrogate$"):
            mf.count_text(f"{before}x\ud800", weighted=weighted)
