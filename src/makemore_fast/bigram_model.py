"""`BigramModel`: the lecture's model, bigrams with add-k smoothing."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.count_model import CountModel
from makemore_fast.keeping import Members
from makemore_fast.ngram_counts import NgramCounts
from makemore_fast.options import check_dense, real_number
from makemore_fast.storage.archives import MODEL_FORMAT
from makemore_fast.storage.kept_counts import counts_members, restore_counts, restored_core
from makemore_fast.storage.saved import Saved

_DENSE_SYMBOLS = 1024  # up to so many a row is written out, which is faster; else as n-grams


class BigramModel(CountModel):
    """A bigram model with add-k smoothing; made by `Counts.model`, immutable.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> model = mf.count(["emma", "olivia", "ava"]).model(smoothing=0.5)
    >>> model
    BigramModel(8 symbols '.aeilmov', smoothing 0.5)
    >>> round(model.nll(["emma", "ava"]), 4)
    1.3079
    """

    __slots__ = ("_bigrams", "_counts", "_smoothing", "_torch")

    def __init__(self, counts: _core.Ngrams, smoothing: float) -> None:
        core: _core.BigramModel | _core.NgramModel
        if len(counts.alphabet) <= _DENSE_SYMBOLS:
            core = _core.BigramModel(counts, smoothing)
        else:
            core = _core.add_k(counts, smoothing)
        super().__init__(core)
        self._bigrams = core
        self._smoothing = smoothing
        self._counts = counts  # never changed; for torch's float32 probabilities
        self._torch: dict[bool, _core.TorchSampler] = {}

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """P(second | first) as a (V, V) float64 array, read-only; rows are first symbols.

        Each row sums to one; the row of a symbol that was never seen, unsmoothed, is all zero.

        Raises
        ------
        ValueError
            If the array would take more than 4 GiB; `next_probabilities` always works.
        """
        check_dense(len(self.alphabet), 2, "next_probabilities(prefix) gives one row")
        if isinstance(self._bigrams, _core.NgramModel):
            array = self._bigrams.dense(2)
            array.flags.writeable = False
            return array
        return self._bigrams.probabilities()

    @property
    def order(self) -> int:
        """2: a bigram model looks back one symbol."""
        return 2

    @property
    def smoothing(self) -> float:
        """What was added to every count."""
        return self._smoothing

    def __repr__(self) -> str:
        alphabet = self.alphabet if len(self.alphabet) <= 60 else self.alphabet[:57] + "..."
        size = f"{len(self.alphabet):,} symbols"
        return f"BigramModel({size} {alphabet!r}, smoothing {self.smoothing:g})"

    def __reduce__(self) -> tuple[Any, ...]:
        return restored, (self._counts.alphabet, *self._counts.cells(), self._smoothing)

    def _members(self) -> Members:
        return {
            "kind": np.array("bigram"),
            "format": np.array(MODEL_FORMAT),
            "smoothing": np.array(self._smoothing, np.float64),
            **counts_members(self._counts),
        }

    def _backoff(self) -> _core.NgramModel:
        if isinstance(self._bigrams, _core.NgramModel):
            return self._bigrams
        return _core.add_k(self._counts, self._smoothing)

    def _known_likelihood(self, counts: NgramCounts) -> float:
        return self._bigrams.log_likelihood(counts.lower(2)._core)

    def _torch_sampler(self, exponentials: bool) -> _core.TorchSampler:
        if exponentials not in self._torch:
            check_dense(len(self.alphabet), 2, "rng=TorchRNG is for smaller alphabets")
            self._torch[exponentials] = _core.TorchSampler(
                self._counts, self._smoothing, exponentials
            )
        return self._torch[exponentials]


def restored(
    alphabet: str, ids: NDArray[np.uint32], counts: NDArray[np.int64], smoothing: float
) -> BigramModel:
    """Make a model again of what pickle keeps, which may have come from anywhere."""
    core = restored_core(alphabet, ids, counts)
    if core.order != 2:
        raise ValueError(f"a bigram model has counts of order 2, not {core.order}")
    return BigramModel(core, real_number("smoothing", smoothing))


def restore_bigrams(saved: Saved) -> BigramModel:
    """Make a model of an opened file that `BigramModel.save` wrote."""
    core = restore_counts(saved, "kind", "format", "smoothing")
    with saved.about("ids"):
        if core.order != 2:
            raise ValueError(f"a bigram model has counts of order 2, not {core.order}")
    smoothing = float(saved.array("smoothing", "f8")[()])
    with saved.about("smoothing"):
        return BigramModel(core, smoothing)
