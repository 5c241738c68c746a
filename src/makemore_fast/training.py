"""Training arrays for neural nets, as makemore's lectures build them."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from makemore_fast import _core
from makemore_fast.alphabets import AlphabetLike
from makemore_fast.most_frequent import with_most_frequent
from makemore_fast.options import whole_number
from makemore_fast.tokens import SymbolsLike, VocabularyLike, symbol_rules
from makemore_fast.words import Words, check_options
from makemore_fast.wrong_names import names_meant


@names_meant
def examples(
    words: Words,
    *,
    block_size: int = 1,
    alphabet: AlphabetLike | None = None,
    unknown: bool | None = None,
    boundary: str | None = None,
    separator: str | None = None,
    symbols: SymbolsLike | None = None,
    vocabulary: VocabularyLike | None = None,
    dtype: DTypeLike = np.int64,
    column: str | None = None,
) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    """Return each symbol of the words, and the symbols that stood before it.

    Parameters
    ----------
    words : iterable of str, NumPy array, Arrow or data frame column
        As in `count`; nulls are an error.
    block_size : int
        How many symbols of context; before a word's start the context is all boundary.
    alphabet : str, Counts or model, optional
        The symbols that get ids, as in `count`; by default those that occur. Give the counts
        of the training words to number the words of another split alike.
    unknown : bool
        Whether symbols outside a given alphabet get the id of the unknown symbol, which joins
        the alphabet, as in `count`.
    boundary, separator, symbols, vocabulary
        As in `count`; the boundary has id 0.
    dtype : NumPy integer type
        Of both arrays; int64 is what torch takes as an index.
    column : str, optional
        Which column of a table holds the words.

    Returns
    -------
    X : (N, block_size) ndarray
        The contexts; N is the number of bigrams, so every end is an example too.
    Y : (N,) ndarray
        The symbol that came next.

    Raises
    ------
    TypeError
        If `dtype` is not an integer type, or as in `count`.
    ValueError
        If `dtype` is too small for the alphabet, or as in `count`.

    See Also
    --------
    count : Counts of the same words.
    split : Words for training, for choosing and for testing.

    Notes
    -----
    With ``block_size=3`` these are X and Y of makemore part 2 (A. Karpathy, "Building
    makemore part 2: MLP", 2022), with 8 those of part 5; with 1, ``X[:, 0]`` and ``Y`` are
    xs and ys of part 1.

    Both arrays are written in one pass; they take (block_size + 1) times the size of `dtype` for
    each symbol.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> X, Y = mf.examples(["emma"], block_size=3)
    >>> for context, target in zip(X, Y):
    ...     print(repr("".join(".aem"[i] for i in context)), "->", ".aem"[target])
    '...' -> e
    '..e' -> m
    '.em' -> m
    'emm' -> a
    'mma' -> .
    """
    words, how = symbol_rules(
        words, alphabet, unknown, boundary, separator, symbols, vocabulary, column
    )
    check_options(column, "raise")
    words, _, how = with_most_frequent(words, None, how, column, "raise")
    size = whole_number("block_size", block_size)
    if size < 1:
        raise ValueError(f"block_size must be 1 or more, got {block_size}")
    if size >= 2**40:
        raise ValueError(f"block_size must be below 2**40, got {block_size}")
    kind = _integer_type(dtype)
    most = int(np.iinfo(kind).max)
    native = kind.newbyteorder("=")
    x, y = _core.examples(
        words, how.boundary, how.alphabet, size, native, most, column, how.unknown
    )
    return x.astype(kind, copy=False), y.astype(kind, copy=False)


def _integer_type(dtype: DTypeLike) -> np.dtype[np.integer]:
    """Return NumPy's type of integers, or raise TypeError."""
    given: object = dtype  # whatever it is
    try:
        kind: np.dtype[Any] = np.dtype(dtype)
    except (TypeError, ValueError) as error:
        raise TypeError(f"dtype must be an integer type, got {dtype!r}") from error
    if given is None or not np.issubdtype(kind, np.integer):
        raise TypeError(f"dtype must be an integer type, got {dtype!r}")
    return kind
