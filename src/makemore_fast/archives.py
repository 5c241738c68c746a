"""Writing .npz files whole or not at all."""

from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast.files import replacing


def write_npz(path: str | PathLike[str], **arrays: NDArray[Any]) -> None:
    """Write arrays to a NumPy .npz file, compressed.

    The file is written beside its place and then renamed, so a reader sees the old or the new
    one and never a half. An error names the path that the caller knows.
    """
    with replacing(path) as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # allow_pickle= is bool
