"""What each part of `fit` brings: ``python benchmarks/fit_parts.py [names.txt|french|...] [more]``.

Fits the split of a list (lecture_split.py; the word lists of fit_table.py) with chains left out or
changed, and prints the loss on the dev words: the chains were chosen by these. With `more`, it
prints what further chains would bring instead. Prints the tables of docs/explanation/fit.md; some
minutes.
"""

import sys

import makemore_fast as mf
from fit_table import word_lists
from lecture_split import split
from makemore_fast.fitting import CHAINS

#: Chains that were tried beside the thirteen.
TRIED = (
    "h1 h2 f0 f1 f2",
    "f0 f1 h1 h2 h3",
    "c1/2 c2/2 c3/2 p15 f0",
    "h1 h2 h4 h5 h6",
    "h1 h2 c3/2 c4/2 c5/2",
    "p15 h2 h1 h3 h4 h5 h6",
    "h1 h2 h3 f0 p15",
    "h3 h4 h5 h6",
    "h1 v1 v2 v3",
    "p15 f0 f1 f2 f3",
    "p15 y6 h1 h2",
    "q1 v1 q2 v2 q3 v3",
    "v1 v2 v3 v4",
    "h2 p15 h3 f0",
    "q1 q2 q3 q4 q5",
    "f0 f1 f2 f3 f4 f5",
)


def variants() -> dict[str, tuple[str, ...]]:
    """Return the chains of each variant by what it is."""
    long = "h1 h2 h3 h4 h5 h6 h7 h8 h9 h10 h11 h12 h13 h14 h15 h16"
    sounds = tuple(chain for chain in CHAINS if not any(kind in chain for kind in "cvqy"))
    return {
        "all thirteen chains": CHAINS,
        'the first five (`effort="fast"`)': CHAINS[:5],
        "the first two": CHAINS[:2],
        "the first one, `h1` to `h5`": CHAINS[:1],
        "without vowels and consonants (c, v, q, y)": sounds,
        "without positions (p15, p8)": tuple(c for c in CHAINS if "p" not in c),
        "without the first symbols (f0 to f3)": tuple(c for c in CHAINS if "f" not in c),
        "without the sixteen last symbols": tuple(c for c in CHAINS if c != long),
        "without those that skip the last symbol or the one before it": tuple(
            c for c in CHAINS if not c.startswith(("h2 ", "h1 h3 "))
        ),
    }


def further() -> dict[str, tuple[str, ...]]:
    """Return the thirteen chains and each of those that were tried, by what they are."""
    return {
        "all thirteen chains": CHAINS,
        **{f"and `{chain}`": (*CHAINS, chain) for chain in TRIED},
    }


def main(name: str, chosen: dict[str, tuple[str, ...]]) -> None:
    """Print the table of a list."""
    parts = split([word for word in word_lists()[name] if "." not in word])
    known = set("".join(parts.train))
    dev = [word for word in parts.dev if known.issuperset(word)]
    print(f"| {name} | chains | dev |\n| --- | ---: | ---: |")
    for what, chains in chosen.items():
        loss = mf.fit(parts.train, chains=chains).nll(dev)
        print(f"| {what} | {len(chains)} | {loss:.4f} |", flush=True)


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "more"]
    main(words[0] if words else "names.txt", further() if "more" in sys.argv else variants())
