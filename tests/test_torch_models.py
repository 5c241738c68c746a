"""Torch's streams of models of longer contexts: the words of the loop over their rows."""

import itertools
import math
from typing import Any

import numpy as np
import pytest

import makemore_fast as mf
from torch_loops import torch_and_version


def _models() -> dict[str, mf.LanguageModel]:
    words = mf.names()[::7]
    trigrams = mf.count(words, order=3)
    return {
        "add-k": trigrams.model(smoothing=0.5),
        "kneser-ney": mf.count(words, order=5).model(smoothing="kneser-ney"),
        "witten-bell, <unk>": trigrams.model(smoothing="witten-bell", unknown=True),
        "mixture": mf.fit(words[:300], chains=["h1 h2 h3", "p15 h1 f0"]),
    }


def _loop(model: mf.LanguageModel, n: int, prefix: str, draw: Any) -> list[str]:
    """Draw each symbol from the float32 row of the model, as one would with torch."""
    words = []
    for _ in range(n):
        word = prefix
        while True:
            p = model.next_probabilities(word).astype(np.float32)
            if model.unknown:  # is never drawn
                p[model.alphabet.index(mf.UNKNOWN)] = 0
            symbol = model.alphabet[draw(p)]
            if symbol == model.boundary:
                break
            word += symbol
        words.append(word)
    return words


def _uniform(engine: np.random.MT19937) -> float:
    """Return 53 bits of two outputs of the engine, the high word first, as torch does."""
    high, low = (int(word) for word in engine.random_raw(2))
    return ((high << 32 | low) & (2**53 - 1)) / 2**53


def _by_running_sums(p: Any, engine: np.random.MT19937) -> int:
    sums = np.add.accumulate(p, dtype=np.float32)
    sums /= sums[-1]
    u = _uniform(engine)
    return next((i for i, total in enumerate(sums[:-1]) if total >= u), len(p) - 1)


def _by_exponentials(p: Any, engine: np.random.MT19937) -> int:
    q = [np.float32(-math.log1p(-_uniform(engine))) for _ in p]
    return int(np.argmax(p / np.array(q, dtype=np.float32)))


@pytest.mark.parametrize("name", _models())
@pytest.mark.parametrize("prefix", ["", "ma"])
def test_any_model_draws_as_torch_draws_from_its_rows(name: str, prefix: str) -> None:
    torch, version = torch_and_version()
    model = _models()[name]
    generator, ours = (torch.Generator().manual_seed(2147483647) for _ in range(2))

    def draw(p: Any) -> int:
        row = torch.from_numpy(p)
        return int(torch.multinomial(row, 1, replacement=True, generator=generator).item())

    expected = _loop(model, 40, prefix, draw)
    assert model.sample(40, rng=mf.TorchRNG(2147483647, version=version), prefix=prefix) == expected
    # A real generator: the same words, and left where the loop leaves it.
    assert model.sample(40, rng=ours, prefix=prefix) == expected
    assert torch.equal(ours.get_state(), generator.get_state())


@pytest.mark.parametrize(
    ("version", "draw"), [("1.13", _by_running_sums), ("2.0", _by_exponentials)]
)
@pytest.mark.parametrize("name", _models())
def test_any_model_draws_by_both_eras_as_written_out(version: str, draw: Any, name: str) -> None:
    model = _models()[name]
    engine = np.random.MT19937()
    engine._legacy_seeding(7)  # as torch seeds
    expected = _loop(model, 40, "", lambda p: draw(p, engine))
    rng = mf.TorchRNG(7, version=version)
    assert model.sample(15, rng=rng) == expected[:15]
    ids, offsets = model.sample_ids(25, rng=rng)
    parts = itertools.pairwise(offsets.tolist())
    assert ["".join(model.alphabet[i] for i in ids[a:b]) for a, b in parts] == expected[15:]
    cut = model.sample(20, rng=mf.TorchRNG(7, version=version), max_length=3, truncate=True)
    assert max(map(len, cut)) == 3
    assert cut[0] == expected[0][:3]


def test_any_model_leaves_out_words_and_refuses_as_bigrams_do() -> None:
    for model in _models().values():
        stream = model.sample(50, rng=mf.TorchRNG(3))
        new = model.sample(10, rng=mf.TorchRNG(3), unique=True, exclude=stream[:20])
        kept = [word for word in dict.fromkeys(stream[20:]) if word not in stream[:20]]
        assert new[: min(10, len(kept))] == kept[:10]
        with pytest.raises(ValueError, match="temperature, top_k, top_p and min_p do not apply"):
            model.sample(1, rng=mf.TorchRNG(3), temperature=0.5)
        with pytest.raises(ValueError, match="is not in the alphabet"):
            model.sample(1, rng=mf.TorchRNG(3), prefix="中")
    with pytest.raises(ValueError, match="no symbol can be drawn|can never end"):
        mf.count(["ab"], order=3, alphabet="abc").model(smoothing=0).sample(
            1, rng=mf.TorchRNG(1), prefix="c"
        )
