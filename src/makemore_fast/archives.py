"""Writing .npz files whole or not at all."""

import secrets
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def write_npz(path: str | PathLike[str], **arrays: NDArray[Any]) -> None:
    """Write arrays to a NumPy .npz file, compressed.

    The file is written beside its place and then renamed, so a reader sees the old or the new
    one and never a half. An error names the path that the caller knows.
    """
    target = Path(path)
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # allow_pickle= is bool
        beside.replace(target)
    except BaseException as error:
        beside.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename == str(beside):
            error.filename = str(target)
        raise
