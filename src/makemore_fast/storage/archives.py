"""Saved .npz files: written whole or not at all; `saved` reads them again."""

import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from makemore_fast.late import Late

if TYPE_CHECKING:
    from makemore_fast.storage import saving, zip_writer
else:
    saving = Late("makemore_fast.storage.saving")
    zip_writer = Late("makemore_fast.storage.zip_writer")

FORMAT = 1  # of saved counts
MODEL_FORMAT = 1  # of saved models, but for mixtures
MIXTURE_FORMAT = 2  # of saved mixtures


def write_npz(
    target: "saving.Target", arrays: Mapping[str, NDArray[Any]], *, compressed: bool = True
) -> None:
    """Write arrays to a NumPy .npz file, at a path or to a file that is open.

    `replacing` says what becomes of a file that is there, and of an error or Ctrl-C.
    """
    with saving.writing(target) as file:
        members = ((f"{name}.npy", _npy(array)) for name, array in arrays.items())
        zip_writer.write_zip(file, members, compressed)


def _npy(array: NDArray[Any]) -> Iterator[memoryview]:
    """Yield an array as a file of NumPy's format, its header and its items."""
    whole = np.array(array, order="C", copy=None)
    head = io.BytesIO()
    npy.write_array_header_1_0(head, npy.header_data_from_array_1_0(whole))
    yield head.getbuffer()
    if whole.nbytes:
        yield whole.reshape(-1).view(np.uint8).data
