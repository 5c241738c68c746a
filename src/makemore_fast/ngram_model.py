"""`NgramModel`: a model of longer contexts, smoothed."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.count_model import CountModel
from makemore_fast.keeping import Members
from makemore_fast.late import Late
from makemore_fast.ngram_counts import NgramCounts
from makemore_fast.options import check_column, check_dense
from makemore_fast.smoothing import ADD_K, NAMED, Discounts, Settings, checked_settings, smooth
from makemore_fast.storage.archives import MODEL_FORMAT
from makemore_fast.storage.kept_alphabet import (
    alphabet_members,
    alphabet_names,
    core_alphabet,
    pickled_alphabet,
    restore_alphabet,
)
from makemore_fast.storage.saved import Saved
from makemore_fast.tokens import symbol_rules
from makemore_fast.words import Words
from makemore_fast.wrong_names import names_meant

if TYPE_CHECKING:
    from makemore_fast.storage import files
else:
    files = Late("makemore_fast.storage.files")

#: What `NgramModel.smoothing` says of models that were read from ARPA files.
ARPA = "arpa"

_MOST_ORDER = 128  # the core says what an alphabet allows

#: What a file keeps beside the tables, and the tables of the core with their types.
_HEAD = 1 << 20  # bytes of an ARPA file in which \data\ stands
_FACTS = ("kind", "format", "order", "smoothing", "k", "discounts", "by_levels")
_TABLES = {
    "shortest": "f8",
    "log_shortest": "f8",
    "parent": "u4",
    "weight": "f8",
    "log_weight": "f8",
    "follow": "u4",
    "symbol": "u4",
    "next": "u4",
    "log": "f8",
    "own": "f8",
}


class NgramModel(CountModel):
    """A model of order n; made by `Counts.model` and `read_arpa`, immutable.

    What follows a context that was seldom or never seen is told by the next shorter one, so
    that no symbol of the alphabet is ever impossible (but for add-k with k = 0).

    See Also
    --------
    Counts.model : Makes them of counts.
    read_arpa : Makes them of ARPA files.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> model = mf.count(mf.names(), order=4).model(smoothing="kneser-ney")
    >>> model
    NgramModel(order 4, kneser-ney, 108 symbols)
    """

    __slots__ = ("_ngrams", "_settings")

    def __init__(self, core: _core.NgramModel, settings: Settings) -> None:
        super().__init__(core)
        self._ngrams = core
        self._settings = settings

    @property
    def order(self) -> int:
        """Symbols in an n-gram: one more than the model looks back."""
        return self._ngrams.order

    @property
    def smoothing(self) -> str | float:
        """How the counts were smoothed: ``"kneser-ney"``, ``"witten-bell"`` or a number, add-k.

        ``"arpa"`` if the model was read from a file, which does not say.
        """
        return self._settings.smoothing

    @property
    def discounts(self) -> Discounts | None:
        """What Kneser-Ney takes from counts of 1, 2, and 3 and more; a row for each length.

        The first row is for single symbols, the last for n-grams of the full order. None for
        other smoothings.
        """
        return self._settings.discounts

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """P(last | others) as a float64 array of shape (V,) * order.

        Its axes are the symbols from first to last, as those of `Counts.array`: before a word
        stand boundaries. A context that no word can have, with a boundary behind a symbol,
        has zeros.

        Raises
        ------
        ValueError
            If the array would take more than 4 GiB; `next_probabilities` always works.
        """
        check_dense(len(self._numbering), self.order, "next_probabilities() gives one context's")
        return self._ngrams.dense(self.order)

    @names_meant
    def ngram_lengths(
        self, words: Words, *, column: str | None = None
    ) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Return how long the n-gram is that each symbol's probability comes from.

        Parameters
        ----------
        words, column
            As in `score`.

        Returns
        -------
        lengths : uint8 ndarray
            The symbols of the longest n-gram of the model that ends in each symbol of the
            words, their ends included: `order` where the whole context was seen with it, 1
            where only the symbol itself was, or is unknown; 0 where an unknown symbol has no
            share. The start of a word counts as a symbol.
        offsets : (len(words) + 1,) int64 ndarray
            Those of word i are ``lengths[offsets[i]:offsets[i + 1]]``.

        Raises
        ------
        TypeError, ValueError
            As in `count`, for things that are not words.

        See Also
        --------
        LanguageModel.symbol_scores : The log-probabilities, in the same order.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(["emma", "olivia"], order=3).model(smoothing="witten-bell")
        >>> model.ngram_lengths(["emma", "ola"])[0]
        array([2, 3, 3, 3, 3, 2, 3, 1, 2], dtype=uint8)
        """
        check_column(column)
        return self._ngrams.ngram_lengths(words, column)

    def __repr__(self) -> str:
        smoothing = self.smoothing
        how = smoothing if isinstance(smoothing, str) else f"smoothing {smoothing:g}"
        return f"NgramModel(order {self.order}, {how}, {len(self._numbering):,} symbols)"

    def __reduce__(self) -> tuple[Any, ...]:
        tables = {"alphabet": pickled_alphabet(self._numbering), **_core.tables_of(self._ngrams)}
        kept = self.order, self._ngrams.by_levels, tables
        return restore, (*kept, self._settings.smoothing, self._settings.discounts)

    def _members(self) -> Members:
        smoothing, discounts = self._settings.smoothing, self._settings.discounts
        named = isinstance(smoothing, str)
        return {
            "kind": np.array("ngram"),
            "format": np.array(MODEL_FORMAT),
            "order": np.array(self.order),
            "smoothing": np.array(smoothing if named else ADD_K.name),
            "k": np.array(0.0 if named else smoothing),
            "discounts": np.array(discounts or [], np.float64).reshape(-1, 3),
            "by_levels": np.array(int(self._ngrams.by_levels)),
            **alphabet_members(self._numbering),
            **_core.tables_of(self._ngrams),
        }

    def _backoff(self) -> _core.NgramModel:
        return self._ngrams

    def _known_likelihood(self, counts: NgramCounts) -> float | None:
        if counts.order < self.order:
            return None
        return self._ngrams.log_likelihood(counts._core)


