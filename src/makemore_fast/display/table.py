"""Counts as HTML, which is how a notebook shows them."""

from html import escape

from makemore_fast.display.labels import short, visible
from makemore_fast.ngram_counts import NgramCounts
from makemore_fast.symbols import grams

_MOST_SYMBOLS = 40  # in a table of all bigrams
_MOST_COMMON = 20  # bigrams in the table for more symbols than that
_CELL = "padding:1px 4px;text-align:right;border:none"
_HEADER = "padding:1px 4px;text-align:center;border:none;font-weight:bold"


def html_table(counts: NgramCounts) -> str:
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
    square = counts.order == 2 and len(counts.symbols) <= _MOST_SYMBOLS
    rows = _every_bigram(counts) if square else _common(counts)
    heading = (
        f"<b>Counts</b>: {counts.words:,} words, {counts.total:,} {grams(counts.order)}, "
        f"{len(counts.symbols):,} symbols"
    )
    return (
        f'<div style="max-width:100%;overflow-x:auto"><div>{heading}</div>'
        '<table style="border-collapse:collapse;font-size:11px;line-height:1.4;margin:4px 0">'
        + "".join(f"<tr>{row}</tr>" for row in rows)
        + "</table></div>"
    )


def _every_bigram(counts: NgramCounts) -> list[str]:
    """Return the rows of the table of all bigrams, its column headers first."""
    names = [visible(symbol) for symbol in counts.symbols]
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


def _common(counts: NgramCounts) -> list[str]:
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
