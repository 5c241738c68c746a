"""The heatmap of makemore's first lecture, for 2 symbols or thousands."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast.display.checks import check_axes, check_colours, require_matplotlib
from makemore_fast.display.labels import code_point, short, visible
from makemore_fast.ngram_counts import NgramCounts
from makemore_fast.options import checked_flag

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_WITH_TEXT = 40  # symbols on a new figure
_MOST_TEXT = 200  # symbols that text is drawn for if it is asked for; a cell is an object each
_MOST_PIXELS = 1000  # along an edge of the image; beyond, a pixel sums a block of cells
_FIGURE = 16.0  # inches along an edge, as in the lecture, where cells do not have to be smaller
_LABELS = 1.0  # inch kept for the labels along an axis of a new figure
_POINTS = 72.0  # in an inch
_CELL_FOR_TEXT = 22.0  # points along the edge of a cell, from which on text in it is readable
_LARGEST, _SMALLEST = 12.0, 5.0  # points of a text; the smallest only where labels can be left out
_LINE = 1.25  # room for a line of text, in font sizes
_PITCH, _CAPITAL, _DESCENT = 1.15, 0.73, 0.24  # of baselines, above and below one; font sizes
_PLAIN: dict[str, Any] = {"parse_math": False, "usetex": False}  # a $ is a $


def heatmap(
    counts: NgramCounts, ax: "Axes | None", *, cmap: str = "Blues", text: bool | None = None
) -> "Axes":
    """Draw counts as a heatmap; `Counts.plot` says what that is.

    Parameters
    ----------
    counts : Counts
    ax : matplotlib Axes or None
        Where to draw; None makes a new pyplot figure.
    cmap : str
        The name of a matplotlib colour map.
    text : bool, optional
        Whether each cell shows its bigram and its count, or the symbols stand along the axes
        instead; by default text where cells are large enough for it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If `text` is true and there are more than 200 symbols.

    Notes
    -----
    A symbol that cannot be seen, or that the fonts of ``matplotlib.rcParams["font.family"]``
    lack, is written as U+XXXX. Labels that would overlap are left out. Of more than 1,000
    symbols, neighbours share a pixel that shows their sum. The picture is that of A. Karpathy's
    lecture "The spelled-out intro to language modeling: building makemore" (2022).
    """
    require_matplotlib()
    check_axes(ax)
    check_colours(cmap)
    if text is not None:
        checked_flag("text", text)
    symbols = len(counts.alphabet)
    if text and symbols > _MOST_TEXT:
        raise ValueError(f"text fits up to {_MOST_TEXT} symbols, and there are {symbols:,}")
    if ax is None:
        from matplotlib import pyplot as plt

        text = symbols <= _MOST_WITH_TEXT if text is None else text
        if text:
            side, margin = max(2.5, min(_FIGURE, 0.6 * symbols), 0.4 * symbols), 0.1
        else:
            side, margin = min(_FIGURE, max(2.5, 0.16 * symbols + _LABELS)), _LABELS
        _, ax = plt.subplots(figsize=(side, side), layout="constrained")
        cell = _POINTS * (side - margin) / symbols
    else:
        box = ax.get_window_extent()
        cell = min(box.width, box.height) / ax.figure.dpi * _POINTS / symbols
        if text is None:
            text = cell >= _CELL_FOR_TEXT and symbols <= _MOST_TEXT

    image, edge = _image(counts)
    extent = (-0.5, edge - 0.5, edge - 0.5, -0.5)
    most = max(1, int(image.max()))
    shown = ax.imshow(
        image, cmap=cmap, vmin=0, vmax=most, origin="upper", aspect="equal", extent=extent
    )
    if text:
        names = _drawable(counts.alphabet)
        _write_cells(ax, names, counts.array, shown.to_rgba(counts.array), cell)
        ax.axis("off")
    else:
        _label_axes(ax, counts.alphabet, cell)
    return ax


def _image(counts: NgramCounts) -> tuple[NDArray[np.int64], int]:
    """Return the counts, summed in blocks where they are too many, and how wide they are."""
    symbols = len(counts.alphabet)
    block = -(-symbols // _MOST_PIXELS)
    pixels = -(-symbols // block)
    ids, cells = counts.ngrams()
    image = np.zeros((pixels, pixels), dtype=np.int64)
    np.add.at(image, (ids[:, 0] // block, ids[:, 1] // block), cells)
    return image, pixels * block


def _drawable(alphabet: str) -> list[str]:
    """Return how each symbol is written with the fonts that matplotlib is set to."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    paths = []
    for family in FontProperties().get_family():
        try:
            paths.append(findfont(FontProperties(family=family), fallback_to_default=False))
        except ValueError:  # not installed; matplotlib goes on to the next as well
            continue
    fonts = [get_font(path) for path in paths or [findfont(FontProperties())]]
    names = [visible(symbol) for symbol in alphabet]
    return [
        name
        if all(any(font.get_char_index(ord(part)) for font in fonts) for part in name)
        else code_point(symbol)
        for symbol, name in zip(alphabet, names, strict=True)
    ]


