"""What `Counts.plot_loss` draws: the losses of models, and labels that do not cover each other."""

from collections.abc import Iterator

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Annotation

import makemore_fast as mf
from corpora import FIVE
from raising import raises

mpl.use("Agg")


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def curves(ax: Axes) -> list[Line2D]:
    return [line for line in ax.lines if line.get_marker() == "o"]


def labels(ax: Axes) -> list[Annotation]:
    return [text for text in ax.texts if isinstance(text, Annotation)]


@pytest.mark.parametrize("smoothing", ["kneser-ney", "witten-bell", 0.5])
def test_lines_are_the_losses_of_models(smoothing: str | float) -> None:
    dev = ["ava", "mia"]
    ax = mf.count(FIVE, order=5).plot_loss(dev, smoothing=smoothing)  # type: ignore[arg-type]
    train, other = curves(ax)
    assert np.asarray(train.get_xdata()).tolist() == [2, 3, 4, 5]
    for line, words in ((train, FIVE), (other, dev)):
        expected = [
            mf.count(FIVE, order=order).model(smoothing=smoothing).nll(words)  # type: ignore[arg-type]
            for order in range(2, 6)
        ]
        np.testing.assert_allclose(np.asarray(line.get_ydata()), expected, rtol=1e-9)
    assert [label.get_text().split(":")[0] for label in labels(ax)] == ["train", "dev"]


def test_losses_of_pruned_counts() -> None:
    least = [0, 0, 1]
    ax = mf.count(FIVE, order=4).plot_loss(["ava"], smoothing=0.5, min_counts=least)
    for line, words in zip(curves(ax), (FIVE, ["ava"]), strict=True):
        expected = [
            mf.count(FIVE, order=order).pruned(least[:order]).model(smoothing=0.5).nll(words)
            for order in range(2, 5)
        ]
        np.testing.assert_allclose(np.asarray(line.get_ydata()), expected, rtol=1e-12)
    counts = mf.count(FIVE, order=3)
    raises(ValueError, "min_counts must be 1 to 3", counts.plot_loss, min_counts=[0] * 4)


def test_marks_are_labelled_lines() -> None:
    ax = mf.count(FIVE, order=3).plot_loss(marks={"a $net": 1.5, "another": 1.625})
    assert {label.get_text() for label in labels(ax)} >= {"a $net: 1.50", "another: 1.625"}
    heights = [np.asarray(line.get_ydata())[0] for line in ax.lines]
    assert {1.5, 1.625} <= set(heights)


def test_no_label_covers_another() -> None:
    marks = {f"mark {i}": 1.9 + 0.001 * i for i in range(8)}
    ax = mf.count(FIVE, order=4).plot_loss(FIVE, FIVE, marks=marks | {"far": 3.0})
    ax.figure.canvas.draw()
    boxes = sorted((label.get_window_extent() for label in labels(ax)), key=lambda box: box.y0)
    for below, above in zip(boxes, boxes[1:], strict=False):  # noqa: RUF007
        assert below.y1 <= above.y0 + 1


def test_the_lectures_marks_and_an_axes_of_the_caller_s() -> None:
    _, ax = plt.subplots()
    assert mf.count(FIVE).plot_loss(test=["ava"], marks="lectures", ax=ax) is ax
    assert "WaveNet, part 5: 1.993" in {label.get_text() for label in labels(ax)}


def test_words_that_cannot_be_measured() -> None:
    counts = mf.count(FIVE, order=3)
    problem = "test word 0: 'xyz' contains 'x', which the words to learn from do not"
    raises(ValueError, problem, counts.plot_loss, test=["xyz"])
    problem = "order 2 the dev words are impossible: word 1, 'avva', at 'v'; smoothing="
    raises(ValueError, problem, counts.plot_loss, ["ava", "avva"], smoothing=0)
    # Words that are gone when they were counted.
    problem = "order 2 the dev words are impossible: 'v' never came after 'v'; smoothing="
    raises(ValueError, problem, counts.plot_loss, iter(["ava", "avva"]), smoothing=0)
    assert counts.plot_loss(["xyz"], unknown=True) is not None
    raises(ValueError, "there are no dev words", counts.plot_loss, [])
    raises(ValueError, "no words to make a model of", mf.count([], order=3).plot_loss)
