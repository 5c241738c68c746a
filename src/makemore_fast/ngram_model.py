"""`NgramModel`: a model of longer contexts, smoothed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.language_model import LanguageModel
from makemore_fast.model import Model
from makemore_fast.options import check_dense

if TYPE_CHECKING:
    from makemore_fast.counts import Counts

Discounts = tuple[tuple[float, float, float], ...]


class NgramModel(Model):
    """A model of order n; made by `Counts.model`, immutable.

    What follows a context that was seldom or never seen is told by the next shorter one, so
    that no symbol of the alphabet is ever impossible (but for add-k with k = 0).

    Examples
    --------
    >>> import makemore_fast as mf
    >>> model = mf.count(mf.names(), order=4).model(smoothing="kneser-ney")
    >>> model
    NgramModel(order 4, kneser-ney, 108 symbols)
    """

    __slots__ = ("_counts", "_ngrams", "_settings")

    def __init__(
        self, core: _core.NgramModel, counts: _core.Ngrams, settings: dict[str, Any]
    ) -> None:
        super().__init__(core)
        self._ngrams = core
        self._counts = counts
        self._settings = settings

    @property
    def order(self) -> int:
        """Symbols in an n-gram: one more than the model looks back."""
        return self._counts.order

    @property
    def smoothing(self) -> "str | float":
        """How the counts were smoothed: ``"kneser-ney"``, ``"witten-bell"`` or a number, add-k."""
        smoothing: str | float = self._settings["smoothing"]
        return smoothing

    @property
    def discounts(self) -> Discounts | None:
        """What Kneser-Ney takes from counts of 1, 2, and 3 and more; a row for each length.

        The first row is for single symbols, the last for n-grams of the full order. None for
        other smoothings.
        """
        discounts: Discounts | None = self._settings["discounts"]
        return discounts

    @property
    def unknown(self) -> bool:
        """Whether symbols outside the alphabet have a share, rather than -inf."""
        unknown: bool = self._settings["unknown"]
        return unknown

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """P(last | others) as a float64 array of shape (V,) * order.

        Its axes are the symbols from first to last, as those of `Counts.array`: before a word
        stand boundaries. A context that no word can have, with a boundary behind a symbol,
        has zeros.

        Raises
        ------
        ValueError
            If the array would take more than 4 GiB; `next_probabilities` always works.
        """
        check_dense(len(self.alphabet), self.order, "next_probabilities() gives one context's")
        return self._ngrams.dense(self.order)

    def __repr__(self) -> str:
        smoothing = self.smoothing
        how = smoothing if isinstance(smoothing, str) else f"smoothing {smoothing:g}"
        return f"NgramModel(order {self.order}, {how}, {len(self.alphabet):,} symbols)"

    def __reduce__(self) -> tuple[Any, ...]:
        from makemore_fast.counts import Counts  # which makes these

        return _restored, (Counts(self._counts), self._settings)

    def _counts_likelihood(self, counts: "Counts") -> float:
        return self._ngrams.log_likelihood(counts._as_ngrams())


def smoothed(
    counts: _core.Ngrams,
    smoothing: str | float,
    discounts: Sequence[Sequence[float]] | None,
    unknown: bool,
) -> NgramModel:
    """Smooth counts as `Counts.model` says."""
    core: _core.NgramModel
    if smoothing == "kneser-ney":
        rows = _core.estimated_discounts(counts) if discounts is None else discounts
        discounts = tuple((float(one), float(two), float(more)) for one, two, more in rows)
        core = _core.kneser_ney(counts, discounts, unknown)
    elif smoothing == "witten-bell":
        core = _core.witten_bell(counts, unknown)
    elif isinstance(smoothing, str):
        raise ValueError(
            f'smoothing must be a number, "kneser-ney" or "witten-bell", got {smoothing!r}'
        )
    else:
        core = _core.add_k(counts, smoothing)
    settings = {"smoothing": smoothing, "discounts": discounts, "unknown": unknown}
    return NgramModel(core, counts, settings)


def _restored(counts: "Counts", settings: dict[str, Any]) -> LanguageModel:
    return counts.model(**settings)
