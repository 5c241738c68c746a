"""Reading again what was saved: `load`."""

import os
from os import PathLike
from pathlib import Path

from makemore_fast.counts import Counts
from makemore_fast.mixture import MixtureModel, restore_mixture
from makemore_fast.storage.archives import FORMAT
from makemore_fast.storage.kept_counts import restore_counts
from makemore_fast.storage.saved import Saved


def load(path: str | PathLike[str]) -> Counts | MixtureModel:
    """Read what `Counts.save` or `MixtureModel.save` wrote; never runs code from the file.

    Whatever a file can hold is checked: that its members are there and of the right types and
    shapes, that the cells are those of some words, that the weights are numbers. Nothing is
    unpacked before its size is known to agree with the rest.

    Raises
    ------
    OSError
        If the file is missing, unreadable, truncated, damaged or not such a file.
    ValueError
        If it is of a later version, or holds what makes no sense; with the path and the member.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> counts = mf.count(["emma", "ava"])
    >>> counts.save("counts.npz")
    >>> mf.load("counts.npz") == counts
    True
    """
    with Path(path).open("rb") as file:
        saved = Saved(os.fspath(path), file)
        version = saved.number("format")
        if version != FORMAT:
            raise ValueError(
                f"{path}: format {version} is not known to this version of makemore_fast, "
                f"which reads format {FORMAT}"
            )
        kind = saved.strings("kind") if "kind" in saved else ["counts"]
        if kind == ["mixture"]:
            return restore_mixture(saved)
        if kind == ["counts"]:
            return Counts(restore_counts(saved))
        raise ValueError(f"{path}, kind: must be 'counts' or 'mixture', got {kind[0]!r}")
