"""What is not words in UTF-8, by its first bytes or its name: an error that names the way."""

import io
import tarfile
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import makemore_fast as mf
from compressing import COMPRESS
from corpora import FIVE
from makemore_fast.storage.files import read_words
from raising import raises
from terminal import refused
from word_files import written

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

WORDS = FIVE * 40
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
    said = refused(command, str(path))
    assert said.startswith(f"makemore-fast: error: {path}: ")
    raise ValueError(said.replace("--encoding ", "encoding=").replace('"', ""))


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
    message = message.replace('"', '"?')  # a shell needs none
    raises(ValueError, message, read, written(tmp_path, content))


def test_inside_of_a_compressed_file_too(tmp_path: Path) -> None:
    path = written(tmp_path, COMPRESS[".gz"](COMPRESS[".gz"](LINES.encode())), "words.txt.gz")
    raises(ValueError, r"words\.txt\.gz: gzip data, not text", mf.count_file, path)
    path.write_bytes(COMPRESS[".gz"](LINES.encode("utf-16")))
    raises(ValueError, "byte order mark of utf-16", mf.count_file, path)


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
        path = written(tmp_path, compress(content.encode()), name + suffix)
        raises(ValueError, f"(?i){name}{suffix}: .*{message}", mf.count_file, path)
        raises(ValueError, message, mf.count_file, [path, path])
    assert mf.count_file(io.BytesIO(content.encode()), boundary="\n").words > 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *((f"words.{suffix}", b"Mary\nAnna\n") for suffix in ("csv", "tsv", "json")),
        *(("words.csv", b"Mary,\nAnna\n"), ("words.csv", b""), ("words.txt", b"Mary,F\nAnna,F\n")),
    ],
)
def test_what_may_be_words_is_counted(name: str, content: bytes, tmp_path: Path) -> None:
    assert mf.count_file(written(tmp_path, content, name)).words == content.count(b"\n")


def test_weighted_lines_may_stand_in_a_tsv(tmp_path: Path) -> None:
    path = written(tmp_path, b"Mary\t2\nAnna\t1\n", "a.tsv")
    assert mf.count_file(path, weighted=True).words == 3


NULS = ["a\0b\n\0\0c", "emma\0ava\0mia\0", "\0", "a\0", "a\0\n"]


@pytest.mark.parametrize("text", [*NULS, "PAR1", "PAR1\nPAR2", "BZhang\nBZh9", "ORC"])
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
