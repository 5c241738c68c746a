"""The losses of what tuning tried: by order, a line for each method."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from makemore_fast.display.checks import check_axes, check_title, require_matplotlib
from makemore_fast.display.fonts import write_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = ("#94a3b8", "#c2410c", "#4f9fd9")
_BEST = "#b91c1c"


def tuned_plot(
    losses: Mapping[str, Mapping[int, float]],
    best: tuple[int, float],
    title: str | None,
    ax: "Axes | None",
) -> "Axes":
    """Draw the least loss of each method and order; a ring is around the best of all."""
    require_matplotlib()
    check_axes(ax)
    check_title(title)
    if ax is None:
        from matplotlib import pyplot as plt

        _, ax = plt.subplots(figsize=(6.4, 4.2), layout="constrained")
    orders = sorted(set().union(*losses.values()))
    for i, (method, by_order) in enumerate(losses.items()):
        drawn = {n: by_order[n] for n in sorted(by_order) if math.isfinite(by_order[n])}
        ax.plot(
            list(drawn), list(drawn.values()), color=_COLOURS[i % len(_COLOURS)], marker="o",
            linewidth=2.2, label=method,
        )  # fmt: skip
    ax.plot(
        *([value] for value in best), marker="o", markersize=14, markerfacecolor="none",
        markeredgecolor=_BEST, markeredgewidth=1.6, linestyle="none", clip_on=False,
        label=f"best: {best[1]:.4f}",
    )  # fmt: skip
    ax.set_xticks(orders)
    ax.set_xlim(orders[0] - 0.3, orders[-1] + 0.3)
    ax.margins(y=0.12)
    ax.set_xlabel("order: symbols in an n-gram")
    ax.set_ylabel("loss of the dev words: nats per symbol")
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False)
    write_title(ax, title)
    return ax
