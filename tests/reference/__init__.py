"""The slow, obvious twins of what the package does: plain Python, no NumPy, no cleverness.

Every fast path is compared with these. They follow the words of the documentation, and where a
thing is from the lectures, the lectures. Each file names its source and begins with an example
worked by hand. They are to be read in this order, since each uses only those before it:

    counting.py   what is counted: bigrams, their table, n-grams, the words of a text
    encoding.py   counts as bytes
    bigram.py     a model of the table: probabilities, the score of a word, the loss, reshaping
    training.py   the arrays that a network learns from
    stream.py     from a seed to words: Philox, weights, alias tables
    backoff.py    models of longer contexts: their smoothing, and drawing from them
    mixture.py    the mixture of chains that `fit` makes
    mixing.py     models mixed by linear interpolation, and how their weights are learned

Tests say ``import reference`` and find here what they use. The mixture has names that say little
outside it, such as `count`, and stays a module: ``reference.mixture``.
"""

from reference import mixing, mixture
from reference.backoff import AddK, KneserNey, Pruned, WittenBell, sample_by_levels
from reference.bigram import nll, probabilities, reshaped, score
from reference.counting import Gram, alphabet, bigrams, lines, ngrams, table
from reference.encoding import encoded
from reference.stream import (
    alias_row,
    draws,
    integer_weights,
    meeting,
    sample,
    seed_of_tries,
    wanted,
)
from reference.training import examples

__all__ = [
    "AddK",
    "Gram",
    "KneserNey",
    "Pruned",
    "WittenBell",
    "alias_row",
    "alphabet",
    "bigrams",
    "draws",
    "encoded",
    "examples",
    "integer_weights",
    "lines",
    "meeting",
    "mixing",
    "mixture",
    "ngrams",
    "nll",
    "probabilities",
    "reshaped",
    "sample",
    "sample_by_levels",
    "score",
    "seed_of_tries",
    "table",
    "wanted",
]
