"""ARPA files: the same model after a trip, KenLM's files, and files that are wrong."""

import contextlib
import io
import math
import pickle
import re
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
import smoothed
from corpora import FIVE, lectures_split, some_words, words
from raising import raises
from smoothed import model_of

SMOOTHINGS = [*smoothed.SMOOTHINGS, {"smoothing": 0.0}, {"smoothing": 1e300}]

# As `lmplz -o 2` writes it: tabs, the start with a probability that means nothing, and a
# back-off behind all but the n-grams of the highest order. P(a | <s>) = 0.25 + 0.5 * 0.3.
KENLM = """\
\\data\\
ngram 1=5
ngram 2=4

\\1-grams:
-1\t<unk>\t0
0\t<s>\t-0.30103
-0.39794\t</s>\t0
-0.5228787\ta\t-0.69897
-0.69897\tb\t-0.60206

\\2-grams:
-0.39794\t<s> a
-0.4559319\t<s> b
-0.0655015\ta b
-0.07058107\tb </s>

\\end\\
"""


def read(text: str, boundary: str = ".") -> mf.NgramModel:
    return mf.read_arpa(io.BytesIO(text.encode()), boundary=boundary)


def same_scores(a: mf.LanguageModel, b: mf.LanguageModel, scored: list[str]) -> None:
    np.testing.assert_allclose(a.score(scored), b.score(scored), rtol=1e-9, atol=1e-9)


def trip(model: mf.Model) -> tuple[mf.NgramModel, str]:
    """Return the model that was written and read, and the text between."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.arpa"
        model.write_arpa(path)
        assert list(Path(folder).iterdir()) == [path]
        return mf.read_arpa(path, boundary=model.boundary), path.read_bytes().decode()


@given(some_words, words, st.integers(1, 6), st.sampled_from(SMOOTHINGS))
def test_a_trip_changes_no_score(
    corpus: list[str], new: list[str], order: int, how: dict[str, Any]
) -> None:
    model = model_of(corpus, order, how)
    again, text = trip(model)
    assert again.alphabet == model.alphabet
    assert (again.order, again.smoothing) == (model.order, "arpa")
    assert again.unknown == model.unknown
    same_scores(again, model, [*corpus, *new])
    np.testing.assert_allclose(again.nll(corpus), model.nll(corpus), rtol=1e-9, atol=1e-9)
    last, same = trip(again)
    assert same == text
    copy = pickle.loads(pickle.dumps(again))
    assert repr(copy) == repr(last)
    assert copy.score(new).tolist() == last.score(new).tolist()


@pytest.mark.parametrize("order", [2, 3])
@pytest.mark.parametrize("k", [0.0, 1.0])
def test_add_k_of_symbols_that_nothing_was_seen_after(order: int, k: float) -> None:
    model = mf.count(FIVE, order=order, alphabet="abehilmopsvxyz").model(smoothing=k)
    again, text = trip(model)
    assert ("-99\tx\t" in text) == (k == 0)
    scored = ["xyz", "ax", "xa", "emma", ""]
    assert np.isneginf(model.score(scored)).any() == (k == 0)
    same_scores(again, model, scored)


def test_probabilities_that_no_file_can_tell_from_zero() -> None:
    again, text = trip(model_of(FIVE, 3, {"smoothing": 1e-120}))
    assert min(float(line.split("\t")[0]) for line in text.split("\n") if "\t" in line) == -99
    assert again.score(["emma", "emmax"])[1] == -math.inf
    assert again.score(["emma"])[0] == pytest.approx(model_of(FIVE, 3, {}).score(["emma"])[0])


@pytest.mark.parametrize("how", SMOOTHINGS)
def test_words_drawn_after_a_trip(how: dict[str, Any]) -> None:
    again, _ = trip(model_of([*FIVE, "ana", "lia", "a", ""], 4, how))
    frequencies_agree(again)


def test_symbols_that_are_no_tokens() -> None:
    corpus = ["a b", "\u3000\x00", "\u00a0", "\U0010ffff\\", "<s>", "U+0020", "\n\u2028"]
    _, text = trip(model_of(corpus, 3, {"smoothing": "witten-bell"}))
    tokens = {
        line.split("\t")[1] for line in text.split("\\2-grams:")[0].split("\n") if "\t" in line
    }
    assert tokens > {"U+0020", "U+3000", "U+0000", "U+00A0", "U+2028", "\\", "<s>", "</s>", "<"}
    assert all(line.count("\t") <= 2 for line in text.split("\n"))
    assert "\na\t" not in text


def test_another_boundary() -> None:
    model = mf.count(["a.b", "."], order=3, boundary="#").model(smoothing="witten-bell")
    assert isinstance(model, mf.NgramModel)
    again, text = trip(model)
    assert again.boundary == "#"
    same_scores(again, model, ["a.b", ".."])
    raises(ValueError, r"line \d+: the token '.' is the boundary; choose another", read, text)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    model = model_of(FIVE, 3, SMOOTHINGS[0])
    with pytest.raises(FileNotFoundError) as caught:
        model.write_arpa(tmp_path / "no" / "model.arpa")
    assert caught.value.filename == str(tmp_path / "no" / "model.arpa")


# -- files of others -----------------------------------------------------------------------


@pytest.mark.parametrize("text", [KENLM, KENLM.replace("\n", "\r\n"), "\n# x\n" + KENLM + "x\n"])
def test_a_file_of_kenlm(text: str) -> None:
    model = read(text)
    assert model.alphabet == ".ab" + mf.UNKNOWN
    assert (model.order, model.unknown) == (2, True)
    log10 = model.symbol_scores(["ab", "ba", "x"])[0] / math.log(10)
    assert log10.round(6).tolist() == [
        *(-0.39794, -0.065502, -0.070581),
        *(-0.455932, round(-0.60206 - 0.5228787, 6), round(-0.69897 - 0.39794, 6)),
        *(-1.30103, -0.39794),
    ]
    assert set(model.sample(50, rng=1)) > {"ab", "b"}
    frequencies_agree(model)


def frequencies_agree(model: mf.NgramModel) -> None:
    """Compare how often words are drawn with their scores, without the unknown symbol's share."""
    n = 100_000
    times = Counter(model.sample(n, rng=2))
    known = 1 - 10**-1.0 if model.unknown else 1.0
    for word, observed in times.most_common(10):
        lower = n * math.exp(model.score([word])[0])
        assert lower - 5 * math.sqrt(lower) < observed
        assert observed < lower / known ** (len(word) + 1) + 5 * math.sqrt(observed)


