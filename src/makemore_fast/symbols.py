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
    return {2: "bigrams", 3: "trigrams"}.get(order, f"{order}-grams")


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
    def stoi(self) -> dict[str, int]:
        """From symbol to id, as the lectures call it."""
        return {symbol: i for i, symbol in enumerate(self.alphabet)}

    @property
    def itos(self) -> dict[int, str]:
        """From id to symbol, as the lectures call it."""
        return dict(enumerate(self.alphabet))
