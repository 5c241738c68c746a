"""Counts read as a table: rows, n-grams in turn, frames, text, and counts made of arrays."""

import csv
import math
import pickle
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
from corpora import FIVE, words
from raising import raises
from reference import counting as reference

ORDERS = st.integers(1, 4)


# -- order 1 -------------------------------------------------------------------------------


@given(words)
def test_single_symbols_are_counted_by_every_way(corpus: list[str]) -> None:
    counts = mf.count(corpus, order=1)
    assert dict(counts.items()) == reference.ngrams(corpus, 1)
    assert counts.order == 1
    assert counts.words == len(corpus)
    assert counts == mf.count(corpus).lower(1) == mf.count(corpus, order=4).lower(1)
    assert counts == mf.count(corpus, weights=[1] * len(corpus), order=1)
    assert counts == mf.count(iter(corpus), order=1)
    assert pickle.loads(pickle.dumps(counts)) == counts
    assert counts.array.shape == (len(counts.alphabet),)


def test_single_symbols_of_texts_and_files(tmp_path: Path) -> None:
    text = "\n".join(FIVE) + "\n"
    path = tmp_path / "words.txt"
    path.write_text(text)
    counts = mf.count(FIVE, order=1)
    assert mf.count_text(text, order=1) == mf.count_file(path, order=1) == counts
    weighted = "".join(f"{word}\t1\n" for word in FIVE)
    assert mf.count_text(weighted, order=1, weighted=True) == counts
    with path.open("rb") as file:
        assert mf.count_file(file, order=1) == counts
    counts.save(tmp_path / "counts.npz")
    assert mf.load(tmp_path / "counts.npz") == counts
    assert repr(counts).startswith("Counts(5 words, ")
    assert "unigrams" in repr(counts)
    assert "unigram" in counts._repr_html_()


@pytest.mark.parametrize("smoothing", [0.0, 1.0, "witten-bell", "kneser-ney"])
def test_models_of_single_symbols(smoothing: Any, tmp_path: Path) -> None:
    counts = mf.count(FIVE, order=1)
    model = counts.model(smoothing=smoothing)
    assert model.order == 1
    p = model.probabilities
    assert p.sum() == pytest.approx(1)
    np.testing.assert_array_equal(model.next_probabilities("av"), p)
    of = dict(zip(model.alphabet, p.tolist(), strict=True))
    assert model.score(["ava"])[0] == pytest.approx(sum(math.log(of[s]) for s in "ava."))
    assert model.nll(FIVE) == pytest.approx(model.nll(counts)) == model.nll(mf.count(FIVE, order=3))
    assert model.sample(5, rng=1) == model.sample(5, rng=1, threads=1)
    assert all(set(word) <= set(model.alphabet) for word in model.sample(50, rng=1, top_k=5))
    assert pickle.loads(pickle.dumps(model)).score(["ava"]) == model.score(["ava"])
    model.write_arpa(tmp_path / "a.arpa")
    assert "\\2-grams" not in (tmp_path / "a.arpa").read_text()
    if smoothing == 0:
        shares = np.array([counts[s] for s in counts.alphabet]) / counts.total
        np.testing.assert_allclose(p, shares)


def test_what_needs_pairs_says_so() -> None:
    counts = mf.count(FIVE, order=1)
    with pytest.raises(ValueError, match="order 2 or higher, got order 1"):
        mf.count(FIVE).model().nll(counts)
    raises(ValueError, "single symbols have no mutual information", counts.mutual_information)
    raises(ValueError, "none of them ends", mf.Counts.from_array, [0, 3], ".a")


# -- rows ----------------------------------------------------------------------------------


@given(words, ORDERS, st.data())
def test_a_row_is_what_follows_a_context(corpus: list[str], order: int, data: Any) -> None:
    counts = mf.count(corpus, order=order)
    k = data.draw(st.integers(1, order))
    gram = tuple(data.draw(st.sampled_from(counts.alphabet)) for _ in range(k))
    expected = reference.ngrams(corpus, k if k == order else k + 1)
    if k == order:
        assert counts[gram] == expected[gram]
        assert isinstance(counts[gram], int)
    else:
        row = counts[gram]
        assert row.tolist() == [expected[(*gram, symbol)] for symbol in counts.alphabet]
        assert row.dtype == np.int64
        assert (gram in counts) == bool(row.any())
    if k == 1:
        np.testing.assert_array_equal(counts[gram[0]], counts[gram])
        assert (gram[0] in counts) == (gram in counts)


