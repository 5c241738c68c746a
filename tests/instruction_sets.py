"""Using another instruction set of this machine for a while."""

from collections.abc import Iterator
from contextlib import contextmanager

import makemore_fast as mf
from makemore_fast import _core


@contextmanager
def forced(isa: str) -> Iterator[None]:
    """Use an instruction set in all calls until the end of the block."""
    before = mf.build_info()["instruction_set"]
    _core.force_isa(isa)
    try:
        yield
    finally:
        _core.force_isa(before)
