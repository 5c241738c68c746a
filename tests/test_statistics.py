"""Sampled words are random as the model says, and independent of each other.

Every seed is written down, so each test gives the same answer on every machine. Chi-square is
compared with its mean and standard deviation; what may lie five of these away does so by chance
once in a million.
"""

import itertools
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import makemore_fast as mf
import reference
from corpora import FIVE

MANY = 1_000_000
Ids = NDArray[np.integer]


@pytest.fixture(scope="module")
def model() -> mf.Model:
    return mf.count(mf.names()).model(smoothing=0.01)


@pytest.fixture(scope="module")
def drawn(model: mf.Model) -> tuple[Ids, Ids]:
    """Return the ids and offsets of many words."""
    return model.sample_ids(MANY, rng=2026)


def chi_square_excess(counts: NDArray[np.integer], p: NDArray[np.float64]) -> float:
    """Return how many standard deviations chi-square lies above its mean, rows together.

    Cells expected fewer than ten times are put together, so that the normal limit holds.
    """
    counts, p = np.atleast_2d(counts), np.atleast_2d(p)
    assert not counts[p == 0].any(), "something impossible was drawn"
    expected = counts.sum(axis=1, keepdims=True) * p
    large = expected >= 10
    rest = [np.where(large, 0, x).sum(axis=1, keepdims=True) for x in (counts, expected)]
    cells = np.hstack([np.where(large, counts, 0), rest[0]])
    means = np.hstack([np.where(large, expected, 0), rest[1]])
    squares = np.divide((cells - means) ** 2, means, out=np.zeros_like(means), where=means > 0)
    freedom = np.maximum((means > 0).sum(axis=1) - 1, 0)
    squares[freedom == 0] = 0
    return float((squares.sum() - freedom.sum()) / (2 * freedom.sum()) ** 0.5)


def table(*columns: Ids, size: int) -> NDArray[np.int64]:
    """Count the combinations of numbers below `size`; one axis a column."""
    flat = np.ravel_multi_index(columns, (size,) * len(columns))
    return np.bincount(flat, minlength=size ** len(columns)).reshape((size,) * len(columns))


def bounded(ids: Ids, offsets: Ids) -> Ids:
    """Return all words in one row, a boundary before, between and behind them."""
    return np.insert(ids.astype(np.int64), offsets, 0)


def transitions(model: mf.Model, n: int, **options: Any) -> NDArray[np.int64]:
    """Return the bigrams of n sampled words."""
    row = bounded(*model.sample_ids(n, **options))
    return table(row[:-1], row[1:], size=len(model.alphabet))


def lengths_expected(p: NDArray[np.float64], longest: int, first: int = 0) -> NDArray[np.float64]:
    """Return the shares of words with 0, 1, ... symbols drawn, and of longer ones."""
    states = p[first].copy()
    shares = []
    for _ in range(longest + 1):
        shares.append(states[0])
        states[0] = 0
        states = states @ p
    return np.array([*shares, 1 - sum(shares)])


# -- the model's probabilities ---------------------------------------------------------------


def test_every_row_follows_the_model(model: mf.Model) -> None:
    counts = transitions(model, MANY, rng=2026)
    assert counts.sum() > 7 * MANY
    assert abs(chi_square_excess(counts, model.probabilities)) < 5
    rows = counts.sum(axis=1) > 10_000
    assert rows.sum() > 25
    for row, p in zip(counts[rows], model.probabilities[rows], strict=True):
        assert abs(chi_square_excess(row, p)) < 6


def test_every_pair_of_rows_follows_the_model(drawn: tuple[Ids, Ids], model: mf.Model) -> None:
    """What comes after a bigram depends on its second symbol alone."""
    row = bounded(*drawn)
    counts = table(row[:-2], row[1:-1], row[2:], size=len(model.alphabet))
    counts[:, 0] = 0  # over the end of a word: below
    p = np.broadcast_to(model.probabilities, counts.shape)
    flat, p = counts.reshape(-1, counts.shape[-1]), p.reshape(-1, counts.shape[-1])
    assert abs(chi_square_excess(flat, p)) < 5
    often = flat.sum(axis=1) > 20_000
    assert often.sum() > 50
    for one, expected in zip(flat[often], p[often], strict=True):
        assert abs(chi_square_excess(one, expected)) < 6


def test_the_tests_notice_a_wrong_table(model: mf.Model) -> None:
    counts = transitions(model, MANY, rng=2026)
    wrong = model.probabilities.copy()
    wrong[1, 0], wrong[1, 14] = 1.02 * wrong[1, 0], wrong[1, 14] - 0.02 * wrong[1, 0]
    assert chi_square_excess(counts[1], wrong[1]) > 6
    assert chi_square_excess(counts, wrong) > 5
    with pytest.raises(AssertionError):
        assert chi_square_excess(counts, np.roll(model.probabilities, 1, axis=0)) < 5


