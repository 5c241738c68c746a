"""Reading again what was saved: `load`."""

from os import PathLike
from pathlib import Path

import numpy as np

from makemore_fast.archives import UnknownFormatError
from makemore_fast.counts import Counts, restore_counts
from makemore_fast.mixture import MixtureModel, restore_saved


def load(path: str | PathLike[str]) -> Counts | MixtureModel:
    """Read what `Counts.save` or `MixtureModel.save` wrote; never runs code from the file.

    Raises
    ------
    OSError
        If the file is missing, unreadable, truncated or not such a file.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> counts = mf.count(["emma", "ava"])
    >>> counts.save("counts.npz")
    >>> mf.load("counts.npz") == counts
    True
    """
    with Path(path).open("rb") as file:
        try:
            with np.load(file, allow_pickle=False) as saved:
                is_mixture = "kind" in saved and str(saved["kind"]) == "mixture"
                return restore_saved(saved) if is_mixture else restore_counts(saved)
        except UnknownFormatError as error:
            raise OSError(f"{path}: {error}") from None
        except Exception as error:  # whatever damage makes zipfile, zlib and NumPy raise
            raise OSError(f"{path}: not a file of saved counts or a model, or damaged") from error
