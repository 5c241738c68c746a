"""`PrunedCounts`: counts of which models leave out the rare n-grams."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.alphabets import AlphabetLike, over
from makemore_fast.ngram_counts import NgramCounts
from makemore_fast.ngram_model import NgramModel, smoothed
from makemore_fast.options import whole_number
from makemore_fast.smoothing import SmoothingLike, checked_settings
from makemore_fast.symbols import NumbersSymbols, grams


class PrunedCounts(NumbersSymbols):
    """Counts without their rare n-grams; made by `Counts.pruned`, immutable.

    See Also
    --------
    Counts.pruned : Makes them.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> mf.count(["emma", "ava", "anna"], order=3).pruned([0, 0, 1])
    PrunedCounts(2 of 13 trigrams, thresholds 0, 0, 1)
    """

    __slots__ = ("_counts", "_thresholds")

    def __init__(self, counts: NgramCounts, thresholds: Iterable[int]) -> None:
        self._counts = counts
        self._thresholds = checked_thresholds(thresholds, counts.order)

    @property
    def _numbering(self) -> _core.Alphabet:
        return self._counts._numbering  # no symbol is left out

    @property
    def order(self) -> int:
        """Symbols in an n-gram: 2 for bigrams."""
        return self._counts.order

    @property
    def thresholds(self) -> tuple[int, ...]:
        """Of n-grams of each length, from single symbols on: what occurs so often is left out."""
        return self._thresholds

    def ngrams(self) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Return the n-grams that are kept, as `Counts.ngrams` has them.

        Boundaries before the first but one are there to fill up: the n-gram is as long as without
        them.

        See Also
        --------
        Counts.ngrams : All n-grams.
        """
        ids, counts = self._counts.ngrams()
        if self.order == 1:
            return ids, counts  # single symbols stay
        inner = ids[:, : self.order - 1] != 0
        first = np.where(inner.any(axis=1), inner.argmax(axis=1), self.order - 1)
        lengths = self.order - np.maximum(first - 1, 0)  # without what fills up
        kept = counts > np.array(self._thresholds)[lengths - 1]
        return ids[kept], counts[kept]

    def model(
        self,
        *,
        smoothing: SmoothingLike = "kneser-ney",
        discounts: Sequence[Sequence[float]] | None = None,
        unknown: bool = False,
        alphabet: AlphabetLike | None = None,
    ) -> NgramModel:
        """Return the model of these counts.

        Parameters
        ----------
        smoothing, discounts, unknown, alphabet
            As in `Counts.model`; a number must be above 0, so that something gets the share of
            what is left out. With `alphabet` n-grams are left out by how often they occur in it.

        Returns
        -------
        NgramModel

        Raises
        ------
        ValueError
            As `Counts.model` does.

        See Also
        --------
        Counts.model : Models with all n-grams.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> counts = mf.count(["emma", "ava", "anna"], order=3)
        >>> model = counts.pruned([0, 0, 1]).model(smoothing="witten-bell")
        >>> float(model.next_probabilities("em").sum().round(9))
        1.0
        """
        settings = checked_settings(smoothing, discounts, self.order)
        pruned = settings._replace(thresholds=self._thresholds)
        return smoothed(over(self._counts._core, alphabet, unknown), pruned)

    def __repr__(self) -> str:
        kept, all_ = len(self.ngrams()[1]), len(self._counts.ngrams()[1])
        numbers = ", ".join(map(str, self._thresholds))
        return f"PrunedCounts({kept:,} of {all_:,} {grams(self.order)}, thresholds {numbers})"

    def __reduce__(self) -> tuple[Any, ...]:
        return PrunedCounts, (self._counts, self._thresholds)


def checked_thresholds(thresholds: Iterable[int], order: int) -> tuple[int, ...]:
    """Return a threshold for each length up to the order."""
    name = "min_counts"
    try:
        given = [whole_number(f"{name}[{i}]", number) for i, number in enumerate(thresholds)]
    except TypeError as error:
        if str(error).startswith(name):
            raise
        kind = type(thresholds).__name__
        raise TypeError(
            f"{name} must be an iterable of int, such as [0, 0, 1]; got {kind}"
        ) from None
    if not 1 <= len(given) <= order:
        raise ValueError(
            f"{name} must be 1 to {order} numbers, one for each length; got {len(given)}"
        )
    if given[0] != 0:
        raise ValueError(f"{name} must begin with 0, since single symbols stay; got {given[0]}")
    for shorter, longer in pairwise(given):
        if longer < shorter:
            raise ValueError(
                f"{name} must not fall, since longer n-grams need the shorter ones; got {given}"
            )
    all_ = given + given[-1:] * (order - len(given))
    return tuple(min(number, 2**63 - 1) for number in all_)
