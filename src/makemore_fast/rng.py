"""What ``rng=`` means: one seed of 64 bits for the sampling stream."""

import numpy as np

#: What ``rng=`` takes (Scientific Python's SPEC 7); None means fresh entropy.
RNGLike = np.random.Generator | np.random.BitGenerator
SeedLike = int | np.integer | np.random.SeedSequence
RNG = RNGLike | SeedLike | None


def stream_seed(rng: RNG) -> int:
    """Return the seed that a stream is keyed by.

    Parameters
    ----------
    rng : None, int, SeedSequence, BitGenerator or Generator
        Goes through `numpy.random.default_rng`. A generator given by the caller advances by
        two raw draws, so the next call with it gives another stream; nothing global is read.

    Returns
    -------
    int
        The first raw draw, with the second moved up by 32 bits and xor-ed onto it, mod 2^64
        (so that generators that draw 32 bits at a time fill the seed as well). NumPy keeps
        these raw draws the same across versions.

    Examples
    --------
    >>> stream_seed(42) == stream_seed(np.random.default_rng(42))
    True
    """
    first, second = np.random.default_rng(rng).bit_generator.random_raw(2).tolist()
    return int((first ^ second << 32) % 2**64)
