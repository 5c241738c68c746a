"""The loss by order, drawn beside what the lectures' neural nets reach."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from makemore_fast.options import checked_str, real_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: What makemore's models reach on names.txt; `Counts.plot_loss` says where that is written.
LECTURES = {
    "bigrams, part 1": 2.45,
    "MLP, parts 2 and 3": 2.10,
    "WaveNet, part 5": 1.993,
    "Transformer": 1.92,
}

_COLOURS = {"train": "#94a3b8", "dev": "#4f9fd9", "test": "#c2410c"}
_WIDTHS = {"train": 2.2, "dev": 6.0, "test": 2.2}  # dev and test mostly lie on one another
_MARK = "#64748b"
_PLAIN: dict[str, Any] = {"parse_math": False}  # a $ is a $
_LINE = 0.036  # of the height: how far apart labels stand at least


def loss_plot(
    losses: Mapping[str, list[float]],
    marks: Mapping[str, float] | Literal["lectures"] | None,
    ax: "Axes | None",
    first: int = 2,
) -> "Axes":
    """Draw a line for each part of the words, from the first order on, one across for each mark."""
    lines = _lines(marks)
    if ax is None:
        from matplotlib import pyplot as plt

        _, ax = plt.subplots(figsize=(8.5, 5.2), layout="constrained")
    orders = range(first, first + len(next(iter(losses.values()))))
    everything = [*lines.values(), *(loss for values in losses.values() for loss in values)]
    low, high = min(everything), max(everything)
    margin = 0.08 * (high - low) or 0.1
    ax.set_ylim(low - margin, high + margin)
    ax.set_xlim(first - 0.2, orders[-1] + 0.2)

    for loss in lines.values():
        ax.axhline(loss, color=_MARK, linewidth=0.9, linestyle=(0, (5, 4)), zorder=1)
    for name, values in losses.items():
        width = _WIDTHS[name]
        ax.plot(
            orders, values, color=_COLOURS[name], linewidth=width, marker="o",
            markersize=width + 3, alpha=0.6 if name == "dev" else 1, solid_capstyle="round",
        )  # fmt: skip
    labels = {f"{mark}: {_written(loss)}": (loss, _MARK) for mark, loss in lines.items()}
    for name, values in losses.items():
        least = min(range(len(values)), key=values.__getitem__)
        label = f"{name}: {values[least]:.3f} at order {orders[least]}"
        labels[label] = (values[-1], _COLOURS[name])
    spread = _LINE * (high - low + 2 * margin)
    for (label, (_, colour)), y in zip(labels.items(), _apart(labels, spread), strict=True):
        bold = "bold" if colour != _MARK else "normal"
        ax.annotate(
            label, (1.015, y), xycoords=ax.get_yaxis_transform(), va="center", color=colour,
            fontsize=10, fontweight=bold, annotation_clip=False, **_PLAIN,
        )  # fmt: skip
    ax.set_xticks(orders)
    ax.set_xlabel("order: symbols in an n-gram")
    ax.set_ylabel("loss: nats per symbol")
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def _lines(marks: object) -> dict[str, float]:
    """Return the losses to draw lines for, by their labels."""
    if marks is None:
        return {}
    if isinstance(marks, str):
        if marks != "lectures":
            raise ValueError(
                f'marks must be a mapping from str to float or "lectures", got {marks!r}'
            )
        return LECTURES
    if not isinstance(marks, Mapping):
        kind = type(marks).__name__
        raise TypeError(f'marks must be a mapping from str to float or "lectures", got {kind}')
    lines = {}
    for label, loss in marks.items():
        lines[checked_str("each label of marks", label)] = real_number("each of marks", loss)
        if not math.isfinite(lines[label]):
            raise ValueError(f"each of marks must be a finite number, got {loss}")
    return lines


def _written(loss: float) -> str:
    return f"{loss:.2f}" if round(loss, 2) == loss else f"{loss:.3f}"


def _apart(labels: Mapping[str, tuple[float, str]], spread: float) -> list[float]:
    """Return heights near those of the labels that are so far apart that none covers another."""
    heights = [height for height, _ in labels.values()]
    order = sorted(range(len(heights)), key=heights.__getitem__)
    placed = list(heights)
    # Groups that touch share their distance to where they belong.
    groups: list[list[int]] = []
    for i in order:
        groups.append([i])
        while len(groups) > 1 and _bottom(groups[-1], heights, spread) < spread + _top(
            groups[-2], heights, spread
        ):
            above = groups.pop()
            groups[-1] += above
    for group in groups:
        for at, i in enumerate(group):
            placed[i] = _bottom(group, heights, spread) + at * spread
    return placed


def _bottom(group: list[int], heights: list[float], spread: float) -> float:
    middle = sum(heights[i] for i in group) / len(group)
    return middle - spread * (len(group) - 1) / 2


def _top(group: list[int], heights: list[float], spread: float) -> float:
    return _bottom(group, heights, spread) + spread * (len(group) - 1)
