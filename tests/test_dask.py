"""Dask: its workers count, score and draw what one process does, also when one of them dies."""

import gzip
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import makemore_fast as mf
from busy_workers import busy_worker
from limits import seconds
from raising import raises

pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.filterwarnings("default"),  # what Dask and its packages warn of
    pytest.mark.xdist_group("dask"),
]

import dask.bag  # noqa: E402
import distributed  # noqa: E402

import makemore_fast.dask as md  # noqa: E402

NAMES = mf.names()


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Return a client of a scheduler and two workers with a process each."""
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
            worker_dashboard_address=None,
        ) as cluster,
        distributed.Client(cluster) as client,
    ):  # fmt: skip
        yield client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for i in range(3):
        (tmp_path / f"{i}.txt").write_text("\n".join(NAMES[i::3]))
    (tmp_path / "3.txt.gz").write_bytes(gzip.compress("\r\n".join(NAMES).encode()))
    (tmp_path / "4.txt").write_bytes(b"")
    return tmp_path


@pytest.mark.parametrize(
    "options",
    [
        {}, {"order": 6}, {"skip_blank": False}, {"separator": "a"},
        {"separator": "a", "vocabulary": 9}, {"unknown": True, "alphabet": "abcde"},
        {"alphabet": mf.count(NAMES).model()}, {"errors": "replace"}, {"memory": "1MB", "order": 4},
    ],
)  # fmt: skip
def test_files(client: Any, folder: Path, options: Any) -> None:
    paths = str(folder / "*.txt*")
    whole = mf.count_file(paths, **options)
    for blocksize in (None, "2 kB"):
        assert md.count_file(paths, client, blocksize=blocksize, **options) == whole
    assert md.count_file(paths, blocksize="900 B", split_every=2, **options) == whole


def test_weights_and_no_files(client: Any, tmp_path: Path) -> None:
    path = tmp_path / "weighted.txt"
    path.write_text("".join(f"{name}\t{i % 5}\n" for i, name in enumerate(NAMES)))
    counts = md.count_file(path, client, blocksize="3 kB", weighted=True)
    assert counts == mf.count_file(path, weighted=True)
    assert md.count_file([], client) == mf.count([])
    raises(FileNotFoundError, "no file matches", md.count_file, str(tmp_path / "x*"), client)


def test_errors_are_those_of_one_machine(client: Any, tmp_path: Path) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes(b"emma\r\n" * 5_000 + b"av\xff\n" + b"mia\n" * 5_000)
    with pytest.raises(mf.TextError) as one:
        mf.count_file(path)
    with pytest.raises(mf.TextError) as many:
        md.count_file(path, client, blocksize="7 kB", progress=True)
    assert str(many.value) == str(one.value)
    assert (many.value.line, many.value.offset) == (one.value.line, one.value.offset) != (1, 0)
    with pytest.warns(UnicodeWarning, match="bad.txt: 1 line was left out"):
        counts = md.count_file(path, client, errors="skip")
    assert counts.words == 10_000
    path.with_suffix(".gz").write_bytes(gzip.compress(b"emma\n" * 999)[:-9])
    raises(EOFError, "bad.gz: the gzip data end", md.count_file, path.with_suffix(".gz"), client)


def test_what_is_refused(client: Any) -> None:
    model = mf.count(["emma"]).model(smoothing=1)
    raises(ValueError, "standard input", md.count_file, "-", client)
    raises(TypeError, "give its path", md.count_file, sys.stdin, client)
    raises(TypeError, "unexpected keyword argument 'ngram'", md.count_file, __file__, ngram=3)
    raises(TypeError, "unexpected keyword", md.count_file, __file__, threads=3)
    raises(ValueError, "split_every must be 2", md.count_file, __file__, split_every=1)
    raises(TypeError, "client must be a distributed.Client, got str", md.count_file, "x", "tcp://x")
    raises(TypeError, "got list", md.count, ["emma"])
    words = dask.bag.from_sequence(["emma"])
    raises(TypeError, "weights= is for a DataFrame, not a Bag", md.count, words, weights="n")
    for rng in (None, np.random.default_rng(1), mf.TorchRNG(1, version="2.0"), True, 1.5):
        raises(TypeError, "rng must be an int, got", md.sample, model, 3, rng=rng)
    raises(ValueError, "rng must be an int from 0", md.sample, model, 3, rng=-1)
    raises(ValueError, "unique= looks at all words", md.sample, model, 3, rng=1, unique=True)
    raises(ValueError, "exclude= looks at all", md.sample, model, 3, rng=1, exclude=["a"])
    raises(ValueError, "prefix= holds .x., which is not in", md.sample, model, 3, rng=1, prefix="x")
    raises(TypeError, "model must be a model", md.score, "names", words)
    raises(ValueError, "nulls must be", md.score, model, words, nulls="skip")


def test_a_client_that_is_closed(client: Any) -> None:
    address = client.scheduler.address
    closed = distributed.Client(address, set_as_default=False)
    closed.close()
    raises(ValueError, "the client is closed", md.count_file, __file__, closed)


def test_without_a_client(folder: Path) -> None:
    code = (
        "import makemore_fast.dask as md\n"
        "try:\n    md.count_file(__file__)\n"
        "except ValueError as error:\n    print(error)\n"
    )
    (folder / "code.py").write_text(code)
    ran = subprocess.run(
        [sys.executable, folder / "code.py"], capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith("no Dask client: make one with distributed.Client(")


def test_bags_are_counted_and_scored(client: Any) -> None:  # noqa: ARG001 (is the default)
    words = dask.bag.from_sequence(NAMES, npartitions=20)
    assert md.count(words, order=3, split_every=3) == mf.count(NAMES, order=3)
    lists = words.map(list)
    assert md.count(lists, vocabulary=9) == mf.count(map(list, NAMES), vocabulary=9)
    gaps = lists.filter(lambda word: word[0] == "a")  # none in some partitions
    assert md.count(gaps) == mf.count([list(name) for name in NAMES if name[0] == "a"])
    with pytest.raises(ValueError, match=r"partition \d+: word 0: .* ends in a line end"):
        md.count(words.map(lambda word: word + "\n"))
    model = mf.count(NAMES).model(smoothing=1)
    scores = md.score(model, words, per="symbol", unit="bits").compute()
    assert scores == model.score(NAMES, per="symbol", unit="bits").tolist()


def test_data_frames_are_counted_and_scored(client: Any) -> None:  # noqa: ARG001
    pd = pytest.importorskip("pandas")
    dd = pytest.importorskip("dask.dataframe")
    frame = pd.DataFrame({"name": NAMES, "n": [i % 3 for i in range(len(NAMES))], "x": 0.5})
    frame.loc[7, "name"] = None
    parts = dd.from_pandas(frame, npartitions=5)
    how: dict[str, Any] = {"column": "name", "weights": "n", "nulls": "skip", "order": 4}
    assert md.count(parts, **how) == mf.count(frame, **how)
    assert md.count(parts["name"], nulls="skip") == mf.count(frame["name"], nulls="skip")
    raises(ValueError, "partition 0: .*null", md.count, parts, column="name")
    raises(KeyError, "nom", md.count, parts, column="nom")
    model = mf.count(NAMES).model(smoothing=1)
    scores = md.score(model, parts, column="name", nulls="nan").compute()
    assert np.array_equal(scores, model.score(frame["name"], nulls="nan"), equal_nan=True)
    assert scores.index.equals(frame.index)
    raises(ValueError, "column= must say", md.score, model, parts)


@pytest.mark.parametrize("partitions", [None, 1, 3, 20])
def test_the_words_of_one_stream(client: Any, partitions: int | None) -> None:  # noqa: ARG001
    model = mf.count(NAMES, order=3).model(smoothing="witten-bell")
    every: list[dict[str, Any]] = [{}, {"prefix": "a", "min_length": 4, "temperature": 0.9}]
    for how in every:
        drawn = md.sample(model, 17, rng=5, partitions=partitions, **how)
        assert drawn.compute() == model.sample(17, rng=5, **how)
    assert md.sample(model, 0, rng=1).compute() == []


def test_a_worker_that_is_killed_while_it_counts(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(("\n".join(NAMES) + "\n") * 2_500)  # seconds, at this order
    address = f"tcp://127.0.0.1:{_free_port()}"
    run = [sys.executable, "-m", "dask"]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = [
        subprocess.Popen(
            [*run, "scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2],
             "--no-dashboard"], **quiet,
        )
    ]  # fmt: skip
    try:
        worker = [*run, "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        worker += ["--local-directory", str(tmp_path)]
        started += [subprocess.Popen(worker, **quiet) for _ in range(2)]
        with (
            distributed.Client(address, set_as_default=False, timeout=seconds(30)) as client,
            ThreadPoolExecutor(1) as pool,
        ):
            client.wait_for_workers(2, timeout=seconds(30))
            pids = client.run(os.getpid)
            counting = pool.submit(md.count_file, path, client, order=8)
            os.kill(pids[busy_worker(client)], signal.SIGKILL)
            assert not counting.done()
            assert counting.result(seconds(60)) == mf.count_file(path, order=8)
            assert len(client.run(os.getpid)) == 1
    finally:
        for process in reversed(started):  # workers before the scheduler
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return int(some.getsockname()[1])