def test_a_file_that_tells_less_than_the_shorter_context() -> None:
    # Katz: after <s>, a is rarer than its share of the back-off weight would be.
    text = """\\data\\
ngram 1=4
ngram 2=3

\\1-grams:
-99 <s> {start}
{end} </s>
{a} a 0
{b} b {after}

\\2-grams:
{rare} <s> a
{often} <s> b
-1 b </s>

\\end\\
"""
    numbers = {"end": 0.2, "a": 0.6, "b": 0.2, "rare": 0.1, "often": 0.5}
    numbers |= {"start": (1 - 0.1 - 0.5) / (1 - 0.6 - 0.2), "after": 0.9 / 0.8}
    model = read(text.format(**{k: f"{math.log10(p):.9f}" for k, p in numbers.items()}))
    expected = {".": 0.4, "a": 0.1, "b": 0.5}
    p = model.next_probabilities()
    assert dict(zip(model.alphabet, p.round(6).tolist(), strict=True)) == expected
    n = 100_000
    firsts = Counter(word[:1] or "." for word in model.sample(n, rng=3))
    for symbol, share in expected.items():
        assert abs(firsts[symbol] - n * share) < 5 * math.sqrt(n * share)
    many = model.sample(5000, rng=4, threads=2)
    assert many == model.sample(5000, rng=4, threads=1)
    assert many[:7] == model.sample(7, rng=4)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("\\data\\", "data", r"line 1: there is no \\data\\"),
        ("ngram 2=4", "ngram 3=4", "line 3: expected ngram 2= and a number, got 'ngram 3=4'"),
        ("ngram 2=4", "ngram 2=x", "line 3: expected ngram 2= and a number"),
        ("ngram 2=4\n", "", "line 6: an n-gram of the highest order has no back-off"),
        ("\\data\\\nngram 1=5\nngram 2=4\n", "\\data\\\n", "line 3: expected ngram 1= and a num"),
        (
            "ngram 2=4",
            "ngram 2=5",
            "line 18: there should be 5 n-grams of length 2, and there are 4",
        ),
        ("\\2-grams:", "\\3-grams:", r"line 12: expected \\2-grams:, got '.*3-grams:'"),
        ("\\end\\", "\\3-grams:", r"line 18: expected \\end\\"),
        ("\n\\end\\\n", "", r"line 16: the file ends before \\end\\"),
        ("-1\t<unk>", "x\t<unk>", "line 6: expected a number, got 'x'"),
        ("-1\t<unk>", "nan\t<unk>", "line 6: expected a number, got 'nan'"),
        ("-1\t<unk>", "-1e999\t<unk>", "line 6: expected a number, got '-1e999'"),
        ("-1\t<unk>\t0", "-1", "line 6: expected a number, 1 tokens"),
        ("<unk>", "</s>", "line 8: '</s>' stands here a second time"),
        ("a\t", "<UNK>\t", "a symbol stands more than once"),
        ("</s>\t0", "c\t0", "<s> and </s> must be among"),
        ("-0.5228787\ta", "-0.5\tb", "line 12: a symbol stands more than once"),
        ("-0.5228787\ta", "-0.5\tabc", "line 9: the token 'abc' is not one symbol"),
        ("-0.5228787\ta", "-0.5\tU+D800", "line 9: the token 'U.D800' is not one symbol"),
        ("-0.0655015", "0.5", "line 15: a probability is above one"),
        ("-0.69897\n", "400\n", "line 9: a back-off weight is too large: '400'"),
        ("a b\n", "a c\n", "line 15: the token 'c' is not among"),
        ("a b\n", "b </s>\n", "line 16: the n-gram has stood before"),
        ("a b\n", "a <s>\n", "line 15: <s> does not begin"),
        ("a b\n", "</s> b\n", "line 15: </s> does not end"),
        ("a b\n", "a b -1\n", "line 15: an n-gram of the highest order has no back-off"),
    ],
)
def test_malformed_files(tmp_path: Path, old: str, new: str, problem: str) -> None:
    path = tmp_path / "model.arpa"
    path.write_text(KENLM.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=problem) as caught:
        mf.read_arpa(path)
    assert str(caught.value).startswith(f"{path}, line ")


