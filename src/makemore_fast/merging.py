"""`merged`: many counts added up at once."""

from collections.abc import Iterable

from makemore_fast import _core
from makemore_fast.counts import Counts


def merged(counts: Iterable[Counts]) -> Counts:
    """Add any number of counts up, in one pass over all of them.

    The result of ``sum(counts)``, in less time: each n-gram is copied once. That is what brings the
    counts of many machines, processes or files together. What is given stays as it is, while
    ``+=`` changes the counts on its left.

    Parameters
    ----------
    counts : iterable of Counts
        At least one, all of one order and one boundary; their alphabets may differ. All that an
        iterator yields is in memory at once.

    Returns
    -------
    Counts

    Raises
    ------
    TypeError
        If they are no iterable of counts; with the number of the one that is not.
    ValueError
        If there are none, two of them have different orders or boundaries, the alphabet of all is
        too large for the order, or counts go beyond 64 bits.

    See Also
    --------
    Counts.update : Adds words to one.
    Counts.from_bytes : Counts that came from elsewhere.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> parts = [mf.count(["emma"]), mf.count(["ava"]), mf.count(["mia"])]
    >>> mf.merged(parts) == mf.count(["emma", "ava", "mia"])
    True
    """
    given: object = counts  # whatever it is
    if isinstance(given, Counts | str | bytes) or not isinstance(given, Iterable):
        kind = type(counts).__name__
        raise TypeError(f"expected an iterable of Counts, as in merged([a, b]), got {kind}")
    cores = []
    for i, one in enumerate(counts):
        if not isinstance(one, Counts):
            raise TypeError(f"counts {i}: expected Counts, got {type(one).__name__}")
        cores.append(one._core)
    if not cores:
        raise ValueError("there are no counts to merge, so no order and no boundary")
    return Counts(_core.merged(cores))