def test_lengths_follow_the_model(drawn: tuple[Ids, Ids], model: mf.Model) -> None:
    expected = lengths_expected(model.probabilities, 30)
    lengths = np.minimum(np.diff(drawn[1]), 31)
    assert abs(chi_square_excess(np.bincount(lengths, minlength=32), expected)) < 5


def test_frequency_of_a_word_agrees_with_its_score() -> None:
    model = mf.count(["a", "ab", "b"]).model(smoothing=0.3)
    n = 400_000
    sampled, frequency = np.unique(model.sample(n, rng=1), return_counts=True)
    p = np.exp(model.score(sampled.tolist()))
    often = p * n > 50
    z = (frequency - n * p)[often] / np.sqrt(n * p * (1 - p))[often]
    assert len(z) > 10
    assert np.abs(z).max() < 5


@pytest.mark.parametrize("smoothing", [0, 0.01, 1])
def test_alias_tables_are_exact_to_two_to_the_minus_32(smoothing: float) -> None:
    """The twin's tables, which the stream is equal to, added up in whole numbers."""
    p = mf.count(mf.names()[:500]).model(smoothing=smoothing).probabilities
    for row in p[p.any(axis=1)].tolist():
        entries = reference.alias_row(row)
        capacity = 2**32 // len(entries)
        weights = [0] * len(entries)
        for column, (threshold, alias) in enumerate(entries):
            weights[column] += threshold
            weights[alias] += capacity - threshold
        assert sum(weights) == 2**32
        for weight, share in itertools.zip_longest(weights, row, fillvalue=0.0):
            assert abs(weight / 2**32 - share) < 2**-32
            assert weight == 0 or share > 0


# -- independence ----------------------------------------------------------------------------


def features(ids: Ids, offsets: Ids) -> dict[str, Ids]:
    """Return what words are told apart by: numbers below 32, one a word."""
    ends = np.append(ids, 0)  # an empty word at the very end looks up this
    empty = np.diff(offsets) == 0
    first = np.where(empty, 0, ends[offsets[:-1]])
    last = np.where(empty, 0, ends[offsets[1:] - 1])
    lengths = np.diff(offsets)
    return {"first": first % 32, "last": last % 32, "length": np.minimum(lengths, 31)}


def dependence(one: Ids, other: Ids) -> float:
    """Return how far the table of two features is from the product of their shares."""
    counts = table(one, other, size=32)
    p = (counts.sum(axis=1, keepdims=True) / len(one)) * (counts.sum(axis=0) / len(one))
    expected = p * len(one)
    large = expected >= 10
    cells = np.append(counts[large], counts[~large].sum())
    means = np.append(expected[large], expected[~large].sum())
    square = ((cells - means) ** 2 / np.maximum(means, 1e-9)).sum()
    rows, columns = (int(large.any(axis=axis).sum()) for axis in (0, 1))
    freedom = len(cells) - rows - columns  # the shares were taken from the same words
    return float((square - freedom) / (2 * freedom) ** 0.5)


@pytest.mark.parametrize("distance", [1, 2, 3, 4, 8, 16, 32, 64, 128, 4095, 4096, 4097, 65_536])
def test_words_are_independent_of_those_after_them(drawn: tuple[Ids, Ids], distance: int) -> None:
    """The next word, those drawn beside it, and the same place of the next block."""
    of_words = features(*drawn)
    for one, other in itertools.product(of_words, repeat=2):
        assert abs(dependence(of_words[one][:-distance], of_words[other][distance:])) < 5


@pytest.mark.parametrize("far", [{"start": 2**32}, {"start": 2**63}, {"rng": 2027}, {"rng": 2**70}])
def test_other_places_and_seeds_are_independent(
    drawn: tuple[Ids, Ids], model: mf.Model, far: dict[str, Any]
) -> None:
    ours, theirs = features(*drawn), features(*model.sample_ids(MANY, **{"rng": 2026, **far}))
    for one, other in itertools.product(ours, repeat=2):
        assert abs(dependence(ours[one], theirs[other])) < 5


def test_the_test_notices_dependence(drawn: tuple[Ids, Ids]) -> None:
    """One word in twenty repeated is enough."""
    first = features(*drawn)["first"]
    repeated = first.copy()
    repeated[::20] = np.roll(first, 1)[::20]
    assert dependence(first[:-1], repeated[1:]) > 5
    assert dependence(first, features(*drawn)["last"]) > 5


