"""Letters for linguists and puzzlers: entropy, what attracts what, and a cipher that counts break.

python letters.py [FILE of words]
"""

import random
import sys
from pathlib import Path

import makemore_fast as mf

if len(sys.argv) > 1:
    words = Path(sys.argv[1]).read_text("utf-8").lower().split()
else:
    words = [name for name in mf.names() if name.isascii() and name.isalpha()]
counts = mf.count(words, order=3)

# How much is left to guess, the more letters are known.
for order in (1, 2, 3):
    bits = counts.lower(order).entropy(unit="bits")
    print(f"{order - 1} letters known: {bits:.3f} bits")

# Pairs that come together far more often than their letters would by chance.
bigrams = counts.lower(2)
information = bigrams.mutual_information(unit="bits").tolist()
pairs = [
    (bits, first + second)
    for bits, ((first, second), times) in zip(information, bigrams.items(), strict=True)
    if times >= 20 and bigrams.boundary not in (first, second)
]
print("attract:", [pair for _, pair in sorted(pairs, reverse=True)[:8]])

# One half of the list against the whole: bits a symbol that its own statistics would save.
half = mf.count(words[: len(words) // 2])
print(f"divergence of a half: {mf.divergence(half, bigrams, unit='bits'):.4f} bits")

# A shift cipher: the key under which the text is likeliest.
letters = "abcdefghijklmnopqrstuvwxyz"
model = counts.model(smoothing="kneser-ney", unknown=True)
secret = random.Random(4).sample(words, 30)
hidden = [word.translate(str.maketrans(letters, letters[11:] + letters[:11])) for word in secret]


def shifted(by: int) -> list[str]:
    table = str.maketrans(letters, letters[by:] + letters[:by])
    return [word.translate(table) for word in hidden]


best = max(range(26), key=lambda by: model.score(shifted(by)).sum())
print("broken:", shifted(best)[:5])
assert shifted(best) == secret
