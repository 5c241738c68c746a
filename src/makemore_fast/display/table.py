"""Counts as HTML, which is how a notebook shows them; and how a symbol is written in a picture."""

import unicodedata
from html import escape
from typing import TYPE_CHECKING

from makemore_fast.symbols import grams

if TYPE_CHECKING:
    from makemore_fast.counts import Counts

_MOST_SYMBOLS = 40  # in a table of all bigrams
_MOST_COMMON = 20  # bigrams in the table for more symbols than that
_STAND_INS = {" ": "␣", "\n": "↵", "\t": "⇥"}
#: Symbols that Unicode calls letters, marks or signs and that leave no ink.
_BLANK = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
)
_CELL = "padding:1px 4px;text-align:right;border:none"
_HEADER = "padding:1px 4px;text-align:center;border:none;font-weight:bold"


def visible(symbol: str) -> str:
    r"""Return a symbol as something that can be seen, and that changes nothing around it.

    Parameters
    ----------
    symbol : str
        One code point.

    Returns
    -------
    str
        A sign for a space, a tab and a newline; a combining mark on a dotted circle; U+XXXX
        for other spaces, control characters and whatever else leaves no ink; otherwise the
        symbol itself.

    Examples
    --------
    >>> [visible(symbol) for symbol in "a $\x00\u0301"]
    ['a', '␣', '$', 'U+0000', '◌́']
    """
    if symbol in _STAND_INS:
        return _STAND_INS[symbol]
    category = unicodedata.category(symbol)
    if category[0] in "CZ" or symbol in _BLANK:
        return code_point(symbol)
    return "◌" + symbol if category[0] == "M" else symbol


def code_point(symbol: str) -> str:
    """Return the name that Unicode gives a symbol's number, such as U+0061 for a."""
    return f"U+{ord(symbol):04X}"


def short(count: int) -> str:
    """Return a count in at most five characters: exact below 100,000, then as 123k or 1.2M.

    Examples
    --------
    >>> [short(count) for count in (0, 6763, 99_999, 100_000, 999_999, 1_234_567)]
    ['0', '6763', '99999', '100k', '1M', '1.2M']
    """
    if count < 100_000:
        return str(count)
    value, units = float(count), iter("kMGTPE")
    unit = ""
    while value >= 999.5:
        value, unit = value / 1000, next(units)
    return (f"{value:.0f}" if value >= 9.95 else f"{value:.1f}".removesuffix(".0")) + unit


def html_table(counts: "Counts") -> str:
    """Return counts as HTML that stands on its own and is legible on light and dark pages.

    Parameters
    ----------
    counts : Counts

    Returns
    -------
    str
        A heading and a table of all bigrams, a row for each first symbol and a column for
        each second one; for more than 40 symbols, or another order than 2, a table of the 20
        most common n-grams. The
        exact count of a cell is in its tooltip.
    """
    square = counts.order == 2 and len(counts.alphabet) <= _MOST_SYMBOLS
    rows = _every_bigram(counts) if square else _common(counts)
    heading = (
        f"<b>Counts</b>: {counts.words:,} words, {counts.total:,} {grams(counts.order)}, "
        f"{len(counts.alphabet):,} symbols"
    )
    return (
        f'<div style="max-width:100%;overflow-x:auto"><div>{heading}</div>'
        '<table style="border-collapse:collapse;font-size:11px;line-height:1.4;margin:4px 0">'
        + "".join(f"<tr>{row}</tr>" for row in rows)
        + "</table></div>"
    )


def _every_bigram(counts: "Counts") -> list[str]:
    """Return the rows of the table of all bigrams, its column headers first."""
    names = [visible(symbol) for symbol in counts.alphabet]
    array = counts.array.tolist()
    largest = max(map(max, array))
    corner = f'<th style="{_HEADER}" title="row: first symbol, column: second symbol"></th>'
    rows = [corner + "".join(_header(name, "col") for name in names)]
    for first, row in zip(names, array, strict=True):
        cells = (
            _cell(first + second, count, largest, short(count))
            for second, count in zip(names, row, strict=True)
        )
        rows.append(_header(first, "row") + "".join(cells))
    return rows


def _common(counts: "Counts") -> list[str]:
    """Return the rows of the table of the most common n-grams, its column headers first."""
    common = counts.most_common(_MOST_COMMON)
    rows = ["".join(_header(text, "col") for text in (grams(counts.order)[:-1], "count", "share"))]
    for symbols, count in common:
        name = "".join(map(visible, symbols))
        rows.append(
            _header(name, "row")
            + _cell(name, count, common[0][1], f"{count:,}")
            + f'<td style="{_CELL}">{count / counts.total:.2%}</td>'
        )
    return rows


def _header(text: str, scope: str) -> str:
    return f'<th scope="{scope}" style="{_HEADER}">{escape(text)}</th>'


def _cell(name: str, count: int, largest: int, text: str) -> str:
    """Return a cell, the bluer the larger its count; blue that is clear bears any text colour."""
    # The square root, since most counts of a corpus are tiny beside its largest.
    blue = f";background:rgba(60,130,230,{0.6 * (count / largest) ** 0.5:.2f})" if count else ""
    faint = "" if count else ";opacity:0.6"
    return f'<td style="{_CELL}{blue}{faint}" title="{escape(name)}: {count:,}">{escape(text)}</td>'
