"""`Counts`: how often each bigram occurs."""

import secrets
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, SupportsFloat

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.model import Model
from makemore_fast.symbols import NumbersSymbols
from makemore_fast.words import Nulls, Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DENSE_LIMIT = 4 << 30  # bytes; a larger array is more likely a mistake than a wish
_FORMAT = 1  # of saved files


class Counts(NumbersSymbols):
    """Exact bigram counts over an alphabet; made by `count`, `count_file` and `load`.

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

    __slots__ = ("_array", "_core")
    __hash__ = None  # type: ignore[assignment]  # counts can change

    def __init__(self, core: _core.Bigrams) -> None:
        self._core = core
        self._array: NDArray[np.int64] | None = None

    # -- what was counted ------------------------------------------------------------

    @property
    def array(self) -> NDArray[np.int64]:
        """The counts as a (V, V) int64 array, read-only: row first, column second symbol.

        Raises
        ------
        ValueError
            If the array would take more than 4 GiB; `ngrams` always works.
        """
        if self._array is None:
            v = len(self.alphabet)
            if 8 * v * v > _DENSE_LIMIT:
                raise ValueError(
                    f"the array of {v:,} x {v:,} counts would take {8 * v * v / 2**30:.1f} GiB; "
                    "ngrams() gives the cells that are not zero"
                )
            self._array = self._core.dense()
        return self._array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.array, dtype=dtype, copy=copy)

    def ngrams(self) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Return the bigrams that occur, in order of their ids.

        Returns
        -------
        ids : (m, 2) uint32 ndarray
            The ids of each bigram's two symbols.
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
        """How many bigrams were counted, those with a boundary included."""
        return self._core.total

    def __getitem__(self, symbols: tuple[str, str]) -> int:
        """Return how often two symbols stand side by side: ``counts["n", "."]``."""
        match symbols:
            case (str(first), str(second)):
                return self._core.at(self._id(first), self._id(second))
        raise TypeError('expected two symbols (str), as in counts["n", "."]')

    def _id(self, symbol: str) -> int:
        position = self.alphabet.find(symbol) if len(symbol) == 1 else -1
        if position < 0:
            raise KeyError(f"{symbol!r} is not a symbol of the alphabet")
        return position

    def most_common(self, n: int | None = None) -> list[tuple[tuple[str, str], int]]:
        """Return the `n` most frequent bigrams with their counts, or all that occur.

        Bigrams of one frequency come in the order of their ids.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> mf.count(["emma", "ava", "mia"]).most_common(2)
        [(('a', '.'), 3), (('.', 'a'), 1)]
        """
        ids, counts = self.ngrams()
        order = np.argsort(-counts, kind="stable")[: None if n is None else max(n, 0)]
        alphabet = self.alphabet
        pairs = [(alphabet[first], alphabet[second]) for first, second in ids[order].tolist()]
        return list(zip(pairs, counts[order].tolist(), strict=True))

    # -- adding ----------------------------------------------------------------------

    def __add__(self, other: "Counts") -> "Counts":
        if not isinstance(other, Counts):
            return NotImplemented
        return Counts(self._core.added(other._core))

    def __iadd__(self, other: "Counts") -> Self:
        if not isinstance(other, Counts):
            return NotImplemented
        self._replace(self._core.added(other._core))
        return self

    def update(self, words: Words, *, column: str | None = None, nulls: Nulls = "raise") -> None:
        """Count more words; new symbols join the alphabet.

        Takes what `count` takes: iterables of str, NumPy arrays, and whatever offers Arrow's
        PyCapsule interface, with `column` and `nulls` as there.

        Raises what `count` raises, and then leaves the counts as they were.
        """
        counter = _core.BigramCounter(self.boundary, None, lines=False, skip_blank=False)
        counter.add_words(words, column, nulls)
        self._replace(self._core.added(counter.bigrams()))

    def _replace(self, core: _core.Bigrams) -> None:
        self._core = core
        self._array = None

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
        target = Path(path)
        beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        ids, counts = self.ngrams()
        try:
            with beside.open("xb") as file:
                np.savez_compressed(
                    file,
                    format=np.array(_FORMAT),
                    alphabet=np.array([ord(symbol) for symbol in self.alphabet], dtype=np.uint32),
                    ids=ids,
                    counts=counts,
                )
            beside.replace(target)
        except BaseException as error:
            beside.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.filename == str(beside):
                error.filename = str(target)  # the name that the caller knows
            raise

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self.alphabet, *self.ngrams())

    # -- seeing and using --------------------------------------------------------------

    def __repr__(self) -> str:
        alphabet = self.alphabet if len(self.alphabet) <= 60 else self.alphabet[:57] + "..."
        return (
            f"Counts({self.words:,} words, {self.total:,} bigrams, "
            f"{len(self.alphabet):,} symbols {alphabet!r})"
        )

    def _repr_html_(self) -> str:
        from makemore_fast.table import html_table

        return html_table(self)

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
        """
        from makemore_fast.plotting import heatmap

        return heatmap(self, ax, cmap=cmap, text=text)

    def model(self, *, smoothing: SupportsFloat = 0.0) -> Model:
        """Return the model whose probabilities are these counts, smoothed.

        Parameters
        ----------
        smoothing : float
            Is added to every count (add-k); 0 leaves them as they are.

        Raises
        ------
        ValueError
            If no words were counted, or `smoothing` is negative or not finite.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> mf.count(["ab", "b"]).model(smoothing=1).probabilities.round(2)
        array([[0.2 , 0.4 , 0.4 ],
               [0.25, 0.25, 0.5 ],
               [0.6 , 0.2 , 0.2 ]])
        """
        core = self._core
        return Model(_core.BigramModel(core, float(smoothing)), float(smoothing), core)


def _restore(alphabet: str, ids: NDArray[np.uint32], counts: NDArray[np.int64]) -> Counts:
    return Counts(_core.Bigrams(alphabet[0], alphabet[1:], ids[:, 0], ids[:, 1], counts))


def load(path: str | PathLike[str]) -> Counts:
    """Read counts that `Counts.save` wrote; never runs code from the file.

    Raises
    ------
    OSError
        If the file is missing, unreadable, truncated or not a file of saved counts.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> counts = mf.count(["emma", "ava"])
    >>> counts.save("counts.npz")
    >>> mf.load("counts.npz") == counts
    True
    """
    with Path(path).open("rb") as file:
        try:
            with np.load(file, allow_pickle=False) as saved:
                version = int(saved["format"])
                alphabet = "".join(map(chr, saved["alphabet"].tolist()))
                if version == _FORMAT:
                    return _restore(alphabet, saved["ids"].reshape(-1, 2), saved["counts"])
        except Exception as error:  # whatever damage makes zipfile, zlib and NumPy raise
            raise OSError(f"{path}: not a file of saved counts, or damaged") from error
    raise OSError(f"{path}: not a file of saved counts that this version reads (format {version})")
