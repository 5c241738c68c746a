"""The progress bar of long calls, in terminals and notebooks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def byte_bar(total: int | None, *, shown: bool) -> Iterator[Callable[[int], None] | None]:
    """Show a bar of bytes on stderr; yields what to call with the bytes done so far.

    Yields None, and shows nothing, if not `shown`. `total` None means: not known.
    """
    if not shown:
        yield None
        return
    from tqdm.auto import tqdm

    with tqdm(total=total, unit="B", unit_scale=True, unit_divisor=1000) as bar:

        def advance_to(done: int) -> None:
            bar.update(done - bar.n)

        yield advance_to
