"""`Counts`: how often each n-gram occurs."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal, Self, SupportsFloat

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.archives import FORMAT, write_npz
from makemore_fast.counters import counted
from makemore_fast.model import Model
from makemore_fast.options import check_dense, checked_order, whole_number
from makemore_fast.saved import Saved
from makemore_fast.smoothing import smoothed
from makemore_fast.symbols import NumbersSymbols, grams
from makemore_fast.tuning import METHODS, Method, Tuned, tuned
from makemore_fast.words import Nulls, Weights, WordCounts, Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_AT_A_TIME = 4096  # n-grams made Python objects together
_CELLS = 1 << 16  # that are restored at a time


class Counts(NumbersSymbols):
    """Exact counts of bigrams, or n-grams, of an alphabet; made by `count` and `load`.

    Counts of order n have one n-gram for each symbol that a word predicts, its end included:
    the symbol is the last of it, and before a word stand n - 1 boundaries.

    Symbols are numbered as in makemore: id 0 is the boundary, the others follow in
    code-point order.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> counts = mf.count(["emma", "ava"])
    >>> counts
    Counts(2 words, 9 bigrams, 5 symbols '.aemv')
    >>> counts["a", "."], counts.array[1, 0]
    (2, np.int64(2))
    >>> counts += mf.count(["mia"])
    >>> counts.words, counts.alphabet
    (3, '.aeimv')
    """

    __slots__ = ("_cached", "_core", "_lock")
    __hash__ = None  # type: ignore[assignment]  # counts can change
    __iter__ = None  # with [] alone, Python would try counts[0], counts[1], ...

    def __init__(self, core: _core.Ngrams) -> None:
        if not isinstance(core, _core.Ngrams):
            made_by = "count(words), count_file(path) and load(path)"
            raise TypeError(f"Counts are made by {made_by}, not of {type(core).__name__}")
        # One attribute holds all that was counted. It is replaced and never changed, so what is
        # read from it once belongs together, whatever other threads do.
        self._core = core
        self._cached: tuple[object, NDArray[np.int64]] | None = None  # a core and its array
        self._lock = RLock()  # held while a new core is made of the last one

    # -- what was counted ------------------------------------------------------------

    @property
    def array(self) -> NDArray[np.int64]:
        """The counts as an int64 array of shape (V,) * order, read-only.

        Its axes are the symbols of an n-gram from first to last: of bigrams, the row is the
        first symbol and the column the second.

        Raises
        ------
        ValueError
            If the array would take more than 4 GiB; `ngrams` always works.
        """
        core, cached = self._core, self._cached
        if cached is None or cached[0] is not core:
            instead = "ngrams() gives the cells that are not zero"
            check_dense(len(core.alphabet), core.order, instead)
            self._cached = cached = (core, core.dense())
        return cached[1]

    @property
    def order(self) -> int:
        """Symbols in an n-gram: 2 for bigrams."""
        return self._core.order

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.array, dtype=dtype, copy=copy)

    def ngrams(self) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Return the n-grams that occur, in order of their ids.

        Returns
        -------
        ids : (m, order) uint32 ndarray
            The ids of each n-gram's symbols, from first to last.
        counts : (m,) int64 ndarray
            How often it occurs, above zero.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> ids, counts = mf.count(["ab", "a"]).ngrams()
        >>> ids.tolist(), counts.tolist()
        ([[0, 1], [1, 0], [1, 2], [2, 0]], [2, 1, 1, 1])
        """
        return self._core.cells()

    @property
    def alphabet(self) -> str:
        """The symbols in the order of their ids, the boundary first."""
        return self._core.alphabet

    @property
    def words(self) -> int:
        """How many words were counted."""
        return self._core.words

    @property
    def total(self) -> int:
        """How many n-grams were counted, one for each symbol of a word and one for its end."""
        return self._core.total

    def __getitem__(self, symbols: tuple[str, ...]) -> int:
        """Return how often symbols stand side by side: ``counts["n", "."]``."""
        core = self._core
        items: object = symbols  # whatever it is
        if not (
            isinstance(items, tuple)
            and len(items) == core.order
            and all(isinstance(symbol, str) for symbol in items)
        ):
            example = ", ".join(['"n"'] * (core.order - 1) + ['"."'])
            number = "two" if core.order == 2 else core.order
            raise TypeError(f"expected {number} symbols (str), as in counts[{example}]")
        alphabet = core.alphabet
        ids = [alphabet.find(symbol) if len(symbol) == 1 else -1 for symbol in items]
        if -1 in ids:
            raise KeyError(f"{items[ids.index(-1)]!r} is not a symbol of the alphabet")
        return core.at(*ids)

    def most_common(self, n: int | None = None) -> list[tuple[tuple[str, ...], int]]:
        """Return the `n` most frequent n-grams with their counts, or all that occur.

        Those of one frequency come in the order of their ids.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> mf.count(["emma", "ava", "mia"]).most_common(2)
        [(('a', '.'), 3), (('.', 'a'), 1)]
        """
        core = self._core
        most = sys.maxsize if n is None else min(max(whole_number("n", n), 0), sys.maxsize)
        cells, alphabet = core.most_common(most), core.alphabet
        common: list[tuple[tuple[str, ...], int]] = []
        for first in range(0, len(cells[1]), _AT_A_TIME):
            ids, counts = (part[first : first + _AT_A_TIME].tolist() for part in cells)
            symbols = (tuple(alphabet[i] for i in gram) for gram in ids)
            common += zip(symbols, counts, strict=True)
        return common

    def lower(self, order: int) -> "Counts":
        """Return the counts of the same words at a lower order.

        Raises
        ------
        ValueError
            If the order is below 2 or above that of these counts.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> words = ["emma", "ava"]
        >>> mf.count(words, order=5).lower(2) == mf.count(words)
        True
        """
        return Counts(self._core.lowered(checked_order(order)))

    # -- adding ----------------------------------------------------------------------

    def __add__(self, other: "Counts") -> "Counts":
        if not isinstance(other, Counts):
            return NotImplemented
        return Counts(self._core.added(other._core))

    def __radd__(self, other: int) -> "Counts":
        """Return a copy of these counts for 0, which is where `sum` starts."""
        return Counts(self._core) if type(other) is int and other == 0 else NotImplemented

    def __iadd__(self, other: "Counts") -> Self:
        if not isinstance(other, Counts):
            return NotImplemented
        self._add(other._core)
        return self

    def update(
        self,
        words: Words | WordCounts,
        *,
        weights: Weights | None = None,
        column: str | None = None,
        nulls: Nulls = "raise",
    ) -> None:
        """Count more words; new symbols join the alphabet.

        Takes what `count` takes: iterables of str, mappings from word to count, NumPy arrays,
        and whatever offers Arrow's PyCapsule interface, with `weights`, `column` and `nulls` as
        there. A word may end in a line end if that is one of the symbols counted so far.

        Raises what `count` raises, and then leaves the counts as they were.
        """
        core = self._core
        symbols, known = (core.alphabet[0], None), core.alphabet
        self._add(counted(words, weights, core.order, symbols, column, nulls, known=known))

    def _add(self, more: _core.Ngrams) -> None:
        """Add counts, whoever else adds meanwhile.

        Other threads wait for the lock. What runs in this thread in the midst of the sum, such
        as a signal's handler, may add too; the sum is then made again.
        """
        with self._lock:
            while True:
                before = self._core
                after = before.added(more)
                if self._core is before:  # between this line and the next nothing else can run
                    self._core = after
                    return

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Counts):
            return NotImplemented
        return self._core == other._core

    # -- keeping ---------------------------------------------------------------------

    def save(self, path: str | PathLike[str]) -> None:
        """Write the counts to a NumPy .npz file, for `load`.

        The file is written beside its place and then renamed, so a reader sees the old or
        the new counts and never a half of them.
        """
        core = self._core
        ids, counts = core.cells()
        write_npz(
            path,
            format=np.array(FORMAT),
            alphabet=np.array([ord(symbol) for symbol in core.alphabet], dtype=np.uint32),
            ids=ids,
            counts=counts,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        core = self._core
        return restored, (core.alphabet, *core.cells())

    # -- seeing and using --------------------------------------------------------------

    def __repr__(self) -> str:
        core = self._core
        alphabet = core.alphabet if len(core.alphabet) <= 60 else core.alphabet[:57] + "..."
        return (
            f"Counts({core.words:,} words, {core.total:,} {grams(core.order)}, "
            f"{len(core.alphabet):,} symbols {alphabet!r})"
        )

    def _repr_html_(self) -> str:
        from makemore_fast.table import html_table

        return html_table(self._now())

    def plot(
        self, ax: "Axes | None" = None, *, cmap: str = "Blues", text: bool | None = None
    ) -> "Axes":
        """Draw the lecture's heatmap: a cell for each bigram, the darker the more frequent.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure of a fitting size if None.
        cmap : str
            The name of a matplotlib colour map.
        text : bool, optional
            Whether each cell shows its bigram and its count; if None, where they fit (up to
            40 symbols, on a new figure). Otherwise the symbols stand along the axes.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        ImportError
            If matplotlib is not installed (``pip install makemore_fast[plot]``).
        ValueError
            If these are no bigrams.
        """
        from makemore_fast.plotting import heatmap

        if self.order != 2:
            raise ValueError(f"the heatmap is for bigrams, and these are {grams(self.order)}")
        return heatmap(self._now(), ax, cmap=cmap, text=text)

    def plot_loss(
        self,
        dev: Words | WordCounts | None = None,
        test: Words | WordCounts | None = None,
        *,
        smoothing: "SupportsFloat | Literal['kneser-ney', 'witten-bell']" = "kneser-ney",
        marks: Mapping[str, float] | Literal["lectures"] | None = None,
        ax: "Axes | None" = None,
    ) -> "Axes":
        """Draw the loss of models of each order, from 2 to that of these counts.

        Parameters
        ----------
        dev, test : iterable of str, mapping, NumPy array, Arrow or data frame column, optional
            Other words; each gets a line beside that of the words counted here. All their
            symbols must have been counted.
        smoothing : float, "kneser-ney" or "witten-bell"
            As in `model`.
        marks : mapping from str to float, or "lectures", optional
            Losses to compare with, drawn across as labelled lines. ``"lectures"`` are those
            that makemore's models reach on names.txt.
        ax : matplotlib Axes, optional
            Where to draw; a new figure if None.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        ImportError
            If matplotlib is not installed (``pip install makemore_fast[plot]``).
        ValueError
            If a part has no words, or words that a model finds impossible.

        Notes
        -----
        The lectures' marks, as their author A. Karpathy published them: bigrams 2.45 ("The
        spelled-out intro to language modeling: building makemore", 2022, all words), MLP 2.10
        ("Building makemore part 3", 2022, dev words), WaveNet 1.993 ("Building makemore part
        5", 2022, dev words), Transformer 1.92 (README of the repository karpathy/makemore,
        test words of another split).
        """
        from makemore_fast.loss_plot import loss_plot, losses_by_order
        from makemore_fast.plotting import check_axes, require_matplotlib

        require_matplotlib()
        check_axes(ax)
        now = self._now()
        parts = {"train": now}
        for name, words in (("dev", dev), ("test", test)):
            if words is not None:
                parts[name] = now._counts_of(words, None)
        return loss_plot(losses_by_order(parts, smoothing), marks, ax)

    def model(
        self,
        *,
        smoothing: "SupportsFloat | Literal['kneser-ney', 'witten-bell']" = 0.0,
        discounts: Sequence[Sequence[float]] | None = None,
        unknown: bool = False,
    ) -> Model:
        """Return the model whose probabilities are these counts, smoothed.

        Parameters
        ----------
        smoothing : float, "kneser-ney" or "witten-bell"
            A number is added to every count (add-k); 0 leaves them as they are. The others
            tell what follows a rare context by what follows the shorter ones: modified
            Kneser-Ney, interpolated (Chen and Goodman 1998), best for orders from 3 up, and
            Witten-Bell (1991), which has nothing to estimate.
        discounts : (order, 3) sequence of float, optional
            For Kneser-Ney: what is taken from counts of 1, 2, and 3 and more, for n-grams of
            each length from 1 on. By default estimated from the counts of counts, and
            (0.5, 1, 1.5) for a length where they allow no estimate.
        unknown : bool
            Not for add-k: whether any symbol outside the alphabet has the share of a symbol
            that was never seen, as KenLM's ``<unk>``; the probabilities of the alphabet then
            sum to less than one.

        Returns
        -------
        Model
            A `BigramModel` of bigrams with add-k smoothing, a `NgramModel` of all else.

        Raises
        ------
        ValueError
            If no words were counted, a number is negative or not finite, or options do not
            go together.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> mf.count(["ab", "b"]).model(smoothing=1).probabilities.round(2)
        array([[0.2 , 0.4 , 0.4 ],
               [0.25, 0.25, 0.5 ],
               [0.6 , 0.2 , 0.2 ]])
        >>> mf.count(["ab", "b"], order=3).model(smoothing="kneser-ney")
        NgramModel(order 3, kneser-ney, 3 symbols)
        """
        return smoothed(self._core, smoothing, discounts, unknown)

    def tune(
        self,
        dev: Words | WordCounts,
        *,
        orders: Iterable[int] | None = None,
        methods: Iterable[Method] = METHODS,
        column: str | None = None,
    ) -> Tuned:
        """Find the order and the smoothing that predict other words best.

        Parameters
        ----------
        dev : iterable of str, mapping, NumPy array, Arrow or data frame column
            Words that were not counted, as in `count`; all their symbols must have been.
        orders : iterable of int, optional
            Which orders to try; by default all from 2 to that of these counts.
        methods : iterable of {"add-k", "witten-bell", "kneser-ney"}
            Which kinds of smoothing to try. For add-k, k is searched from 0.0001 to 10. If
            Kneser-Ney comes out best, its discounts are searched too: the estimated ones times
            a factor from 0.5 to 1.5.
        column : str, optional
            Which column of a table holds the words.

        Returns
        -------
        Tuned
            The best model, and each that was tried with its loss; prints as a table.

        Raises
        ------
        ValueError
            If every model finds the words impossible, or as in `count`.

        Notes
        -----
        Searches are golden sections of nine steps, so the same words give the same answer.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> words = mf.names()
        >>> train, dev = mf.split(words, (0.9, 0.1), rng=42)
        >>> mf.count(train, order=4, alphabet=mf.count(words).alphabet).tune(dev)
        order                 add-k           witten-bell            kneser-ney
            2       k=0.071 2.7862                2.7788                2.7700
            3       k=0.056 2.9389                2.7495                2.6924
            4       k=0.044 3.4220                2.8086                2.6580*
        * NgramModel(order 4, kneser-ney, 108 symbols), the best of 42
        """
        now = self._now()
        tried = range(2, now.order + 1) if orders is None else orders
        return tuned(now, now._counts_of(dev, column), tried, methods)

    def _now(self) -> "Counts":
        """Return these counts as they are now, for what looks at them more than once."""
        return Counts(self._core)

    def _counts_of(self, words: Words | WordCounts, column: str | None) -> "Counts":
        """Count other words at the same order."""
        symbols = (self.boundary, None)
        return Counts(
            counted(words, None, self.order, symbols, column, "raise", known=self.alphabet)
        )


def restored(alphabet: str, ids: NDArray[np.uint32], counts: NDArray[np.int64]) -> Counts:
    """Make counts again of what pickle keeps, which may have come from anywhere."""
    kept: tuple[object, object, object] = alphabet, ids, counts
    match kept:
        case str(), np.ndarray(ndim=2), np.ndarray(ndim=1) if len(ids) == len(counts):
            pass
        case _:
            raise ValueError("pickled counts are a str, a 2-D array of ids and a count for each")
    order = ids.shape[1]
    symbols = np.frombuffer(alphabet.encode("utf-32-le", "surrogatepass"), "<u4")
    cells = (
        (_native(ids[first : first + _CELLS]), _native(counts[first : first + _CELLS]))
        for first in range(0, len(ids), _CELLS)
    )
    return _rebuilt(symbols, order, cells)


def restore_counts(saved: Saved) -> Counts:
    """Make counts of an opened file that `Counts.save` wrote."""
    saved.check_members("format", "alphabet", "ids", "counts", *(["kind"] * ("kind" in saved)))
    alphabet = saved.header("alphabet", "u4", None)
    with saved.about("alphabet"):
        if not 1 <= alphabet.shape[0] <= sys.maxunicode:
            raise ValueError(f"there are {alphabet.shape[0]:,} symbols")
    ids = saved.header("ids", "u4", None, None)
    counts = saved.header("counts", "i8", ids.shape[0])
    with saved.about("alphabet", "ids", "counts"):
        blocks = (saved.blocks("ids", ids, _CELLS), saved.blocks("counts", counts, _CELLS))
        cells = zip(*blocks, strict=True)
        return _rebuilt(saved.array("alphabet", "u4", None), ids.shape[1], cells)


def _rebuilt(
    symbols: NDArray[np.uint32],
    order: int,
    cells: Iterable[tuple[NDArray[np.uint32], NDArray[np.int64]]],
) -> Counts:
    core = _core.RestoredCounts(symbols, order)
    for ids, counts in cells:
        core.add(ids, counts)
    return Counts(core.finish())


def _native(array: NDArray[Any]) -> NDArray[Any]:
    """Return the numbers of an array in the order and the byte order of this machine."""
    return array.astype(array.dtype.newbyteorder("="), order="C", copy=False)
