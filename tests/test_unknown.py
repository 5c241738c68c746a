"""The unknown symbol: one meaning in counts and in every model."""

import io
import math
import pickle
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import makemore_fast as mf
from corpora import FIVE, some_words, words
from raising import raises


def large(words: list[str]) -> str:
    """Return an alphabet so large that a model of it keeps its rows sparse."""
    return "".join({chr(0x5000 + i) for i in range(1100)} | set("".join(words)))


#: Makes a model that has the unknown symbol, of words.
MODELS: dict[str, Callable[[list[str]], mf.LanguageModel]] = {
    "bigrams": lambda words: mf.count(words).model(smoothing=0.5, unknown=True),
    "bigrams, as counted": lambda words: mf.count(words).model(unknown=True),
    "bigrams, large": lambda words: mf.count(words, alphabet=large(words)).model(
        smoothing=0.5, unknown=True
    ),
    "add-k": lambda words: mf.count(words, order=4).model(smoothing=0.1, unknown=True),
    "witten-bell": lambda words: mf.count(words, order=3).model(
        smoothing="witten-bell", unknown=True
    ),
    "kneser-ney": lambda words: mf.count(words, order=5).model(
        smoothing="kneser-ney", unknown=True
    ),
    "kneser-ney, large": lambda words: mf.count(words, order=3, alphabet=large(words)).model(
        smoothing="kneser-ney", unknown=True
    ),
    "tuned": lambda words: mf.count(words, order=3).tune(["zz"], unknown=True).model,
    "mixture": lambda words: mf.fit(words, chains=["h1 h2 h3", "p15 h1 f0"], unknown=True),
    "counted as unknown": lambda words: mf.count(
        words, order=3, alphabet="aeiomv", unknown=True
    ).model(smoothing="kneser-ney"),
    "mixture, counted as unknown": lambda words: mf.fit(
        words, chains=["h1 h2 h3", "p15 h1 f0"], alphabet="aeiomv", unknown=True
    ),
}


def mapped(word: str, alphabet: str) -> str:
    """Return a word in which the unknown symbol stands for what the alphabet does not hold."""
    return "".join(symbol if symbol in alphabet[1:] else mf.UNKNOWN for symbol in word)


@pytest.mark.parametrize("kind", MODELS)
def test_every_model_has_one_share_for_all_symbols_outside(kind: str) -> None:
    model = MODELS[kind](FIVE)
    assert model.unknown
    assert mf.UNKNOWN in model.alphabet
    expected = model.score(["a" + mf.UNKNOWN + "a"])
    assert np.isfinite(expected).all() == (kind != "bigrams, as counted")
    for other in "z漢\U0001f600.":
        assert model.score([f"a{other}a"]).tolist() == expected.tolist()
    for prefix in ("", "a", "zz", "em"):
        p = model.next_probabilities(prefix)
        assert p.sum() == pytest.approx(1, abs=1e-6) or (kind, prefix) == (
            "bigrams, as counted",
            "zz",
        )
        with np.errstate(divide="ignore"):
            share = np.log(p[model.alphabet.index(mf.UNKNOWN)])
        scores, _ = model.symbol_scores([prefix + "漢"])
        assert scores[len(prefix)] == pytest.approx(share, abs=1e-5) or share == -np.inf


@pytest.mark.parametrize("kind", MODELS)
@settings(max_examples=5)
@given(some_words, words)
def test_unknown_symbols_score_as_the_symbol_that_stands_for_them(
    kind: str, corpus: list[str], new: list[str]
) -> None:
    model = MODELS[kind](corpus)
    alike = [mapped(word, model.alphabet) for word in new]
    assert model.score(new).tolist() == model.score(alike).tolist()
    if new:
        assert model.nll(new) == pytest.approx(model.nll(alike), rel=1e-12)
        told, same = model.evaluate(new), model.evaluate(alike)
        assert told.loss == same.loss
        assert told.unknown_symbols == sum(word.count(mf.UNKNOWN) for word in alike)
        order = max(map(len, new)) + 2
        counted = mf.count(new, order=order)
        assert model.nll(counted) == pytest.approx(model.nll(new), rel=1e-9)


