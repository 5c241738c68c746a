"""What everything that numbers symbols offers: the alphabet, and the lectures' two tables."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from makemore_fast import _core

#: Symbols in the order of their ids: characters, or tokens.
Symbols: TypeAlias = str | tuple[str, ...]

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
    def _numbering(self) -> "_core.Alphabet":
        """The alphabet of the core."""

    @property
    def _symbols(self) -> Symbols:
        """The symbols in the order of their ids: a str of characters, or a tuple of tokens."""
        return self._numbering.symbols

    @property
    def alphabet(self) -> str:
        """The symbols in the order of their ids, the boundary first.

        Raises
        ------
        AttributeError
            If they are tokens, which are more than one character: `symbols` has these.
        """
        symbols = self._symbols
        if isinstance(symbols, str):
            return symbols
        raise AttributeError("the symbols are tokens, which no str can list; symbols has them")

    @property
    def boundary(self) -> str:
        """The symbol that stands for the start and the end of a word."""
        return self._symbols[0]

    @property
    def unknown(self) -> bool:
        """Whether the alphabet holds `UNKNOWN`, which then stands for all symbols outside it."""
        return self._numbering.unknown

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols in the order of their ids, as a tuple: labels for axes and data frames.

        Of characters the boundary comes first and the others follow in code-point order; of
        tokens, `UNKNOWN` comes behind the boundary, if it is there.
        """
        return tuple(self._symbols)

    @property
    def stoi(self) -> dict[str, int]:
        """From symbol to id, as the lectures call it."""
        return {symbol: i for i, symbol in enumerate(self._symbols)}

    @property
    def itos(self) -> dict[int, str]:
        """From id to symbol, as the lectures call it."""
        return dict(enumerate(self._symbols))


def shown(symbols: Symbols) -> str:
    """Return symbols as a repr shows them: some of them, if there are many.

    >>> shown(".ab"), shown(("<s>", "ah", "k"))
    ("'.ab'", "'<s>', 'ah', 'k'")
    """
    if isinstance(symbols, str):
        return repr(symbols if len(symbols) <= 60 else symbols[:57] + "...")
    some = ", ".join(map(repr, symbols[:8]))
    return some + ", ..." * (len(symbols) > 8)


def symbols_of(alphabet: object) -> Symbols:
    """Return the symbols of an alphabet, given as a str or as counts or a model that have it."""
    if isinstance(alphabet, NumbersSymbols):
        return alphabet._symbols
    if isinstance(alphabet, str):
        return alphabet
    kind = type(alphabet).__name__
    raise TypeError(f"alphabet must be a str of symbols, Counts or a model, got {kind}")
