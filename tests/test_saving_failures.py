"""A save that fails or is interrupted: the old file is whole, or the new one, and nothing else."""

import errno
import os
import signal
from pathlib import Path
from typing import Any

import pytest

import makemore_fast as mf
from makemore_fast.storage import saving
from raising import raises
from terminal import posix, run_python
from word_files import written
from writers import COUNTS, Writer, inside, refusing, writers


@posix
@pytest.mark.parametrize("place", ["new", "old", "cannot be renamed"])
@writers
def test_a_full_disk_changes_nothing(
    writer: Writer, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = pytest.importorskip("resource")
    path = tmp_path / writer.name
    if place != "new":
        path.write_bytes(b"old")
    if place == "cannot be renamed":
        monkeypatch.setattr(os, "replace", refusing(errno.EBUSY))
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, most))
    try:
        with pytest.raises(OSError, match=f"{writer.name}") as caught:
            writer.write(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))
    assert "too large" in str(caught.value)
    assert inside(tmp_path) == ([] if place == "new" else [writer.name])
    if place != "new":
        assert path.read_bytes() == b"old"


@posix
def test_no_room_to_write_over_a_file_leaves_it_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(os, "posix_fallocate"):
        pytest.skip("this system cannot ask for room")
    path = written(tmp_path, b"old", "x.npz")
    monkeypatch.setattr(os, "replace", refusing(errno.EBUSY))
    monkeypatch.setattr(os, "posix_fallocate", refusing(errno.ENOSPC))
    raises(OSError, r"No space left.*x\.npz", COUNTS.save, path)
    assert path.read_bytes() == b"old"
    assert inside(tmp_path) == ["x.npz"]


def _write_half(path: Path, error: BaseException) -> None:
    with saving.replacing(path) as file:
        file.write(b"half")
        raise error


def test_an_error_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for old in (None, b"old"):
        if old is not None:
            path.write_bytes(old)
        for error in (ValueError("bad"), KeyboardInterrupt(), OSError("no number")):
            with pytest.raises(type(error)):
                _write_half(path, error)
            assert (path.read_bytes() if path.exists() else None) == old
            assert inside(tmp_path) == ([] if old is None else ["x"])


def test_an_error_about_another_file_keeps_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="elsewhere"), saving.replacing(tmp_path / "x"):
        (tmp_path / "elsewhere").read_bytes()


INTERRUPTED = """
import os, random, signal, sys, threading, time
import numpy as np
import makemore_fast as mf
rng = random.Random(int(sys.argv[1]))
words = ["".join(rng.choices("abcdefghij", k=7)) for _ in range(3000)]
old, new = mf.count(words[:10], order=4), mf.count(words, order=4)
model = new.model(smoothing="witten-bell")
os.chdir(sys.argv[2])
old.save("x.npz"); old.model(smoothing="witten-bell").write_arpa("x.arpa.gz")
began = time.perf_counter(); new.save("y.npz"); model.write_arpa("y.arpa.gz")
length = time.perf_counter() - began
os.unlink("y.npz"), os.unlink("y.arpa.gz")
hooked = []
sys.unraisablehook = hooked.append
seen = 0
for i in range(40):
    timer = threading.Timer(rng.random() * length * 1.1, os.kill, (os.getpid(), signal.SIGINT))
    try:
        timer.start()
        new.save("x.npz")
        model.write_arpa("x.arpa.gz")
        timer.join()
        time.sleep(0.01)
    except KeyboardInterrupt:
        seen += 1
    timer.join()
    assert mf.load("x.npz") in (old, new)
    mf.read_arpa("x.arpa.gz")
    assert sorted(os.listdir()) == ["x.arpa.gz", "x.npz"], os.listdir()
assert not hooked, hooked
print("seen", seen)
"""


@posix
def test_ctrl_c_at_any_moment_leaves_files_whole(tmp_path: Path) -> None:
    done = run_python(INTERRUPTED, "1", str(tmp_path))
    assert done.stderr == ""
    assert int(done.stdout.split()[1]) == 40


@posix
def test_ctrl_c_while_a_file_is_written_over_comes_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, b"old", "x.npz")
    real = saving._overwrite

    def interrupted(*args: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        real(*args)

    monkeypatch.setattr(os, "replace", refusing(errno.EBUSY))
    monkeypatch.setattr(saving, "_overwrite", interrupted)
    with pytest.raises(KeyboardInterrupt):
        COUNTS.save(path)
    assert mf.load(path) == COUNTS
    assert inside(tmp_path) == ["x.npz"]
