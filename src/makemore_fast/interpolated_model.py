"""`mix`: linear interpolation of models, and the `InterpolatedModel` that it makes."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.count_model import CountModel
from makemore_fast.keeping import Members
from makemore_fast.language_model import LanguageModel
from makemore_fast.ngram_counts import NgramCounts
from makemore_fast.options import check_column, real_number
from makemore_fast.storage.archives import MODEL_FORMAT
from makemore_fast.symbols import shown
from makemore_fast.words import WordCounts, Words, naming_parameter, with_weights
from makemore_fast.wrong_names import names_meant


class InterpolatedModel(LanguageModel):
    """Several models, each with a weight; made by `mix`, immutable.

    See Also
    --------
    mix : Makes them.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> italian = mf.count(["anna", "bianca"]).model(smoothing=1)
    >>> danish = mf.count(["anne", "bente"]).model(smoothing=1)
    >>> mf.mix([italian, danish], [3, 1])
    InterpolatedModel(2 models with the weights 0.75, 0.25, 8 symbols '.abceint')
    """

    __slots__ = ("_mix", "_models")

    def __init__(self, models: Iterable[LanguageModel], weights: Iterable[float]) -> None:
        given = _checked_models(models)
        parts = [
            (part, share * weight)
            for model, share in zip(given, weights, strict=True)
            for part, weight in _parts_of(model)
        ]
        self._models = tuple(part for part, _ in parts)
        self._mix = _mixed(self._models, [share for _, share in parts])
        super().__init__(self._mix)

    @property
    def models(self) -> tuple[LanguageModel, ...]:
        """The models that are mixed; of one that was a mix itself, its own."""
        return self._models

    @property
    def weights(self) -> NDArray[np.float64]:
        """The weight of each model; they sum to one."""
        return np.array(self._mix.weights)

    def __repr__(self) -> str:
        symbols = self._symbols
        weights = [f"{weight:.4g}" for weight in self._mix.weights]
        some = ", ".join(weights[:8]) + ", ..." * (len(weights) > 8)
        models = (
            "1 model with the weight"
            if len(weights) == 1
            else (f"{len(weights)} models with the weights")
        )
        size = f"{len(symbols):,} symbols"
        return f"InterpolatedModel({models} {some}, {size} {shown(symbols)})"

    def _members(self) -> Members:
        return {
            "kind": np.array("interpolated"),
            "format": np.array(MODEL_FORMAT),
            "weights": self.weights,
            **{
                f"{number}/{name}": array
                for number, model in enumerate(self._models)
                for name, array in model._members().items()
            },
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return InterpolatedModel, (self._models, self._mix.weights)

    def _order(self) -> int | None:
        """Return how many symbols an n-gram must have to tell all, if that is a number."""
        counted = [model.order for model in self._models if isinstance(model, CountModel)]
        return max(counted) if len(counted) == len(self._models) else None

    def _known_likelihood(self, counts: NgramCounts) -> float | None:
        order = self._order()
        if order is None or counts.order < order:
            return None
        return self._mix.log_likelihood(counts.lower(order)._core)

    def _needed_order(self) -> str:
        order = self._order()
        return super()._needed_order() if order is None else f"order {order} or higher"


@names_meant
def mix(
    models: Iterable[LanguageModel],
    weights: Iterable[float] | None = None,
    *,
    dev: Words | WordCounts | None = None,
    column: str | None = None,
) -> InterpolatedModel:
    """Mix models of any kinds by linear interpolation.

    In every position the probability of a symbol is the sum of the models' probabilities, each
    times its weight.

    Parameters
    ----------
    models : iterable of LanguageModel
        Of one boundary; mixes too, which give their own models.
    weights : iterable of float, optional
        One for each model, from 0 up. They are divided by their sum, so 30 and 1 are shares of
        30/31 and 1/31, whatever the models were made of. All equal by default.
    dev : iterable of str, mapping, NumPy array, Arrow or data frame column, optional
        Words that the models have not seen. If given, the weights that make these words most
        likely are learned from `weights` on, where a weight of 0 stays.
    column : str, optional
        Which column of a table holds the dev words.

    Returns
    -------
    InterpolatedModel

    Raises
    ------
    TypeError
        For things that are not models, weights that are not numbers, or as in `count`.
    ValueError
        If there are no models, or not as many weights; if a weight is below 0 or not finite, or all
        are 0; if models have several boundaries; if a dev word is impossible to every model,
        with the word and the symbol.

    See Also
    --------
    fit : A mixture of counts that is learned position by position.
    InterpolatedModel.weights : What was learned.

    Notes
    -----
    The alphabet is that of all models together, with `UNKNOWN` if one of them has it. A model
    gives nothing to a symbol that it does not have, unless it has `UNKNOWN`: the share of that is
    divided evenly by the symbols of the alphabet that it does not have and `UNKNOWN` itself. An
    unsmoothed model gives nothing after what it has never seen; the probabilities then sum to less
    than one.

    Weights are learned by expectation maximisation (Dempster, Laird and Rubin 1977), which makes
    the words more likely by each step and has one best end; the same words give the same weights.

    Scoring takes the time of all models together. With `dev` every model scores the words once; the
    steps after that take little.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> words = mf.names()
    >>> train, dev = mf.split(words, (0.9, 0.1), rng=42)
    >>> counts = mf.count(train, order=4, alphabet=mf.count(words).alphabet)
    >>> model = mf.mix([counts.model(smoothing="kneser-ney"), mf.fit(words[:500])], dev=dev)
    >>> model.nll(dev) < counts.model(smoothing="kneser-ney").nll(dev)
    True
    """
    check_column(column)
    given = _checked_models(models)
    shares = [1.0] * len(given) if weights is None else _checked_weights(weights)
    mixed = _mixed(given, shares)
    if dev is None:
        if column is not None:
            raise ValueError(f"column={column!r} is for dev words, and there are none")
        return InterpolatedModel(given, mixed.weights)
    return InterpolatedModel(given, _learned(mixed, dev, column))


def _mixed(models: Iterable[LanguageModel], weights: list[float]) -> _core.InterpolatedModel:
    return _core.InterpolatedModel([model._core for model in models], weights)


def _learned(
    mixed: _core.InterpolatedModel, dev: Words | WordCounts, column: str | None
) -> list[float]:
    with naming_parameter("dev"):
        words, weights = with_weights(dev, None, column)
        return mixed.learned(words, weights, column)


def _parts_of(model: LanguageModel) -> list[tuple[LanguageModel, float]]:
    if isinstance(model, InterpolatedModel):
        return list(zip(model.models, model.weights.tolist(), strict=True))
    return [(model, 1.0)]


def _checked_models(models: Iterable[LanguageModel]) -> list[LanguageModel]:
    if isinstance(models, LanguageModel):
        raise TypeError(f"models must be an iterable of models, got one {type(models).__name__}")
    try:
        given = list(models)
    except TypeError:
        kind = type(models).__name__
        raise TypeError(f"models must be an iterable of models, got {kind}") from None
    for number, model in enumerate(given):
        if not isinstance(model, LanguageModel):
            hint = "; make one by model()" if isinstance(model, NgramCounts) else ""
            kind = type(model).__name__
            raise TypeError(f"models[{number}] must be a model, got {kind}{hint}")
    if not given:
        raise ValueError("there are no models to mix")
    return given


def _checked_weights(weights: Iterable[float]) -> list[float]:
    try:
        given = list(weights)
    except TypeError:
        kind = type(weights).__name__
        raise TypeError(f"weights must be an iterable of numbers, got {kind}") from None
    return [real_number(f"weights[{number}]", weight) for number, weight in enumerate(given)]
