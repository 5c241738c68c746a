"""S3: a server of moto on this machine, read by one process and by Dask's workers.

``nox -s "engines(engine='s3')"`` runs this in an environment with moto and s3fs;
it is skipped without.
"""

import gzip
import os
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import makemore_fast as mf
from busy_workers import busy_worker
from limits import seconds
from makemore_fast.blocks import blocks, count_blocks

moto_server = pytest.importorskip("moto.server")
s3fs = pytest.importorskip("s3fs")
distributed: Any = pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("default")

import makemore_fast.dask as md  # noqa: E402

NAMES = mf.names()
TEXT = "\r\n".join(NAMES).encode()
LONG = 500  # times the names in a file that takes seconds


@pytest.fixture(scope="module")
def storage() -> Iterator[dict[str, Any]]:
    """Return what reaches a server with a bucket of files."""
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    options = {"key": "a", "secret": "b", "endpoint_url": f"http://{host}:{port}"}
    files = s3fs.S3FileSystem(**options)
    files.mkdir("words")
    files.pipe_file("words/names.txt", TEXT)
    files.pipe_file("words/漢字 é.txt", TEXT)
    files.pipe_file("words/names.txt.gz", gzip.compress(TEXT))
    files.pipe_file("words/bad.text", b"emma\n" * 900 + b"\xff")
    files.pipe_file("words/empty.txt", b"")
    files.pipe_file("words/long.text", ("\n".join(NAMES) + "\n").encode() * LONG)
    weighted = "".join(f"{name}\t{i}\n" for i, name in enumerate(NAMES))
    files.pipe_file("words/weights.text", weighted.encode())
    yield options
    server.stop()


def test_blocks_of_a_bucket(storage: dict[str, Any]) -> None:
    parts = blocks("s3://words/*.txt*", "5 kB", storage)
    assert len(parts) > 10
    assert mf.merged(count_blocks([part]) for part in parts) == mf.count(NAMES * 3)
    assert "secret" not in repr(parts)
    with pytest.raises(mf.TextError, match="s3://words/bad.text, line 901, byte 4500"):
        count_blocks(blocks("s3://words/bad.text", "1 kB", storage)[-1:])
    with pytest.raises(FileNotFoundError, match="no file matches"):
        blocks("s3://words/none*", storage_options=storage)
    with pytest.raises(FileNotFoundError, match="s3://words/none"):
        blocks("s3://words/none.txt", storage_options=storage)


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Return a client of two workers of Dask, which start again where they end."""
    with distributed.Client(n_workers=2, threads_per_worker=1, dashboard_address=None) as client:
        yield client


@pytest.mark.parametrize(
    "options", [{}, {"order": 6}, {"separator": "a", "order": 3}, {"skip_blank": False}]
)
def test_dask_reads_it(storage: dict[str, Any], client: Any, options: Any) -> None:
    files = "s3://words/*.txt*"
    counts = md.count_file(files, client, blocksize="4 kB", storage_options=storage, **options)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "names.txt"
        path.write_bytes(TEXT)
        assert counts == mf.count_file([path] * 3, **options)


def test_weights(storage: dict[str, Any], client: Any) -> None:
    counts = md.count_file(
        "s3://words/weights.text", client, blocksize="4 kB", storage_options=storage, weighted=True
    )
    assert counts == mf.count(NAMES, weights=range(len(NAMES)))


def test_errors_are_those_of_one_machine(storage: dict[str, Any], client: Any) -> None:
    with pytest.raises(mf.TextError, match="s3://words/bad.text, line 901, byte 4500"):
        md.count_file("s3://words/bad.text", client, blocksize="1 kB", storage_options=storage)
    with pytest.raises(FileNotFoundError, match="s3://words/none"):
        md.count_file("s3://words/none.txt", client, storage_options=storage)


def test_a_worker_that_is_killed_while_it_counts(storage: dict[str, Any], client: Any) -> None:
    pids = client.run(os.getpid)
    with ThreadPoolExecutor(1) as pool:
        counting = pool.submit(
            md.count_file, "s3://words/long.text", client, storage_options=storage, order=8
        )
        os.kill(pids[busy_worker(client)], signal.SIGKILL)
        assert not counting.done()
        assert counting.result(seconds(120)) == mf.count(NAMES * LONG, order=8)
