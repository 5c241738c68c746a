"""What long calls take: words, counts and models, made when first asked for; and files."""

import gzip
import io
import warnings
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

import makemore_fast as mf
from limits import work
from pressing import emptied

_AnyModel = TypeVar("_AnyModel", bound=mf.LanguageModel)

OLD = mf.count(["the", "old", "ones"])


class Endless(io.RawIOBase):
    """A file that never ends."""

    def __init__(self, line: bytes) -> None:
        self._line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        buffer[:] = (self._line * (len(buffer) // len(self._line) + 1))[: len(buffer)]
        return len(buffer)


class Materials:
    """What calls take, made when first asked for, and never in a child."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self) -> None:
        """Make the folder that one child writes to, with the files that stood there before."""
        OLD.save(emptied(self.out) / "counts.npz")
        OLD.model(smoothing=1).nll(OLD)

    def end(self) -> None:
        """Remove what a child wrote."""
        emptied(self.out)

    def whole(self) -> None:
        """Assert that no temporary file is left and models answer as before."""
        left = {path.name for path in self.out.iterdir()}
        assert left <= {"counts.npz", "counts.csv", "model.npz", "model.arpa", "model.arpa.gz"}, (
            left
        )
        for name in ("bigram", "sparse", "ngram", "mixture", "mixed"):
            if name in self.__dict__:
                model = self.__dict__[name]
                assert model.score(["emma"]).tolist() == self._scores[name], name

    @cached_property
    def out(self) -> Path:
        return self._folder / "out"

    @cached_property
    def _scores(self) -> dict[str, list[float]]:
        return {}

    def _scored(self, name: str, model: _AnyModel) -> _AnyModel:
        self._scores[name] = model.score(["emma"]).tolist()
        return model

    # -- words ---------------------------------------------------------------------------

    @cached_property
    def names(self) -> mf.Counts:
        return mf.count(mf.names())

    @cached_property
    def encoded(self) -> bytes:
        return self.counts.to_bytes()

    @cached_property
    def pictures(self) -> None:
        """Import what draws: Python itself swallows a Ctrl-C at some places of an import."""
        import matplotlib as mpl
        from matplotlib import pyplot as plt

        mpl.use("agg")
        warnings.filterwarnings("ignore", "no font that is installed")  # what is said is a fault
        self.names.plot(norm="log", colorbar=True, title="")
        self.names.lower(2).plot_loss()
        self.names.model().plot_word("ava")
        plt.close("all")

    @cached_property
    def words(self) -> list[str]:
        return self.names.model().sample(work(1_000_000), rng=1)

    @cached_property
    def many(self) -> list[str]:
        return self.words * 5

    @cached_property
    def array(self) -> Any:
        return np.array(self.words * 2)

    @cached_property
    def corpus(self) -> mf.Corpus:
        return self.names.model().sample_corpus(work(5_000_000), rng=1)

    @cached_property
    def text(self) -> str:
        return "\n".join(self.words)

    @cached_property
    def weighted(self) -> bytes:
        return "".join(f"{word}\t2\n" for word in self.words).encode() * 4

    @cached_property
    def plain(self) -> Path:
        path = self._folder / "words.txt"
        path.write_text(self.text)
        return path

    @cached_property
    def gz(self) -> Path:
        path = self._folder / "words.txt.gz"
        path.write_bytes(gzip.compress(("\n".join(self.words) + "\n").encode(), 1) * 3)
        return path

    @cached_property
    def ideographs(self) -> list[str]:
        """Return words of 8,000 symbols."""
        return ["".join(chr(0x4E00 + i * j % 8000) for j in range(3, 11)) for i in range(50_000)]

    # -- counts and models -----------------------------------------------------------------

    @cached_property
    def counts(self) -> mf.Counts:
        return mf.count(self.words[: work(300_000)], order=6)

    @cached_property
    def small(self) -> mf.Counts:
        return mf.count(self.words[:60_000], order=5)

    @cached_property
    def ascii_counts(self) -> mf.Counts:
        kept = [word for word in self.words if word.isascii()]
        return mf.count(kept[:100_000], order=5, alphabet="abcdefghijklmnopqrstuvwxyz")

    @cached_property
    def other(self) -> mf.Counts:
        """Return counts of another alphabet, so that sums have new ids."""
        return mf.count(self.ideographs[:1000], order=6)

    @cached_property
    def wide(self) -> mf.Counts:
        return mf.count(self.ideographs)

    @cached_property
    def bigram(self) -> mf.Model:
        return self._scored("bigram", self.names.model(smoothing=1))

    @cached_property
    def sparse(self) -> mf.Model:
        return self._scored("sparse", self.wide.model(smoothing=1))

    @cached_property
    def rows(self) -> Any:
        """Return rows of probabilities of 2,000 symbols."""
        return np.full((2000, 2000), 1 / 2000)

    @property
    def rows_alphabet(self) -> str:
        return "." + "".join(map(chr, range(0x4E00, 0x4E00 + 1999)))

    @cached_property
    def ngram(self) -> mf.Model:
        return self._scored("ngram", self.counts.model(smoothing="witten-bell"))

    @cached_property
    def ascii_ngram(self) -> mf.Model:
        return self.ascii_counts.model(smoothing="witten-bell")

    @cached_property
    def few(self) -> list[str]:
        return self.words[: work(100_000)]

    @cached_property
    def mixture(self) -> mf.MixtureModel:
        words = self.words[: work(100_000)]
        return self._scored("mixture", mf.fit(words, chains=["h1 h2 h3", "p15 h1"]))

    @cached_property
    def mixed(self) -> mf.InterpolatedModel:
        return self._scored("mixed", mf.mix([self.ngram, self.bigram], [3, 1]))

    # -- files -----------------------------------------------------------------------------

    @cached_property
    def saved_counts(self) -> Path:
        path = self._folder / "counts.npz"
        self.counts.save(path)
        return path

    @cached_property
    def saved_mixture(self) -> Path:
        path = self._folder / "mixture.npz"
        self.mixture.save(path)
        return path

    @cached_property
    def saved_ngram(self) -> Path:
        path = self._folder / "ngram.npz"
        self.ngram.save(path)
        return path

    @cached_property
    def arpa(self) -> Path:
        path = self._folder / "model.arpa"
        self.ngram.write_arpa(path)
        return path
