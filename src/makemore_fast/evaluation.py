"""`Evaluation`: how well a model predicts words, and which of them it cannot."""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple


class FirstOdd(NamedTuple):
    """A word that is impossible or holds an unknown symbol, and where."""

    number: int  # from 0, nulls counted
    word: str
    symbol: str | None  # None: the end of the word


@dataclass(frozen=True, repr=False)
class Evaluation:
    """What `LanguageModel.evaluate` tells of words; prints as a summary.

    Losses are means of the negative log-likelihood in nats per predicted symbol, each end counting
    as one; a perplexity is exp of its loss. Where there is nothing to take the mean of, they are
    NaN.

    Attributes
    ----------
    words, symbols : int
        How many there are, ends included in the symbols.
    loss : float
        Of all words, inf if one is impossible.
    unknown_symbols, unknown_words : int
        How many symbols are outside the alphabet, and how many words hold one.
    impossible_words : int
        How many words have the probability zero.
    possible_symbols : int
        How many symbols the other words have, ends included.
    possible_loss : float
        Of those words.
    known_symbols : int
        How many symbols are neither unknown nor impossible, ends included.
    known_loss : float
        Of those symbols alone, as KenLM and SRILM report it beside that of all.
    first_unknown, first_impossible : FirstOdd or None
        ``(number, word, symbol)`` of the first such word, the symbol None for its end.

    See Also
    --------
    LanguageModel.evaluate : Makes them.
    LanguageModel.nll : The loss alone.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> model = mf.count(["emma", "ava"]).model(smoothing=1, unknown=True)
    >>> told = model.evaluate(["eva", "zoë"])
    >>> isinstance(told, mf.Evaluation), told.words, told.unknown_symbols, told.impossible_words
    (True, 2, 3, 0)
    """

    words: int
    symbols: int
    loss: float
    unknown_symbols: int
    unknown_words: int
    impossible_words: int
    possible_symbols: int
    possible_loss: float
    known_symbols: int
    known_loss: float
    first_unknown: FirstOdd | None
    first_impossible: FirstOdd | None

    @property
    def perplexity(self) -> float:
        """That of all words."""
        return _exp(self.loss)

    @property
    def possible_perplexity(self) -> float:
        """That of the words that are possible."""
        return _exp(self.possible_loss)

    @property
    def known_perplexity(self) -> float:
        """That of the symbols that are known and possible."""
        return _exp(self.known_loss)

    def __repr__(self) -> str:
        lines = [
            f"words: {self.words:,}, symbols: {self.symbols:,}, loss: {self.loss:.4f} nats per "
            f"symbol, perplexity: {self.perplexity:.4g}"
        ]
        if self.impossible_words:
            others = f"loss {self.possible_loss:.4f}, perplexity {self.possible_perplexity:.4g}"
            lines.append(f"impossible words: {self.impossible_words:,}; of the others {others}")
        if self.unknown_symbols:
            words = f"{self.unknown_words:,} word{'s' * (self.unknown_words != 1)}"
            rest = f"loss {self.known_loss:.4f}, perplexity {self.known_perplexity:.4g}"
            lines.append(
                f"unknown symbols: {self.unknown_symbols:,} in {words}; without them {rest}"
            )
        if self.first_impossible:
            lines.append(f"first impossible: {named(self.first_impossible)}")
        elif self.first_unknown:
            lines.append(f"first unknown: {named(self.first_unknown)}")
        return "\n".join(lines)


def named(first: FirstOdd) -> str:
    """Name a word and where in it."""
    where = "its end" if first.symbol is None else repr(first.symbol)
    return f"word {first.number}, {first.word!r}, at {where}"


def _exp(loss: float) -> float:
    return math.exp(loss) if loss < 700 else loss + math.inf


def evaluation(sums: tuple[Any, ...]) -> Evaluation:
    """Make an evaluation of the sums that the core tells; ValueError if there are no words."""
    words, of_all, possible, known, unknown_symbols, unknown_words, impossible, *firsts = sums
    if words == 0:
        raise ValueError("there are no words to measure the loss of")
    first_unknown, first_impossible = (first and FirstOdd(*first) for first in firsts)
    return Evaluation(
        words,
        of_all[1],
        _loss(of_all),
        unknown_symbols,
        unknown_words,
        impossible,
        possible[1],
        _loss(possible),
        known[1],
        _loss(known),
        first_unknown,
        first_impossible,
    )


def joined(one: Evaluation, other: Evaluation) -> Evaluation:
    """Return the evaluation of the words of both, those of the other behind."""

    def mean(loss: float, symbols: int, more_loss: float, more_symbols: int) -> tuple[float, int]:
        parts = ((loss, symbols), (more_loss, more_symbols))
        return -sum(a * n for a, n in parts if n), symbols + more_symbols

    def behind(first: FirstOdd | None) -> FirstOdd | None:
        return first and first._replace(number=first.number + one.words)

    return evaluation(
        (
            one.words + other.words,
            mean(one.loss, one.symbols, other.loss, other.symbols),
            mean(
                *(one.possible_loss, one.possible_symbols),
                *(other.possible_loss, other.possible_symbols),
            ),
            mean(one.known_loss, one.known_symbols, other.known_loss, other.known_symbols),
            one.unknown_symbols + other.unknown_symbols,
            one.unknown_words + other.unknown_words,
            one.impossible_words + other.impossible_words,
            one.first_unknown or behind(other.first_unknown),
            one.first_impossible or behind(other.first_impossible),
        )
    )


def _loss(likelihood: tuple[float, int]) -> float:
    total, symbols = likelihood
    return -total / symbols + 0.0 if symbols else math.nan
