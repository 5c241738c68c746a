"""Columns of data frames: counted by group, scored in place, nulls kept.

python data_frames.py; needs makemore_fast[pandas,polars].
"""

import pandas as pd
import polars as pl

import makemore_fast as mf

names = mf.names()
frame = pd.DataFrame({"name": names, "half": ["early" if n < "m" else "late" for n in names]})

# A column is words; each group has its own counts, and counts add up.
groups = {half: mf.count(part["name"]) for half, part in frame.groupby("half")}
print({half: counts.words for half, counts in groups.items()})
assert sum(groups.values()) == mf.count(frame["name"])

# Scores as a new column: the mean by symbol, in bits, so that long names are not at a loss.
model = mf.count(frame["name"], order=4).model(smoothing="kneser-ney")
frame["bits"] = model.score(frame["name"], per="symbol", unit="bits")
print(frame.nsmallest(3, "bits"))

# Polars, with a null: its score is NaN, and the rows stay where they are.
table = pl.DataFrame({"name": ["emma", None, "xqzt"]})
print(table.with_columns(score=pl.Series(model.score(table["name"], nulls="nan"))))

# Counts as a frame, and back from a square of them.
bigrams = mf.count(names)
print(bigrams.to_frame(library="polars").sort("count", descending=True).head(3))
square = pd.DataFrame(bigrams.array, index=bigrams.symbols, columns=bigrams.symbols)
assert mf.Counts.from_array(square.to_numpy(), bigrams.alphabet) == bigrams