def test_a_row_of_many_n_grams_is_looked_up() -> None:
    """Where there are many more n-grams than symbols, each symbol is looked up."""
    corpus = mf.count(FIVE).model(smoothing=1).sample(3000, rng=1)
    counts = mf.count(corpus, order=5)
    assert len(counts) > 64 * len(counts.alphabet)
    low = counts.lower(3)
    for context in (("a", "v"), (".", "a"), (".", "."), ("v", "v"), ("a", ".")):
        expected = [low[(*context, symbol)] for symbol in counts.alphabet]
        assert counts[context].tolist() == expected


def test_rows_of_a_large_alphabet_need_no_array() -> None:
    symbols = "".join(map(chr, range(0x4E00, 0x4E00 + 20_000)))
    counts = mf.count(["一丁", "一七"], alphabet=symbols)
    assert counts["一"].shape == (20_001,)
    assert counts["一"].sum() == 2
    assert len(counts) == 5
    assert counts.entropy() == pytest.approx(2 * math.log(2) / 6)


def test_what_is_in_the_alphabet_alone_is_not_in_the_counts() -> None:
    counts = mf.count(["ab"], alphabet="abc")
    assert ("a", "b") in counts
    assert ("b", "a") not in counts
    assert "c" not in counts
    assert "z" not in counts
    assert ("a", "zz") not in counts
    raises(KeyError, r"counts\[\"a\", \"b\"\]", lambda: counts["ab"])


# -- in turn -------------------------------------------------------------------------------


@given(words, ORDERS)
def test_iteration_is_over_the_n_grams_that_occur(corpus: list[str], order: int) -> None:
    counts = mf.count(corpus, order=order)
    expected = reference.ngrams(corpus, order)
    assert dict(counts.items()) == dict(counts) == expected
    assert len(counts) == len(expected)
    assert list(counts) == list(counts.keys()) == [gram for gram, _ in counts.items()]
    assert list(counts.values()) == counts.ngrams()[1].tolist()
    assert all(gram in counts for gram in counts)
    assert sorted(counts.most_common()) == sorted(counts.items())


def test_iteration_sees_the_counts_as_they_were() -> None:
    counts = mf.count(["ab"])
    items = counts.items()
    counts.update(["ab", "xyz"])
    assert dict(items) == dict(mf.count(["ab"]).items())


# -- frames and text -----------------------------------------------------------------------


@pytest.mark.parametrize("library", ["pandas", "polars"])
@pytest.mark.parametrize("order", [1, 2, 4])
def test_a_frame_has_a_row_for_each_n_gram(library: Any, order: int) -> None:
    pytest.importorskip(library)
    counts = mf.count([*FIVE, "中文"], order=order)
    frame = counts.to_frame(library=library)
    names = {1: ["symbol"], 2: ["first", "second"], 4: ["first", "second", "third", "4th"]}[order]
    assert list(frame.columns) == [*names, "count"]
    columns = [frame[name].to_list() for name in frame.columns]
    assert [(gram, count) for *gram, count in zip(*columns, strict=True)] == [
        (list(gram), count) for gram, count in counts.items()
    ]
    assert len(mf.count([], order=order).to_frame(library=library)) == 0


def test_the_library_of_a_frame() -> None:
    pd = pytest.importorskip("pandas")
    assert isinstance(mf.count(FIVE).to_frame(), pd.DataFrame)
    raises(ValueError, "library must be", mf.count(FIVE).to_frame, library="numpy")
    raises(TypeError, "library must be", mf.count(FIVE).to_frame, library=3)


def test_a_frame_without_a_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = mf.count(FIVE)
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setitem(sys.modules, "polars", None)
    raises(ImportError, r"makemore_fast\[pandas\].*makemore_fast\[polars\]", counts.to_frame)
    raises(ImportError, r"makemore_fast\[polars\]", counts.to_frame, library="polars")


