"""Makes the bigram model of a table of counts: probabilities, the score of a word, the loss.

Sources: D. Jurafsky and J. Martin, "Speech and Language Processing", chapter 3, for add-k
smoothing and the probability of a sequence; A. Karpathy, "The spelled-out intro to language
modeling: building makemore" (2022), for the loss. `reshaped` is what the options `temperature`
and `top_k` of `sample` do to a row.

By hand, the words ab, b and ba. Their table (counting.py) is, with its sums on the right,

        .  a  b
    .   0  1  2    3
    a   1  0  1    2
    b   2  1  0    3

Add-one smoothing adds 1 to each count, and so 3 to each sum. The probability of b after a is
(1 + 1) / (2 + 3) = 2/5. The row of a is 2/5, 1/5, 2/5; the row of the boundary 1/6, 2/6, 3/6; the
row of b 3/6, 2/6, 1/6. The word ab begins with a, goes on with b and ends:

    P(a | .) P(b | a) P(. | b) = 2/6 * 2/5 * 3/6 = 12/180 = 1/15

Its score is ln(1/15). The word has three steps with its end, so its loss is ln(15) / 3 = 0.9027.
A temperature of 1/2 squares the row of a to 4/25, 1/25, 4/25, whose sum is 9/25. Divided by that
it is 4/9, 1/9, 4/9.

>>> from fractions import Fraction
>>> p = probabilities([[0, 1, 2], [1, 0, 1], [2, 1, 0]], smoothing=1)
>>> [str(Fraction(q).limit_denominator(10**6)) for q in p[1]]
['2/5', '1/5', '2/5']
>>> print(Fraction(math.exp(score("ab", ".ab", p))).limit_denominator(10**6))
1/15
>>> round(nll(["ab"], ".ab", p), 4)
0.9027
>>> [str(Fraction(q).limit_denominator(10**6)) for q in reshaped(p, temperature=1 / 2)[1]]
['4/9', '1/9', '4/9']
"""

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
    """Return the log-probability of a word, its end included; a boundary inside it is unknown."""
    total = 0.0
    state = 0
    for following in [*(symbols.find(symbol, 1) for symbol in word), 0]:
        if following < 0 or p[state][following] == 0:
            return -math.inf
        total += math.log(p[state][following])
        state = following
    return total


def nll(words: list[str], symbols: str, p: Matrix) -> float:
    """Return the mean negative log-likelihood per symbol, ends included."""
    return -sum(score(word, symbols, p) for word in words) / sum(len(word) + 1 for word in words)


def reshaped(
    p: Matrix,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float = 1.0,
    min_p: float = 0.0,
) -> Matrix:
    """Keep the top_k of each row, raise to the power 1/temperature, cut by share, sum to one."""
    rows = []
    for row in p:
        order = sorted(range(len(row)), key=lambda i: (-row[i], i))
        kept = order[: 1 if temperature == 0 else top_k]
        new = [row[i] if i in kept else 0.0 for i in range(len(row))]
        if temperature not in (0, 1):
            most = max(new) or 1.0  # without which low temperatures would leave nothing
            new = [q and (q / most) ** (1 / temperature) for q in new]
        if top_p < 1:
            wanted, nucleus = top_p * sum(new), set[int]()
            for i in order:
                if not nucleus or sum(new[j] for j in nucleus) < wanted:
                    nucleus.add(i)
            new = [new[i] if i in nucleus else 0.0 for i in range(len(row))]
        new = [q if q >= min_p * max(new) else 0.0 for q in new]
        rows.append([q / sum(new) if sum(new) else 0.0 for q in new])
    return rows
