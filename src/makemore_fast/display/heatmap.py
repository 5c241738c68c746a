"""Heatmaps of whatever has a number for two symbols, for 2 symbols or thousands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from makemore_fast.arrays import numbers_of
from makemore_fast.display.cell_text import write_cells, write_labels
from makemore_fast.display.checks import check_axes, check_title, require_matplotlib
from makemore_fast.display.colours import NormLike, coloured
from makemore_fast.display.fonts import as_it_stands, write_title, written
from makemore_fast.options import checked_flag
from makemore_fast.symbols import NumbersSymbols

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

_MOST_WITH_TEXT = 40  # symbols on a new figure
_MOST_TEXT = 200  # symbols that text is drawn for if it is asked for; a cell is an object each
MOST_PIXELS = 1000  # along an edge of the image; beyond, a pixel stands for a block of cells
_FIGURE = 16.0  # inches along an edge, as in the lecture, where cells do not have to be smaller
_LABELS = 1.0  # inch kept for the labels along an axis of a new figure
_BAR = 0.9  # inch for a colour bar, and for one that is labelled by powers of ten
_LOG_BAR = 1.2
_TITLE = 0.4  # inch for a title
_POINTS = 72.0  # in an inch
_CELL_FOR_TEXT = 22.0  # points along the edge of a cell, from which on text in it is readable


class Style(NamedTuple):
    """How a heatmap looks; `heatmap` says what each is."""

    cmap: "str | Colormap | None" = None
    norm: NormLike = None
    title: str | None = None
    colorbar: bool = False
    text: bool | None = None


class Cells(NamedTuple):
    """What a heatmap shows: a number for each row and column, or for blocks of them."""

    image: NDArray[Any]
    block: int  # rows, and columns, that share a pixel
    rows: Sequence[str]  # labels of symbols
    columns: Sequence[str]
    names: tuple[str, str]  # of the axes: of rows, of columns
    unit: str = ""  # what the numbers are


def heatmap(
    matrix: ArrayLike,
    symbols: "str | Sequence[str] | NumbersSymbols",
    *,
    rows: Sequence[str] | None = None,
    norm: NormLike = None,
    title: str | None = None,
    colorbar: bool = False,
    text: bool | None = None,
    cmap: "str | Colormap | None" = None,
    names: tuple[str, str] = ("first symbol", "second symbol"),
    unit: str = "",
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw a number for each two symbols as a colour: a matrix of counts, probabilities, or losses.

    Parameters
    ----------
    matrix : 2-D array of numbers
        A row for each first symbol, a column for each second one. Numbers below zero, as of the
        difference of two languages, get a map of colours on both sides of white.
    symbols : str, sequence of str, Counts or model
        The symbols of the columns, in their order, and of the rows.
    rows : sequence of str, optional
        The labels of the rows, if they are others.
    norm : {"linear", "log"} or matplotlib Normalize, optional
        How numbers become colours; by default evenly from 0 to the largest. ``"log"`` shows
        zero as white and, of numbers below zero too, the size of each by its logarithm.
    title : str, optional
        What stands above.
    colorbar : bool
        Whether a bar says what number a colour is.
    text : bool, optional
        Whether each cell shows its symbols and its number, or the symbols stand along the axes
        instead; by default text where cells are large enough (up to 40 symbols, on a new figure).
    cmap : str or matplotlib Colormap, optional
        The colours; by default ``"Blues"``, and ``"RdBu_r"`` for numbers below zero.
    names : tuple of str
        What the rows and the columns are.
    unit : str
        What the numbers are, written at the colour bar.
    ax : matplotlib Axes, optional
        Where to draw; a new figure of a fitting size if None.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ImportError
        If matplotlib is not installed (``pip install makemore_fast[plot]``).
    TypeError, ValueError
        If the matrix is no 2-D array of numbers, has not a row and a column for each label, or
        an option is none; if `text` is true and there are more than 200 symbols.

    See Also
    --------
    Counts.plot : A heatmap of counts.
    LanguageModel.plot : A heatmap of probabilities.

    Notes
    -----
    A symbol that cannot be seen, or that no font has which is installed, is written as U+XXXX; of
    the latter a warning tells. Labels that would overlap are left out. Of more than 1,000
    symbols, neighbours share a pixel that shows the mean of their numbers.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> one, other = ["emma", "ava"], ["mia", "eve"]
    >>> alphabet = mf.count(one + other).alphabet
    >>> p = mf.count(one, alphabet=alphabet).model(smoothing=1).probabilities
    >>> q = mf.count(other, alphabet=alphabet).model(smoothing=1).probabilities
    >>> ax = mf.heatmap(p - q, alphabet, title="more likely in the first", colorbar=True)
    """
    require_matplotlib()
    numbers = _numbers(matrix)
    columns = _labels("symbols", symbols)
    of_rows = columns if rows is None else _labels("rows", rows)
    if numbers.shape != (len(of_rows), len(columns)):
        shape = " x ".join(f"{size:,}" for size in numbers.shape)
        wanted = f"{len(of_rows):,} x {len(columns):,}"
        raise ValueError(f"the matrix is {shape}, and its labels are {wanted}")
    if numbers.size == 0:
        raise ValueError("the matrix is empty")
    block = block_of(*numbers.shape)
    image = numbers if block == 1 else _means(numbers, block)
    return draw(
        Cells(image, block, of_rows, columns, _checked_names(names), _checked_unit(unit)),
        Style(cmap, norm, title, colorbar, text),
        ax,
    )


