"""Weighted words: counted as if each stood there as often as its weight says."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from corpora import FIVE
from raising import raises
from weighted_words import REPEATED, WEIGHTS, WORDS, lines, weighted

pa: Any = pytest.importorskip("pyarrow")


@given(weighted)
def test_equals_counting_each_word_so_often(pairs: list[tuple[str, int]]) -> None:
    repeated = [word for word, weight in pairs for _ in range(weight)]
    words, weights = [word for word, _ in pairs], [weight for _, weight in pairs]
    counts = mf.count(words, weights=weights)
    assert counts == mf.count(repeated)
    assert dict(counts.most_common()) == reference.bigrams(repeated)
    assert counts.words == sum(weights)
    assert counts.total == sum(weight * (len(word) + 1) for word, weight in pairs)


word_kinds: list[Callable[[list[str]], Any]] = [
    list, tuple, iter, np.array, lambda w: np.array(w, dtype=object),
    lambda w: np.array(w, dtype=np.dtypes.StringDType()), lambda w: np.array(w)[::-1][::-1],
    lambda w: np.array([word.encode() for word in w]), pa.array,
]  # fmt: skip
weight_kinds: list[Callable[[list[int]], Any]] = [
    list, tuple, iter, np.array, lambda w: np.array(w, dtype=object),
    *(lambda w, t=t: np.array(w, dtype=t) for t in ("u1", "i2", ">i4", "u8")),
    lambda w: np.repeat(np.array(w), 3)[::3], lambda w: [np.int16(n) for n in w],
    pa.array, lambda w: pa.chunked_array([w[:2], w[2:]]), lambda w: [float(n) for n in w],
    *(lambda w, t=t: np.array(w, dtype=t) for t in ("f4", "f8", ">f8", "f2", np.longdouble)),
    lambda w: [Decimal(n) for n in w], lambda w: [np.float32(n) for n in w],
    lambda w: pa.array(w, pa.decimal128(5, 0)), lambda w: pa.array(w, pa.float64()),
]  # fmt: skip


@pytest.mark.parametrize("of_words", word_kinds)
@pytest.mark.parametrize("of_weights", weight_kinds)
def test_every_kind_of_input(of_words: Any, of_weights: Any) -> None:
    counts = mf.count(of_words(WORDS), weights=of_weights(WEIGHTS))
    assert counts == mf.count(REPEATED)
    counts.update(of_words(WORDS), weights=of_weights(WEIGHTS))
    assert counts == mf.count(REPEATED * 2)


def test_a_counter_of_words() -> None:
    counter = Counter(REPEATED)
    assert mf.count(counter.keys(), weights=counter.values()) == mf.count(REPEATED)


@pytest.mark.parametrize("library", ["pyarrow", "polars", "pandas"])
def test_weights_from_a_column_of_the_table(library: str) -> None:
    make = getattr(pytest.importorskip(library), "table" if library == "pyarrow" else "DataFrame")
    table = make({"word": WORDS, "n": WEIGHTS})
    assert mf.count(table, column="word", weights="n") == mf.count(REPEATED)
    assert mf.count(table, column="word", weights=table["n"]) == mf.count(REPEATED)
    assert mf.count(table, weights="n") == mf.count(REPEATED)
    with pytest.raises(ValueError, match="no column 'm': the table has the columns 'word', 'n'"):
        mf.count(table, column="word", weights="m")


def test_the_weight_of_a_null_is_left_out() -> None:
    words = [None, "ava", None, None, "mia", "né", None]
    weights = [-1, 2, 9, 9, 1, 3, 9]
    expected = mf.count(["ava"] * 2 + ["mia"] + ["né"] * 3)
    for kind in (pa.array, lambda w: np.array(w, dtype=object)):
        assert mf.count(kind(words), weights=weights, nulls="skip") == expected
        raises(ValueError, "word 0: null", mf.count, kind(words), weights=weights)
        assert mf.count(kind(words), weights=np.array(weights), nulls="skip") == expected
    objects: list[Any] = [
        None if word is None else n for word, n in zip(words, weights, strict=True)
    ]
    assert mf.count(pa.array(words), weights=objects, nulls="skip") == expected
    polars, pandas = pytest.importorskip("polars"), pytest.importorskip("pandas")
    for column in (
        pa.array(objects),
        polars.Series(objects),
        pandas.Series(objects, dtype="Int64"),
    ):
        assert mf.count(pa.array(words), weights=column, nulls="skip") == expected
    assert mf.count(pa.array(words), weights=pandas.Series(objects), nulls="skip") == expected
    with pytest.raises(TypeError, match="weight 0: expected an integer, got nan"):
        mf.count(["ava"], weights=pandas.Series([None, 1.0])[:1])
    weights[4] = -1
    with pytest.raises(ValueError, match="word 4: the weight -1 is negative"):
        mf.count(pa.array(words), weights=weights, nulls="skip")
    many = pa.array(([None] * 3 + ["ava"]) * 100_000)
    count = mf.count(many, weights=np.arange(400_000), nulls="skip")
    assert count.words == sum(range(3, 400_000, 4))


def test_many_blocks_and_wide_alphabets() -> None:
    words = [chr(0x4E00 + i % 3000) * (i % 7) + "ab" for i in range(300_000)]
    weights = np.arange(300_000) % 3
    expected = mf.count(np.repeat(np.array(words, dtype=object), weights))
    assert mf.count(words, weights=weights) == expected
    assert mf.count(iter(words), weights=iter(weights.tolist())) == expected


def test_a_word_of_weight_0_is_as_good_as_not_there_but_checked() -> None:
    counts = mf.count(["ava", "né中"], weights=[1, 0])
    assert (counts.alphabet, counts.words) == (".av", 1)
    assert mf.count(["ava"], weights=[0]) == mf.count([])
    with pytest.raises(ValueError, match="word 1: 'b.c' contains the boundary"):
        mf.count(["a", "b.c"], weights=[1, 0])
    assert mf.count(["ab"], weights=[0], alphabet="abc").alphabet == ".abc"


def test_weights_are_exact_up_to_64_bits() -> None:
    counts = mf.count(["a", "b"], weights=[2**62 - 1, 0])
    assert counts["a", "."] == counts.words == 2**62 - 1
    assert mf.count([""], weights=[2**63 - 1]).total == 2**63 - 1
    assert mf.count([""], weights=np.array([2**63 - 1], dtype=np.uint64)).total == 2**63 - 1
    for words, weights in (
        (["a"], [2**62]), (["a", "", ""], [2**62 - 1, 1, 1]), (["ab" * 8], [2**60]),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=f"word {len(words) - 1}: .*beyond 64 bits"):
            mf.count(words, weights=weights)


@pytest.mark.parametrize(
    ("weights", "error", "message"),
    [
        ([1, 2], ValueError, "got 2 weights for 5 words"),
        ([1] * 6, ValueError, "got 6 weights for 5 words"),
        (np.ones(4, dtype=int), ValueError, "got 4 weights for 5 words"),
        (iter([1, 2]), ValueError, "got 2 weights for more words than that"),
        (iter([1] * 6), ValueError, "got more than 5 weights for 5 words"),
        ([1, 2, 3, -4, 5], ValueError, "word 3: the weight -4 is negative"),
        (np.array([1, 2, 3, -4, 5]), ValueError, "word 3: the weight -4 is negative"),
        ([1, 2.5, 3, 4, 5], TypeError, "weight 1: expected an integer, got 2.5"),
        ([1, float("inf"), 3, 4, 5], TypeError, "weight 1: expected an integer, got inf"),
        ([1, Decimal("2.5"), 3, 4, 5], TypeError, r"weight 1: .*got Decimal\('2.5'\)"),
        ([1, "2", 3, 4, 5], TypeError, "weight 1: expected an integer, got str"),
        ([1, 1e19, 3, 4, 5], ValueError, "weight 1 does not fit 64 bits"),
        ([1, None, 3, 4, 5], TypeError, "weight 1: expected an integer, got NoneType"),
        (np.array([1, 2, 3.5, 4, 5]), TypeError, "weight 2: expected an integer, got 3.5"),
        (np.array([1, 2, np.nan, 4, 5]), TypeError, "weight 2: expected an integer, got nan"),
        (np.array([1, 2, np.inf, 4, 5]), ValueError, "weight 2 does not fit 64 bits"),
        (np.array([1, 2, 3, 2.0**63, 5]), ValueError, "weight 3 does not fit 64 bits"),
        (np.ones(5, dtype=complex), TypeError, "weights must be integers, got dtype complex128"),
        (np.ones(5, dtype=bool), TypeError, "weights must be integers, got dtype bool"),
        (np.array(FIVE), TypeError, "weights must be integers, got dtype <U8"),
        (np.ones((5, 1), dtype=int), ValueError, "expected a 1-D array of weights, got 2"),
        ([1, 2**63, 3, 4, 5], ValueError, "weight 1 does not fit 64 bits"),
        (np.array([1, 2**63, 3, 4, 5], dtype=np.uint64), ValueError, "weight 1 does not fit"),
        (b"12345", TypeError, "weights must be integers, one for each word, got bytes"),
        (3, TypeError, "not iterable"),
        ("n", ValueError, "weights='n' is for tables, got list"),
    ],
)
def test_weights_that_make_no_sense(weights: Any, error: type[Exception], message: str) -> None:
    counts = mf.count(FIVE)
    raises(error, message, counts.update, FIVE, weights=weights)
    assert counts == mf.count(FIVE)


def test_an_unknown_symbol_with_a_given_alphabet() -> None:
    with pytest.raises(ValueError, match="line 2: 'ac' contains 'c', which is not in the given"):
        mf.count_text("a\t1\nac\t1", weighted=True, alphabet="ab")
    with pytest.raises(ValueError, match="word 0: 'é' contains 'é', which is not in the given"):
        mf.count(["é"], weights=[1], alphabet="ab")


@given(weighted, st.integers(3, 7))
def test_longer_ngrams_have_weights_too(pairs: list[tuple[str, int]], order: int) -> None:
    repeated = [word for word, weight in pairs for _ in range(weight)]
    words, weights = [word for word, _ in pairs], [weight for _, weight in pairs]
    expected = mf.count(repeated, order=order)
    assert mf.count(words, weights=weights, order=order) == expected
    counts = mf.count([], order=order)
    counts.update(words, weights=weights)
    assert counts == expected
    kept = [(w, n) for w, n in pairs if not set(w) & set("\r\n\t\ufeff")]
    text = lines(kept)
    repeated = [word for word, weight in kept for _ in range(weight)]
    assert mf.count_text(text, weighted=True, order=order) == mf.count(repeated, order=order)


def test_weights_of_longer_ngrams_keep_the_rules() -> None:
    # New symbols that make keys longer, and of 128 bits, in the middle of heavy words.
    words = ["".join(chr(0x4E00 + 40 * i + j) for j in range(40)) for i in range(80)]
    weights = [3 * i for i in range(80)]
    repeated = [word for word, weight in zip(words, weights, strict=True) for _ in range(weight)]
    for order in (5, 8):
        counts = mf.count(words, weights=weights, order=order)
        assert counts == mf.count(repeated, order=order)
    with pytest.raises(ValueError, match="word 1: the weight -1 is negative"):
        mf.count(["ab", "b"], weights=[1, -1], order=3)
    with pytest.raises(ValueError, match=r"word 1: 'a\.' contains the boundary"):
        mf.count(["ab", "a."], weights=[1, 0], order=3)
    with pytest.raises(ValueError, match="word 1: with the weight 2 .* beyond 64 bits"):
        mf.count(["a", "b"], weights=[2**62 - 2, 2], order=3)
    raises(ValueError, "line 2: 'b' has no tab", mf.count_text, "a\t1\nb\n", weighted=True, order=3)
