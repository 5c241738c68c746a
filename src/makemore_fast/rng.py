"""What ``rng=`` means: one seed of 64 bits for the sampling stream."""

from typing import TYPE_CHECKING, Any, Protocol, Union

import numpy as np

if TYPE_CHECKING:
    from makemore_fast.torch_rng import TorchRNG


class TorchGenerator(Protocol):
    """What a `torch.Generator` has; torch itself is not imported for its type."""

    def get_state(self) -> Any:
        """Return the state, a tensor of bytes."""

    def set_state(self, new_state: Any, /) -> Any:
        """Go on from a state."""

    def initial_seed(self) -> int:
        """Return the seed."""


#: What ``rng=`` takes (Scientific Python's SPEC 7); None means fresh entropy. Only sampling
#: takes torch's generators too.
RNGLike = np.random.Generator | np.random.BitGenerator
SeedLike = int | np.integer | np.random.SeedSequence
NumPyRNG = RNGLike | SeedLike | None
RNG = Union[NumPyRNG, "TorchRNG", TorchGenerator]  # | takes no str


def stream_seed(rng: NumPyRNG) -> int:
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