def block_of(*sizes: int) -> int:
    """Return how many symbols share a pixel."""
    return -(-max(sizes) // MOST_PIXELS)


def draw(cells: Cells, style: Style, ax: "Axes | None") -> "Axes":
    """Draw cells; the one place where a heatmap is laid out."""
    require_matplotlib()
    check_axes(ax)
    check_title(style.title)
    bar = checked_flag("colorbar", style.colorbar)
    shape = len(cells.rows), len(cells.columns)
    text = style.text if style.text is None else checked_flag("text", style.text)
    if text and max(shape) > _MOST_TEXT:
        raise ValueError(f"text fits up to {_MOST_TEXT} symbols, and there are {max(shape):,}")
    values, cmap, norm = coloured(cells.image, style.cmap, style.norm)
    new = ax is None
    if ax is None:
        wide = (_BAR if type(norm).__name__ == "Normalize" else _LOG_BAR) * bar
        text = max(shape) <= _MOST_WITH_TEXT if text is None else text
        ax, cell = _new_axes(shape, text, wide, style.title is not None)
    else:
        box = ax.get_window_extent()
        inches = min(box.width / shape[1], box.height / shape[0]) / ax.figure.dpi
        cell = inches * _POINTS
        if text is None:
            text = cell >= _CELL_FOR_TEXT and max(shape) <= _MOST_TEXT
    down, across = (size * cells.block for size in cells.image.shape)
    shown = ax.imshow(
        values, cmap=cmap, norm=norm, origin="upper", aspect="equal",
        extent=(-0.5, across - 0.5, down - 0.5, -0.5),
    )  # fmt: skip
    if text:
        rows, columns = cells.rows, cells.columns
        labels = written([*rows, *columns])
        colours = shown.to_rgba(values)
        parted = labels.texts[: len(rows)], labels.texts[len(rows) :]
        write_cells(
            ax,
            *parted,
            labels.family,
            cells.image,
            colours,
            cell,
            together=any(len(label) > 1 for label in rows),
            joint=" " if any(len(label) > 1 for label in columns) else "",
        )
        ax.axis("off")
    else:
        write_labels(ax, cells.rows, cells.columns, cells.names, cell)
    write_title(ax, style.title)
    if bar:
        unit, how = as_it_stands(cells.unit)
        ax.figure.colorbar(shown, ax=ax, fraction=0.046, pad=0.02).set_label(unit, **how)
    if new and not text:
        _fit(ax.figure)
    return ax


def _fit(figure: Any) -> None:
    """Lay a new figure out, and make it larger if labels still reach beyond its edges.

    A layout does not know yet how large equal cells become, so there may have to be a second one.
    """
    for _ in range(3):
        figure.get_layout_engine().execute(figure)
        width, height = figure.get_size_inches()
        box = figure.get_tightbbox()
        beyond = max(0, -box.x0, box.x1 - width), max(0, -box.y0, box.y1 - height)
        if max(beyond) < 0.01:
            return
        figure.set_size_inches(width + 2 * beyond[0], height + 2 * beyond[1])


def _new_axes(shape: tuple[int, int], text: bool, bar: float, titled: bool) -> "tuple[Axes, float]":
    """Return the axes of a new figure that fits so many rows and columns, and the cells' size.

    A colour bar gets so many inches.
    """
    from matplotlib import pyplot as plt

    most = max(shape)
    if text:
        side, margin = max(2.5, min(_FIGURE, 0.6 * most), 0.4 * most), 0.1
    else:
        side, margin = min(_FIGURE, max(2.5, 0.16 * most + _LABELS)), _LABELS
    cell = (side - margin) / most
    height, width = (max(cell * size + margin, 1.2) for size in shape)
    size = (width + bar, height + _TITLE * titled)
    _, ax = plt.subplots(figsize=size, layout="constrained")
    return ax, _POINTS * cell


def _means(numbers: NDArray[Any], block: int) -> NDArray[np.float64]:
    """Return the means of square blocks."""
    down, across = (np.arange(0, size, block) for size in numbers.shape)
    sums = np.add.reduceat(np.add.reduceat(numbers, down, axis=0, dtype=float), across, axis=1)
    heights, widths = (
        np.diff([*starts, size]) for starts, size in zip((down, across), numbers.shape, strict=True)
    )
    means: NDArray[np.float64] = sums / np.outer(heights, widths)
    return means


def _numbers(matrix: Any) -> NDArray[Any]:
    if isinstance(matrix, np.ma.MaskedArray):  # what is masked has no colour
        seen: Any = matrix.astype(float)
        matrix = seen.filled(np.nan)
    numbers = numbers_of("the matrix", matrix)
    if numbers.ndim != 2:
        raise ValueError(f"the matrix must be a 2-D array, got {numbers.ndim} axes")
    return numbers


def _labels(name: str, labels: Any) -> list[str]:
    if isinstance(labels, NumbersSymbols):
        return list(labels.symbols)
    if isinstance(labels, str | Sequence) and not isinstance(labels, bytes):
        listed = list(labels)
        if all(isinstance(label, str) for label in listed):
            return listed
    raise TypeError(f"{name} must be a str or a sequence of str, got {type(labels).__name__}")


def _checked_names(names: Any) -> tuple[str, str]:
    match names:
        case (str(), str()):
            return names[0], names[1]
    raise TypeError("names must be two str, what the rows and what the columns are")


def _checked_unit(unit: Any) -> str:
    if not isinstance(unit, str):
        raise TypeError(f"unit must be a str, got {type(unit).__name__}")
    return unit
