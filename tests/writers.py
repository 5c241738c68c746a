"""Everything that writes a file, for the tests of what becomes of the files."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import makemore_fast as mf
from corpora import FIVE
from smoothed import ngram_model
from terminal import call

COUNTS = mf.count(FIVE)
NGRAMS = ngram_model(FIVE)
MIXTURE = mf.fit(FIVE)
MIXED = mf.mix([MIXTURE, NGRAMS])


def run(*args: str) -> Callable[[Path], None]:
    """Return what runs a command that writes to a path; it raises what the command says."""

    def write(path: Path) -> None:
        words = "\n".join(FIVE).encode()
        result = call(*(str(path) if arg == "PATH" else arg for arg in args), stdin=words)
        if result.exit_code:
            assert (result.exit_code, result.stdout) == (1, "")
            assert result.stderr.startswith(f"makemore-fast: error: {path}: "), result.stderr
            assert result.stderr.count("\n") == 1
            raise OSError(result.stderr)

    return write


def is_same_model(path: Path) -> bool:
    model = mf.load(path)
    assert isinstance(model, mf.MixtureModel)
    return model.chains == MIXTURE.chains and np.array_equal(model.weights, MIXTURE.weights)


def is_same_arpa(path: Path) -> bool:
    return np.allclose(mf.read_arpa(path).score(["emma"]), NGRAMS.score(["emma"]), atol=1e-9)


def begins(start: bytes) -> Callable[[Path], bool]:
    return lambda path: path.read_bytes().startswith(start)


def inside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class Writer(NamedTuple):
    """What writes a file, the name it needs, and whether a file is what was to be written."""

    write: Callable[[Path], object]
    name: str
    good: Callable[[Path], bool]


def is_same_counts(path: Path) -> bool:
    return mf.load(path) == COUNTS


def says_the_same(model: mf.LanguageModel) -> Callable[[Path], bool]:
    return lambda path: np.array_equal(mf.load_model(path).score(FIVE), model.score(FIVE))


WRITERS: dict[str, Writer] = {
    "NgramModel.save": Writer(NGRAMS.save, "x.npz", says_the_same(NGRAMS)),
    "InterpolatedModel.save": Writer(MIXED.save, "x.npz", says_the_same(MIXED)),
    "Counts.save": Writer(COUNTS.save, "x.npz", is_same_counts),
    "MixtureModel.save": Writer(MIXTURE.save, "x.npz", is_same_model),
    "write_arpa": Writer(NGRAMS.write_arpa, "x.arpa", is_same_arpa),
    "write_arpa, compressed": Writer(NGRAMS.write_arpa, "x.arpa.gz", is_same_arpa),
    "count -o": Writer(run("count", "-", "-o", "PATH"), "x.npz", is_same_counts),
    "fit -o": Writer(run("fit", "-", "-o", "PATH"), "x.npz", is_same_model),
    "plot -o png": Writer(run("plot", "-", "-o", "PATH"), "x.png", begins(b"\x89PNG")),
}
writers = pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS.keys())


def refusing(code: int) -> Callable[..., None]:
    """Return what refuses to do anything, with an error of the system."""

    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    return refuse
