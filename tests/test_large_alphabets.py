"""Large alphabets: memory by what was seen, and the same numbers as for small ones."""

import pickle
import subprocess
import sys
import textwrap
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from corpora import some_words
from limits import not_for_sanitizers
from makemore_fast import _core
from makemore_fast.rng import stream_seed
from terminal import LIMIT

smoothings = st.sampled_from([0, 1e-12, 1e-6, 0.01, 0.5, 1, 7, 1e300])
INNER = "".join(chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF and chr(c) != ".")


def chinese(symbols: int, words: int) -> list[str]:
    """Return words of three symbols, each as frequent as Zipf's law has it."""
    p = 1 / np.arange(1, symbols + 1)
    ids = np.random.default_rng(1).choice(symbols, size=3 * words, p=p / p.sum())
    text = "".join(map(chr, 0x4E00 + ids))
    return [text[i : i + 3] for i in range(0, len(text), 3)]


def row_sum(counts: mf.Counts, first: str) -> int:
    ids, cells = counts.ngrams()
    return int(cells[ids[:, 0] == counts.stoi[first]].sum())


# -- equal to rows that are written out ----------------------------------------------------


@given(some_words, some_words, smoothings)
def test_as_n_grams_bigrams_have_the_same_numbers(
    words: list[str], others: list[str], smoothing: float
) -> None:
    counts, more = mf.count(words)._core, mf.count(others)._core
    dense, ngrams = _core.BigramModel(counts, smoothing), _core.add_k(counts, smoothing)
    close = partial(np.testing.assert_allclose, rtol=1e-12, atol=1e-12)
    close(ngrams.dense(2), dense.probabilities())
    for these in (counts, more):
        close(ngrams.log_likelihood(these), dense.log_likelihood(these))
    close(ngrams.score(words + others), dense.score(words + others))
    for ours, theirs in zip(ngrams.symbol_scores(others), dense.symbol_scores(others), strict=True):
        close(ours, theirs)
    close(ngrams.next(words[0]), dense.next(words[0]))


@pytest.mark.parametrize("symbols", [1023, 1024, 1025, 1500])
def test_where_rows_are_no_longer_written_out_numbers_stay(symbols: int) -> None:
    words = chinese(symbols - 1, 5000)
    counts = mf.count(words, alphabet="".join(map(chr, range(0x4E00, 0x4E00 + symbols - 1))))
    assert len(counts.alphabet) == symbols
    model = counts.model(smoothing=0.01)
    dense = _core.BigramModel(counts._core, 0.01)
    close = partial(np.testing.assert_allclose, rtol=1e-12)
    close(model.probabilities, dense.probabilities())
    assert not model.probabilities.flags.writeable
    close(model.score(words), dense.score(words))
    assert model.nll(counts) == pytest.approx(-dense.log_likelihood(counts._core) / counts.total)
    assert model.nll(words) == pytest.approx(model.nll(counts))
    again = pickle.loads(pickle.dumps(model))
    assert again.sample(20, rng=1, max_length=9, truncate=True) == model.sample(
        20, rng=1, max_length=9, truncate=True
    )


def test_the_stream_is_that_of_the_reference() -> None:
    words = chinese(1200, 9000)
    counts = mf.count(words)
    assert len(counts.alphabet) > 1024
    twin = reference.AddK(words, 2, counts.alphabet, 0.001)
    expected = reference.sample_by_levels(twin, stream_seed(5), 9)
    assert counts.model(smoothing=0.001).sample(9, rng=5) == expected


# -- a Chinese corpus, and all of Unicode --------------------------------------------------


@pytest.fixture(scope="module")
def model() -> mf.Model:
    return mf.count(chinese(20_000, 400_000)).model(smoothing=0.01)


def test_the_distribution_of_what_is_drawn(model: mf.Model) -> None:
    symbols = "." + "".join(chr(0x4E00 + i) for i in range(9))
    n = 200_000
    ids, offsets = model.sample_ids(n, rng=3)
    assert ids.dtype == np.uint16
    words = model.sample(n, rng=3)
    assert [len(word) for word in words] == np.diff(offsets).tolist()
    counts = mf.count(words)
    for first in symbols:
        p = model.next_probabilities("" if first == "." else first)
        assert p.sum() == pytest.approx(1)
        total = row_sum(counts, first)
        for second in symbols:
            expected = total * p[model.stoi[second]]
            z = (counts[first, second] - expected) / (expected + 1) ** 0.5
            assert abs(z) < 6


def test_scores_are_those_of_the_counts(model: mf.Model) -> None:
    words = chinese(20_000, 400_000)
    counts = mf.count(words)
    size, k = len(counts.alphabet), 0.01
    p = (counts["一", "丁"] + k) / (row_sum(counts, "一") + k * size)
    assert model.symbol_scores(["一丁"])[0][1] == pytest.approx(np.log(p))
    assert model.nll(counts) == pytest.approx(model.nll(words))
    assert model.nll(words) == pytest.approx(-model.score(words).sum() / counts.total)
    assert model.perplexity(words) == pytest.approx(np.exp(model.nll(words)))


