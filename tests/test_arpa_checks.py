"""ARPA files as other tools write them, and probabilities that cannot be."""

import io
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
from corpora import FIVE
from raising import raises
from smoothed import model_of
from test_arpa import KENLM, SMOOTHINGS, read, trip

# As IRSTLM writes it: blanks around both numbers of a size, six digits, blank lines, a share of
# the single symbols for the start, a back-off only where it is not zero.
IRSTLM = """\

\\data\\
ngram  1=         6
ngram  2=         4
ngram  3=         3


\\1-grams:
-0.90309\t<s>\t-0.0791812
-0.90309\tT\t-0.301031
-0.90309\td\t-0.301031
-0.90309\ts\t-0.301031
-0.90309\t</s>
-0.425969\t<unk>

\\2-grams:
-0.567298\t<s> T\t-0.301029
-0.249877\tT d\t-0.301029
-0.249877\td s\t-0.301029
-0.249877\ts </s>\t-0.41

\\3-grams:
-0.124939\t<s> T d
-0.124939\tT d s
-0.124939\td s </s>
\\end\\
"""


def test_a_file_of_irstlm() -> None:
    model = read(IRSTLM)
    assert (model.alphabet, model.order, model.unknown) == (".Tds" + mf.UNKNOWN, 3, True)
    log10 = model.symbol_scores(["Tds", "d"])[0] / math.log(10)
    assert log10.round(5).tolist() == [
        *(-0.5673, -0.12494, -0.12494, -0.12494),
        *(round(-0.0791812 - 0.90309, 5), round(-0.301031 - 0.90309, 5)),
    ]
    assert "Tds" in model.sample(50, rng=1)


LAYOUTS: list[Callable[[str], str]] = [
    lambda text: "\ufeff" + text.removeprefix("\ufeff"),
    lambda text: text.replace("\n", "\r\n"),
    lambda text: text.replace("\n", " \t\n"),
    lambda text: text.replace("\t", "  "),
    lambda text: text.replace("\t", "\t\t "),
    lambda text: text.replace("\n", "\n\n"),
    lambda text: re.sub(r"ngram *(\d)= *", r"ngram\t \1 =  ", text),
    lambda text: re.sub("^(\ufeff?)", r"\1 ", text, flags=re.MULTILINE),
]


@pytest.mark.parametrize("text", [KENLM, IRSTLM])
@given(layouts=st.lists(st.sampled_from(LAYOUTS), max_size=4))
def test_blanks_marks_and_line_ends_say_nothing(
    text: str, layouts: list[Callable[[str], str]]
) -> None:
    expected = read(text)
    for change in layouts:
        text = change(text)
    words = ["ab", "ba", "Tds", "d", ""]
    assert read(text).score(words).tolist() == expected.score(words).tolist()


@pytest.mark.parametrize(
    ("first", "problem"),
    [
        ("qARPA 2 256 256\n", "line 1: this is a quantised file of IRSTLM"),
        ("\n\nqARPA\n", "line 3: this is a quantised file of IRSTLM"),
        ("iARPA\n", "line 1: this is an intermediate file of IRSTLM .*compile-lm --text=yes"),
        ("blmt 3 1 2 3\n", "line 1: this is a binary model; write it as an ARPA file"),
        ("Qblmt 3 1 2 3\n", "line 1: this is a binary model"),
        ("mmap lm http://kheafield.com/code format version 5\n", "line 1: this is a binary model"),
    ],
)
def test_other_formats_that_look_alike(first: str, problem: str) -> None:
    raises(ValueError, problem, read, first + KENLM)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "-0.30103",
            "0.7",
            "line 7: the probabilities after this context sum to 3.25594; the most",
        ),
        ("-0.69897\n", "0.69897\n", "line 9: .* sum to"),
        ("-0.4559319", "-0.01", "line 7: .* sum to"),
        ("-0.69897\tb", "-0.1\tb", "line 10: the probabilities of the n-grams of length 1 sum to"),
        ("-1\t<unk>", "-0.01\t<unk>", "line 10: the probabilities of the n-grams of length 1"),
        ("-0.69897\n", "300\n", "line 9: .* sum to .*e"),
        ("-0.07058107", "-0.008", "line 10: .* sum to"),
        ("-0.69897\n", "1e300\n", "line 9: a back-off weight is too large: '1e300'"),
        ("-0.69897\n", "-inf\n", ""),
        ("-0.4559319", "-0.4558", ""),
        ("-0.0655015", "-0.0655", ""),
        ("-0.69897\tb", "-0.6988\tb", ""),
    ],
)
def test_probabilities_that_sum_to_more_than_one(old: str, new: str, problem: str) -> None:
    assert KENLM.count(old) >= 1
    text = KENLM.replace(old, new, 1)
    if problem:
        raises(ValueError, problem, read, text)
    else:
        assert read(text).next_probabilities("a")[:-1].sum() < 1.001  # without <unk>


@pytest.mark.parametrize("log10", ["2e-5", "1e-7", "0", "-0"])
def test_a_probability_of_one_may_be_rounded(log10: str) -> None:
    text = KENLM.replace("-0.4559319\t<s> b\n", "").replace("ngram 2=4", "ngram 2=3")
    text = text.replace("-0.39794\t<s> a", f"{log10}\t<s> a").replace("-0.30103", "-99")
    assert read(text).symbol_scores(["a"])[0][0] == 0


