"""From counts to the models that a smoothing makes of them, and the losses of each order."""

import math
from collections.abc import Mapping, Sequence

from makemore_fast import _core
from makemore_fast.bigram_model import BigramModel
from makemore_fast.counters import as_ngrams
from makemore_fast.model import Model
from makemore_fast.ngram_counts import NgramCounts
from makemore_fast.ngram_model import smoothed
from makemore_fast.smoothing import SmoothingLike, checked_settings


def model_of(
    counts: _core.Bigrams | _core.Ngrams,
    smoothing: str | SmoothingLike,
    discounts: Sequence[Sequence[float]] | None = None,
    unknown: bool = False,
) -> Model:
    """Smooth counts as `Counts.model` says."""
    settings = checked_settings(smoothing, discounts, unknown, counts.order)
    if isinstance(counts, _core.Bigrams) and not isinstance(settings.smoothing, str):
        return BigramModel(counts, settings.smoothing)
    return smoothed(as_ngrams(counts), settings)


def losses_by_order(
    parts: Mapping[str, NgramCounts], smoothing: SmoothingLike
) -> dict[str, list[float]]:
    """Return the losses of each part under models of the first, of orders 2 to its own."""
    learned = next(iter(parts.values()))
    losses: dict[str, list[float]] = {name: [] for name in parts}
    for order in range(2, learned.order + 1):
        model = model_of(learned.lower(order)._core, smoothing)
        for name, counts in parts.items():
            losses[name].append(model.nll(counts))
            if losses[name][-1] == math.inf:
                raise ValueError(f"at order {order} the {name} words are impossible")
    return losses
