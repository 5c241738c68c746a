"""Reading again what was saved: `load`."""

import os
from os import PathLike
from pathlib import Path

from makemore_fast.counts import Counts
from makemore_fast.mixture import MixtureModel, restore_mixture
from makemore_fast.storage.archives import FORMAT, MIXTURE_FORMAT
from makemore_fast.storage.kept_counts import restore_counts
from makemore_fast.storage.saved import Saved


def load(path: str | PathLike[str]) -> Counts | MixtureModel:
    """Read what `Counts.save` or `MixtureModel.save` wrote; never runs code from the file.

    Whatever a file can hold is checked: that its members are there and of the right types and
    shapes, that the cells are those of some words, that nodes and rows of a fitted model point at
    each other and hold numbers. Nothing is unpacked before its size is known to agree with the
    rest.

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
        if version not in (FORMAT, MIXTURE_FORMAT):
            raise ValueError(
                f"{path}: format {version} is not known to this version of makemore_fast, "
                f"which reads formats {FORMAT} and {MIXTURE_FORMAT}"
            )
        kind = saved.strings("kind") if "kind" in saved else ["counts"]
        match kind, version:
            case ["mixture"], _ if version == MIXTURE_FORMAT:
                return restore_mixture(saved)
            case ["mixture"], _:
                raise ValueError(
                    f"{path}: a model that an earlier version of makemore_fast fitted; this one "
                    "fits other models, so fit it again"
                )
            case ["counts"], _ if version == FORMAT:
                return Counts(restore_counts(saved))
            case ["counts"], _:
                raise ValueError(f"{path}, format: saved counts have format {FORMAT}")
        raise ValueError(f"{path}, kind: must be 'counts' or 'mixture', got {kind[0]!r}")
