"""`NgramClassifier`: a model of characters for each class, and Bayes' rule."""

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from makemore_fast.count_model import CountModel
from makemore_fast.counting import count
from makemore_fast.options import one_of
from makemore_fast.sklearn.words import checked_weights, of_rows, word_array
from makemore_fast.smoothing import SmoothingLike


class NgramClassifier(ClassifierMixin, BaseEstimator):
    """Classifies words by a character model of each class.

    Parameters
    ----------
    order : int
        Symbols in an n-gram.
    smoothing : float, "kneser-ney" or "witten-bell"
        As in `Counts.model`.
    unknown : bool
        Whether symbols that were not in the training words have a share, the same in all
        classes' alphabets, rather than the probability zero.
    boundary : str
        The symbol before and after each word, which no word may hold.
    priors : "counts", "uniform" or array of shape (n_classes,)
        How likely the classes are before a word is seen: as frequent as in training, all the
        same, or as told, in the order of `classes_`.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The classes, sorted.
    models_ : list of CountModel
        The model of each class.
    class_log_prior_ : ndarray of shape (n_classes,)
        The logarithm of each class's prior.

    See Also
    --------
    NgramScore : Columns of scores for other estimators.
    makemore_fast.Counts.model : The models of the classes.

    Notes
    -----
    A class is as likely as its prior times the probability that its model gives the word. All
    models have one alphabet, so that no class gains by knowing fewer symbols. A word that is
    impossible in every class is left to the priors.

    Examples
    --------
    >>> from makemore_fast.sklearn import NgramClassifier
    >>> words = ["haus", "maus", "laus", "raus", "house", "mouse", "louse", "rouse"]
    >>> classifier = NgramClassifier(order=3).fit(words, ["de"] * 4 + ["en"] * 4)
    >>> classifier.predict(["blaus", "blouse"]).tolist()
    ['de', 'en']
    >>> classifier.predict_proba(["blouse"]).round(2).tolist()
    [[0.0, 1.0]]
    """

    def __init__(
        self,
        *,
        order: int = 5,
        smoothing: SmoothingLike = "kneser-ney",
        unknown: bool = True,
        boundary: str = "\0",
        priors: Any = "counts",
    ) -> None:
        self.order = order
        self.smoothing = smoothing
        self.unknown = unknown
        self.boundary = boundary
        self.priors = priors

    def fit(self, X: Any, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:  # noqa: N803
        """Learn a model of each class.

        Parameters
        ----------
        X : array-like of str, of shape (n_words,) or (n_words, 1)
            The words.
        y : array-like of shape (n_words,)
            The class of each.
        sample_weight : array-like of int, optional
            How often each word counts; a whole number from 0 up.

        Returns
        -------
        NgramClassifier
            Itself.

        Raises
        ------
        ValueError
            If there are no words, not as many classes as words, or weights that are none.

        See Also
        --------
        NgramClassifier.predict : The class of other words.

        Notes
        -----
        Each class is counted once; time and memory are those of `makemore_fast.count`.
        """
        words = word_array(X)
        if y is None:
            raise ValueError("requires y to be passed, but the target y is None")
        labels = np.asarray(y)
        if labels.ndim == 2 and labels.shape[1] == 1:
            labels = labels[:, 0]
        if labels.shape != words.shape:
            raise ValueError(f"got {len(words):,} words and classes of shape {labels.shape}")
        if not len(words):
            raise ValueError("there are no words to learn from: 0 sample(s)")
        _check_none_is_missing(labels)
        check_classification_targets(labels)
        weights = checked_weights(sample_weight, words)
        self.classes_, codes = np.unique(labels, return_inverse=True)
        own = []
        for code in range(len(self.classes_)):
            rows = codes == code
            given = None if weights is None else weights[rows]
            with of_rows(np.flatnonzero(rows)):
                some = words[rows]
                own.append(count(some, weights=given, order=self.order, boundary=self.boundary))
            if own[-1].words == 0:
                named = self.classes_[code : code + 1].tolist()[0]
                raise ValueError(f"the words of class {named!r} have no weight but zero")
        alphabet = "".join(sorted({symbol for counts in own for symbol in counts.alphabet}))
        self.models_: list[CountModel] = [
            counts.model(smoothing=self.smoothing, unknown=self.unknown, alphabet=alphabet)
            for counts in own
        ]
        self.class_log_prior_ = self._log_priors(np.array([counts.words for counts in own]))
        self.n_features_in_ = 1
        return self

    def _log_priors(self, words: NDArray[np.int64]) -> NDArray[np.float64]:
        if isinstance(self.priors, str):
            one_of("priors", self.priors, ("counts", "uniform"))
            priors = words / words.sum() if self.priors == "counts" else np.ones(len(words))
        else:
            try:
                priors = np.array(self.priors, dtype=float)
            except (TypeError, ValueError):
                kind = type(self.priors).__name__
                raise TypeError(f"priors must be numbers, one for each class, got {kind}") from None
            if priors.shape != words.shape:
                raise ValueError(
                    f"priors must be {len(words)} numbers, one for each class, got an array of "
                    f"shape {priors.shape}"
                )
            if not (np.isfinite(priors).all() and (priors >= 0).all() and priors.any()):
                raise ValueError("priors must be numbers from 0 up that are not all zero")
            priors /= priors.max()  # so that their sum is no number beyond floats
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(priors / priors.sum()))

    def predict_joint_log_proba(self, X: Any) -> NDArray[np.float64]:  # noqa: N803
        """Return log P(class) + log P(word | class).

        Parameters
        ----------
        X : array-like of str, of shape (n_words,) or (n_words, 1)
            The words.

        Returns
        -------
        (n_words, n_classes) float64 ndarray
            In the order of `classes_`.
        """
        check_is_fitted(self)
        words = word_array(X)
        scores = np.empty((len(words), len(self.classes_)))
        for column, model in enumerate(self.models_):
            scores[:, column] = model.score(words)
        return np.asarray(scores + self.class_log_prior_)

    def predict_log_proba(self, X: Any) -> NDArray[np.float64]:  # noqa: N803
        """Return log P(class | word).

        Parameters
        ----------
        X : array-like of str, of shape (n_words,) or (n_words, 1)
            The words.

        Returns
        -------
        (n_words, n_classes) float64 ndarray
            In the order of `classes_`.
        """
        joint = self.predict_joint_log_proba(X)
        impossible = np.isneginf(joint).all(axis=1)
        joint[impossible] = self.class_log_prior_
        joint -= joint.max(axis=1, keepdims=True)
        return np.asarray(joint - np.log(np.exp(joint).sum(axis=1, keepdims=True)))

    def predict_proba(self, X: Any) -> NDArray[np.float64]:  # noqa: N803
        """Return P(class | word).

        Parameters
        ----------
        X : array-like of str, of shape (n_words,) or (n_words, 1)
            The words.

        Returns
        -------
        (n_words, n_classes) float64 ndarray
            In the order of `classes_`.
        """
        return np.asarray(np.exp(self.predict_log_proba(X)))

    def predict(self, X: Any) -> NDArray[Any]:  # noqa: N803
        """Return the likeliest class of each word, the first of equals.

        Parameters
        ----------
        X : array-like of str, of shape (n_words,) or (n_words, 1)
            The words.

        Returns
        -------
        (n_words,) ndarray

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before `fit`.

        See Also
        --------
        NgramClassifier.predict_proba : How likely each class is.
        """
        likeliest = self.predict_log_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[likeliest])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        return tags


def _check_none_is_missing(labels: NDArray[Any]) -> None:
    """Refuse NaN and None as classes, which can neither be sorted nor be told apart."""
    if labels.dtype.kind == "f":
        missing = np.isnan(labels)
    elif labels.dtype.kind == "O":
        missing = np.fromiter(map(_is_missing, labels), bool, len(labels))
    else:
        return
    if missing.any():
        row = int(missing.argmax())
        raise ValueError(f"Input y contains NaN: word {row} has no class but {labels[row]!r}")


def _is_missing(label: Any) -> bool:
    try:
        return label is None or bool(label != label)
    except (TypeError, ValueError):  # pandas.NA, which says neither yes nor no
        return True