def test_symbols_are_labels_of_frames() -> None:
    pd = pytest.importorskip("pandas")
    counts = mf.count(FIVE)
    frame = pd.DataFrame(counts.array, index=counts.symbols, columns=counts.symbols)
    assert frame.loc["a", "."] == counts["a", "."]
    assert frame[list(counts.symbols)].equals(frame)
    plain = pd.DataFrame(counts.array)
    assert plain.rename(index=counts.itos, columns=counts.itos).equals(frame)
    assert pd.DataFrame(counts.array, index=counts.stoi, columns=counts.stoi).equals(frame)
    assert pd.Series(list("ava")).map(counts.stoi).map(counts.itos).tolist() == list("ava")


ODD = ['a"b', "a,b", "tab\there", "  ", "ü中😀", "0", "'", "\x00\x7f"]


@pytest.mark.parametrize("sep", [",", "\t"])
@pytest.mark.parametrize("order", [1, 2, 3])
def test_a_table_in_text_is_read_again(sep: str, order: int, tmp_path: Path) -> None:
    counts = mf.count(ODD, order=order, boundary="\n")
    path = tmp_path / "counts.csv"
    counts.to_csv(path, sep=sep)
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file, delimiter=sep)
    assert head[-1] == "count"
    assert [(tuple(gram), int(count)) for *gram, count in rows] == list(counts.items())


def test_a_table_in_text_is_read_by_pandas_and_polars(tmp_path: Path) -> None:
    pd, pl = pytest.importorskip("pandas"), pytest.importorskip("polars")
    counts = mf.count(ODD[:-1], boundary="\r")
    path = tmp_path / "counts.csv.gz"
    counts.to_csv(path)
    kinds = {"first": str, "second": str}
    read = pd.read_csv(path, dtype=kinds, keep_default_na=False)
    assert read.to_dict("list") == counts.to_frame(library="pandas").to_dict("list")
    again = pl.read_csv(path, schema_overrides={"first": pl.String, "second": pl.String})
    assert again.equals(counts.to_frame(library="polars"))


