"""Fonts that have the symbols of a picture: those that matplotlib is set to, or others it finds."""

import contextlib
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from makemore_fast.display.labels import code_point, combined, visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LAST_RESORT = "Last Resort"  # has a picture of a code point's block, and no symbol


class Written(NamedTuple):
    """How labels are written: a text for each, and the families of fonts that have them all."""

    texts: list[str]
    family: list[str]


def written(labels: Sequence[str]) -> Written:
    """Return labels of symbols as texts that can be drawn.

    A symbol that cannot be seen, or that no font has which is installed, is written as U+XXXX;
    of the latter one warning tells. A combining mark does so with what stands before it in a label.
    """
    from matplotlib.font_manager import FontProperties

    family = list(FontProperties().get_family())
    parted = [[(symbol, place > 0) for place, symbol in enumerate(label)] for label in labels]
    shown = {
        part: combined(part[0]) if part[1] else visible(part[0]) for part in set().union(*parted)
    }
    missing = {part for text in shown.values() for part in text}
    missing -= _covered(_set_to(), missing)
    if missing:
        found, missing = _search(frozenset(missing), _number_of_fonts())
        family += found
    lacking = [part for part, text in shown.items() if missing.intersection(text)]
    if lacking:
        _warn(sorted({symbol for symbol, _ in lacking}))
    shown |= {part: code_point(part[0]) for part in lacking}
    return Written(["".join(shown[part] for part in parts) for parts in parted], family)


def write_title(ax: "Axes", title: str | None) -> None:
    """Write a title as it stands, but for symbols that cannot be drawn."""
    if title is not None:
        text, style = as_it_stands(title)
        ax.set_title(text, **style)


def as_it_stands(text: str) -> tuple[str, dict[str, Any]]:
    """Return a text in which symbols that cannot be drawn are code points, and its style."""
    pieces = re.split("([ \n])", text)
    labels = written(pieces[::2])
    pieces[::2] = labels.texts
    style = {"family": labels.family, "parse_math": False, "usetex": False}  # a $ is a $
    return "".join(pieces), style


def _warn(lacking: Sequence[str]) -> None:
    first = lacking[0]
    few = f"{len(lacking):,} of the symbols" if len(lacking) > 1 else "one of the symbols"
    warnings.warn(
        f"no font that is installed has {few}, {first!r} ({code_point(first)}) for one, which "
        "are written as code points; install a font that has them (on Debian fonts-noto-cjk for "
        "Chinese, Japanese and Korean), or set matplotlib.rcParams['font.family'] to one",
        UserWarning,
        stacklevel=2,
    )


def _set_to() -> Iterator[str]:
    """Yield the paths of the fonts that matplotlib is set to."""
    from matplotlib.font_manager import FontProperties, findfont

    some = False
    for family in FontProperties().get_family():
        with contextlib.suppress(ValueError):  # not installed; matplotlib goes on to the next too
            yield findfont(FontProperties(family=family), fallback_to_default=False)
            some = True
    if not some:
        yield findfont(FontProperties())


def _covered(paths: Iterable[str], symbols: Iterable[str]) -> set[str]:
    """Return those of the symbols that fonts have."""
    from matplotlib.font_manager import get_font

    wanted, covered = set(symbols), set[str]()
    for path in paths:
        with contextlib.suppress(OSError, RuntimeError):  # no font, or one that is damaged
            font = get_font(path)
            if font.scalable:  # the others, as of emoji in colour, cannot be drawn
                covered |= {one for one in wanted - covered if font.get_char_index(ord(one))}
    return covered


def _number_of_fonts() -> int:
    from matplotlib.font_manager import fontManager

    return len(fontManager.ttflist)


@lru_cache(maxsize=64)
def _search(missing: frozenset[str], _fonts: int) -> tuple[list[str], set[str]]:
    """Return families of fonts that have missing symbols, and those that none of them has."""
    from matplotlib.font_manager import fontManager

    known = list(fontManager.ttflist)
    families, left = _families(known, set(missing))
    if left:
        _add_new_fonts({entry.fname for entry in known})
        more, left = _families(fontManager.ttflist[len(known) :], left)
        families += more
    return families, left


def _families(entries: Sequence[Any], missing: set[str]) -> tuple[list[str], set[str]]:
    """Choose the font that has most of the symbols, then that which has most of the rest."""
    plain = sorted(
        (entry for entry in entries if not entry.name.startswith(_LAST_RESORT)), key=_oddness
    )
    has: dict[str, set[str]] = {}
    for entry in plain:
        if entry.name not in has:
            has[entry.name] = _covered([entry.fname], missing)
        if has[entry.name] == missing:
            return [entry.name], set()
    chosen: list[str] = []
    left = set(missing)
    while left and has:
        name = max(has, key=lambda name: len(has[name] & left))
        if not has[name] & left:
            break
        chosen.append(name)
        left -= has[name]
    return chosen, left


def _oddness(entry: Any) -> tuple[bool, bool, bool, str]:
    """Return what sorts upright sans-serif fonts of normal weight first."""
    weight = entry.weight not in (400, "normal", "regular", "book", "roman")
    return weight, entry.style != "normal", "Sans" not in entry.name, entry.name


def _add_new_fonts(known: set[str]) -> None:
    """Add fonts that were installed after matplotlib made its list of them."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    for path in sorted(set(findSystemFonts()) - known):
        with contextlib.suppress(Exception):  # whatever is wrong with a font of somebody's
            fontManager.addfont(path)
