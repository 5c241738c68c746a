"""What is not words in UTF-8, by its first bytes or its name: an error that names the way."""

import codecs
import io
import os
import tarfile
import warnings
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import makemore_fast as mf
from compressing import COMPRESS
from makemore_fast.storage.files import read_words
from terminal import call

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

WORDS = ["emma", "olivia", "ava", "isabella", "sophia"] * 40
LINES = "\n".join(WORDS)


def arrow(write: Callable[[Any, Any], None]) -> bytes:
    sink = io.BytesIO()
    write(pa.table({"name": WORDS}), sink)
    return sink.getvalue()


def ipc(table: Any, sink: Any) -> None:
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def archive(kind: str) -> bytes:
    sink = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(sink, "w") as written:
            written.writestr("words.txt", LINES)
    elif kind == "tar":
        with tarfile.open(fileobj=sink, mode="w") as tar:
            entry = tarfile.TarInfo("words.txt")
            entry.size = len(LINES)
            tar.addfile(entry, io.BytesIO(LINES.encode()))
    else:
        np.save(sink, np.array(WORDS))
    return sink.getvalue()


CONTENTS: dict[str, tuple[bytes, str]] = {
    **{
        suffix: (compress(LINES.encode()), rf"data, not text; .*\{suffix}")
        for suffix, compress in COMPRESS.items()
    },
    "Parquet": (arrow(parquet.write_table), 'a Parquet file.*pyarrow.*column="name"'),
    "Parquet, compressed": (
        arrow(lambda table, sink: parquet.write_table(table, sink, compression="zstd")),
        "a Parquet file",
    ),
    "Arrow": (arrow(ipc), "an Arrow file"),
    "zip": (archive("zip"), "a zip archive"),
    "tar": (archive("tar"), "a tar archive"),
    "npy": (archive("npy"), "a NumPy array.*numpy.load"),
    "UTF-16": (LINES.encode("utf-16"), 'mark of utf-16; read it with encoding="utf-16"'),
    "UTF-16 BE": ("\ufeff".encode("utf-16-be") + LINES.encode("utf-16-be"), "mark of utf-16"),
    "UTF-32": (LINES.encode("utf-32"), 'mark of utf-32; read it with encoding="utf-32"'),
    **{
        f"{name} without a mark": (LINES.encode(name), f'like {name} .*encoding="{name}"')
        for name in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
    },
    "Cyrillic UTF-16": ("лиж\nил\nдлинный\n".encode("utf-16-le"), "like utf-16-le"),
    "Chinese UTF-16": ("中文\n一二\n三\n".encode("utf-16-be"), "like utf-16-be"),
    "one short word": ("ab".encode("utf-16-le"), "like utf-16-le"),
}


def failed(command: str, path: Path) -> None:
    result = call(command, str(path))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"makemore-fast: error: {path}: ")
    raise ValueError(result.stderr.replace("--encoding ", "encoding=").replace('"', ""))


READERS: dict[str, Callable[[Path], object]] = {
    "count_file": mf.count_file,
    "count_file of order 3": lambda path: mf.count_file(path, order=3),
    "count_file, weighted": lambda path: mf.count_file(path, weighted=True),
    "count_file, skipping": lambda path: mf.count_file(path, errors="skip"),
    "the second of two": lambda path: mf.count_file([__file__, path], boundary="\n"),
    "an open file": lambda path: mf.count_file(io.BytesIO(path.read_bytes())),
    "a text in memory": lambda path: mf.count_text(path.read_bytes()),
    "words": read_words,
    "read_arpa": mf.read_arpa,
    **{command: partial(failed, command) for command in ("count", "score", "sample", "fit")},
}


@pytest.mark.parametrize(("content", "message"), CONTENTS.values(), ids=CONTENTS.keys())
@pytest.mark.parametrize("read", READERS.values(), ids=READERS.keys())
def test_what_is_no_utf8_names_itself_and_the_way(
    read: Callable[[Path], object], content: bytes, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message.replace('"', '"?')):  # a shell needs none
        read(path)


