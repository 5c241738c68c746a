"""New names that fit: by length, ending, pattern, and how likely they are.

python new_names.py [FILE of names]
"""

import sys
from pathlib import Path

import makemore_fast as mf

names = Path(sys.argv[1]).read_text("utf-8").split() if len(sys.argv) > 1 else mf.names()
model = mf.fit(names)
print(model)

print("any:", model.sample(8, rng=7))
print("new, no two alike:", model.sample(8, rng=7, unique=True, exclude=names))
print("short, in a:", model.sample(8, rng=7, max_length=5, suffix="a", unique=True))
print("a pattern:", model.sample(8, rng=7, match="[aeiou].*[^aeiou]", min_length=5))
print("with mar in them:", model.sample(4, rng=7, contains="mar", max_length=9))
print("safe:", model.sample(8, rng=7, top_p=0.7))
print("daring:", model.sample(8, rng=7, temperature=1.3, min_p=0.02))

# The likeliest of many, by the mean of a symbol.
drawn = model.sample(2000, rng=7, unique=True, exclude=names, min_length=4, max_length=8)
scores = model.score(drawn, per="symbol")
print("best of 2,000:", [drawn[i] for i in scores.argsort()[::-1][:8]])

# The same words on every machine, and the tenth can be drawn alone.
ids, offsets = model.sample_ids(1, rng=7, start=9)
assert "".join(model.itos[i] for i in ids.tolist()) == model.sample(10, rng=7)[9]
