"""`measure`: times one row of a table and keeps it for the summary."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Protocol

import pytest

from speed_table import Row
from workloads import SMOKE


class Stats(Protocol):
    """What pytest-benchmark knows of one benchmark afterwards."""

    def __getitem__(self, key: str) -> Any: ...


class Benchmark(Protocol):
    """The part of pytest-benchmark's fixture that is used here."""

    group: str
    extra_info: dict[str, Any]
    stats: Stats

    def __call__(self, function_to_benchmark: Callable[[], object]) -> object:
        """Time a function, with as many rounds as fit into a second."""

    def pedantic(self, target: Callable[[], object], *, rounds: int) -> object:
        """Time a function, with as many rounds as told."""


needs_torch = pytest.mark.skipif(
    find_spec("torch") is None, reason="needs torch: pip install '.[bench]'"
)

#: What was measured so far.
ROWS: list[Row] = []


def measure(
    benchmark: Benchmark,
    work: Callable[[], object],
    *,
    label: str,
    items: int,
    unit: str,
    rounds: int | None = None,
    baseline: bool = False,
    at_least: float | None = None,
) -> None:
    """Time some work as one row of its group's table.

    Parameters
    ----------
    benchmark
        pytest-benchmark's fixture; the group is that of the test's mark.
    work
        What to time.
    label
        The row's name.
    items, unit
        How many bigrams, symbols or bytes the work deals with.
    rounds
        How often to do slow work; by default for a second and five times or more.
    baseline
        Whether the group's other rows are compared with this one.
    at_least
        By what factor the row must outdo the baseline; not looked at in a smoke run, and only
        where the baseline was measured before.
    """
    if SMOKE:
        benchmark.pedantic(work, rounds=1)
    elif rounds is not None:
        benchmark.pedantic(work, rounds=rounds)
    else:
        benchmark(work)
    row = Row(benchmark.group, label, unit, items, benchmark.stats["min"], baseline)
    benchmark.extra_info |= {"label": label, "items": items, "unit": unit, "baseline": baseline}
    benchmark.extra_info |= {unit: items, f"{unit}_per_second": row.speed}
    ROWS.append(row)
    slow = [other for other in ROWS if other.group == row.group and other.baseline]
    if at_least is not None and slow and not SMOKE:
        ratio = row.speed / slow[-1].speed
        if ratio < at_least:
            pytest.fail(
                f"{label} is {ratio:,.0f} times as fast as {slow[-1].label}, "
                f"not {at_least:,.0f} times"
            )


def record_amount(
    benchmark: Benchmark, work: Callable[[], float], *, label: str, unit: str, limit: float
) -> None:
    """Do some work once that returns an amount, such as of memory, as a row of its own table.

    Parameters
    ----------
    benchmark
        pytest-benchmark's fixture; the group is that of the test's mark.
    work
        What to do.
    label
        The row's name.
    unit, limit
        What the amount is of, and how much it may be, also in a smoke run.
    """
    amounts: list[float] = []
    benchmark.pedantic(lambda: amounts.append(work()), rounds=1)
    amount = amounts[0]
    ROWS.append(Row(benchmark.group, label, unit, amount, benchmark.stats["min"], limit=limit))
    benchmark.extra_info |= {"label": label, "items": amount, "unit": unit, "limit": limit}
    if amount >= limit:
        pytest.fail(f"{label}: {amount:,.1f} {unit}, not below {limit:,.0f}")
