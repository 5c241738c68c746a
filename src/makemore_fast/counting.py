"""From words to counts: `count`."""

from makemore_fast.alphabets import AlphabetLike
from makemore_fast.counting_options import counted, counting
from makemore_fast.counts import Counts
from makemore_fast.tokens import SymbolsLike, VocabularyLike, symbol_rules
from makemore_fast.words import Nulls, Weights, WordCounts, Words
from makemore_fast.wrong_names import names_meant


@names_meant
def count(
    words: Words | WordCounts,
    *,
    weights: Weights | None = None,
    order: int = 2,
    alphabet: AlphabetLike | None = None,
    unknown: bool | None = None,
    boundary: str | None = None,
    separator: str | None = None,
    symbols: SymbolsLike | None = None,
    vocabulary: VocabularyLike | None = None,
    column: str | None = None,
    nulls: Nulls = "raise",
) -> Counts:
    """Count the bigrams of words, each between two boundaries, or longer n-grams.

    Parameters
    ----------
    words : iterable of str, mapping, NumPy array, Arrow or data frame column
        The words; of a mapping, such as a ``collections.Counter``, each word counts as often
        as its value says. A generator is never held whole. An empty str is the empty word, boundary
        to boundary. A symbol is a Unicode code point. Read without a Python object a word
        are 1-D NumPy arrays of str, bytes (UTF-8) or StringDType, and whatever offers
        Arrow's PyCapsule interface: arrays and tables of pyarrow, series and frames of
        Polars and pandas, DuckDB's relations; dictionaries (categories) included.
    weights : iterable of int, array of numbers, or str, optional
        How often each word counts, from 0 up and one for each word: ``[3, 1]`` counts the
        first word as if it stood there three times. Whole numbers of any kind: floats and
        decimals without a fraction too. A word of weight 0 is checked, and otherwise
        ignored: its symbols do not join the alphabet. The weight of a null that is left out
        is left out too. For a table, the name of the column that holds them; both columns are
        read from one stream, so a reader that can be read only once will do.
    order : int
        Symbols in an n-gram: 1 counts single symbols, 2 bigrams. Before a word stand order - 1
        boundaries, so there is one n-gram for each symbol and one for the end. The order
        times the bits of a symbol's id is at most 128: 25 for 27 symbols, 7 for 200,000.
    alphabet : str, Counts or model, optional
        The symbols that may occur, in any order, with or without the boundary, or those of other
        counts or of a model. By default those that do occur.
    unknown : bool, optional
        Whether the alphabet gets the unknown symbol, `UNKNOWN` (U+FFFD): every symbol outside a
        given `alphabet` is counted as it, and models of the counts have a share for symbols that
        they have never seen. A given alphabet that holds it already is one with unknown=True. By
        default only where symbols are tokens between separators or of lists.
    boundary : str, optional
        The one symbol that stands for the start and the end of a word: by default ``"."``, and
        ``"<s>"`` where symbols are tokens between separators or of lists.
    separator : str, optional
        What stands between the tokens of a word, which are its symbols: ``" "`` for phonemes in
        ``"K AE T"`` or the words of a sentence. Several in a row count as one. Words that are
        lists or tuples of str are lists of tokens.
    symbols : sequence of str or "graphemes", optional
        Pieces of words that are symbols, such as ``["ch", "ll", "rr"]``: the longest that fits
        is taken, and where none fits a single character. ``"graphemes"`` takes the extended
        grapheme clusters of Unicode (``pip install makemore_fast[graphemes]``).
    vocabulary : iterable of str or int, optional
        Of tokens those that are symbols, or how many of the most frequent are; all others are
        counted as the unknown symbol.
    column : str, optional
        Which column of a table holds the words; not needed if it has only one besides that of
        the weights (the column of its index that a pandas frame hands over is none).
    nulls : {"raise", "skip"}
        Whether a null of an array (in an array of objects None, NaN and pandas' NA) is an
        error or left out. In a list or a generator None is no word, so always an error.

    Returns
    -------
    Counts
        Exact 64-bit counts.

    Raises
    ------
    TypeError
        If `words` is a str, bytes or a file, or holds a thing that is not a str (with its
        index), or is an array of another type; if a weight is no whole number.
    ValueError
        If a word holds the boundary, a lone surrogate or a symbol outside a given
        `alphabet`, or is null or not valid UTF-8 (with its index); if a word ends in a line
        end, as the lines of a file do, and that is neither the boundary nor a symbol of a
        given alphabet; if an array is not 1-D, or Arrow's data is malformed,
        or a table's column is not told or not there; if a weight is negative, there are more
        or fewer weights than words, or the bigrams of all words go beyond 64 bits.

    See Also
    --------
    count_file : The same of files.
    count_text : The same of a text in memory.
    Counts.update : Count more words.
    Counts.model : Turn counts into a model.

    Notes
    -----
    The counts are those of A. Karpathy's lecture "The spelled-out intro to language
    modeling: building makemore" (2022).

    Takes time in proportion to the symbols and memory by the n-grams that occur, whatever the
    number of words: of bigrams of small alphabets a table, otherwise 32 to 64 bytes for each n-gram
    while it counts.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> counts = mf.count(["emma", "olivia", "ava"])
    >>> counts["a", "."]
    3
    >>> counts.alphabet
    '.aeilmov'
    >>> import numpy as np
    >>> mf.count(np.array(["emma", "olivia", "ava"])) == counts
    True
    >>> mf.count(["ava", "mia"], weights=[2, 1]) == mf.count(["ava", "ava", "mia"])
    True
    >>> mf.count({"ava": 2, "mia": 1}) == mf.count(["ava", "ava", "mia"])
    True
    >>> mf.count(["K AE T", "K AA R"], separator=" ").most_common(2)
    [(('<s>', 'K'), 2), (('AA', 'R'), 1)]
    >>> mf.count([["K", "AE", "T"], ["K", "AA", "R"]])["<s>", "K"]
    2
    >>> mf.count(["chico", "llama"], symbols=["ch", "ll"]).symbols
    ('.', 'a', 'c', 'ch', 'i', 'll', 'm', 'o')
    >>> mf.count(["zoë"], alphabet=counts, unknown=True).most_common()[0]
    (('.', '�'), 1)
    """
    words, how = symbol_rules(
        words, alphabet, unknown, boundary, separator, symbols, vocabulary, column, weights
    )
    rules = counting(order, how.alphabet, how.boundary, unknown=how.unknown)
    return Counts(how.kept(counted(words, weights, rules, how.meant, column, nulls)))
