"""Makes the arrays that a network learns from: the last symbols, and the one that comes next.

Source: A. Karpathy, "Building makemore part 2: MLP" (2022).

By hand, the word ab with two symbols of context. The alphabet .ab gives the boundary the id 0,
a 1 and b 2. Before the word stand two boundaries. Each step moves the context on by one symbol:

    . .  ->  a        0 0  ->  1
    . a  ->  b        0 1  ->  2
    a b  ->  .        1 2  ->  0

>>> examples(["ab"], ".ab", block_size=2)
([[0, 0], [0, 1], [1, 2]], [1, 2, 0])
"""

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
