"""The heatmaps of counts and of models."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from makemore_fast.column_types import is_list
from makemore_fast.display.checks import require_matplotlib
from makemore_fast.display.heatmap import Cells, Style, block_of, draw
from makemore_fast.display.labels import side_by_side
from makemore_fast.ngram_counts import NgramCounts
from makemore_fast.options import positive
from makemore_fast.tokens import Part, are_lists, joint_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from makemore_fast import _core

_MOST_PREFIXES = 1000


class TellsNext(Protocol):
    """Whatever has an alphabet and probabilities of what follows a prefix."""

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols in the order of their ids, the boundary first."""

    @property
    def _numbering(self) -> "_core.Alphabet":
        """The same, with how words are cut."""

    def next_probabilities(self, prefix: Part = "") -> NDArray[np.float64]:
        """Return how likely each symbol is to follow a prefix."""


def counts_heatmap(
    counts: NgramCounts, ax: "Axes | None", style: Style, rows: int | None
) -> "Axes":
    """Draw counts as a heatmap; `Counts.plot` says what that is."""
    require_matplotlib()
    ids, values = counts.ngrams()
    columns = list(counts.symbols)
    places: NDArray[Any]
    if counts.order == 2:
        places, labels, names = ids[:, 0], columns, ("first symbol", "second symbol")
        if rows is not None:
            raise ValueError("rows= is for n-grams of other orders; bigrams have one a symbol")
    elif counts.order == 1:
        places, labels, names = np.zeros(len(ids), np.int64), [""], ("", "symbol")
    else:
        most = positive("rows", 40 if rows is None else rows)
        ids, values, places, labels = _common_contexts(counts, ids, values, most)
        names = (f"the {counts.order - 1} symbols before", "next symbol")
    block = block_of(len(labels), len(columns))
    shape = tuple(-(-size // block) for size in (len(labels), len(columns)))
    image = np.zeros(shape, dtype=np.int64)
    np.add.at(image, (places // block, ids[:, -1] // block), values)
    return draw(Cells(image, block, labels, columns, names, "count"), style, ax)


def _common_contexts(
    counts: NgramCounts, ids: NDArray[np.uint32], values: NDArray[np.int64], most: int
) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64], list[str]]:
    """Keep the n-grams of the most frequent contexts; return also each one's row, and labels."""
    symbols, joint = counts.symbols, joint_of(counts._numbering)
    if not len(ids):
        label = side_by_side(symbols[:1] * (ids.shape[1] - 1), joint)
        return ids, values, np.zeros(0, np.int64), [label]
    new = np.ones(len(ids), bool)
    new[1:] = (ids[1:, :-1] != ids[:-1, :-1]).any(axis=1)
    starts = np.flatnonzero(new)
    sums = np.add.reduceat(values, starts)
    kept = np.argsort(-sums, kind="stable")[:most]
    row_of = np.full(len(starts), -1, np.int64)
    row_of[kept] = np.arange(len(kept))
    rows = row_of[np.cumsum(new) - 1]
    there = rows >= 0
    contexts = ids[starts[kept], :-1].tolist()
    labels = [side_by_side([symbols[i] for i in context], joint) for context in contexts]
    return ids[there], values[there], rows[there], labels


def model_heatmap(
    model: TellsNext, prefixes: Sequence[Part] | None, ax: "Axes | None", style: Style
) -> "Axes":
    """Draw what follows prefixes; `LanguageModel.plot` says what that is."""
    require_matplotlib()
    columns = list(model.symbols)
    boundary, joined = columns[0], joint_of(model._numbering).join
    starts: Any = prefixes
    if prefixes is None:
        starts = [[symbol] if are_lists(model._numbering) else symbol for symbol in columns]
        starts[0] = starts[0][:0]
    sequence = isinstance(starts, Sequence) and not isinstance(starts, str | bytes)
    if not sequence or not all(isinstance(start, str) or is_list(start) for start in starts):
        raise TypeError(
            "prefixes must be a sequence of str, or of lists of tokens, such as ['', 'a', 'an']"
        )
    starts = list(starts)
    if not starts or (prefixes is not None and len(starts) > _MOST_PREFIXES):
        raise ValueError(f"there must be 1 to {_MOST_PREFIXES:,} prefixes, got {len(starts):,}")
    block = block_of(len(starts), len(columns))
    edges = np.arange(0, len(columns), block)
    wide = np.diff([*edges, len(columns)])
    image = np.zeros((-(-len(starts) // block), len(edges)))
    for row, start in enumerate(starts):
        sums = np.add.reduceat(model.next_probabilities(start), edges)
        image[row // block] += sums / wide
    high = np.diff([*range(0, len(starts), block), len(starts)])
    image /= high[:, None]
    labels = [(start if isinstance(start, str) else joined(start)) or boundary for start in starts]
    names = ("symbol before" if prefixes is None else "start of a word", "next symbol")
    return draw(Cells(image, block, labels, columns, names, "probability"), style, ax)
