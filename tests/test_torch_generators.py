"""`TorchRNG` and `torch.Generator`: where they stand after calls, and between threads."""

import copy
import itertools
import pickle
import sys
import threading
import time
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import makemore_fast as mf
from corpora import FIVE
from makemore_fast import torch_rng
from torch_loops import VERSIONS, loops


def test_the_engine_is_numpys_mt19937() -> None:
    for seed in (0, 1, 2147483647, 2**32 - 1):
        _, state, *_ = np.random.RandomState(seed).get_state()
        words, used = mf.TorchRNG(seed)._core.state()
        assert used == 624
        assert (words == state).all()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("options", [{}, {"prefix": "a"}, {"max_length": 4, "truncate": True}])
def test_calls_go_on_where_the_last_ended(version: str, options: dict[str, Any]) -> None:
    model = mf.count(loops.training_words(27, 1)).model(smoothing=0.5)
    rng = mf.TorchRNG(5, version=version)
    whole = model.sample(600, rng=mf.TorchRNG(5, version=version), **options)
    parts = [word for n in (0, 1, 2, 97, 500) for word in model.sample(n, rng=rng, **options)]
    assert parts == whole
    assert len(set(map(str, (whole[:300], whole[300:])))) == 2
    again = mf.TorchRNG(5, version=version)
    ids, offsets = model.sample_ids(600, rng=again, threads=2, **options)
    pairs = itertools.pairwise(offsets.tolist())
    assert ["".join(model.alphabet[i] for i in ids[a:b]) for a, b in pairs] == whole
    assert (again._core.state()[0] == rng._core.state()[0]).all()
    assert again._core.state()[1] == rng._core.state()[1]


def test_only_32_bits_of_the_seed_count() -> None:
    model = mf.count(FIVE).model(smoothing=1)
    expected = model.sample(20, rng=mf.TorchRNG(2**32 - 1))
    for seed in (-1, 2**64 - 1, int(np.int64(-1))):
        assert model.sample(20, rng=mf.TorchRNG(seed)) == expected


def test_copies_go_their_own_way() -> None:
    model = mf.count(FIVE).model(smoothing=1)
    for version in VERSIONS:
        rng = mf.TorchRNG(3, version=version)
        model.sample(5, rng=rng)
        copies = [copy.copy(rng), copy.deepcopy(rng), pickle.loads(pickle.dumps(rng))]
        expected = model.sample(50, rng=rng)
        for other in copies:
            assert other.version == version
            assert model.sample(50, rng=other) == expected
    assert repr(mf.TorchRNG(1)) == '<TorchRNG, version="2.0">'


def test_threads_may_share_a_generator() -> None:
    """Each call draws from where another ended: together they draw the stream."""
    model = mf.count(FIVE).model(smoothing=1)
    whole = model.sample(8 * 5000, rng=mf.TorchRNG(1, version="1.13"))
    shared = mf.TorchRNG(1, version="1.13")
    parts: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: parts.append(model.sample(5000, rng=shared)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(parts) == sorted(whole[i : i + 5000] for i in range(0, len(whole), 5000))


class _Tensor:
    """A torch tensor of bytes, with what an old torch has beside a new NumPy."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def numel(self) -> int:
        return len(self.data)

    def tolist(self) -> list[int]:
        return list(self.data)

    def numpy(self) -> Any:
        raise RuntimeError("Numpy is not available")


class _Generator:
    """A `torch.Generator` of torch 1.13, as far as it is looked at."""

    __module__ = "torch._C"

    def __init__(self, seed: int) -> None:
        state = np.zeros((), dtype=torch_rng._LAYOUT)
        state["seed"], state["left"], state["seeded"] = seed, 1, 1
        state["block"] = mf.TorchRNG(seed)._core.state()[0]
        self.state = state.tobytes()
        self.slow = 0.0

    def initial_seed(self) -> int:
        return 0

    def get_state(self) -> _Tensor:
        state = self.state
        time.sleep(self.slow)
        return _Tensor(state)

    def set_state(self, new_state: _Tensor) -> None:
        time.sleep(self.slow)
        self.state = new_state.data


@pytest.fixture
def old_torch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Put a torch 1.13 that does not know the NumPy at hand in the place of torch."""

    def frombuffer(data: bytearray, *, dtype: object) -> _Tensor:  # noqa: ARG001
        return _Tensor(bytes(data))

    torch = SimpleNamespace(__version__="1.13.1", uint8=None, frombuffer=frombuffer)
    monkeypatch.setitem(sys.modules, "torch", torch)
    return torch


@pytest.mark.usefixtures("old_torch")
def test_an_old_torch_beside_a_new_numpy() -> None:
    model = mf.count(FIVE).model(smoothing=1)
    generator = _Generator(7)
    drawn = [model.sample(20, rng=generator) for _ in range(50)]
    rng = mf.TorchRNG(7, version="1.13")
    assert drawn == [model.sample(20, rng=rng) for _ in range(50)]


@pytest.mark.usefixtures("old_torch")
@pytest.mark.parametrize("way", ["sample", "sample_ids", "sample_corpus"])
def test_threads_may_share_a_torch_generator(way: str) -> None:
    """A state is read, drawn from and written by one thread at a time."""
    model = mf.count(FIVE).model(smoothing=1)
    shared, rng = _Generator(7), mf.TorchRNG(7, version="1.13")
    shared.slow = 0.0002
    batches: list[str] = []

    def draw() -> None:
        for _ in range(8):
            batches.append(repr([*getattr(model, way)(30, rng=shared)]))

    threads = [threading.Thread(target=draw) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(batches) == sorted(repr([*getattr(model, way)(30, rng=rng)]) for _ in range(64))


@pytest.mark.usefixtures("old_torch")
def test_a_torch_generator_that_others_use_meanwhile() -> None:
    """What is drawn must not come twice: an error, and the generator as they left it."""
    model = mf.count(FIVE).model(smoothing=1)
    generator, other = _Generator(7), _Generator(8)

    class Meddling(_Tensor):
        def tolist(self) -> list[int]:
            generator.state = other.state
            return super().tolist()

    first = Meddling(generator.state)
    states = iter([first])
    generator.get_state = lambda: next(states, _Tensor(generator.state))  # type: ignore[method-assign]
    with pytest.raises(RuntimeError, match="was used elsewhere during this call"):
        model.sample(3, rng=generator)
    assert generator.state == other.state


@pytest.mark.usefixtures("old_torch")
@pytest.mark.parametrize(
    "options",
    [
        {"n": -1}, {"prefix": "z"}, {"prefix": 3}, {"max_length": 0}, {"threads": 0},
        {"exclude": [None]}, {"unique": None}, {"temperature": 2}, {"top_k": 3},
        {"unique": True, "max_length": 1, "truncate": True, "n": 100},
    ],
    ids=repr,
)  # fmt: skip
def test_a_torch_generator_stays_where_it_was_if_the_call_fails(options: dict[str, Any]) -> None:
    generator = _Generator(7)
    before = generator.state
    asked: dict[str, Any] = {"n": 3, "rng": generator} | options
    model = mf.count(FIVE).model(smoothing=1)
    for draw in (model.sample, model.sample_ids, model.sample_corpus):
        with pytest.raises((TypeError, ValueError)):
            draw(**asked)
    assert generator.state == before
