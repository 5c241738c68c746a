"""S3: a server of moto on this machine, read by one process and by Dask's workers.

``nox -s "engines(engine='s3')"`` runs this in an environment with moto and s3fs;
it is skipped without.
"""

import gzip
from collections.abc import Iterator
from typing import Any

import pytest

import makemore_fast as mf
from makemore_fast.blocks import blocks, count_blocks

moto_server = pytest.importorskip("moto.server")
s3fs = pytest.importorskip("s3fs")
pytestmark = pytest.mark.filterwarnings("default")

NAMES = mf.names()
TEXT = "\r\n".join(NAMES).encode()


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


def test_dask_reads_it(storage: dict[str, Any]) -> None:
    distributed = pytest.importorskip("distributed")
    import makemore_fast.dask as md

    with distributed.Client(n_workers=2, threads_per_worker=1, dashboard_address=None) as client:
        counts = md.count_file(
            "s3://words/*.txt*", client, blocksize="4 kB", storage_options=storage, order=6
        )
        assert counts == mf.count(NAMES * 3, order=6)
        with pytest.raises(mf.TextError, match="s3://words/bad.text, line 901, byte 4500"):
            md.count_file("s3://words/bad.text", client, blocksize="1 kB", storage_options=storage)
