"""Symbols that are tokens: each answer is that of a model of characters, one for each token."""

import io
import itertools
import pickle
import string
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf

NAMES = [name for name in mf.names()[:3000] if set(name) <= set(string.ascii_lowercase)]


class Kind(NamedTuple):
    """A kind of symbols: the token of a letter, words of tokens, and how they are counted."""

    token: Callable[[str], str]
    word: Callable[[list[str]], Any]
    options: dict[str, Any]
    boundary: str

    def of(self, word: str) -> Any:
        return self.word([self.token(letter) for letter in word])

    def all(self, words: list[str]) -> list[Any]:
        return [self.of(word) for word in words]


PIECES = [f"{letter}h" for letter in string.ascii_lowercase]

#: Tokens in the order of their letters, so that ids are the same.
KINDS = {
    "separated": Kind(lambda c: f"{c}é", " ".join, {"separator": " ", "unknown": False}, "<s>"),
    "long separator": Kind(
        lambda c: c * 9, "::".join, {"separator": "::", "unknown": False}, "<s>"
    ),
    "lists": Kind(lambda c: f"{c} 漢", list, {"unknown": False}, "<s>"),
    "pieces": Kind(lambda c: f"{c}h", "".join, {"symbols": PIECES}, "."),
    "graphemes": Kind(lambda c: f"{c}\u0301", "".join, {"symbols": "graphemes"}, "."),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    if request.param == "graphemes":
        pytest.importorskip("regex", reason="graphemes need the package regex")
    return KINDS[request.param]


def same_counts(counts: mf.Counts, plain: mf.Counts) -> bool:
    (ids, numbers), (plain_ids, plain_numbers) = counts.ngrams(), plain.ngrams()
    return np.array_equal(ids, plain_ids) and np.array_equal(numbers, plain_numbers)


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_counts_are_those_of_characters(kind: Kind, order: int) -> None:
    counts = mf.count(kind.all(NAMES), order=order, **kind.options)
    plain = mf.count(NAMES, order=order)
    assert same_counts(counts, plain)
    assert counts.symbols == (kind.boundary, *map(kind.token, plain.symbols[1:]))
    assert (counts.words, counts.total, len(counts)) == (plain.words, plain.total, len(plain))
    weights = [i % 5 for i in range(len(NAMES))]
    weighted = mf.count(kind.all(NAMES), weights=weights, order=order, **kind.options)
    assert same_counts(weighted, mf.count(NAMES, weights=weights, order=order))
    for gram, plain_gram in zip(counts, plain, strict=True):
        wanted = tuple(kind.boundary if c == "." else kind.token(c) for c in plain_gram)
        assert gram == wanted
        assert counts[gram] == plain[plain_gram]
        break


def _models(words: list[Any], **options: Any) -> dict[str, "mf.LanguageModel"]:
    bigrams = mf.count(words, **options)
    trigrams = mf.count(words, order=3, **options)
    models: dict[str, mf.LanguageModel] = {
        "bigram": bigrams.model(smoothing=0.5),
        "add-k": trigrams.model(smoothing=0.1),
        "kneser-ney": trigrams.model(smoothing="kneser-ney"),
        "witten-bell": trigrams.model(smoothing="witten-bell"),
        "pruned": trigrams.pruned([0, 0, 1]).model(),
        "mixture": mf.fit(words[:500], chains=["h1 h2 h3", "p15 h1"], **options),
    }
    models["mix"] = mf.mix([models["bigram"], models["kneser-ney"]], [0.3, 0.7])
    return models


def test_models_answer_as_those_of_characters(kind: Kind, tmp_path: Path) -> None:
    some = NAMES[:200]
    plain_models = _models(NAMES)
    for name, model in _models(kind.all(NAMES), **kind.options).items():
        plain = plain_models[name]
        copies = [model, pickle.loads(pickle.dumps(model))]
        model.save(tmp_path / "model.npz")
        copies.append(mf.load_model(tmp_path / "model.npz"))
        for copy in copies:
            words = kind.all(some)
            assert copy.score(words).tolist() == plain.score(some).tolist(), name
            assert copy.symbols == model.symbols
            assert copy.sample(20, rng=7) == kind.all(plain.sample(20, rng=7))
        assert model.score(words, per="symbol").tolist() == plain.score(some, per="symbol").tolist()
        assert model.symbol_scores(words)[0].tolist() == plain.symbol_scores(some)[0].tolist()
        assert model.nll(words) == pytest.approx(plain.nll(some), rel=1e-12)
        told, plain_told = model.evaluate(words), plain.evaluate(some)
        assert (told.loss, told.symbols) == (plain_told.loss, plain_told.symbols)
        assert np.array_equal(model.sample_ids(50, rng=3)[0], plain.sample_ids(50, rng=3)[0])
        prefix = kind.of("ma")
        assert np.array_equal(model.next_probabilities(prefix), plain.next_probabilities("ma"))
        drawn = model.sample(
            5, rng=1, prefix=prefix, suffix=kind.of("a"), contains=kind.of("r"), max_length=7
        )
        assert drawn == kind.all(
            plain.sample(5, rng=1, prefix="ma", suffix="a", contains="r", max_length=7)
        )
        state, other = model.start(prefix), plain.start("ma")
        assert state.step(kind.token("r")) == other.step("r")
        assert np.array_equal(state.probabilities(), other.probabilities())
        unique = model.sample(5, rng=1, unique=True, exclude=words)
        assert unique == kind.all(plain.sample(5, rng=1, unique=True, exclude=some))


def test_fit_split_tune_and_examples(kind: Kind) -> None:
    words = kind.all(NAMES[:600])
    train, dev = mf.split(words, (0.9, 0.1), rng=1)
    plain_train, plain_dev = mf.split(NAMES[:600], (0.9, 0.1), rng=1)
    assert train == kind.all(list(plain_train))
    all_words = mf.count(words, order=4, **kind.options)
    tuned = mf.count(train, order=4, alphabet=all_words).tune(dev)
    plain_all = mf.count(NAMES[:600], order=4)
    plain_tuned = mf.count(plain_train, order=4, alphabet=plain_all).tune(plain_dev)
    assert [trial.loss for trial in tuned.trials] == [trial.loss for trial in plain_tuned.trials]
    x, y = mf.examples(words, block_size=3, **kind.options)
    plain_x, plain_y = mf.examples(NAMES[:600], block_size=3)
    assert np.array_equal(x, plain_x)
    assert np.array_equal(y, plain_y)
    assert np.array_equal(
        mf.examples(dev, alphabet=all_words)[1].shape,
        (len(y := mf.examples(plain_dev, alphabet=plain_all)[1]),),
    )
    assert np.array_equal(mf.examples(dev, alphabet=all_words)[1], y)


def test_counts_add_up_whatever_order_tokens_were_met_in(kind: Kind) -> None:
    words = kind.all(NAMES[:300])
    whole = mf.count(words, order=3, **kind.options)
    parts = [mf.count(words[i::7], order=3, **kind.options) for i in range(7)]
    for order in itertools.islice(itertools.permutations(parts), 0, 5000, 700):
        assert sum(order) == whole
    counts = mf.count(words[:10], order=3, **kind.options)
    counts.update(words[10:])
    assert counts == whole
    assert whole - parts[0] == sum(parts[1:], parts[6] * 0)


@given(
    st.lists(st.lists(st.text(min_size=1, max_size=12).filter(lambda t: t != "<s>"), max_size=6)),
    st.integers(1, 4),
)
def test_lists_of_any_tokens_are_counted_as_by_a_loop(words: list[list[str]], order: int) -> None:
    clean = [[token.encode("utf-8", "ignore").decode() or "x" for token in word] for word in words]
    clean = [[token if token != "<s>" else "s" for token in word] for word in clean]
    wanted: Counter[tuple[str, ...]] = Counter()
    for word in clean:
        padded = ["<s>"] * max(1, order - 1) + word + ["<s>"]
        first = max(1, order - 1)
        for i in range(first, len(padded)):
            wanted[tuple(padded[i - order + 1 : i + 1])] += 1
    if not clean:
        clean = [[]]
        wanted[("<s>",) * order] += 1
    counts = mf.count(clean, order=order, unknown=False)
    assert dict(counts.items()) == wanted
    assert list(counts.symbols[1:]) == sorted(
        counts.symbols[1:], key=lambda t: (t != mf.UNKNOWN, t)
    )


def test_lines_of_tokens_are_counted_alike_everywhere(kind: Kind, tmp_path: Path) -> None:
    if "separator" not in kind.options and "symbols" not in kind.options:
        pytest.skip("lines are no lists")
    words = kind.all(NAMES)
    wanted = mf.count(words, order=3, **kind.options)
    text = "\ufeff" + "\n\n".join(words[:50]) + "\r\n" + "\r".join(words[50:])
    path = tmp_path / "words.txt"
    path.write_bytes(text.encode())
    for threads in (1, 2, 7):
        assert mf.count_file(path, order=3, threads=threads, **kind.options) == wanted
    assert mf.count_text(text, order=3, **kind.options) == wanted
    assert mf.count_file(io.BytesIO(text.encode()), order=3, **kind.options) == wanted
    weighted = "".join(f"{word}\t{i % 4}\n" for i, word in enumerate(words))
    assert mf.count_text(weighted, order=3, weighted=True, **kind.options) == mf.count(
        words, weights=[i % 4 for i in range(len(words))], order=3, **kind.options
    )


def test_threads_and_pieces_of_a_large_text_change_nothing() -> None:
    text = "\n".join(" ".join(NAMES[i : i + 9]) for i in range(0, len(NAMES), 9)) + "\n"
    large = text * 200
    one = mf.count_text(large, order=2, separator=" ", threads=1)
    assert one == mf.count_text(large, order=2, separator=" ", threads=2)
    assert one == mf.count_text(text, order=2, separator=" ") * 200


def test_separators_in_a_row_count_as_one() -> None:
    counts = mf.count(["  a  b ", "", "   "], separator=" ", unknown=False)
    assert counts == mf.count(["a b", "", ""], separator=" ", unknown=False)
    lines = mf.count_text("a  b \n   \n\n a", separator=" ")
    assert lines.words == 2  # a line without a token is blank
    assert mf.count_text("a\n \n", separator=" ", skip_blank=False).words == 2


def test_collections_of_tuples_are_words() -> None:
    words = {("a", "b"): 1, ("c",): 2}
    assert mf.count(words) == mf.count([["a", "b"], ["c"], ["c"]])
    for collection in (words.keys(), set(words), frozenset(words), dict(enumerate(words)).values()):
        assert mf.count(collection) == mf.count([["a", "b"], ["c"]])


def test_longest_pieces_win() -> None:
    counts = mf.count(["schach"], symbols=["sch", "ch", "s"])
    assert counts.symbols == (".", "a", "ch", "sch")
    model = counts.model()
    assert model.sample(1, rng=0) == ["schach"]
    assert mf.count(["ach"], alphabet=counts).symbols == counts.symbols


def test_graphemes_are_clusters() -> None:
    pytest.importorskip("regex", reason="graphemes need the package regex")
    family, flag = "👩‍👩‍👧", "🇩🇪"
    counts = mf.count([f"a{family}{flag}é", "e\u0301\r\n!"], symbols="graphemes")
    assert {family, flag, "é", "e\u0301", "\r\n", "!"} < set(counts.symbols)


def test_the_vocabulary_is_given_or_the_most_frequent() -> None:
    lines = ["the cat sat", "the dog sat", "a cat ran"]
    given_ = mf.count(lines, separator=" ", vocabulary=["the", "cat"])
    assert given_.symbols == ("<s>", mf.UNKNOWN, "cat", "the")
    most = mf.count(lines, separator=" ", vocabulary=3)
    assert most.symbols == ("<s>", mf.UNKNOWN, "cat", "sat", "the")
    assert most["the", mf.UNKNOWN] == 1
    assert mf.count_text("\n".join(lines), separator=" ", vocabulary=3) == most
    for size in (1, 2):
        parts = [mf.count(lines[i : i + size], separator=" ") for i in range(0, 3, size)]
        assert sum(parts) == mf.count(lines, separator=" ")
    with pytest.raises(ValueError, match="unknown=True"):
        mf.count(lines, separator=" ", vocabulary=3, unknown=False)
    with pytest.raises(ValueError, match=r"word 1: 'the dog sat' contains 'dog', which is not in"):
        mf.count(lines, separator=" ", vocabulary=["the", "cat", "sat"], unknown=False)


def test_unknown_tokens_have_a_share() -> None:
    model = mf.count(["the cat", "a dog"], separator=" ").model(smoothing=1)
    assert model.unknown
    assert np.isfinite(model.score(["the bird", "the <s> cat"])).all()
    told = model.evaluate(["the bird"])
    assert told.first_unknown == (0, "the bird", "bird")
    strict = mf.count([["the"], ["a"]], unknown=False).model()
    assert strict.score([["the"], ["bird"]]).tolist() == [np.log(0.5), -np.inf]
    told = strict.evaluate([["the"], ["a", "bird"]])
    first: Any = told.first_impossible
    assert first == (1, ["a", "bird"], "bird")


def test_arpa_files_have_tokens_as_they_are(tmp_path: Path) -> None:
    lines = ["the cat sat", "the dog sat on the cat", "a cat ran"]
    path, again = tmp_path / "a.arpa", tmp_path / "b.arpa"
    model = mf.count(lines, order=3, separator=" ").model(smoothing="kneser-ney")
    model.write_arpa(path)
    text = path.read_text(encoding="utf-8")
    assert "\tthe cat\t" in text
    assert "\t<unk>\t" in text
    read = mf.read_arpa(path, separator=" ")
    read.write_arpa(again)
    assert again.read_bytes() == path.read_bytes()
    assert read.symbols == model.symbols
    assert np.allclose(read.score(lines), model.score(lines), rtol=0, atol=1e-9)
    with pytest.raises(ValueError, match=r"is not one symbol; tokens= says .* separator="):
        mf.read_arpa(path)
    for token, problem in (("</s>", "another meaning"), ("a\tb", "holds a blank")):
        odd = mf.count([[token]], order=2).model(smoothing="witten-bell")
        with pytest.raises(ValueError, match=problem):
            odd.write_arpa(path)