@pytest.mark.parametrize(
    ("gone", "problem"),
    [("b</s>", "without its first symbol is missing"), ("ab", "without its last symbol")],
)
def test_every_n_gram_needs_the_shorter_ones(gone: str, problem: str) -> None:
    _, text = trip(model_of(["ab"], 3, SMOOTHINGS[0]))
    kept, number = [], 0
    for line in text.split("\n"):
        fields = line.split("\t")
        if len(fields) == 3 and fields[1].replace(" ", "") == gone:
            continue
        kept.append(line)
        number = number or (len(fields) == 2) * len(kept)
    size = int(re.findall("ngram 2=(.*)", text)[0])
    with pytest.raises(ValueError, match=rf"line \d+: the n-gram {problem}"):
        read("\n".join(kept).replace(f"ngram 2={size}", f"ngram 2={size - 1}"))


@given(st.text("0123456789.-\\abcdnrgm=:<>/su \t\n", max_size=200), st.integers(0, 300))
def test_no_text_breaks_it(noise: str, at: int) -> None:
    for text in (noise, KENLM[:at] + noise + KENLM[at:], KENLM[:at] + noise):
        with contextlib.suppress(ValueError):
            read(text).score(["ab", "c"])


def test_cut_files() -> None:
    for at in range(len(KENLM) - len("\\end\\\n")):
        raises(ValueError, "line", read, KENLM[:at])


def test_kenlm_reads_what_is_written(tmp_path: Path) -> None:
    kenlm = pytest.importorskip("kenlm")
    train, dev, _ = lectures_split()
    for order, how in [*((5, how) for how in SMOOTHINGS[1:4]), (2, SMOOTHINGS[3])]:
        model = model_of(train, order, how)
        model.write_arpa(tmp_path / "model.arpa")
        theirs = kenlm.Model(str(tmp_path / "model.arpa"))
        scores = [theirs.score(" ".join(word)) * math.log(10) for word in dev]
        np.testing.assert_allclose(model.score(dev), scores, rtol=1e-5, atol=1e-4)
