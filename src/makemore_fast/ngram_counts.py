"""`NgramCounts`: how often each n-gram occurs, without what is made of that."""

from collections.abc import Callable
from operator import index
from pickle import PickleBuffer
from threading import RLock
from typing import TYPE_CHECKING, Any, Self, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from makemore_fast._core import Alphabet, Ngrams, decoded
from makemore_fast._core import merged as merged_cores
from makemore_fast.adding import Parts, plus
from makemore_fast.arrays import cells_of
from makemore_fast.count_table import CountTable
from makemore_fast.counting_options import counted, counting
from makemore_fast.options import check_dense, checked_order
from makemore_fast.storage.archives import FORMAT, write_npz
from makemore_fast.storage.kept_alphabet import kept_alphabet, pickled_alphabet
from makemore_fast.storage.kept_counts import counts_members, restored_core
from makemore_fast.symbols import NumbersSymbols, grams, shown, symbols_of
from makemore_fast.tokens import meant_of, rules_of
from makemore_fast.words import Nulls, Weights, WordCounts, Words

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from makemore_fast.storage.saving import Target


class NgramCounts(CountTable, NumbersSymbols):
    """The data of `Counts`; whatever makes or draws something of counts takes these."""

    __slots__ = ("_cached", "_lock", "_parts")
    __hash__ = None  # type: ignore[assignment]  # counts can change

    def __init__(self, core: Ngrams) -> None:
        if not isinstance(core, Ngrams):
            made_by = "count(words), count_file(path) and load(path)"
            raise TypeError(f"Counts are made by {made_by}, not of {type(core).__name__}")
        # One attribute holds all that was counted, in parts that are yet to be added up. It is
        # replaced and never changed, so what is read from it once belongs together, whatever
        # other threads do.
        self._parts: tuple[Ngrams, ...] = (core,)
        self._cached: tuple[object, NDArray[np.int64]] | None = None  # a core and its array
        self._lock = RLock()  # held while a new core is made of the last one

    @classmethod
    def from_array(cls, array: Any, alphabet: "str | NumbersSymbols") -> Self:
        """Make counts of the lecture's ``N``, or of such an array of any order.

        Parameters
        ----------
        array : (V,) * order array of whole numbers
            NumPy's, torch's or whatever NumPy takes for an array; floats without a fraction
            too. Its axes are the symbols of an n-gram from first to last.
        alphabet : str, Counts or model
            The symbols of an axis in their order: the boundary first, then the others in
            code-point order.

        Raises
        ------
        TypeError
            If these are no numbers, or the alphabet is none.
        ValueError
            If the alphabet does not fit the array or is not in order, a count is negative or
            has a fraction, or no words have these counts: what begins or goes on must end, so
            the row and the column of a symbol have the same sum.

        See Also
        --------
        Counts.array : The array of counts.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> counts = mf.count(["emma", "ava"])
        >>> mf.Counts.from_array(counts.array, ".aemv") == counts
        True
        """
        symbols = symbols_of(alphabet)
        ids, values = cells_of(array, symbols)
        return cls(restored_core(kept_alphabet(alphabet), ids, values))

    @property
    def _core(self) -> Ngrams:
        """All that was counted; what was added since the last look is added up now."""
        parts = self._parts
        if len(parts) == 1:
            return parts[0]
        core = merged_cores(parts)
        # Whoever holds the lock replaces the parts; nobody who reads waits for that.
        if self._lock.acquire(blocking=False):
            try:
                if self._parts is parts:
                    self._parts = (core,)
            finally:
                self._lock.release()
        return core

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
            check_dense(len(core.numbering), core.order, instead)
            self._cached = cached = (core, core.dense())
        return cached[1]

    @property
    def order(self) -> int:
        """Symbols in an n-gram: 2 for bigrams, 1 for single symbols."""
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

        See Also
        --------
        Counts.items : The same as symbols, one by one.
        Counts.to_frame : The same as a data frame.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> ids, counts = mf.count(["ab", "a"]).ngrams()
        >>> ids.tolist(), counts.tolist()
        ([[0, 1], [1, 0], [1, 2], [2, 0]], [2, 1, 1, 1])
        """
        return self._core.cells()

    @property
    def _numbering(self) -> Alphabet:
        return self._core.numbering

    @property
    def words(self) -> int:
        """How many words were counted."""
        return self._core.words

    @property
    def total(self) -> int:
        """How many n-grams were counted, one for each symbol of a word and one for its end."""
        return self._core.total

    def lower(self, order: int) -> Self:
        """Return the counts of the same words at a lower order.

        Parameters
        ----------
        order : int
            From 1 to that of these counts.

        Returns
        -------
        Counts

        Raises
        ------
        ValueError
            If the order is below 1 or above that of these counts.

        See Also
        --------
        Counts.order : That of these counts.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> words = ["emma", "ava"]
        >>> mf.count(words, order=5).lower(2) == mf.count(words)
        True
        """
        return type(self)(self._core.lowered(checked_order(order)))

    # -- adding ----------------------------------------------------------------------

    def __sub__(self, other: "NgramCounts") -> Self:
        """Return what is left without other counts: ``a + b - b == a``, if `a` has all symbols.

        The alphabet stays. Raises ValueError if that would be no counts of words: where a
        count would be below zero, for one. Signed differences are arrays,
        ``a.array - b.array`` of counts of one alphabet.
        """
        if not isinstance(other, NgramCounts):
            return NotImplemented
        return type(self)(_difference(self._core, other._core))

    def __isub__(self, other: "NgramCounts") -> Self:
        if not isinstance(other, NgramCounts):
            return NotImplemented
        less = other._core
        self._change(lambda parts: (_difference(merged_cores(parts), less),))
        return self

    def __add__(self, other: "NgramCounts") -> Self:
        if not isinstance(other, NgramCounts):
            return NotImplemented
        return type(self)(self._core.added(other._core))

    def __radd__(self, other: int) -> Self:
        """Return a copy of these counts for 0, which is where `sum` starts."""
        return type(self)(self._core) if type(other) is int and other == 0 else NotImplemented

    def __iadd__(self, other: "NgramCounts") -> Self:
        if not isinstance(other, NgramCounts):
            return NotImplemented
        self._add(other._core)
        return self

    def __mul__(self, times: int) -> Self:
        """Return the counts of every word so many times, from 0 up."""
        try:
            number = index(times)
        except TypeError:
            return NotImplemented
        return type(self)(self._core.multiplied(_checked_times(number)))

    __rmul__ = __mul__

    def update(
        self,
        words: Words | WordCounts,
        *,
        weights: Weights | None = None,
        column: str | None = None,
        nulls: Nulls = "raise",
    ) -> None:
        """Count more words; new symbols join the alphabet.

        Parameters
        ----------
        words : iterable of str, mapping, NumPy array, Arrow or data frame column
            As in `count`. A word may end in a line end if that is one of the symbols counted so
            far.
        weights, column, nulls
            As in `count`.

        Raises
        ------
        TypeError, ValueError
            As in `count`; the counts are then as they were.

        See Also
        --------
        count : Makes new counts.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> counts = mf.count(["emma"])
        >>> counts.update(["ava", "mia"])
        >>> counts.words
        3
        """
        first, *rest = self._parts
        rules = counting(first.order, None, rules_of(first.numbering))
        meant = "".join(meant_of(part.numbering) for part in (first, *rest))
        self._add(counted(words, weights, rules, meant, column, nulls))

    def _add(self, more: Ngrams) -> None:
        """Add counts, whoever else adds meanwhile."""
        self._change(lambda parts: plus(parts, more))

    def _change(self, made_of: Callable[[Parts], Parts]) -> Parts:
        """Put what is made of the counts in their place, whoever else changes them meanwhile.

        Other threads wait for the lock. What runs in this thread in the midst of the sum, such
        as a signal's handler, may add too; the sum is then made again.
        """
        with self._lock:
            while True:
                before = self._parts
                after = made_of(before)
                if self._parts is before:  # between this line and the next nothing else can run
                    self._parts = after
                    return after

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NgramCounts):
            return NotImplemented
        return self._core == other._core

    # -- keeping ---------------------------------------------------------------------

    def save(self, file: "Target") -> None:
        """Write the counts to a NumPy .npz file, for `load_counts`.

        Parameters
        ----------
        file : str, PathLike or file object
            As in `LanguageModel.save`: a file at a path is written whole or not at all.

        Raises
        ------
        OSError
            If the file cannot be written; what stood there is as it was.
        TypeError
            If `file` is no path, or not open for bytes.

        See Also
        --------
        load_counts : Reads the file.
        Counts.to_csv : Writes text.
        """
        write_npz(file, {"format": np.array(FORMAT), **counts_members(self._core)})

    def to_bytes(self) -> bytes:
        """Return the counts as bytes, few and checked, for another process or machine.

        Equal counts give equal bytes. An n-gram takes two or three of them, where it takes 32 in
        memory. ``docs/reference/saved.md`` has the format.

        Returns
        -------
        bytes

        See Also
        --------
        Counts.from_bytes : Reads them.
        merged : Adds up the counts of many machines.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> counts = mf.count(mf.names(), order=6)
        >>> mf.Counts.from_bytes(counts.to_bytes()) == counts
        True
        """
        return self._core.encoded().tobytes()

    @classmethod
    def from_bytes(cls, data: "Buffer") -> Self:
        """Make counts again of what `to_bytes` returned.

        Whatever bytes can hold is checked, as by `load_counts`.

        Parameters
        ----------
        data : bytes-like
            bytes, bytearray, memoryview, mmap, a uint8 array.

        Raises
        ------
        TypeError
            If these are no bytes.
        ValueError
            If they are no counts, damaged or cut short, of a later version of the format, or
            no words have such counts.

        See Also
        --------
        Counts.to_bytes : Writes them.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> counts = mf.count(["emma", "ava"])
        >>> mf.Counts.from_bytes(counts.to_bytes()).words
        2
        """
        try:
            view = memoryview(data)
        except TypeError:
            kind = type(data).__name__
            raise TypeError(f"expected what to_bytes() returns, got {kind}") from None
        return cls(decoded(view, of_words=True))

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        encoded = self._core.encoded()  # an array, which can travel beside the pickle
        return unpickled, (
            type(self),
            PickleBuffer(encoded.data) if index(protocol) >= 5 else encoded.tobytes(),
        )

    def __copy__(self) -> Self:
        return self._now()

    def __deepcopy__(self, _: dict[int, Any]) -> Self:
        return self._now()

    def __sizeof__(self) -> int:
        """Return the bytes that the counts take, with the array if that was made."""
        cached = self._cached
        array = 0 if cached is None else cached[1].nbytes
        return object.__sizeof__(self) + sum(part.nbytes for part in self._parts) + array

    def __repr__(self) -> str:
        core = self._core
        symbols = core.alphabet
        return (
            f"{type(self).__name__}({core.words:,} words, {core.total:,} {grams(core.order)}, "
            f"{len(symbols):,} symbols {shown(symbols)})"
        )

    def _now(self) -> Self:
        """Return these counts as they are now, for what looks at them more than once."""
        return type(self)(self._core)

    def _counts_of(
        self, words: Words | WordCounts, column: str | None, *, same_alphabet: bool = False
    ) -> Self:
        """Count other words at the same order."""
        numbers = self._numbering
        rules = counting(self.order, numbers if same_alphabet else None, rules_of(numbers))
        return type(self)(counted(words, None, rules, meant_of(numbers), column, "raise"))


def _checked_times(times: int) -> int:
    if times < 0:
        raise ValueError(f"counts can be multiplied by 0 and more, not by {times}")
    return min(times, 2**63 - 1)  # beyond that a count is too high, or there is none


def _difference(core: Ngrams, less: Ngrams) -> Ngrams:
    """Return counts without others, if they are counts of words."""
    signed = "signed differences are arrays: a.array - b.array of counts of one alphabet"
    try:
        rest = core.subtracted(less)
        return restored_core(pickled_alphabet(rest.numbering), *rest.cells())
    except ValueError as error:
        raise ValueError(f"{error}; {signed}") from None


def unpickled(kind: type[NgramCounts], data: Any) -> NgramCounts:
    """Make counts of a kind again of what pickle keeps.

    Its checksum and its form are checked. That words have such counts is not: it takes longer than
    all else, in what merges counts of many processes, and a pickle can run any code anyway.
    """
    return kind(decoded(memoryview(data), of_words=False))


def restored(
    kind: type[NgramCounts], alphabet: Any, ids: NDArray[np.uint32], counts: NDArray[np.int64]
) -> NgramCounts:
    """Make counts of a kind again of what pickles kept in the first version."""
    return kind(restored_core(alphabet, ids, counts))
