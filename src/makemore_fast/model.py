"""`Model`: conditional probabilities, and what they are good for."""

import contextlib
from collections.abc import Iterator
from operator import index
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.options import positive
from makemore_fast.rng import RNG, NumPyRNG, TorchGenerator, stream_seed
from makemore_fast.symbols import NumbersSymbols
from makemore_fast.torch_rng import TorchRNG, drawing, is_torch
from makemore_fast.words import Words

if TYPE_CHECKING:
    from makemore_fast.counts import Counts


class Model(NumbersSymbols):
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

    __slots__ = ("_core", "_counts", "_sampler", "_smoothing", "_torch")

    def __init__(self, core: _core.BigramModel, smoothing: float, counts: _core.Bigrams) -> None:
        self._core = core
        self._smoothing = smoothing
        self._counts = counts  # never changed; for torch's float32 probabilities
        self._torch: dict[bool, _core.TorchSampler] = {}
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

    def score(self, words: Words, *, column: str | None = None) -> NDArray[np.float64]:
        """Return the log-probability of each word, its end included.

        Parameters
        ----------
        words : iterable of str, NumPy array, Arrow or data frame column
            As in `count`; nulls are an error.
        column : str, optional
            Which column of a table holds the words.

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
        return self._core.score(words, column)

    def nll(self, words: "Words | Counts", *, column: str | None = None) -> float:
        """Return the loss: the mean negative log-likelihood per predicted symbol, in nats.

        Parameters
        ----------
        words : iterable of str, NumPy array, Arrow or data frame column, or Counts
            Words as in `score`. Counts are as good as the words that they were made of.
        column : str, optional
            Which column of a table holds the words.

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
            if column is not None:
                raise ValueError(f'column="{column}" is for tables, got Counts')
            counts = words._core
        else:
            counter = _core.BigramCounter(self.boundary, None, lines=False, skip_blank=False)
            counter.add_words(words, column, "never")
            counts = counter.bigrams()
        if counts.total == 0:
            raise ValueError("there are no words to measure the loss of")
        return self._core.nll(counts)

    def perplexity(self, words: "Words | Counts", *, column: str | None = None) -> float:
        """Return exp of the loss: between how many symbols the model wavers on average.

        Takes and raises what `nll` does.
        """
        return float(np.exp(self.nll(words, column=column)))

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
            A `TorchRNG` or a `torch.Generator` draws the words that torch's loop would print,
            and moves on as it would; `temperature` and `top_k` do not apply then.
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
        if is_torch(rng):
            with self._torch_draw(n, rng, 0, prefix, max_length, temperature, top_k) as (by, what):
                return by.sample(*what)
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
        if is_torch(rng):
            with self._torch_draw(n, rng, start, prefix, max_length, temperature, top_k) as (
                by,
                what,
            ):
                return by.sample_ids(*what)
        return self._shaped(temperature, top_k).sample_ids(
            *_request(n, rng, start, prefix, max_length, threads)
        )

    @contextlib.contextmanager
    def _torch_draw(
        self,
        n: int,
        rng: TorchRNG | TorchGenerator,
        start: int,
        prefix: str,
        max_length: int | None,
        temperature: float,
        top_k: int | None,
    ) -> Iterator[tuple[_core.TorchSampler, tuple[_core.MT19937, int, str, int]]]:
        """Check the request, and lend the sampler of torch's stream and what it takes."""
        if temperature != 1 or top_k is not None:
            raise ValueError("temperature and top_k do not apply to torch's streams")
        if index(start) != 0:
            raise ValueError("torch's streams have no start=: each word begins where one ended")
        words, _, _, prefix, most, _ = _request(n, 0, 0, prefix, max_length, None)
        # The same errors as from the default stream: drawing no words checks all the same.
        self._shaped(1.0, None).sample_ids(0, 0, 0, prefix, most, 1)
        with drawing(rng) as (generator, exponentials):
            if exponentials not in self._torch:
                self._torch[exponentials] = _core.TorchSampler(
                    self._counts, self._smoothing, exponentials
                )
            yield self._torch[exponentials], (generator, words, prefix, most)

    def _shaped(self, temperature: float, top_k: int | None) -> _core.Sampler:
        shape = (float(temperature), positive("top_k", top_k))
        cached = self._sampler
        if cached is None or cached[0] != shape:
            self._sampler = cached = (shape, self._core.sampler(*shape))
        return cached[1]


def _request(
    n: int, rng: NumPyRNG, start: int, prefix: str, max_length: int | None, threads: int | None
) -> tuple[int, int, int, str, int, int]:
    """Check what `sample` and `sample_ids` were asked for, in the order the core takes it."""
    n, start = index(n), index(start)
    if not 0 <= n < 2**48:
        raise ValueError(f"n must be from 0 to 2**48 - 1, got {n}")
    if not 0 <= start <= 2**64 - max(n, 1):
        raise ValueError(f"start must be from 0 to 2**64 - n, got {start}")
    if not isinstance(prefix, str):
        raise TypeError(f"prefix must be a str, got {type(prefix).__name__}")
    most = positive("max_length", max_length)
    return n, stream_seed(rng), start, prefix, most, positive("threads", threads)