def test_no_run_of_words_comes_twice(model: mf.Model) -> None:
    """Eight words hold over 100 bits: a run that repeats shows a generator that does."""
    seeds = (0, 1, 2, 2026, 2**63)
    numbers: dict[str, int] = {}
    words = [
        [numbers.setdefault(word, len(numbers)) for word in model.sample(100_000, rng=seed)]
        for seed in seeds
    ]
    runs = np.lib.stride_tricks.sliding_window_view(np.array(words), 8, axis=1).reshape(-1, 8)
    factors = np.random.default_rng(1).integers(2**62, size=8)
    mixed = (runs * factors).sum(axis=1)  # modulo 2^64
    assert len(np.unique(mixed)) == len(mixed) > 490_000


# -- the options -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {"temperature": 0.5}, {"temperature": 2}, {"top_k": 3}, {"top_k": 5, "temperature": 3},
        {"top_p": 0.6}, {"min_p": 0.3}, {"temperature": 2, "top_p": 0.6, "min_p": 0.2},
        {"top_k": 4, "top_p": 0.8}, {"top_k": 6, "temperature": 0.7, "top_p": 0.9, "min_p": 0.1},
    ],
)  # fmt: skip
def test_truncated_models_have_their_distribution(options: dict[str, Any]) -> None:
    model = mf.count(FIVE).model(smoothing=0.2)
    p = np.array(reference.reshaped(model.probabilities.tolist(), **options))
    counts = transitions(model, 200_000, rng=9, max_length=50, truncate=True, **options)
    counts[:, 0] = 0  # cut words end anywhere: look at the other symbols only
    p[:, 0] = 0
    p /= np.maximum(p.sum(axis=1, keepdims=True), 1e-300)
    assert abs(chi_square_excess(counts, p)) < 5


def test_prefix_has_its_distribution(model: mf.Model) -> None:
    """What follows the prefix follows its last symbol, in symbols and in lengths."""
    ids, offsets = model.sample_ids(300_000, rng=5, prefix="mar")
    last, p = model.stoi["r"], model.probabilities
    following = np.append(ids, 0)[offsets[:-1] + 3]
    following = np.where(np.diff(offsets) == 3, 0, following)
    assert abs(chi_square_excess(np.bincount(following, minlength=len(p)), p[last])) < 5
    lengths = np.bincount(np.minimum(np.diff(offsets) - 3, 31), minlength=32)
    assert abs(chi_square_excess(lengths, lengths_expected(p, 30, last))) < 5


def test_max_length_has_its_distribution(model: mf.Model) -> None:
    """Shorter words come as without a limit, and all others have the greatest length."""
    shares = lengths_expected(model.probabilities, 5)
    lengths = np.bincount(np.diff(model.sample_ids(300_000, rng=6, max_length=6, truncate=True)[1]))
    assert len(lengths) == 7
    assert abs(chi_square_excess(lengths, shares)) < 5


def test_unique_words_are_drawn_without_putting_them_back() -> None:
    """The second of two different words is b after a with p(b) / (1 - p(a))."""
    model = mf.count(["a", "b", "b", "ab"]).model(smoothing=0.2)
    some = ["a", "b", "ab", "ba", "", "bb"]
    p = np.exp(model.score(some))
    n = 30_000
    tally = np.zeros((len(some) + 1,) * 2, dtype=np.int64)
    for seed in range(n):
        first, second = model.sample(2, rng=seed, unique=True)
        assert first != second
        places = [some.index(word) if word in some else -1 for word in (first, second)]
        tally[places[0], places[1]] += 1
    pairs = np.outer(p / (1 - p), p)
    np.fill_diagonal(pairs, 0)
    observed, expected = tally[:-1, :-1][pairs > 0], pairs[pairs > 0]
    rest = np.append(observed, n - observed.sum()), np.append(expected, 1 - expected.sum())
    assert abs(chi_square_excess(*rest)) < 5


def test_excluded_words_leave_their_share_to_the_others() -> None:
    model = mf.count(["a", "b", "b", "ab"]).model(smoothing=0.2)
    exclude = ["b", "ba", "abab"]
    some = ["".join(word) for size in range(8) for word in itertools.product("ab", repeat=size)]
    p = np.exp(model.score(some)) / (1 - np.exp(model.score(exclude)).sum())
    p[[some.index(word) for word in exclude]] = 0
    places = {word: i for i, word in enumerate(some)}
    drawn = [places.get(word, len(some)) for word in model.sample(300_000, rng=1, exclude=exclude)]
    tally = np.bincount(drawn, minlength=len(some) + 1)
    assert abs(chi_square_excess(tally, np.append(p, 1 - p.sum()))) < 5
