"""Counts that grow by many others, added up late: no large sum is copied for a small one."""

from typing import TypeAlias

from makemore_fast import _core
from makemore_fast.tokens import rules_of

#: Counts that are yet to be added up, at least one; each has half the n-grams of the one before, or
#: fewer.
Parts: TypeAlias = tuple[_core.Ngrams, ...]

_MOST = 2**63 - 1  # that a count is
_ANY_ALPHABET = 6  # the highest order that is possible for all of Unicode
_ANY_TOKENS = 1_000_000  # so many tokens are always possible


def plus(parts: Parts, more: _core.Ngrams) -> Parts:
    """Return parts with other counts among them, added to what is as large as they are.

    So a large sum is not copied for each small one. What cannot be added raises ValueError now.
    """
    if not _can_wait(parts, more):
        return (_core.merged(parts).added(more),)  # which says why not
    *rest, last = (*parts, more)
    while rest and len(rest[-1]) < 2 * len(last):
        last = rest.pop().added(last)
    return (*rest, last)


def _can_wait(parts: Parts, more: _core.Ngrams) -> bool:
    """Return whether the sum is certain to be possible later."""
    first = parts[0]
    if first.order != more.order or rules_of(first.numbering) != rules_of(more.numbering):
        return False
    if sum(part.total for part in parts) + more.total > _MOST:
        return False
    most = sum(len(part.numbering) for part in parts) + len(more.numbering)
    if not _are_possible(more.order, most):  # without those that several have
        most = _core.symbols_of_all((*parts, more))
    return _are_possible(more.order, most)


def _are_possible(order: int, symbols: int) -> bool:
    """Return whether counts may have so many symbols."""
    if order > _ANY_ALPHABET and order > _core.highest_order(symbols):
        return False
    return symbols <= _ANY_TOKENS
