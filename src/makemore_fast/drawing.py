"""`DrawsWords`: the sampling that every model offers, whatever it was made of."""

from collections.abc import Iterator
from typing import Any, Literal, Unpack, overload

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.corpus import Corpus
from makemore_fast.options import checked_flag, whole_number
from makemore_fast.rng import RNG, NumPyRNG, has_state, stream_seed
from makemore_fast.sampling_options import (
    Sampling,
    SamplingOptions,
    Truncation,
    sampling,
    shows_options,
)
from makemore_fast.torch_rng import drawn, is_torch

_UNCHANGED = Sampling().truncation()
_PART = 1 << 22  # bytes of the words that are drawn at a time where memory is bounded


class DrawsWords:
    """Draws new words from a model of the core."""

    __slots__ = ("_core", "_sampler")

    def __init__(self, core: _core.LanguageModel) -> None:
        self._core = core
        # The last sampler and what it was made for: most callers ask for the same again.
        self._sampler: tuple[Truncation, _core.Sampler] | None = None

    @overload
    def sample(
        self,
        n: int = 1,
        *,
        rng: RNG = None,
        scores: Literal[False] = False,
        **options: Unpack[SamplingOptions],
    ) -> list[str]: ...
    @overload
    def sample(
        self,
        n: int = 1,
        *,
        rng: RNG = None,
        scores: Literal[True],
        **options: Unpack[SamplingOptions],
    ) -> tuple[list[str], NDArray[np.float64]]: ...
    @shows_options
    def sample(
        self,
        n: int = 1,
        *,
        rng: RNG = None,
        scores: bool = False,
        **options: Unpack[SamplingOptions],
    ) -> list[str] | tuple[list[str], NDArray[np.float64]]:
        """Draw new words.

        Parameters
        ----------
        n : int
            How many words.
        rng : None, int, SeedSequence, BitGenerator or Generator
            Where randomness comes from (Scientific Python's SPEC 7). The same int gives the
            same words on every machine; a generator moves on by two raw draws a call.
            A `TorchRNG` or a `torch.Generator` draws the words that torch's loop would print,
            and moves on as it would; `temperature`, `top_k`, `top_p` and `min_p` do not apply
            then, and of the words of its loop those that do not meet a condition are left out.
        scores : bool
            Return the log-probability of each word too, as `score` gives it: what narrows the
            choice (`prefix`, `temperature` and the like) does not change it.
        prefix : str
            What every word begins with; it is given, not drawn.
        suffix, contains : str
            What every word ends with, and what stands somewhere in it.
        match : str or re.Pattern, optional
            A regular expression that every word matches from its start to its end, as by
            `re.fullmatch`; not for words that are lists of tokens.
        min_length, max_length : int, optional
            The least and the most symbols a word may have, its prefix included.
        truncate : bool
            Cut words at `max_length`, where longer ones are otherwise not drawn.
        temperature : float
            Below 1 the likely becomes likelier, p^(1/temperature); 0 takes the most likely
            symbol always, the first of equals.
        top_k : int, optional
            Draw only from the `top_k` most likely symbols after each symbol.
        top_p : float
            Draw only from the fewest most likely symbols that have at least this share
            together (nucleus sampling).
        min_p : float
            Draw only from symbols that are at least this times as likely as the most likely.
        unique : bool
            Leave out words that came before in this call.
        exclude : iterable of str, NumPy array, Arrow or data frame column, optional
            Words to leave out, such as those the model was made of; they are taken as by
            `count`, nulls are an error.
        threads : int, optional
            How many threads draw; all cores if None. Does not change the words.

        Returns
        -------
        list of str
            With `scores`, a tuple of it and a (n,) float64 ndarray, in nats.

        Raises
        ------
        ValueError
            Before anything is drawn: if nothing was ever seen after a symbol that a word can
            reach, if a word can come to where it never ends and there is no `max_length`, or
            if the prefix holds an unknown symbol. In a model of many contexts the search for
            such places stops early; there the error comes when a word has reached one. If
            2^20 words in a row are left out by `unique` and `exclude`, those included that miss
            the conditions, so that `n` others are not to be expected; if 2^20 tries of a word
            miss the conditions.
        TypeError, ValueError
            As in `count`, for things in `exclude` that are not words.

        See Also
        --------
        LanguageModel.sample_ids : The same words as ids.
        LanguageModel.sample_corpus : The same as one run of UTF-8, for many words.
        TorchRNG : Streams of torch.

        Notes
        -----
        Conditions (`suffix`, `contains`, `match`, `min_length`, `max_length`) are met by rejection:
        a word that misses one is drawn again, so words have the model's distribution given the
        conditions. That takes time by how unlikely they are; a `match` also that of Python's `re`,
        where a pattern that backtracks much keeps even Ctrl-C waiting. `top_k`, `temperature`,
        `top_p` and `min_p` apply in this order, each to what the one before has left.

        Word i of a stream does not depend on how many are drawn: the first ten of
        ``sample(1000, rng=7)`` are ``sample(10, rng=7)``. This holds with `unique` and
        `exclude` too, which go through the stream in order and skip words. Random bits come
        from Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011)
        and become symbols through alias tables (Walker 1977, Vose 1991) whose probabilities
        are exact to 2^-32. docs/explanation/streams.md says more.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> names = ["emma", "olivia", "ava"]
        >>> model = mf.count(names).model()
        >>> model.sample(4, rng=42)
        ['a', 'a', 'a', 'olivia']
        >>> model.sample(2, rng=42, prefix="o", max_length=4)
        ['olia', 'olia']
        >>> model.sample(3, rng=42, contains="m", min_length=3)
        ['emmmmma', 'ema', 'emma']
        >>> model.sample(4, rng=42, unique=True, exclude=names)
        ['a', 'ema', 'emmmma', 'emmma']
        """
        scores = checked_flag("scores", scores)
        words: list[str] = self._draw("sample", "list", n, rng, 0, options)
        return (words, self._core.score(words, None)) if scores else words

    @shows_options
    def sample_ids(
        self,
        n: int = 1,
        *,
        rng: RNG = None,
        start: int = 0,
        **options: Unpack[SamplingOptions],
    ) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """Draw new words as symbol ids.

        Parameters
        ----------
        n, rng
            As in `sample`, which gives the same words. torch's streams have no `start`.
        start : int
            The number of the first word drawn, so that parts of one stream can be drawn in
            different places: ``start=1000`` leaves out what ``sample(1000)`` gives. With
            `unique` and `exclude` it is the first word that is looked at; words of other
            parts are not known here, so they may come again.
        prefix, suffix, contains, match, min_length, max_length, truncate
            As in `sample`.
        temperature, top_k, top_p, min_p, unique, exclude, threads
            As in `sample`.

        Returns
        -------
        ids : uint8, uint16 or uint32 ndarray
            The symbols of all words, one word after another, without boundaries; the
            smallest unsigned type that holds the alphabet.
        offsets : (n + 1,) int64 ndarray
            Word i is ``ids[offsets[i]:offsets[i + 1]]``.

        Raises
        ------
        TypeError, ValueError
            As `sample` does; for a `start` below 0 or too near 2^64.

        See Also
        --------
        LanguageModel.sample : The same words as str.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(["emma", "olivia", "ava"]).model()
        >>> ids, offsets = model.sample_ids(4, rng=42)
        >>> ids, offsets
        (array([1, 1, 1, 6, 4, 3, 7, 3, 1], dtype=uint8), array([0, 1, 2, 3, 9]))
        """
        arrays: tuple[NDArray[Any], NDArray[np.int64]] = self._draw(
            "sample_ids", "ids", n, rng, start, options
        )
        return arrays

    @shows_options
    def sample_corpus(
        self,
        n: int = 1,
        *,
        rng: RNG = None,
        start: int = 0,
        **options: Unpack[SamplingOptions],
    ) -> Corpus:
        """Draw new words as one run of UTF-8, for Arrow's users and for counting again.

        Parameters
        ----------
        n, rng, start
            As in `sample_ids`, which gives the same words.
        prefix, suffix, contains, match, min_length, max_length, truncate
            As in `sample`.
        temperature, top_k, top_p, min_p, unique, exclude, threads
            As in `sample`.

        Returns
        -------
        Corpus
            A sequence of str that pyarrow, Polars and others take without a copy.

        Raises
        ------
        TypeError, ValueError
            As `sample_ids` does.

        See Also
        --------
        LanguageModel.sample : The same words as a list of str.
        Corpus : What it returns.

        Notes
        -----
        Takes the bytes of the words and eight for each word, and no Python object a word.

        Examples
        --------
        >>> import makemore_fast as mf
        >>> model = mf.count(["emma", "olivia", "ava"]).model()
        >>> corpus = model.sample_corpus(1_000_000, rng=42)
        >>> corpus
        Corpus(1,000,000 words, 4,333,369 bytes: 'a', 'a', 'a', ...)
        >>> mf.count(corpus).words
        1000000
        """
        return Corpus(self._draw("sample_corpus", "corpus", n, rng, start, options))

    def _draw(
        self,
        method: str,
        form: Literal["list", "ids", "corpus"],
        n: int,
        rng: RNG,
        start: int,
        options: SamplingOptions,
    ) -> Any:
        """Draw words in one of the forms that the samplers of the core know.

        The seed is taken last: a generator has not moved on if anything was wrong.
        """
        how = sampling(method, options, self._core)
        if is_torch(rng):
            if how.truncation() != _UNCHANGED:
                raise ValueError(
                    "temperature, top_k, top_p and min_p do not apply to torch's streams"
                )
            if whole_number("start", start) != 0:
                raise ValueError("torch's streams have no start=: each word begins where one ended")
        request = how.request(*_numbers(n, start), whole=is_torch(rng))
        sampler = self._truncated(how.truncation())
        if is_torch(rng) or has_state(rng):
            sampler.check(request)
        wanted = how.word_filter(self._core)
        if is_torch(rng):
            return drawn(
                rng,
                lambda generator, exponentials: self._torch_sampler(exponentials).draw(
                    form, request, generator, wanted
                ),
            )
        return sampler.draw(form, request, stream_seed(rng), wanted)

    def _parts(
        self, n: int, *, rng: NumPyRNG, **options: Unpack[SamplingOptions]
    ) -> Iterator[Corpus]:
        """Draw what `sample_corpus` does in parts of bounded size, one after another."""
        how = sampling("sample_corpus", options, self._core)
        n, _ = _numbers(n, 0)
        whole = how.request(n, 0)
        sampler, wanted = self._truncated(how.truncation()), how.word_filter(self._core)
        if has_state(rng):
            sampler.check(whole)
        seed = stream_seed(rng)
        done, size = 0, 1024
        while done < n:
            size = min(size, n - done)
            part = how.request(size, done if wanted is None else wanted.seen)
            corpus = Corpus(sampler.draw("corpus", part, seed, wanted))
            yield corpus
            done += size
            size = max(1, _PART * size // (len(corpus.data) + size))

    def _torch_sampler(self, exponentials: bool) -> _core.TorchSampler:
        """Return the sampler of one era of torch's stream."""
        return _core.TorchSampler(self._core, exponentials)

    def _truncated(self, truncation: Truncation) -> _core.Sampler:
        cached = self._sampler
        if cached is None or cached[0] != truncation:
            sampler = self._core.sampler(_core.Truncation(*truncation))
            self._sampler = cached = (truncation, sampler)
        return cached[1]


def _numbers(n: int, start: int) -> tuple[int, int]:
    """Check how many words are asked for, and from which on."""
    n, start = whole_number("n", n), whole_number("start", start)
    if not 0 <= n < 2**48:
        raise ValueError(f"n must be from 0 to 2**48 - 1, got {n}")
    if not 0 <= start <= 2**64 - max(n, 1):
        raise ValueError(f"start must be from 0 to 2**64 - n, got {start}")
    return n, start
