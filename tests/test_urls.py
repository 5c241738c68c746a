"""Files that URLs name: read as files of the disk are, or refused with the URL in the error."""

import gzip
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import makemore_fast as mf
from raising import raises
from terminal import printed, refused

fsspec = pytest.importorskip("fsspec")

NAMES = mf.names()
TEXT = "\n".join(NAMES).encode() + b"\n"


@pytest.fixture(scope="module")
def folder() -> Iterator[str]:
    """Return the URL of a folder in memory that holds files."""
    files: Any = fsspec.filesystem("memory")
    for name, content in (
        ("names.txt", TEXT), ("names.txt.gz", gzip.compress(TEXT)), ("latin.txt", b"caf\xe9\n"),
        ("table.csv", b"name,sex\nemma,F\n"), ("cut.txt.gz", gzip.compress(TEXT)[:-9]),
    ):  # fmt: skip
        files.pipe_file(f"/words/{name}", content)
    yield "memory://words"
    files.rm("/words", recursive=True)


def test_files_of_urls_are_read_like_any_others(folder: str) -> None:
    counts = mf.count(NAMES)
    assert mf.count_file(f"{folder}/names.txt") == counts
    assert mf.count_file(f"{folder}/names.txt.gz", order=2, threads=2) == counts
    assert mf.count_file([f"{folder}/names.txt", f"{folder}/names.txt.gz"]) == counts + counts
    assert mf.count_file(f"{folder}/names*") == counts + counts
    assert mf.count_file(f"{folder}/latin.txt", encoding="latin-1") == mf.count(["café"])
    assert printed("count", f"{folder}/names.txt", "--top", "0")[0].startswith("2,910 words")
    assert printed("sample", f"{folder}/names.txt", "-n", "9", "--seed", "1", "--new") == mf.fit(
        NAMES, effort="fast"
    ).sample(9, rng=1, exclude=NAMES)


def test_errors_name_the_url(folder: str) -> None:
    count = mf.count_file
    raises(FileNotFoundError, r"No such file.*'memory://words/none'", count, f"{folder}/none")
    raises(FileNotFoundError, r"no file matches: 'memory://words/n\?'", count, f"{folder}/n?")
    raises(ValueError, "memory://words/latin.txt, line 1, byte 3", count, f"{folder}/latin.txt")
    raises(ValueError, "memory://words/table.csv: every line holds", count, f"{folder}/table.csv")
    raises(EOFError, "memory://words/cut.txt.gz: the gzip data end", count, f"{folder}/cut.txt.gz")
    raises(ValueError, "nosuch://x: Protocol not known", count, "nosuch://x")
    assert "No such file" in refused("count", f"{folder}/none")


def test_saved_files_of_urls_are_read_by_the_command_line(folder: str, tmp_path: Path) -> None:
    files: Any = fsspec.filesystem("memory")
    counts = mf.count(NAMES)
    for name, thing in (("c.npz", counts), ("m.npz", counts.model(smoothing=1))):
        thing.save(tmp_path / name)
        files.pipe_file(f"/words/{name}", (tmp_path / name).read_bytes())
    files.pipe_file("/words/bad.npz", b"PK")
    assert printed("count", f"{folder}/c.npz") == printed("count", str(tmp_path / "c.npz"))
    args = ("sample", "-n", "3", "--seed", "1")
    assert printed(*args, f"{folder}/m.npz") == printed(*args, str(tmp_path / "m.npz"))
    assert "memory://words/bad.npz: not a file of saved" in refused("count", f"{folder}/bad.npz")
    assert "memory://words/no.npz: No such file" in refused("count", f"{folder}/no.npz")


class _Raising(fsspec.AbstractFileSystem):  # type: ignore[misc, name-defined]  # no types
    """A file system that raises what nobody expects, where files are looked for or read."""

    protocol = "raising"

    def info(self, path: str, **_how: Any) -> dict[str, Any]:
        if "look" in path:
            raise KeyError("looked for")
        if "refused" in path:
            raise FileNotFoundError(path) from RuntimeError("server said 503")
        return {"name": path, "size": 10, "type": "file"}

    def cat_file(self, path: str, start: Any = None, end: Any = None, **_how: Any) -> bytes:
        raise RuntimeError(f"read {path} from {start} to {end}")


def test_whatever_a_file_system_raises_is_told_with_the_url() -> None:
    fsspec.register_implementation("raising", _Raising, clobber=True)
    for name, said in (
        ("look", "KeyError: 'looked for'"),
        ("read", "RuntimeError: read "),
        ("refused", "RuntimeError: server said 503"),
    ):
        raises(OSError, said, mf.count_file, f"raising://{name}")
        said_here = refused("count", f"raising://{name}")
        assert f"raising://{name}: {said}" in said_here
    assert "[::1" in refused("count", "http://[::1")
    assert "x.parquet: RuntimeError" in refused("count", "raising://x.parquet", "--column", "a")


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    raises(ImportError, r"s3://b/x: a URL needs fsspec: pip install", mf.count_file, "s3://b/x")
    raises(ImportError, r"s3://b/\*: a URL needs fsspec", mf.count_file, "s3://b/*")


def test_a_file_of_a_web_server(tmp_path: Path) -> None:
    pytest.importorskip("aiohttp")
    (tmp_path / "names.txt").write_bytes(TEXT)
    (tmp_path / "names.txt.gz").write_bytes(gzip.compress(TEXT))

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        try:
            assert mf.count_file(f"{address}/names.txt?now=1").words == len(NAMES)
            assert mf.count_file(f"{address}/names.txt.gz?now=1") == mf.count(NAMES)
            raises(FileNotFoundError, f"{address}/none", mf.count_file, f"{address}/none")
        finally:
            server.shutdown()
