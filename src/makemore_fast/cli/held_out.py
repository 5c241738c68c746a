"""The loss of a fitted model on words that it has not seen, said to a person."""

from collections.abc import Sequence

import makemore_fast as mf
from makemore_fast.fitting import Effort


def held_out_loss(
    words: Sequence[str],
    boundary: str,
    effort: Effort = "default",
    chains: Sequence[str] | None = None,
) -> str:
    """Say how well a model of nine words in ten tells the symbols of the tenth."""
    rest = [word for i, word in enumerate(words) if i % 10 != 9]
    known = set("".join(rest))
    tenth = [word for word in words[9::10] if known.issuperset(word)]
    if not tenth:
        return "too few words to hold some out"
    loss = mf.fit(rest, effort=effort, boundary=boundary, chains=chains).nll(tenth)
    return f"loss on a held-out tenth: {loss:.4f} nats per symbol"