def test_no_counts_are_a_heading_and_bad_options_say_so(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    mf.count([], order=3).to_csv(path)
    assert path.read_text() == "first,second,third,count\n"
    raises(ValueError, "sep must be", mf.count([]).to_csv, path, sep=";")
    raises(OSError, "missing", mf.count([]).to_csv, tmp_path / "missing" / "counts.csv")


# -- of arrays, and differences ------------------------------------------------------------


@given(words, ORDERS)
def test_an_array_is_counts_again(corpus: list[str], order: int) -> None:
    counts = mf.count(corpus, order=order)
    for array in (counts.array, counts.array.astype(float), counts.array.astype(np.uint64)):
        assert mf.Counts.from_array(array, counts.alphabet) == counts
    assert mf.Counts.from_array(counts.array.tolist(), counts) == counts


@pytest.mark.parametrize(
    ("array", "alphabet", "error", "message"),
    [
        ([[0, 1], [1, -1]], ".a", ValueError, "from 0 up, got -1 for 'a', 'a'; signed"),
        ([[0, 1], [1, 0.5]], ".a", ValueError, "got 0.5 for 'a', 'a'"),
        ([[0, 1], [1, math.nan]], ".a", ValueError, "got nan"),
        ([[0, 1], [1, math.inf]], ".a", ValueError, "got inf"),
        (np.array([[0, 2**63], [1, 0]], np.uint64), ".a", ValueError, "got 9223372036854775808"),
        ([[0, 2.0**63], [1, 0]], ".a", ValueError, "got 9.2"),
        ([[0, 1], [2, 0]], ".a", ValueError, "'a' is entered 1 times and left 2 times"),
        ([[0, 0], [0, 1]], ".a", ValueError, "never reached from the start"),
        ([[0, 1], [1, 0]], ".ab", ValueError, "the array is 2 x 2, and the alphabet has 3"),
        (np.zeros((2, 3), int), ".a", ValueError, "the array is 2 x 3"),
        ([[0, 1, 0], [1, 0, 0], [0, 0, 0]], ".ba", ValueError, "order of their code points"),
        ([[0, 1, 0], [1, 0, 0], [0, 0, 0]], ".aa", ValueError, "order of their code points"),
        (5, ".", ValueError, "an axis for each symbol"),
        (np.ma.masked_equal([[0, 1], [1, 0]], 1), ".a", TypeError, "a masked one"),
        ([["a"]], ".", TypeError, "an array of numbers"),
        ([[1j]], ".", TypeError, "an array of numbers"),
        ([[0, 1], [1]], ".a", TypeError, "an array of numbers"),
        ([[1]], 3, TypeError, "alphabet must be a str of symbols, Counts or a model, got int"),
    ],
)
def test_arrays_that_are_no_counts(array: Any, alphabet: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        mf.Counts.from_array(array, alphabet)


@given(words, words, ORDERS)
def test_what_was_added_is_taken_away(one: list[str], other: list[str], order: int) -> None:
    alphabet = mf.count(one + other).alphabet
    a, b = (mf.count(corpus, order=order, alphabet=alphabet) for corpus in (one, other))
    both = a + b
    assert both - b == a
    assert (both - both).words == 0
    both -= a
    assert both == b


def test_differences_below_zero_are_arrays() -> None:
    a, b = mf.count(["ab", "b"]), mf.count(["ab", "ac"])
    with pytest.raises(ValueError, match=r"'c' '\.' occurs 0 times, and 1 .*a\.array - b\.array"):
        _ = a - b
    with pytest.raises(ValueError, match=r"'\.' 'a' occurs 1 times, and 2 are to be taken away"):
        _ = a - mf.count(["ab", "ab"])
    raises(ValueError, "'c' '.' occurs 0 times", lambda: mf.count(["ab"] * 3) - mf.count(["c"]))
    raises(ValueError, "order 3 cannot be taken from", lambda: a - mf.count(["ab"], order=3))
    hashed = mf.count(["ab"], boundary="#")
    raises(ValueError, "cannot be subtracted: the ones have the boundary '#'", lambda: a - hashed)
    raises(TypeError, "unsupported operand", lambda: a - 1)  # type: ignore[operator]
    before = mf.count(["ab", "b"])
    with pytest.raises(ValueError, match="below zero"):
        a -= b
    assert a == before


def test_what_is_left_must_be_counts_of_words() -> None:
    """No count is below zero, and no words have what is left."""
    round_ = mf.count(["abcab"])  # 'bc', 'ca' and 'ab' again make a circle
    with pytest.raises(ValueError, match="no words have these counts.*arrays"):
        _ = round_ - mf.count(["ab"])


# -- information ---------------------------------------------------------------------------


@given(words.filter(bool), ORDERS)
def test_entropy_and_mutual_information_by_their_definitions(corpus: list[str], order: int) -> None:
    counts = mf.count(corpus, order=order)
    grams = reference.ngrams(corpus, order)
    contexts: Counter[tuple[str, ...]] = Counter()
    last: Counter[str] = Counter()
    for gram, n in grams.items():
        contexts[gram[:-1]] += n
        last[gram[-1]] += n
    total = sum(grams.values())
    entropy = -sum(n * math.log(n / contexts[gram[:-1]]) for gram, n in grams.items()) / total
    assert counts.entropy() == pytest.approx(entropy, abs=1e-12)
    assert counts.entropy(unit="bits") == pytest.approx(entropy / math.log(2), abs=1e-12)
    assert counts.entropy() == pytest.approx(counts.model().nll(corpus), abs=1e-12)
    if order > 1:
        pmi = counts.mutual_information(unit="bits")
        for (gram, n), value in zip(counts.items(), pmi.tolist(), strict=True):
            expected = math.log2(n * total / (contexts[gram[:-1]] * last[gram[-1]]))
            assert value == pytest.approx(expected, abs=1e-12)


def test_what_has_no_entropy() -> None:
    raises(ValueError, "no words", mf.count([]).entropy)
    raises(ValueError, "unit must be", mf.count(FIVE).entropy, unit="bytes")
    assert mf.count(["a"]).entropy() == 0
    assert len(mf.count([]).mutual_information()) == 0


@given(words.filter(bool), words.filter(bool), ORDERS)
def test_divergence_is_loss_less_entropy(one: list[str], other: list[str], order: int) -> None:
    p, q = mf.count(one, order=order), mf.count([*one, *other], order=order)
    assert mf.divergence(p, p) == pytest.approx(0, abs=1e-12)
    expected = q.model().nll(p) - p.entropy()
    assert mf.divergence(p, q) == pytest.approx(expected, abs=1e-12)
    assert mf.divergence(p, q) >= 0
    smooth = q.model(smoothing="witten-bell")
    bits = mf.divergence(p, smooth, unit="bits")
    assert bits == pytest.approx((smooth.nll(p) - p.entropy()) / math.log(2), abs=1e-12)


def test_divergence_of_distributions() -> None:
    assert mf.divergence([1, 1], [3, 1]) == pytest.approx(0.5 * math.log(4 / 3))
    assert mf.divergence([1, 0], [0, 1]) == math.inf
    assert mf.divergence([1, 0], [1, 1], unit="bits") == 1
    counts = mf.count(FIVE)
    assert mf.divergence(counts["a"], counts["a"]) == 0
    assert mf.divergence(mf.count(["x"]), counts) == math.inf


#: As large and as small as floats can be.
numbers = st.floats(0, 1.7e308).filter(bool)


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=4))
def test_divergence_of_any_numbers(pairs: list[tuple[float, float]]) -> None:
    p, q = [list(map(Fraction, numbers)) for numbers in zip(*pairs, strict=True)]
    shares = [(a / sum(p), b / sum(q)) for a, b in zip(p, q, strict=True)]
    expected = sum(float(a) * (log_of(a) - log_of(b)) for a, b in shares)
    found = mf.divergence(*zip(*pairs, strict=True))
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)


