"""Beam: the recipe of docs/how-to/cluster.md, on its own runner.

``nox -s "engines(engine='beam')"`` runs this in an environment with Beam;
it is skipped without.
"""

from pathlib import Path
from typing import Any

import pytest

import makemore_fast as mf
from makemore_fast.blocks import blocks, count_blocks

beam: Any = pytest.importorskip("apache_beam")
pytestmark = pytest.mark.filterwarnings("default")

NAMES = mf.names()


@pytest.mark.parametrize("order", [2, 6])
@pytest.mark.parametrize("blocksize", ["1 kB", "50 kB", None])
def test_files_by_their_paths(order: int, blocksize: str | None, tmp_path: Path) -> None:
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for i, path in enumerate(paths):
        path.write_text("\n".join(NAMES[i::2]), encoding="utf-8")
    saved = tmp_path / "counts.npz"
    with beam.Pipeline() as pipeline:
        counts = (
            pipeline
            | beam.Create(blocks(paths, blocksize))
            | beam.Reshuffle()
            | beam.Map(lambda block: count_blocks([block], order=order))
            | beam.CombineGlobally(mf.merged).without_defaults()
        )
        _ = counts | beam.Map(lambda counts: counts.save(saved))
    assert mf.load_counts(saved) == mf.count(NAMES, order=order)


def test_an_error_says_where(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"emma\nava\xff\n")
    with pytest.raises(Exception, match=r"a\.txt.*line 2"), beam.Pipeline() as pipeline:
        _ = pipeline | beam.Create(blocks(path, None)) | beam.Map(lambda one: count_blocks([one]))


def test_words_and_scores() -> None:
    model = mf.count(NAMES, order=3).model(smoothing=1)
    with beam.Pipeline() as pipeline:
        words = pipeline | beam.Create(NAMES[:100]) | beam.BatchElements(10, 10)
        parts = words | beam.Map(mf.count) | beam.CombineGlobally(mf.merged).without_defaults()
        _ = parts | beam.Map(lambda counts: _expect(counts == mf.count(NAMES[:100])))
        scores = words | beam.FlatMap(lambda some: model.score(list(some)).tolist())
        expected = sorted(model.score(NAMES[:100]).tolist())
        _ = (
            scores
            | beam.combiners.ToList()
            | beam.Map(lambda found: _expect(sorted(found) == expected))
        )


def _expect(right: bool) -> None:
    assert right
