"""Names of parameters from elsewhere: the error says which one is meant."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

import makemore_fast as mf
from makemore_fast import wrong_names

WORDS: Any = ["emma", "ava", "anna", "olivia"]
COUNTS: Any = mf.count(WORDS)
MODEL: Any = COUNTS.model(smoothing=1)
mf_any: Any = mf

CALLS: dict[str, tuple[Callable[[], Any], str]] = {
    "count n": (lambda: mf_any.count(WORDS, n_gram=3), "'n_gram'; order= is meant"),
    "count place": (lambda: mf_any.count(WORDS, 3), "by name, such as order="),
    "count_text": (lambda: mf_any.count_text("a", sep=" "), "'sep'; separator= is meant"),
    "count_file": (lambda: mf_any.count_file("a", n=3), "'n'; order= is meant"),
    "model place": (lambda: COUNTS.model(1), "by name, such as smoothing="),
    "model k": (lambda: COUNTS.model(k=1), "'k'; smoothing= is meant"),
    "fit": (lambda: mf_any.fit(WORDS, seed=1), "'seed'; rng= is meant"),
    "split": (lambda: mf_any.split(WORDS, random_state=1), "rng= is meant"),
    "examples": (lambda: mf_any.examples(WORDS, context_size=3), "block_size= is meant"),
    "sample": (lambda: MODEL.sample(3, seed=1), "'seed'; rng= is meant"),
    "corpus": (lambda: MODEL.sample_corpus(3, max_len=1), "max_length= is meant"),
    "score": (lambda: MODEL.score(WORDS, base=2), "'base'; unit= is meant"),
    "nll": (lambda: MODEL.nll(WORDS, sample_weight=[1]), "weights= is meant"),
}


@pytest.mark.parametrize("name", CALLS)
def test_the_error_names_what_is_meant(name: str) -> None:
    call, said = CALLS[name]
    with pytest.raises(TypeError) as error:
        call()
    assert said in str(error.value)
    assert error.value.__suppress_context__ or error.value.__cause__ is None


def test_other_names_get_python_s_own_error() -> None:
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'colour'$"):
        mf_any.count(WORDS, colour=1)
    with pytest.raises(TypeError, match=r"missing 1 required positional argument"):
        mf_any.count()


def test_errors_from_within_are_left_alone() -> None:
    with pytest.raises(TypeError, match=r"expected str, got int$"):
        mf_any.count([1])
    for weights in (object(), 3):
        with pytest.raises((TypeError, ValueError)) as error:
            mf_any.count(WORDS, weights=weights)
        assert "is meant" not in str(error.value)


def test_each_name_here_is_a_parameter_of_something() -> None:
    known = set()
    for owner in (mf, mf.Counts, mf.LanguageModel, mf.CountModel):
        for name in dir(owner):
            of = getattr(owner, name)
            if inspect.isfunction(of) and not name.startswith("_"):
                known |= set(inspect.signature(of).parameters)
    assert set(wrong_names._ELSEWHERE) <= known
    for target in wrong_names.ATTRIBUTES.values():
        value: Any = mf
        for part in target.split("."):
            value = getattr(value, part)


def test_the_module_says_where_a_thing_is() -> None:
    with pytest.raises(AttributeError, match="'tune'; Counts.tune is meant"):
        _ = mf_any.tune
    with pytest.raises(AttributeError, match="no attribute 'colour'$"):
        _ = mf_any.colour


def test_help_shows_the_function_itself() -> None:
    assert "order" in inspect.signature(mf.count).parameters
    assert mf.count.__name__ == "count"
