"""The core's counters and counts, of bigrams or of longer n-grams, whichever is asked for."""

from makemore_fast import _core
from makemore_fast.words import Nulls, Weights, WordCounts, Words, check_options, with_weights


def counted(
    words: Words | WordCounts,
    weights: Weights | None,
    order: int,
    symbols: tuple[str, str | None],
    column: str | None,
    nulls: Nulls,
    *,
    known: str = "",
) -> _core.Ngrams:
    """Count the n-grams of words, weighted or not, of a boundary and perhaps an alphabet.

    A word may end in a line end if that is one of the symbols, or of those that are `known`.
    """
    check_options(column, nulls)
    words, weights = with_weights(words, weights)
    meant = symbols[0] + (symbols[1] or "") + known
    if weights is not None:
        weighted = _core.WeightedCounter(*symbols, order, skip_blank=False)
        weighted.add_words(words, weights, column, nulls, meant)
        return weighted.counts()
    if order == 2:
        bigrams = _core.BigramCounter(*symbols, lines=False, skip_blank=False)
        bigrams.add_words(words, column, nulls, meant)
        return bigrams.counts()
    counter = _core.NgramCounter(*symbols, order, lines=False, skip_blank=False)
    counter.add_words(words, column, nulls, meant)
    return counter.counts()


def counter_of_lines(
    boundary: str, alphabet: str | None, order: int, skip_blank: bool, weighted: bool
) -> _core.BigramCounter | _core.NgramCounter | _core.WeightedCounter:
    """Return what counts the lines of a text that arrives in blocks."""
    if weighted:
        return _core.WeightedCounter(boundary, alphabet, order, skip_blank)
    if order == 2:
        return _core.BigramCounter(boundary, alphabet, lines=True, skip_blank=skip_blank)
    return _core.NgramCounter(boundary, alphabet, order, lines=True, skip_blank=skip_blank)
