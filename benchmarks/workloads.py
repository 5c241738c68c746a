"""The words that are counted and imitated: the same for every row of every table."""

import os
from functools import cache
from pathlib import Path

import makemore_fast as mf

#: Tiny sizes, one round and no demands on the speed: only shows that the benchmarks work.
SMOKE = os.environ.get("MAKEMORE_BENCH_SMOKE") == "1"

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data" / "names.txt"


def _load() -> tuple[str, list[str]]:
    """Return a name and the words of $MAKEMORE_NAMES, of a names.txt nearby, or the built-in."""
    given = os.environ.get("MAKEMORE_NAMES")
    if given or _BESIDE.exists():
        path = Path(given) if given else _BESIDE
        lines = path.read_text(encoding="utf-8-sig").split("\n")
        return path.name, [line for line in lines if line]
    return "the built-in names", mf.names()


NAME, WORDS = _load()
if SMOKE:
    WORDS = WORDS[:500]

TITLE = f"{len(WORDS):,} words of {NAME}"


@cache
def repeated_bytes(times: int) -> bytes:
    """Return the words over and over, one a line, as UTF-8."""
    return ("\n".join(WORDS) + "\n").encode() * times


@cache
def repeated_words(times: int) -> list[str]:
    """Return the words over and over, each time as new str objects, as if read from a file."""
    return repeated_bytes(times).decode().split("\n")[:-1]
