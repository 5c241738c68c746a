"""Everything that takes words answers what is not words alike: found by looking, not by a list."""

import inspect
import io
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import makemore_fast as mf
from corpora import FIVE
from raising import raises
from word_files import written

_counts = mf.count(FIVE, order=3)

#: Objects of every class, whose methods are looked through.
OBJECTS: dict[str, Any] = {
    "BigramModel": mf.count(FIVE).model(smoothing=1),
    "Counts": _counts,
    "InterpolatedModel": mf.mix([_counts.model(smoothing=1)]),
    "MixtureModel": mf.fit(FIVE, chains=["h1 h2"]),
    "NgramModel": _counts.model(smoothing="kneser-ney"),
}

#: What a call needs besides words.
NEEDED: dict[str, dict[str, Any]] = {
    "fit.dev": {"words": FIVE},
    "mix.dev": {"models": [_counts.model(smoothing=1)]},
    "sample.exclude": {"n": 1, "rng": 1},
    "sample_corpus.exclude": {"n": 1, "rng": 1},
    "sample_ids.exclude": {"n": 1, "rng": 1},
}

#: What counts words, and so takes a mapping from word to count.
COUNTING = {
    *("count", "update", "tune", "plot_loss", "nll", "perplexity", "evaluate", "mix"),
    *("fit", "split"),
}

#: What also takes counts.
OF_COUNTS = {"nll", "perplexity", "evaluate"}


def takes_words(name: str, parameter: inspect.Parameter) -> bool:
    annotation = str(parameter.annotation)
    return "Words" in annotation or "ArrowStream" in annotation or name == "words"


def given(call: Callable[..., Any], name: str, needed: dict[str, Any], words: Any) -> Any:
    """Call something with words as one of its parameters."""
    return call(**{name: words}, **needed)


def found() -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """Yield each public callable with each of its parameters that is words, and how to call it."""
    named = {name: getattr(mf, name) for name in mf.__all__}
    callables: list[tuple[str, Callable[..., Any]]] = [
        (name, thing) for name, thing in named.items() if inspect.isfunction(thing)
    ]
    for kind, owner in OBJECTS.items():
        methods = inspect.getmembers(owner, inspect.ismethod)
        callables += [(f"{kind}.{name}", m) for name, m in methods if not name.startswith("_")]
    for name, call in callables:
        parameters = inspect.signature(call).parameters
        for parameter in parameters.values():
            if not takes_words(parameter.name, parameter):
                continue
            short = f"{name.rpartition('.')[2]}.{parameter.name}"
            needed = NEEDED.get(short, {})
            yield f"{name}({parameter.name})", partial(given, call, parameter.name, needed)


TAKERS = dict(found())


@pytest.fixture(params=sorted(TAKERS))
def taker(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def counts_words(taker: str) -> bool:
    return taker.split("(")[0].rpartition(".")[2] in COUNTING


def test_all_classes_that_take_words_are_looked_through() -> None:
    covered = {name for owner in OBJECTS.values() for name in dir(owner)}
    for name in mf.__all__:
        thing = getattr(mf, name)
        if not inspect.isclass(thing):
            continue
        for method, function in inspect.getmembers(thing, inspect.isfunction):
            words = [
                p for n, p in inspect.signature(function).parameters.items() if takes_words(n, p)
            ]
            if words and not method.startswith("_"):
                assert method in covered, f"{name}.{method} takes words and is not tried here"
    assert len(TAKERS) > 25


def test_words_are_taken(taker: str) -> None:
    if "plot_loss" in taker:
        pytest.importorskip("matplotlib")
    for words in (FIVE, tuple(FIVE), iter(FIVE), np.array(FIVE), np.array(FIVE, dtype=object)):
        TAKERS[taker](words)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path, b"emma\nava\n", "names.txt")


def test_a_file(taker: str, path: Path) -> None:
    with path.open(encoding="utf-8") as text, path.open("rb") as binary:
        for file in (text, binary, io.StringIO("emma\nava\n"), io.BytesIO(b"emma\nava\n")):
            raises(TypeError, r"got .*, a file; .*count_file\(file\)", TAKERS[taker], file)
        assert text.tell() == 0  # nothing was read


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_words_that_end_in_a_line_end(taker: str, end: str) -> None:
    words = ["ava", "", "emma" + end, "mia"]
    expected = r'word 2: .*emma.* ends in a line end; strip it with line.rstrip\("'
    for taken in (words, iter(words), np.array(words), np.array(words, dtype=object)):
        raises(ValueError, expected, TAKERS[taker], taken)


