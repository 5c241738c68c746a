"""`NgramScore`: how likely words are, as columns for another estimator."""

from collections.abc import Iterable
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from makemore_fast.counting import count
from makemore_fast.language_model import LanguageModel
from makemore_fast.options import checked_flag, one_of
from makemore_fast.sklearn.words import checked_weights, of_rows, word_array
from makemore_fast.smoothing import SmoothingLike

_OF = {"score": "word", "mean": "symbol"}


class NgramScore(TransformerMixin, BaseEstimator):
    """Makes columns of log-probabilities of words: of the word, and its mean by symbol.

    Parameters
    ----------
    order : int
        Symbols in an n-gram.
    smoothing : float, "kneser-ney" or "witten-bell"
        As in `Counts.model`.
    unknown : bool
        Whether symbols that were not in the training words have a share. Without, words that hold
        one have -inf, which few other estimators take.
    boundary : str
        The symbol before and after each word, which no word may hold.
    columns : tuple of {"score", "mean"}
        What is made: the log-probability of the word in nats, its mean by symbol, the end
        included.
    per_order : bool
        Whether there is such a column for each order from 2 (or 1) to `order`, and not for the last
        alone.
    model : LanguageModel, optional
        A model that was made before: `fit` then learns nothing, and the options of counting do not
        apply.

    Attributes
    ----------
    models_ : list of LanguageModel
        The model of each order that has columns.

    See Also
    --------
    NgramClassifier : A model for each class.
    makemore_fast.LanguageModel.score : The numbers.

    Examples
    --------
    >>> from makemore_fast.sklearn import NgramScore
    >>> score = NgramScore(order=3, per_order=True, columns=("mean",)).fit(["emma", "ava", "mia"])
    >>> score.get_feature_names_out().tolist()
    ['mean_2', 'mean_3']
    >>> score.transform(["ama", "xyz"]).round(2)
    array([[-1.37, -1.41],
           [-2.77, -2.77]])
    """

    def __init__(
        self,
        *,
        order: int = 5,
        smoothing: SmoothingLike = "kneser-ney",
        unknown: bool = True,
        boundary: str = "\0",
        columns: tuple[Literal["score", "mean"], ...] = ("score", "mean"),
        per_order: bool = False,
        model: LanguageModel | None = None,
    ) -> None:
        self.order = order
        self.smoothing = smoothing
        self.unknown = unknown
        self.boundary = boundary
        self.columns = columns
        self.per_order = per_order
        self.model = model

    def fit(self, X: Any, y: Any = None, sample_weight: ArrayLike | None = None) -> Self:  # noqa: ARG002, N803
        """Learn the models of words.

        Parameters
        ----------
        X : array-like of str, of shape (n_words,) or (n_words, 1)
            The words.
        y : ignored
            There so that pipelines can pass it.
        sample_weight : array-like of int, optional
            How often each word counts; a whole number from 0 up.

        Returns
        -------
        NgramScore
            Itself.
        """
        words = word_array(X)
        columns: Any = self.columns  # whatever it is
        if isinstance(columns, str) or not isinstance(columns, Iterable) or not [*columns]:
            raise ValueError('columns must be one or more of "score" and "mean"')
        for column in self.columns:
            one_of("each of columns", column, tuple(_OF))
        every = checked_flag("per_order", self.per_order)
        if self.model is not None:
            if not isinstance(self.model, LanguageModel):
                kind = type(self.model).__name__
                raise TypeError(f"model must be a LanguageModel or None, got {kind}")
            if every:
                raise ValueError("per_order=True is not for a model that was made before")
            self.models_: list[LanguageModel] = [self.model]
            self._names = [str(column) for column in self.columns]
        else:
            if not len(words):
                raise ValueError("there are no words to learn from: 0 sample(s)")
            weights = checked_weights(sample_weight, words)
            with of_rows(np.arange(len(words))):
                counts = count(words, weights=weights, order=self.order, boundary=self.boundary)
            orders = range(min(2, counts.order), counts.order + 1) if every else [counts.order]
            self.models_ = [
                counts.lower(order).model(smoothing=self.smoothing, unknown=self.unknown)
                for order in orders
            ]
            self._names = [f"{column}_{order}" for order in orders for column in self.columns]
        self.n_features_in_ = 1
        return self

    def transform(self, X: Any) -> NDArray[np.float64]:  # noqa: N803
        """Return the scores of words.

        Parameters
        ----------
        X : array-like of str, of shape (n_words,) or (n_words, 1)
            The words.

        Returns
        -------
        (n_words, n_columns) float64 ndarray
        """
        check_is_fitted(self)
        words = word_array(X)
        columns = [
            model.score(words, per="symbol" if column == "mean" else "word")
            for model in self.models_
            for column in self.columns
        ]
        return np.column_stack(columns)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:  # noqa: ARG002
        """Return the names of the columns, such as ``mean_5``.

        Parameters
        ----------
        input_features : ignored
            There so that pipelines can pass it.

        Returns
        -------
        ndarray of str
        """
        check_is_fitted(self)
        return np.array(self._names, dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        return tags
