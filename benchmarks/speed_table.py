"""The compact tables of speeds, shared by the terminal summary and the README."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One benchmark: so many items of a unit in so many seconds, those of its fastest round.

    Other work on the machine only ever makes a round slower, and some rows far more than others.
    """

    group: str
    label: str
    unit: str
    items: float
    seconds: float
    baseline: bool = False
    limit: float | None = None  # of an amount: the items are no work, and the time says nothing

    @property
    def speed(self) -> float:
        """Items per second."""
        return self.items / self.seconds

    @classmethod
    def from_json(cls, benchmark: dict[str, Any]) -> "Row":
        """Return the row of one entry of the file that --benchmark-json writes."""
        info = benchmark["extra_info"]
        return cls(
            group=benchmark["group"],
            label=info["label"],
            unit=info["unit"],
            items=info["items"],
            seconds=benchmark["stats"]["min"],
            baseline=info.get("baseline", False),
            limit=info.get("limit"),
        )


@dataclass(frozen=True)
class Table:
    """The rows of one group, as text under what stands above the columns."""

    heads: tuple[str, str, str]
    lines: list[tuple[str, str, str]]


def tables(rows: Iterable[Row]) -> Iterator[Table]:
    """Make a table of each group, in the order in which the groups first appear."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.group, row.unit), []).append(row)
    for (title, unit), members in groups.items():
        yield _amounts(title, unit, members) if members[0].limit else _speeds(title, unit, members)


def _speeds(title: str, unit: str, rows: list[Row]) -> Table:
    """Put the fastest first. All are compared with the row that says so, or else the slowest."""
    rows = sorted(rows, key=lambda row: -row.speed)
    baseline = next((row for row in rows if row.baseline), rows[-1])
    million, scale = ("million ", 1e6) if rows[0].speed >= 1e3 else ("", 1)
    lines = [
        (row.label, _three_digits(row.speed / scale), _three_digits(row.speed / baseline.speed))
        for row in rows
    ]
    return Table((title, f"{million}{unit}/s", f"times {baseline.label}"), lines)


def _amounts(title: str, unit: str, rows: list[Row]) -> Table:
    """Keep the order of the rows, each with its limit."""
    lines = [(row.label, _three_digits(row.items), _three_digits(row.limit or 0)) for row in rows]
    return Table((title, unit, "at most"), lines)


def _three_digits(number: float) -> str:
    """Write a number with three significant digits or, from 100 on, as a whole number."""
    if number >= 99.95:
        return f"{number:,.0f}"
    decimals = 1 if number >= 9.995 else 2 if number >= 0.9995 else 3
    return f"{number:.{decimals}f}"


def plain(table: Table) -> Iterator[str]:
    """Return the lines of a table for a terminal."""
    rows = [table.heads, *table.lines]
    first, second, third = (max(map(len, column)) for column in zip(*rows, strict=True))
    for label, speed, ratio in rows:
        yield f"{label:<{first}}  {speed:>{second}}  {ratio:>{third}}"


def markdown(table: Table) -> Iterator[str]:
    """Return the lines of a table for the README."""
    head, *body = [table.heads, *table.lines]
    for cells in (head, ("---", "---:", "---:"), *body):
        yield f"| {' | '.join(cells)} |"
