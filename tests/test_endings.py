"""Words that could never end, or find no next symbol: an error in every model, with every shape."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from raising import raises

SHAPES: tuple[dict[str, Any], ...] = (
    *({}, {"top_k": 1}, {"top_k": 2}, {"top_k": 3}, {"temperature": 0}, {"temperature": 0.05}),
    *({"temperature": 0.3}, {"temperature": 3.0, "top_k": 2}, {"temperature": 5e-324}),
)
SMOOTHINGS: tuple[str | float, ...] = (0.0, 1e-7, 0.1, "kneser-ney", "witten-bell")


TOO_LONG = "a word has not ended after 4194304 symbols; give max_length= and truncate=True"


def outlook(model: Any, order: int, shape: dict[str, Any], prefix: str) -> str:
    """Return what is ahead of a prefix, by going everywhere that its words can go."""
    symbols: str = model.alphabet

    def steps(word: str) -> tuple[bool, list[str]]:
        p = model.next_probabilities(word)
        row = reference.reshaped([(p / (p.max() or 1)).tolist()], **shape)[0]
        total = sum(row)
        weights = reference.integer_weights([p / total for p in row]) if total else [0] * len(row)
        return weights[0] > 0, [word + symbols[i] for i in range(1, len(row)) if weights[i]]

    def state(word: str) -> str:
        return (symbols[0] * order + word)[-(order - 1) :]

    words = {state(prefix): prefix}
    before: dict[str, set[str]] = {}
    ends: set[str] = set()
    open_words = [prefix]
    while open_words:
        word = open_words.pop()
        can_end, longer = steps(word)
        if not can_end and not longer:
            return "stuck"
        if can_end:
            ends.add(state(word))
        for other in longer:
            before.setdefault(state(other), set()).add(state(word))
            if state(other) not in words:
                words[state(other)] = other
                open_words.append(other)
    todo = list(ends)
    while todo:
        for one in before.get(todo.pop(), ()):
            if one not in ends:
                ends.add(one)
                todo.append(one)
    return "good" if ends == words.keys() else "endless"


@settings(max_examples=150, deadline=None)
@given(
    words=st.lists(st.text("abc", max_size=6), min_size=1, max_size=6),
    order=st.integers(2, 4),
    smoothing=st.sampled_from(SMOOTHINGS),
    shape=st.sampled_from(SHAPES),
    prefix=st.text("abc", max_size=2),
)
def test_a_model_is_refused_if_and_only_if_a_word_could_go_wrong(
    words: list[str], order: int, smoothing: Any, shape: dict[str, Any], prefix: str
) -> None:
    model: Any = mf.count(words, order=order).model(smoothing=smoothing)
    if not set(prefix) <= set(model.alphabet):
        return
    expected = outlook(model, order, shape, prefix)
    if expected == "good":
        try:
            assert len(model.sample(20, rng=1, prefix=prefix, **shape)) == 20
        except ValueError as error:
            if TOO_LONG not in str(error):
                raise
    elif expected == "endless":
        raises(ValueError, r"never end.*max_length=", model.sample, 0, prefix=prefix, **shape)
        limited = model.sample(5, prefix=prefix, max_length=9, truncate=True, **shape)
        assert max(map(len, limited)) <= 9
    else:
        with pytest.raises(ValueError, match="nothing was ever seen|never end"):
            model.sample(0, prefix=prefix, **shape)
        with pytest.raises(ValueError, match="nothing was ever seen"):
            model.sample(0, prefix=prefix, max_length=9, truncate=True, **shape)


@pytest.mark.parametrize("order", [2, 3])
@pytest.mark.parametrize("symbols", ["a", "".join(map(chr, range(0x4E00, 0x5300)))])
def test_a_word_whose_end_is_too_unlikely(symbols: str, order: int) -> None:
    model = mf.count((s * 100 for s in symbols), order=order).model(smoothing=0)
    for sample in (model.sample, model.sample_ids, model.sample_corpus):
        raises(ValueError, TOO_LONG, sample, 3, rng=1, temperature=0.25)
    assert len(model.sample(9, rng=1, max_length=200, truncate=True, temperature=0.25)) == 9


@pytest.mark.parametrize("order", [2, 3])
def test_a_word_whose_end_is_too_unlikely_as_it_is(order: int) -> None:
    model = mf.count_text(b"a" * 2**27, order=order).model(smoothing=0)
    for rng in (1, mf.TorchRNG(1), mf.TorchRNG(1, version="1.13")):
        raises(ValueError, TOO_LONG, model.sample, 1, rng=rng)
        assert model.sample(2, rng=rng, max_length=5, truncate=True) == ["aaaaa"] * 2


ARPA = """\\data\\
ngram 1=4
ngram 2={count}

\\1-grams:
-99\t</s>
-99\t<s>\t0
-0.3010299957\ta\t{a}
-0.3010299957\tb\t{b}

\\2-grams:
{bigrams}

