"""What everything that numbers symbols offers: the alphabet, and the lectures' two tables."""

from abc import ABC, abstractmethod

#: The unknown symbol, Unicode's replacement character: where an alphabet holds it, it stands for
#: all symbols that are not there.
UNKNOWN = "\N{REPLACEMENT CHARACTER}"


def grams(order: int) -> str:
    """Return what n-grams of an order are called.

    >>> grams(2), grams(5)
    ('bigrams', '5-grams')
    """
    return {1: "unigrams", 2: "bigrams", 3: "trigrams"}.get(order, f"{order}-grams")


def column_names(order: int) -> list[str]:
    """Return the names of the columns of a table of n-grams, one for each symbol.

    >>> column_names(1), column_names(4)
    (['symbol'], ['first', 'second', 'third', '4th'])
    """
    if order == 1:
        return ["symbol"]
    names = ["first", "second", "third", *(f"{i}th" for i in range(4, order + 1))]
    return names[:order]


class NumbersSymbols(ABC):
    """Has an alphabet: id 0 is the boundary, the others follow in code-point order."""

    __slots__ = ()

    @property
    @abstractmethod
    def alphabet(self) -> str:
        """The symbols in the order of their ids, the boundary first."""

    @property
    def boundary(self) -> str:
        """The symbol that stands for the start and the end of a word."""
        return self.alphabet[0]

    @property
    def unknown(self) -> bool:
        """Whether the alphabet holds `UNKNOWN`, which then stands for all symbols outside it."""
        return UNKNOWN in self.alphabet[1:]

    @property
    def symbols(self) -> list[str]:
        """The symbols in the order of their ids, as a list: labels for axes and data frames."""
        return list(self.alphabet)

    @property
    def stoi(self) -> dict[str, int]:
        """From symbol to id, as the lectures call it."""
        return {symbol: i for i, symbol in enumerate(self.alphabet)}

    @property
    def itos(self) -> dict[int, str]:
        """From id to symbol, as the lectures call it."""
        return dict(enumerate(self.alphabet))


def symbols_of(alphabet: object) -> str:
    """Return the symbols of an alphabet, given as a str or as counts or a model that have it."""
    if isinstance(alphabet, NumbersSymbols):
        return alphabet.alphabet
    if isinstance(alphabet, str):
        return alphabet
    kind = type(alphabet).__name__
    raise TypeError(f"alphabet must be a str of symbols, Counts or a model, got {kind}")
