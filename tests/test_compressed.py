"""Compressed files: every stream to its last byte or an error, whoever reads them."""

import bz2
import gzip
import lzma
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import makemore_fast as mf
from compressing import COMPRESS, zstd_module
from makemore_fast.storage.files import read_words
from raising import raises
from smoothed import ngram_model
from terminal import call

PARTS = [b"emma\nolivia\nava\n" * 30, b"isabella\n" * 50, b"sophia\nmia\n" * 20]
WHOLE = b"".join(PARTS)
EXPECTED = mf.count_text(WHOLE)


def command(*args: str) -> Callable[[Path], object]:
    def run(path: Path) -> object:
        result = call(*(str(path) if arg == "FILE" else arg for arg in args))
        if result.exit_code:
            assert (result.exit_code, result.stdout) == (1, "")
            assert result.stderr.startswith("makemore-fast: error: ")
            assert result.stderr.count("\n") == 1
            raise (EOFError if "before the end" in result.stderr else OSError)(result.stderr)
        return result.stdout

    return run


#: Everything that reads a file of words, or a text that is its lines.
READERS: dict[str, Callable[[Path], Any]] = {
    "count_file": mf.count_file,
    "count_file of order 3": lambda path: mf.count_file(path, order=3),
    "count_file, skipping": lambda path: mf.count_file(path, errors="skip"),
    "words": read_words,
    "count": command("count", "FILE", "--json"),
    "score": command("score", "FILE"),
    "sample": command("sample", "FILE", "--seed", "1", "--order", "2"),
}
readers = pytest.mark.parametrize("read", READERS.values(), ids=READERS.keys())
suffixes = pytest.mark.parametrize("suffix", COMPRESS)


def written(folder: Path, suffix: str, content: bytes) -> Path:
    path = folder / f"words.txt{suffix}"
    path.write_bytes(content)
    return path


def streams(suffix: str) -> list[bytes]:
    return [COMPRESS[suffix](part) for part in PARTS]


@readers
@suffixes
def test_every_stream_is_read(read: Callable[[Path], Any], suffix: str, tmp_path: Path) -> None:
    expected = read(written(tmp_path, "", WHOLE))
    empty = COMPRESS[suffix](b"")
    first, second, third = streams(suffix)
    for content in (
        COMPRESS[suffix](WHOLE),
        first + second + third,
        empty + first + empty + second + third + empty,
    ):
        assert read(written(tmp_path, suffix, content)) == expected


@readers
@pytest.mark.parametrize(("suffix", "sizes"), [(".xz", (4, 8, 400_000)), (".gz", (1, 7, 400_000))])
def test_padding_that_the_format_allows(
    read: Callable[[Path], Any], suffix: str, sizes: tuple[int, ...], tmp_path: Path
) -> None:
    expected = read(written(tmp_path, "", WHOLE))
    for size in sizes:
        zeros = bytes(size)
        padded = written(tmp_path, suffix, zeros.join([*streams(suffix), b""]))
        assert read(padded) == expected


@pytest.mark.skipif(".zst" not in COMPRESS, reason="needs zstd")
def test_skippable_frames_of_zstd(tmp_path: Path) -> None:
    skippable = b"\x5a*M\x18" + (9).to_bytes(4, "little") + b"any bytes"
    content = skippable + skippable.join(streams(".zst")) + skippable
    assert mf.count_file(written(tmp_path, ".zst", content)) == EXPECTED


