"""The bigram model: probabilities from counts, the score of a word, the loss of many."""

import math

Matrix = list[list[float]]


def probabilities(counts: list[list[int]], smoothing: float) -> Matrix:
    """Add k to every count and divide each row by its sum; a row of zeros stays."""
    rows = []
    for row in counts:
        all_of_row = sum(row) + smoothing * len(row)
        rows.append([(n + smoothing) / all_of_row if all_of_row else 0.0 for n in row])
    return rows


def score(word: str, symbols: str, p: Matrix) -> float:
    """Return the log-probability of a word, its end included."""
    total = 0.0
    state = 0
    for symbol in [*word, symbols[0]]:
        following = symbols.find(symbol)
        if following < 0 or p[state][following] == 0:
            return -math.inf
        total += math.log(p[state][following])
        state = following
    return total


def nll(words: list[str], symbols: str, p: Matrix) -> float:
    """Return the mean negative log-likelihood per symbol, ends included."""
    return -sum(score(word, symbols, p) for word in words) / sum(len(word) + 1 for word in words)


def reshaped(p: Matrix, temperature: float = 1.0, top_k: int | None = None) -> Matrix:
    """Keep the top_k of each row, raise to the power 1/temperature, sum to one again."""
    rows = []
    for row in p:
        order = sorted(range(len(row)), key=lambda i: (-row[i], i))
        kept = order[: 1 if temperature == 0 else top_k]
        new = [row[i] if i in kept else 0.0 for i in range(len(row))]
        if temperature not in (0, 1):
            new = [q and q ** (1 / temperature) for q in new]
        rows.append([q / sum(new) if sum(new) else 0.0 for q in new])
    return rows
