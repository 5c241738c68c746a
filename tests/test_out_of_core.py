"""Counting with bounded memory: the same counts, and nothing is left of the temporary file."""

import errno
import os
import random
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest

import makemore_fast as mf
from compressing import COMPRESS
from makemore_fast.counting_options import counting
from makemore_fast.spilling import Room
from raising import raises
from terminal import printed

WAYS: dict[str, dict[str, Any]] = {
    "plain": {},
    "blank": {"skip_blank": False},
    "unknown": {"unknown": True},
    "letters": {"alphabet": "abcdefghijklmnopqrstuvwxyz", "unknown": True},
    "tokens": {"separator": "-"},
    "graphemes of pieces": {"symbols": ["ch", "sh", "an", "é"]},
    "another boundary": {"boundary": "\n"},
}


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three files, of letters from several scripts that come later and later."""
    folder = tmp_path_factory.mktemp("texts")
    draw = random.Random(1)
    names = mf.names()
    paths = []
    for i, extra in enumerate(["éß", "абв", "漢字符"]):
        lines = [
            f"{draw.choice(names)}-{draw.choice(extra)}{draw.getrandbits(18):x}-{draw.choice(names)}"
            for _ in range(12_000)
        ]
        lines[:0] = ["\ufeffmark"]
        ends = [draw.choice(["\n", "\r\n", "\r", "\n\n"]) for _ in lines]
        path = folder / f"{i}.txt"
        path.write_bytes("".join(map("".join, zip(lines, ends, strict=True))).encode())
        paths.append(path)
    return paths


@pytest.fixture
def spills(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sizes of the temporary files."""
    sizes = []
    made = tempfile.TemporaryFile

    class Watched:
        def __init__(self, *args: Any, **options: Any) -> None:
            self._file = made(*args, **options)

        def __enter__(self) -> Any:
            return self._file

        def __exit__(self, *_: object) -> None:
            sizes.append(os.fstat(self._file.fileno()).st_size)
            self._file.close()

    monkeypatch.setattr("makemore_fast.spilling.tempfile.TemporaryFile", Watched)
    return sizes


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("order", [1, 2, 3, 6])
@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_counts(
    texts: list[Path], spills: list[int], way: str, order: int, threads: int
) -> None:
    options = {"order": order, "threads": threads, **WAYS[way]}
    whole = mf.count_file(texts, **options)
    some = mf.count_file(texts, memory=1, **options)
    assert some == whole
    assert some.to_bytes() == whole.to_bytes()
    assert (some.words, some.total, some.symbols) == (whole.words, whole.total, whole.symbols)
    assert spills[0] > 0 or order < 3


@pytest.mark.parametrize("order", [2, 4])
@pytest.mark.parametrize("threads", [1, 3])
def test_weighted_lines(tmp_path: Path, spills: list[int], order: int, threads: int) -> None:
    draw = random.Random(2)
    path = tmp_path / "weighted.txt"
    weights = [0, 1, 2, 3, 255, 256, 257, 2**31, 2**40]
    with path.open("w") as file:
        for _ in range(60_000):
            word = "".join(map(chr, draw.choices(range(0x4E00, 0x5200), k=4)))
            file.write(f"{word}\t{draw.choice(weights)}\n")
    whole = mf.count_file(path, weighted=True, order=order)
    assert mf.count_file(path, weighted=True, order=order, threads=threads, memory=1) == whole
    assert spills[0] > 0


def test_bigrams_of_many_symbols(tmp_path: Path, spills: list[int]) -> None:
    draw = random.Random(3)
    path = tmp_path / "many.txt"
    path.write_text("\n".join("".join(map(chr, draw.choices(range(0x4E00, 0x9000), k=30)))
                              for _ in range(20_000)))  # fmt: skip
    packed = tmp_path / "many.txt.gz"
    packed.write_bytes(COMPRESS[".gz"](path.read_bytes()))
    for order in (1, 2):
        for files in ([path, packed], [packed, path, path]):
            whole = mf.count_file(files, order=order)
            for threads in (1, 2):
                assert mf.count_file(files, order=order, threads=threads, memory=1) == whole
    assert min(spills) > 0


@pytest.mark.parametrize("suffix", sorted(COMPRESS))
def test_compressed_files_among_others(
    texts: list[Path], spills: list[int], tmp_path: Path, suffix: str
) -> None:
    packed = tmp_path / f"a.txt{suffix}"
    packed.write_bytes(COMPRESS[suffix](texts[1].read_bytes()))
    whole = mf.count_file(texts, order=5)
    for files in ([texts[0], packed, texts[2]], [packed, texts[0], texts[2]]):
        assert mf.count_file(files, order=5, memory="1MB", threads=2) == whole
    assert min(spills) > 0


