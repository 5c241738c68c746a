"""`CountTable`: counts read as a table of n-grams, by symbols, in turn, and by other programs."""

import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast._core import Ngrams
from makemore_fast.late import Late
from makemore_fast.options import whole_number
from makemore_fast.symbols import Symbols, column_names
from makemore_fast.units import Unit, in_unit, unit_size

if TYPE_CHECKING:
    from makemore_fast import frames
    from makemore_fast.frames import Library
    from makemore_fast.storage import compression, saving
else:
    compression = Late("makemore_fast.storage.compression")
    frames = Late("makemore_fast.frames")
    saving = Late("makemore_fast.storage.saving")

_AT_A_TIME = 4096  # n-grams made Python objects together

_Gram = tuple[str, ...]


class CountTable(ABC):
    """The n-grams that occur, each with its count, in the order of their ids."""

    __slots__ = ()

    @property
    @abstractmethod
    def _core(self) -> Ngrams:
        """All n-grams; never changed, so what is read of one belongs together."""

    # -- by symbols ------------------------------------------------------------------

    def __getitem__(self, symbols: str | tuple[str, ...]) -> Any:
        """Return how often symbols stand side by side, or what follows fewer of them.

        All symbols of an n-gram, as in ``counts["n", "."]`` of bigrams, give its count, an int.
        Fewer are a context, as in ``counts["n"]``, and give a row: how often each symbol of the
        alphabet comes right after it, whatever stands before it, as a (V,) int64 array. Of
        bigrams that is the row of `array`; of counts of order n,
        ``counts["q", "u"]`` is the row of ``counts.lower(3)``.

        Raises
        ------
        TypeError
            For more symbols than an n-gram has, for none, or for what are no str.
        KeyError
            If one is not in the alphabet.
        """
        core = self._core
        ids = _ids(core, symbols)
        missing = [symbol for symbol, i in ids if i < 0]
        if missing:
            hint = f", which is several symbols: {_as_index(missing[0])}"
            several = len(missing[0]) > 1 and all(core.id(one) >= 0 for one in missing[0])
            raise KeyError(f"{missing[0]!r} is not a symbol of the alphabet{hint * several}")
        numbers = [i for _, i in ids]
        return core.at(*numbers) if len(numbers) == core.order else core.row(*numbers)

    def __contains__(self, symbols: object) -> bool:
        """Return whether an n-gram, or a context, was ever counted: ``("e", "m") in counts``.

        It was not if one of the symbols is not in the alphabet. Raises TypeError as ``[]`` does.
        """
        core = self._core
        numbers = [i for _, i in _ids(core, symbols)]
        if min(numbers) < 0:
            return False
        if len(numbers) == core.order:
            return core.at(*numbers) > 0
        return bool(core.row(*numbers).any())

    # -- in turn ---------------------------------------------------------------------

    def __len__(self) -> int:
        """Return how many different n-grams occur."""
        return len(self._core)

    def __iter__(self) -> Iterator[_Gram]:
        """Iterate over the n-grams that occur, as tuples of symbols, in the order of their ids.

        They are those of the counts as they are when the iteration begins.
        """
        return (gram for gram, _ in _listed(self._core.alphabet, self._core.cells()))

    def keys(self) -> Iterator[_Gram]:
        """Return an iterator over the n-grams that occur, in the order of their ids."""
        return iter(self)

    def values(self) -> Iterator[int]:
        """Return an iterator over their counts, in the same order."""
        return (count for _, count in self.items())

    def items(self) -> Iterator[tuple[_Gram, int]]:
        """Return an iterator over the n-grams that occur and their counts.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> counts = mf.count(["ab", "a"])
        >>> list(counts.items())
        [(('.', 'a'), 2), (('a', '.'), 1), (('a', 'b'), 1), (('b', '.'), 1)]
        >>> counts["a"].tolist(), ("b", "a") in counts, len(counts)
        ([1, 0, 1], False, 4)
        """
        core = self._core
        return _listed(core.alphabet, core.cells())

    def most_common(self, n: int | None = None) -> list[tuple[_Gram, int]]:
        """Return the `n` most frequent n-grams with their counts, or all that occur.

        Parameters
        ----------
        n : int, optional
            How many; all if None.

        Returns
        -------
        list of (tuple of str, int)
            Those of one frequency come in the order of their ids.

        See Also
        --------
        Counts.items : All n-grams, in the order of their ids.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> mf.count(["emma", "ava", "mia"]).most_common(2)
        [(('a', '.'), 3), (('.', 'a'), 1)]
        """
        core = self._core
        most = sys.maxsize if n is None else min(max(whole_number("n", n), 0), sys.maxsize)
        return list(_listed(core.alphabet, core.most_common(most)))

    # -- for other programs ----------------------------------------------------------

    def to_frame(self, *, library: "Library | None" = None) -> Any:
        """Return the n-grams that occur as a data frame: a column a symbol, and their counts.

        Parameters
        ----------
        library : {"pandas", "polars"}, optional
            Whose frame; by default that of pandas, or of Polars where pandas is not installed.

        Returns
        -------
        pandas.DataFrame or polars.DataFrame
            A row for each n-gram, in the order of their ids. The columns are ``first``,
            ``second``, ``third``, ``4th`` and so on, of single symbols ``symbol``; and ``count``.

        Raises
        ------
        ImportError
            If the library is not installed (``pip install 'makemore_fast[pandas]'``).

        See Also
        --------
        Counts.to_csv : Text.
        Counts.array : A square.
        Counts.ngrams : Arrays.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> mf.count(["ab", "a"]).to_frame(library="pandas")
          first second  count
        0     .      a      2
        1     a      .      1
        2     a      b      1
        3     b      .      1
        """
        core = self._core
        return frames.frame(core.alphabet, *core.cells(), library)

    def to_csv(self, path: str | PathLike[str], *, sep: str = ",") -> None:
        r"""Write the n-grams that occur and their counts as a table in text, a line each.

        Parameters
        ----------
        path : str or PathLike
            Compressed if it ends in .gz, .bz2, .xz or .zst. The file is written whole or not
            at all, as by `Counts.save`.
        sep : {",", "\\t"}
            What stands between columns.

        Raises
        ------
        OSError
            If the file cannot be written; what stood there is as it was.
        ValueError
            If `sep` is another.

        See Also
        --------
        Counts.to_frame : A data frame.
        Counts.save : A file that `load_counts` reads.

        Notes
        -----
        UTF-8, with the names of the columns, which are those of `to_frame`, in the first line.
        Lines end in a newline; a symbol that is the separator, a quotation mark or a line end
        stands in quotation marks (RFC 4180). What reads the file may take digits for numbers
        and must be told not to, as by ``pandas.read_csv(path, dtype={"first": str})``.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> from pathlib import Path
        >>> mf.count(["ab"]).to_csv("counts.csv")
        >>> Path("counts.csv").read_text().splitlines()
        ['first,second,count', '.,a,1', 'a,b,1', 'b,.,1']
        """
        given: object = sep  # whatever it is
        if not isinstance(given, str) or given not in (",", "\t"):
            raise ValueError(f'sep must be "," or "\\t", got {sep!r}')
        with saving.replacing(path) as file, compression.compressed(file, path) as text:
            write_csv(self._core, sep, None, text.write)

    # -- information -----------------------------------------------------------------

    def entropy(self, *, unit: Unit = "nats") -> float:
        """Return how uncertain a symbol is if the order - 1 symbols before it are known.

        Parameters
        ----------
        unit : {"nats", "bits"}
            Of the result.

        Returns
        -------
        float
            The conditional entropy of the last symbol of an n-gram, by relative frequencies:
            the loss of these words under ``counts.model()``. Of order 1 it is the entropy of
            single symbols; ``counts.lower(n)`` has those of the orders below.

        Raises
        ------
        ValueError
            If no words were counted.

        See Also
        --------
        divergence : What it costs to take one language for another.
        Counts.mutual_information : Which symbols stand together.

        Notes
        -----
        C. Shannon, "Prediction and entropy of printed English" (1951). Word ends are symbols.
        Relative frequencies flatter longer contexts: what occurred once seems certain.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> counts = mf.count(mf.names(), order=4)
        >>> [round(counts.lower(n).entropy(unit="bits"), 3) for n in (1, 2, 3, 4)]
        [4.399, 3.826, 3.248, 2.287]
        """
        return self._core.entropy() / unit_size(unit)

    def mutual_information(self, *, unit: Unit = "nats") -> NDArray[np.float64]:
        """Return the pointwise mutual information of each n-gram that occurs.

        Parameters
        ----------
        unit : {"nats", "bits"}
            Of the result.

        Returns
        -------
        (len(counts),) float64 ndarray
            log P(n-gram) / (P(context) P(last symbol)), in the order of `ngrams` and `items`:
            above zero for symbols that stand together more often than by chance. The context
            is all of the n-gram but its last symbol.

        Raises
        ------
        ValueError
            If these are counts of single symbols.

        See Also
        --------
        Counts.entropy : How uncertain symbols are.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> counts = mf.count(["queen", "quinn", "nina"])
        >>> pmi = dict(zip(counts, counts.mutual_information(unit="bits")))
        >>> round(float(pmi["q", "u"]), 2), round(float(pmi["n", "n"]), 2)
        (3.09, -0.56)
        """
        core = self._core
        if core.order == 1:
            raise ValueError("single symbols have no mutual information; count with order=2")
        return in_unit(core.mutual_information(), unit)


