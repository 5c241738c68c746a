"""What Windows does otherwise, acted out on any system: files in use, pipes that close."""

import errno
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

import makemore_fast as mf
from makemore_fast.cli.output import is_broken_pipe
from makemore_fast.storage import saving

COUNTS = mf.count(["emma", "ava"])


@pytest.fixture(autouse=True)
def on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let saving believe that it runs on Windows, and wait for nothing."""
    monkeypatch.setattr(saving, "_ON_WINDOWS", True)
    monkeypatch.setattr(saving, "_PAUSES", (0, 0))


def refuse_renames(times: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Refuse the first renames, as where the old file is open; return a list of all tries."""
    tries: list[int] = []
    real = os.replace

    def replace(source: Any, target: Any) -> None:
        tries.append(1)
        if len(tries) <= times:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), source)
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    return tries


def test_a_file_in_use_for_a_moment_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "counts.npz"
    path.write_bytes(b"old")
    tries = refuse_renames(2, monkeypatch)
    COUNTS.save(path)
    assert len(tries) == 3
    assert mf.load_counts(path) == COUNTS
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_in_use_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "counts.npz"
    path.write_bytes(b"old")
    refuse_renames(99, monkeypatch)
    with pytest.raises(PermissionError) as raised:
        COUNTS.save(path)
    assert raised.value.filename == str(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_temporary_files_have_names_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", tempfile.NamedTemporaryFile)
    path = tmp_path / "counts.npz"
    path.write_bytes(b"old")
    real = os.open

    def open_old(file: Any, flags: int, *mode: Any, **more: Any) -> int:
        if flags & os.O_CREAT and Path(file).parent == tmp_path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), file)
        return real(file, flags, *mode, **more)

    monkeypatch.setattr(os, "open", open_old)
    COUNTS.save(path)
    assert mf.load_counts(path) == COUNTS


def test_a_pipe_that_nobody_reads_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    error = OSError(errno.EINVAL, "Invalid argument")
    assert not is_broken_pipe(error)
    monkeypatch.setattr(os, "name", "nt")
    told = is_broken_pipe(error)
    named = is_broken_pipe(OSError(errno.EINVAL, "Invalid argument", "names.txt"))
    other = is_broken_pipe(ValueError())
    monkeypatch.undo()
    assert (told, named, other) == (True, False, False)
