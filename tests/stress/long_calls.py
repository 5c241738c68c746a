"""A long call of every public callable, or why it can take no long time: for Ctrl-C in each.

The key of a call is the public name, ``count`` or ``Counts.lower``; of several calls of one name
with a word after it, ``count: a generator``.
"""

import gzip
import itertools
import pickle
from collections.abc import Callable
from typing import Any

import makemore_fast as mf
from limits import work
from materials import OLD, Endless, Materials
from pressing import Call, serve


def _updated(m: Materials) -> None:
    """Whole updates only, and an array that is of these counts."""
    assert (m.names.words - len(mf.names())) % len(m.many) == 0
    assert m.names.array.sum() == m.names.total


def _added_to(m: Materials) -> None:
    times, rest = divmod(m.counts.words, work(300_000))
    assert rest == 0
    assert m.counts.total == times * sum(len(word) + 1 for word in m.words[: work(300_000)])
    assert m.counts.ngrams()[1].sum() == m.counts.total


def _isub(m: Materials) -> None:
    both = m.counts + m.counts
    both -= m.counts


def _csv_written(m: Materials) -> None:
    path = m.out / "counts.csv"
    if path.exists():
        assert path.read_bytes().count(b"\n") == len(m.counts) + 1
        path.unlink()


def _saved(m: Materials) -> None:
    assert mf.load(m.out / "counts.npz") in (OLD, m.counts)


def _saved_as(name: str) -> Callable[[Materials], None]:
    """Return the check that a model was saved whole or not at all."""

    def check(m: Materials) -> None:
        path = m.out / "model.npz"
        if path.exists():
            model: mf.LanguageModel = getattr(m, name)
            assert mf.load_model(path).score(["emma"]).tolist() == model.score(["emma"]).tolist()

    return check


def _arpa_written(m: Materials) -> None:
    for path in m.out.glob("model.arpa*"):
        content = path.read_bytes()
        whole = gzip.decompress(content) if path.suffix == ".gz" else content
        assert whole.endswith(b"\\end\\\n")


def _absent(corpus: mf.Corpus) -> None:
    try:
        corpus.index("?")
    except ValueError:
        return
    raise AssertionError("a word that no corpus holds was found")


def _iadd(m: Materials) -> None:
    m.counts += m.counts


def _picture(draw: Callable[["Materials"], object], made_of: str) -> Call:
    """Return a call that draws a picture, and closes it: many that are open are a warning."""

    def run(m: Materials) -> None:
        from matplotlib import pyplot as plt

        try:
            draw(m)
        finally:
            plt.close("all")

    return Call(run, f"{made_of} pictures")


