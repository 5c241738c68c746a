"""``--smoothing`` and ``--prune``: the model that counts become."""

from collections.abc import Sequence

import click

import makemore_fast as mf
from makemore_fast.smoothing import SmoothingLike


def smoothed(
    counts: mf.Counts,
    smoothing: SmoothingLike | None,
    prune: Sequence[int] | None,
    *,
    by_default: float | None = None,
    unknown: bool = False,
) -> mf.CountModel:
    """Return the model of counts; `by_default` None smooths as `by_default_of` says."""
    how: SmoothingLike
    if smoothing is not None:
        how = smoothing
    else:
        how = by_default_of(counts.order, prune) if by_default is None else by_default
    if prune is None:
        return counts.model(smoothing=how, unknown=unknown)
    check_prune(prune, counts.order)
    return counts.pruned(prune).model(smoothing=how, unknown=unknown)


def check_prune(prune: Sequence[int] | None, order: int) -> None:
    """Check that there are not more numbers than lengths."""
    if prune is not None and len(prune) > order:
        raise click.UsageError(
            f"--prune has {len(prune)} numbers, one for each length, and the longest n-grams have "
            f"{order} symbol{'s' * (order != 1)} (--order)."
        )


def by_default_of(order: int, prune: Sequence[int] | None = None) -> SmoothingLike:
    """Return how counts are smoothed: bigrams as in the lecture, others well."""
    return 0.0 if order == 2 and prune is None else "kneser-ney"
