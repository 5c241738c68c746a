"""What ``rng=`` means: one seed of 64 bits for the sampling stream."""

import os
from typing import Any, TypeAlias

import numpy as np

from makemore_fast import _core
from makemore_fast.torch_rng import TorchGenerator, TorchRNG

# What ``rng=`` takes (Scientific Python's SPEC 7); None means fresh entropy. Only sampling takes
# torch's generators too. As text: importing numpy.random takes longer than the first words.
RNGLike: TypeAlias = "np.random.Generator | np.random.BitGenerator"
SeedLike: TypeAlias = "int | np.integer[Any] | np.random.SeedSequence"
NumPyRNG: TypeAlias = "RNGLike | SeedLike | None"
RNG: TypeAlias = "NumPyRNG | TorchRNG | TorchGenerator"


def bit_generator(rng: Any) -> "np.random.BitGenerator":
    """Return where raw draws come from: PCG64 of a seed, or what the caller gave.

    PCG64 is named here and not left to `numpy.random.default_rng`, whose choice may change from
    one NumPy to the next.

    Raises
    ------
    TypeError
        For anything else than None, int, SeedSequence, BitGenerator or Generator.
    ValueError
        For an int below 0.
    """
    given: object = rng  # whatever it is
    if isinstance(rng, np.random.Generator):
        return rng.bit_generator
    if isinstance(rng, np.random.BitGenerator):
        return rng
    if rng is None or isinstance(rng, np.random.SeedSequence):
        return np.random.PCG64(rng)
    if isinstance(given, int | np.integer) and not isinstance(given, bool):
        if given < 0:
            raise ValueError(f"rng must be an int from 0 up (non-negative), got {given}")
        return np.random.PCG64(int(given))
    what = "None, int, SeedSequence, BitGenerator or Generator"
    raise TypeError(f"rng must be {what}, got {type(given).__name__}")


def has_state(rng: object) -> bool:
    """Return whether drawing a seed moves something of the caller's on."""
    return not _is_plain(rng) and isinstance(rng, np.random.Generator | np.random.BitGenerator)


def _is_plain(rng: object) -> bool:
    """Return whether something is what most calls have, for which numpy.random is not needed."""
    return rng is None or type(rng) is int


def stream_seed(rng: NumPyRNG) -> int:
    """Return the seed that a stream is keyed by.

    A generator given by the caller moves on, so what may fail for other reasons goes before.

    Parameters
    ----------
    rng : None, int, SeedSequence, BitGenerator or Generator
        An int or a SeedSequence seeds PCG64, None is fresh entropy. A generator
        given by the caller advances by two raw draws, so the next call with it gives another
        stream; nothing global is read.

    Returns
    -------
    int
        The first raw draw, with the second moved up by 32 bits and xor-ed onto it, mod 2^64
        (so that generators that draw 32 bits at a time fill the seed as well). NumPy keeps
        these raw draws the same across versions.

    Examples
    --------
    >>> stream_seed(42) == stream_seed(np.random.PCG64(42))
    True
    """
    if rng is None:
        return int.from_bytes(os.urandom(8), "little")
    if type(rng) is int and 0 <= rng < 2**64:
        return _core.stream_seed(rng)
    first, second = bit_generator(rng).random_raw(2).tolist()
    return int((first ^ second << 32) % 2**64)
