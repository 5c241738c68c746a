"""Several files, and files to write: all are looked at before the work begins."""

import os
from pathlib import Path

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
        monkeypatch.setattr("makemore_fast.texts._counted", counted)
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
