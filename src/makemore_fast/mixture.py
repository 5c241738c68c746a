"""`MixtureModel`: the model that `fit` makes, a learned mixture of back-off chains."""

import math
import sys
from collections.abc import Iterable
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.language_model import LanguageModel
from makemore_fast.processors import usable_processors
from makemore_fast.storage.archives import FORMAT, write_npz
from makemore_fast.storage.saved import Saved

_BYTES = 1 << 20  # of words that are restored at a time
_WORD_END = b"\xff"
_LONGEST_CHAIN = 16 * len("h255 ")  # symbols

#: The chains of a model and its loss on words that it has not seen.
Tried = tuple[tuple[str, ...], float]


class MixtureModel(LanguageModel):
    """A log-linear mixture of back-off chains; made by `fit`, immutable.

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

        With M chains: M + 1 numbers for all positions (the chains' weights, the end's bias),
        then M + 1 for each of the positions 0 to 15 (15 and beyond), then for each chain 4
        for every number of nodes used, 0 to its length + 1. A chain's weight at a position
        is the sum of its three that apply.
        """
        return self._mixture.weights

    @property
    def tried(self) -> tuple[Tried, ...]:
        """Each set of chains that `fit` tried and its loss on the dev words, in that order."""
        return self._tried

    def __repr__(self) -> str:
        alphabet = self.alphabet if len(self.alphabet) <= 60 else self.alphabet[:57] + "..."
        chains = f"{len(self.chains)} chain{'s' * (len(self.chains) != 1)}"
        return (
            f"MixtureModel({chains}, {len(self._mixture.words):,} words, "
            f"{len(self.alphabet):,} symbols {alphabet!r})"
        )

    # -- keeping ---------------------------------------------------------------------

    def save(self, path: str | PathLike[str]) -> None:
        """Write the model to a NumPy .npz file, for `load`.

        The file holds the words that the model learned from, its chains and its weights; the
        chains are counted again when it is read. It is written beside its place and then
        renamed, so a reader sees the old or the new model and never a half of one.
        """
        words = np.frombuffer(self._mixture.words.packed(), dtype=np.uint8)
        write_npz(
            path,
            kind=np.array("mixture"),
            format=np.array(FORMAT),
            boundary=np.array(ord(self.boundary), dtype=np.uint32),
            words=words,
            chains=np.array(self.chains),
            weights=self.weights,
            tried_chains=np.array(["\n".join(chains) for chains, _ in self._tried], dtype=str),
            tried_losses=np.array([loss for _, loss in self._tried], dtype=np.float64),
        )

    def __reduce__(self) -> tuple[Any, ...]:
        packed = self._mixture.words.packed()
        return restore, (self.boundary, packed, self.chains, self.weights, self._tried)


def restore(
    boundary: str,
    packed: bytes,
    chains: tuple[str, ...],
    weights: NDArray[np.float32],
    tried: tuple[Tried, ...] = (),
) -> MixtureModel:
    """Make a model again of what pickle keeps, which may have come from anywhere."""
    parts = (packed[first : first + _BYTES] for first in range(0, len(packed), _BYTES))
    return _rebuilt(_words(boundary, parts), chains, weights, tried)


def restore_mixture(saved: Saved) -> MixtureModel:
    """Make a model of an opened file that `MixtureModel.save` wrote."""
    saved.check_members(
        *("kind", "format", "boundary", "words", "chains", "weights"),
        *("tried_chains", "tried_losses"),
    )
    packed = saved.header("words", "u1", None)
    weights = saved.header("weights", "f4", None)
    named = saved.header("chains", "U", None)
    tried = saved.header("tried_chains", "U", None)
    saved.header("tried_losses", "f8", *tried.shape)
    with saved.about("chains"):
        if named.length > _LONGEST_CHAIN or 17 * (named.shape[0] + 1) > weights.shape[0]:
            raise ValueError(f"no model has {weights.shape[0]:,} weights and these chains")
    chains = tuple(saved.strings("chains", None))
    with saved.about("chains"):
        number = _core.weights_of(chains)
    saved.header("weights", "f4", number)
    losses = saved.array("tried_losses", "f8", *tried.shape).tolist()
    sets = [tuple(text.split("\n")) for text in saved.strings("tried_chains", None)]
    code = saved.number("boundary")
    with saved.about("boundary"):
        if not 0 <= code <= sys.maxunicode:
            raise ValueError(f"{code} is no code point")
        boundary = chr(code)
    with saved.about("words"):
        words = _words(boundary, map(np.ndarray.tobytes, saved.blocks("words", packed, _BYTES)))
    with saved.about("words", "chains", "weights", "tried_chains", "tried_losses"):
        values = saved.array("weights", "f4", None)
        return _rebuilt(words, chains, values, tuple(zip(sets, losses, strict=True)))


def _words(boundary: str, parts: Iterable[bytes]) -> _core.WordList:
    words = _core.WordList(boundary)
    begun: list[bytes] = []  # of a word that ends in a later part
    for part in parts:
        end = part.rfind(_WORD_END) + 1
        if end:
            words.add_packed(b"".join([*begun, part[:end]]))
            begun = []
        begun.append(part[end:])
    if any(begun):
        raise ValueError("the last word has no end")
    return words


def _rebuilt(
    words: _core.WordList,
    chains: tuple[str, ...],
    weights: NDArray[np.float32],
    tried: tuple[Tried, ...],
) -> MixtureModel:
    for number, (others, loss) in enumerate(tried):
        _core.weights_of(others)  # if they are chains
        if not math.isfinite(loss):
            raise ValueError(f"the loss {number} of chains that were tried is {loss!r}")
    return MixtureModel(
        _core.MixtureModel.restored(words, chains, weights, usable_processors()), tried
    )
