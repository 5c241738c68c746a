"""Words for training, for choosing and for testing: `split`."""

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeVar, overload

import numpy as np

from makemore_fast.column_types import is_list
from makemore_fast.count_table import CountTable
from makemore_fast.options import real_number
from makemore_fast.rng import NumPyRNG, bit_generator
from makemore_fast.wrong_names import names_meant

_Weight = TypeVar("_Weight")


@overload
def split(  # type: ignore[overload-overlap]  # a mapping is an iterable too, and comes first
    words: Mapping[str, _Weight],
    fractions: Sequence[float] = (0.8, 0.1, 0.1),
    *,
    rng: "NumPyRNG | random.Random" = None,
) -> tuple[dict[str, _Weight], ...]: ...
@overload
def split(
    words: Iterable[str],
    fractions: Sequence[float] = (0.8, 0.1, 0.1),
    *,
    rng: "NumPyRNG | random.Random" = None,
) -> tuple[list[str], ...]: ...
@names_meant
def split(
    words: Iterable[str] | Mapping[str, Any],
    fractions: Sequence[float] = (0.8, 0.1, 0.1),
    *,
    rng: "NumPyRNG | random.Random" = None,
) -> tuple[list[str] | dict[str, Any], ...]:
    """Shuffle words and cut them into parts, as the lectures do.

    Parameters
    ----------
    words : iterable of str or of lists of tokens, or mapping
        Left as it is; equal words stay apart, so one may come to several parts. A word of a
        mapping, such as a ``collections.Counter``, comes to one part with all its count, and is
        one word to the fractions.
    fractions : sequence of float
        How much of the words each part gets; they sum to one. Part by part the cuts are
        the fractions so far times the number of words, rounded down; the last part gets the
        rest.
    rng : None, int, SeedSequence, BitGenerator or Generator, or random.Random
        Where the order comes from, as in `LanguageModel.sample` (but torch's). A ``random.Random``
        shuffles as ``random.shuffle`` does: with ``random.Random(42)`` the parts are those
        of the lectures, word for word.

    Returns
    -------
    tuple of list of str, or of dict
        One list a fraction; of a mapping one dict.

    Raises
    ------
    TypeError
        If `words` is a str or a file, or holds a thing that is not a str (with its
        index); if a fraction is no number.
    ValueError
        If a word ends in a line end (with its index); if a fraction is negative, or they do
        not sum to one.

    See Also
    --------
    Counts.tune : Choose a model by dev words.
    examples : Arrays of each part.

    Notes
    -----
    The order from NumPy's generators is that of one raw draw of 64 bits for each word; NumPy
    keeps those the same across versions.

    The lectures' split is that of A. Karpathy, "Building makemore part 2: MLP" (2022):
    ``random.seed(42); random.shuffle(words)``, cut at ``int(0.8 * n)`` and ``int(0.9 * n)``.

    Examples
    --------
    >>> import random
    >>> import makemore_fast as mf
    >>> train, dev, test = mf.split(mf.names(), rng=random.Random(42))
    >>> len(train), len(dev), len(test)
    (2328, 291, 291)
    >>> mf.split(["emma", "olivia", "ava", "mia"], (0.5, 0.5), rng=42)
    (['olivia', 'mia'], ['emma', 'ava'])
    >>> mf.split({"emma": 7, "olivia": 5, "ava": 2, "mia": 1}, (0.5, 0.5), rng=42)
    ({'olivia': 5, 'mia': 1}, {'emma': 7, 'ava': 2})
    """
    weights = dict(words) if isinstance(words, Mapping) else None
    shuffled = _checked(words if weights is None else list(weights))
    cuts = _cuts(fractions, len(shuffled))
    if isinstance(rng, random.Random):
        rng.shuffle(shuffled)
    else:
        keys = bit_generator(rng).random_raw(len(shuffled))
        shuffled = [shuffled[i] for i in np.argsort(keys, kind="stable").tolist()]
    parts = [shuffled[a:b] for a, b in zip([0, *cuts], [*cuts, None], strict=True)]
    if weights is None:
        return tuple(parts)
    return tuple({word: weights[word] for word in part} for part in parts)


def _checked(words: Iterable[Any]) -> list[Any]:
    """Return the words as a new list."""
    if isinstance(words, str | bytes | bytearray | memoryview):
        kind = type(words).__name__
        raise TypeError(f"expected an iterable of words, got a {kind}, which is one word")
    if isinstance(words, CountTable):
        kind = type(words).__name__
        raise TypeError(f"expected an iterable of words, got {kind}, which holds n-grams")
    if type(words).__module__.partition(".")[0] == "pyarrow":  # whose items are no str
        kind = type(words).__name__
        raise TypeError(f"expected an iterable of str, got {kind}; pass array.to_pylist()")
    if hasattr(words, "read"):
        raise TypeError(
            f"expected an iterable of words, got {type(words).__name__}, a file; "
            "pass file.read().splitlines(), or use count_file(file) to count its lines"
        )
    dimensions = getattr(words, "ndim", 1)
    if dimensions != 1:
        raise ValueError(f"expected a 1-D array of words, got {dimensions} dimensions")
    if isinstance(words, np.ndarray) and words.dtype.kind in "UT":
        words = words.tolist()  # of str, and not of NumPy's
    if hasattr(words, "__arrow_c_stream__") and hasattr(words, "columns"):
        kind = type(words).__name__
        raise TypeError(f"expected an iterable of words, got {kind}, a table; pass its column")
    try:
        items = iter(words)
    except TypeError as error:
        kind = type(words).__name__
        raise TypeError(
            f"expected an iterable of words, got {kind}, which is not iterable"
        ) from error
    checked: list[Any] = []
    for i, word in enumerate(items):
        if is_list(word) and (i == 0 or not isinstance(checked[0], str)):
            for place, token in enumerate(word):
                if not isinstance(token, str):
                    kind = type(token).__name__
                    raise TypeError(f"word {i}, token {place}: expected str, got {kind}")
            checked.append(word)
            continue
        if not isinstance(word, str) or (i > 0 and not isinstance(checked[0], str)):
            wanted = "str" if i == 0 or isinstance(checked[0], str) else "a list of tokens"
            raise TypeError(f"word {i}: expected {wanted}, got {type(word).__name__}")
        if word.endswith(("\n", "\r")):
            ends = r"\n" if word.endswith("\n") and not word.endswith("\r\n") else r"\r\n"
            raise ValueError(
                f'word {i}: {word!r} ends in a line end; strip it with line.rstrip("{ends}")'
            )
        checked.append(word)
    return checked


def _cuts(fractions: Sequence[float], n: int) -> list[int]:
    """Return where each part but the first begins; 0.1 is a tenth here, whatever its bits."""
    shares: Any = fractions  # whatever it is
    if isinstance(shares, str | bytes | Mapping) or not isinstance(shares, Iterable):
        kind = type(shares).__name__
        raise TypeError(f"fractions must be a sequence of numbers, got {kind}")
    given = [real_number("each of fractions", fraction) for fraction in shares]
    if not given or not all(0 <= fraction <= 1 for fraction in given):
        raise ValueError(f"fractions must be numbers from 0 to 1, got {given}")
    if not math.isclose(math.fsum(given), 1, abs_tol=1e-9):
        raise ValueError(f"fractions must sum to one; {given} sum to {math.fsum(given):g}")
    exact = [Fraction(repr(fraction)) for fraction in given]
    return [min(n, math.floor(sum(exact[:i]) * n)) for i in range(1, len(exact))]
