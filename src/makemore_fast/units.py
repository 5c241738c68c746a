"""Units of information: the one place for ``unit=``."""

import math
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from makemore_fast.options import one_of

#: What ``unit=`` takes.
Unit: TypeAlias = Literal["nats", "bits"]

_SIZES = {"nats": 1.0, "bits": math.log(2)}


def unit_size(unit: object) -> float:
    """Return a unit in nats.

    >>> unit_size("nats"), round(unit_size("bits"), 3)
    (1.0, 0.693)
    """
    return _SIZES[one_of("unit", unit, tuple(_SIZES))]


def in_unit(nats: NDArray[np.float64], unit: object) -> NDArray[np.float64]:
    """Return information in a unit."""
    size = unit_size(unit)
    return nats if size == 1 else nats / size
