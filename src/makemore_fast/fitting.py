"""From words to the best model we know how to build by counting: `fit`."""

from collections.abc import Iterable
from functools import partial

from makemore_fast import _core
from makemore_fast.display.progress import share_bar
from makemore_fast.mixture import MixtureModel, Tried
from makemore_fast.options import check_symbols, checked_flag, checked_str
from makemore_fast.processors import thread_count
from makemore_fast.rng import NumPyRNG, stream_seed
from makemore_fast.words import Nulls, Words, check_options

#: Chains in the order in which they help on names.
CHAINS = (
    "h1 h2 h3 h4 h5",
    "h1 p15 f0 h2",
    "h2 h3 h4 h5",
    "p15 h1 f0 h2 f1 h3 f2 h4",
    "h1 f0 f1 f2 p15 f3",
    "h1 h2 h3 h4 h5 h6 h7 h8",
    "h1 f0 h2 h3",
    "h1 h2 p15 h3 h4 h5",
)

#: What helps longer words and lines of text besides.
MORE_CHAINS = (
    "p8 h1 h2 h3",
    "h1 h2 h3 h4 h5 h6 h7 h8 h9 h10 h11 h12 h13 h14 h15 h16",
    "h2 h3 h4 h5 h6 h7",
    "h1 h3 h4 h5 h6",
)

#: The sets that are tried on dev words.
CANDIDATES = (CHAINS[:4], CHAINS, CHAINS + MORE_CHAINS)


def fit(
    words: Words,
    *,
    chains: Iterable[str] | None = None,
    dev: Words | None = None,
    rng: NumPyRNG = 0,
    threads: int | None = None,
    progress: bool = False,
    boundary: str = ".",
    column: str | None = None,
    nulls: Nulls = "raise",
) -> MixtureModel:
    """Fit the best model that counting gives: a learned mixture of back-off chains.

    Parameters
    ----------
    words : iterable of str, NumPy array, Arrow or data frame column
        What to learn from, as in `count`; held in memory.
    chains : iterable of str, optional
        What to mix, each a list of features in the order in which they are looked at: h1, h2,
        ... the most recent symbols (the boundary before the first), f0, f1, ... the symbols
        from the left, and p15 for how many symbols there are, 15 and more as one.
        ``"h1 h2 p15"`` looks at the last symbol, then at the one before it, then at the
        position. Features that a position does not have are passed over. By default eight
        chains, which do well on names and on word lists of several languages.
    dev : words, optional
        Words that are not in `words`. If given, and no `chains`, sets of four, eight and
        twelve chains are fitted and the one with the least loss on these words is kept;
        `MixtureModel.tried` tells what each came to. Nothing is learned from them otherwise.
    rng : None, int, SeedSequence, BitGenerator or Generator
        In which order the weights learn from the positions.
    threads : int, optional
        How many threads count the chains; all cores if None. Does not change the model.
    progress : bool
        Whether to show a progress bar.
    boundary : str
        The one symbol that stands for the start and the end of a word.
    column, nulls
        As in `count`; `dev` has the same.

    Returns
    -------
    MixtureModel

    Raises
    ------
    TypeError, ValueError
        As in `count`; if there are no words; if dev words hold symbols that `words` do not; for
        a chain that is none, with what is wrong. All before anything is learned, and before a
        generator in `rng` moves on.

    Notes
    -----
    A chain is a trie: a position walks down by the values of its features, as far as training
    has seen them. Training adds one for the symbol at the end of a position's path and hands
    discounted counts up, d(1) = 0.75, d(2) = 1.3, d(3) = 1.7 and more, linear in between
    (after Chen and Goodman's modified Kneser-Ney smoothing, 1999). Predicting goes down and
    mixes each node's counts with what was predicted above it. The chains' predictions
    p_m(c) are mixed log-linearly, P(c) ~ exp(sum of a_m ln p_m(c)); the weights a_m depend on
    the position, on how far down the chain was followed and on how often its last node was
    seen, and are learned by gradient descent, at least two passes and 2^14 steps, on
    predictions that leave the position's own count out.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> model = mf.fit(mf.names())
    >>> model.sample(3, rng=1)
    ['bengbn', 'parod', 'yonari']
    """
    check_symbols(boundary, None)
    sets = CANDIDATES if dev is not None and chains is None else (_one_set(chains),)
    workers = thread_count(threads)
    checked_flag("progress", progress)
    learned = _held(words, boundary, column, nulls)
    if len(learned) == 0:
        raise ValueError("there are no words to fit a model to")
    unseen = None if dev is None else _held(dev, boundary, column, nulls)
    if unseen is not None:
        if len(unseen) == 0:
            raise ValueError("there are no dev words to choose by")
        if new := set(unseen.alphabet) - set(learned.alphabet):
            raise ValueError(
                f"the dev words hold {min(new)!r}, which the words to learn from do not: every "
                "model would find them impossible"
            )
    seed = stream_seed(rng)

    best: _core.MixtureModel | None = None
    tried: list[Tried] = []
    with share_bar(len(sets), shown=progress) as bar:
        for number, chosen in enumerate(sets):
            tell = bar and partial(bar, number)
            model = _core.MixtureModel(learned, chosen, seed, workers, tell)
            if unseen is not None:
                total, symbols = model.likelihood(unseen)
                tried.append((tuple(model.chains), -total / symbols))
            if best is None or tried[-1][1] == min(loss for _, loss in tried):
                best = model
    assert best is not None  # there is at least one set
    return MixtureModel(best, tuple(tried))


def _one_set(chains: Iterable[str] | None) -> tuple[str, ...]:
    if chains is None:
        return CHAINS
    if isinstance(chains, str):
        raise TypeError(f"chains must be an iterable of str, got the str {chains!r}; put it in [ ]")
    try:
        listed = tuple(chains)
    except TypeError:
        kind = type(chains).__name__
        raise TypeError(f"chains must be an iterable of str, got {kind}") from None
    for chain in listed:
        checked_str("each of chains", chain)
    if not listed:
        raise ValueError("there are no chains to fit")
    _core.weights_of(listed)  # which reads them
    return listed


def _held(words: Words, boundary: str, column: str | None, nulls: Nulls) -> _core.WordList:
    check_options(column, nulls)
    held = _core.WordList(boundary)
    held.add_words(words, column, nulls, boundary)
    return held