#: Of every public name: calls that take long.
CALLS: dict[str, Call] = {
    "count: a list": Call(lambda m: mf.count(m.many), "many"),
    "count: a generator": Call(lambda _: mf.count(itertools.repeat("emma")), "", endless=True),
    "count: weights": Call(lambda m: mf.count(m.many, weights=[2] * len(m.many)), "many"),
    "count: order 6": Call(lambda m: mf.count(m.words, order=6), "words"),
    "count: a corpus": Call(lambda m: mf.count(m.corpus[: len(m.words)], order=5), "corpus words"),
    "count: an array": Call(lambda m: mf.count(m.array), "array"),
    "count_text": Call(lambda m: mf.count_text(m.text, order=5), "text"),
    "count_text: bigrams": Call(lambda m: [mf.count_text(m.text) for _ in range(20)], "text"),
    "count_text: weighted": Call(lambda m: mf.count_text(m.weighted, weighted=True), "weighted"),
    "count_file: no end": Call(lambda _: mf.count_file(Endless(b"emma\n")), "", endless=True),
    "count_file: order 5": Call(
        lambda _: mf.count_file(Endless(b"emma\nolivia\n"), order=5), "", endless=True
    ),
    "count_file: weighted": Call(
        lambda _: mf.count_file(Endless(b"emma\t2\n"), weighted=True), "", endless=True
    ),
    "count_file: memory": Call(
        lambda m: mf.count_file(m.plain, order=9, memory="8MB", threads=2), "plain"
    ),
    "count_file: gzip": Call(lambda m: mf.count_file(m.gz, order=5), "gz"),
    "divergence": Call(lambda m: mf.divergence(m.counts, m.ngram), "counts ngram"),
    "heatmap": _picture(lambda m: mf.heatmap(m.rows, m.rows_alphabet), "rows"),
    "examples": Call(lambda m: mf.examples(m.words, block_size=8), "words"),
    "fit": Call(lambda m: mf.fit(m.words[: work(200_000)], chains=["h1 h2 h3", "p15 h1"]), "words"),
    "fit: best": Call(
        lambda m: mf.fit(m.words[:4000], effort="best", chains=["h1 h2 h3", "p15 h1"]), "words"
    ),
    "fit: dev": Call(lambda m: mf.fit(m.words[:4000], dev=m.words[4000:4400]), "words"),
    "load": Call(lambda m: mf.load(m.saved_counts), "saved_counts"),
    "load: a mixture": Call(lambda m: mf.load(m.saved_mixture), "saved_mixture"),
    "load_counts": Call(lambda m: mf.load_counts(m.saved_counts), "saved_counts"),
    "load_model": Call(lambda m: mf.load_model(m.saved_ngram), "saved_ngram"),
    "merged": Call(lambda m: mf.merged([m.counts, m.other, m.counts] * 3), "counts other"),
    "mix": Call(lambda m: mf.mix([m.ngram, m.mixture, m.bigram], dev=m.few), "mixed mixture few"),
    "read_arpa": Call(lambda m: mf.read_arpa(m.arpa), "arpa"),
    "split": Call(lambda m: mf.split(m.words, rng=1), "words"),
    # Counts
    "Counts.__add__": Call(lambda m: m.counts + m.counts, "counts"),
    "Counts.__add__: another alphabet": Call(lambda m: m.other + m.counts, "counts other"),
    "Counts.__iadd__": Call(_iadd, "counts", _added_to),
    "Counts.__radd__": Call(lambda m: sum([m.counts, m.counts]), "counts"),
    "Counts.__mul__": Call(lambda m: [m.counts * 3 for _ in range(10)], "counts"),
    "Counts.__rmul__": Call(lambda m: [3 * m.counts for _ in range(10)], "counts"),
    "Counts.__reduce_ex__": Call(lambda m: pickle.loads(pickle.dumps(m.counts)), "counts"),
    "Counts.from_bytes": Call(lambda m: mf.Counts.from_bytes(m.encoded), "encoded"),
    "Counts.to_bytes": Call(lambda m: [m.counts.to_bytes() for _ in range(5)], "counts"),
    "Counts.array": Call(lambda m: m.wide.array, "wide"),
    "Counts.array: order 5": Call(lambda m: m.ascii_counts.array, "ascii_counts"),
    "Counts.lower": Call(lambda m: m.counts.lower(5), "counts"),
    "Counts.lower: bigrams": Call(lambda m: m.counts.lower(2), "counts"),
    "Counts.model: 0.5": Call(lambda m: m.counts.model(smoothing=0.5), "counts"),
    "Counts.model: kneser-ney": Call(lambda m: m.counts.model(smoothing="kneser-ney"), "counts"),
    "Counts.model: witten-bell": Call(lambda m: m.counts.model(smoothing="witten-bell"), "counts"),
    "Counts.model: many bigrams": Call(lambda m: m.wide.model(smoothing=1), "wide"),
    "Counts.most_common": Call(lambda m: m.counts.most_common(), "counts"),
    "Counts.most_common: three": Call(lambda m: m.counts.most_common(3), "counts"),
    "Counts.ngrams": Call(lambda m: m.counts.ngrams(), "counts"),
    "Counts.plot": _picture(lambda m: m.names.plot(), "names"),
    "Counts.plot: order 6": _picture(lambda m: m.counts.plot(), "counts"),
    "Counts.__sub__": Call(lambda m: m.counts - m.counts, "counts"),
    "Counts.__isub__": Call(_isub, "counts", _added_to),
    "Counts.__getitem__": Call(lambda m: [m.counts["a", "n"] for _ in range(100)], "counts"),
    "Counts.__contains__": Call(lambda m: [("a", "n") in m.wide for _ in range(100)], "wide"),
    "Counts.__iter__": Call(lambda m: list(m.counts), "counts"),
    "Counts.items": Call(lambda m: dict(m.counts.items()), "counts"),
    "Counts.keys": Call(lambda m: list(m.counts.keys()), "counts"),
    "Counts.values": Call(lambda m: sum(m.counts.values()), "counts"),
    "Counts.to_csv": Call(lambda m: m.counts.to_csv(m.out / "counts.csv"), "counts", _csv_written),
    "Counts.to_frame": Call(lambda m: m.counts.to_frame(), "counts"),
    "Counts.entropy": Call(lambda m: m.counts.entropy(), "counts"),
    "Counts.mutual_information": Call(lambda m: m.counts.mutual_information(), "counts"),
    "Counts.from_array": Call(lambda m: mf.Counts.from_array(m.wide.array, m.wide), "wide"),
    "Counts.plot_loss": _picture(lambda m: m.small.plot_loss(), "small"),
    "Counts.save": Call(lambda m: m.counts.save(m.out / "counts.npz"), "counts", _saved),
    "Counts.tune: add-k": Call(
        lambda m: m.small.tune(m.words[:1000], orders=[5], methods=["add-k"]), "small words"
    ),
    "Counts.tune: kneser-ney": Call(
        lambda m: m.small.tune(m.words[:1000], methods=["kneser-ney"]), "small words"
    ),
    "Counts.update": Call(lambda m: m.names.update(m.many), "names many", _updated),
    "PrunedCounts.__repr__": Call(lambda m: repr(m.counts.pruned([0, 0, 1])), "counts"),
    "PrunedCounts.__reduce__": Call(
        lambda m: pickle.loads(pickle.dumps(m.counts.pruned([0, 0, 1]))), "counts"
    ),
    "PrunedCounts.model": Call(lambda m: m.counts.pruned([0, 0, 1]).model(), "counts"),
    "PrunedCounts.ngrams": Call(lambda m: m.counts.pruned([0, 0, 1]).ngrams(), "counts"),
    # Models
    "BigramModel.from_probabilities": Call(
        lambda m: mf.BigramModel.from_probabilities(m.rows, m.rows_alphabet), "rows"
    ),
    "BigramModel.save": Call(
        lambda m: m.sparse.save(m.out / "model.npz"), "sparse", _saved_as("sparse")
    ),
    "NgramModel.save": Call(
        lambda m: m.ngram.save(m.out / "model.npz"), "ngram", _saved_as("ngram")
    ),
    "InterpolatedModel.save": Call(
        lambda m: m.mixed.save(m.out / "model.npz"), "mixed", _saved_as("mixed")
    ),
    "InterpolatedModel.__reduce__": Call(lambda m: pickle.loads(pickle.dumps(m.mixed)), "mixed"),
    "InterpolatedModel.nll: counts": Call(lambda m: m.mixed.nll(m.counts), "mixed counts"),
    "InterpolatedModel.sample: torch": Call(
        lambda m: m.mixed.sample(20_000, rng=mf.TorchRNG(1), exclude=["a"]), "mixed"
    ),
    "BigramModel.nll: sparse": Call(lambda m: m.sparse.nll(m.ideographs * 20), "sparse ideographs"),
    "BigramModel.__reduce__": Call(lambda m: pickle.loads(pickle.dumps(m.sparse)), "sparse"),
    "BigramModel.probabilities": Call(lambda m: m.sparse.probabilities, "sparse"),
    "BigramModel.sample_ids: unique": Call(
        lambda m: m.bigram.sample_ids(10**6, rng=1, unique=True), "bigram"
    ),
    "BigramModel.sample_corpus: sparse": Call(
        lambda m: m.sparse.sample_corpus(work(10**6), rng=1, max_length=10, truncate=True), "sparse"
    ),
    "BigramModel.sample: sparse, the first": Call(
        lambda m: m.sparse.sample(1, rng=1, temperature=0.9), "sparse"
    ),
    "BigramModel.sample: sparse, torch": Call(
        lambda m: m.sparse.sample(1, rng=mf.TorchRNG(1, version="1.13")), "sparse"
    ),
    "BigramModel.nll: counts": Call(lambda m: m.sparse.nll(m.wide), "sparse wide"),
    "BigramModel.sample: torch": Call(
        lambda m: m.bigram.sample(10**5, rng=mf.TorchRNG(1), exclude=["a"]), "bigram"
    ),
    "BigramModel.write_arpa": Call(
        lambda m: m.sparse.write_arpa(m.out / "model.arpa"),
        "sparse",
        _arpa_written,
    ),
    "NgramModel.nll: counts": Call(lambda m: m.ngram.nll(m.counts), "ngram"),
    "NgramModel.ngram_lengths": Call(lambda m: m.ngram.ngram_lengths(m.few), "ngram few"),
    "NgramModel.__reduce__": Call(lambda m: pickle.loads(pickle.dumps(m.ngram)), "ngram"),
    "NgramModel.probabilities": Call(lambda m: m.ascii_ngram.probabilities, "ascii_ngram"),
    "NgramModel.sample: the first": Call(lambda m: m.ngram.sample(1, rng=1), "ngram"),
    "NgramModel.sample: temperature": Call(
        lambda m: m.ngram.sample(1, rng=1, temperature=0.9), "ngram"
    ),
    "NgramModel.sample: top_k": Call(lambda m: m.ngram.sample(1, rng=1, top_k=5), "ngram"),
    "NgramModel.sample: many, top_k": Call(
        lambda m: m.ngram.sample(10**5, rng=1, top_k=5, max_length=30, truncate=True), "ngram"
    ),
    "NgramModel.sample: torch": Call(
        lambda m: m.ngram.sample(20_000, rng=mf.TorchRNG(1), exclude=["a"]), "ngram"
    ),
    "NgramModel.write_arpa": Call(
        lambda m: m.ngram.write_arpa(m.out / "model.arpa"), "ngram", _arpa_written
    ),
    "NgramModel.write_arpa: gzip": Call(
        lambda m: m.ngram.write_arpa(m.out / "model.arpa.gz"), "ngram", _arpa_written
    ),
    "MixtureModel.__reduce__": Call(lambda m: pickle.loads(pickle.dumps(m.mixture)), "mixture"),
    "MixtureModel.save": Call(
        lambda m: m.mixture.save(m.out / "model.npz"), "mixture", _saved_as("mixture")
    ),
    "MixtureModel.sample: torch": Call(
        lambda m: m.mixture.sample(20_000, rng=mf.TorchRNG(1), exclude=["a"]), "mixture"
    ),
    # Corpus
    "Corpus.__eq__": Call(lambda m: [m.corpus == m.corpus[:] for _ in range(20)], "corpus"),
    "Corpus.__iter__": Call(lambda m: list(m.corpus), "corpus"),
    "Corpus.count": Call(lambda m: m.corpus.count("?"), "corpus"),
    "Corpus.index": Call(lambda m: _absent(m.corpus), "corpus"),
    "Corpus.__reduce__": Call(lambda m: pickle.loads(pickle.dumps(m.corpus)), "corpus"),
    "Corpus.lines": Call(lambda m: m.corpus.lines(), "corpus"),
    "Corpus.tolist": Call(lambda m: m.corpus.tolist(), "corpus"),
}

