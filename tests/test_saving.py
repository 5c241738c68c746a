"""Everything that writes a file, to every kind of place: all of it is there, or nothing changed."""

import errno
import os
import signal
import stat
import subprocess
import sys
import textwrap
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import makemore_fast as mf
from makemore_fast.storage import archives, saving
from terminal import LIMIT, call, posix

WORDS = ["emma", "olivia", "ava", "isabella", "sophia"]
COUNTS = mf.count(WORDS)
NGRAMS = mf.count(WORDS, order=3).model(smoothing="witten-bell")
MIXTURE = mf.fit(WORDS)
assert isinstance(NGRAMS, mf.NgramModel)


def run(*args: str) -> Callable[[Path], None]:
    """Return what runs a command that writes to a path; it raises what the command says."""

    def write(path: Path) -> None:
        words = "\n".join(WORDS).encode()
        result = call(*(str(path) if arg == "PATH" else arg for arg in args), stdin=words)
        if result.exit_code:
            assert (result.exit_code, result.stdout) == (1, "")
            assert result.stderr.startswith(f"makemore-fast: error: {path}: "), result.stderr
            assert result.stderr.count("\n") == 1
            raise OSError(result.stderr)

    return write


def is_same_model(path: Path) -> bool:
    model = mf.load(path)
    assert isinstance(model, mf.MixtureModel)
    return np.array_equal(model.weights, MIXTURE.weights)


def is_same_arpa(path: Path) -> bool:
    return np.allclose(mf.read_arpa(path).score(["emma"]), NGRAMS.score(["emma"]), atol=1e-9)


def begins(start: bytes) -> Callable[[Path], bool]:
    return lambda path: path.read_bytes().startswith(start)


def inside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


#: What writes a file, the name it needs, and whether a file is what was to be written.
WRITERS: dict[str, tuple[Callable[[Path], object], str, Callable[[Path], bool]]] = {
    "Counts.save": (COUNTS.save, "x.npz", lambda path: mf.load(path) == COUNTS),
    "MixtureModel.save": (MIXTURE.save, "x.npz", is_same_model),
    "write_arpa": (NGRAMS.write_arpa, "x.arpa", is_same_arpa),
    "write_arpa, compressed": (NGRAMS.write_arpa, "x.arpa.gz", is_same_arpa),
    "count -o": (run("count", "-", "-o", "PATH"), "x.npz", lambda path: mf.load(path) == COUNTS),
    "fit -o": (run("fit", "-", "-o", "PATH"), "x.npz", is_same_model),
    "plot -o png": (run("plot", "-", "-o", "PATH"), "x.png", begins(b"\x89PNG")),
}
writers = pytest.mark.parametrize(("write", "name", "good"), WRITERS.values(), ids=WRITERS.keys())
any_writer = pytest.mark.parametrize(
    ("write", "name"), [writer[:2] for writer in WRITERS.values()], ids=WRITERS.keys()
)

Write = Callable[[Path], object]
Good = Callable[[Path], bool]


@writers
def test_a_new_file_and_an_old_one(write: Write, name: str, good: Good, tmp_path: Path) -> None:
    path = tmp_path / name
    for _ in range(2):
        write(path)
        assert good(path)
        assert inside(tmp_path) == [name]
        path.write_bytes(b"old" * 100_000)
    write(path)
    assert good(path)


@writers
def test_a_name_as_long_as_a_folder_holds(
    write: Write, name: str, good: Good, tmp_path: Path
) -> None:
    path = tmp_path / ("n" * (255 - len(name)) + name)
    write(path)
    assert good(path)


@posix
@writers
@pytest.mark.parametrize("mode", [0o600, 0o664])
def test_the_mode_is_kept(write: Write, name: str, good: Good, mode: int, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"old")
    path.chmod(mode)
    write(path)
    assert good(path)
    assert stat.S_IMODE(path.stat().st_mode) == mode


@posix
@writers
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_new_file_follows_the_mask(
    write: Write, name: str, good: Good, mask: int, tmp_path: Path
) -> None:
    before = os.umask(mask)
    try:
        write(tmp_path / name)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o666 & ~mask
    assert good(tmp_path / name)


@posix
@pytest.mark.skipif(getattr(os, "geteuid", int)() != 0, reason="only root may give files away")
@writers
def test_the_owner_is_kept(write: Write, name: str, good: Good, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"old")
    os.chown(path, 12345, 23456)
    write(path)
    assert good(path)
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)


