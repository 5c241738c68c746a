"""Training arrays: what a network is shown, a row of symbols and the one that comes next."""

from collections.abc import Iterable


def examples(
    words: Iterable[str], symbols: str, block_size: int
) -> tuple[list[list[int]], list[int]]:
    """Build X and Y as makemore part 2 does."""
    x, y = [], []
    for word in words:
        context = [0] * block_size
        for symbol in [*word, symbols[0]]:
            following = symbols.index(symbol)
            x.append(context)
            y.append(following)
            context = [*context[1:], following]
    return x, y
