"""`TorchRNG`: the words that the lecture's loop prints with torch; torch is never imported."""

import contextlib
import sys
from collections.abc import Iterator
from operator import index
from typing import TYPE_CHECKING, Any

import numpy as np

from makemore_fast import _core

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from makemore_fast.rng import TorchGenerator

#: Since torch 2.0 multinomial draws a single sample by exponentials, before by running sums.
_EXPONENTIALS = {"1.13": False, "2.0": True}

# The state of a torch CPU generator: the seed, what is left of the block (from 624 down),
# whether it is seeded, the place of the next output in the block, the block; the rest
# belongs to normal numbers.
_LAYOUT = np.dtype(
    [
        ("seed", np.uint64),
        ("left", np.int32),
        ("seeded", np.int32),
        ("next", np.uint64),
        ("block", np.uint64, 624),
        ("normal", np.uint8, 40),
    ]
)


class TorchRNG:
    """A generator for ``rng=`` that draws what the lecture's torch loop draws.

    Like `torch.Generator` it has a state: a second call goes on where the first ended.

    Parameters
    ----------
    seed : int
        As for `torch.Generator.manual_seed`; the low 32 bits count.
    version : {"2.0", "1.13"}
        Whose words: those of torch 2 (``cexze``) or of torch 1 (``mor``, as in the lecture's
        video). docs/torch-streams.md says which builds of torch print which.

    Raises
    ------
    ValueError
        For another version, or a seed that torch refuses.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> model = mf.count(["emma", "olivia", "ava"]).model()
    >>> rng = mf.TorchRNG(2147483647, version="1.13")
    >>> model.sample(3, rng=rng), model.sample(2, rng=rng)
    (['emma', 'olivivaviviviava', 'oliva'], ['olia', 'emmma'])
    """

    __slots__ = ("_core", "_version")

    def __init__(self, seed: int, *, version: str = "2.0") -> None:
        if version not in _EXPONENTIALS:
            raise ValueError(f'version must be "1.13" or "2.0", got {version!r}')
        if not -(2**63) <= index(seed) < 2**64:
            raise ValueError(f"seed must be from -2**63 to 2**64 - 1, as for torch; got {seed}")
        self._core = _core.MT19937(index(seed) % 2**32)
        self._version = version

    @property
    def version(self) -> str:
        """Whose words are drawn."""
        return self._version

    def __repr__(self) -> str:
        return f'<TorchRNG, version="{self._version}">'

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self._version, *self._core.state())


def _restore(version: str, words: Any, used: int) -> TorchRNG:
    rng = TorchRNG(0, version=version)
    rng._core.set_state(words, used)
    return rng


def is_torch(rng: object) -> "TypeIs[TorchRNG | TorchGenerator]":
    """Return whether this is a `TorchRNG` or a `torch.Generator`."""
    return isinstance(rng, TorchRNG) or (
        type(rng).__module__.partition(".")[0] == "torch"
        and all(hasattr(rng, name) for name in ("get_state", "set_state", "initial_seed"))
    )


@contextlib.contextmanager
def drawing(rng: Any) -> Iterator[tuple[_core.MT19937, bool]]:
    """Lend the generator in `rng`, and say whether it draws by exponentials.

    A `torch.Generator` is brought to the state that the loan ends in, if nothing was raised.
    """
    if isinstance(rng, TorchRNG):
        yield rng._core, _EXPONENTIALS[rng._version]
        return
    exponentials = _draws_by_exponentials(sys.modules["torch"])
    tensor = rng.get_state()
    if str(getattr(rng, "device", "cpu")) != "cpu" or tensor.numel() != _LAYOUT.itemsize:
        raise ValueError("only a torch.Generator of the CPU has a stream that can be drawn here")
    state = tensor.numpy().view(_LAYOUT)[0]
    fresh = int(state["left"]) == 1
    used = 624 if fresh else int(state["next"])
    generator = _core.MT19937(0)
    generator.set_state(state["block"].astype(np.uint32), used)
    yield generator, exponentials
    block, now = generator.state()
    if now == used and (state["block"] == block).all():
        return  # nothing was drawn
    state["block"], state["next"], state["left"] = block, now, 625 - now
    rng.set_state(tensor)


def _draws_by_exponentials(torch: Any) -> bool:
    """Return whether this torch draws single samples by exponentials, or by running sums."""
    major, minor = (int(part) for part in str(torch.__version__).split(".")[:2])
    if major == 2 and minor < 7 and torch.backends.mkl.is_available():
        raise ValueError(
            f"torch {torch.__version__} with MKL draws single samples from a generator of "
            "MKL's, which is not rebuilt here; TorchRNG(seed) draws what torch 2.7 draws"
        )
    return major >= 2
