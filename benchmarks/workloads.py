"""The words that are counted and imitated: the same for every row of every table."""

import os
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

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


def made_up_words(letters: str, n: int, *, longest: int = 11, rare: str = "") -> list[str]:
    """Return random words of 3 or more letters; one letter in twelve is a rare one, if any."""
    rng = np.random.default_rng(len(letters))
    shares = np.arange(len(letters), 0, -1) ** 1.5  # the first letters are the most frequent
    drawn = rng.choice(list(letters), size=n * longest, p=shares / shares.sum())
    if rare:
        places = rng.random(len(drawn)) < 1 / 12
        drawn[places] = rng.choice(list(rare), size=int(places.sum()))
    text = "".join(drawn)
    lengths = rng.integers(min(3, longest), longest + 1, size=n)
    return [text[longest * i : longest * i + length] for i, length in enumerate(lengths)]


def dictionary(name: str) -> list[str]:
    """Return a word list of the system (Debian: wfrench, wpolish) without ".", or nothing."""
    path = Path("/usr/share/dict") / name
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")
    return [line for line in lines if line and "." not in line]


@cache
def running_text(size: int) -> bytes:
    """Return about so many bytes of lines of made-up words, some of which follow others often.

    The words have the frequencies of Zipf's law. Three in four are one of 32 that may follow the
    word before, the first of them most often.
    """
    rng = np.random.default_rng(7)
    made = made_up_words("etaoinshrdlu", 60_000, longest=9)
    types = np.array(sorted(set(made), key=lambda word: (len(word), word)))
    shares = np.cumsum(1 / (np.arange(len(types)) + 2.7))
    follows = np.cumsum(1 / np.arange(1, 33))

    def drawn(n: int) -> NDArray[np.int64]:
        places: NDArray[np.int64] = np.searchsorted(shares, rng.random(n) * shares[-1])
        return places

    after = drawn(32 * len(types)).reshape(-1, 32)
    lines = max(1, size // 88)
    text = np.empty((lines, 18), np.int64)
    text[:, 0] = drawn(lines)
    for place in range(1, 18):
        which = np.searchsorted(follows, rng.random(lines) * follows[-1])
        likely = after[text[:, place - 1], which]
        text[:, place] = np.where(rng.random(lines) < 0.75, likely, drawn(lines))
    return ("\n".join(" ".join(line) for line in types[text].tolist()) + "\n").encode()