@pytest.mark.parametrize("kind", MODELS)
def test_new_words_never_hold_it(kind: str) -> None:
    """And they are as likely as the model says, given that no symbol is unknown."""
    model = MODELS[kind](["ab", "ba", "b", "zzz", "ay"])
    options: list[dict[str, Any]] = [{}, {"temperature": 0.7}, {"top_k": 3}, {"temperature": 0}]
    for how in options:
        drawn = model.sample(200, rng=1, max_length=8, truncate=True, **how)
        assert not any(mf.UNKNOWN in word for word in drawn)
    torch = model.sample(20, rng=mf.TorchRNG(3, version="2.0"), max_length=5, truncate=True)
    assert not any(mf.UNKNOWN in word for word in torch)
    n = 20_000
    firsts = Counter(word[:1] for word in model.sample(n, rng=5, max_length=1, truncate=True))
    p = model.next_probabilities()
    p[model.alphabet.index(mf.UNKNOWN)] = 0
    p /= p.sum()
    for symbol, expected in zip(model.alphabet, p.tolist(), strict=True):
        seen = firsts["" if symbol == "." else symbol]
        assert abs(seen - n * expected) < 6 * math.sqrt(n * expected) + 1e-9, symbol


@given(some_words, st.integers(2, 5), st.sampled_from(["", "a", "abc", "é中b"]))
def test_counts_over_an_alphabet_are_those_of_mapped_words(
    corpus: list[str], order: int, alphabet: str
) -> None:
    expected = mf.count(
        [mapped(word, "." + alphabet) for word in corpus],
        order=order,
        alphabet=alphabet + mf.UNKNOWN,
    )
    how: dict[str, Any] = {"order": order, "alphabet": alphabet, "unknown": True}
    assert mf.count(corpus, **how) == expected
    assert mf.count(iter(corpus), **how) == expected
    assert mf.count(np.array(corpus, dtype=object), **how) == expected
    assert mf.count(corpus, weights=[1] * len(corpus), **how) == expected
    assert mf.count(corpus, order=order, alphabet=alphabet + mf.UNKNOWN) == expected
    assert mf.count(corpus, order=order, alphabet=expected) == expected
    assert (
        mf.count(corpus, order=order)
        .model(smoothing=1, alphabet=alphabet, unknown=True)
        .score(corpus)
        .tolist()
        == expected.model(smoothing=1).score(corpus).tolist()
    )
    lines = [
        word for word in corpus if word and not {"\n", "\r", "\0"} & set(word)
    ]  # a NUL looks like UTF-16
    text = "\n".join(lines)
    if not text.startswith("\ufeff"):
        of_lines = mf.count(lines, **how)
        assert mf.count_text(text, **how) == of_lines
        assert mf.count_file(io.BytesIO(text.encode()), **how) == of_lines
        weighted = "".join(f"{line}\t2\n" for line in lines)
        assert mf.count_text(weighted, weighted=True, **how) == of_lines + of_lines


def test_without_an_alphabet_it_joins_those_that_occur() -> None:
    counts = mf.count(["ab"], unknown=True)
    assert counts.alphabet == ".ab" + mf.UNKNOWN
    assert counts.unknown
    assert counts.model(smoothing=1).score(["z"]).tolist() != [-math.inf]
    plain = mf.count(["ab"])
    assert not plain.unknown
    assert (plain + counts).unknown
    assert plain.model(unknown=True).unknown
    assert not plain.unknown


def test_an_alphabet_may_be_that_of_counts_or_of_a_model() -> None:
    counts = mf.count(["abc"])
    for alphabet in ("cab", counts, counts.model(), mf.fit(["abc"], chains=["h1"])):
        assert mf.count(["ab"], alphabet=alphabet).alphabet == ".abc"
        assert mf.count_text("ab", alphabet=alphabet).alphabet == ".abc"
        _, y = mf.examples(["b"], alphabet=alphabet)
        assert y.tolist() == [2, 0]
        assert mf.fit(["ab"], chains=["h1"], alphabet=alphabet).alphabet == ".abc"
        assert mf.count(["ab"]).model(smoothing=1, alphabet=alphabet).alphabet == ".abc"
    hashed = mf.count(["abc"], boundary="#")
    raises(ValueError, r"boundary='\.', and the Counts of alphabet= has '#'", mf.count, ["a"],
           alphabet=hashed)  # fmt: skip
    raises(TypeError, "alphabet must be a str of symbols, Counts, a model or None, got list",
           mf.count, ["a"], alphabet=["a"])  # fmt: skip


def test_symbols_that_a_given_alphabet_does_not_hold() -> None:
    counts = mf.count(["abc"])
    raises(ValueError, "'c' was counted and is not in the given alphabet; unknown=True",
           counts.model, smoothing=1, alphabet="ab")  # fmt: skip
    raises(ValueError, "word 1: 'az' contains 'z', which is not in the given alphabet",
           mf.fit, ["a", "az"], chains=["h1"], alphabet="ab")  # fmt: skip
    # A symbol that was never counted may go.
    wide = mf.count(["ab"], alphabet="abz")
    assert wide.model(smoothing=1, alphabet="ab").alphabet == ".ab"


