"""Everything that writes a file, to every kind of place: all of it is there, or nothing changed."""

import errno
import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from makemore_fast.storage import saving
from raising import raises
from terminal import posix
from word_files import written
from writers import COUNTS, Writer, inside, refusing, writers


@pytest.fixture
def path(writer: Writer, tmp_path: Path) -> Path:
    return tmp_path / writer.name


@writers
def test_a_new_file_and_an_old_one(writer: Writer, path: Path) -> None:
    for _ in range(2):
        writer.write(path)
        assert writer.good(path)
        assert inside(path.parent) == [path.name]
        path.write_bytes(b"old" * 100_000)
    writer.write(path)
    assert writer.good(path)


@writers
def test_a_name_as_long_as_a_folder_holds(writer: Writer, tmp_path: Path) -> None:
    path = tmp_path / ("n" * (255 - len(writer.name)) + writer.name)
    writer.write(path)
    assert writer.good(path)


@posix
@writers
@pytest.mark.parametrize("mode", [0o600, 0o664])
def test_the_mode_is_kept(writer: Writer, mode: int, path: Path) -> None:
    path.write_bytes(b"old")
    path.chmod(mode)
    writer.write(path)
    assert writer.good(path)
    assert stat.S_IMODE(path.stat().st_mode) == mode


@posix
@writers
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_new_file_follows_the_mask(writer: Writer, mask: int, path: Path) -> None:
    before = os.umask(mask)
    try:
        writer.write(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask
    assert writer.good(path)


@posix
@pytest.mark.skipif(getattr(os, "geteuid", int)() != 0, reason="only root may give files away")
@writers
def test_the_owner_is_kept(writer: Writer, path: Path) -> None:
    path.write_bytes(b"old")
    os.chown(path, 12345, 23456)
    writer.write(path)
    assert writer.good(path)
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)


@posix
@writers
@pytest.mark.parametrize("there", [True, False])
def test_links_lead_to_what_is_written(writer: Writer, there: bool, tmp_path: Path) -> None:
    deep, links = tmp_path / "a" / "b", tmp_path / "links"
    deep.mkdir(parents=True)
    links.mkdir()
    (links / "folder").symlink_to("../a")
    (links / "second").symlink_to(f"folder/b/{writer.name}")
    (links / writer.name).symlink_to("second")
    if there:
        (deep / writer.name).write_bytes(b"old")
    writer.write(links / writer.name)
    assert (links / writer.name).is_symlink()
    assert (links / "second").is_symlink()
    assert not (deep / writer.name).is_symlink()
    assert writer.good(deep / writer.name)
    assert inside(deep) == [writer.name]
    assert inside(links) == sorted(["folder", "second", writer.name])


@posix
@writers
def test_links_in_a_circle(writer: Writer, path: Path) -> None:
    path.symlink_to(path.name)
    raises(OSError, f"{path.name}", writer.write, path)
    assert inside(path.parent) == [path.name]


@posix
@writers
def test_a_pipe_gets_what_is_written(writer: Writer, path: Path, tmp_path: Path) -> None:
    os.mkfifo(path)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(path.read_bytes()))
    reader.start()
    writer.write(path)
    reader.join()
    assert stat.S_ISFIFO(path.lstat().st_mode)
    assert inside(tmp_path) == [path.name]
    (tmp_path / f"got {path.name}").write_bytes(got[0])
    assert writer.good(tmp_path / f"got {path.name}")


@posix
@writers
@pytest.mark.parametrize("device", ["/dev/null", "/dev/full"])
def test_a_device_stays_a_device(writer: Writer, device: str, path: Path) -> None:
    if not Path(device).exists():
        pytest.skip(f"this system has no {device}")
    path.symlink_to(device)
    if device == "/dev/null":
        writer.write(path)
    else:
        raises(OSError, "No space left", writer.write, path)
    assert stat.S_ISCHR(Path(device).stat().st_mode)
    assert inside(path.parent) == [path.name]


@posix
@writers
@pytest.mark.parametrize("device", ["/dev/fd/{}", "/proc/self/fd/{}"])
def test_a_descriptor_is_written_to_where_it_stands(
    writer: Writer, device: str, path: Path, tmp_path: Path
) -> None:
    if not Path(device.format(0)).parent.is_dir():
        pytest.skip(f"this system has no {device}")
    with (tmp_path / "log").open("w+b") as log:
        log.write(b"before\n")
        log.flush()
        path.symlink_to(device.format(log.fileno()))
        writer.write(path)
        log.seek(0, os.SEEK_END)
        log.write(b"behind\n")
    content = (tmp_path / "log").read_bytes()
    assert content.startswith(b"before\n")
    assert content.endswith(b"behind\n")
    (tmp_path / f"got {path.name}").write_bytes(content[7:-7])
    assert writer.good(tmp_path / f"got {path.name}")


@writers
def test_what_cannot_be_a_file(writer: Writer, path: Path, tmp_path: Path) -> None:
    path.mkdir()
    raises(OSError, f"(?i){path.name}.*directory|directory.*{path.name}", writer.write, path)
    missing = tmp_path / "missing" / path.name
    with pytest.raises(OSError, match=f"(?i){path.name}: No such file|No such file.*{path.name}"):
        writer.write(missing)
    assert not missing.parent.exists()
    assert inside(tmp_path) == [path.name]


@posix
@writers
@pytest.mark.parametrize("code", [errno.EBUSY, errno.EPERM])
def test_what_cannot_be_renamed_is_written_over(
    writer: Writer, code: int, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(b"old" * 1_000_000)
    inode = path.stat().st_ino
    monkeypatch.setattr(os, "replace", refusing(code))
    writer.write(path)
    assert writer.good(path)
    assert path.stat().st_ino == inode
    assert inside(path.parent) == [path.name]


@posix
@writers
@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS])
def test_a_folder_that_takes_no_new_file(
    writer: Writer, code: int, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def refuse(file: Any, flags: int, *mode: Any, **more: Any) -> int:
        if Path(file).parent == path.parent and flags & os.O_CREAT and not Path(file).exists():
            raise OSError(code, os.strerror(code), file)
        return real(file, flags, *mode, **more)

    monkeypatch.setattr(os, "open", refuse)
    raises(OSError, f"{path.name}", writer.write, path)
    assert inside(path.parent) == []
    path.write_bytes(b"")
    writer.write(path)
    assert writer.good(path)
    assert inside(path.parent) == [path.name]


@posix
def test_a_file_that_may_not_be_written_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, b"old", "x.npz")
    path.chmod(0o444)
    monkeypatch.setattr(os, "access", lambda *_: False)  # as it is for all but root
    raises(PermissionError, r"x\.npz", COUNTS.save, path)
    assert path.read_bytes() == b"old"


@posix
def test_a_group_that_cannot_be_given_loses_its_rights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, b"old", "x.npz")
    path.chmod(0o664)
    monkeypatch.setattr(os, "fchown", refusing(errno.EPERM))
    COUNTS.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


def test_outputs_are_checked_before_the_work(tmp_path: Path) -> None:
    saving.check_output(tmp_path / "new")
    assert inside(tmp_path) == []
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "missing" / "x", tmp_path / "folder", Path("/")):
        with pytest.raises(OSError):
            saving.check_output(path)
