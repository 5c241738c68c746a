"""`Model`: conditional probabilities, and what they are good for."""

from collections.abc import Iterable
from operator import index
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.rng import RNG, stream_seed

if TYPE_CHECKING:
    from makemore_fast.counts import Counts


class Model:
    """A bigram model; made by `Counts.model`, immutable.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> model = mf.count(["emma", "olivia", "ava"]).model(smoothing=0.5)
    >>> model
    Model(bigrams, 8 symbols '.aeilmov', smoothing 0.5)
    >>> round(model.nll(["emma", "ava"]), 4)
    1.3079
    """

    __slots__ = ("_core", "_sampler", "_smoothing")

    def __init__(self, core: _core.BigramModel, smoothing: float) -> None:
        self._core = core
        self._smoothing = smoothing
        # The last sampler and what it was made for: most callers ask for the same again.
        self._sampler: tuple[tuple[float, int], _core.Sampler] | None = None

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """P(second | first) as a (V, V) float64 array, read-only; rows are first symbols.

        Each row sums to one; the row of a symbol that was never seen, unsmoothed, is all zero.
        """
        return self._core.probabilities()

    @property
    def alphabet(self) -> str:
        """The symbols in the order of their ids, the boundary first."""
        return self._core.alphabet

    @property
    def boundary(self) -> str:
        """The symbol that stands for the start and the end of a word."""
        return self.alphabet[0]

    @property
    def stoi(self) -> dict[str, int]:
        """From symbol to id, as the lectures call it."""
        return {symbol: i for i, symbol in enumerate(self.alphabet)}

    @property
    def itos(self) -> dict[int, str]:
        """From id to symbol, as the lectures call it."""
        return dict(enumerate(self.alphabet))

    @property
    def smoothing(self) -> float:
        """What was added to every count."""
        return self._smoothing

    def __repr__(self) -> str:
        alphabet = self.alphabet if len(self.alphabet) <= 60 else self.alphabet[:57] + "..."
        return (
            f"Model(bigrams, {len(self.alphabet):,} symbols {alphabet!r}, "
            f"smoothing {self._smoothing:g})"
        )

    # -- scoring ---------------------------------------------------------------------

    def score(self, words: Iterable[str]) -> NDArray[np.float64]:
        """Return the log-probability of each word, its end included.

        Parameters
        ----------
        words : iterable of str

        Returns
        -------
        (len(words),) float64 ndarray
            In nats; -inf for a word that is impossible or holds an unknown symbol.

        Raises
        ------
        TypeError, ValueError
            As in `count`, for things that are not words.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(["emma", "olivia", "ava"]).model()
        >>> model.score(["emma", "ama", "xyz"]).round(3)
        array([-2.773,   -inf,   -inf])
        """
        return self._core.score(words)

    def nll(self, words: "Iterable[str] | Counts") -> float:
        """Return the loss: the mean negative log-likelihood per predicted symbol, in nats.

        Parameters
        ----------
        words : iterable of str, or Counts
            Counts are as good as the words that they were made of.

        Returns
        -------
        float
            Every end counts as a predicted symbol; inf if one of the words is impossible.

        Raises
        ------
        ValueError
            If there are no words, or as in `count`.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> words = ["emma", "olivia", "ava"]
        >>> round(mf.count(words).model().nll(words), 4)
        0.6065
        """
        from makemore_fast.counts import Counts  # made of this module's Model

        if isinstance(words, Counts):
            counts = words._core
        else:
            counter = _core.BigramCounter(self.boundary, None, lines=False, skip_blank=False)
            counter.add_words(words)
            counts = counter.bigrams()
        if counts.total == 0:
            raise ValueError("there are no words to measure the loss of")
        return self._core.nll(counts)

    def perplexity(self, words: "Iterable[str] | Counts") -> float:
        """Return exp of the loss: between how many symbols the model wavers on average.

        Takes and raises what `nll` does.
        """
        return float(np.exp(self.nll(words)))

    # -- sampling --------------------------------------------------------------------

    def sample(
        self,
        n: int = 1,
        *,
        rng: RNG = None,
        prefix: str = "",
        max_length: int | None = None,
        temperature: float = 1.0,
        top_k: int | None = None,
        threads: int | None = None,
    ) -> list[str]:
        """Draw new words.

        Parameters
        ----------
        n : int
            How many words.
        rng : None, int, SeedSequence, BitGenerator or Generator
            Where randomness comes from (Scientific Python's SPEC 7). The same int gives the
            same words on every machine; a generator moves on by two raw draws a call.
        prefix : str
            What every word begins with.
        max_length : int, optional
            The most symbols a word may have, its prefix included; a longer word is cut.
        temperature : float
            Below 1 the likely becomes likelier, p^(1/temperature); 0 takes the most likely
            symbol always, the first of equals.
        top_k : int, optional
            Draw only from the `top_k` most likely symbols after each symbol.
        threads : int, optional
            How many threads draw; all cores if None. Does not change the words.

        Returns
        -------
        list of str

        Raises
        ------
        ValueError
            Before anything is drawn: if nothing was ever seen after a symbol that a word can
            reach, if a word can never end and there is no `max_length`, or if the prefix
            holds an unknown symbol.

        Notes
        -----
        Word i of a stream does not depend on how many are drawn: the first ten of
        ``sample(1000, rng=7)`` are ``sample(10, rng=7)``. Random bits come from Philox4x32-10
        (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011) and become
        symbols through alias tables (Walker 1977, Vose 1991) whose probabilities are exact
        to 2^-32.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(["emma", "olivia", "ava"]).model()
        >>> model.sample(4, rng=42)
        ['a', 'a', 'a', 'olivia']
        >>> model.sample(2, rng=42, prefix="o", max_length=4)
        ['oliv', 'oliv']
        """
        return self._shaped(temperature, top_k).sample(
            *_request(n, rng, 0, prefix, max_length, threads)
        )

    def sample_ids(
        self,
        n: int = 1,
        *,
        rng: RNG = None,
        start: int = 0,
        prefix: str = "",
        max_length: int | None = None,
        temperature: float = 1.0,
        top_k: int | None = None,
        threads: int | None = None,
    ) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """Draw new words as symbol ids.

        Parameters
        ----------
        start : int
            The number of the first word drawn, so that parts of one stream can be drawn in
            different places.
        n, rng, prefix, max_length, temperature, top_k, threads
            As in `sample`, which gives the same words.

        Returns
        -------
        ids : uint8, uint16 or uint32 ndarray
            The symbols of all words, one word after another, without boundaries; the
            smallest unsigned type that holds the alphabet.
        offsets : (n + 1,) int64 ndarray
            Word i is ``ids[offsets[i]:offsets[i + 1]]``.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(["emma", "olivia", "ava"]).model()
        >>> ids, offsets = model.sample_ids(4, rng=42)
        >>> ids, offsets
        (array([1, 1, 1, 6, 4, 3, 7, 3, 1], dtype=uint8), array([0, 1, 2, 3, 9]))
        """
        return self._shaped(temperature, top_k).sample_ids(
            *_request(n, rng, start, prefix, max_length, threads)
        )

    def _shaped(self, temperature: float, top_k: int | None) -> _core.Sampler:
        shape = (float(temperature), _positive("top_k", top_k))
        cached = self._sampler
        if cached is None or cached[0] != shape:
            self._sampler = cached = (shape, self._core.sampler(*shape))
        return cached[1]


def _request(
    n: int, rng: RNG, start: int, prefix: str, max_length: int | None, threads: int | None
) -> tuple[int, int, int, str, int, int]:
    """Check what `sample` and `sample_ids` were asked for, in the order the core takes it."""
    n, start = index(n), index(start)
    if not 0 <= n < 2**48:
        raise ValueError(f"n must be from 0 to 2**48 - 1, got {n}")
    if not 0 <= start < 2**64:
        raise ValueError(f"start must be from 0 to 2**64 - 1, got {start}")
    if not isinstance(prefix, str):
        raise TypeError(f"prefix must be a str, got {type(prefix).__name__}")
    most = _positive("max_length", max_length)
    return n, stream_seed(rng), start, prefix, most, _positive("threads", threads)


def _positive(name: str, value: int | None) -> int:
    """Return the number, or 0 for None, which is how the core says "no limit"."""
    if value is None:
        return 0
    if index(value) < 1:
        raise ValueError(f"{name} must be 1 or more, or None; got {value}")
    return min(index(value), 2**31 - 1)  # beyond that there is no difference
