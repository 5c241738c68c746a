"""`BigramModel`: the lecture's model, bigrams with add-k smoothing."""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.arrays import numbers_of, rows_of
from makemore_fast.count_model import CountModel
from makemore_fast.keeping import Members
from makemore_fast.ngram_counts import NgramCounts
from makemore_fast.options import check_dense, real_number
from makemore_fast.storage.archives import MODEL_FORMAT
from makemore_fast.storage.kept_alphabet import (
    alphabet_members,
    alphabet_names,
    core_alphabet,
    kept_alphabet,
    pickled_alphabet,
    restore_alphabet,
)
from makemore_fast.storage.kept_counts import counts_members, restore_counts, restored_core
from makemore_fast.storage.saved import Saved
from makemore_fast.symbols import NumbersSymbols, shown, symbols_of

_DENSE_SYMBOLS = 1024  # up to so many a row is written out, which is faster; else as n-grams


class BigramModel(CountModel):
    """A bigram model: add-k smoothing made by `Counts.model`, or any rows; immutable.

    See Also
    --------
    Counts.model : Makes them of counts.
    NgramModel : Models of longer contexts.

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
        self._take(core, smoothing, counts)

    def _take(
        self,
        core: _core.BigramModel | _core.NgramModel,
        smoothing: float | str,
        counts: _core.Ngrams | None,
    ) -> None:
        super().__init__(core)
        self._bigrams = core
        self._smoothing = smoothing
        self._counts = counts  # never changed; for torch's float32 probabilities
        self._torch: dict[bool, _core.TorchSampler] = {}

    @classmethod
    def from_probabilities(cls, probabilities: Any, alphabet: "str | NumbersSymbols") -> Self:
        """Make a model of rows of probabilities, such as those of the lecture's neural net.

        Parameters
        ----------
        probabilities : (V, V) array of numbers
            P(second | first), rows are first symbols: NumPy's, torch's or whatever NumPy takes
            for an array. Kept as they are.
        alphabet : str, Counts or model
            The symbols in the order of rows and columns: the boundary first, then the others in
            code-point order.

        Raises
        ------
        TypeError
            If these are no numbers, or the alphabet is none.
        ValueError
            If the alphabet does not fit the array or is not in order, a number is no
            probability, or a row does not sum to one, within 0.0001, and is not all zero.

        See Also
        --------
        Counts.from_array : Counts of an array.
        TorchRNG : Draws what a net's own loop prints.

        Notes
        -----
        With ``rng=TorchRNG(...)`` float32 rows give what the lecture's loop prints for its net,
        of which ``W.exp() / W.exp().sum(1, keepdims=True)`` are the rows (A. Karpathy, "The
        spelled-out intro to language modeling: building makemore", 2022).

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.BigramModel.from_probabilities([[0, 1, 0], [0.5, 0, 0.5], [1, 0, 0]], ".ab")
        >>> model
        BigramModel(3 symbols '.ab', given probabilities)
        >>> model.sample(3, rng=42), model.score(["ab", "b"]).round(3)
        (['a', 'ab', 'a'], array([-0.693,   -inf]))
        """
        symbols = symbols_of(alphabet)
        return cls._of_rows(kept_alphabet(alphabet), rows_of(probabilities, symbols))

    @classmethod
    def _of_rows(cls, alphabet: Any, rows: NDArray[np.float64]) -> Self:
        """Make a model of rows over an alphabet as pickles and files keep it."""
        symbols = core_alphabet(alphabet)
        check_dense(len(symbols), 2, "count words instead")
        model = cls.__new__(cls)
        model._take(_core.BigramModel.given(symbols, rows), "given", None)
        return model

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """P(second | first) as a (V, V) float64 array, read-only; rows are first symbols.

        Each row sums to one; the row of a symbol that was never seen, unsmoothed, is all zero.

        Raises
        ------
        ValueError
            If the array would take more than 4 GiB; `next_probabilities` always works.
        """
        check_dense(len(self._numbering), 2, "next_probabilities(prefix) gives one row")
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
    def smoothing(self) -> float | str:
        """What was added to every count; ``"given"`` for `from_probabilities`."""
        return self._smoothing

    def __repr__(self) -> str:
        symbols = self._symbols
        size = f"{len(symbols):,} symbols"
        smoothing = self.smoothing
        how = "given probabilities" if isinstance(smoothing, str) else f"smoothing {smoothing:g}"
        return f"BigramModel({size} {shown(symbols)}, {how})"

    def __reduce__(self) -> tuple[Any, ...]:
        if self._counts is None:
            kept = pickled_alphabet(self._numbering)
            return restored_rows, (kept, np.array(self.probabilities))
        kept = pickled_alphabet(self._counts.numbering)
        return restored, (kept, *self._counts.cells(), self._smoothing)

    def _members(self) -> Members:
        if self._counts is None:
            return {
                "kind": np.array("rows"),
                "format": np.array(MODEL_FORMAT),
                **alphabet_members(self._numbering),
                "probabilities": self.probabilities,
            }
        return {
            "kind": np.array("bigram"),
            "format": np.array(MODEL_FORMAT),
            "smoothing": np.array(self._smoothing, np.float64),
            **counts_members(self._counts),
        }

    def _backoff(self) -> _core.NgramModel:
        if isinstance(self._bigrams, _core.NgramModel):
            return self._bigrams
        if self._counts is None:
            return self._bigrams.as_ngrams()
        return _core.add_k(self._counts, float(self._smoothing))

    def _known_likelihood(self, counts: NgramCounts) -> float | None:
        if counts.order < 2:
            return None
        return self._bigrams.log_likelihood(counts.lower(2)._core)

    def _torch_sampler(self, exponentials: bool) -> _core.TorchSampler:
        if self._counts is None:
            return super()._torch_sampler(exponentials)
        if exponentials not in self._torch:
            check_dense(len(self._numbering), 2, "rng=TorchRNG is for smaller alphabets")
            self._torch[exponentials] = _core.TorchSampler(
                self._counts, float(self._smoothing), exponentials
            )
        return self._torch[exponentials]


def restored(
    alphabet: Any, ids: NDArray[np.uint32], counts: NDArray[np.int64], smoothing: float
) -> BigramModel:
    """Make a model again of what pickle keeps, which may have come from anywhere."""
    core = restored_core(alphabet, ids, counts)
    if core.order != 2:
        raise ValueError(f"a bigram model has counts of order 2, not {core.order}")
    return BigramModel(core, real_number("smoothing", smoothing))


def restore_bigrams(saved: Saved) -> BigramModel:
    """Make a model of counts of an opened file that `BigramModel.save` wrote."""
    core = restore_counts(saved, "kind", "format", "smoothing")
    with saved.about("ids"):
        if core.order != 2:
            raise ValueError(f"a bigram model has counts of order 2, not {core.order}")
    smoothing = float(saved.array("smoothing", "f8")[()])
    with saved.about("smoothing"):
        return BigramModel(core, smoothing)


def restore_rows(saved: Saved) -> BigramModel:
    """Make a model of given rows of an opened file that `BigramModel.save` wrote."""
    names = alphabet_names(saved)
    saved.check_members("kind", "format", *names, "probabilities")
    saved.check_stored("probabilities")
    alphabet = restore_alphabet(saved)
    rows = saved.array("probabilities", "f8", len(alphabet), len(alphabet))
    with saved.about(names[0], "probabilities"):
        return BigramModel._of_rows(alphabet, rows)


def restored_rows(alphabet: Any, probabilities: NDArray[np.float64]) -> BigramModel:
    """Make a model again of what pickle keeps, which may have come from anywhere."""
    numbers = numbers_of("the probabilities", probabilities)
    if numbers.ndim != 2:
        raise ValueError("pickled probabilities are a 2-D array")
    return BigramModel._of_rows(alphabet, np.array(numbers, np.float64, order="C"))
