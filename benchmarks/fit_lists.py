"""`fit` against Kneser-Ney of the best order: ``python benchmarks/fit_lists.py [elves] [lines]``.

On lists of every kind that `fit` was not made for: few names, dictionaries, lines of text, pairs of
words, numbers, dates, tokens. Prints the table of docs/explanation/fit.md, or the rows of the lists
whose names hold one of the words given. Small lists are split several times, and the mean is
printed. Takes some minutes.
"""

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta

import makemore_fast as mf
from fit_table import LINES_BOUNDARY, LISTS, word_lists
from makemore_fast.fitting import Effort
from workloads import WORDS

EFFORTS: tuple[Effort, ...] = ("fast", "default")
ORDERS = range(2, 13)
MOST_SYMBOLS = 1_000  # of an alphabet for which the orders beyond 8 are counted
FEW_SPLITS = 10
ELVES = """
aelwen aranol belthir caelor daerwen elanor elwir faelin galawen haldor ilwen lorien maewen nimwir
oranel penwen rilwen saelor thalwen uilos vanwir yaerel aeranel celowen duinor elorwir fenwen
gwaelor hirwen idorel
""".split()  # noqa: SIM905


def text_lines() -> list[str]:
    """Return the different lines of this project's files."""
    return word_lists()["lines of this project"]


def numbered(words: list[str], most: int) -> list[str]:
    """Return lines of text with a symbol for each word: tokens."""
    often: dict[str, int] = {}
    for line in words:
        for word in line.split():
            often[word] = often.get(word, 0) + 1
    known = sorted(often, key=lambda word: (-often[word], word))[:most]
    symbols = {word: chr(0x4E00 + i) for i, word in enumerate(known)}
    lines = ("".join(symbols.get(word, "?") for word in line.split()) for line in words)
    return [line for line in lines if line]


def lists() -> dict[str, list[str]]:
    """Return every list by its name."""
    drawn = random.Random(1)
    day = date(2000, 1, 1)
    made = {
        "one word, 40 times": ["emma"] * 40,
        "two words, 20 times": ["emma", "olivia"] * 20,
        "30 elves": ELVES,
        **{f"{n:,} names": drawn.sample(WORDS, n) for n in (25, 63, 250, 1_250, 6_250)},
        "1,250 pairs of names": [" ".join(drawn.sample(WORDS, 2)) for _ in range(1_250)],
        "12,500 pairs of names": [" ".join(drawn.sample(WORDS, 2)) for _ in range(12_500)],
        "1,250 digits": [str(drawn.randrange(10)) for _ in range(1_250)],
        "1,250 numbers of six digits": [f"{drawn.randrange(10**6):06}" for _ in range(1_250)],
        "12,500 numbers of six digits": [f"{drawn.randrange(10**6):06}" for _ in range(12_500)],
        "1,250 multiples of 7": [str(7 * drawn.randrange(10**5)) for _ in range(1_250)],
        "1,250 dates": [str(day + timedelta(drawn.randrange(9_000))) for _ in range(1_250)],
        "1,250 addresses": [
            ".".join(str(drawn.randrange(256)) for _ in range(4)) for _ in range(1_250)
        ],
    }
    for name in ("american-english", "french", "polish"):
        if (LISTS / name).exists():
            words = (LISTS / name).read_text(encoding="utf-8").splitlines()
            for n in (250, 1_250, 12_500, 50_000):
                made[f"{n:,} of {name}"] = random.Random(0).sample(words, n)
    lines = text_lines()
    for n in (250, 1_250, 6_250):
        made[f"{n:,} lines"] = drawn.sample(lines, n)
    made["lines of this project"] = lines
    made["lines as tokens"] = numbered(lines, 2_000)
    return made


def splits(words: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield words to learn from, 80 in 100, and others; several times where they are few."""
    for seed in range(FEW_SPLITS if len(words) <= 1_250 else 1):
        shuffled = list(words)
        random.Random(seed).shuffle(shuffled)
        train, test = shuffled[: len(words) * 4 // 5], shuffled[len(words) * 4 // 5 :]
        known = set("".join(train))
        test = [word for word in test if known.issuperset(word)]
        if test:
            yield train, test


def main(wanted: list[str]) -> None:
    """Print the rows of the lists whose names hold one of the words."""
    print(f"| words | train | Kneser-Ney, best order | {' | '.join(EFFORTS)} |")
    print(f"| --- | ---: | ---: |{' ---: |' * len(EFFORTS)}")
    for name, words in lists().items():
        if wanted and not any(part in name for part in wanted):
            continue
        parts = list(splits(words))
        boundary = LINES_BOUNDARY
        kneser_ney = []
        for order in ORDERS if len(set("".join(words))) <= MOST_SYMBOLS else range(2, 9):
            models = (
                (mf.count(train, order=order, boundary=boundary), test) for train, test in parts
            )
            found = [m.model(smoothing="kneser-ney").nll(test) for m, test in models]
            kneser_ney.append((sum(found) / len(parts), order))
        cells = []
        for effort in EFFORTS:
            found = [
                mf.fit(train, effort=effort, boundary=boundary).nll(test) for train, test in parts
            ]
            cells.append(sum(found) / len(parts))
        best, order = min(kneser_ney)
        row = " | ".join(f"{cell:.4f}{' (worse)' * (cell > best)}" for cell in cells)
        print(f"| {name} | {len(parts[0][0]):,} | {best:.4f} ({order}) | {row} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
