"""Blocks: what tasks of an engine count, one after another, adds up to all of the files."""

import bz2
import gzip
import itertools
import multiprocessing
import os
import pickle
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import makemore_fast as mf
from makemore_fast.blocks import Block, blocks, count_blocks, partial_counts
from raising import raises

TEXTS = [
    b"",
    b"\n",
    b"emma",
    b"emma\r\nava\r\n",
    b"a\r\r\n\n\rb\n\r\nc",
    b"\xef\xbb\xbfa\n\xef\xbb\xbfb\n\xef\xbb\xbf\n",
    "é\n漢字\r\n\U0001f600\r".encode(),
]
WAYS: dict[str, dict[str, Any]] = {
    "bigrams": {},
    "blank": {"skip_blank": False},
    "six": {"order": 6},
    "tokens": {"separator": " "},
    "memory": {"order": 3, "memory": "1MB"},
    "unknown": {"alphabet": "aem", "unknown": True},
}


@pytest.fixture(params=["disk", "memory"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """Return a function that writes a file, and returns its path or URL."""
    if request.param == "disk":

        def write(name: str, content: bytes) -> str:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(content)
            return str(tmp_path / name)

        yield write
        return
    files: Any = pytest.importorskip("fsspec").filesystem("memory")

    def pipe(name: str, content: bytes) -> str:
        files.pipe_file(f"/blocks/{name}", content)
        return f"memory://blocks/{name}"

    yield pipe
    if files.exists("/blocks"):
        files.rm("/blocks", recursive=True)


def cut_at(path: str, *places: int | None) -> list[Block]:
    return [Block(path, a or 0, b) for a, b in itertools.pairwise([0, *places, None])]


@pytest.mark.parametrize("way", WAYS)
def test_every_cut_of_a_file_gives_the_same_counts(folder: Any, way: str) -> None:
    options = WAYS[way]
    for i, text in enumerate(TEXTS):
        path = folder(f"{i}.txt", text)
        whole = mf.count_file(path, **options)
        for place in range(len(text) + 1):
            parts = [count_blocks([block], **options) for block in cut_at(path, place)]
            assert mf.merged(parts) == whole, (text, place)
            assert count_blocks(cut_at(path, place), **options) == whole
        for size in range(1, len(text) + 2):
            assert count_blocks(blocks(path, size), **options) == whole, (text, size)


def test_blocks_share_out_files_and_bytes(folder: Any) -> None:
    one, two = folder("a.txt", b"x\n" * 500), folder("b.txt.gz", gzip.compress(b"y\n" * 500))
    folder("c.txt", b"")
    pattern = one.replace("a.txt", "*.txt*")
    found = blocks(pattern, "400 B")
    assert [(Path(b.path).name, b.start, b.stop, b.size) for b in found[:3]] == [
        ("a.txt", 0, 333, 333), ("a.txt", 333, 666, 333), ("a.txt", 666, None, 334),
    ]  # fmt: skip
    assert [(Path(b.path).name, b.start, b.stop) for b in found[3:]] == [
        ("b.txt.gz", 0, None), ("c.txt", 0, None),
    ]  # fmt: skip
    assert count_blocks(found) == mf.count(["x", "y"] * 500)
    assert len(blocks([one, two], None)) == 2
    assert pickle.loads(pickle.dumps(found)) == found
    assert count_blocks(iter([])) == mf.count([])
    assert count_blocks([], order=3).order == 3


def test_lines_longer_than_blocks_and_looks(folder: Any) -> None:
    text = b"ab" * 30_000 + b"\r\n" + b"c" * 4095 + b"\r\n" + b"d" * 4094 + b"\r\n" + b"e\r" * 9_000
    path = folder("long.txt", text)
    whole = mf.count_file(path)
    for size in (1_000, 4_095, 4_096, 4_097, 50_000):
        assert count_blocks(blocks(path, size)) == whole, size


@pytest.mark.parametrize("skip_blank", [True, False])
def test_errors_say_what_one_machine_says(folder: Any, skip_blank: bool) -> None:
    start = "\ufeffé\r\n\rname\n".encode() * 50
    for bad in (b"av\xffa\n", b"a.b\n", b"\xef\xbb\xbfa.b\n"):
        path = folder("bad.txt", start + bad + b"emma\n" * 50)
        with pytest.raises(mf.TextError) as one:
            mf.count_file(path, skip_blank=skip_blank)
        for size in (None, 7, 64, 500, 10_000):
            parts = blocks(path, size)
            with pytest.raises(mf.TextError) as many:
                count_blocks(parts, skip_blank=skip_blank)
            assert str(many.value) == str(one.value)
            sent = pickle.loads(pickle.dumps(many.value))
            places = [(e.path, e.line, e.offset) for e in (one.value, many.value, sent)]
            assert places[0] == places[1] == places[2]
    path = folder("weighted.txt", b"emma\t3\n" * 90 + b"ava\tx\n")
    with pytest.raises(mf.TextError) as one:
        mf.count_file(path, weighted=True)
    with pytest.raises(mf.TextError) as many:
        count_blocks(blocks(path, 100), weighted=True)
    assert str(many.value) == str(one.value)


def test_what_is_no_text_is_refused_by_each_block(folder: Any) -> None:
    path = folder("utf16.txt", "emma\nava\n".encode("utf-16") * 50)
    for block in blocks(path, 100):
        raises(ValueError, "utf-16", count_blocks, [block])
    assert count_blocks(blocks(path, None), encoding="utf-16").words > 0
    raises(ValueError, "blocksize=None", count_blocks, blocks(path, 100), encoding="utf-16")
    raises(ValueError, "blocksize=None", count_blocks, blocks(path, 100), errors="skip")
    path = folder("sent.bz2", bz2.compress(b"emma\n" * 99))
    assert count_blocks(blocks(path, 3)).words == 99
    raises((OSError, ValueError), "plain file|blocksize=None", count_blocks, [Block(path, 3)])


def test_files_that_are_missing_or_changed(folder: Any, tmp_path: Path) -> None:
    path = folder("a.txt", b"emma\n" * 100)
    raises(FileNotFoundError, "none.txt", blocks, path.replace("a.txt", "none.txt"))
    raises(FileNotFoundError, "no file matches", blocks, path.replace("a.txt", "none*"))
    raises(FileNotFoundError, "No such file", blocks, "")
    parts = blocks(path, 100)
    folder("a.txt", b"emma\n" * 30)
    raises(OSError, "a.txt.*150 bytes, and had", count_blocks, parts)
    raises(OSError, "a.txt.*150 bytes, and had", count_blocks, parts[-1:])
    raises(IsADirectoryError, ".", blocks, tmp_path)


def test_what_cannot_be_sent_is_refused() -> None:
    raises(ValueError, "standard input", blocks, "-")
    raises(ValueError, "standard input", blocks, ["-"])
    with Path(__file__).open("rb") as file:
        raises(TypeError, "give its path", blocks, file)
        raises(TypeError, "give its path", blocks, [file])
    raises(TypeError, "expected a path", blocks, 3)
    raises(TypeError, "block 0: expected a Block, got str", count_blocks, ["a.txt"])
    raises(ValueError, "blocksize must be", blocks, __file__, "much")
    raises(TypeError, "order", count_blocks, [], ngram=3)


def test_paths_of_any_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["漢字 é.txt", "[x].txt", "a b#c?.txt", "%41.txt"]
    for name in names:
        (tmp_path / name).write_bytes(b"emma\n" * 9)
        assert count_blocks(blocks(tmp_path / name, 10)).words == 9
        assert count_blocks(blocks(str(tmp_path / name), 10)).words == 9
    if sys.platform != "win32":
        other = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")
        Path(other).write_bytes(b"emma\n")
        assert count_blocks(pickle.loads(pickle.dumps(blocks(other)))).words == 1
    monkeypatch.chdir(tmp_path)
    here = blocks("漢字 é.txt", 10)
    monkeypatch.chdir("/")
    assert count_blocks(here).words == 9


def test_processes_count_them(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text("\n".join(mf.names()))
    start = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=start) as pool:
        parts = list(pool.map(count_blocks, [[block] for block in blocks(path, "9 kB")]))
        with pytest.raises(mf.TextError, match="line 2, byte 3") as error:
            pool.submit(count_blocks, _bad(tmp_path)).result()
    assert mf.merged(parts) == mf.count(mf.names())
    assert error.value.line == 2


def _bad(folder: Path) -> list[Block]:
    (folder / "bad.txt").write_bytes(b"ab\n\xff\n")
    return blocks(folder / "bad.txt")


class Server(SimpleHTTPRequestHandler):
    """Sends files, and parts of them if that is asked for in `ranges`."""

    ranges = True

    def log_message(self, *_args: Any) -> None:
        pass

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        if wanted is None or not self.ranges:
            super().do_GET()
            return
        content = Path(self.translate_path(self.path)).read_bytes()
        start, last = map(int, wanted.removeprefix("bytes=").split("-"))
        part = content[start : last + 1]
        self.send_response(206)
        self.send_header("Content-Length", str(len(part)))
        self.send_header("Content-Range", f"bytes {start}-{last}/{len(content)}")
        self.end_headers()
        self.wfile.write(part)


class WholeOnly(Server):
    ranges = False


@pytest.mark.parametrize("kind", [Server, WholeOnly])
def test_web_servers_with_ranges_and_without(tmp_path: Path, kind: type[Server]) -> None:
    pytest.importorskip("aiohttp")
    pytest.importorskip("fsspec")
    text = "\n".join(mf.names()).encode()
    (tmp_path / "names.txt").write_bytes(text)
    (tmp_path / "bad.txt").write_bytes(b"emma\n" * 900 + b"\xff")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(kind, directory=tmp_path)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        try:
            parts = blocks(f"{address}/names.txt?v=1", 5_000)
            assert (len(parts) > 1) == kind.ranges
            assert count_blocks(parts) == mf.count(mf.names())
            assert mf.count_file(f"{address}/names.txt") == mf.count(mf.names())
            bad = blocks(f"{address}/bad.txt", 1_000)
            raises(mf.TextError, "bad.txt, line 901, byte 4500", count_blocks, bad[-1:])
            raises(FileNotFoundError, f"{address}/none", blocks, f"{address}/none")
        finally:
            server.shutdown()


def test_blocks_made_by_hand_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("emma\nava\n")
    for start, stop in ((-3, 2), (5, 2)):
        wrong = Block(str(path), start, stop)
        raises(ValueError, "start and stop must be", count_blocks, [wrong])
    raises(TypeError, "start must be an int", count_blocks, [Block(str(path), "1")])  # type: ignore[arg-type]
    raises(TypeError, "pass .block.", count_blocks, Block(str(path)))


def test_batches_that_are_none_or_not_alike_are_refused() -> None:
    pa = pytest.importorskip("pyarrow")
    batch = pa.RecordBatch.from_pydict
    for wrong in (1, "ab", {"a": ["x"]}):
        raises(TypeError, "expected batches of Arrow, got", list, partial_counts([wrong]))
    for other in ({"b": ["x"]}, {"a": [1]}, {"a": ["x"], "b": ["y"]}):
        parts = partial_counts([batch({"a": ["x"]}), batch(other)], column="a")
        raises(ValueError, "the batches are not alike", list, parts)
    mixed = [pa.table({"a": ["x"]}), batch({"a": []}, pa.schema([("a", pa.string())]))]
    assert len(list(partial_counts(mixed))) == 1
