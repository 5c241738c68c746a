"""Symbols that are tokens: what cannot be is an error that says what can."""

import string
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import makemore_fast as mf


def untyped(what: Any) -> Any:
    """Return what a type checker would refuse."""
    return what


WRONG: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "both": (lambda: mf.count(["a"], separator=" ", symbols=["a"]), ValueError, "both"),
    "empty boundary": (lambda: mf.count(["a"], separator=" ", boundary=""), ValueError, "boundary"),
    "bool": (lambda: mf.count(["a"], separator=" ", vocabulary=True), TypeError, "got a bool"),
    "separator in token": (
        lambda: mf.count(["a"], separator=" ", vocabulary=["a b"]),
        ValueError,
        "'a b' of vocabulary= holds the separator",
    ),
    "empty separator": (lambda: mf.count(["a"], separator=""), ValueError, "separator is an empty"),
    "line end": (lambda: mf.count(["a"], separator="\n"), ValueError, "line end"),
    "boundary": (
        lambda: mf.count(["a <s>"], separator=" "),
        ValueError,
        "'a <s>' contains the bou",
    ),
    "boundary in list": (
        lambda: mf.count([["a"], ["b c", "<s>"]]),
        ValueError,
        r"word 1: \['b c', '<s>'\] contains the boundary '<s>'",
    ),
    "empty token": (lambda: mf.count([["a", ""]]), ValueError, "word 0: token 1 is an empty str"),
    "str among lists": (
        lambda: mf.count(untyped([["a"], "b"])),
        TypeError,
        "word 1: expected a list of tok",
    ),
    "int token": (
        lambda: mf.count(untyped([["a", 1]])),
        TypeError,
        "word 0, token 1: expected str, got int",
    ),
    "surrogate": (lambda: mf.count([["\ud800"]]), ValueError, "word 0: holds a lone surrogate"),
    "list among str": (
        lambda: mf.count(untyped(["a", ["b"]])),
        TypeError,
        "word 1: expected str, got list",
    ),
    "symbols name": (lambda: mf.count(["a"], symbols="clusters"), ValueError, "graphemes"),
    "symbols type": (lambda: mf.count(["a"], symbols=untyped([1])), TypeError, "each of symbols"),
    "vocabulary": (
        lambda: mf.count(["a"], vocabulary=["a"]),
        TypeError,
        "vocabulary= is for tokens",
    ),
    "line": (
        lambda: mf.count_text("a b\n\na <s>\n", separator=" "),
        ValueError,
        "line 3: 'a <s>' contains the boundary",
    ),
    "encoding": (lambda: mf.count_text(b"a b\n\xff", separator=" "), ValueError, "line 2, byte 4"),
    "order": (
        lambda: mf.count([[f"t{i}" for i in range(300)]], order=15),
        ValueError,
        "order 15 is too high for an alphabet of 301 symbols; the most is 14",
    ),
    "other kinds": (
        lambda: mf.count(["a"]) + mf.count(["a"], symbols=["b"]),
        ValueError,
        "characters",
    ),
    "other separators": (
        lambda: mf.count(["a"], separator=" ") + mf.count(["a"], separator="-"),
        ValueError,
        "separated by ' '",
    ),
    "prefix": (
        lambda: mf.count([["a"]]).model(smoothing=1).sample(prefix="a"),
        TypeError,
        "must be a list of tokens",
    ),
    "corpus": (
        lambda: mf.count([["a"]]).model(smoothing=1).sample_corpus(2),
        TypeError,
        "lists of tokens",
    ),
    "alphabet": (lambda: mf.count([["a"]]).alphabet, AttributeError, "symbols has them"),
    "match": (
        lambda: mf.count([["a"]]).model(smoothing=1).sample(match="a", max_length=1),
        TypeError,
        "match= is for words that are str",
    ),
    "vocabulary type": (
        lambda: mf.count(["a"], separator=" ", vocabulary=untyped([1])),
        TypeError,
        "each of vocabulary must be a str, got int",
    ),
    "empty in vocabulary": (
        lambda: mf.count(["a"], separator=" ", vocabulary=[""]),
        ValueError,
        "vocabulary= holds an empty str",
    ),
    "surrogate as boundary": (
        lambda: mf.count(["a"], separator=" ", boundary="\ud800"),
        ValueError,
        "the boundary holds a lone surrogate",
    ),
    "surrogate as separator": (
        lambda: mf.count(["a"], separator="\ud800"),
        ValueError,
        "the separator holds a lone surrogate",
    ),
    "surrogate in symbols": (
        lambda: mf.count(["a"], symbols=["\ud800"]),
        ValueError,
        "a piece of symbols= holds a lone surrogate",
    ),
    "surrogate in a prefix": (
        lambda: mf.count([["a"]]).model(smoothing=1).start(["\ud800"]),
        ValueError,
        "prefix holds a lone surrogate",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_says_what_can(name: str) -> None:
    call, error, problem = WRONG[name]
    with pytest.raises(error, match=problem):
        call()


@pytest.mark.parametrize("alphabet", [b"ab", 3, ["a"], {"a": 1}])
@pytest.mark.parametrize(
    ("words", "how"),
    [
        (["a b"], {"separator": " "}),
        (["ab"], {"symbols": ["ab"]}),
        ([["a", "b"]], {}),
    ],
)
def test_what_is_no_alphabet_is_never_passed_over(
    words: list[Any], how: dict[str, Any], alphabet: Any
) -> None:
    calls: list[Callable[..., Any]] = [mf.count, mf.fit, mf.examples, mf.count(words, **how).model]
    for call in calls:
        given = (words,) if call is not calls[-1] else ()
        with pytest.raises(TypeError, match="alphabet"):
            call(*given, alphabet=alphabet, **(how if given else {}))


@pytest.mark.parametrize("how", [{}, {"separator": " "}, {"symbols": ["ab"]}])
def test_a_lone_surrogate_is_no_symbol_of_an_alphabet(how: dict[str, Any]) -> None:
    counts = mf.count(["ab"], **how)
    assert "\ud800" not in counts
    assert ("a", "\ud800") not in counts
    with pytest.raises(KeyError, match="is not a symbol of the alphabet"):
        counts["\ud800"]


def test_code_points_of_the_core_never_show() -> None:
    words = [[f"token{i % 500}" for i in range(j, j + 5)] for j in range(0, 3000, 5)]
    counts = mf.count(words, order=3)
    strict = mf.count(words, unknown=False)
    model = counts.model(smoothing="kneser-ney")
    shown = [repr(counts), repr(model), counts._repr_html_(), repr(model.evaluate(words[:3]))]
    shown.append(repr(mf.count(words).model(smoothing=1)))
    shown.append(repr(model.sample(5, rng=1)))
    if find_spec("pandas"):
        shown.append(repr(counts.to_frame(library="pandas")))
    for call in (
        lambda: counts["token1", "token2", "tokenx"],
        lambda: model.sample(prefix=["token1", "tokenx"]),
        lambda: strict.model().sample(3, prefix=["token7"], max_length=1, min_length=9),
        lambda: counts - mf.count([["token1", "token9"]], order=3),
        lambda: mf.count([["token1"], ["x"]], alphabet=strict, unknown=False),
    ):
        with pytest.raises((KeyError, ValueError)) as error:
            call()
        shown.append(str(error.value))
    for text in shown:
        assert all(c in string.printable or c in "�…·∞" for c in text), text


def test_damaged_vocabularies_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "counts.npz"
    mf.count(["b a", "a c"], separator=" ").save(path)
    good = dict(np.load(path))
    rules = bytes(good["token_rules"])
    assert rules == b"separated<s> "

    def changed(to: bytes) -> NDArray[np.uint8]:
        return np.frombuffer(to, np.uint8)

    wrong = {
        "tokens": [np.array([97, 255, 99], np.uint8), np.array([99, 98, 97], np.uint8)],
        "token_ends": [np.array([1, 1, 3]), np.array([1, 2, 4]), np.array([1, 2])],
        "token_rules": [np.array(["cut", "<s>", " "]), changed(b"cut" + rules[3:]),
                        changed(b"separateda  "), changed(b"separatedabc" + b"\xff")],
        "token_rule_ends": [np.array([9, 12]), np.array([9, 12, 14]), np.array([9, 8, 13])],
        "token_unknown": [np.array(2)],
    }  # fmt: skip
    for name, arrays in wrong.items():
        for array in arrays:
            np.savez(path, **{**good, name: array})
            with pytest.raises(ValueError, match="counts.npz"):
                mf.load_counts(path)
    np.savez(path, **good)
    assert mf.load_counts(path) == mf.count(["b a", "a c"], separator=" ")