# What every model has.
for kind, model, words, size in (
    ("BigramModel", "bigram", "many", 5 * 10**6),
    ("NgramModel", "ngram", "few", 3 * 10**5),
    ("MixtureModel", "mixture", "few", 10**5),
    ("InterpolatedModel", "mixed", "few", 10**5),
):

    def of(name: str, *, model: str = model, words: str | None = words, **options: Any) -> Call:
        """Return a call of a method with the words, or with a number of words to draw."""
        if words is None:
            return Call(lambda m: getattr(getattr(m, model), name)(**options), model)
        return Call(
            lambda m: getattr(getattr(m, model), name)(getattr(m, words)), f"{model} {words}"
        )

    for name in ("score", "symbol_scores", "nll", "perplexity", "evaluate"):
        CALLS[f"{kind}.{name}"] = of(name)
    for name in ("sample", "sample_ids", "sample_corpus"):
        CALLS[f"{kind}.{name}"] = of(name, words=None, n=work(size), rng=1)
    CALLS[f"{kind}.sample_ids: one thread"] = of(
        "sample_ids", words=None, n=work(size), rng=1, threads=1
    )
    CALLS[f"{kind}.sample_corpus: unique"] = of(
        "sample_corpus", words=None, n=work(size) // 4, rng=1, unique=True
    )
    CALLS[f"{kind}.plot"] = _picture(
        lambda m, model=model: getattr(m, model).plot(  # type: ignore[misc]
            prefixes=[""] * 1000, text=False
        ),
        model,
    )
    CALLS[f"{kind}.plot_word"] = _picture(
        lambda m, model=model: getattr(m, model).plot_word("a" * 5000),  # type: ignore[misc]
        model,
    )
    CALLS[f"{kind}.sample: excluded"] = Call(
        lambda m, model=model, size=size: getattr(m, model).sample(  # type: ignore[misc]
            work(size) // 4, rng=1, exclude=m.words
        ),
        f"{model} words",
    )

