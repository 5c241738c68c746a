"""`Corpus`: many words held as one run of UTF-8, which Arrow's users take without a copy."""

from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.options import whole_number

_AT_A_TIME = 4096  # words made str objects together


class Corpus(Sequence[str]):
    """Words as UTF-8 and offsets, the layout of Arrow's large strings; immutable.

    Made by a model's `sample_corpus`. It is a sequence of str, and an Arrow array of type
    large_utf8 through Arrow's PyCapsule interface: ``pyarrow.array(corpus)``,
    ``polars.Series(corpus)`` and everything here that takes words read it without a copy and
    without an object a word. What was handed over stays valid when the corpus is gone.

    See Also
    --------
    LanguageModel.sample_corpus : Makes them.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> model = mf.count(["emma", "olivia", "ava"]).model(smoothing=1)
    >>> corpus = model.sample_corpus(1000, rng=42)
    >>> corpus
    Corpus(1,000 words, 6,276 bytes: 'alliam', 'eiolimlemava', 'emaailiomv', ...)
    >>> corpus[1], len(corpus[10:20])
    ('eiolimlemava', 10)
    >>> mf.count(corpus) == mf.count(list(corpus))
    True
    """

    __slots__ = ("_core",)

    def __init__(self, core: _core.Corpus) -> None:
        self._core = core

    def __len__(self) -> int:
        return len(self._core)

    @overload
    def __getitem__(self, key: int) -> str: ...
    @overload
    def __getitem__(self, key: slice) -> "Corpus": ...
    def __getitem__(self, key: int | slice) -> "str | Corpus":
        """Return word `key`; of a slice in steps of one a Corpus that shares the memory."""
        if isinstance(key, slice):
            first, last, step = key.indices(len(self))
            if step != 1:
                raise ValueError(f"a Corpus can be sliced in steps of 1 only, got {step}")
            return Corpus(self._core.sliced(first, max(first, last)))
        i = whole_number("the index of a word", key, "an int or a slice")
        if not -len(self) <= i < len(self):
            raise IndexError(f"word {i} of a Corpus of {len(self):,} words")
        return self._core.word(i % len(self))

    def __iter__(self) -> Iterator[str]:
        for first in range(0, len(self), _AT_A_TIME):
            yield from self._core.sliced(first, first + _AT_A_TIME).to_list()

    def count(self, value: object) -> int:
        """Return how many of the words are this one.

        Parameters
        ----------
        value : str
            A word.

        Returns
        -------
        int
        """
        return super().count(value) if isinstance(value, str) else 0

    def index(self, value: object, start: int = 0, stop: int | None = None) -> int:
        """Return where a word stands first.

        Parameters
        ----------
        value : str
            A word.
        start, stop : int, optional
            Where to look: from `start` on and before `stop`, as of a slice.

        Returns
        -------
        int

        Raises
        ------
        ValueError
            If it does not stand there.
        """
        first = whole_number("start", start)
        last = None if stop is None else whole_number("stop", stop)
        if not isinstance(value, str):
            raise TypeError(f"a Corpus holds str, got {type(value).__name__}")
        return super().index(value, first, last)  # type: ignore[arg-type]  # typeshed has no None

    def tolist(self) -> list[str]:
        """Return the words as a list of str.

        See Also
        --------
        Corpus.lines : The words as bytes.
        """
        return self._core.to_list()

    def lines(self) -> bytes:
        r"""Return the words as UTF-8, each followed by a newline, as files of words are.

        See Also
        --------
        Corpus.tolist : The words as str.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> mf.count(["emma", "ava"]).model().sample_corpus(2, rng=3).lines()
        b'emmmmavava\nemava\n'
        """
        return self._core.lines()

    @property
    def data(self) -> NDArray[np.uint8]:
        """The UTF-8 of the words, and of those around a slice; read-only, not a copy."""
        return self._core.data()

    @property
    def offsets(self) -> NDArray[np.int64]:
        """Where words begin: word i is ``data[offsets[i]:offsets[i + 1]]``.

        A (len(corpus) + 1,) int64 array, read-only, not a copy.
        """
        return self._core.offsets()

    def __arrow_c_schema__(self) -> Any:
        """Return Arrow's type of the words, large_utf8, as an ``arrow_schema`` capsule."""
        return self._core.arrow_schema()

    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[Any, Any]:
        """Return the words as a pair of capsules, ``arrow_schema`` and ``arrow_array``.

        They are large_utf8, and nothing is copied; but utf8 if that is requested and 32-bit
        offsets reach.
        """
        return self._core.arrow_array(requested_schema)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Corpus):
            return NotImplemented
        return self._core == other._core

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        data, offsets = self.data, self.offsets
        return _restore, (data[offsets[0] : offsets[-1]].tobytes(), offsets - offsets[0])

    def __repr__(self) -> str:
        size = int(self.offsets[-1] - self.offsets[0])
        first = ", ".join(map(_shown, self[:3])) + ", ..." * (len(self) > 3)
        return f"Corpus({len(self):,} words, {size:,} bytes{': ' * bool(first)}{first})"


def _restore(data: bytes, offsets: NDArray[np.int64]) -> Corpus:
    return Corpus(_core.Corpus(data, offsets))


def _shown(word: str) -> str:
    return repr(word) if len(word) <= 30 else repr(word[:27] + "...")