@pytest.mark.parametrize("mapping", [{"emma": 3, "ava": 1}, Counter({"emma": 3, "ava": 1})])
def test_a_mapping(taker: str, mapping: Any) -> None:
    if "plot_loss" in taker:
        pytest.importorskip("matplotlib")
    if counts_words(taker):
        TAKERS[taker](mapping)
        return
    raises(TypeError, r"got (dict|Counter), which maps .*list\(mapping\)", TAKERS[taker], mapping)


@pytest.mark.parametrize(
    ("thing", "error", "message"),
    [
        ("emma", TypeError, r"got a str, which (would be read as characters|is one word)"),
        (b"emma", TypeError, "got (a )?bytes"),
        (bytearray(b"emma"), TypeError, "got (a )?bytearray"),
        pytest.param(memoryview(b"emma"), TypeError, "got (a )?memoryview", id="memoryview"),
        (3, TypeError, "expected an iterable of words, got int, which is not iterable"),
        (2.5, TypeError, "expected an iterable of words, got float, which is not iterable"),
        (list, TypeError, "expected an iterable of words, got "),
        (np.array([["a"]]), ValueError, "expected a 1-D array of words, got 2 dimensions"),
        (np.zeros((2, 2, 2)), ValueError, "expected a 1-D array of words, got 3 dimensions"),
        (np.array("a"), ValueError, "expected a 1-D array of words, got 0 dimensions"),
        (["b", ["a"]], TypeError, "word 1: expected str, got list"),
        (["a", b"b"], TypeError, "word 1: expected str, got bytes"),
        ([None], TypeError, "word 0: expected str, got NoneType"),
        ([("emma", 3)], TypeError, r"word 0(, token 1)?: expected str, got (tuple|int)"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, memoryview) else str(value),
)
def test_what_is_not_words(taker: str, thing: Any, error: type[Exception], message: str) -> None:
    raises(error, message, TAKERS[taker], thing)


def test_none(taker: str) -> None:
    optional = {"dev", "test", "exclude"}
    call = TAKERS[taker]
    if taker.rstrip(")").rpartition("(")[2] in optional and "tune" not in taker:
        if "plot_loss" not in taker:
            call(None)
        return
    raises(TypeError, "expected an iterable of words, got NoneType", call, None)


def test_counts_are_no_words(taker: str) -> None:
    if taker.split("(")[0].rpartition(".")[2] in OF_COUNTS:
        return
    raises(TypeError, "expected an iterable of words, got Counts", TAKERS[taker], _counts)


def test_an_unknown_keyword() -> None:
    functions = [getattr(mf, taker.split("(")[0]) for taker in TAKERS if "." not in taker]
    methods = [
        getattr(OBJECTS[kind], rest.split("(")[0])
        for kind, _, rest in (taker.partition(".") for taker in TAKERS if "." in taker)
    ]
    for call in [*functions, *methods]:
        raises(TypeError, "unexpected keyword argument 'wieghts'", call, FIVE, wieghts=1)


# -- options ---------------------------------------------------------------------------------

m: Any = mf  # what is tried here has no types


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: m.count(FIVE, order="3"), TypeError, "order must be an int, got str"),
        (lambda: m.count(FIVE, order=2.5), TypeError, "order must be an int, got float"),
        (lambda: m.count(FIVE, order=None), TypeError, "order must be an int, got NoneType"),
        (lambda: m.count(FIVE, order=0), ValueError, "order must be 1 or more, got 0"),
        (lambda: m.count(FIVE, nulls=None), ValueError, 'nulls must be "raise" or "skip", got N'),
        (lambda: m.count(FIVE, nulls="never"), ValueError, "nulls must be .*, got 'never'"),
        (lambda: m.count(FIVE, column=3), TypeError, "column must be a str or None, got int"),
        (lambda: m.count([], weights=3), TypeError, "weights must be integers, .*got int"),
        (lambda: m.count([], weights=b""), TypeError, "weights must be integers, .*got bytes"),
        (lambda: m.count([], weights={}), TypeError, r"got dict; pass .* count\(mapping\)"),
        (lambda: m.count({}, weights=[]), TypeError, "weights= cannot be given too"),
        (lambda: m.count({"a": None}), TypeError, "weight 0: expected an integer, got NoneType"),
        (lambda: m.count({"a": -1}), ValueError, "word 0: the weight -1 is negative"),
        (lambda: m.count({1: 1}), TypeError, "word 0: expected str, got int"),
        (lambda: m.fit(FIVE, nulls=3), ValueError, 'nulls must be "raise" or "skip", got 3'),
        (lambda: m.fit(FIVE, column=b"w"), TypeError, "column must be a str or None, got bytes"),
        (lambda: m.examples(FIVE, column=3), TypeError, "column must be a str or None, got int"),
        (lambda: m.examples(FIVE, block_size="3"), TypeError, "block_size must be an int, got str"),
        (lambda: m.examples(FIVE, block_size=0), ValueError, "block_size must be 1 or more, got 0"),
        (lambda: m.examples(FIVE, block_size=-1), ValueError, "block_size must be .*, got -1"),
        *(
            (lambda d=dtype: m.examples(FIVE, dtype=d), TypeError, "dtype must be an integer type")
            for dtype in (float, bool, str, object)
        ),
        (lambda: m.examples(FIVE, dtype="float"), TypeError, "dtype must be an integer type, got"),
        (lambda: m.examples(FIVE, dtype="no"), TypeError, "dtype must be an integer type, got 'n"),
        (lambda: m.examples(FIVE, dtype=None), TypeError, "dtype must be an integer type, got No"),
        (lambda: m.split(FIVE, 0.5), TypeError, "fractions must be a sequence of numbers, got fl"),
        (lambda: m.split(FIVE, "ab"), TypeError, "fractions must be a sequence of numbers, got st"),
        (lambda: m.split(FIVE, None), TypeError, "fractions must be a sequence of numbers, got N"),
    ],
)  # fmt: skip
def test_options_of_other_types(
    call: Callable[[], Any], error: type[Exception], message: str
) -> None:
    raises(error, message, call)