def test_the_boundary_cannot_be_it() -> None:
    for call in (
        lambda: mf.count(["ab"], boundary=mf.UNKNOWN, unknown=True),
        lambda: mf.count(["ab"], boundary=mf.UNKNOWN).model(smoothing=1, unknown=True),
        lambda: mf.fit(["ab"], boundary=mf.UNKNOWN, unknown=True),
        lambda: mf.examples(["ab"], boundary=mf.UNKNOWN, unknown=True),
    ):
        with pytest.raises(ValueError, match=r"the boundary is U\+FFFD"):
            call()
    assert not mf.count(["ab"], boundary=mf.UNKNOWN).unknown


def test_unknown_must_be_a_flag() -> None:
    counts = mf.count(["ab"], order=3)
    for call in (
        lambda: mf.count(["a"], unknown="yes"),  # type: ignore[arg-type]
        lambda: mf.count_text("a", unknown=2),  # type: ignore[arg-type]
        lambda: mf.fit(["a"], unknown="no"),  # type: ignore[arg-type]
        lambda: mf.examples(["a"], unknown="no"),  # type: ignore[arg-type]
        lambda: counts.model(smoothing=1, unknown="no"),  # type: ignore[call-overload]
        lambda: counts.tune(["ab"], unknown=[]),  # type: ignore[arg-type]
    ):
        with pytest.raises(TypeError, match="unknown must be True or False"):
            call()


@pytest.mark.parametrize("kind", MODELS)
def test_it_survives_being_kept(kind: str, tmp_path: Path) -> None:
    model = MODELS[kind](FIVE)
    scored = ["emma", "漢字", "a.b", "xyz"]
    copies: list[Any] = [pickle.loads(pickle.dumps(model))]
    if isinstance(model, mf.MixtureModel):
        model.save(tmp_path / "model.npz")
        copies.append(mf.load(tmp_path / "model.npz"))
    for copy in copies:
        assert copy.unknown
        assert copy.score(scored).tolist() == model.score(scored).tolist()
    if isinstance(model, mf.CountModel):
        model.write_arpa(tmp_path / "model.arpa")
        read = mf.read_arpa(tmp_path / "model.arpa")
        assert read.alphabet == model.alphabet
        np.testing.assert_allclose(read.score(scored), model.score(scored), rtol=1e-9)
    counts = mf.count(["ab"], unknown=True)
    counts.save(tmp_path / "counts.npz")
    assert mf.load(tmp_path / "counts.npz") == counts


def test_an_arpa_file_may_hold_it_in_longer_ngrams() -> None:
    counts = mf.count(["ab", "zb", "az"], order=3, alphabet="ab", unknown=True)
    text = io.BytesIO()
    model = counts.model(smoothing="witten-bell")
    mf._core.write_arpa(model._backoff(), text.write)
    assert b"\ta <unk>\t" in text.getvalue()
    read = mf.read_arpa(io.BytesIO(text.getvalue()))
    np.testing.assert_allclose(read.score(["az", "xb", "b"]), model.score(["az", "xb", "b"]))


def test_examples_number_other_words_alike() -> None:
    counts = mf.count(["abc"])
    x, y = mf.examples(["abz", "é"], alphabet=counts, unknown=True, block_size=2)
    assert y.tolist() == [1, 2, 4, 0, 4, 0]
    assert x.tolist() == [[0, 0], [0, 1], [1, 2], [2, 4], [0, 0], [0, 4]]
    _, y = mf.examples(["ab"], unknown=True)
    assert y.tolist() == [1, 2, 0]


def test_the_readme_with_the_names_of_the_package() -> None:
    """The flow of the README on words of which some hold symbols that the others do not."""
    train, dev, test = mf.split(mf.names(), rng=42)
    counts = mf.count(train, order=5)
    for call in (lambda: counts.tune(dev + test), lambda: mf.fit(train, dev=dev + test)):
        with pytest.raises(ValueError, match=r"dev word \d+: '.+' contains '.'.*unknown=True"):
            call()
    tuned = counts.tune(dev, orders=[2, 4, 5], unknown=True)
    fitted = mf.fit(train, dev=dev, effort="fast", unknown=True)
    for model in (tuned.model, fitted, counts.model(smoothing=0.1, unknown=True)):
        assert math.isfinite(model.nll(test))
        assert model.evaluate(test).impossible_words == 0
    plain = mf.fit(train, effort="fast").evaluate(test)
    assert plain.loss == math.inf
    assert 0 < plain.impossible_words < 10
    assert plain.possible_loss < 3