@posix
@writers
@pytest.mark.parametrize("there", [True, False])
def test_links_lead_to_what_is_written(
    write: Write, name: str, good: Good, there: bool, tmp_path: Path
) -> None:
    deep, links = tmp_path / "a" / "b", tmp_path / "links"
    deep.mkdir(parents=True)
    links.mkdir()
    (links / "folder").symlink_to("../a")
    (links / "second").symlink_to(f"folder/b/{name}")
    (links / name).symlink_to("second")
    if there:
        (deep / name).write_bytes(b"old")
    write(links / name)
    assert (links / name).is_symlink()
    assert (links / "second").is_symlink()
    assert not (deep / name).is_symlink()
    assert good(deep / name)
    assert inside(deep) == [name]
    assert inside(links) == sorted(["folder", "second", name])


@posix
@any_writer
def test_links_in_a_circle(write: Write, name: str, tmp_path: Path) -> None:
    (tmp_path / name).symlink_to(name)
    with pytest.raises(OSError, match=f"{name}"):
        write(tmp_path / name)
    assert inside(tmp_path) == [name]


@posix
@writers
def test_a_pipe_gets_what_is_written(write: Write, name: str, good: Good, tmp_path: Path) -> None:
    pipe = tmp_path / name
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write(pipe)
    reader.join()
    assert stat.S_ISFIFO(pipe.lstat().st_mode)
    assert inside(tmp_path) == [name]
    (tmp_path / f"got {name}").write_bytes(got[0])
    assert good(tmp_path / f"got {name}")


@posix
@any_writer
@pytest.mark.parametrize("device", ["/dev/null", "/dev/full"])
def test_a_device_stays_a_device(write: Write, name: str, device: str, tmp_path: Path) -> None:
    if not Path(device).exists():
        pytest.skip(f"this system has no {device}")
    (tmp_path / name).symlink_to(device)
    if device == "/dev/null":
        write(tmp_path / name)
    else:
        with pytest.raises(OSError, match="No space left"):
            write(tmp_path / name)
    assert stat.S_ISCHR(Path(device).stat().st_mode)
    assert inside(tmp_path) == [name]


@posix
@writers
@pytest.mark.parametrize("device", ["/dev/fd/{}", "/proc/self/fd/{}"])
def test_a_descriptor_is_written_to_where_it_stands(
    write: Write, name: str, good: Good, device: str, tmp_path: Path
) -> None:
    if not Path(device.format(0)).parent.is_dir():
        pytest.skip(f"this system has no {device}")
    with (tmp_path / "log").open("w+b") as log:
        log.write(b"before\n")
        log.flush()
        link = tmp_path / name
        link.symlink_to(device.format(log.fileno()))
        write(link)
        log.seek(0, os.SEEK_END)
        log.write(b"behind\n")
    content = (tmp_path / "log").read_bytes()
    assert content.startswith(b"before\n")
    assert content.endswith(b"behind\n")
    (tmp_path / f"got {name}").write_bytes(content[7:-7])
    assert good(tmp_path / f"got {name}")


@any_writer
def test_what_cannot_be_a_file(write: Write, name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(OSError, match=f"(?i){name}.*directory|directory.*{name}"):
        write(tmp_path / name)
    missing = tmp_path / "missing" / name
    with pytest.raises(OSError, match=f"(?i){name}: No such file|No such file.*{name}"):
        write(missing)
    assert not missing.parent.exists()
    assert inside(tmp_path) == [name]


@posix
@writers
@pytest.mark.parametrize("code", [errno.EBUSY, errno.EPERM])
@pytest.mark.parametrize("old", [b"old" * 1_000_000])
def test_what_cannot_be_renamed_is_written_over(
    write: Write, name: str, good: Good, code: int, old: bytes, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def refuse(source: str, target: str) -> None:
        raise OSError(code, os.strerror(code), source, None, target)

    path = tmp_path / name
    path.write_bytes(old)
    inode = path.stat().st_ino
    monkeypatch.setattr(os, "replace", refuse)
    write(path)
    assert good(path)
    assert path.stat().st_ino == inode
    assert inside(tmp_path) == [name]


@posix
@writers
@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS])
def test_a_folder_that_takes_no_new_file(
    write: Write, name: str, good: Good, code: int, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path, real = tmp_path / name, os.open

    def refuse(file: Any, flags: int, *mode: Any, **more: Any) -> int:
        if Path(file).parent == tmp_path and flags & os.O_CREAT and not Path(file).exists():
            raise OSError(code, os.strerror(code), file)
        return real(file, flags, *mode, **more)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(OSError, match=f"{name}"):
        write(path)
    assert inside(tmp_path) == []
    path.write_bytes(b"")
    write(path)
    assert good(path)
    assert inside(tmp_path) == [name]


@posix
def test_a_file_that_may_not_be_written_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.npz"
    path.write_bytes(b"old")
    path.chmod(0o444)
    monkeypatch.setattr(os, "access", lambda *_: False)  # as it is for all but root
    with pytest.raises(PermissionError, match=r"x\.npz"):
        COUNTS.save(path)
    assert path.read_bytes() == b"old"


@posix
def test_a_group_that_cannot_be_given_loses_its_rights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "not yours")

    path = tmp_path / "x.npz"
    path.write_bytes(b"old")
    path.chmod(0o664)
    monkeypatch.setattr(os, "fchown", refuse)
    COUNTS.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