# -- line ends that are meant ----------------------------------------------------------------


def test_a_boundary_or_an_alphabet_shows_that_a_line_end_is_meant() -> None:
    lines = ["ab\n", "b\n"]
    assert mf.count(lines, alphabet="ab\n")["\n", "."] == 2
    assert mf.count(["ab\r"], alphabet="ab\r")["\r", "."] == 1
    raises(ValueError, r"word 0: .*ends in a line end", mf.count, ["ab\r\n"], alphabet="ab\r")
    assert mf.count(np.array(lines), alphabet="ab\n") == mf.count(lines, alphabet="ab\n")
    raises(ValueError, "word 0: .* contains the boundary", mf.count, lines, boundary="\n")
    counts = mf.count(lines, alphabet="ab\n", order=3)
    counts.update(lines)
    assert counts == mf.count(lines * 2, alphabet="ab\n", order=3)
    model = counts.lower(2).model(smoothing=1)
    assert np.isfinite(model.score(lines)).all()
    assert model.nll(lines) == pytest.approx(model.nll(counts))
    x, y = mf.examples(lines, alphabet="ab\n")
    assert len(x) == len(y) == 7


def test_line_ends_inside_words_are_symbols() -> None:
    assert mf.count(["a\nb", "\r\nb"])["\n", "b"] == 2


@pytest.mark.parametrize("before", [0, 1, 100, 5000, 400_000])
def test_the_word_is_numbered_as_it_stands(before: int) -> None:
    pa: Any = pytest.importorskip("pyarrow")
    words = ["ab"] * before + ["cd\n"] + ["ab"] * 1000
    for kind in (list, iter, np.array, pa.array, lambda w: pa.array(w, pa.string_view())):
        raises(ValueError, f"word {before}: .*ends in a line end", mf.count, kind(words))
    nulls = [None, *words[:before], None, *words[before:]]
    for taken in (pa.array(nulls), np.array(nulls, dtype=object)):
        with pytest.raises(ValueError, match=f"word {before + 2}: .*ends in a line end"):
            mf.count(taken, nulls="skip")


# -- mappings --------------------------------------------------------------------------------


def test_a_mapping_is_words_and_their_weights() -> None:
    counter = Counter(["emma", "ava", "emma", "mia"])
    words = list(counter.elements())
    assert mf.count(counter) == mf.count(words)
    assert mf.count(counter, order=4) == mf.count(words, order=4)
    counts = mf.count(FIVE)
    counts.update(counter)
    assert counts == mf.count(FIVE + words)
    for model in OBJECTS.values():
        if isinstance(model, mf.LanguageModel):
            assert model.nll(counter) == pytest.approx(model.nll(words), rel=1e-12)
            assert model.nll({**counter, "q": 0}) == pytest.approx(model.nll(words), rel=1e-12)
            assert model.perplexity(counter) == pytest.approx(model.perplexity(words), rel=1e-12)
    repeated = mf.count(FIVE, order=3)
    assert repeated.tune(counter).trials == repeated.tune(words).trials
    raises(ValueError, "no words to measure the loss of", OBJECTS["BigramModel"].nll, {"ava": 0})
    raises(ValueError, "word 0: the weight -2 is negative", OBJECTS["BigramModel"].nll, {"ava": -2})
