"""What a maintainer checks on a new machine: the same numbers and words as everywhere else.

python check.py; exits with 1 if anything differs.
"""

import hashlib
import sys

import numpy as np

import makemore_fast as mf

names = mf.names()
info = mf.build_info()
print({key: info[key] for key in ("version", "instruction_set") if key in info})

counts = mf.count(names)
model = counts.model(smoothing=1)
longer = mf.count(names, order=5).model(smoothing="kneser-ney")
fitted = mf.fit(names, effort="fast", threads=1)


def digest(words: list[str]) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]


checks = {
    "2,910 names": counts.words == 2910,
    "bigrams and their sum": counts.total == int(counts.array.sum()),
    "rows sum to one": bool(np.allclose(model.probabilities.sum(axis=1), 1)),
    "threads change nothing": longer.sample(3000, rng=1, threads=1)
    == longer.sample(3000, rng=1, threads=3),
    "bigram words": digest(model.sample(1000, rng=42)) == "320fd5a29ac4",
    "order 5 words": digest(longer.sample(1000, rng=42)) == "7477ecdcf271",
    "parts are the whole": mf.count(names[:99]) + mf.count(names[99:]) == counts,
    "fit on two threads": mf.fit(names, effort="fast", threads=2).sample(50, rng=1)
    == fitted.sample(50, rng=1),
    "torch's words": model.sample(1, rng=mf.TorchRNG(2147483647, version="2.0"))
    == ["temicarmalkưủũấětishedaka"],
}
for name, good in checks.items():
    print("ok  " if good else "BAD ", name)
sys.exit(0 if all(checks.values()) else 1)
