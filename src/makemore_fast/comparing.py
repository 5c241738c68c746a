"""How far one language is from another: `divergence`."""

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from makemore_fast.language_model import LanguageModel
from makemore_fast.modelling import model_of
from makemore_fast.ngram_counts import NgramCounts
from makemore_fast.units import Unit, unit_size

#: What the words are compared with.
Told: TypeAlias = NgramCounts | LanguageModel | ArrayLike


def divergence(p: NgramCounts | ArrayLike, q: Told, *, unit: Unit = "nats") -> float:
    """Return the Kullback-Leibler divergence of p from q: what it costs to take q for p.

    Parameters
    ----------
    p : Counts, or 1-D array
        What happens: counts of words, or how likely each of several things is.
    q : Counts or model, or 1-D array
        What is believed: of counts, other counts of the same order, by relative frequencies,
        or any model; of an array, another of the same length.
    unit : {"nats", "bits"}
        Of the result.

    Returns
    -------
    float
        From 0, for what is the same; inf if something happens that is impossible by q. Of
        counts it is a mean for each symbol, given the order - 1 symbols before it: the loss
        of the words under q less their `Counts.entropy`. Of arrays, each divided by its sum, it
        is that of the distributions.

    Raises
    ------
    TypeError
        If p is a model: count words that it draws. For other things that do not go together.
    ValueError
        If counts have two orders or two boundaries, no words were counted, or arrays are no
        distributions; as in `LanguageModel.nll`.

    See Also
    --------
    Counts.entropy : How uncertain the symbols of one language are.
    LanguageModel.nll : The loss of words under a model.

    Notes
    -----
    S. Kullback and R. Leibler, "On information and sufficiency" (1951). It is not symmetric.
    Counts of few words lack n-grams that others have, so q is best a model that is smoothed.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> one, other = mf.count(["anna", "hannah"]), mf.count(["anna", "nina", "hanna"])
    >>> mf.divergence(one, one), mf.divergence(other, one)
    (0.0, inf)
    >>> round(mf.divergence(one, other.model(smoothing=1), unit="bits"), 3)
    0.746
    >>> round(mf.divergence([3, 1], [1, 1], unit="bits"), 3)
    0.189
    """
    size = unit_size(unit)
    if isinstance(p, NgramCounts):
        return _of_counts(NgramCounts(p._core), q) / size
    if isinstance(p, LanguageModel):
        raise TypeError(
            "p must be counts or an array, got a model: count words that it draws, "
            "as in mf.count(model.sample_corpus(100_000, rng=1))"
        )
    if isinstance(q, NgramCounts | LanguageModel):
        kind = type(p).__name__
        raise TypeError(f"p must be Counts to be compared with counts or a model, got {kind}")
    return _of_arrays(_distribution("p", p), _distribution("q", q)) / size


def _of_counts(p: NgramCounts, q: Any) -> float:
    entropy = p._core.entropy()
    if isinstance(q, NgramCounts):
        other = q._core
        if other.order != p.order:
            raise ValueError(
                f"p has order {p.order} and q order {other.order}; "
                f"lower({min(p.order, other.order)}) makes them one"
            )
        q = model_of(other, 0.0)
    elif not isinstance(q, LanguageModel):
        raise TypeError(f"q must be Counts or a model, got {type(q).__name__}")
    # The difference of two sums that rounding may have made less than zero.
    return max(0.0, float(q.nll(p)) - entropy)


class _Distribution(NamedTuple):
    """Shares that sum to one, and their logarithms, also of those that are too small for floats."""

    shares: NDArray[np.float64]
    logs: NDArray[np.float64]


def _distribution(name: str, values: Any) -> _Distribution:
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        kind = type(values).__name__
        raise TypeError(f"{name} must be Counts or a 1-D array of numbers, got {kind}") from None
    if array.ndim != 1:
        raise ValueError(
            f"{name} must be a 1-D array, got {array.ndim} axes; mf.Counts.from_array makes "
            "counts of a table"
        )
    most = array.max(initial=0)
    if not (np.isfinite(array).all() and most > 0 and (array >= 0).all()):
        raise ValueError(f"{name} must hold numbers from 0 up, not all 0")
    scaled = array / most  # so that their sum is no number beyond floats
    shares = scaled / scaled.sum()
    with np.errstate(divide="ignore"):
        small = np.log(array) - (np.log(most) + np.log(scaled.sum()))
        logs = np.where(shares < np.finfo(float).tiny, small, np.log(shares))
    return _Distribution(shares, logs)


def _of_arrays(p: _Distribution, q: _Distribution) -> float:
    if len(p.shares) != len(q.shares):
        sizes = f"{len(p.shares):,} and {len(q.shares):,}"
        raise ValueError(f"p and q must be of one length, got {sizes}")
    there = p.shares > 0
    return max(0.0, float(p.shares[there] @ (p.logs[there] - q.logs[there])))