DAMAGE: dict[str, Callable[[list[bytes]], bytes]] = {
    "bytes behind the last": lambda s: b"".join(s) + b"emma",
    "bytes between": lambda s: s[0] + b"emma" + s[1] + s[2],
    "a later start": lambda s: s[0] + b"\1" + s[1][1:] + s[2],
    "a later middle": lambda s: s[0] + s[1][:-14] + bytes(4) + s[1][-10:] + s[2],
    "a later end": lambda s: s[0] + s[1] + s[2][:-3],
    "the first end": lambda s: s[0][:-3],
    "nothing but the start": lambda s: s[0][:3],
    "one byte of a later start": lambda s: s[0] + s[1][:1],
    "nothing at all": lambda _: b"",
    "no such data": lambda _: b"emma\nava\n",
    "a stream cut before another": lambda s: s[0] + s[1][: len(s[1]) // 2] + s[2],
}
PADDING: dict[str, Callable[[list[bytes]], bytes]] = {
    ".xz": lambda s: s[0] + bytes(6) + s[1],
    ".bz2": lambda s: s[0] + bytes(4) + s[1],
    ".zst": lambda s: s[0] + bytes(4) + s[1],
}


@readers
@pytest.mark.parametrize(
    ("suffix", "damage"),
    [
        *((suffix, damage) for suffix in COMPRESS for damage in DAMAGE),
        *((suffix, "padding that is not allowed") for suffix in PADDING if suffix in COMPRESS),
    ],
)
def test_damage_is_an_error_that_names_the_file(
    read: Callable[[Path], Any], suffix: str, damage: str, tmp_path: Path
) -> None:
    spoil = DAMAGE.get(damage) or PADDING[suffix]  # gzip allows any number of zero bytes
    path = written(tmp_path, suffix, spoil(streams(suffix)))
    with pytest.raises((OSError, EOFError), match="words.txt") as caught:
        read(path)
    assert type(caught.value) in (OSError, EOFError)
    if damage in ("the first end", "nothing but the start", "nothing at all", "a later end"):
        assert isinstance(caught.value, EOFError)


@suffixes
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(data=st.data())
def test_any_damage_is_an_error_or_changes_nothing(
    suffix: str, data: st.DataObject, tmp_path: Path
) -> None:
    parts = streams(suffix)
    content = bytearray(b"".join(parts))
    place = data.draw(st.integers(0, len(content) - 1))
    how = data.draw(st.sampled_from(["change", "insert", "cut", "leave out"]))
    if how == "change":
        content[place] ^= data.draw(st.integers(1, 255))
    elif how == "insert":
        content[place:place] = data.draw(st.binary(min_size=1, max_size=9))
    elif how == "leave out":
        del content[place : place + data.draw(st.integers(1, 9))]
    else:
        del content[place:]
    whole = {len(b"".join(parts[:n])) for n in range(4)}
    if len(content) in whole and b"".join(parts).startswith(bytes(content)):
        return  # whole streams, of which nobody can tell that there were more
    path = written(tmp_path, suffix, bytes(content))
    try:
        counts = mf.count_file(path)
    except (OSError, EOFError):
        return
    assert counts == EXPECTED


@suffixes
def test_many_small_streams_and_one_that_unpacks_to_much(suffix: str, tmp_path: Path) -> None:
    path = written(tmp_path, suffix, COMPRESS[suffix](b"emma\n") * 5000)
    assert mf.count_file(path) == mf.count(["emma"] * 5000)
    path = written(tmp_path, suffix, COMPRESS[suffix](b"ab" * 10_000_000))
    assert mf.count_file(path)["a", "b"] == 10_000_000


@suffixes
def test_what_is_written_is_read_by_python_and_is_the_same_each_time(
    suffix: str, tmp_path: Path
) -> None:
    model = ngram_model(["emma", "ava"])
    model.write_arpa(tmp_path / "plain.arpa")
    paths = [tmp_path / f"{name}.arpa{suffix}" for name in "ab"]
    for path in paths:
        model.write_arpa(path)
    modules: dict[str, Any] = {".gz": gzip, ".bz2": bz2, ".xz": lzma, ".zst": zstd_module()}
    plain = (tmp_path / "plain.arpa").read_bytes()
    assert [modules[suffix].decompress(path.read_bytes()) for path in paths] == [plain] * 2
    assert paths[0].read_bytes() == paths[1].read_bytes()
    packed, plainly = (mf.read_arpa(path) for path in (paths[0], tmp_path / "plain.arpa"))
    assert packed.score(["emma"]).tolist() == plainly.score(["emma"]).tolist()


@suffixes
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_arpa_file(suffix: str, damage: str, tmp_path: Path) -> None:
    ngram_model(["emma", "ava"]).write_arpa(tmp_path / "plain.arpa")
    content = (tmp_path / "plain.arpa").read_bytes()
    cuts = [content[:400], content[400:800], content[800:]]
    path = tmp_path / f"model.arpa{suffix}"
    path.write_bytes(b"".join(map(COMPRESS[suffix], cuts)))
    assert mf.read_arpa(path).order == 3
    path.write_bytes(DAMAGE[damage](list(map(COMPRESS[suffix], cuts))))
    raises((OSError, EOFError), r"model\.arpa", mf.read_arpa, path)


def test_a_suffix_in_capitals(tmp_path: Path) -> None:
    path = tmp_path / "NAMES.TXT.GZ"
    path.write_bytes(COMPRESS[".gz"](WHOLE))
    assert mf.count_file(path) == EXPECTED


def test_zstd_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "compression.zstd", None)
    monkeypatch.setitem(sys.modules, "backports.zstd", None)
    path = tmp_path / "words.zst"
    path.write_bytes(b"")
    with pytest.raises(ImportError, match=r"words\.zst: \.zst needs .*pip install backports\.zstd"):
        mf.count_file(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@suffixes
def test_a_pipe_that_gives_a_compressed_file_in_small_parts(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"pipe{suffix}"
    os.mkfifo(path)

    def write() -> None:
        with path.open("wb", buffering=0) as pipe:
            for byte in b"".join(streams(suffix)):
                pipe.write(bytes([byte]))

    writer = threading.Thread(target=write)
    writer.start()
    assert mf.count_file(path) == EXPECTED
    writer.join()
