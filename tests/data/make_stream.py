"""Writes stream.json, the golden file of the sampling stream, from the slow twin.

Run ``python tests/data/make_stream.py`` only when the stream is meant to change, and say so
in CHANGELOG.md under "Changes": it breaks what users have written down.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import reference
from makemore_fast.rng import stream_seed

FIVE = ["emma", "olivia", "ava", "isabella", "sophia"]
CASES: list[tuple[list[str], float, int]] = [
    (FIVE, 0, 42),
    (FIVE, 1, 2147483647),
    (["żółw", "Ωμέγα", "हिन्दी", "中文", "😀👍"], 0.5, 0),
    (["a"], 0, 7),
]


def main() -> None:
    """Write the file."""
    stored = []
    for words, smoothing, seed in CASES:
        alphabet = reference.alphabet(words)
        p = reference.probabilities(reference.table(words, alphabet), smoothing)
        ids = reference.sample(p, stream_seed(seed), 50)
        sample = ["".join(alphabet[i] for i in word) for word in ids]
        stored.append({"words": words, "smoothing": smoothing, "seed": seed, "sample": sample})
    text = json.dumps(stored, ensure_ascii=False, indent=1)
    Path(__file__).with_name("stream.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