def test_inside_of_a_compressed_file_too(tmp_path: Path) -> None:
    path = tmp_path / "words.txt.gz"
    path.write_bytes(COMPRESS[".gz"](COMPRESS[".gz"](LINES.encode())))
    with pytest.raises(ValueError, match=r"words\.txt\.gz: gzip data, not text"):
        mf.count_file(path)
    path.write_bytes(COMPRESS[".gz"](LINES.encode("utf-16")))
    with pytest.raises(ValueError, match="byte order mark of utf-16"):
        mf.count_file(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("ssa.csv", "Mary,F,7065\nAnna,F,2604\n", "holds a comma.*column=.name"),
        ("ssa.CSV", "Mary,F,7065\n", "holds a comma"),
        ("ssa.csv", "Mary;F\nAnna;F\n\n", "holds a semicolon"),
        ("ssa.tsv", "Mary\t1\nAnna\t2", "holds a tab"),
        ("ssa.json", ' ["Mary", "Anna"]', "JSON"),
        ("ssa.jsonl", '{"name": "Mary"}\n{"name": "Anna"}', "JSON"),
    ],
)
def test_tables_and_json_by_name(name: str, content: str, message: str, tmp_path: Path) -> None:
    for suffix, compress in {"": bytes, **COMPRESS}.items():
        path = tmp_path / (name + suffix)
        path.write_bytes(compress(content.encode()))
        with pytest.raises(ValueError, match=f"(?i){name}{suffix}: .*{message}"):
            mf.count_file(path)
        with pytest.raises(ValueError, match=message):
            mf.count_file([path, path])
    assert mf.count_file(io.BytesIO(content.encode()), boundary="\n").words > 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("words.csv", "Mary\nAnna\n"),
        ("words.csv", "Mary,\nAnna\n"),
        ("words.csv", ""),
        ("words.txt", "Mary,F\nAnna,F\n"),
        ("words.tsv", "Mary\nAnna\n"),
        ("words.json", "Mary\nAnna\n"),
    ],
)
def test_what_may_be_words_is_counted(name: str, content: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert mf.count_file(tmp_path / name).words == content.count("\n")


def test_weighted_lines_may_stand_in_a_tsv(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_bytes(b"Mary\t2\nAnna\t1\n")
    assert mf.count_file(tmp_path / "a.tsv", weighted=True).words == 3


@pytest.mark.parametrize(
    "text",
    [
        "a\0b\n\0\0c",
        "emma\0ava\0mia\0",
        "\0",
        "a\0",
        "PAR1",
        "PAR1\nPAR2",
        "BZhang\nBZh9",
        "ORC",
        "a\0\n",
    ],
)
def test_nul_and_other_starts_are_symbols_where_text_has_them(text: str) -> None:
    words = [word for word in text.split("\n") if word]
    assert mf.count_file(io.BytesIO(text.encode())) == mf.count(words)
    assert mf.count_text(text) == mf.count(words)


def test_utf8_by_name_takes_what_looks_like_utf16() -> None:
    content = b"a\0b\0c\0d\0"
    with pytest.raises(ValueError, match='or with encoding="utf-8" if the NUL symbols are meant'):
        mf.count_file(io.BytesIO(content))
    for name in ("utf-8", "UTF8", "utf_8"):
        assert mf.count_file(io.BytesIO(content), encoding=name) == mf.count(["a\0b\0c\0d\0"])


# -- encoding= and errors= ------------------------------------------------------------------

ENCODINGS = ["utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1", "koi8-r", "shift_jis", "gb18030"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("suffix", ["", *COMPRESS])
def test_other_encodings(encoding: str, suffix: str, tmp_path: Path) -> None:
    letters = {"koi8-r": "жя", "shift_jis": "中ア", "gb18030": "中😀"}.get(encoding, "é")
    words = ["emma", f"a{letters}", letters, "x"] * 60_000
    path = tmp_path / f"words{suffix}"
    compress = COMPRESS.get(suffix, bytes)
    path.write_bytes(compress("\r\n".join(words).encode(encoding)))
    expected = mf.count(words)
    assert mf.count_file(path, encoding=encoding) == expected
    assert mf.count_file(path, encoding=encoding, errors="skip") == expected
    result = call("count", str(path), "--encoding", encoding, "--json")
    assert result.stdout.startswith('{"words": 240000,')


def test_invalid_text_of_another_encoding_is_found(tmp_path: Path) -> None:
    path = tmp_path / "words"
    path.write_bytes("emma\r\nava\n".encode("utf-16-le") * 70_000 + b"a\0\0\xdcb\0" + b"\n\0c\0")
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

    class Dribble(io.RawIOBase):
        content = io.BytesIO(b"".join(parts))

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            return self.content.readinto(memoryview(buffer)[:size])

    for file in (io.BytesIO(content), Dribble()):
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
    path = tmp_path / "words"
    path.write_bytes(b"ok\n\xff\n\n\xff\r\nok\nx.y\n")
    with pytest.raises(ValueError, match="words, line 6: 'x.y' contains the boundary"):
        mf.count_file(path, errors="skip", skip_blank=skip_blank)


def test_the_command_line_leaves_out_lines_and_says_so_once(tmp_path: Path) -> None:
    path = tmp_path / "words"
    path.write_bytes(b"emma\nav\xff\nava\n" * 3)
    said = f"makemore-fast: warning: {path}: 3 lines were left out, not valid text; "
    for command in ("count", "score", "sample", "fit"):
        args = ["-o", str(tmp_path / "m.npz")] if command == "fit" else []
        result = call(command, str(path), "--errors", "skip", *args)
        assert result.exit_code == 0, result.stderr
        assert result.stderr == f"{said}the first is line 2\n"
    assert call("count", str(path)).exit_code == 1


@pytest.mark.parametrize("encoding", ["rot13", "hex", "klingon", "utf-16\0", ""])
def test_what_is_no_encoding(encoding: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no text encoding that Python knows"):
        mf.count_file(tmp_path / "missing", encoding=encoding)
    assert call("count", "--encoding", encoding).exit_code == 2


def test_options_of_the_wrong_kind(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="encoding must be a str or None, got int"):
        mf.count_file(tmp_path / "missing", encoding=8)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match='errors must be "strict" or "skip", got .ignore.'):
        mf.count_file(tmp_path / "missing", errors="ignore")  # type: ignore[arg-type]
    assert call("count", "--errors", "ignore").exit_code == 2


# -- several files ---------------------------------------------------------------------------


@pytest.mark.parametrize("last", ["missing", "folder", "not.gz", "utf16", "table.csv", "cut.xz"])
@pytest.mark.parametrize("command", [None, "count", "sample", "score", "fit"])
def test_all_files_are_checked_before_the_first_is_counted(
    last: str, command: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "not.gz").write_bytes(b"emma\n")
    (tmp_path / "utf16").write_bytes("emma\nava\n".encode("utf-16"))
    (tmp_path / "table.csv").write_bytes(b"a,b\n")
    (tmp_path / "cut.xz").write_bytes(COMPRESS[".xz"](b"emma")[:20])
    good = tmp_path / "good"
    good.write_bytes(b"emma\nava\n")

    def counted(*_: object, **__: object) -> None:
        raise AssertionError("a file was counted")

    if command is None:
        monkeypatch.setattr("makemore_fast.texts._counted", counted)
        with pytest.raises((OSError, EOFError, ValueError), match=last):
            mf.count_file([good, tmp_path / last])
        return
    monkeypatch.setattr("makemore_fast.count_file", counted)
    result = call(command, str(good), str(tmp_path / last))
    assert result.exit_code == 1, result.exception
    assert last in result.stderr


def test_outputs_and_other_files_are_checked_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counted(*_: object, **__: object) -> None:
        raise AssertionError("a file was counted")

    monkeypatch.setattr("makemore_fast.count_file", counted)
    monkeypatch.setattr("makemore_fast.count", counted)
    good = tmp_path / "good"
    good.write_bytes(b"emma\nava\n")
    missing = str(tmp_path / "missing" / "x")
    for args in (
        ["fit", str(good), "-o", f"{missing}.npz"],
        ["count", str(good), "-o", f"{missing}.npz"],
        ["plot", str(good), "-o", f"{missing}.png"],
        ["fit", str(good), "--dev", missing],
        ["score", str(good), missing],
    ):
        result = call(*args)
        assert (result.exit_code, result.stdout) == (1, ""), args
        assert f"{missing}" in result.stderr
        assert "No such file or directory" in result.stderr


def test_a_pattern_skips_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"emma\n")
    (tmp_path / "b").mkdir()
    (tmp_path / "c").write_bytes(b"ava\n")
    expected = mf.count(["emma", "ava"])
    assert mf.count_file(f"{tmp_path}/*") == expected
    result = call("count", f"{tmp_path}/*", "--json")
    assert result.stdout.startswith('{"words": 2,')
    drawn = call("sample", f"{tmp_path}/*", "--seed", "1")
    assert drawn.stdout.split("\n")[:-1] == mf.fit(["emma", "ava"]).sample(20, rng=1)
    with pytest.raises(FileNotFoundError, match="no file matches"):
        mf.count_file(f"{tmp_path}/[b]")
    monkeypatch.chdir(tmp_path)
    assert os.listdir()  # noqa: PTH208
    assert mf.count_file("*") == expected


@given(pieces, st.integers(1, 5))
def test_words_are_read_as_they_are_counted(parts: list[bytes], size: int) -> None:
    content = b"".join(parts)

    class Dribble:
        content = io.BytesIO(b"".join(parts))

        def readinto(self, buffer: Any, /) -> int:
            return self.content.readinto(memoryview(buffer)[:size])

    files = (io.BytesIO(content), Dribble())
    if valid(content):
        assert [mf.count(read_words(file)) for file in files] == [mf.count_text(content)] * 2
        return
    with pytest.raises(ValueError, match="^line ") as caught:
        mf.count_text(content)
    for file in files:
        with pytest.raises(ValueError, match=str(caught.value).split(":")[0]):
            read_words(file)
