"""Limits of time that scale: a slow build or a busy machine is no failure.

``MAKEMORE_FAST_SLOWER=3`` triples every limit; a build with a sanitizer needs no such word.
"""

import os

import pytest

import makemore_fast as mf

#: The sanitizers that the extension was built with, such as "address,undefined".
SANITIZERS: str = str(mf.build_info().get("sanitizers", ""))

#: For tests that measure or limit memory: the sanitizers take far more, and keep what is freed.
not_for_sanitizers = pytest.mark.skipif(
    bool(SANITIZERS), reason="not for sanitizers, which take memory of their own"
)

#: How many times longer everything may take.
SLOWER = float(os.environ.get("MAKEMORE_FAST_SLOWER", "1")) * (15 if SANITIZERS else 1)


def seconds(limit: float) -> float:
    """Return a limit for this build on this machine."""
    return limit * SLOWER


def work(amount: int) -> int:
    """Return an amount of work that takes this build about as long as another takes for all."""
    return amount // 10 if SANITIZERS else amount
