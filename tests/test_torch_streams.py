"""torch's streams: word for word what the lecture's loop prints, in both eras."""

import itertools
import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import makemore_fast as mf
from corpora import FIVE, names, names_path
from makemore_fast import torch_rng
from torch_loops import DATA, VERSIONS, loops, torch_and_version

STORED = json.loads((DATA / "torch_streams.json").read_text("utf-8"))


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
    docs = Path(__file__).parents[1] / "docs"
    return (docs / "explanation" / "torch-streams.md").read_text("utf-8")


def test_both_lists_of_the_docs() -> None:
    rows = re.findall(r"^\| (\w+)\. \| (\w+)\. \|$", page(), re.MULTILINE)
    model = mf.count(names()).model()
    for version, expected in zip(VERSIONS, zip(*rows, strict=True), strict=True):
        assert model.sample(10, rng=mf.TorchRNG(2147483647, version=version)) == [*expected]


def test_the_loop_of_the_docs(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It prints the column of the torch that is installed."""
    _, version = torch_and_version()
    (tmp_path / "names.txt").write_text("\n".join(names()), "utf-8")
    monkeypatch.chdir(tmp_path)
    exec(page().split("```python\n")[1].split("```")[0], {})
    expected = mf.count(names()).model().sample(10, rng=mf.TorchRNG(2147483647, version=version))
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


# -- prefix, max_length, and what does not apply ---------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_prefix_and_max_length(version: str) -> None:
    model = mf.count(loops.training_words(27, 1)).model(smoothing=0.5)

    def sample(n: int, **options: Any) -> list[str]:
        words: list[str] = model.sample(n, rng=mf.TorchRNG(8, version=version), **options)
        return words

    assert sample(200, prefix="xyc") == ["xy" + word for word in sample(200, prefix="c")]
    assert sample(1, max_length=1, truncate=True) == [sample(1)[0][:1]]
    assert sample(3, prefix="abc", max_length=3, truncate=True) == ["abc"] * 3
    # A word that is cut takes no draw after its last symbol; the next goes on from there.
    cut = sample(500, max_length=2, truncate=True)
    assert max(map(len, cut)) == 2
    rng = mf.TorchRNG(8, version=version)
    assert [model.sample(1, rng=rng, max_length=2, truncate=True)[0] for _ in range(500)] == cut
    # Without a limit that matters the words are those of the lecture's loop.
    assert sample(300, max_length=10**9, truncate=True) == sample(300)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"temperature": 0.5}, "temperature, top_k, top_p and min_p do not apply"),
        ({"top_k": 3}, "temperature, top_k, top_p and min_p do not apply"),
        ({"prefix": "z"}, "prefix= holds 'z', which is not in the alphabet"),
        ({"prefix": "a."}, "prefix= holds the boundary"),
        ({"prefix": "em", "max_length": 1, "truncate": True}, "prefix= is longer than max_length="),
        ({"n": -1}, "n must be from 0"),
        ({"max_length": 0, "truncate": True}, "max_length must be 1 or more"),
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
