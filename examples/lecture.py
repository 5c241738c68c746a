"""makemore's first lecture: count bigrams, look at the rows, measure the loss, draw words.

python lecture.py [names.txt]
"""

import sys
from pathlib import Path

import makemore_fast as mf

words = Path(sys.argv[1]).read_text("utf-8").split() if len(sys.argv) > 1 else mf.names()

# N, stoi and itos of the lecture.
counts = mf.count(words)
print(counts)
print("most common:", counts.most_common(5))
print("a name ends in n:", counts["n", "."], "times")

# P = (N + 1).float(); P /= P.sum(1, keepdims=True)
model = counts.model(smoothing=1)
print("after q:", model.alphabet[model.probabilities[model.stoi["q"]].argmax()])

# The loss: the mean of -log P over all bigrams, the ends of words included.
print(f"loss {model.nll(words):.4f}, perplexity {model.perplexity(words):.2f}")

# The words that the lecture's loop prints, with torch 2 and with torch 1.13; torch is not needed.
for version in ("2.0", "1.13"):
    rng = mf.TorchRNG(2147483647, version=version)
    print(f"torch {version}:", model.sample(5, rng=rng))

# Longer contexts, smoothed well, and the best model that counting gives.
train, dev = mf.split(words, (0.9, 0.1), rng=42)
for order in (2, 3, 4, 5):
    longer = mf.count(train, order=order).model(smoothing="kneser-ney", unknown=True)
    print(f"order {order}: {longer.nll(dev):.4f}")
fitted = mf.fit(train, effort="fast", unknown=True)
print(f"fit: {fitted.nll(dev):.4f}", fitted.sample(5, rng=42))
