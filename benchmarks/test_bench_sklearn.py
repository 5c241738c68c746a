"""Telling languages and made-up domains from words, in scikit-learn."""

import random
import re
from functools import cache

import numpy as np
import pytest

import makemore_fast as mf
from makemore_fast.language_model import Per
from timing import Benchmark, measure, record_amount
from word_lists import LANGUAGES, debian_words, made_up_domains
from workloads import SMOKE

pytest.importorskip("sklearn")

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline

from makemore_fast.sklearn import NgramClassifier

WORDS = 20_000  # of each language; a fifth of all is held out
FIT = "Fitting to four fifths of 4 x 20,000 words of four languages"
WRONG = "Of words that were held out, told the wrong language"


@cache
def languages() -> tuple[list[str], list[str], list[str], list[str]]:
    """Return words and their languages, and those that are held out."""
    pairs = [(word, language) for language in LANGUAGES for word in debian_words(language, WORDS)]
    random.Random(1).shuffle(pairs)
    words, labels = [word for word, _ in pairs], [language for _, language in pairs]
    cut = len(words) * 4 // 5
    return words[:cut], labels[:cut], words[cut:], labels[cut:]


def by_counts_of_features() -> object:
    """Return what one would write without this package."""
    vectors = CountVectorizer(analyzer="char_wb", ngram_range=(1, 4))
    return make_pipeline(vectors, LogisticRegression(max_iter=300))


@pytest.mark.benchmark(group=FIT)
@pytest.mark.parametrize("kind", ["CountVectorizer(1 to 4), LogisticRegression", "NgramClassifier"])
def test_fit(benchmark: Benchmark, kind: str) -> None:
    words, labels, unseen, theirs = languages()
    ours = kind == "NgramClassifier"
    estimator = NgramClassifier() if ours else by_counts_of_features()
    measure(
        benchmark,
        lambda: estimator.fit(words, labels),  # type: ignore[attr-defined]
        label=kind,
        items=len(words),
        unit="words",
        rounds=5 if ours else 1,
        baseline=not ours,
        at_least=20 if ours else None,
    )
    accuracy = estimator.score(unseen, theirs)  # type: ignore[attr-defined]
    benchmark.extra_info["accuracy"] = accuracy
    assert accuracy > (0.5 if SMOKE else 0.94 if ours else 0.93)


@pytest.mark.benchmark(group=WRONG)
def test_words_that_are_told_wrong(benchmark: Benchmark) -> None:
    words, labels, unseen, theirs = languages()
    classifier = NgramClassifier().fit(words, labels)

    def share() -> float:
        return 100 * float(1 - classifier.score(unseen, theirs))

    limit = 50 if SMOKE else 6
    record_amount(benchmark, share, label="NgramClassifier", unit="percent", limit=limit)


@pytest.mark.benchmark(group="Of pairs of an English word and a made-up domain, ranked wrongly")
@pytest.mark.parametrize("per", ["word", "symbol"])
def test_made_up_domains(benchmark: Benchmark, per: Per) -> None:
    """One less AUC: the mean by symbol must reach 0.999.

    Words that were not learned, and that a domain could have as its name: of four letters and more,
    for fewer of them are as likely to be an abbreviation as anything.
    """
    words = [word for word in debian_words("English") if re.fullmatch("[a-z]{4,}", word)]
    learned, unseen = words[::2], words[1::2]
    model = mf.count(learned, order=5).model(smoothing="kneser-ney", unknown=True)
    domains = made_up_domains(len(unseen))
    truth = np.repeat([1, 0], len(unseen))

    def wrong() -> float:
        scores = model.score([*unseen, *domains], per=per)
        return 100 * float(1 - roc_auc_score(truth, scores))

    limit = 20 if SMOKE or per == "word" else 0.1
    record_amount(benchmark, wrong, label=f'score(per="{per}")', unit="percent", limit=limit)
