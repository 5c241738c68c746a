"""Saved .npz files: written whole or not at all, and of a format that is known."""

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


class UnknownFormatError(ValueError):
    """A file of a version to come."""


def check_format(saved: Any, known: int) -> None:
    """Raise UnknownFormatError unless an opened file has the format that is known."""
    if int(saved["format"]) != known:
        raise UnknownFormatError(f"format {int(saved['format'])} is not known to this version")
