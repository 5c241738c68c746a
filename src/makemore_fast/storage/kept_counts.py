"""Counts of the core, made again of what a pickle or a file keeps."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.storage.kept_alphabet import (
    KeptAlphabet,
    alphabet_members,
    alphabet_names,
    core_alphabet,
    restore_alphabet,
)

if TYPE_CHECKING:
    from makemore_fast.storage.saved import Saved

_CELLS = 1 << 16  # that are restored at a time


def restored_core(
    alphabet: Any, ids: NDArray[np.uint32], counts: NDArray[np.int64]
) -> _core.Ngrams:
    """Make counts again of what pickle keeps, which may have come from anywhere."""
    kept: tuple[object, object] = ids, counts
    match kept:
        case np.ndarray(ndim=2), np.ndarray(ndim=1) if len(ids) == len(counts):
            pass
        case _:
            raise ValueError("pickled counts are a str, a 2-D array of ids and a count for each")
    order = ids.shape[1]
    cells = (
        (_native(ids[first : first + _CELLS]), _native(counts[first : first + _CELLS]))
        for first in range(0, len(ids), _CELLS)
    )
    return _rebuilt(core_alphabet(alphabet), order, cells)


def counts_members(core: _core.Ngrams) -> dict[str, NDArray[Any]]:
    """Return what files keep of counts."""
    ids, counts = core.cells()
    return {**alphabet_members(core.numbering), "ids": ids, "counts": counts}


def restore_counts(saved: "Saved", *others: str) -> _core.Ngrams:
    """Make counts of an opened file that has these members and the others that are named."""
    saved.check_members(*others, *alphabet_names(saved), "ids", "counts")
    alphabet = restore_alphabet(saved)
    ids = saved.header("ids", "u4", None, None)
    counts = saved.header("counts", "i8", ids.shape[0])
    with saved.about(*alphabet_names(saved)[:1], "ids", "counts"):
        blocks = (saved.blocks("ids", ids, _CELLS), saved.blocks("counts", counts, _CELLS))
        cells = zip(*blocks, strict=True)
        return _rebuilt(alphabet, ids.shape[1], cells)


def _rebuilt(
    symbols: KeptAlphabet,
    order: int,
    cells: Iterable[tuple[NDArray[np.uint32], NDArray[np.int64]]],
) -> _core.Ngrams:
    core = _core.RestoredCounts(symbols, order)
    for ids, counts in cells:
        core.add(ids, counts)
    return core.finish()


def _native(array: NDArray[Any]) -> NDArray[Any]:
    """Return the numbers of an array in the order and the byte order of this machine."""
    return array.astype(array.dtype.newbyteorder("="), order="C", copy=False)
