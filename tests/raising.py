"""Calls that must be refused, one a line: the error, what it says, and the call."""

from collections.abc import Callable
from typing import Any

import pytest

Errors = type[BaseException] | tuple[type[BaseException], ...]


def raises(
    error: Errors, match: str, call: Callable[..., object], /, *args: Any, **how: Any
) -> None:
    """Fail, at the line of the test, unless a call raises an error whose message matches."""
    __tracebackhide__ = True
    with pytest.raises(error, match=match):
        call(*args, **how)
