"""Domains that a program made up, told from words by the mean score of a symbol.

python domains.py [words.txt]; the default is Debian's list of English words (package wamerican), or
the package's names where that is not installed. makemore_fast[sklearn] shows the same as a
scikit-learn pipeline.
"""

import random
import re
import sys
from pathlib import Path

import numpy as np

import makemore_fast as mf

path = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/dict/american-english")
lines = path.read_text("utf-8").split() if len(sys.argv) > 1 or path.exists() else mf.names()

# What a domain could have as its name. Words of fewer letters, and those with capitals, are often
# abbreviations such as "mtv": no model tells those from random letters.
words = sorted({word for word in lines if re.fullmatch("[a-z]{4,}", word)})
train, test = mf.split(words, (0.8, 0.2), rng=1)

# Random letters, as many generators of domains make them.
draw = random.Random(1)


def random_word() -> str:
    return "".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=draw.randint(5, 14)))


made_up = [random_word() for _ in test]

model = mf.count(train, order=5).model(smoothing="kneser-ney", unknown=True)


def auc(good: np.ndarray, bad: np.ndarray) -> float:
    """Return how often a good word scores above a bad one."""
    ranks = np.argsort(np.argsort(np.concatenate([good, bad])))[: len(good)]
    return float((ranks.sum() - len(good) * (len(good) - 1) / 2) / (len(good) * len(bad)))


# By the total, long words lose whatever they are; the mean by symbol tells what is odd. A list of
# 2,000 names of many languages teaches less than one of 50,000 words of one: with the package's
# names the mean comes to 0.995, with English words to 0.9998.
print(f"{len(train):,} words to learn from, {len(test):,} others against as many random ones")
for per in ("word", "symbol"):
    good, bad = (model.score(some, per=per) for some in (test, made_up))
    print(f"per {per}: AUC {auc(good, bad):.4f}")

# What it gets wrong.
odd, plain = np.argsort(good)[:5], np.argsort(-bad)[:5]
print("words that look made up:", *(test[i] for i in odd))
print("made-up ones that look like words:", *(made_up[i] for i in plain))

facts = model.evaluate(test)
print(f"perplexity of words not seen: {facts.perplexity:.2f}, {facts.impossible_words} impossible")

try:
    from makemore_fast.sklearn import NgramClassifier
except ImportError:
    print("pip install 'makemore_fast[sklearn]' for the classifier")
else:
    noise = [random_word() for _ in train]
    classifier = NgramClassifier()
    classifier.fit(train + noise, ["word"] * len(train) + ["made up"] * len(noise))
    hits = classifier.score(test + made_up, ["word"] * len(test) + ["made up"] * len(made_up))
    print(f"classifier: {hits:.3f} right")