def smoothed(counts: _core.Ngrams, settings: Settings) -> NgramModel:
    """Return the model that a smoothing makes of counts."""
    core, used = smooth(counts, settings)
    return NgramModel(core, used)


def restore(
    order: int,
    by_levels: bool,
    tables: Mapping[str, Any],
    smoothing: str | float,
    discounts: Discounts | None,
) -> NgramModel:
    """Make a model again of what pickle keeps, which may have come from anywhere."""
    if "alphabet" in tables:
        tables = {**tables, "alphabet": core_alphabet(tables["alphabet"])}
    core = _core.restored_ngrams(order, by_levels, tables)
    if smoothing == ARPA and discounts is None:
        return NgramModel(core, Settings(ARPA))
    settings = checked_settings(smoothing, discounts, order)
    for row in settings.discounts or ():
        for taken in row:
            if not 0 <= taken <= 3:
                raise ValueError(f"discounts: {taken} cannot be taken from a count")
    return NgramModel(core, settings)


def restore_ngrams(saved: Saved) -> NgramModel:
    """Make a model of an opened file that `NgramModel.save` wrote."""
    names = alphabet_names(saved)
    saved.check_members(*_FACTS, *names, *_TABLES)
    saved.check_stored(*names, *_TABLES)
    for name, kind in _TABLES.items():
        saved.header(name, kind, None)
    order = saved.number("order")
    with saved.about("order"):
        if not 1 <= order <= _MOST_ORDER:
            raise ValueError(f"order {order} cannot be")
    by_levels = saved.number("by_levels")
    with saved.about("by_levels"):
        if by_levels not in (0, 1):
            raise ValueError(f"must be 0 or 1, got {by_levels}")
    (smoothing,) = saved.strings("smoothing")
    k = float(saved.array("k", "f8")[()])
    rows = saved.array("discounts", "f8", None, 3)
    discounts = tuple((one, two, more) for one, two, more in rows.tolist()) or None
    with saved.about("smoothing"):
        if smoothing not in (ADD_K.name, ARPA, *NAMED):
            raise ValueError(f"{smoothing!r} is not known to this version of makemore_fast")
    with saved.about("k"):
        if not (0 <= k < math.inf):
            raise ValueError(f"must be a number from 0 up, got {k}")
    how = k if smoothing == ADD_K.name else smoothing
    alphabet = restore_alphabet(saved)
    tables: dict[str, Any] = {"alphabet": alphabet}
    tables |= {name: saved.array(name, kind, None) for name, kind in _TABLES.items()}
    with saved.about():
        return restore(order, bool(by_levels), tables, how, discounts)


