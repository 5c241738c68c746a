"""``makemore-fast count`` by Dask's workers, and from the columns of Parquet."""

from pathlib import Path

import pytest

import makemore_fast as mf
from terminal import misused, printed, refused, run

NAMES = mf.names()


def test_workers_count_what_one_process_counts(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    for i in range(3):
        (tmp_path / f"{i}.txt").write_text("\n".join(NAMES[i::3]))
    output = tmp_path / "counts.npz"
    ran = run("count", str(tmp_path / "*.txt"), "--workers", "2", "--order", "3", "-o", str(output))
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(b"2,910 words, ")
    assert mf.load_counts(output) == mf.count(NAMES, order=3)
    (tmp_path / "3.txt").write_bytes(b"emma\n\xff\n")
    ran = run("count", str(tmp_path / "*.txt"), "--workers", "1")
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert b"error: " in ran.stderr
    assert b"3.txt, line 2, byte 5" in ran.stderr
    assert ran.stderr.count(b"\n") == 1


def test_a_scheduler_that_is_not_there_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dask = pytest.importorskip("dask")
    pytest.importorskip("distributed")
    (tmp_path / "a.txt").write_text("emma\n")
    with dask.config.set({"distributed.comm.timeouts.connect": "0.2s"}):
        said = refused("count", str(tmp_path / "a.txt"), "--dask", "tcp://127.0.0.1:9")
    assert "tcp://127.0.0.1:9" in said
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    monkeypatch.delitem(__import__("sys").modules, "makemore_fast.dask", raising=False)
    said = refused("count", str(tmp_path / "a.txt"), "--workers", "1")
    assert "pip install makemore_fast[dask]" in said


def test_columns_of_parquet_are_counted(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    weights = [i % 4 for i in range(len(NAMES))]
    table = pa.table({"n": weights, "name": NAMES, "x": [0.5] * len(NAMES)})
    parquet.write_table(table.slice(0, 2000), tmp_path / "a.parquet", row_group_size=300)
    dictionary = table.slice(2000).set_column(
        1, "name", table["name"].slice(2000).dictionary_encode()
    )
    parquet.write_table(dictionary, tmp_path / "b.parquet")
    files = str(tmp_path / "*.parquet")
    output = tmp_path / "counts.npz"
    printed("count", files, "--column", "name", "-o", str(output))
    assert mf.load_counts(output) == mf.count(NAMES)
    weighted = ("--column", "name", "--weights", "n", "--order", "3", "-o", str(output))
    printed("count", files, *weighted)
    assert mf.load_counts(output) == mf.count(NAMES, weights=weights, order=3)
    assert "a.parquet: there is no column 'nom' among 'n'" in refused(
        "count", files, "--column", "nom"
    )
    (tmp_path / "c.parquet").write_bytes(b"PAR1 and so on")
    assert "c.parquet: " in refused("count", str(tmp_path / "c.parquet"), "--column", "name")
    assert "none.parquet" in refused("count", "none.parquet", "--column", "name")
    parquet.write_table(table.slice(0, 0), tmp_path / "c.parquet")
    assert printed("count", str(tmp_path / "c.parquet"), "--column", "name")[0].startswith(
        "0 words"
    )


def test_columns_that_hold_something_else_are_told(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    path = tmp_path / "a.parquet"
    table = pa.table({"name": ["emma", None], "n": [1, 2], "tokens": [["K", "AE"], ["T"]]})
    pytest.importorskip("pyarrow.parquet").write_table(table, path)
    said = refused("count", str(path), "--column", "n")
    assert "a.parquet: expected strings" in said
    assert "word 1: null; pass --nulls skip" in refused("count", str(path), "--column", "name")
    assert printed("count", str(path), "--column", "name", "--nulls", "skip")[0].startswith("1 ")
    assert printed("count", str(path), "--column", "tokens")[0].startswith("2 words, 5 bigrams")
    assert "--column name" in refused("count", str(path))


def test_an_address_that_is_none_ends_the_program(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    (tmp_path / "a.txt").write_text("emma\n")
    for address, said in (("here", b"missing port number"), ("x://h:1", b"unknown address")):
        ran = run("count", str(tmp_path / "a.txt"), "--dask", address)
        assert (ran.returncode, ran.stdout) == (1, b"")
        assert said in ran.stderr


def test_what_makes_no_sense_is_bad_usage(tmp_path: Path) -> None:
    assert "--column names the one" in misused("count", "a.parquet", "--weights", "n")
    assert "--column names the one" in misused("count", "a.parquet", "--nulls", "skip")
    assert "two columns" in misused("count", "a.parquet", "--weights", "n", "--column", "n")
    assert "cannot both be given" in misused(
        "count", "a.txt", "--workers", "2", "--dask", "tcp://x"
    )
    assert "--dask and --column cannot both be given" in misused(
        "count", "a.txt", "--dask", "", "--column", ""
    )
    assert "--workers needs FILEs" in misused("count", "--workers", "2")
    assert "not for counts or models" in misused("count", "a.npz", "--workers", "2")
    path = str(tmp_path / "a.txt")
    Path(path).write_text("emma\n")
    assert "which has no lines" in misused("count", path, "--column", "n", "--weighted")
    pytest.importorskip("distributed")
    assert "standard input" in refused("count", "-", "--workers", "1")
