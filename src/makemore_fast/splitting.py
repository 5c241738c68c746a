"""Words for training, for choosing and for testing: `split`."""

import math
import random
from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np

from makemore_fast.rng import NumPyRNG


def split(
    words: Iterable[str],
    fractions: Sequence[float] = (0.8, 0.1, 0.1),
    *,
    rng: NumPyRNG | random.Random = None,
) -> tuple[list[str], ...]:
    """Shuffle words and cut them into parts, as the lectures do.

    Parameters
    ----------
    words : iterable of str
        Left as it is; equal words stay apart, so one may come to several parts.
    fractions : sequence of float
        How much of the words each part gets; they sum to one. Part by part the cuts are
        the fractions so far times the number of words, rounded down; the last part gets the
        rest.
    rng : None, int, SeedSequence, BitGenerator or Generator, or random.Random
        Where the order comes from, as in `Model.sample` (but torch's). A ``random.Random``
        shuffles as ``random.shuffle`` does: with ``random.Random(42)`` the parts are those
        of the lectures, word for word.

    Returns
    -------
    tuple of list of str
        One list a fraction.

    Raises
    ------
    TypeError
        If `words` is a str, or holds a thing that is not a str (with its index).
    ValueError
        If a fraction is negative, or they do not sum to one.

    Notes
    -----
    The order from NumPy's generators is that of one raw draw of 64 bits for each word; NumPy
    keeps those the same across versions.

    The lectures' split is that of A. Karpathy, "Building makemore part 2: MLP" (2022):
    ``random.seed(42); random.shuffle(words)``, cut at ``int(0.8 * n)`` and ``int(0.9 * n)``.

    Examples
    --------
    >>> import random
    >>> import makemore_fast as mf
    >>> train, dev, test = mf.split(mf.names(), rng=random.Random(42))
    >>> len(train), len(dev), len(test)
    (2328, 291, 291)
    >>> mf.split(["emma", "olivia", "ava", "mia"], (0.5, 0.5), rng=42)
    (['olivia', 'mia'], ['emma', 'ava'])
    """
    shuffled = _checked(words)
    cuts = _cuts(fractions, len(shuffled))
    if isinstance(rng, random.Random):
        rng.shuffle(shuffled)
    else:
        keys = np.random.default_rng(rng).bit_generator.random_raw(len(shuffled))
        shuffled = [shuffled[i] for i in np.argsort(keys, kind="stable").tolist()]
    return tuple(shuffled[a:b] for a, b in zip([0, *cuts], [*cuts, None], strict=True))


def _checked(words: Iterable[str]) -> list[str]:
    """Return the words as a new list."""
    if isinstance(words, str | bytes):
        kind = type(words).__name__
        raise TypeError(f"expected an iterable of words, got a {kind}, which is one word")
    listed: list[object] = list(words)
    for i, word in enumerate(listed):
        if not isinstance(word, str):
            raise TypeError(f"word {i}: expected str, got {type(word).__name__}")
    return [word for word in listed if isinstance(word, str)]


def _cuts(fractions: Sequence[float], n: int) -> list[int]:
    """Return where each part but the first begins; 0.1 is a tenth here, whatever its bits."""
    given = [float(fraction) for fraction in fractions]
    if not given or not all(0 <= fraction <= 1 for fraction in given):
        raise ValueError(f"fractions must be numbers from 0 to 1, got {fractions}")
    if not math.isclose(math.fsum(given), 1, abs_tol=1e-9):
        raise ValueError(f"fractions must sum to one; {fractions} sum to {math.fsum(given):g}")
    exact = [Fraction(repr(fraction)) for fraction in given]
    return [min(n, math.floor(sum(exact[:i]) * n)) for i in range(1, len(exact))]
