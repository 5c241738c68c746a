"""How symbols and counts are written in tables and pictures."""

import math
import unicodedata
from collections.abc import Iterable

_TOO_LARGE = 9.995e20  # a number for which there is no letter; a count has at most 64 bits
_STAND_INS = {" ": "␣", "\n": "↵", "\t": "⇥"}
#: Symbols that Unicode calls letters, marks or signs and that leave no ink.
_BLANK = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
)


def visible(symbol: str) -> str:
    r"""Return a symbol as something that can be seen, and that changes nothing around it.

    Parameters
    ----------
    symbol : str
        One code point, or several of a token.

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
    if len(symbol) > 1:  # a token: what combines in it does so with what stands before
        return visible(symbol[0]) + "".join(map(combined, symbol[1:]))
    if symbol in _STAND_INS:
        return _STAND_INS[symbol]
    category = unicodedata.category(symbol)
    if category[0] in "CZ" or symbol in _BLANK:
        return code_point(symbol)
    return "◌" + symbol if category[0] == "M" else symbol


def combined(symbol: str) -> str:
    """Return a code point as it is seen behind another one of the same token."""
    joins = symbol == "\u200d" or unicodedata.category(symbol)[0] == "M"
    return symbol if joins else visible(symbol)


def side_by_side(symbols: Iterable[str], joint: str) -> str:
    """Return several symbols as one label, in which no mark combines with the symbol before it.

    >>> side_by_side(["e", "\u0301"], "")
    'e◌́'
    """
    return joint.join(
        "◌" + symbol if unicodedata.category(symbol[0])[0] == "M" else symbol for symbol in symbols
    )


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


def short_number(value: float) -> str:
    """Return a count as `short` does, and any other number in two digits.

    Examples
    --------
    >>> [short_number(value) for value in (7, 123_456, -12, 0.0, 0.25, -0.0312, 0.00012, 1e-9)]
    ['7', '123k', '-12', '0', '0.25', '-0.031', '1.2e-4', '1e-9']
    >>> short_number(2_500_000.0), short_number(float("-inf")), short_number(float("nan"))
    ('2.5M', '-∞', '')
    >>> short_number(9e20), short_number(-2.5e21)
    ('900E', '-2.5e21')
    """
    if math.isnan(value):
        return ""
    sign = "-" if value < 0 else ""
    size = abs(value)
    if math.isinf(size):
        return sign + "∞"
    if 1000 <= size < _TOO_LARGE or isinstance(value, int):
        return sign + short(round(size))
    if size == 0:
        return "0"
    if 100 <= size < _TOO_LARGE:
        return f"{sign}{size:.0f}"
    if 0.001 <= size < _TOO_LARGE:
        return f"{value:.2g}"
    digits, exponent = f"{value:.1e}".split("e")
    return f"{digits.removesuffix('.0')}e{int(exponent)}"