def test_byte_ranges(texts: list[Path], spills: list[int]) -> None:
    whole = mf.count_file(texts[2], order=6)
    size = texts[2].stat().st_size
    for cut in (1, size // 3, size - 1):
        parts = [
            mf.count_file(texts[2], order=6, start=a, stop=b, memory=1)
            for a, b in ((0, cut), (cut, None))
        ]
        assert mf.merged(parts) == whole
    assert max(spills) > 0


def test_enough_memory_spills_nothing(texts: list[Path], spills: list[int]) -> None:
    assert mf.count_file(texts, order=6, memory="4GiB") == mf.count_file(texts, order=6)
    assert spills == [0]


def test_few_bytes_and_few_words(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for text in (b"", b"\n", b"emma", b"emma\r\nava\n"):
        path.write_bytes(text)
        for order in (1, 2, 3, 9):
            assert mf.count_file(path, order=order, memory=1) == mf.count_file(path, order=order)


def test_runs_beyond_what_is_read_at_once(
    texts: list[Path], tmp_path: Path, spills: list[int]
) -> None:
    path = tmp_path / "long.txt"
    path.write_bytes(b"\n".join(text.read_bytes() for text in texts) * 3)
    assert mf.count_file(path, order=7, memory=1) == mf.count_file(path, order=7)
    assert spills[0] > 0


# -- errors ----------------------------------------------------------------------------------


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("options", [{"order": 6}, {"order": 4, "separator": "-"}, {"order": 2}])
def test_errors_are_those_without_it(
    texts: list[Path], tmp_path: Path, threads: int, options: dict[str, Any]
) -> None:
    path = tmp_path / "bad.txt"
    text = texts[0].read_bytes()
    path.write_bytes(text + b"\nab\xffc\n" + text)
    with pytest.raises(mf.TextError) as wanted:
        mf.count_file(path, **options)
    with pytest.raises(mf.TextError) as caught:
        mf.count_file(path, threads=threads, memory=1, **options)
    assert str(caught.value) == str(wanted.value)


def test_an_order_that_is_too_high(texts: list[Path]) -> None:
    for threads in (1, 2):
        with pytest.raises(ValueError, match="too high") as wanted:
            mf.count_file(texts, order=22)
        with pytest.raises(ValueError, match="too high") as caught:
            mf.count_file(texts, order=22, memory=1, threads=threads)
        assert str(caught.value) == str(wanted.value)


def test_what_is_no_memory(texts: list[Path]) -> None:
    count: Any = mf.count_file
    raises(ValueError, "memory must be a number of bytes", count, texts[0], memory="much")
    raises(ValueError, "memory must be 1 byte or more", count, texts[0], memory=0)
    raises(TypeError, "memory must be an int, or a str", count, texts[0], memory=1.5)


# -- the temporary file ----------------------------------------------------------------------


def test_no_file_is_left(
    texts: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    mf.count_file(texts, order=6, memory=1)
    bad = tmp_path.parent / "bad.txt"
    bad.write_bytes(texts[0].read_bytes() + b"\xff")
    raises(ValueError, "UTF-8", mf.count_file, bad, order=6, memory=1)
    assert not list(tmp_path.iterdir())


def test_tmpdir_is_honoured(texts: list[Path], tmp_path: Path) -> None:
    script = (
        "import sys, tempfile, makemore_fast as mf\n"
        "try:\n"
        "    mf.count_file(sys.argv[1], order=6, memory=1)\n"
        "except OSError as error:\n"
        "    print(error.errno, error.filename)\n"
    )
    if sys.platform == "win32":
        pytest.skip("limits on the size of files are POSIX's")
    import resource

    limit = 100_000  # bytes of any file

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    run = subprocess.run(
        [sys.executable, "-c", script, str(texts[0])],
        capture_output=True, text=True, check=True, preexec_fn=limited,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert run.stdout == f"{errno.EFBIG} {tmp_path}\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("threads", [1, 2])
def test_a_full_disk(texts: list[Path], monkeypatch: pytest.MonkeyPatch, threads: int) -> None:
    def full(**_: object) -> Any:
        return open("/dev/full", "r+b", buffering=0)  # noqa: PTH123

    monkeypatch.setattr("makemore_fast.spilling.tempfile.TemporaryFile", full)
    with pytest.raises(OSError, match="No space left") as caught:
        mf.count_file(texts, order=6, memory=1, threads=threads)
    assert caught.value.errno == errno.ENOSPC
    assert caught.value.filename == tempfile.gettempdir()


def test_a_file_that_others_change(texts: list[Path], tmp_path: Path) -> None:
    for damage in (b"", b"\xff" * 400_000, b"\x00" * 400_000):
        with (tmp_path / "runs").open("w+b", buffering=0) as file:
            room = Room(1, file.fileno(), b"the folder")
            counter = counting(6, None, ".").line_counter(*room)
            counter.add_bytes(texts[0].read_bytes())
            counter.end_text()
            assert os.fstat(file.fileno()).st_size > len(damage)
            file.seek(0)
            file.write(damage)
            if not damage:
                file.truncate(10)
            with pytest.raises(OSError, match="Input/output error") as caught:
                counter.counts()
            assert caught.value.filename == "the folder"


def test_several_threads_of_python(texts: list[Path]) -> None:
    whole = mf.count_file(texts, order=5)
    found: list[bool] = []

    def work() -> None:
        found.append(mf.count_file(texts, order=5, memory=1) == whole)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 4


# -- the command line ------------------------------------------------------------------------


def test_the_command_line(texts: list[Path]) -> None:
    files = list(map(str, texts))
    plain = printed("count", *files, "--order", "4", "--tsv")
    assert printed("count", *files, "--order", "4", "--tsv", "--memory", "1 MB") == plain
