"""Text in the cells of a heatmap, or along its axes, as large as it fits."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast.display.fonts import as_it_stands, written
from makemore_fast.display.labels import short_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_POINTS = 72.0  # in an inch
_LARGEST, _SMALLEST = 12.0, 5.0  # points of a text; the smallest only where labels can be left out
_LINE = 1.25  # room for a line of text, in font sizes
_PITCH, _CAPITAL, _DESCENT = 1.15, 0.73, 0.24  # of baselines, above and below one; font sizes
_WIDE = 1.5  # a text for a line of its own, in font sizes
_PLAIN: dict[str, Any] = {"parse_math": False, "usetex": False}  # a $ is a $


def _widths(ax: "Axes", texts: set[str], family: Sequence[str]) -> dict[str, float]:
    """Return the widths of texts, in font sizes."""
    size = 20.0
    probe = ax.text(0, 0, "", fontsize=size, family=family, **_PLAIN)
    widths = {}
    for text in texts:
        probe.set_text(text)
        widths[text] = probe.get_window_extent().width / ax.figure.dpi * _POINTS / size
    probe.remove()
    return widths


def write_cells(
    ax: "Axes",
    rows: Sequence[str],
    columns: Sequence[str],
    family: Sequence[str],
    image: NDArray[Any],
    colours: NDArray[Any],
    cell: float,
    *,
    together: bool,
    joint: str,
) -> None:
    """Write into each cell its symbols and below them its number, as large as all of them fit.

    A text that is wide gets a line of its own; if rows have several symbols, all or none of them.
    `joint` stands between the symbols of a row and of a column.
    """
    numbers = [[short_number(number) for number in row] for row in image.tolist()]
    widths = _widths(ax, {*rows, *columns, *(number for row in numbers for number in row)}, family)
    room = 0.88 * cell
    long = {name for name in (*rows, *columns) if widths[name] > _WIDE}
    if together:
        wide = max(widths[name] for name in rows) > 2 * _WIDE
        long = long - set(rows) | (set(rows) if wide else set())
    most = [
        max((widths[name] for name in names if name not in long), default=0.0)
        for names in (rows, columns)
    ]
    widest = max(
        sum(most) + 0.4 * len(joint), *(widths[number] for row in numbers for number in row)
    )
    plain = min(_LARGEST, room / widest, room / (2 * _LINE))
    alpha = colours[..., 3:]  # what has no colour is see-through, on white
    colours = colours[..., :3] * alpha + (1 - alpha)
    # sRGB to light, as WCAG 2 measures contrast
    light = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    bright = light @ np.array([0.2126, 0.7152, 0.0722])
    inks = np.where(bright < 0.2, "white", np.where((bright > 0.9) & (image == 0), "0.45", "0.15"))
    for (row, column), ink in np.ndenumerate(inks):
        first, second, number = rows[row], columns[column], numbers[row][column]
        size, lines = plain, [(first and first + joint) + second, number]
        if first in long or second in long:
            lines = [line for line in (first, second, number) if line]
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
            family=family,
            linespacing=1.2,
            clip_on=True,
            **_PLAIN,
        )


def write_labels(
    ax: "Axes",
    rows: Sequence[str],
    columns: Sequence[str],
    names: tuple[str, str],
    cell: float,
) -> None:
    """Write labels along the left and the upper axis, every so many if they are too many."""
    size = min(_LARGEST, max(_SMALLEST, cell / _LINE))
    step = int(np.ceil(size * _LINE / cell - 1e-9))
    across, down = columns[::step], rows[::step]
    labels = written([*across, *down])
    tops, sides = labels.texts[: len(across)], labels.texts[len(across) :]
    widths = _widths(ax, set(tops), labels.family)
    style: dict[str, Any] = {"fontsize": size, "family": labels.family, **_PLAIN}
    ax.set_xticks(range(0, len(columns), step), tops, **style)
    ax.set_yticks(range(0, len(rows), step), sides, **style)
    ax.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    for tick, label in zip(ax.get_xticklabels(), tops, strict=True):
        if widths[label] * size > 0.9 * cell * step:
            tick.set_rotation(90)
    ax.xaxis.set_label_position("top")
    for name, write in ((names[1], ax.set_xlabel), (names[0], ax.set_ylabel)):
        text, how = as_it_stands(name)
        write(text, **how)
