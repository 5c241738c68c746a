"""From numbers to colours: which map, and how the numbers are spread over it."""

import math
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from makemore_fast.display.checks import check_colours

if TYPE_CHECKING:
    from matplotlib.colors import Colormap, Normalize

#: What ``norm=`` takes.
NormLike: TypeAlias = "Literal['linear', 'log'] | Normalize | None"


def coloured(
    image: NDArray[Any], cmap: "str | Colormap | None", norm: NormLike
) -> "tuple[np.ma.MaskedArray[Any, Any], Colormap, Normalize]":
    """Return the numbers, of which some have no colour, their colour map and their norm."""
    import matplotlib as mpl
    from matplotlib import colors

    values = np.ma.masked_invalid(image)
    sizes = np.abs(values.compressed())
    signed = bool(values.count()) and bool(values.min() < 0)
    if cmap is None:
        cmap = "RdBu_r" if signed else "Blues"
    check_colours(cmap)
    chosen = mpl.colormaps[cmap] if isinstance(cmap, str) else cmap
    if isinstance(norm, colors.Normalize):
        return values, chosen, norm
    if norm is not None and not isinstance(norm, str):
        raise TypeError(f'norm must be "linear", "log" or a Normalize, got {type(norm).__name__}')
    if norm not in (None, "linear", "log"):
        raise ValueError(f'norm must be "linear", "log" or a Normalize, got {norm!r}')
    most = float(sizes.max()) if sizes.size else 0.0
    if most == 0 or (image.dtype.kind in "iu" and most < 1):
        most = 1.0
    if norm != "log":
        low = -most if signed else 0.0
        return values, chosen, colors.Normalize(vmin=low, vmax=most)
    there = sizes[sizes > 0]
    least = float(there.min()) if there.size else most
    if signed:
        even = 10.0 ** math.ceil(math.log10(max(least, most / 1e4)))  # up to here evenly
        return values, chosen, colors.SymLogNorm(even, 1, -most, most, base=10)
    if least == most:
        least = most / 10
    hidden = np.ma.masked_equal(values, 0)
    return hidden, chosen.with_extremes(bad="white"), colors.LogNorm(vmin=least, vmax=most)
