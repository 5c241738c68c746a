"""The loss of a fitted model on words that it has not seen, said to a person."""

from collections.abc import Sequence

import makemore_fast as mf
from makemore_fast.cli.cutting import Cut
from makemore_fast.cli.inputs import Learned, tenth_held_out
from makemore_fast.cli.output import impossible
from makemore_fast.fitting import Effort


def held_out_loss(
    words: Learned,
    cut: Cut,
    effort: Effort = "default",
    chains: Sequence[str] | None = None,
) -> str:
    """Say how well a model of nine words in ten tells the symbols of the tenth."""
    rest, tenth = tenth_held_out(words)
    if not tenth:
        return "too few words to hold some out"
    model = mf.fit(rest, effort=effort, **cut.options, chains=chains)
    told = model.evaluate(tenth)
    if told.first_impossible is None:
        return f"loss on a held-out tenth: {told.loss:.4f} nats per symbol"
    return f"loss on a held-out tenth: {impossible(told)}"