def _widths(ax: "Axes", texts: set[str]) -> dict[str, float]:
    """Return the widths of texts, in font sizes."""
    size = 20.0
    probe = ax.text(0, 0, "", fontsize=size, **_PLAIN)
    widths = {}
    for text in texts:
        probe.set_text(text)
        widths[text] = probe.get_window_extent().width / ax.figure.dpi * _POINTS / size
    probe.remove()
    return widths


def _write_cells(
    ax: "Axes", names: list[str], array: NDArray[np.int64], colours: NDArray[Any], cell: float
) -> None:
    """Write into each cell its bigram and below it its count, as large as all of them fit."""
    numbers = [[short(count) for count in row] for row in array.tolist()]
    widths = _widths(ax, {*names, *(number for row in numbers for number in row)})
    room = 0.88 * cell
    long = {name for name in names if widths[name] > 1.5}  # gets a line of its own
    pair = 2 * max((widths[name] for name in names if name not in long), default=0.0)
    widest = max(pair, *(widths[number] for row in numbers for number in row))
    plain = min(_LARGEST, room / widest, room / (2 * _LINE))
    # sRGB to light, as WCAG 2 measures contrast
    light = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    bright = light[..., :3] @ np.array([0.2126, 0.7152, 0.0722])
    inks = np.where(bright < 0.2, "white", np.where((bright > 0.9) & (array == 0), "0.45", "0.15"))
    for (row, column), ink in np.ndenumerate(inks):
        first, second, number = names[row], names[column], numbers[row][column]
        size, lines = plain, [first + second, number]
        if first in long or second in long:
            lines = [first, second, number]
            size = min(plain, room / max(widths[line] for line in lines), room / (3 * _LINE))
        # Hung up by the number's line and not centred by its ink, so that baselines are level.
        drop = (len(lines) - 1) * _PITCH / 2 + _CAPITAL / 2 + _DESCENT
        ax.text(
            column,
            row + drop * size / cell,
            "\n".join(lines),
            ha="center",
            va="bottom",
            color=str(ink),
            fontsize=size,
            linespacing=1.2,
            clip_on=True,
            **_PLAIN,
        )


def _label_axes(ax: "Axes", alphabet: str, cell: float) -> None:
    """Write the symbols along the left and the upper axis, every so many if they are too many."""
    size = min(_LARGEST, max(_SMALLEST, cell / _LINE))
    step = int(np.ceil(size * _LINE / cell - 1e-9))
    places = range(0, len(alphabet), step)
    labels = _drawable(alphabet[::step])
    widths = _widths(ax, set(labels))
    ax.set_xticks(places, labels, fontsize=size, **_PLAIN)
    ax.set_yticks(places, labels, fontsize=size, **_PLAIN)
    ax.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    for tick, label in zip(ax.get_xticklabels(), labels, strict=True):
        if widths[label] * size > 0.9 * cell * step:
            tick.set_rotation(90)
    ax.xaxis.set_label_position("top")
    ax.set_xlabel("second symbol")
    ax.set_ylabel("first symbol")
