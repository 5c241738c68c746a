"""torch's streams: word for word what the lecture's loop prints, in both eras."""

import copy
import itertools
import json
import math
import pickle
import re
import runpy
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import makemore_fast as mf
from corpora import FIVE, names, names_path
from makemore_fast import torch_rng

DATA = Path(__file__).parent / "data"
STORED = json.loads((DATA / "torch_streams.json").read_text("utf-8"))
VERSIONS = ["1.13", "2.0"]


def _program(path: Path) -> Any:
    """Return the functions of a program as a namespace."""
    return SimpleNamespace(**runpy.run_path(str(path)))


loops = _program(DATA / "make_torch_streams.py")


def torch_and_version() -> tuple[Any, str]:
    """Return the torch installed and our name for its stream, or skip the test."""
    torch = pytest.importorskip("torch")
    try:
        return torch, "2.0" if torch_rng._draws_by_exponentials(torch) else "1.13"
    except ValueError as error:
        pytest.skip(str(error))


# -- word for word -------------------------------------------------------------------------


@pytest.mark.parametrize(("version", "file"), [("1.13", "1.13"), ("2.0", "2.13")])
def test_the_lectures_names(version: str, file: str) -> None:
    """The first 50 words of the lecture's seed, as each torch printed them."""
    path = names_path().with_name(f"torch_{file}_names_seed2147483647.txt")
    if not path.exists():
        pytest.skip(f"{path} is not here")
    expected = path.read_text("utf-8").split()
    rng = mf.TorchRNG(2147483647, version=version)
    assert mf.count(names()).model().sample(50, rng=rng) == expected


def page() -> str:
    return (Path(__file__).parents[1] / "docs" / "torch-streams.md").read_text("utf-8")


def test_both_lists_of_the_docs() -> None:
    rows = re.findall(r"^\| (\w+)\. \| (\w+)\. \|$", page(), re.MULTILINE)
    model = mf.count(names()).model()
    for version, expected in zip(VERSIONS, zip(*rows, strict=True), strict=True):
        assert model.sample(10, rng=mf.TorchRNG(2147483647, version=version)) == [*expected]


def test_the_loop_of_the_docs(capsys: pytest.CaptureFixture[str]) -> None:
    """It prints the column of the torch that is installed."""
    torch, version = torch_and_version()
    counts = mf.count(names())
    loop = page().split("```python\n")[1].split("```")[0]
    exec(loop, {"torch": torch, "N": torch.tensor(counts.array), "itos": counts.itos})
    expected = counts.model().sample(10, rng=mf.TorchRNG(2147483647, version=version))
    assert capsys.readouterr().out.split() == [f"{word}." for word in expected]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_stored_words(version: str) -> None:
    """At least 2,000 words that torch itself printed (tests/data/make_torch_streams.py)."""
    stored = STORED[version]
    assert stored["words"] >= 2000
    for case in stored["cases"]:
        words = loops.training_words(case["size"], case["size"])
        model = mf.count(words).model(smoothing=case["smoothing"])
        assert len(model.alphabet) == case["size"]
        rng = mf.TorchRNG(case["seed"], version=version)
        sampled = model.sample(loops.WORDS, rng=rng)
        assert [word[:20] for word in sampled[: loops.SHOWN]] == case["first"], case
        assert loops.digest(sampled) == case["sha256"], case


@pytest.mark.parametrize("smoothing", [0, 1, 0.5])
def test_the_torch_installed(smoothing: float) -> None:
    torch, version = torch_and_version()
    for size, seed in ((2, 0), (7, -1), (27, 2**40 + 5), (60, 77), (290, 2**64 - 1)):
        words = loops.training_words(size, seed % 1000)
        p, symbols = loops.probabilities(words, smoothing)
        model = mf.count(words).model(smoothing=smoothing)
        generator = torch.Generator().manual_seed(seed)
        expected = loops.loop(p, symbols, 40, generator)
        assert model.sample(40, rng=mf.TorchRNG(seed, version=version)) == expected
        # A real generator: the same words, and left where the loop leaves it.
        ours = torch.Generator().manual_seed(seed)
        assert model.sample(15, rng=ours) == expected[:15]
        ids, offsets = model.sample_ids(25, rng=ours)
        parts = itertools.pairwise(offsets.tolist())
        assert ["".join(symbols[i] for i in ids[a:b]) for a, b in parts] == expected[15:]
        assert torch.equal(ours.get_state(), generator.get_state())


def test_a_torch_generator_in_any_state() -> None:
    """In the middle of a block, at an odd place, at its end, and with a normal number kept."""
    torch, _ = torch_and_version()
    words = loops.training_words(27, 3)
    p, symbols = loops.probabilities(words, 1)
    model = mf.count(words).model(smoothing=1)
    for before in (0, 1, 2, 311, 570, 600, 622, 623, 624, 625, 1247, 1248):
        theirs = torch.Generator().manual_seed(9)
        if before % 2:
            torch.randn(1, dtype=torch.float64, generator=theirs)
        torch.rand(before, generator=theirs)
        ours = torch.Generator()
        ours.set_state(theirs.get_state())
        assert model.sample(0, rng=ours) == []
        assert torch.equal(ours.get_state(), theirs.get_state())
        assert model.sample(30, rng=ours) == loops.loop(p, symbols, 30, theirs)
        assert torch.equal(ours.get_state(), theirs.get_state())
        assert ours.initial_seed() == 9


