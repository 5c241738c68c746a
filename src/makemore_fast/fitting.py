"""From words to the best model we know how to build by counting: `fit`."""

from collections.abc import Iterable
from functools import partial
from typing import Literal, NamedTuple

from makemore_fast import _core
from makemore_fast.alphabets import AlphabetLike, told_of_new_symbols
from makemore_fast.display.progress import share_bar
from makemore_fast.mixture import MixtureModel, Tried
from makemore_fast.most_frequent import with_most_frequent
from makemore_fast.options import checked_flag, checked_str
from makemore_fast.processors import thread_count
from makemore_fast.rng import NumPyRNG, stream_seed
from makemore_fast.tokens import SymbolsLike, VocabularyLike, symbol_rules
from makemore_fast.words import Nulls, Weights, WordCounts, Words, check_options, with_weights
from makemore_fast.wrong_names import names_meant

#: Chains in the order in which they help on names.
CHAINS = (
    "h1 h2 h3 h4 h5",
    "p15 h1 f0 h2 f1 h3 f2 h4",
    "h1 f0 f1 f2 p15 f3",
    "h1 f0 h2 h3",
    "h1 h2 p15 h3 h4 h5",
    "p8 h1 h2 h3",
    "h1 h2 h3 h4 h5 h6 h7 h8 h9 h10 h11 h12 h13 h14 h15 h16",
    "h2 h3 h4 h5 h6 h7",
    "h1 h3 h4 h5 h6",
    "y6 h1 h2 h3",
    "h1 q1 q2 q3",
    "c1/2 c2/2 c3/2 c4/2 c5/2 c6/2 h1",
    "y6 v1 q1 v2 q2",
)


#: What the best effort mixes besides: of many that were tried, little is left that helps.
MORE_CHAINS = ("h1 h2 f0 f1 f2",)

Effort = Literal["fast", "default", "best"]


class Plan(NamedTuple):
    """What is mixed, and in how many orders the weights are learned, of which the mean is taken."""

    chains: tuple[str, ...]
    orders: int = 1


EFFORTS: dict[str, Plan] = {
    "fast": Plan(CHAINS[:5]),
    "default": Plan(CHAINS),
    "best": Plan(CHAINS + MORE_CHAINS, orders=4),
}

#: Of so many words the default mixes fewer chains, which bring nearly as much there.
MANY_WORDS = 400_000
OF_MANY_WORDS = CHAINS[:6] + CHAINS[7:8]

#: Words of so many positions, in the mean, have repetitions that are longer than what the fast
#: effort sees: then it mixes the chain of the sixteen last symbols too.
LONG_WORDS = 12
OF_LONG_WORDS = CHAINS[:5] + CHAINS[6:7]


