"""From counts to the model that a smoothing makes of them."""

from collections.abc import Sequence
from typing import SupportsFloat

import numpy as np

from makemore_fast import _core
from makemore_fast.model import BigramModel, Model
from makemore_fast.ngram_model import Discounts, NgramModel
from makemore_fast.options import checked_flag, real_number

_DENSE_SYMBOLS = 1024  # up to so many a model's rows are written out, which is faster


def smoothed(
    counts: _core.Ngrams,
    smoothing: "str | SupportsFloat",
    discounts: Sequence[Sequence[float]] | None,
    unknown: bool,
) -> Model:
    """Smooth counts as `Counts.model` says."""
    checked_flag("unknown", unknown)
    named = isinstance(smoothing, str)
    if discounts is not None and not (named and smoothing == "kneser-ney"):
        raise ValueError('discounts= is for smoothing="kneser-ney"')
    if isinstance(smoothing, str):
        return _backing_off(counts, smoothing, discounts, unknown)
    if unknown:
        raise ValueError("unknown=True is not for add-k smoothing")
    k = real_number("smoothing", smoothing)
    if counts.order == 2:
        dense = len(counts.alphabet) <= _DENSE_SYMBOLS
        kind = _core.BigramModel if dense else _core.SparseBigramModel
        return BigramModel(kind(counts, k), k, counts)
    return _ngram_model(_core.add_k(counts, k), counts, k, None, False)


def _backing_off(
    counts: _core.Ngrams,
    smoothing: str,
    discounts: Sequence[Sequence[float]] | None,
    unknown: bool,
) -> NgramModel:
    """Tell what follows a rare context by what follows the shorter ones."""
    if smoothing == "witten-bell":
        return _ngram_model(_core.witten_bell(counts, unknown), counts, smoothing, None, unknown)
    if smoothing != "kneser-ney":
        raise ValueError(
            f'smoothing must be a number, "kneser-ney" or "witten-bell", got {smoothing!r}'
        )
    given: list[list[float]] | None = None
    if discounts is not None:
        try:
            rows = np.asarray(discounts, float)
        except (TypeError, ValueError):  # no numbers, or rows of several lengths
            raise TypeError(
                "discounts must be three numbers for the n-grams of each length, "
                f"1 to {counts.order}"
            ) from None
        if rows.shape != (counts.order, 3):
            raise ValueError(
                f"discounts must be three numbers for the n-grams of each length, "
                f"1 to {counts.order}; got an array of shape {rows.shape}"
            )
        given = rows.tolist()
    model, rows_used = _core.kneser_ney(counts, given, unknown)
    used = tuple((one, two, more) for one, two, more in rows_used)
    return _ngram_model(model, counts, smoothing, used, unknown)


def _ngram_model(
    core: _core.NgramModel,
    counts: _core.Ngrams,
    smoothing: str | float,
    discounts: Discounts | None,
    unknown: bool,
) -> NgramModel:
    settings = {"smoothing": smoothing, "discounts": discounts, "unknown": unknown}
    return NgramModel(core, counts, settings)
