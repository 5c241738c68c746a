"""The progress bar of long calls, in terminals and notebooks."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def bar(
    total: int | None, unit: str, *, shown: bool, delay: float = 0
) -> Iterator[Callable[[int], None] | None]:
    """Show a bar on stderr; yields what to call with how much is done so far.

    Yields None, and shows nothing, if not `shown`, or where no stderr is (cron, pythonw).
    `total` None means: not known. It is shown after a `delay` in seconds.
    """
    if not shown or sys.stderr is None:
        yield None
        return
    from tqdm.auto import tqdm

    with tqdm(total=total, unit=unit, unit_scale=True, unit_divisor=1000, delay=delay) as shown_bar:

        def advance_to(done: int) -> None:
            shown_bar.update(done - shown_bar.n)

        yield advance_to


@contextmanager
def share_bar(tasks: int, *, shown: bool) -> Iterator[Callable[[int, float], None] | None]:
    """Show a bar of tasks on stderr; yields what to call with a task's number and its share.

    Yields None, and shows nothing, if not `shown`, or where no stderr is.
    """
    if not shown or sys.stderr is None:
        yield None
        return
    from tqdm.auto import tqdm

    with tqdm(total=tasks, bar_format="{l_bar}{bar}| [{elapsed}<{remaining}]") as bar:

        def advance_to(task: int, done: float) -> None:
            bar.update(task + done - bar.n)

        yield advance_to
        bar.update(tasks - bar.n)