@given(st.lists(st.floats(-120, 3), min_size=10, max_size=10), st.text("ab", max_size=3))
def test_what_was_read_is_a_distribution(numbers: list[float], prefix: str) -> None:
    at = iter(numbers)
    text = re.sub(r"(?<=\n)-0\.\d+|-0\.\d+(?=\n)", lambda _: f"{next(at):.9f}", KENLM)
    try:
        model = read(text)
    except ValueError as error:
        assert re.search("above one|too large|; the most is 1", str(error))  # noqa: PT017
        return
    p = model.next_probabilities(prefix)
    assert np.isfinite(p).all()
    assert (p >= 0).all()
    assert p.sum() <= 1.56
    assert model.score([prefix])[0] <= 1e-3
    try:
        assert len(model.sample(20, max_length=9, truncate=True, rng=1)) == 20
    except ValueError as error:
        assert "nothing was ever seen" in str(error)  # noqa: PT017


@pytest.mark.parametrize("digits", [".4f", ".6g", ".7g"])
@pytest.mark.parametrize("how", SMOOTHINGS)
@pytest.mark.parametrize("order", [2, 5])
def test_rounding_is_no_error(order: int, how: dict[str, Any], digits: str) -> None:
    model = model_of([*FIVE, "ana", "lia", "a", ""], order, how)
    _, text = trip(model)
    rounded = re.sub(r"-\d+\.\d+(e-\d+)?", lambda found: format(float(found[0]), digits), text)
    assert rounded != text
    again = read(rounded)
    np.testing.assert_allclose(again.score(FIVE), model.score(FIVE), rtol=1e-2)
    words = set(again.sample(1000, rng=1, max_length=20, truncate=True))
    assert np.isfinite(model.score([w for w in words if len(w) < 20])).all()


@pytest.mark.parametrize("end", ["-99", "-80", "-12"])
@pytest.mark.parametrize(
    "how",
    [
        {},
        {"temperature": 0.5},
        {"temperature": 0},
        {"top_k": 2},
        {"prefix": "ab"},
        {"unique": True},
        {"exclude": ["a"]},
        {"rng": mf.TorchRNG(1)},
        {"rng": mf.TorchRNG(1, version="1.13")},
    ],
)
def test_words_that_can_never_end(end: str, how: dict[str, Any]) -> None:
    text = KENLM.replace("-0.39794\t</s>", f"{end}\t</s>")
    model = read(text.replace("-0.07058107\tb </s>", f"{end}\tb </s>"))
    for draw in (model.sample, model.sample_ids, model.sample_corpus):
        raises(ValueError, "can come to where it never ends; give max_length=", draw, 1, **how)
    assert [len(word) for word in model.sample(2, max_length=5, truncate=True, **how)] == [5, 5]


def test_more_lengths_than_a_key_holds() -> None:
    sizes = "".join(f"ngram {n}=0\n" for n in range(3, 100))
    with pytest.raises(ValueError, match="line 109: order 99 is too high for an alphabet of 4"):
        read(KENLM.replace("ngram 2=4\n", "ngram 2=4\n" + sizes))


def test_a_file_like_object_that_keeps_its_buffer() -> None:
    class Keeps(io.BytesIO):
        kept: memoryview | None = None

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            self.kept = buffer
            return super().readinto(buffer)

    file = Keeps(KENLM.encode())
    model = mf.read_arpa(file)
    assert file.kept is not None
    assert model.alphabet == ".ab" + mf.UNKNOWN


def test_tokens_of_other_files_stand_for_symbols() -> None:
    text = SMALL_WITH_SPACE
    raises(ValueError, "'<space>' is not one symbol; tokens= says", mf.read_arpa, io.BytesIO(text))
    model = mf.read_arpa(io.BytesIO(text), tokens={"<space>": " ", "never": "x"})
    assert model.alphabet == ". a"
    assert model.score(["a a"])[0] == pytest.approx(np.log(0.25) * 2 + np.log(0.5) * 2, rel=1e-4)
    read = mf.read_arpa
    how: Any
    for how, error, said in (
        ({"<space>": "ab"}, ValueError, "'<space>' must stand for one symbol"),
        ({"<space>": ""}, ValueError, "must stand for one symbol"),
        ({"<space>": "a"}, ValueError, "stands more than once"),
        ({"<space>": "."}, ValueError, "is the boundary"),
        ({"<space>": 3}, TypeError, "tokens must map str to str"),
        ([("<space>", " ")], TypeError, "tokens must map str to str, got list"),
    ):
        raises(error, said, read, io.BytesIO(text), tokens=how)


SMALL_WITH_SPACE = rb"""
\data\
ngram 1=4
ngram 2=4

\1-grams:
-99 <s> 0
-0.60206 </s>
-0.60206 <space> 0.17609
-0.30103 a -0.30103

\2-grams:
-0.30103 <s> a
-0.60206 a <space>
-0.60206 <space> a
-0.30103 a </s>

\end\
"""
