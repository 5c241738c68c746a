"""Words got back from their counts, for models that look at whole words."""

from collections.abc import Iterable
from typing import Any

from makemore_fast.ngram_counts import NgramCounts


def whole_words(counts: NgramCounts) -> dict[Any, int] | None:
    """Return the words that were counted, and how often each was.

    Counts of order n tell words of up to n - 1 symbols: the n-gram that ends such a word is the
    whole of it, with boundaries before.

    Returns
    -------
    dict from str, or a tuple of tokens, to int; or None
        None if one of the words is longer.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> whole_words(mf.count(["ab", "b", "ab", ""], order=3))
    {'': 1, 'b': 1, 'ab': 2}
    >>> whole_words(mf.count(["abc"], order=3)) is None
    True
    """
    ids, numbers = counts.ngrams()
    if (ids != 0).all(axis=1).any():  # the last symbol of a word has n - 1 symbols before it
        return None
    ends = ids[:, -1] == 0
    symbols, rules = counts._symbols, counts._numbering.rules
    tokens = ([symbols[i] for i in row if i != 0] for row in ids[ends, :-1].tolist())
    joint = rules.separator if rules is not None else ""
    spelled: Iterable[Any] = map(tuple if rules and rules.cut == "listed" else joint.join, tokens)
    return dict(zip(spelled, numbers[ends].tolist(), strict=True))