\\end\\
"""
HALF, THREE_QUARTERS = "-0.3010299957", "-0.1249387366"


def read(tmp_path: Path, a: str, b: str, *bigrams: str) -> mf.NgramModel:
    """Read a model whose end comes after no context but those of the bigrams given."""
    path = tmp_path / "model.arpa"
    path.write_text(ARPA.format(a=a, b=b, count=len(bigrams), bigrams="\n".join(bigrams)))
    return mf.read_arpa(path)


@pytest.mark.parametrize("shape", SHAPES)
def test_an_arpa_model_whose_words_can_never_end(tmp_path: Path, shape: dict[str, Any]) -> None:
    model = read(tmp_path, HALF, HALF, f"{THREE_QUARTERS}\ta b", f"{THREE_QUARTERS}\tb a")
    raises(ValueError, "never ends; give max_length=", model.sample, 1, **shape)
    for form in (model.sample_ids, model.sample_corpus):
        raises(ValueError, "never ends; give max_length=", form, 0, **shape)
    assert [len(word) for word in model.sample(3, max_length=7, truncate=True, **shape)] == [7] * 3


def test_an_arpa_model_that_ends_in_one_place_and_is_endless_in_another(tmp_path: Path) -> None:
    model = read(tmp_path, "-99", HALF, "0\ta </s>", f"{THREE_QUARTERS}\tb a")
    assert set(model.sample(50, rng=1)) > {"a", "ba"}
    # After b comes b alone, for ever, and b is reached.
    raises(ValueError, "never ends", read(tmp_path, "-99", "-99", "0\ta </s>", "0\tb b").sample, 1)


# -- temperatures ----------------------------------------------------------------------------

WORDS = ["emma", "olivia", "ava", "isabella", "sophia", "mia", "amelia", "harper", "evelyn"]


def models() -> dict[str, Any]:
    counts = mf.count(WORDS, order=3)
    return {
        "bigrams": counts.lower(2).model(smoothing=0.1),
        "many symbols": mf.count([*WORDS, *map(chr, range(0x4E00, 0x5300))]).model(smoothing=1e-4),
        "add-k": counts.model(smoothing=0.1),
        "kneser-ney": counts.model(smoothing="kneser-ney"),
        "witten-bell": counts.model(smoothing="witten-bell"),
        "mixture": mf.fit(WORDS, chains=["h1 h2", "p15 h1"]),
    }


MODELS = models()


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize(
    "temperature", [5e-324, 1e-320, 1e-300, 1e-100, 1e-50, 1e-40, 1e-38, 1e-30, 1e-10]
)
def test_the_coldest_temperatures_take_the_most_likely_symbols(
    name: str, temperature: float
) -> None:
    model = MODELS[name]
    words = model.sample(40, rng=3, temperature=temperature, max_length=12, truncate=True)
    for word in words:
        for length in range(len(word) + 1):
            p = model.next_probabilities(word[:length])
            following = (word + model.boundary)[length] if length < 12 else None
            if following is not None:
                assert p[model.alphabet.index(following)] > p.max() * (1 - 1e-5)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("temperature", [1e3, 1e30, 1e39, 1e300, 1.7e308])
def test_the_hottest_temperatures_take_every_symbol_alike(name: str, temperature: float) -> None:
    model = MODELS[name]
    size = len(model.alphabet)
    firsts = [
        word[:1]
        for word in model.sample(
            20_000, rng=3, temperature=temperature, top_k=8, max_length=3, truncate=True
        )
    ]
    counted = np.array([firsts.count(first) for first in sorted(set(firsts))])
    assert len(counted) == min(8, size)
    assert np.abs(counted / len(firsts) - 1 / len(counted)).max() < 0.02


def test_only_words_that_end_are_drawn_where_there_is_no_choice() -> None:
    mixture = mf.fit(["ab" * 40], chains=["h1 h2", "h1 h2 h3 p15 f0"])
    shapes: tuple[dict[str, Any], ...] = ({"temperature": 0}, {"top_k": 1})
    for shape in shapes:
        for prefix in ("", "a", "ab", "ba" * 300):
            word = mixture.sample(1, prefix=prefix, max_length=4000, truncate=True, **shape)[0]
            if len(word) < 4000:
                assert mixture.sample(1, prefix=prefix, **shape) == [word]
            else:
                with pytest.raises(ValueError, match="never ends; give max_length="):
                    mixture.sample(1, prefix=prefix, **shape)


def test_every_shape_of_a_small_model_is_quick_to_refuse_or_draw() -> None:
    model = mf.count(mf.names(), order=6).model(smoothing="kneser-ney")
    shapes: tuple[dict[str, Any], ...] = ({"top_k": 5}, {"temperature": 0.5})
    for shape, prefix in itertools.product(shapes, ("", "ma", "x")):
        assert len(model.sample(3, rng=1, prefix=prefix, **shape)) == 3
