"""Counts of the core, made again of what a pickle or a file keeps."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core

if TYPE_CHECKING:
    from makemore_fast.storage.saved import Saved

_CELLS = 1 << 16  # that are restored at a time


def restored_core(
    alphabet: str, ids: NDArray[np.uint32], counts: NDArray[np.int64]
) -> _core.Ngrams:
    """Make counts again of what pickle keeps, which may have come from anywhere."""
    kept: tuple[object, object, object] = alphabet, ids, counts
    match kept:
        case str(), np.ndarray(ndim=2), np.ndarray(ndim=1) if len(ids) == len(counts):
            pass
        case _:
            raise ValueError("pickled counts are a str, a 2-D array of ids and a count for each")
    order = ids.shape[1]
    symbols = np.frombuffer(alphabet.encode("utf-32-le", "surrogatepass"), "<u4")
    cells = (
        (_native(ids[first : first + _CELLS]), _native(counts[first : first + _CELLS]))
        for first in range(0, len(ids), _CELLS)
    )
    return _rebuilt(symbols, order, cells)


def counts_members(core: _core.Ngrams) -> dict[str, NDArray[Any]]:
    """Return what files keep of counts."""
    ids, counts = core.cells()
    return {"alphabet": alphabet_member(core.alphabet), "ids": ids, "counts": counts}


def alphabet_member(alphabet: str) -> NDArray[np.uint32]:
    """Return what files keep of an alphabet."""
    return np.array([ord(symbol) for symbol in alphabet], dtype=np.uint32)


def restore_alphabet(saved: "Saved") -> str:
    """Return the symbols of an opened file; whether they are an alphabet is for the core to say."""
    _check_alphabet(saved)
    numbers = saved.array("alphabet", "u4", None)
    with saved.about("alphabet"):
        if numbers.max() > sys.maxunicode:
            raise ValueError(f"{numbers.max()} is no code point")
    return "".join(map(chr, numbers.tolist()))


def restore_counts(saved: "Saved", *others: str) -> _core.Ngrams:
    """Make counts of an opened file that has these members and the others that are named."""
    saved.check_members(*others, "alphabet", "ids", "counts")
    _check_alphabet(saved)
    ids = saved.header("ids", "u4", None, None)
    counts = saved.header("counts", "i8", ids.shape[0])
    with saved.about("alphabet", "ids", "counts"):
        blocks = (saved.blocks("ids", ids, _CELLS), saved.blocks("counts", counts, _CELLS))
        cells = zip(*blocks, strict=True)
        return _rebuilt(saved.array("alphabet", "u4", None), ids.shape[1], cells)


def _check_alphabet(saved: "Saved") -> None:
    alphabet = saved.header("alphabet", "u4", None)
    with saved.about("alphabet"):
        if not 1 <= alphabet.shape[0] <= sys.maxunicode:
            raise ValueError(f"there are {alphabet.shape[0]:,} symbols")


def _rebuilt(
    symbols: NDArray[np.uint32],
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
