"""Several files, and files to write: all are looked at before the work begins."""

import os
import random
from pathlib import Path
from typing import Any

import pytest

import makemore_fast as mf
from compressing import COMPRESS
from raising import raises
from terminal import call, printed, refused
from word_files import written


def counted(*_: object, **__: object) -> None:
    raise AssertionError("a file was counted")


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
    good = written(tmp_path, b"emma\nava\n", "good")
    if command is None:
        monkeypatch.setattr("makemore_fast.texts.add_file", counted)
        raises((OSError, EOFError, ValueError), last, mf.count_file, [good, tmp_path / last])
        return
    monkeypatch.setattr("makemore_fast.count_file", counted)
    result = call(command, str(good), str(tmp_path / last))
    assert result.exit_code == 1, result.exception
    assert last in result.stderr


def test_outputs_and_other_files_are_checked_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("makemore_fast.count_file", counted)
    monkeypatch.setattr("makemore_fast.count", counted)
    good = written(tmp_path, b"emma\nava\n", "good")
    missing = str(tmp_path / "missing" / "x")
    for args in (
        ["fit", str(good), "-o", f"{missing}.npz"],
        ["count", str(good), "-o", f"{missing}.npz"],
        ["plot", str(good), "-o", f"{missing}.png"],
        ["fit", str(good), "--dev", missing],
        ["score", str(good), missing],
    ):
        said = refused(*args)
        assert missing in said
        assert "No such file or directory" in said


def test_a_pattern_skips_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"emma\n")
    (tmp_path / "b").mkdir()
    (tmp_path / "c").write_bytes(b"ava\n")
    expected = mf.count(["emma", "ava"])
    assert mf.count_file(f"{tmp_path}/*") == expected
    assert printed("count", f"{tmp_path}/*", "--json")[0].startswith('{"words": 2,')
    drawn = printed("sample", f"{tmp_path}/*", "--seed", "1")
    assert drawn == mf.fit(["emma", "ava"], effort="fast").sample(20, rng=1)
    raises(FileNotFoundError, "no file matches", mf.count_file, f"{tmp_path}/[b]")
    monkeypatch.chdir(tmp_path)
    assert os.listdir()  # noqa: PTH208
    assert mf.count_file("*") == expected


@pytest.mark.parametrize("order", [1, 2, 3, 6])
@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("weighted", [False, True])
def test_many_files_are_what_their_lines_give(
    order: int, threads: int, weighted: bool, tmp_path: Path
) -> None:
    rng = random.Random(order)
    paths, lines = [], []
    for number, size in enumerate([5, 0, 4000, 3, 100, 1, 900]):
        words = ["".join(rng.choices("abé漢" + chr(0x100 + number), k=7)) for _ in range(size)]
        words *= 50  # several pieces of a text for the threads
        own = [f"{word}\t{rng.randrange(4)}" if weighted else word for word in words]
        lines += own
        end = rng.choice(["\n", "\r\n", "\r"])
        text = (end.join(own) + end * rng.randrange(2)).encode()
        packed = ["", *COMPRESS][number % 3]
        content = COMPRESS[packed](text) if packed else text
        paths.append(written(tmp_path, content, f"{number}{packed}"))
    options: Any = {"order": order, "weighted": weighted, "threads": threads}
    everything = mf.count_text("\n".join(lines), order=order, weighted=weighted)
    assert mf.count_file(paths, **options) == everything
    fewer = "ab漢"
    options |= {"alphabet": fewer, "unknown": True}
    assert mf.count_file(paths, **options) == mf.count_text("\n".join(lines), **options)


@pytest.mark.parametrize("order", [2, 3, 6])
@pytest.mark.parametrize(("threads", "packed"), [(1, ""), (2, ""), (1, ".gz")])
@pytest.mark.parametrize("bad", [b"x.y", b"ab\xff"])
def test_a_bad_file_among_others_has_its_own_lines(
    order: int, threads: int, packed: str, bad: bytes, tmp_path: Path
) -> None:
    large = b"emma\r\nava\n\n" * 120_000  # counted by several threads
    text = b"mia\n" * 7 + bad + b"\n" + large
    content = COMPRESS[packed](text) if packed else text
    paths = [
        written(tmp_path, large, "a"),
        written(tmp_path, b"emma\nava", "b"),
        written(tmp_path, content, f"c{packed}"),
        written(tmp_path, b"emma\n", "d"),
    ]
    with pytest.raises(ValueError, match=r"line 8\b") as alone:
        mf.count_file(paths[2], order=order, threads=threads)
    with pytest.raises(ValueError, match=r"c(.gz)?, line 8\b") as among:
        mf.count_file(paths, order=order, threads=threads)
    assert str(among.value) == str(alone.value)


def test_an_order_too_high_for_all_files(tmp_path: Path) -> None:
    paths = [written(tmp_path, bytes([65 + i]) * 9 + b"\n", str(i)) for i in range(9)]
    assert mf.count_file(paths[:3], order=64).words == 3
    with pytest.raises(ValueError, match="^order 64 is too high for an alphabet of 10 symbols"):
        mf.count_file(paths, order=64)
    with pytest.raises(ValueError, match="0: order 128 is too high for an alphabet of 3 symbols"):
        mf.count_file(written(tmp_path, b"ab\n", "0"), order=128)
