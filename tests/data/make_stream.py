"""Writes stream.json, the golden file of the sampling stream, from the slow twin.

Run ``python tests/data/make_stream.py`` only when the stream is meant to change, and say so
in CHANGELOG.md under "Changes": it breaks what users have written down.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import reference
from makemore_fast.rng import stream_seed

FIVE = ["emma", "olivia", "ava", "isabella", "sophia"]
SCRIPTS = ["żółw", "Ωμέγα", "हिन्दी", "中文", "😀👍"]
#: Words, order, smoothing, seed, and how the distributions are truncated.
CASES: list[tuple[list[str], int, float | str, int, dict[str, Any]]] = [
    (FIVE, 2, 0, 42, {}),
    (FIVE, 2, 1, 2147483647, {}),
    (SCRIPTS, 2, 0.5, 0, {}),
    (["a"], 2, 0, 7, {}),
    (FIVE, 2, 0.5, 3, {"temperature": 0.7, "top_k": 5}),
    (FIVE, 4, "kneser-ney", 42, {}),
    (SCRIPTS, 3, "kneser-ney", 1, {}),
    (FIVE, 3, "witten-bell", 42, {}),
    (FIVE, 3, "kneser-ney", 5, {"temperature": 1.5, "top_k": 4}),
    (FIVE, 4, "witten-bell", 6, {"temperature": 0.5}),
]
METHODS = {"kneser-ney": reference.KneserNey, "witten-bell": reference.WittenBell}


def bigrams(words: list[str], smoothing: float, seed: int, n: int, **shape: Any) -> list[str]:
    """Draw the stream of a bigram model."""
    alphabet = reference.alphabet(words)
    p = reference.probabilities(reference.table(words, alphabet), smoothing)
    ids = reference.sample(reference.reshaped(p, **shape), seed, n)
    return ["".join(alphabet[i] for i in word) for word in ids]


def ngrams(model: reference.KneserNey, seed: int, n: int, **shape: Any) -> list[str]:
    """Draw the stream of a model of longer contexts whose distributions are truncated."""

    def symbols(number: int) -> Iterator[str]:
        history: reference.Gram = (model.symbols[0],)
        for bits in reference.draws(seed, number):
            after = model.after(history[-(model.order - 1) :])
            (row,) = reference.reshaped([[after[s] for s in model.symbols]], **shape)
            table = reference.alias_row(row)
            threshold, alias = table[bits % len(table)]
            drawn = bits % len(table) if bits // len(table) < threshold else alias
            if drawn == 0:
                return
            history = (*history, model.symbols[drawn])
            yield model.symbols[drawn]

    return ["".join(symbols(number)) for number in range(n)]


def main() -> None:
    """Write the file."""
    stored = []
    for words, order, smoothing, seed, shape in CASES:
        if isinstance(smoothing, str):
            model = METHODS[smoothing](words, order, reference.alphabet(words))
            drawn = ngrams if shape else reference.sample_by_levels
            sample = drawn(model, stream_seed(seed), 50, **shape)
        else:
            sample = bigrams(words, smoothing, stream_seed(seed), 50, **shape)
        stored.append(
            {
                "words": words,
                "order": order,
                "smoothing": smoothing,
                "seed": seed,
                "shape": shape,
                "sample": sample,
            }
        )
    text = json.dumps(stored, ensure_ascii=False, indent=1)
    Path(__file__).with_name("stream.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
