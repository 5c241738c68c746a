"""From counts of the core to the model that a smoothing makes of them."""

from collections.abc import Sequence

from makemore_fast import _core
from makemore_fast.alphabets import AlphabetLike, over
from makemore_fast.bigram_model import BigramModel
from makemore_fast.count_model import CountModel
from makemore_fast.ngram_model import smoothed
from makemore_fast.smoothing import SmoothingLike, checked_settings


def model_of(
    counts: _core.Ngrams,
    smoothing: str | SmoothingLike,
    discounts: Sequence[Sequence[float]] | None = None,
    unknown: bool = False,
    alphabet: AlphabetLike | None = None,
) -> CountModel:
    """Smooth counts as `Counts.model` says."""
    settings = checked_settings(smoothing, discounts, counts.order)
    counts = over(counts, alphabet, unknown)
    if counts.order == 2 and not isinstance(settings.smoothing, str):
        return BigramModel(counts, settings.smoothing)
    return smoothed(counts, settings)
