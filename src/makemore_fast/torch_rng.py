"""`TorchRNG`: the words that the lecture's loop prints with torch; torch is never imported."""

import sys
from collections.abc import Callable
from threading import RLock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from makemore_fast import _core
from makemore_fast.options import checked_str, whole_number

if TYPE_CHECKING:
    from typing_extensions import TypeIs

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


class TorchGenerator(Protocol):
    """What a `torch.Generator` has; torch itself is not imported for its type."""

    def get_state(self) -> Any:
        """Return the state, a tensor of bytes."""

    def set_state(self, new_state: Any, /) -> Any:
        """Go on from a state."""

    def initial_seed(self) -> int:
        """Return the seed."""


class TorchRNG:
    """A generator for ``rng=`` that draws what the lecture's torch loop draws.

    Like `torch.Generator` it has a state: a second call goes on where the first ended.

    Parameters
    ----------
    seed : int
        As for `torch.Generator.manual_seed`; the low 32 bits count.
    version : {"2.0", "1.13"}
        Whose words: those of torch 2 (``cexze``) or of torch 1 (``mor``, as in the lecture's
        video). docs/explanation/torch-streams.md says which builds of torch print which.

    Raises
    ------
    ValueError
        For another version, or a seed that torch refuses.

    See Also
    --------
    LanguageModel.sample : Takes it as ``rng=``.

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
        if checked_str("version", version) not in _EXPONENTIALS:
            raise ValueError(f'version must be "1.13" or "2.0", got {version!r}')
        number = whole_number("seed", seed)
        if not -(2**63) <= number < 2**64:
            raise ValueError(f"seed must be from -2**63 to 2**64 - 1, as for torch; got {number}")
        self._core = _core.MT19937(number % 2**32)
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


#: A draw from a torch.Generator reads its state and later writes it, so one draw must end before
#: the next begins. A generator has one of these locks, which it may share with others.
_LOCKS = tuple(RLock() for _ in range(64))


def drawn(rng: Any, draw: Callable[[_core.MT19937, bool], Any]) -> Any:
    """Return what is drawn by a generator of the core and whether it draws by exponentials.

    The generator stands where `rng` does, and `rng` then where that one ends. If anything is
    raised, `rng` stays where it was.
    """
    if isinstance(rng, TorchRNG):
        return draw(rng._core, _EXPONENTIALS[rng._version])
    torch = sys.modules["torch"]
    exponentials = _draws_by_exponentials(torch)
    # Two objects may stand for one generator.
    with _LOCKS[getattr(rng, "_cdata", id(rng)) // 64 % len(_LOCKS)]:
        before = _state_of(rng)
        state = np.frombuffer(bytearray(before), dtype=_LAYOUT)[0]
        fresh = int(state["left"]) == 1
        used = 624 if fresh else int(state["next"])
        generator = _core.MT19937(0)
        generator.set_state(state["block"].astype(np.uint32), used)
        words = draw(generator, exponentials)
        block, now = generator.state()
        if now == used and (state["block"] == block).all():
            return words  # nothing was drawn
        if _state_of(rng) != before:
            raise RuntimeError(
                "the torch.Generator was used elsewhere during this call; give each thread its own"
            )
        state["block"], state["next"], state["left"] = block, now, 625 - now
        rng.set_state(torch.frombuffer(bytearray(state.tobytes()), dtype=torch.uint8))
    return words


def _state_of(rng: Any) -> bytes:
    """Return the state of a torch.Generator."""
    if str(getattr(rng, "device", "cpu")) == "cpu":
        tensor = rng.get_state()
        if tensor.numel() == _LAYOUT.itemsize:
            try:
                state: bytes = tensor.numpy().tobytes()
            except RuntimeError:  # an old torch does not know a new NumPy: "Numpy is not available"
                state = bytes(tensor.tolist())
            return state
    raise ValueError("only a torch.Generator of the CPU has a stream that can be drawn here")


def _draws_by_exponentials(torch: Any) -> bool:
    """Return whether this torch draws single samples by exponentials, or by running sums."""
    major, minor = (int(part) for part in str(torch.__version__).split(".")[:2])
    if major == 2 and minor < 7 and torch.backends.mkl.is_available():
        raise ValueError(
            f"torch {torch.__version__} with MKL draws single samples from a generator of "
            "MKL's, which is not rebuilt here; TorchRNG(seed) draws what torch 2.7 draws"
        )
    return major >= 2