@names_meant
def read_arpa(
    path: "files.Source",
    *,
    boundary: str | None = None,
    separator: str | None = None,
    tokens: Mapping[str, str] | None = None,
) -> NgramModel:
    """Read a back-off model of symbols from an ARPA file, such as KenLM writes.

    Parameters
    ----------
    path : str, PathLike or file object
        Decompressed if it ends in .gz, .bz2, .xz or .zst.
    boundary : str, optional
        The symbol that stands for the start and the end of a word, ``<s>`` and ``</s>`` in the
        file; none of the tokens may be it. By default ``"."``, and ``"<s>"`` with `separator`.
    separator : str, optional
        If given, tokens of any length are symbols as they are, and this stands between those of a
        word, as in `count`.
    tokens : mapping from str to str, optional
        Tokens of the file that are more than one symbol, and the symbol that each stands for,
        such as ``{"<space>": " "}``.

    Returns
    -------
    NgramModel
        Whatever the file was smoothed by; `CountModel.write_arpa` says how symbols are written.

    Raises
    ------
    ValueError
        With the path and the line: if the file is malformed; if a token is not one symbol and
        not in `tokens`; if
        an n-gram lacks, in the file, the one without its first or its last symbol; or if the
        probabilities after a context sum to more than 1, beyond rounding.
    OSError, EOFError
        If the file is missing, unreadable, truncated or damaged.

    See Also
    --------
    CountModel.write_arpa : Write such a file.
    load_model : Read what `save` wrote, which is faster and exact.

    Notes
    -----
    The whole file is held in memory while it is read.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> mf.count(mf.names(), order=3).model(smoothing="witten-bell").write_arpa("names.arpa")
    >>> model = mf.read_arpa("names.arpa")
    >>> model
    NgramModel(order 3, arpa, 108 symbols)
    >>> model.sample(3, rng=42)
    ['rido', 'renosti', 'ed']
    """
    _, how = symbol_rules(None, None, None, boundary, separator)
    if separator is not None and tokens is not None:
        raise ValueError("tokens= is for symbols that are characters, without separator=")
    names: Any = {} if tokens is None else tokens  # whatever it is
    if not isinstance(names, Mapping):
        raise TypeError(f"tokens must map str to str, got {type(names).__name__}")
    for token, symbol in names.items():
        if not isinstance(token, str) or not isinstance(symbol, str):
            raise TypeError(f"tokens must map str to str, got {token!r}: {symbol!r}")
    with files.opened(path) as file:
        return _read(_whole(file), how.boundary, dict(names))


def _whole(file: files.Opened) -> bytearray:
    """Return all bytes of an ARPA file; what is none by its first MiB is not read on."""
    content = bytearray()
    for block in file.utf8(files.TEXT):
        content += block
        if len(content) - len(block) < _HEAD <= len(content) and b"\\data\\" not in content:
            break  # the core says what it is instead; there may be no end of it
    return content


def _read(
    text: bytes | bytearray,
    boundary: str | _core.TokenRules,
    names: dict[str, str] | None = None,
) -> NgramModel:
    return NgramModel(_core.read_arpa(text, boundary, names or {}), Settings(ARPA))