@posix
@pytest.mark.parametrize("place", ["new", "old", "cannot be renamed"])
@any_writer
def test_a_full_disk_changes_nothing(
    write: Write, name: str, place: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    resource = pytest.importorskip("resource")
    path = tmp_path / name
    if place != "new":
        path.write_bytes(b"old")
    if place == "cannot be renamed":
        monkeypatch.setattr(os, "replace", _refuse_busy)
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, most))
    try:
        with pytest.raises(OSError, match=f"{name}") as caught:
            write(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))
    assert "too large" in str(caught.value)
    assert inside(tmp_path) == ([] if place == "new" else [name])
    if place != "new":
        assert path.read_bytes() == b"old"


def _refuse_busy(*_: object) -> None:
    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))


@posix
def test_no_room_to_write_over_a_file_leaves_it_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(os, "posix_fallocate"):
        pytest.skip("this system cannot ask for room")
    path = tmp_path / "x.npz"
    path.write_bytes(b"old")

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", _refuse_busy)
    monkeypatch.setattr(os, "posix_fallocate", refuse)
    with pytest.raises(OSError, match=r"No space left.*x\.npz"):
        COUNTS.save(path)
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


def test_outputs_are_checked_before_the_work(tmp_path: Path) -> None:
    saving.check_output(tmp_path / "new")
    assert inside(tmp_path) == []
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "missing" / "x", tmp_path / "folder", Path("/")):
        with pytest.raises(OSError):
            saving.check_output(path)


def test_archives_are_those_of_numpy(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    arrays: dict[str, Any] = {
        "number": np.array(7),
        "none": np.zeros((0, 3), dtype=np.uint32),
        "text": np.array("mixture"),
        "texts": np.array(["h1 h2", "né"]),
        "no_texts": np.array([], dtype=str),
        "table": rng.integers(0, 9, (400, 3000)),
        "fortran": np.asfortranarray(rng.random((30, 20))),
        "parts": np.arange(100)[::3],
    }
    archives.write_npz(tmp_path / "a.npz", **arrays)
    archives.write_npz(tmp_path / "b.npz", **arrays)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    with np.load(tmp_path / "a.npz", allow_pickle=False) as saved:
        assert list(saved) == list(arrays)
        for name, array in arrays.items():
            assert saved[name].dtype == array.dtype
            assert saved[name].shape == array.shape
            assert (saved[name] == array).all()
    with zipfile.ZipFile(tmp_path / "a.npz") as archive:
        assert archive.testzip() is None


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
@pytest.mark.parametrize("seed", ["1"])
def test_ctrl_c_at_any_moment_is_keyboard_interrupt_and_leaves_files_whole(
    seed: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(INTERRUPTED), seed, str(tmp_path)],
        capture_output=True, text=True, timeout=LIMIT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert int(done.stdout.split()[1]) == 40


@posix
def test_ctrl_c_while_a_file_is_written_over_comes_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.npz"
    path.write_bytes(b"old")
    real = saving._overwrite

    def interrupted(*args: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        real(*args)

    monkeypatch.setattr(os, "replace", _refuse_busy)
    monkeypatch.setattr(saving, "_overwrite", interrupted)
    with pytest.raises(KeyboardInterrupt):
        COUNTS.save(path)
    assert mf.load(path) == COUNTS
    assert inside(tmp_path) == ["x.npz"]