#: Why the rest takes no time worth a Ctrl-C.
SHORT: dict[str, str] = {
    name: reason
    for reason, names in {
        "tells a few facts": "build_info",
        "reads the list in the package": "names",
        "reads a field": "Counts.order Counts.words Counts.total Counts.alphabet Counts.boundary "
        "Counts.__sizeof__ "
        "Counts.__len__ Corpus.__len__ Corpus.__getitem__ Corpus.data Corpus.offsets "
        "TorchRNG.version MixtureModel.chains MixtureModel.trials MixtureModel.weights "
        "NgramModel.discounts NgramModel.order NgramModel.smoothing "
        "BigramModel.order BigramModel.smoothing InterpolatedModel.models "
        "InterpolatedModel.weights PrunedCounts.alphabet PrunedCounts.boundary PrunedCounts.order "
        "PrunedCounts.thresholds",
        "walks the alphabet": "Counts.stoi Counts.itos Counts.symbols Counts.unknown "
        "PrunedCounts.stoi PrunedCounts.itos PrunedCounts.symbols PrunedCounts.unknown",
        "compares memory, a gigabyte in 0.1 s": "Counts.__eq__",
        "is that of array": "Counts.__array__",
        "keeps what it is given": "Counts.__init__ TextError.__init__ Counts.__copy__ "
        "Counts.__deepcopy__ Corpus.__init__ Tuned.__init__ "
        "BigramModel.__init__ NgramModel.__init__ MixtureModel.__init__ Counts.pruned "
        "PrunedCounts.__init__ InterpolatedModel.__init__",
        "is in one place of a word": "State.__init__ State.step State.probabilities State.copy "
        "State.__copy__ State.__deepcopy__ State.__eq__ State.__reduce__",
        "writes a line": "Evaluation.__repr__ Counts.__repr__ Corpus.__repr__ "
        "TorchRNG.__repr__ Tuned.__repr__ "
        "BigramModel.__repr__ NgramModel.__repr__ MixtureModel.__repr__ "
        "InterpolatedModel.__repr__",
        "gives one context's": "BigramModel.next_probabilities NgramModel.next_probabilities "
        "MixtureModel.next_probabilities InterpolatedModel.next_probabilities",
        "hands over memory": "Corpus.__arrow_c_array__ Corpus.__arrow_c_schema__",
        "has 624 numbers": "TorchRNG.__init__ TorchRNG.__reduce__",
        "looks through the trials": "Tuned.best Tuned.plot",
        "is an exponential": "Evaluation.perplexity Evaluation.known_perplexity "
        "Evaluation.possible_perplexity",
        "is made by dataclass": "Tuned.__eq__ Tuned.__hash__ Tuned.__setattr__ Tuned.__delattr__ "
        "Evaluation.__eq__ Evaluation.__hash__ Evaluation.__setattr__ Evaluation.__delattr__ "
        "Evaluation.__init__",
    }.items()
    for name in names.split()
} | {
    f"{kind}.{name}": "reads a field, walks the alphabet, or is the object itself"
    for kind in ("BigramModel", "NgramModel", "MixtureModel", "InterpolatedModel")
    for name in (
        *("alphabet", "boundary", "itos", "stoi", "symbols", "unknown"),
        *("start", "__copy__", "__deepcopy__"),
    )
}


if __name__ == "__main__":
    serve(CALLS, Materials)
