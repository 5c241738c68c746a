"""Ray: its workers count, score and draw what one process does, also when a node dies.

``nox -s "engines(engine='ray')"`` runs this in an environment with Ray;
it is skipped without.
"""

import gzip
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import makemore_fast as mf

ray = pytest.importorskip("ray")
pytestmark = pytest.mark.filterwarnings("default")

import makemore_fast.ray as mr  # noqa: E402

NAMES = mf.names()


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[Any]:
    """Return a cluster of two nodes, with a processor each."""
    from ray.cluster_utils import Cluster

    head = {"num_cpus": 1, "include_dashboard": False, "object_store_memory": 150_000_000}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    cluster.add_node(num_cpus=1, object_store_memory=150_000_000)
    ray.init(address=cluster.address, log_to_driver=False)
    yield cluster
    ray.shutdown()
    cluster.shutdown()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for i in range(3):
        (tmp_path / f"{i}.txt").write_text("\n".join(NAMES[i::3]))
    (tmp_path / "3.txt.gz").write_bytes(gzip.compress("\r\n".join(NAMES).encode()))
    (tmp_path / "4.txt").write_bytes(b"")
    return tmp_path


@pytest.mark.parametrize("options", [{}, {"order": 6}, {"separator": "a", "vocabulary": 9}])
def test_files(folder: Path, options: Any) -> None:
    paths = str(folder / "*.txt*")
    whole = mf.count_file(paths, **options)
    assert mr.count_file(paths, **options) == whole
    assert mr.count_file(paths, blocksize="2 kB", split_every=2, **options) == whole
    assert mr.count_file([], **options).words == 0


def test_errors_are_those_of_one_machine(tmp_path: Path) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes(b"emma\r\n" * 5_000 + b"av\xff\n" + b"mia\n" * 5_000)
    with pytest.raises(mf.TextError) as one:
        mf.count_file(path)
    with pytest.raises(mf.TextError) as many:
        mr.count_file(path, blocksize="7 kB")
    assert str(many.value) == str(one.value)
    assert (many.value.line, many.value.offset) == (one.value.line, one.value.offset)
    with pytest.raises(ValueError, match="standard input"):
        mr.count_file("-")


def test_datasets_are_counted_and_scored() -> None:
    rows = [{"name": name, "n": i % 3} for i, name in enumerate(NAMES)]
    words = ray.data.from_items(rows, override_num_blocks=4)
    weights = [i % 3 for i in range(len(NAMES))]
    assert mr.count(words, column="name", order=3) == mf.count(NAMES, order=3)
    assert mr.count(words, column="name", weights="n") == mf.count(NAMES, weights=weights)
    assert mr.count(words.limit(0), column="name") == mf.count([])
    model = mf.count(NAMES).model(smoothing=1)
    scored = mr.score(model, words, column="name").take_all()
    assert {row["name"]: row["score"] for row in scored} == dict(
        zip(NAMES, model.score(NAMES).tolist(), strict=True)
    )
    bad = ray.data.from_items([{"name": "emma\n"}])
    with pytest.raises(ValueError, match="word 0: .* ends in a line end"):
        mr.count(bad, column="name")


def test_the_words_of_one_stream() -> None:
    model = mf.count(NAMES, order=3).model(smoothing="witten-bell")
    rows = mr.sample(model, 17, rng=5, partitions=4, prefix="a").sort("number").take_all()
    assert [row["word"] for row in rows] == model.sample(17, rng=5, prefix="a")
    assert [row["number"] for row in rows] == list(range(17))
    with pytest.raises(TypeError, match="rng must be an int"):
        mr.sample(model, 3, rng=None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="unique="):
        mr.sample(model, 3, rng=1, unique=True)


def test_a_node_that_dies_while_it_counts(cluster: Any, tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(("\n".join(NAMES) + "\n") * 2_500)
    node = cluster.add_node(num_cpus=2, object_store_memory=150_000_000)
    counted: list[mf.Counts] = []
    counting = threading.Thread(target=lambda: counted.append(mr.count_file(path, order=8)))
    counting.start()
    time.sleep(1.0)
    assert counting.is_alive()  # it counts
    cluster.remove_node(node, allow_graceful=False)
    counting.join(120)
    assert counted == [mf.count_file(path, order=8)]
