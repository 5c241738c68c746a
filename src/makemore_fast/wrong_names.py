"""What users call parameters elsewhere: an error for a wrong name says which one is meant."""

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")

#: By the name here, names that other libraries and the lectures have for it.
_ELSEWHERE = {
    "rng": "seed random_state random_seed generator",
    "order": "n ngram n_gram ngrams ngram_range ngram_size",
    "block_size": "context context_size context_length n",
    "smoothing": "k alpha add_k gamma method kind",
    "orders": "order n",
    "temperature": "temp",
    "top_k": "k",
    "top_p": "p nucleus",
    "n": "num count number size num_samples n_samples num_words n_words",
    "max_length": "max_len maxlen max_size max_new_tokens length",
    "min_length": "min_len minlen min_size",
    "prefix": "start start_with startswith starts_with prompt seed_text",
    "suffix": "end endswith ends_with",
    "match": "pattern regex",
    "exclude": "without stop_words",
    "unique": "distinct",
    "boundary": "bos eos pad pad_symbol start_symbol end_symbol",
    "separator": "sep delimiter split",
    "alphabet": "chars characters charset vocab",
    "vocabulary": "vocab",
    "unknown": "unk oov",
    "weights": "weight sample_weight frequencies freqs counts",
    "column": "col field on",
    "nulls": "na skipna dropna",
    "threads": "workers n_jobs num_threads n_threads jobs num_workers",
    "progress": "verbose tqdm progress_bar",
    "unit": "base log_base units",
    "per": "average mean reduce normalize",
    "fractions": "test_size train_size ratio ratios sizes",
    "encoding": "charset codec",
    "dev": "valid validation validation_data eval_words",
}
#: What the module itself does not have, and what does it.
ATTRIBUTES = {
    "bigrams": "count",
    "generate": "LanguageModel.sample",
    "load_arpa": "read_arpa",
    "model": "Counts.model",
    "perplexity": "LanguageModel.perplexity",
    "plot": "Counts.plot",
    "sample": "LanguageModel.sample",
    "save": "LanguageModel.save",
    "score": "LanguageModel.score",
    "train": "fit",
    "tune": "Counts.tune",
}

_MEANT: dict[str, list[str]] = {}
for _name, _others in _ELSEWHERE.items():
    for _other in _others.split():
        _MEANT.setdefault(_other, []).append(_name)


def meant_by(wrong: str, parameters: Iterable[str]) -> str:
    """Return what to say of a wrong name, where it is known which of some parameters is meant.

    >>> meant_by("seed", ["n", "rng"]), meant_by("colour", ["n", "rng"])
    ('; rng= is meant', '')
    """
    known = set(parameters)
    meant = [name for name in _MEANT.get(wrong, []) if name in known]
    return f"; {meant[0]}= is meant" if meant else ""


def names_meant(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Let a function's errors about unknown names and about options by place say what is meant."""

    @functools.wraps(function)
    def called(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return function(*args, **kwargs)
        except TypeError as error:
            traceback = error.__traceback__
            if traceback is None or traceback.tb_next is not None or len(error.args) != 1:
                raise  # from within the function
            raise TypeError(f"{error}{_hint(function, kwargs)}") from None

    return called


def _hint(function: Callable[..., object], given: Iterable[str]) -> str:
    """Return what to say of a call that does not fit a function."""
    parameters = inspect.signature(function).parameters
    wrong = [name for name in given if name not in parameters]
    if wrong:
        return meant_by(wrong[0], parameters)
    by_name = [p.name for p in parameters.values() if p.kind is p.KEYWORD_ONLY]
    usual = [name for name in ("order", "smoothing") if name in by_name]
    return f"; options are given by name, such as {(usual + by_name)[0]}=" if by_name else ""
