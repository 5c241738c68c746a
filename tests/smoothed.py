"""Models of every smoothing to test with, and the words of what they draw."""

import itertools
from typing import Any, Literal

import makemore_fast as mf

Smoothing = Literal["kneser-ney", "witten-bell"]
#: Ways to smooth models of any order.
SMOOTHINGS: list[dict[str, Any]] = [
    {"smoothing": "kneser-ney"},
    {"smoothing": "kneser-ney", "unknown": True},
    {"smoothing": "witten-bell"},
    {"smoothing": 0.5},
]


def model_of(corpus: list[str], order: int, how: dict[str, Any]) -> mf.Model:
    model: mf.Model = mf.count(corpus, order=order).model(**how)
    return model


def ngram_model(words: list[str], smoothing: Smoothing = "witten-bell") -> mf.NgramModel:
    """Return a model of order 3, as ARPA files can hold it."""
    model = mf.count(words, order=3).model(smoothing=smoothing)
    assert isinstance(model, mf.NgramModel)
    return model


def spelled(model: mf.LanguageModel, ids: Any, offsets: Any) -> list[str]:
    """Return the words whose ids were drawn."""
    pairs = itertools.pairwise(offsets.tolist())
    return ["".join(model.alphabet[i] for i in ids[a:b]) for a, b in pairs]


def taken_alike(taken: Any, words: list[str], **how: Any) -> None:
    """Check that everything that takes words takes these as it takes the list of them."""
    model = mf.count(words).model(smoothing=1)
    assert mf.count(taken, **how) == mf.count(words)
    assert model.score(taken, **how).tolist() == model.score(words).tolist()
    assert model.nll(taken, **how) == model.nll(words)
    assert model.perplexity(taken, **how) == model.perplexity(words)
    for ours, theirs in zip(mf.examples(taken, **how), mf.examples(words), strict=True):
        assert ours.tolist() == theirs.tolist()
