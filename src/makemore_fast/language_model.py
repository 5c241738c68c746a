"""`LanguageModel`: what every model answers, whatever it was made of."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.drawing import DrawsWords
from makemore_fast.symbols import NumbersSymbols
from makemore_fast.words import WordCounts, Words, with_weights

if TYPE_CHECKING:
    from makemore_fast.counts import Counts


class LanguageModel(DrawsWords, NumbersSymbols):
    """Conditional probabilities of symbols: scores words and draws new ones; immutable.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> model = mf.count(["emma", "olivia", "ava"]).model()
    >>> isinstance(model, mf.LanguageModel)
    True
    """

    __slots__ = ()

    @property
    def alphabet(self) -> str:
        """The symbols in the order of their ids, the boundary first."""
        return self._core.alphabet

    def score(self, words: Words, *, column: str | None = None) -> NDArray[np.float64]:
        """Return the log-probability of each word, its end included.

        Parameters
        ----------
        words : iterable of str, NumPy array, Arrow or data frame column
            As in `count`; nulls are an error.
        column : str, optional
            Which column of a table holds the words.

        Returns
        -------
        (len(words),) float64 ndarray
            In nats; -inf for a word that is impossible or holds an unknown symbol.

        Raises
        ------
        TypeError, ValueError
            As in `count`, for things that are not words.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(["emma", "olivia", "ava"]).model()
        >>> model.score(["emma", "ama", "xyz"]).round(3)
        array([-2.773,   -inf,   -inf])
        """
        return self._core.score(words, column)

    def symbol_scores(
        self, words: Words, *, column: str | None = None
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return the log-probability of each symbol, to see where a word is odd.

        Parameters
        ----------
        words, column
            As in `score`.

        Returns
        -------
        scores : float64 ndarray
            In nats; the symbols of all words, one word after another, each followed by its
            end.
        offsets : (len(words) + 1,) int64 ndarray
            Those of word i are ``scores[offsets[i]:offsets[i + 1]]``; they sum to its `score`.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(["emma", "olivia", "ava"]).model()
        >>> scores, offsets = model.symbol_scores(["emma", "ava"])
        >>> scores[offsets[1]:offsets[2]].round(3)
        array([-1.099, -1.386, -0.693, -0.288])
        """
        return self._core.symbol_scores(words, column)

    def next_probabilities(self, prefix: str = "") -> NDArray[np.float64]:
        """Return how likely each symbol is to follow a prefix.

        Parameters
        ----------
        prefix : str
            The start of a word.

        Returns
        -------
        (V,) float64 ndarray
            In the order of the alphabet, the end of the word first; sums to one, or is all
            zero where nothing was ever seen.

        Raises
        ------
        ValueError
            If the prefix holds an unknown symbol or the boundary.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(["emma", "olivia", "ava"]).model()
        >>> dict(zip(model.alphabet, model.next_probabilities("a").tolist()))["v"]
        0.25
        """
        return self._core.next(prefix)

    def nll(self, words: "Words | WordCounts | Counts", *, column: str | None = None) -> float:
        """Return the loss: the mean negative log-likelihood per predicted symbol, in nats.

        Parameters
        ----------
        words : iterable of str, mapping, NumPy array, Arrow or data frame column, or Counts
            Words as in `score`; of a mapping each word counts as often as its value says. To a
            model of counts, those are as good as the words that they were made of.
        column : str, optional
            Which column of a table holds the words.

        Returns
        -------
        float
            Every end counts as a predicted symbol; inf if one of the words is impossible.

        Raises
        ------
        ValueError
            If there are no words, or as in `count`.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> words = ["emma", "olivia", "ava"]
        >>> round(mf.count(words).model().nll(words), 4)
        0.6065
        """
        from makemore_fast.counts import Counts  # which makes models

        if isinstance(words, Mapping) and column is None:
            total, symbols = self._mapping_likelihood(words)
        elif not isinstance(words, Counts):
            total, symbols = self._words_likelihood(words, column)
        elif column is not None:
            raise ValueError(f"column={column!r} is for tables, got Counts")
        else:
            total, symbols = self._counts_likelihood(words), words.total
        if symbols == 0:
            raise ValueError("there are no words to measure the loss of")
        return -total / symbols

    def _words_likelihood(self, words: Words, column: str | None) -> tuple[float, int]:
        """Return the sum of the words' scores, and how many symbols they predict."""
        return self._core.loss(words, column)

    def _mapping_likelihood(self, words: WordCounts) -> tuple[float, int]:
        """Return the same of words of which each counts as often as it is told."""
        held, weights = with_weights(words, None)
        times = _core.whole_weights(weights)
        scores = self._core.score(held, None)
        sizes = np.fromiter((len(word) + 1 for word in held), np.int64, len(held))
        there = times > 0  # 0 times -inf would be no number
        return float(scores[there] @ times[there]), int(sizes @ times)

    def _counts_likelihood(self, counts: "Counts") -> float:  # noqa: ARG002
        """Return the sum of the scores of the words that were counted."""
        raise TypeError(f"{type(self).__name__} measures the loss of words, not of counts")

    def perplexity(
        self, words: "Words | WordCounts | Counts", *, column: str | None = None
    ) -> float:
        """Return exp of the loss: between how many symbols the model wavers on average.

        Takes and raises what `nll` does.
        """
        return float(np.exp(self.nll(words, column=column)))
