"""The numbers of makemore part 1, to the last digit, on makemore's names.txt."""

import numpy as np
import pytest

import makemore_fast as mf
import reference
from corpora import lectures_split, names, names_path


def test_counts() -> None:
    counts = mf.count(names())
    assert counts.words == 32_033
    assert counts.total == 228_146
    assert counts.alphabet == ".abcdefghijklmnopqrstuvwxyz"
    assert int((counts.array == 0).sum()) == 102
    assert counts["n", "."] == 6763
    assert counts[".", "a"] == 4410
    assert counts.most_common(3) == [(("n", "."), 6763), (("a", "."), 6640), (("a", "n"), 5438)]


def test_every_cell() -> None:
    words = names()
    counts = mf.count(words)
    assert counts.array.tolist() == reference.table(words, counts.alphabet)
    assert mf.count_file(names_path()) == counts


@pytest.mark.parametrize(("smoothing", "loss"), [(0, 2.4540144891548743), (1, 2.454576820115704)])
def test_loss(smoothing: float, loss: float) -> None:
    words = names()
    model = mf.count(words).model(smoothing=smoothing)
    assert model.nll(words) == pytest.approx(loss, abs=1e-12, rel=0)
    assert -model.score(words).sum() / 228_146 == pytest.approx(loss, abs=1e-12, rel=0)


def test_training_arrays_of_part_2() -> None:
    """The split and the shapes that the lecture prints."""
    alphabet = mf.count(names()).alphabet
    shapes = [
        mf.examples(part, block_size=3, alphabet=alphabet)[0].shape for part in lectures_split()
    ]
    assert shapes == [(182_625, 3), (22_655, 3), (22_866, 3)]


def test_training_arrays_of_part_1() -> None:
    words = names()
    x, y = mf.examples(words)
    table = np.zeros((27, 27), dtype=np.int64)
    np.add.at(table, (x[:, 0], y), 1)
    assert (table == mf.count(words).array).all()