@names_meant
def fit(
    words: Words | WordCounts,
    *,
    weights: Weights | None = None,
    effort: Effort = "default",
    chains: Iterable[str] | None = None,
    dev: Words | WordCounts | None = None,
    rng: NumPyRNG = 0,
    threads: int | None = None,
    progress: bool = False,
    unknown: bool | None = None,
    alphabet: AlphabetLike | None = None,
    boundary: str | None = None,
    separator: str | None = None,
    symbols: SymbolsLike | None = None,
    vocabulary: VocabularyLike | None = None,
    column: str | None = None,
    nulls: Nulls = "raise",
) -> MixtureModel:
    """Fit the best model that counting gives: a learned mixture of back-off chains.

    Parameters
    ----------
    words : iterable of str, mapping, NumPy array, Arrow or data frame column
        What to learn from, as in `count`; held in memory, each word of a mapping once.
    weights : iterable of int, array of numbers, or str, optional
        How often each word counts, as in `count`: the model is that of words which stand so often
        one behind the other, to the last bit, but memory does not grow with the weights.
    effort : "fast", "default" or "best"
        How many chains are mixed: the default's thirteen (seven of them for more than 400,000
        words), or the first five of them, which takes a third of the time (and one more where
        words are long, as lines of text are). "best" learns the weights of all chains in four
        orders, of many words in each twice as long, and takes their mean; scoring and sampling
        are as fast as by default. docs/explanation/fit.md has the loss and the time of each.
    chains : iterable of str, optional
        What to mix instead of the effort's, each a list of features in the order in which they are
        looked at: h1, h2, ... the most recent symbols (the boundary before the first), f0, f1, ...
        the symbols from the left, and p15 for how many symbols there are, 15 and more as one.
        c1/2, c2/2, ... say whether the most recent symbols are vowels or consonants, v1, v2, ...
        are the most recent vowels, q1, q2, ... the most recent consonants, and y6 is how many
        groups of vowels there are, 6 and more as one; which symbols are vowels is found by
        Sukhotin's algorithm.
        ``"h1 h2 p15"`` looks at the last symbol, then at the one before it, then at the
        position. Features that a position does not have are passed over.
    dev : iterable of str, mapping, NumPy array, Arrow or data frame column, optional
        Words that are not in `words`. If given, and no `chains`, every effort up to `effort` is
        fitted and the one with the least loss on these words is kept; `MixtureModel.trials` tells
        what each came to. Nothing is learned from them otherwise.
    rng : None, int, SeedSequence, BitGenerator or Generator
        In which order the weights learn from the positions.
    threads : int, optional
        How many threads count the chains; all cores if None. Does not change the model.
    progress : bool
        Whether to show a progress bar.
    unknown : bool
        Whether the alphabet gets the unknown symbol, `UNKNOWN`: symbols outside the alphabet then
        have a share, that of one which was never seen. New words never hold it.
    alphabet : str, Counts or model, optional
        The symbols of the model, as in `count`. By default those that `words` hold.
    boundary, separator, symbols, vocabulary
        As in `count`.
    column, nulls
        As in `count`; `dev` has the same.

    Returns
    -------
    MixtureModel

    Raises
    ------
    TypeError, ValueError
        As in `count`; if there are no words; if a dev word holds a symbol that `words` do not,
        and the model has no unknown symbol; for a chain that is none, with what is wrong. All
        before anything is learned, and before a generator in `rng` moves on.

    See Also
    --------
    Counts.tune : The best model of counts.
    mix : Mix models that are there already.
    MixtureModel : What it returns.
    Counts.model : Models that need no learning.

    Notes
    -----
    A chain is a trie: a position walks down by the values of its features, as far as training
    has seen them. Training adds one for the symbol at the end of a position's path and hands
    discounted counts up, d(1) = 0.5, d(2) = 0.6, d(3) = 0.65 and more, linear in between
    (after Chen and Goodman's modified Kneser-Ney smoothing, 1999). Each node on a path says how
    much it raises the symbols that it has seen against what its parent predicts; the nodes of all
    chains are the inputs of a log-linear model. A node's weight depends on its level, on how often
    it and the node below it were seen, on the last two symbols, the first one and the position,
    and on the symbol that is raised. The weights are learned by Adagrad (Duchi and others, 2011)
    from inputs that leave the position's own count out: of a word that counts several times one of
    these times, so the others still tell of it.

    Takes about a second for 30,000 names and several for a million, and up to a kilobyte of memory
    for each symbol (docs/explanation/fit.md has figures). Scoring takes some ten times as long as
    by an `NgramModel`.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> model = mf.fit(mf.names())
    >>> model.sample(3, rng=1)
    ['bengar', 'paroj', 'yonaoja']
    """
    words, how = symbol_rules(
        words, alphabet, unknown, boundary, separator, symbols, vocabulary, column, weights
    )
    plans = _plans(effort, chains, several=dev is not None)
    workers = thread_count(threads)
    checked_flag("progress", progress)
    check_options(column, nulls)
    words, weights, how = with_most_frequent(words, weights, how, column, nulls)
    words, weights = with_weights(words, weights, column)
    learned = _core.WordList(how.boundary, how.alphabet, how.unknown)
    learned.add_words(words, weights, column, nulls, how.meant)
    if len(learned) == 0:
        raise ValueError("there are no words to fit a model to")
    if chains is None:
        plans = {effort: _suited(effort, plan, learned) for effort, plan in plans.items()}
    unseen: _core.WordList | None = None
    if dev is not None:
        unseen = _core.WordList(how.boundary, learned.numbering)
        with told_of_new_symbols("dev"):
            dev_words, dev_weights = with_weights(dev, None, column)
            unseen.add_words(dev_words, dev_weights, column, nulls, how.meant)
        if len(unseen) == 0:
            raise ValueError("there are no dev words to choose by")
    seed = stream_seed(rng)

    best: _core.MixtureModel | None = None
    tried: list[Tried] = []
    with share_bar(len(plans), shown=progress) as bar:
        for number, plan in enumerate(plans.values()):
            tell = bar and partial(bar, number)
            model = _core.MixtureModel(learned, plan.chains, plan.orders, seed, workers, tell)
            if unseen is not None:
                total, positions = model.likelihood(unseen)
                tried.append((tuple(model.chains), -total / positions))
            if best is None or tried[-1][1] == min(loss for _, loss in tried):
                best = model
    assert best is not None  # there is at least one plan
    return MixtureModel(best, tuple(tried))


def _plans(effort: str, chains: Iterable[str] | None, several: bool) -> dict[str, Plan]:
    """Return what to fit by its effort: one plan, or those of which the best is to be kept."""
    if checked_str("effort", effort) not in EFFORTS:
        raise ValueError(f'effort must be "fast", "default" or "best", got {effort!r}')
    if chains is not None:
        return {effort: EFFORTS[effort]._replace(chains=_chains(chains))}
    efforts = tuple(EFFORTS)
    last = efforts.index(effort)
    return {each: EFFORTS[each] for each in efforts[0 if several else last : last + 1]}


def _suited(effort: str, plan: Plan, learned: _core.WordList) -> Plan:
    """Return an effort's plan as it suits the words."""
    if effort == "default" and len(learned) > MANY_WORDS:
        return plan._replace(chains=OF_MANY_WORDS)
    if effort == "fast" and learned.positions > LONG_WORDS * len(learned):
        return plan._replace(chains=OF_LONG_WORDS)
    return plan


def _chains(chains: Iterable[str]) -> tuple[str, ...]:
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
    return tuple(_core.read_chains(listed))
