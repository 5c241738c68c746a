"""The archives of saved files: written as NumPy does, and read with checks if they are damaged."""

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import makemore_fast as mf
from corpora import FIVE
from makemore_fast.storage import archives
from raising import raises
from saved_members import counts_members, load, u4


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_missing_truncated_or_corrupt_file() -> None:
    raises(FileNotFoundError, r"counts\.npz", mf.load, "counts.npz")
    with pytest.raises(IsADirectoryError):
        mf.load(".")
    for saved in (mf.count(FIVE), mf.fit(FIVE, chains=["h1 h2"])):
        saved.save("counts.npz")
        file = Path("counts.npz")
        whole = file.read_bytes()
        for damaged in (b"", b"PK", b"not counts", *(whole[:i] for i in range(1, len(whole), 97))):
            file.write_bytes(damaged)
            raises(OSError, r"counts\.npz: not a file of saved counts", mf.load, file)
        for i in range(0, len(whole), 7):  # a flipped byte is noticed, or harmless
            file.write_bytes(whole[:i] + bytes([whole[i] ^ 0x55]) + whole[i + 1 :])
            try:
                again = mf.load(file)
            except (OSError, ValueError) as error:
                assert "counts.npz" in str(error)  # noqa: PT017
            else:
                assert repr(again) == repr(saved)


def test_objects_are_not_unpickled() -> None:
    array = np.array([object(), object()])
    for name in counts_members():
        with pytest.raises(ValueError, match=f"made.npz, {name}: must be an array as NumPy writes"):
            load(counts_members() | {name: array})


def npy(array: NDArray[np.generic]) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def write_zip(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile("made.npz", "w", compression) as file:
        for name, content in members.items():
            file.writestr(f"{name}.npy", content)
    return Path("made.npz")


def raw_members() -> dict[str, bytes]:
    return {name: npy(array) for name, array in counts_members().items()}


def test_ways_to_compress() -> None:
    expected = load(counts_members())
    for good in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        assert mf.load(write_zip(raw_members(), good)) == expected
    for bad in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with pytest.raises(ValueError, match=r"made.npz, format: .*compressed in a way"):
            mf.load(write_zip(raw_members(), bad))


def patched(old: bytes, new: bytes, *, last: bool = False) -> Path:
    file = write_zip(raw_members())
    content = file.read_bytes()
    assert old in content
    at = content.rindex(old) if last else content.index(old)
    file.write_bytes(content[:at] + new + content[at + len(old) :])
    return file


def test_archives_that_lie() -> None:
    with pytest.raises(OSError, match="damaged"):  # another number, the old checksum
        mf.load(patched(struct.pack("<4q", 2, 1, 1, 1), struct.pack("<4q", 3, 1, 1, 1)))
    content = write_zip(raw_members()).read_bytes()
    for at in range(len(content) - 3):
        if content[at : at + 4] in (b"PK\x01\x02", b"PK\x03\x04"):
            flags = at + (8 if content[at + 2] == 1 else 6)
            content = content[:flags] + b"\x01" + content[flags + 1 :]
    Path("made.npz").write_bytes(content)
    raises(ValueError, "encrypted", mf.load, "made.npz")


def test_overlapping_members() -> None:
    content = write_zip(raw_members()).read_bytes()
    for at in range(len(content) - 3):
        if content[at : at + 4] == b"PK\x01\x02":  # all at the place of the first
            content = content[: at + 42] + bytes(4) + content[at + 46 :]
    Path("made.npz").write_bytes(content)
    raises(OSError, "overlaps another", mf.load, "made.npz")


def test_a_member_twice() -> None:
    file = write_zip(raw_members())
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(file, "a") as again:
        again.writestr("ids.npy", npy(u4([0, 0])))
    raises(ValueError, "a member occurs twice", mf.load, file)


def header(descr: str, shape: str, order: str = "False") -> bytes:
    text = f"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}"
    text += " " * (117 - len(text)) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


@pytest.mark.parametrize(
    ("descr", "shape"),
    [
        ("<u4", "(1000000000000000, 2)"),
        ("<u4", "(1000000000000000, 0)"),
        ("<u4", "(0, 1000000000000000)"),
        ("<u4", "(2, 1000000000000000)"),
        ("<u4", "(4, 3)"),
        ("<u4", "(999999999999999999, 999999999999999999)"),
        ("<u400000000000000000", "(4, 2)"),
        ("<U4", "(4, 2)"),
        ("|O", "(4, 2)"),
        ("<u4", "(-1, 2)"),
        ("<u4", "(" * 30),
        ("<f4", "(4, 2)"),
    ],
)
def test_headers_that_lie(descr: str, shape: str) -> None:
    file = write_zip(raw_members() | {"ids": header(descr, shape) + bytes(32)})
    raises(ValueError, "made.npz, .*ids", mf.load, file)


def test_sizes_that_nothing_unpacks_to() -> None:
    bomb = npy(np.zeros((1 << 24, 2), np.uint32))  # 128 MiB of zeros
    times = npy(np.ones(1 << 24, np.int64))
    file = write_zip(raw_members() | {"ids": bomb, "counts": times}, zipfile.ZIP_DEFLATED)
    assert file.stat().st_size < 1 << 20
    tracemalloc.start()
    raises(ValueError, "cell 1: cells must stand in the order of their ids", mf.load, file)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1 << 24
    content = file.read_bytes()
    at = content.index(b"PK\x01\x02")
    size = struct.unpack("<I", content[at + 24 : at + 28])[0]
    file.write_bytes(content[: at + 24] + struct.pack("<I", size * 10**6) + content[at + 28 :])
    raises(ValueError, "made.npz, format: .* bytes do not unpack to", mf.load, file)


def test_memory_that_cannot_be_had_stays_a_memory_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> bytes:
        raise MemoryError

    mf.count(FIVE).save("counts.npz")
    monkeypatch.setattr(zipfile.ZipExtFile, "read", refuse)
    with pytest.raises(MemoryError):
        mf.load("counts.npz")


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
    archives.write_npz(tmp_path / "a.npz", arrays)
    archives.write_npz(tmp_path / "b.npz", arrays)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    with np.load(tmp_path / "a.npz", allow_pickle=False) as saved:
        assert list(saved) == list(arrays)
        for name, array in arrays.items():
            assert saved[name].dtype == array.dtype
            assert saved[name].shape == array.shape
            assert (saved[name] == array).all()
    with zipfile.ZipFile(tmp_path / "a.npz") as archive:
        assert archive.testzip() is None
    archives.write_npz(tmp_path / "c.npz", arrays, compressed=False)
    with zipfile.ZipFile(tmp_path / "c.npz") as archive:
        assert archive.testzip() is None
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
    with np.load(tmp_path / "c.npz", allow_pickle=False) as saved:
        assert all((saved[name] == array).all() for name, array in arrays.items())
