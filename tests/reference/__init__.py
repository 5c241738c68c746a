"""The slow, obvious twins of what the package does: plain Python, no NumPy, no cleverness.

Every fast path is compared with these. They follow the words of the documentation, and
where a thing is from the lectures, the lectures.
"""

from reference import mixture
from reference.backoff import KneserNey, WittenBell, sample_by_levels
from reference.bigram import nll, probabilities, reshaped, score
from reference.counting import Gram, alphabet, bigrams, lines, ngrams, table
from reference.stream import alias_row, draws, integer_weights, sample, wanted
from reference.training import examples

__all__ = [
    "Gram",
    "KneserNey",
    "WittenBell",
    "alias_row",
    "alphabet",
    "bigrams",
    "draws",
    "examples",
    "integer_weights",
    "lines",
    "mixture",
    "ngrams",
    "nll",
    "probabilities",
    "reshaped",
    "sample",
    "sample_by_levels",
    "score",
    "table",
    "wanted",
]
