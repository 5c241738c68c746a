"""Prints tables of docs/explanation/fit.md.

``python benchmarks/fit_table.py [names] [shuffles] [lists]``.

Every model on the split of the lectures, with the processor time of one thread; `fit` on other
shuffles; and other lists. All three without a word. Reads makemore's names.txt where the benchmarks
find it, Debian's word lists (wamerican, wfrench, wpolish) where they are installed, and this
project's own lines.
"""

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import makemore_fast as mf
from lecture_split import Split, losses, split
from makemore_fast.fitting import Effort
from workloads import WORDS

EFFORTS: tuple[Effort, ...] = ("fast", "default", "best")
LISTS = Path("/usr/share/dict")
ROOT = Path(__file__).resolve().parents[1]
MOST_WORDS = 50_000  # of a list
LINES_BOUNDARY = "\0"  # lines hold every other symbol


def timed(make: Callable[[], mf.LanguageModel]) -> tuple[mf.LanguageModel, float]:
    """Return a model and the seconds of the processor that the fastest of three makings took."""
    best = float("inf")
    for _ in range(3):
        begin = time.process_time()
        model = make()
        best = min(best, time.process_time() - begin)
    return model, best


def print_names(parts: Split) -> None:
    """Print every model's loss on the lectures' split."""
    train, unseen = parts.train, parts.unseen()
    known = len(parts.test) - len(unseen)
    print(f"{len(train):,} train, {len(parts.dev):,} dev, {len(parts.test):,} test words, ")
    print(f"of which {known} stand in train too.\n")
    print("| model | seconds | test | unseen |\n| --- | ---: | ---: | ---: |")
    rows: list[tuple[str, Callable[[], mf.LanguageModel]]] = [
        ("bigrams, one added (part 1)", lambda: mf.count(train).model(smoothing=1)),
        *(
            (
                f"Kneser-Ney, order {order}",
                lambda order=order: mf.count(train, order=order).model(smoothing="kneser-ney"),
            )
            for order in (3, 4, 5, 6, 7)
        ),
        ('`fit`, `effort="fast"`', lambda: mf.fit(train, effort="fast", threads=1)),
        ("`fit`", lambda: mf.fit(train, threads=1)),
        ('`fit`, `effort="best"`', lambda: mf.fit(train, effort="best", threads=1)),
    ]
    for name, make in rows:
        model, seconds = timed(make)
        of_test, of_unseen = losses(model.score, [parts.test, unseen])
        print(f"| {name} | {seconds:.3f} | {of_test:.4f} | {of_unseen:.4f} |", flush=True)


def print_shuffles() -> None:
    """Print `fit` on three other splits of the names."""
    for effort in EFFORTS:
        others = [split(WORDS, seed) for seed in (1, 2, 3)]
        of_others = [mf.fit(other.train, effort=effort).nll(other.test) for other in others]
        print(f"{effort}, seeds 1, 2, 3: {[round(loss, 4) for loss in of_others]}")


def word_lists() -> dict[str, list[str]]:
    """Return what else is measured: word lists, and the lines of this project."""
    lists = {"names.txt": list(WORDS)}
    for name in ("american-english", "french", "polish"):
        if not (LISTS / name).exists():
            continue
        words = (LISTS / name).read_text(encoding="utf-8").splitlines()
        random.seed(0)
        lists[name] = random.sample(words, min(MOST_WORDS, len(words)))
    files = sorted(p for p in ROOT.rglob("*") if p.suffix in {".md", ".py", ".cpp", ".hpp"})
    lines = {line.strip() for file in files for line in file.read_text("utf-8").splitlines()}
    lists["lines of this project"] = sorted(lines - {""})
    return lists


def print_lists() -> None:
    """Print Kneser-Ney and `fit` on each list."""
    print(f"\n| words | train | Kneser-Ney, best order | {' | '.join(EFFORTS)} |")
    print(f"| --- | ---: | ---: |{' ---: |' * len(EFFORTS)}")
    for name, words in word_lists().items():
        boundary = LINES_BOUNDARY if "lines" in name else "."
        parts = split([word for word in words if boundary not in word])
        known = set("".join(parts.train))
        test = [word for word in parts.test if set(word) <= known]
        best, order = min(
            (
                mf.count(parts.train, order=order, boundary=boundary)
                .model(smoothing="kneser-ney")
                .nll(test),
                order,
            )
            for order in range(4, 13)
        )
        models = [mf.fit(parts.train, effort=effort, boundary=boundary) for effort in EFFORTS]
        cells = " | ".join(f"{model.nll(test):.4f}" for model in models)
        print(f"| {name} | {len(parts.train):,} | {best:.4f} ({order}) | {cells} |", flush=True)


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["names", "shuffles", "lists"]
    if "names" in wanted:
        print_names(split(WORDS))
    if "shuffles" in wanted:
        print_shuffles()
    if "lists" in wanted:
        print_lists()
