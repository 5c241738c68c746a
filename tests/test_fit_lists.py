"""`fit` is never worse than Kneser-Ney of the best order, on lists that it was not made for.

benchmarks/fit_lists.py has more of them, and prints the figures.
"""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

import makemore_fast as mf
from corpora import names
from makemore_fast.fitting import Effort

BOUNDARY = "\0"  # which no list has
ORDERS = range(2, 11)
MADE_UP = """
aelwen aranol belthir caelor daerwen elanor elwir faelin galawen haldor ilwen lorien maewen nimwir
oranel penwen rilwen saelor thalwen uilos vanwir yaerel aeranel celowen duinor elorwir fenwen
gwaelor hirwen idorel
""".split()  # noqa: SIM905


def lines() -> list[str]:
    """Return the different lines of this test's neighbours."""
    files = sorted(Path(__file__).parent.glob("test_[a-f]*.py"))
    found = {line.strip() for file in files for line in file.read_text("utf-8").splitlines()}
    return sorted(found - {""})


LISTS: dict[str, Callable[[random.Random], list[str]]] = {
    "one word": lambda _: ["emma"] * 40,
    "two words": lambda _: ["emma", "olivia"] * 20,
    "30 made-up names": lambda _: MADE_UP,
    "25 names": lambda drawn: drawn.sample(names(), 25),
    "250 names": lambda drawn: drawn.sample(names(), 250),
    "pairs of names": lambda drawn: [" ".join(drawn.sample(names(), 2)) for _ in range(500)],
    "digits": lambda drawn: [str(drawn.randrange(10)) for _ in range(500)],
    "numbers": lambda drawn: [f"{drawn.randrange(10**6):06}" for _ in range(500)],
    "addresses": lambda drawn: [
        ".".join(str(drawn.randrange(256)) for _ in range(4)) for _ in range(500)
    ],
    "lines": lambda drawn: drawn.sample(lines(), 1_500),
    "tokens": lambda drawn: [
        "".join(chr(0x4E00 + hash_of(word)) for word in line.split())
        for line in drawn.sample(lines(), 1_500)
    ],
}


def hash_of(word: str) -> int:
    """Return a number below 2,000 for a word, the same in every run."""
    return int(sum(ord(symbol) * 31**i for i, symbol in enumerate(word)) % 2_000)


@pytest.mark.parametrize("kind", LISTS)
def test_fit_is_never_worse_than_kneser_ney_of_the_best_order(kind: str) -> None:
    words = LISTS[kind](random.Random(1))
    losses: dict[str, float] = {}
    efforts: tuple[Effort, ...] = ("fast", "default")
    for seed in range(5 if len(words) <= 500 else 1):  # of few words, chance decides one split
        random.Random(seed).shuffle(words := list(words))
        train, others = words[: len(words) * 4 // 5], words[len(words) * 4 // 5 :]
        known = set("".join(train))
        test = [word for word in others if known.issuperset(word)]
        if not test:
            continue
        for order in ORDERS:
            model = mf.count(train, order=order, boundary=BOUNDARY).model(smoothing="kneser-ney")
            name = f"order {order}"
            losses[name] = losses.get(name, 0) + model.nll(test)
        for effort in efforts:
            mixture = mf.fit(train, effort=effort, boundary=BOUNDARY)
            losses[effort] = losses.get(effort, 0) + mixture.nll(test)
    best = min(losses[f"order {order}"] for order in ORDERS)
    assert losses["fast"] < best
    assert losses["default"] < best