def test_torch_is_never_imported() -> None:
    program = (
        "import sys, makemore_fast as mf\n"
        "mf.count(['ab']).model().sample(3, rng=mf.TorchRNG(1))\n"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_torch_whose_stream_is_mkls() -> None:
    def torch(version: str, mkl: bool) -> Any:
        backends = SimpleNamespace(mkl=SimpleNamespace(is_available=lambda: mkl))
        return SimpleNamespace(__version__=version, backends=backends)

    by_exponentials = torch_rng._draws_by_exponentials
    with pytest.raises(ValueError, match=r"torch 2\.4\.1\+cpu with MKL"):
        by_exponentials(torch("2.4.1+cpu", mkl=True))
    assert by_exponentials(torch("2.4.1", mkl=False))
    assert by_exponentials(torch("2.7.0", mkl=True))
    assert by_exponentials(torch("2.13.0a0+git1", mkl=True))
    assert not by_exponentials(torch("1.13.1", mkl=True))


# -- the generator -------------------------------------------------------------------------


def test_the_engine_is_numpys_mt19937() -> None:
    for seed in (0, 1, 2147483647, 2**32 - 1):
        _, state, *_ = np.random.RandomState(seed).get_state()
        words, used = mf.TorchRNG(seed)._core.state()
        assert used == 624
        assert (words == state).all()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("options", [{}, {"prefix": "a"}, {"max_length": 4}])
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
        {"unique": True, "max_length": 1, "n": 100},
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


# -- prefix, max_length, and what does not apply ---------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_prefix_and_max_length(version: str) -> None:
    model = mf.count(loops.training_words(27, 1)).model(smoothing=0.5)

    def sample(n: int, **options: Any) -> list[str]:
        return model.sample(n, rng=mf.TorchRNG(8, version=version), **options)

    assert sample(200, prefix="xyc") == ["xy" + word for word in sample(200, prefix="c")]
    assert sample(1, max_length=1) == [sample(1)[0][:1]]
    assert sample(3, prefix="abc", max_length=3) == ["abc"] * 3
    # A word that is cut takes no draw after its last symbol; the next goes on from there.
    cut = sample(500, max_length=2)
    assert max(map(len, cut)) == 2
    rng = mf.TorchRNG(8, version=version)
    assert [model.sample(1, rng=rng, max_length=2)[0] for _ in range(500)] == cut
    # Without a limit that matters the words are those of the lecture's loop.
    assert sample(300, max_length=10**9) == sample(300)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"temperature": 0.5}, "temperature and top_k do not apply"),
        ({"top_k": 3}, "temperature and top_k do not apply"),
        ({"prefix": "z"}, "the symbol 'z' is not in the alphabet"),
        ({"prefix": "a."}, "the prefix holds the boundary"),
        ({"prefix": "em", "max_length": 1}, "prefix is longer than max_length"),
        ({"n": -1}, "n must be from 0"),
        ({"max_length": 0}, "max_length must be 1 or more"),
    ],
)
def test_requests_that_make_no_sense(version: str, options: dict[str, Any], message: str) -> None:
    model = mf.count(FIVE).model()
    rng = mf.TorchRNG(1, version=version)
    for draw in (model.sample, model.sample_ids):
        with pytest.raises(ValueError, match=message):
            draw(rng=rng, **options)
    assert rng._core.state()[1] == 624


def test_what_stops_it_before_it_starts() -> None:
    rng = mf.TorchRNG(1)
    with pytest.raises(ValueError, match="start="):
        mf.count(FIVE).model().sample_ids(1, rng=rng, start=1)
    with pytest.raises(ValueError, match="after 'c', so no symbol can be drawn"):
        mf.count(["ab"], alphabet="abc").model().sample(1, rng=rng, prefix="c")
    with pytest.raises(ValueError, match="too large for torch's float32"):
        mf.count(FIVE).model(smoothing=1e300).sample(1, rng=rng)
    with pytest.raises(ValueError, match="version must be"):
        mf.TorchRNG(1, version="3")
    for seed in (2**64, -(2**63) - 1):
        with pytest.raises(ValueError, match="seed must be"):
            mf.TorchRNG(seed)


def test_probabilities_are_followed_to_the_smallest() -> None:
    """Both ways to draw have the model's distribution, rare symbols included."""
    model = mf.count(["a"] * 50 + ["b"] * 5 + ["ab"]).model(smoothing=0.25)
    for version in VERSIONS:
        sampled = model.sample(200_000, rng=mf.TorchRNG(4, version=version))
        counts = mf.count(sampled, alphabet=model.alphabet).array
        for row, p in zip(counts, model.probabilities, strict=True):
            expected = row.sum() * p
            assert (np.abs(row - expected) < 5 * np.sqrt(expected) + 1).all()


# -- longer contexts -----------------------------------------------------------------------


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
            symbol = model.alphabet[draw(model.next_probabilities(word).astype(np.float32))]
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
    cut = model.sample(20, rng=mf.TorchRNG(7, version=version), max_length=3)
    assert max(map(len, cut)) == 3
    assert cut[0] == expected[0][:3]


def test_any_model_leaves_out_words_and_refuses_as_bigrams_do() -> None:
    for model in _models().values():
        stream = model.sample(50, rng=mf.TorchRNG(3))
        new = model.sample(10, rng=mf.TorchRNG(3), unique=True, exclude=stream[:20])
        kept = [word for word in dict.fromkeys(stream[20:]) if word not in stream[:20]]
        assert new[: min(10, len(kept))] == kept[:10]
        with pytest.raises(ValueError, match="temperature and top_k do not apply"):
            model.sample(1, rng=mf.TorchRNG(3), temperature=0.5)
        with pytest.raises(ValueError, match="is not in the alphabet"):
            model.sample(1, rng=mf.TorchRNG(3), prefix="中")
    with pytest.raises(ValueError, match="no symbol can be drawn|can never end"):
        mf.count(["ab"], order=3, alphabet="abc").model(smoothing=0).sample(
            1, rng=mf.TorchRNG(1), prefix="c"
        )
