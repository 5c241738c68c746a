"""A model of every kind there is, for tests of what goes for all of them."""

import io
from collections.abc import Callable
from typing import Any

import makemore_fast as mf
from test_arpa_checks import IRSTLM

Make = Callable[[list[str]], mf.LanguageModel]


def _arpa_of(words: list[str]) -> mf.NgramModel:
    text = io.BytesIO()
    mf.count(words, order=3).model(smoothing="kneser-ney", unknown=True).write_arpa(text)
    return mf.read_arpa(io.BytesIO(text.getvalue()))


#: What makes a model of words, by the name of its kind.
MODELS: dict[str, Make] = {
    "bigrams": lambda words: mf.count(words).model(smoothing=0.5),
    "bigrams, unsmoothed": lambda words: mf.count(words).model(),
    "add-k": lambda words: mf.count(words, order=4).model(smoothing=0.1),
    "add-k, unsmoothed": lambda words: mf.count(words, order=3).model(),
    "kneser-ney": lambda words: mf.count(words, order=5).model(smoothing="kneser-ney"),
    "kneser-ney, bigrams": lambda words: mf.count(words).model(smoothing="kneser-ney"),
    "kneser-ney, unknown": lambda words: mf.count(words, order=3).model(
        smoothing="kneser-ney", unknown=True
    ),
    "bigrams, unknown": lambda words: mf.count(words).model(smoothing=0.5, unknown=True),
    "given": lambda words: mf.BigramModel.from_probabilities(
        mf.count(words).model(smoothing=0.5).probabilities, mf.count(words)
    ),
    "single symbols": lambda words: mf.count(words, order=1).model(smoothing="kneser-ney"),
    "single symbols, add-k": lambda words: mf.count(words, order=1).model(
        smoothing=1, unknown=True
    ),
    "pruned": lambda words: (
        mf.count(words, order=4).pruned([0, 0, 1]).model(smoothing="witten-bell", unknown=True)
    ),
    "witten-bell": lambda words: mf.count(words, order=3).model(smoothing="witten-bell"),
    "arpa": _arpa_of,
    "arpa of another tool": lambda _: mf.read_arpa(io.BytesIO(IRSTLM.encode())),
    "fit": lambda words: mf.fit(words, chains=["h1 h2", "p15 h1 v1", "y2 f0"]),
    "fit, unknown": lambda words: mf.fit(words, chains=["h1 h2", "p2 v1"], unknown=True),
    "mix": lambda words: mf.mix(
        [
            mf.count(words, order=3).model(smoothing="kneser-ney", unknown=True),
            mf.count([*words, "xyz"], order=2).model(),
        ],
        [3, 1],
    ),
    "mix of plain ones": lambda words: mf.mix(
        [MODELS["given"](words), MODELS["single symbols, add-k"](["abc"]), MODELS["pruned"](words)]
    ),
    "mix with fit": lambda words: mf.mix(
        [
            mf.fit(words, chains=["h1 h2", "p2 v1"]),
            mf.mix([MODELS["kneser-ney"](words), MODELS["bigrams"](["abc"])]),
        ]
    ),
}


def told(model: mf.LanguageModel, words: list[str]) -> list[object]:
    """Return what a model says and draws, to the last bit, with the errors that it raises."""

    def tried(call: Callable[[], object]) -> object:
        try:
            return call()
        except ValueError as error:
            return str(error)

    def drawn(n: int = 20, **how: Any) -> object:
        return tried(lambda: model.sample(n, max_length=9, truncate=True, **how))

    return [
        type(model),
        repr(model),
        model.alphabet,
        model.score(words).tobytes(),
        [part.tobytes() for part in model.symbol_scores(words)],
        [model.next_probabilities(word[:3]).tobytes() for word in words[:5]],
        model.score(words, per="symbol", unit="bits").tobytes(),
        repr(model.evaluate(words)),
        drawn(rng=1),
        drawn(rng=2, temperature=0.7),
        drawn(rng=3, top_k=2),
        drawn(rng=4, prefix=model.alphabet[-1]),
        drawn(rng=5, top_p=0.8),
        drawn(rng=6, min_p=0.2, temperature=1.3),
        drawn(n=5, rng=mf.TorchRNG(1)),
        tried(lambda: model.sample(3, rng=7, max_length=4, match=".*")),
    ]