def log_of(number: Fraction) -> float:
    """Return the logarithm of a fraction, which may be no float."""
    return math.log(number.numerator) - math.log(number.denominator)


@pytest.mark.parametrize("unit", ["nat", "", None, 2, ["bits"]])
def test_what_is_no_unit_is_refused_alike(unit: Any) -> None:
    counts = mf.count(FIVE)
    model = counts.model(smoothing=1)
    wrong = 'unit must be "nats" or "bits", got'
    raises(ValueError, wrong, counts.entropy, unit=unit)
    raises(ValueError, wrong, counts.mutual_information, unit=unit)
    raises(ValueError, wrong, mf.divergence, [1], [1], unit=unit)
    raises(ValueError, wrong, model.score, FIVE, unit=unit)
    raises(ValueError, wrong, model.plot_word, "ava", unit=unit)


@pytest.mark.parametrize(
    ("p", "q", "error", "message"),
    [
        (mf.count(FIVE).model(), mf.count(FIVE), TypeError, "p must be counts or an array"),
        ([1, 2], mf.count(FIVE), TypeError, "p must be Counts to be compared"),
        (mf.count(FIVE), [1, 2], TypeError, "q must be Counts or a model, got list"),
        (mf.count(FIVE), mf.count(FIVE, order=3), ValueError, r"lower\(2\) makes them one"),
        (mf.count([]), mf.count(FIVE), ValueError, "no words"),
        (mf.count(FIVE), mf.count([]), ValueError, "no words"),
        (mf.count(FIVE), mf.count(FIVE, boundary="#"), ValueError, "boundary"),
        ([1, 2], [1, 2, 3], ValueError, "one length, got 2 and 3"),
        ([[1, 2]], [[1, 2]], ValueError, "1-D"),
        ([0, 0], [1, 1], ValueError, "not all 0"),
        ([1, -1], [1, 1], ValueError, "from 0 up"),
        ("ab", [1, 1], TypeError, "p must be Counts or a 1-D array of numbers, got str"),
    ],
)
def test_what_does_not_diverge(p: Any, q: Any, error: Any, message: str) -> None:
    raises(error, message, mf.divergence, p, q)


def test_nothing_of_tables_is_imported_before_it_is_used() -> None:
    program = "import sys, makemore_fast as mf; mf.count(['a']); print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "False\n"