def test_options_of_sampling(model: mf.Model) -> None:
    assert all(word.startswith("一") for word in model.sample(50, rng=1, prefix="一"))
    assert max(map(len, model.sample(500, rng=1, max_length=2, truncate=True))) == 2
    assert model.sample(5000, rng=1, threads=2) == model.sample(5000, rng=1, threads=1)
    row = model.next_probabilities("")
    likely = {model.alphabet[i] for i in np.argsort(-row, kind="stable")[:3]}
    assert {word[:1] or "." for word in model.sample(500, rng=1, top_k=3)} == likely
    assert len(set(model.sample(20, rng=1, temperature=0, max_length=9, truncate=True))) == 1
    with pytest.raises(ValueError, match="prefix= holds 'a', which is not in the alphabet"):
        model.sample(1, prefix="a")


def test_what_stops_sampling_before_it_starts() -> None:
    inner = "".join(chr(0x4E00 + i) for i in range(2000))
    chain = [a + b for a, b in pairwise(inner)]
    stuck = mf.count(chain, alphabet=inner + "x").model()
    assert stuck.sample(3, rng=1)
    with pytest.raises(ValueError, match="nothing was ever seen after 'x'"):
        stuck.sample(1, prefix="x")
    assert mf.count([inner]).model().sample(2, rng=1) == [inner] * 2
    endless = mf.count(["ba", "ab", "bab", "aba"], alphabet=inner + "ab").model()
    with pytest.raises(ValueError, match=r"never ends; give max_length="):
        endless.sample(1, temperature=0)
    assert endless.sample(1, temperature=0, max_length=6, truncate=True) == ["ababab"]


@pytest.fixture(scope="module")
def unicode() -> mf.Counts:
    return mf.count([INNER, *(symbol for symbol in INNER[:1002] if symbol not in "\r\n")])


def test_all_of_unicode(unicode: mf.Counts, tmp_path: Path) -> None:
    size = len(INNER) + 1
    assert (len(unicode.alphabet), unicode.words) == (size, 1001)
    assert unicode.total == size + 2000
    assert unicode.most_common(1) == [((".", "\0"), 2)]
    assert repr(unicode).startswith("Counts(1,001 words, 1,114,064 bigrams, 1,112,064 symbols")
    assert "1,112,064 symbols" in unicode._repr_html_()
    assert len(unicode._repr_html_()) < 10_000
    unicode.save(tmp_path / "all.npz")
    again = mf.load(tmp_path / "all.npz")
    assert isinstance(again, mf.Counts)
    assert again == unicode
    again.update(["ab"])
    assert again["a", "b"] == 2
    assert (again + unicode).words == 2003
    with pytest.raises(ValueError, match=r"would take 9,214\.0 GiB; ngrams\(\)"):
        _ = unicode.array

    model = unicode.model(smoothing=1)
    assert model.score([INNER[5:7]]) == pytest.approx(
        np.log([2 / (1001 + size), 2 / (2 + size), 2 / (2 + size)]).sum()
    )
    assert 0 < model.nll(unicode) < np.log(size)
    assert model.next_probabilities("a").sum() == pytest.approx(1)
    assert repr(model).startswith("BigramModel(1,112,064 symbols")
    shapes: list[dict[str, Any]] = [{}, {"temperature": 0.5}, {"top_k": 3}]
    for options in shapes:
        words = model.sample(300, rng=1, max_length=10, truncate=True, **options)
        assert 1 <= max(map(len, words)) <= 10
    ids, _ = model.sample_ids(300, rng=1, max_length=10, truncate=True)
    assert ids.dtype == np.uint32
    assert all(
        word in INNER for word in unicode.model().sample(50, rng=2, max_length=4, truncate=True)
    )
    with pytest.raises(ValueError, match=r"would take 9,214\.0 GiB; next_prob"):
        _ = model.probabilities
    for version in ("1.13", "2.0"):
        with pytest.raises(ValueError, match=r"9,214\.0 GiB; rng=TorchRNG is for smaller"):
            model.sample(1, rng=mf.TorchRNG(1, version=version), max_length=3, truncate=True)


@pytest.mark.filterwarnings("ignore:no font that is installed")
def test_a_picture_of_all_of_unicode(unicode: mf.Counts) -> None:
    pytest.importorskip("matplotlib").use("agg")
    from matplotlib import pyplot as plt

    ax = unicode.plot()
    assert len(ax.get_xticklabels()) < 500
    plt.close("all")
    with pytest.raises(ValueError, match="text fits up to 200 symbols"):
        unicode.plot(text=True)


@not_for_sanitizers
@pytest.mark.skipif(sys.platform == "win32", reason="asks POSIX for the memory used")
def test_memory_stays_small() -> None:
    """A model of 20,000 symbols, its samplers and all of Unicode: far from V x V numbers."""
    program = """
        import resource
        import makemore_fast as mf

        def used():
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10

        words = [chr(0x4E00 + i) + chr(0x4E00 + (7 * i) % 20_000) for i in range(20_000)]
        inner = "".join(chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF)
        before = used()
        for words in (words, [inner.replace(".", "")]):
            model = mf.count(words).model(smoothing=1)
            model.score(words)
            for options in ({}, {"temperature": 0.5}, {"top_k": 100}):
                model.sample(1000, rng=1, max_length=5, truncate=True, **options)
        print(used() - before)
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True, text=True, timeout=LIMIT, check=True,
    )  # fmt: skip
    unit = 1 if sys.platform != "darwin" else 2**10  # macOS counts bytes
    assert float(run.stdout) / unit < 700
