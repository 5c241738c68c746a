"""Domains that a program made up, told from words by the mean score of a symbol.

python domains.py [words.txt]; makemore_fast[sklearn] shows the same as a scikit-learn pipeline.
"""

import random
import sys
from pathlib import Path

import numpy as np

import makemore_fast as mf

if len(sys.argv) > 1:
    lines = Path(sys.argv[1]).read_text("utf-8").lower().split()
    words = sorted({word for word in lines if word.isascii() and word.isalpha()})
else:
    words = sorted({name for name in mf.names() if name.isascii() and name.isalpha()})
train, test = mf.split(words, (0.8, 0.2), rng=1)

# Random letters, as many generators of domains make them.
draw = random.Random(1)


def random_word() -> str:
    return "".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=draw.randint(5, 14)))


made_up = [random_word() for _ in test]

model = mf.count(train, order=3).model(smoothing="kneser-ney", unknown=True)


def auc(good: np.ndarray, bad: np.ndarray) -> float:
    """Return how often a good word scores above a bad one."""
    ranks = np.argsort(np.argsort(np.concatenate([good, bad])))[: len(good)]
    return float((ranks.sum() - len(good) * (len(good) - 1) / 2) / (len(good) * len(bad)))


# By the total, long words lose whatever they are; the mean by symbol tells what is odd.
for per in ("word", "symbol"):
    good, bad = (model.score(some, per=per) for some in (test, made_up))
    print(f"per {per}: AUC {auc(good, bad):.4f}")

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
