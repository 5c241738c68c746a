"""`LanguageModel`: what every model answers, whatever it was made of."""

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.drawing import DrawsWords
from makemore_fast.evaluation import Evaluation, evaluation
from makemore_fast.keeping import KeepsItself
from makemore_fast.likelihood import whole_words
from makemore_fast.model_pictures import HasPictures
from makemore_fast.ngram_counts import NgramCounts
from makemore_fast.options import check_column, one_of
from makemore_fast.state import State
from makemore_fast.symbols import NumbersSymbols
from makemore_fast.tokens import Part, checked_part
from makemore_fast.units import Unit, unit_size
from makemore_fast.words import (
    Nulls,
    Weights,
    WordCounts,
    Words,
    check_alone,
    check_options,
    with_weights,
)
from makemore_fast.wrong_names import names_meant

#: What a score is of: the whole word, or by symbol.
Per: TypeAlias = Literal["word", "symbol"]

#: What to do with nulls of arrays, where there is a row for each.
ScoreNulls: TypeAlias = Literal["raise", "skip", "nan"]


class LanguageModel(DrawsWords, HasPictures, NumbersSymbols, KeepsItself):
    """Conditional probabilities of symbols: scores words and draws new ones; immutable.

    See Also
    --------
    fit : The best model that counting gives.
    Counts.model : Models of counts.
    mix : Models that are mixed.
    load_model : Models that were saved.
    read_arpa : Models of other programs.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> model = mf.count(["emma", "olivia", "ava"]).model()
    >>> isinstance(model, mf.LanguageModel)
    True
    """

    __slots__ = ()

    @property
    def _numbering(self) -> _core.Alphabet:
        return self._core.numbering

    @names_meant
    def score(
        self,
        words: Words,
        *,
        per: Per = "word",
        unit: Unit = "nats",
        nulls: ScoreNulls = "raise",
        column: str | None = None,
    ) -> NDArray[np.float64]:
        """Return the log-probability of each word, its end included.

        Parameters
        ----------
        words : iterable of str, NumPy array, Arrow or data frame column
            As in `count`.
        per : {"word", "symbol"}
            The log-probability of the whole word, or its mean by symbol that the word predicts,
            the end included: the mean ranks words of different lengths.
        unit : {"nats", "bits"}
            Natural logarithms, or those to base 2.
        nulls : {"raise", "skip", "nan"}
            Whether a null of an array is an error, is left out, or has NaN in its place, so that
            scores stand beside the rows of a table.
        column : str, optional
            Which column of a table holds the words.

        Returns
        -------
        (len(words),) float64 ndarray
            -inf for a word that is impossible or holds an unknown symbol, which the boundary
            inside a word is too. In models with `unknown` such a symbol has a share.

        Raises
        ------
        TypeError, ValueError
            As in `count`, for things that are not words.

        See Also
        --------
        LanguageModel.symbol_scores : The parts of each score.
        LanguageModel.evaluate : All words together.

        Notes
        -----
        Memory is that of the result; words that come without Python objects (Arrow, NumPy) take the
        least time. Models of counts take constant time a symbol, mixtures some ten times as much.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(["emma", "olivia", "ava"]).model()
        >>> model.score(["emma", "ama", "xyz"]).round(3)
        array([-2.773,   -inf,   -inf])
        >>> import numpy as np
        >>> rows = np.array(["emma", None, "ava"], dtype=object)
        >>> model.score(rows, per="symbol", unit="bits", nulls="nan").round(3)
        array([-0.8 ,   nan, -1.25])
        """
        check_column(column)
        by_symbol = one_of("per", per, ("word", "symbol")) == "symbol"
        scale = 1 / unit_size(unit)
        one_of("nulls", nulls, ("raise", "skip", "nan"))
        return self._core.score(words, column, nulls, by_symbol, scale)

    @names_meant
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

        Raises
        ------
        TypeError, ValueError
            As in `count`, for things that are not words.

        See Also
        --------
        LanguageModel.score : Their sum, word by word.
        LanguageModel.plot_word : A picture of them.

        Notes
        -----
        An unknown symbol, or the boundary inside a word, scores -inf, or its share in models
        with `unknown`. The symbol after it is scored as after a symbol that was never seen
        (unless some were counted as unknown ones): with add-k all symbols are then equally
        likely, or impossible for k = 0; other models look at shorter contexts.

        Memory is that of the result, 8 bytes for each symbol and each end.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(["emma", "olivia", "ava"]).model()
        >>> scores, offsets = model.symbol_scores(["emma", "ava"])
        >>> scores[offsets[1]:offsets[2]].round(3)
        array([-1.099, -1.386, -0.693, -0.288])
        """
        check_column(column)
        return self._core.symbol_scores(words, column)

    def next_probabilities(self, prefix: Part = "") -> NDArray[np.float64]:
        """Return how likely each symbol is to follow a prefix.

        Parameters
        ----------
        prefix : str or list of str
            The start of a word; a list of tokens where words are such lists.

        Returns
        -------
        (V,) float64 ndarray
            In the order of the alphabet, the end of the word first; sums to one, or is all
            zero where nothing was ever seen. The share of all symbols outside the alphabet stands
            at that of `UNKNOWN`, if the model has it.

        Raises
        ------
        TypeError
            If the prefix is not a str.

        See Also
        --------
        LanguageModel.start : Goes on symbol by symbol.
        CountModel.probabilities : All of them at once.

        Notes
        -----
        These are the probabilities that `symbol_scores` has the logarithms of, whatever the
        prefix: after an unknown symbol they are those after a symbol that was never seen.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(["emma", "olivia", "ava"]).model()
        >>> dict(zip(model.alphabet, model.next_probabilities("a").tolist()))["v"]
        0.25
        """
        return self._core.next(checked_part("prefix", prefix))

    @names_meant
    def start(self, prefix: Part = "") -> State:
        """Return a place in a word, from which the model goes on symbol by symbol.

        For beam searches and decoders: a step takes constant time in models of counts, and a place
        can be copied.

        Parameters
        ----------
        prefix : str or list of str
            The start of a word; a list of tokens where words are such lists.

        Returns
        -------
        State

        Raises
        ------
        TypeError
            If the prefix is not a str.
        ValueError
            If it holds the boundary, which ends a word.

        See Also
        --------
        State : What it returns.
        LanguageModel.next_probabilities : What may follow a prefix.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(["emma", "olivia", "ava"]).model()
        >>> state = model.start("em")
        >>> round(state.step("a"), 3)
        -0.693
        """
        symbols = self._core.symbols_of_part(checked_part("prefix", prefix), "prefix")
        if self.boundary in symbols:
            raise ValueError(
                f"prefix= holds the boundary {self.boundary!r}; step() it to end a word"
            )
        state = State(_core.State(self._core))
        for symbol in symbols:
            state.step(symbol)
        return state

    @names_meant
    def nll(
        self,
        words: Words | WordCounts | NgramCounts,
        *,
        weights: Weights | None = None,
        column: str | None = None,
    ) -> float:
        """Return the loss: the mean negative log-likelihood per predicted symbol, in nats.

        Parameters
        ----------
        words : iterable of str, mapping, NumPy array, Arrow or data frame column, or Counts
            Words as in `score`; of a mapping each word counts as often as its value says. Counts
            stand for the words that they were made of, as far as they tell how likely those are:
            to a model of order n they do from order n on, and to any model if their order is
            above the length of the longest word.
        weights : iterable of int, array of numbers, or str, optional
            How often each word counts, as in `count`.
        column : str, optional
            Which column of a table holds the words.

        Returns
        -------
        float
            Every end counts as a predicted symbol; inf if one of the words is impossible.

        Raises
        ------
        ValueError
            If there are no words; if counts have another boundary than the model, or too low an
            order; or as in `count`.
        TypeError
            As in `count`; if counts or a mapping come with `weights`.

        See Also
        --------
        LanguageModel.perplexity : Its exponential.
        LanguageModel.evaluate : Tells impossible words and unknown symbols too.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> words = ["emma", "olivia", "ava"]
        >>> model = mf.count(words).model()
        >>> round(model.nll(words), 4), round(model.nll(words, weights=[1, 1, 5]), 4)
        (0.6065, 0.7365)
        """
        check_column(column)
        listed, weights = with_weights(words, weights, column)
        if isinstance(words, NgramCounts):
            check_alone(words, weights, column)
            total, symbols = self._counts_likelihood(NgramCounts(words._core))
        else:
            total, symbols = self._core.loss(listed, weights, column)
        if symbols == 0:
            raise ValueError("there are no words to measure the loss of")
        return 0.0 - total / symbols  # never -0.0

    def _counts_likelihood(self, counts: NgramCounts) -> tuple[float, int]:
        """Return the sum of the scores of the words that were counted, and their symbols."""
        if counts.boundary != self.boundary:
            raise ValueError(
                f"the words have the boundary {counts.boundary!r}, the model has {self.boundary!r}"
            )
        known = self._known_likelihood(counts)
        if known is not None:
            return known, counts.total
        words = whole_words(counts)
        if words is None:
            raise ValueError(
                f"the model needs counts of {self._needed_order()}, got order {counts.order}; "
                "pass the words themselves"
            )
        return self._core.loss(*with_weights(words))

    def _known_likelihood(self, counts: NgramCounts) -> float | None:  # noqa: ARG002
        """Return the sum of the scores if n-grams of that order are all that the model looks at."""
        return None

    def _needed_order(self) -> str:
        return "an order above the length of the longest word"

    @names_meant
    def evaluate(
        self,
        words: Words | WordCounts | NgramCounts,
        *,
        weights: Weights | None = None,
        nulls: Nulls = "raise",
        column: str | None = None,
    ) -> Evaluation:
        """Tell how well the model predicts words, and which of them it cannot.

        Parameters
        ----------
        words : iterable of str, mapping, NumPy array, Arrow or data frame column, or Counts
            As in `nll`, in one pass. Counts must tell the words: their order must be above the
            length of the longest.
        weights : iterable of int, array of numbers, or str, optional
            How often each word counts, as in `count`: all numbers that are returned then tell of
            words as often as they count.
        nulls : {"raise", "skip"}
            As in `count`.
        column : str, optional
            Which column of a table holds the words.

        Returns
        -------
        Evaluation
            The loss and the perplexity of all words, of those that are possible, and without the
            symbols that are unknown; how many there are of each; and the first of them.

        Raises
        ------
        TypeError, ValueError
            As `nll`.

        See Also
        --------
        LanguageModel.nll : The loss alone.
        Evaluation : What it returns.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(mf.names(), order=4).model(smoothing="kneser-ney")
        >>> model.evaluate(["emma", "olivia", "漢字"])
        words: 3, symbols: 15, loss: inf nats per symbol, perplexity: inf
        impossible words: 1; of the others loss 1.9405, perplexity 6.963
        unknown symbols: 2 in 1 word; without them loss 2.0337, perplexity 7.643
        first impossible: word 2, '漢字', at '漢'
        """
        check_column(column)
        check_options(column, nulls)
        listed, weights = with_weights(words, weights, column)
        if isinstance(words, NgramCounts):
            check_alone(words, weights, column)
            held = whole_words(NgramCounts(words._core))
            if words.boundary != self.boundary or held is None:
                raise ValueError(
                    "counts must have the boundary of the model, and an order above the length of "
                    "the longest word; pass the words themselves"
                )
            listed, weights = with_weights(held)
        return evaluation(self._core.evaluate(listed, weights, column, nulls))

    @names_meant
    def perplexity(
        self,
        words: Words | WordCounts | NgramCounts,
        *,
        weights: Weights | None = None,
        column: str | None = None,
    ) -> float:
        """Return exp of the loss: the number of equally likely symbols that has the same loss.

        Parameters
        ----------
        words, weights, column
            As in `nll`.

        Returns
        -------
        float
            Inf if one of the words is impossible.

        Raises
        ------
        TypeError, ValueError
            As in `nll`.

        See Also
        --------
        LanguageModel.nll : The loss.
        """
        return float(np.exp(self.nll(words, weights=weights, column=column)))
