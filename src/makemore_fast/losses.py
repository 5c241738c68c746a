"""The losses of models of each order, which `Counts.plot_loss` draws."""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from makemore_fast.count_model import CountModel
from makemore_fast.evaluation import named
from makemore_fast.modelling import model_of
from makemore_fast.ngram_counts import NgramCounts
from makemore_fast.pruning import PrunedCounts, checked_thresholds
from makemore_fast.smoothing import SmoothingLike
from makemore_fast.tokens import joint_of


def losses_by_order(
    parts: Mapping[str, NgramCounts],
    smoothing: SmoothingLike,
    min_counts: Iterable[int] | None = None,
    words: Mapping[str, Any] | None = None,
) -> dict[str, list[float]]:
    """Return the losses of each part under models of the first, of orders 2 (or 1) to its own.

    `words` has the words of parts, for errors.
    """
    learned = next(iter(parts.values()))
    least = None if min_counts is None else checked_thresholds(min_counts, learned.order)
    for name, counts in parts.items():
        if counts.words == 0 and counts is not learned:
            raise ValueError(f"there are no {name} words to measure the loss of")
    losses: dict[str, list[float]] = {name: [] for name in parts}
    for order in range(min(2, learned.order), learned.order + 1):
        lower = learned.lower(order)
        model: CountModel
        if least is None:
            model = model_of(lower._core, smoothing)
        else:
            model = PrunedCounts(lower, least[:order]).model(smoothing=smoothing)
        for name, counts in parts.items():
            losses[name].append(model.nll(counts))
            if losses[name][-1] == math.inf:
                why = _first(model, (words or {}).get(name)) or _why(model, counts)
                raise ValueError(
                    f"at order {order} the {name} words are impossible: {why}; smoothing= above 0 "
                    "allows it"
                )
    return losses


def _first(model: CountModel, words: Any) -> str | None:
    """Name the first word that is impossible, if words can be read again."""
    if words is None or isinstance(words, Iterator) or hasattr(words, "__arrow_c_stream__"):
        return None
    first = model.evaluate(words).first_impossible
    return None if first is None else named(first)


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
            joined = joint_of(low._numbering).join(before)
            return f"{last!r} never came after {joined!r}"
    return "a symbol is new"
