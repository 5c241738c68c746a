"""`Model`: what every model of counts has, and `BigramModel`, the lecture's."""

from abc import abstractmethod
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.compression import compressed
from makemore_fast.language_model import LanguageModel
from makemore_fast.options import check_dense
from makemore_fast.saving import replacing

if TYPE_CHECKING:
    from makemore_fast.counts import Counts


class Model(LanguageModel):
    """A model of counts; made by `Counts.model`, immutable.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> model = mf.count(["emma", "olivia", "ava"]).model(smoothing=0.5)
    >>> isinstance(model, mf.Model), model.order, model.smoothing
    (True, 2, 0.5)
    """

    __slots__ = ()

    @property
    @abstractmethod
    def order(self) -> int:
        """Symbols in an n-gram: one more than the model looks back."""

    def _needed_order(self) -> str:
        return f"order {self.order} or higher"

    @property
    @abstractmethod
    def smoothing(self) -> str | float:
        """How the counts were smoothed: the name of a method, or the k of add-k."""

    @property
    @abstractmethod
    def probabilities(self) -> NDArray[np.float64]:
        """P(last symbol | others) as a float64 array of shape (V,) * order.

        Its axes are the symbols from first to last, as those of `Counts.array`.
        """

    def write_arpa(self, path: str | PathLike[str]) -> None:
        """Write the model as an ARPA file, which KenLM and `read_arpa` read.

        Every model of counts can be written, whatever its order and its smoothing.

        Parameters
        ----------
        path : str or PathLike
            Compressed if it ends in .gz, .bz2, .xz or .zst. The file is written whole or not
            at all, as by `Counts.save`.

        Notes
        -----
        A symbol is a token; white space and control characters are written as their code
        points, as in ``U+0020``. The start of a word is ``<s>``, its end ``</s>``, the share
        of unknown symbols, if there is one, ``<unk>``. Numbers are logarithms to base 10 of
        12 digits; -99 stands for the logarithm of zero, which probabilities below 1e-99 become.
        Add-k with k = 0 has -99 for each symbol alone: nothing follows an unseen context.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(mf.names(), order=3).model(smoothing="kneser-ney")
        >>> model.write_arpa("names.arpa.gz")
        >>> read = mf.read_arpa("names.arpa.gz")
        >>> bool(abs(read.score(["emma"]) - model.score(["emma"])) < 1e-9)
        True
        """
        with replacing(path) as file, compressed(file, path) as text:
            _core.write_arpa(self._backoff(), text.write)

    @abstractmethod
    def _backoff(self) -> _core.NgramModel:
        """Return the same probabilities as contexts and what they leave to shorter ones."""


class BigramModel(Model):
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

    def __init__(
        self,
        core: _core.BigramModel | _core.SparseBigramModel,
        smoothing: float,
        counts: _core.Ngrams,
    ) -> None:
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
        from makemore_fast.counts import Counts  # which makes these

        return restored, (Counts(self._counts), {"smoothing": self.smoothing})

    def _backoff(self) -> _core.NgramModel:
        return _core.add_k(self._counts, self._smoothing)

    def _known_likelihood(self, counts: "Counts") -> float:
        return self._bigrams.log_likelihood(counts.lower(2)._core)

    def _torch_sampler(self, exponentials: bool) -> _core.TorchSampler:
        if exponentials not in self._torch:
            check_dense(len(self.alphabet), 2, "rng=TorchRNG is for smaller alphabets")
            self._torch[exponentials] = _core.TorchSampler(
                self._counts, self._smoothing, exponentials
            )
        return self._torch[exponentials]


def restored(counts: "Counts", settings: dict[str, Any]) -> Model:
    """Return the model of counts that was pickled."""
    return counts.model(**settings)
