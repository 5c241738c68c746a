"""`MixtureModel`: the model that `fit` makes, a learned mixture of back-off chains."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.keeping import Members
from makemore_fast.language_model import LanguageModel
from makemore_fast.storage.archives import MIXTURE_FORMAT
from makemore_fast.storage.kept_alphabet import (
    alphabet_members,
    alphabet_names,
    core_alphabet,
    pickled_alphabet,
    restore_alphabet,
)
from makemore_fast.storage.saved import Saved
from makemore_fast.symbols import shown

_MOST_WORDS = 2**62

#: The arrays of the core that a file keeps: their types and how many columns they have.
_ARRAYS: dict[str, tuple[str, tuple[int | None, ...]]] = {
    "classes": ("u1", (None,)),
    "weights": ("f4", (None,)),
    "prefixes": ("u4", (None, 2)),
    "nodes_of": ("u8", (None,)),
    "rows_of": ("u8", (None,)),
    "nodes": ("u4", (None, 3)),
    "rows": ("u4", (None,)),
}

#: The chains of a model and its loss on words that it has not seen.
Tried = tuple[tuple[str, ...], float]


class MixtureModel(LanguageModel):
    """A log-linear mixture of back-off chains; made by `fit`, immutable.

    See Also
    --------
    fit : Makes them.
    InterpolatedModel : A mix of models that are there already.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> model = mf.fit(["emma", "olivia", "ava"], chains=["h1 h2 h3", "p15 h1 f0"])
    >>> model
    MixtureModel(2 chains, 3 words, 8 symbols '.aeilmov')
    """

    __slots__ = ("_mixture", "_tried")

    def __init__(self, core: _core.MixtureModel, tried: tuple[Tried, ...] = ()) -> None:
        super().__init__(core)
        self._mixture = core
        self._tried = tried

    @property
    def chains(self) -> tuple[str, ...]:
        """The chains that are mixed, as `fit` takes them."""
        return tuple(self._mixture.chains)

    @property
    def weights(self) -> NDArray[np.float32]:
        """What was learned, a 1-D float32 array.

        With L levels that speak (docs/explanation/fit.md) and V symbols: L numbers for all
        positions; for each of the features h1, h2, f0 and p15 and each of its values L more; 24 for
        each level, by how much its node and the next one have seen; V for each level; and 17 for
        the end, of which the first is for all positions and the others are for the positions 0 to
        15 (15 and beyond). A level's weight for a symbol is the sum of those that apply.
        """
        return self._mixture.weights

    @property
    def trials(self) -> tuple[Tried, ...]:
        """Each set of chains that `fit` tried and its loss on the dev words, in that order."""
        return self._tried

    def __repr__(self) -> str:
        symbols = self._symbols
        chains = f"{len(self.chains)} chain{'s' * (len(self.chains) != 1)}"
        return (
            f"MixtureModel({chains}, {self._mixture.words:,} words, "
            f"{len(symbols):,} symbols {shown(symbols)})"
        )

    # -- keeping ---------------------------------------------------------------------

    def _members(self) -> Members:
        return {
            "kind": np.array("mixture"),
            "format": np.array(MIXTURE_FORMAT),
            "words": np.array(self._mixture.words),
            "chains": np.array(self.chains),
            "tried_chains": np.array(["\n".join(chains) for chains, _ in self._tried], dtype=str),
            "tried_losses": np.array([loss for _, loss in self._tried], dtype=np.float64),
            **alphabet_members(self._numbering),
            **self._mixture.saved(),
        }

    def __reduce__(self) -> tuple[Any, ...]:
        arrays = {"alphabet": pickled_alphabet(self._numbering), **self._mixture.saved()}
        return restore, (self.chains, self._mixture.words, arrays, self._tried)


def restore(
    chains: tuple[str, ...],
    words: int,
    arrays: dict[str, Any],
    tried: tuple[Tried, ...] = (),
) -> MixtureModel:
    """Make a model again of what pickle keeps, which may have come from anywhere."""
    if not 0 <= words <= _MOST_WORDS:
        raise ValueError(f"words: {words} is no number of words")
    _check_tried(tried)
    if "alphabet" in arrays:
        arrays = {**arrays, "alphabet": core_alphabet(arrays["alphabet"])}
    return MixtureModel(_core.MixtureModel.restored(chains, words, arrays), tried)


def _check_tried(tried: tuple[Tried, ...]) -> None:
    for number, (chains, loss) in enumerate(tried):
        _core.read_chains(chains)
        if not math.isfinite(loss):
            raise ValueError(f"the loss {number} of chains that were tried is {loss!r}")


def restore_mixture(saved: Saved) -> MixtureModel:
    """Make a model of an opened file that `MixtureModel.save` wrote."""
    names = alphabet_names(saved)
    facts = ("kind", "format", "words", "chains", "tried_chains", "tried_losses")
    saved.check_members(*facts, *names, *_ARRAYS)
    saved.check_stored(*names, *_ARRAYS)
    for name, (kind, shape) in _ARRAYS.items():
        saved.header(name, kind, *shape)
    alphabet = restore_alphabet(saved)
    tried = saved.header("tried_chains", "U", None)
    saved.header("tried_losses", "f8", *tried.shape)
    chains = tuple(saved.strings("chains", None))
    with saved.about("chains"):
        _core.read_chains(chains)
    losses = saved.array("tried_losses", "f8", *tried.shape).tolist()
    sets = [tuple(text.split("\n")) for text in saved.strings("tried_chains", None)]
    pairs = tuple(zip(sets, losses, strict=True))
    words = saved.number("words")
    arrays: dict[str, Any] = {"alphabet": alphabet}
    arrays |= {name: saved.array(name, kind, *shape) for name, (kind, shape) in _ARRAYS.items()}
    with saved.about("tried_chains", "tried_losses"):
        _check_tried(pairs)
    with saved.about():
        return restore(chains, words, arrays, pairs)
