"""What `Counts.plot` draws: every cell legible, whatever the symbols, the counts and the size."""

import itertools
import string
import sys
from collections.abc import Iterator

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

import makemore_fast as mf
from corpora import FIVE
from makemore_fast.display import fonts
from raising import raises

mpl.use("Agg")

# The widest letter first, so that it is in every alphabet.
LETTERS = "W" + (string.ascii_letters + string.digits).replace("W", "")
LETTERS += "".join(map(chr, range(0xC0, 0x180)))
ODD = [
    "$x$ _^\\",
    "tab\tline\n\rend",
    "中文",
    "😀🫠👍",
    "e\u0301\u0323",
    "\x00\x1b\u200d\u202e\xa0",
]


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture
def no_other_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the fonts that matplotlib is set to are there."""
    monkeypatch.setattr(fonts, "_search", lambda missing, _number: ([], set(missing)))


def counts_of(symbols: int) -> mf.Counts:
    return mf.count([LETTERS[: symbols - 1], "WW"])


def drawn(ax: Axes) -> Axes:
    assert isinstance(ax.figure, Figure)
    ax.figure.canvas.draw()
    return ax


def labels(ax: Axes) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


def test_plot_returns_new_axes_or_those_given() -> None:
    counts = mf.count(FIVE)
    ax = counts.plot()
    assert isinstance(ax, Axes)
    assert ax.figure is plt.gcf()
    given = Figure().add_subplot()
    open_figures = plt.get_fignums()
    assert counts.plot(given) is given
    assert plt.get_fignums() == open_figures


def test_image_is_the_counts() -> None:
    counts = mf.count(FIVE)
    (image,) = counts.plot().images
    np.testing.assert_array_equal(image.get_array(), counts.array)
    assert image.get_cmap().name == "Blues"
    assert counts.plot(cmap="viridis").images[0].get_cmap().name == "viridis"


def test_every_cell_shows_its_bigram_and_its_count() -> None:
    counts = mf.count(FIVE)
    ax = drawn(counts.plot())
    bigrams = list(itertools.product(counts.alphabet, repeat=2))
    expected = [f"{first}{second}\n{counts[first, second]}" for first, second in bigrams]
    assert [text.get_text() for text in ax.texts] == expected
    assert not ax.axison


def test_many_symbols_stand_along_the_axes_instead() -> None:
    counts = counts_of(60)
    ax = counts.plot()
    assert not ax.texts
    assert labels(ax) == list(counts.alphabet)
    assert [label.get_text() for label in ax.get_xticklabels()] == list(counts.alphabet)


def test_text_can_be_asked_for_or_refused() -> None:
    assert len(counts_of(45).plot(text=True).texts) == 45**2
    assert not mf.count(FIVE).plot(text=False).texts


@pytest.mark.parametrize(("inches", "has_text"), [(3, False), (16, True)])
def test_size_of_given_axes_decides_about_text(inches: float, has_text: bool) -> None:
    _, ax = plt.subplots(figsize=(inches, inches))
    assert bool(counts_of(27).plot(ax).texts) == has_text


def assert_texts_are_in_their_cells(ax: Axes, symbols: int) -> None:
    for text, (row, column) in zip(ax.texts, np.ndindex(symbols, symbols), strict=True):
        corners = [(column - 0.5, row + 0.5), (column + 0.5, row - 0.5)]
        (left, bottom), (right, top) = ax.transData.transform(corners)
        box = text.get_window_extent()
        assert left <= box.x0 < box.x1 <= right
        assert bottom <= box.y0 < box.y1 <= top


@pytest.mark.parametrize("symbols", [2, 5, 27, 40])
def test_text_is_readable_and_stays_in_its_cell(symbols: int) -> None:
    ax = drawn(counts_of(symbols).plot())
    assert_texts_are_in_their_cells(ax, symbols)
    assert all(float(text.get_fontsize()) >= 6 for text in ax.texts)


@pytest.mark.parametrize(("words", "doublings"), [([LETTERS[:39]], 16), (["W", *ODD], 33)])
@pytest.mark.usefixtures("no_other_fonts")
@pytest.mark.filterwarnings("ignore:no font that is installed")
def test_large_counts_and_code_points_stay_in_their_cells(words: list[str], doublings: int) -> None:
    counts = mf.count(words)
    for _ in range(doublings):
        counts += counts
    ax = drawn(counts.plot(text=True))
    assert_texts_are_in_their_cells(ax, len(counts.alphabet))
    assert any(text.get_text() in (".W\n65536", ".W\n8.6G") for text in ax.texts)


@pytest.mark.parametrize("symbols", [41, 60, 100, 107, 190])
@pytest.mark.parametrize("inches", [None, 4.8])
def test_labels_do_not_overlap(symbols: int, inches: float | None) -> None:
    ax = None if inches is None else plt.subplots(figsize=(inches, inches))[1]
    ax = drawn(counts_of(symbols).plot(ax))
    assert_labels_are_apart(ax)
    if inches is None and symbols <= 100:
        assert len(labels(ax)) == symbols


def assert_labels_are_apart(ax: Axes) -> None:
    across = [label.get_window_extent() for label in ax.get_xticklabels()]
    down = [label.get_window_extent() for label in ax.get_yticklabels()]
    assert all(left.x1 <= right.x0 for left, right in itertools.pairwise(across))
    assert all(upper.y0 >= lower.y1 for upper, lower in itertools.pairwise(down))


@pytest.mark.usefixtures("no_other_fonts")
@pytest.mark.parametrize("text", [True, False])
def test_odd_symbols_are_shown_with_one_warning(
    text: bool, caplog: pytest.LogCaptureFixture
) -> None:
    counts = mf.count(ODD)
    with pytest.warns(UserWarning, match=r"of the symbols.*font\.family") as told:
        ax = drawn(counts.plot(text=text))
    assert [warned.category for warned in told].count(UserWarning) == 1
    assert not caplog.records
    shown = {text.get_text() for text in ax.texts} if text else set(labels(ax))
    if text:
        assert {"$x\n1", "b⇥\n1", "U+4E2D\nU+6587\n1", "e◌\u0301\n1", "U+200D\nU+202E\n1"} <= shown
        assert not any(text.get_parse_math() for text in ax.texts)  # $$ is not a formula
    else:
        assert_labels_are_apart(ax)
        assert {"$", "␣", "⇥", "↵", "U+000D", "U+4E2D", "U+1FAE0", "◌\u0301", "U+00A0"} <= shown


@pytest.mark.parametrize("text", [True, False])
def test_marks_combine_within_a_symbol_and_not_between_symbols(text: bool) -> None:
    def shown(counts: mf.Counts) -> set[str]:
        ax = drawn(counts.plot(text=text, title="cafe\u0301"))
        assert ax.get_title() == "cafe\u0301"
        return {text.get_text() for text in ax.texts} if text else set(labels(ax))

    tokens = shown(mf.count([["e\u0301", "a"], ["\u0301"]]))
    assert ({"e\u0301 a\n1", "<s> e\u0301\n1"} if text else {"e\u0301", "a", "◌\u0301"}) <= tokens
    characters = shown(mf.count(["e\u0301"], order=3))
    assert ({"e◌\u0301.\n1", ".e◌\u0301\n1"} if text else {"e◌\u0301", ".e"}) <= characters


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return the contrast of two sRGB colours by WCAG 2."""

    def light(colour: tuple[float, ...]) -> float:
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    darker, lighter = sorted((light(one), light(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("cmap", ["Blues", "viridis", "gray"])
def test_text_stands_out_from_its_cell(cmap: str) -> None:
    counts = mf.count([letter * times for times, letter in enumerate(LETTERS[:25], 1)])
    ax = counts.plot(cmap=cmap)
    (image,) = ax.images
    for text, cell in zip(ax.texts, counts.array.ravel(), strict=True):
        background = to_rgb(tuple(image.to_rgba(np.array([cell]))[0]))
        assert contrast(to_rgb(text.get_color()), background) > 3.5


def test_no_words_draw_one_empty_cell() -> None:
    ax = drawn(mf.count([]).plot())
    assert [text.get_text() for text in ax.texts] == ["..\n0"]


@pytest.mark.filterwarnings("ignore:no font that is installed")
def test_thousands_of_symbols_share_pixels_and_lose_no_count() -> None:
    counts = mf.count(["".join(map(chr, range(0x4E00, 0x4E00 + 2500)))])
    (image,) = counts.plot().images
    array = np.asarray(image.get_array())
    assert array.sum() == counts.total
    assert max(array.shape) <= 1000
    raises(ValueError, "200 symbols", counts.plot, text=True)


def test_missing_matplotlib_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    raises(ImportError, r"pip install 'makemore_fast\[plot\]'", mf.count(FIVE).plot)