def write_csv(counts: Ngrams, separator: str, most: int | None, write: Any) -> None:
    """Write counts, or the most frequent so many, by calls of write(bytes)."""
    write((separator.join((*column_names(counts.order), "count")) + "\n").encode())
    counts.write_csv(separator, most, write)


def _listed(
    alphabet: Symbols, cells: tuple[NDArray[np.uint32], NDArray[np.int64]]
) -> Iterator[tuple[_Gram, int]]:
    """Yield n-grams as symbols, with their counts."""
    for first in range(0, len(cells[1]), _AT_A_TIME):
        ids, counts = (part[first : first + _AT_A_TIME].tolist() for part in cells)
        symbols = (tuple(alphabet[i] for i in gram) for gram in ids)
        yield from zip(symbols, counts, strict=True)


def _ids(core: Ngrams, symbols: object) -> list[tuple[str, int]]:
    """Return each symbol with its id, or -1; TypeError for what is no n-gram and no context."""
    items: Any = (symbols,) if isinstance(symbols, str) else symbols
    if not (
        isinstance(items, tuple)
        and 1 <= len(items) <= core.order
        and all(isinstance(symbol, str) for symbol in items)
    ):
        examples = [_as_index("n" * (core.order - 1) + ".")]
        if core.order > 1:
            examples.append(_as_index("n" * (core.order - 1)))
        most = {1: "one symbol", 2: "one symbol or two"}.get(
            core.order, f"up to {core.order} symbols"
        )
        raise TypeError(f"expected {most} (str), as in {' or '.join(examples)}")
    return [(item, core.id(item)) for item in items]


def _as_index(symbols: str) -> str:
    return "counts[" + ", ".join(f'"{symbol}"' for symbol in symbols) + "]"
