"""How surprising each symbol of a word is, as bars."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast.display.checks import check_axes, check_title, require_matplotlib
from makemore_fast.display.fonts import write_title, written

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_LABELS = 60  # symbols; beyond, every so many has one
_BAR, _MEAN = "#4f9fd9", "#64748b"
_PLAIN: dict[str, Any] = {"parse_math": False, "usetex": False}  # a $ is a $


def word_plot(
    symbols: list[str],
    surprisals: NDArray[np.float64],
    unit: str,
    title: str | None,
    ax: "Axes | None",
) -> "Axes":
    """Draw a bar for each symbol, the last of which is the end of the word."""
    require_matplotlib()
    check_axes(ax)
    check_title(title)
    if ax is None:
        from matplotlib import pyplot as plt

        width = min(16.0, max(3.2, 1.2 + 0.5 * len(symbols)))
        _, ax = plt.subplots(figsize=(width, 3.4), layout="constrained")
    possible = surprisals[np.isfinite(surprisals)]
    top = 1.08 * float(possible.max(initial=0.0)) or 1.0
    endless = not np.isfinite(surprisals).all()
    heights = np.where(np.isfinite(surprisals), surprisals, top)
    bars = ax.bar(range(len(symbols)), heights, width=0.8, color=_BAR)
    for place, (bar, surprisal) in enumerate(zip(bars, surprisals.tolist(), strict=True)):
        if math.isinf(surprisal):  # impossible
            bar.set(facecolor="none", edgecolor=_BAR, hatch="//")
            ax.annotate(
                "∞", (place, top), (0, 2), textcoords="offset points", ha="center", va="bottom"
            )
    if not endless:
        mean = float(surprisals.mean())
        ax.axhline(mean, color=_MEAN, linewidth=0.9, linestyle=(0, (5, 4)), zorder=0)
        ax.annotate(
            f"mean {mean:.2f}", (1, mean), (4, 0), xycoords=ax.get_yaxis_transform(),
            textcoords="offset points", va="center", color=_MEAN, annotation_clip=False,
        )  # fmt: skip
    step = -(-len(symbols) // _MOST_LABELS)
    labels = written(symbols[::step])
    long = max(map(len, labels.texts)) > 3
    ax.set_xticks(
        range(0, len(symbols), step), labels.texts, family=labels.family,
        rotation=90 if long else 0, **_PLAIN,
    )  # fmt: skip
    ax.tick_params(axis="x", length=0)
    ax.set_ylim(0, top * (1.12 if endless else 1))
    ax.set_ylabel(f"surprisal: {unit}")
    ax.set_xlabel("symbol")
    ax.spines[["top", "right"]].set_visible(False)
    write_title(ax, title)
    return ax
