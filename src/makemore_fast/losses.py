"""The losses of models of each order, which `Counts.plot_loss` draws."""

import math
from collections.abc import Mapping

from makemore_fast.count_model import CountModel
from makemore_fast.modelling import model_of
from makemore_fast.ngram_counts import NgramCounts
from makemore_fast.smoothing import SmoothingLike


def losses_by_order(
    parts: Mapping[str, NgramCounts], smoothing: SmoothingLike
) -> dict[str, list[float]]:
    """Return the losses of each part under models of the first, of orders 2 (or 1) to its own."""
    learned = next(iter(parts.values()))
    losses: dict[str, list[float]] = {name: [] for name in parts}
    for order in range(min(2, learned.order), learned.order + 1):
        model = model_of(learned.lower(order)._core, smoothing)
        for name, counts in parts.items():
            losses[name].append(model.nll(counts))
            if losses[name][-1] == math.inf:
                raise ValueError(
                    f"at order {order} the {name} words are impossible: {_why(model, counts)}"
                )
    return losses


def _why(model: CountModel, counts: NgramCounts) -> str:
    """Name the first n-gram that a model finds impossible."""
    low = counts.lower(model.order)
    symbols = low._symbols
    for row in low.ngrams()[0].tolist():
        *before, last = (symbols[i] for i in row)
        prefix = [symbol for symbol in before if symbol != low.boundary]
        state = model.start()
        for symbol in prefix:
            state.step(symbol)
        if state.step(last) == -math.inf:
            joint = "" if isinstance(symbols, str) else " "
            return f"{last!r} never came after {joint.join(before)!r}; smoothing= above 0 allows it"
    return "a symbol is new"
