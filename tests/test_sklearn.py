"""The estimators for scikit-learn: its own checks, and what they answer."""

import copy
import pickle
import warnings
from typing import Any, Self

import numpy as np
import pytest

import makemore_fast as mf
from corpora import FIVE
from raising import raises

sklearn: Any = pytest.importorskip("sklearn")
joblib: Any = pytest.importorskip("joblib")

from sklearn.base import clone  # noqa: E402
from sklearn.compose import ColumnTransformer  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_score  # noqa: E402
from sklearn.pipeline import make_pipeline, make_union  # noqa: E402
from sklearn.utils import estimator_checks  # noqa: E402
from sklearn.utils.estimator_checks import check_estimator  # noqa: E402
from sklearn.utils.validation import check_is_fitted, validate_data  # noqa: E402

from makemore_fast.sklearn import NgramClassifier, NgramScore  # noqa: E402

NAMES = mf.names()[::5]
#: Names, and the same backwards: 1 and 0.
WORDS = [*NAMES, *(name[::-1] for name in NAMES)]
LABELS = [1] * len(NAMES) + [0] * len(NAMES)


@pytest.mark.filterwarnings("ignore:Can't test estimator")  # most checks are for tables of numbers
@pytest.mark.parametrize("estimator", [NgramClassifier(), NgramScore(order=3, per_order=True)])
def test_scikit_learns_own_checks(estimator: Any) -> None:
    """Those that apply to estimators of text, and those that look at parameters alone."""
    done = check_estimator(estimator, on_skip=None)
    assert {check["status"] for check in done} == {"passed"}
    name = type(estimator).__name__
    for check in (
        estimator_checks.check_parameters_default_constructible,
        estimator_checks.check_no_attributes_set_in_init,
        estimator_checks.check_get_params_invariance,
        estimator_checks.check_set_params,
        estimator_checks.check_valid_tag_types,
        estimator_checks.check_estimator_repr,
    ):
        check(name, clone(estimator))


def spelled(rows: Any) -> list[str]:
    """Return a word for each row of numbers."""
    return [" ".join(f"{number:.0f}" for number in row) for row in rows]


class _OfNumbers:
    """What scikit-learn's checks can give data to: they have tables of numbers and no text."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()  # type: ignore[misc]
        tags.input_tags.two_d_array, tags.input_tags.one_d_array = True, False
        return tags


class NumbersClassifier(_OfNumbers, NgramClassifier):
    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:  # noqa: N803
        X, y = validate_data(self, X, y) if y is not None else (validate_data(self, X), None)  # noqa: N806
        super().fit(spelled(X), y, sample_weight)
        self.n_features_in_ = X.shape[1]
        return self

    def predict_joint_log_proba(self, X: Any) -> Any:  # noqa: N803
        check_is_fitted(self)
        return super().predict_joint_log_proba(spelled(validate_data(self, X, reset=False)))


class NumbersScore(_OfNumbers, NgramScore):
    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:  # noqa: N803
        X = validate_data(self, X)  # noqa: N806
        super().fit(spelled(X), y, sample_weight)
        self.n_features_in_ = X.shape[1]
        return self

    def transform(self, X: Any) -> Any:  # noqa: N803
        check_is_fitted(self)
        return super().transform(spelled(validate_data(self, X, reset=False)))


#: Checks that are skipped, and why.
SKIPPED = {"check_array_api_input": "it is for arrays on GPUs, which hold no text"}


@pytest.mark.filterwarnings("ignore")  # the checks provoke some
@pytest.mark.parametrize("estimator", [NumbersClassifier(order=3), NumbersScore(order=3)])
def test_all_of_scikit_learns_checks_where_numbers_are_spelled_as_words(estimator: Any) -> None:
    done = check_estimator(estimator, on_skip=None, on_fail=None)
    other = {check["check_name"]: check for check in done if check["status"] != "passed"}
    assert {name: check["exception"] for name, check in other.items() if name not in SKIPPED} == {}
    assert {check["status"] for check in other.values()} <= {"skipped"}
    assert len(done) > 40


def test_scores_are_columns_of_a_frame_where_that_is_asked_for() -> None:
    pytest.importorskip("pandas")
    score = NgramScore(order=3).set_output(transform="pandas")
    frame: Any = score.fit_transform(FIVE)
    assert frame.columns.tolist() == ["score_3", "mean_3"]


def test_it_is_found_in_the_package() -> None:
    module: Any = mf
    assert module.sklearn.NgramClassifier is NgramClassifier


def test_classes_are_as_likely_as_bayes_rule_says() -> None:
    words, labels = ["ab", "abb", "b", "ba"], ["x", "x", "x", "y"]
    classifier = NgramClassifier(order=3, smoothing=0.5, boundary=".").fit(words, labels)
    alphabet = ".ab" + mf.UNKNOWN
    models = [
        mf.count(some, order=3).model(smoothing=0.5, alphabet=alphabet)
        for some in (words[:3], ["ba"])
    ]
    joint = [
        models[0].score(["aab"])[0] + np.log(3 / 4),
        models[1].score(["aab"])[0] + np.log(1 / 4),
    ]
    expected = np.exp(joint) / np.exp(joint).sum()
    np.testing.assert_allclose(classifier.predict_proba(["aab"]), [expected], rtol=1e-12)
    assert classifier.classes_.tolist() == ["x", "y"]
    assert [model.alphabet for model in classifier.models_] == [alphabet] * 2
    uniform = NgramClassifier(order=3, smoothing=0.5, boundary=".", priors="uniform")
    joint[0] -= np.log(3)
    expected = np.exp(joint) / np.exp(joint).sum()
    np.testing.assert_allclose(uniform.fit(words, labels).predict_proba(["aab"]), [expected])
    told = NgramClassifier(priors=[0, 2]).fit(words, labels)
    assert told.predict(["ab", "zz"]).tolist() == ["y", "y"]


def test_a_word_that_no_class_can_have_is_left_to_the_priors() -> None:
    classifier = NgramClassifier(order=2, smoothing=0, unknown=False)
    classifier.fit(["ab", "cd", "ab"], [0, 1, 0])
    np.testing.assert_allclose(
        classifier.predict_proba(["zz", "ab"]), np.array([[2 / 3, 1 / 3], [1, 0]])
    )


@pytest.mark.parametrize("kind", ["list", "array", "series", "frame", "column", "arrow", "polars"])
def test_words_come_in_whatever_holds_rows(kind: str) -> None:
    pa: Any = pytest.importorskip("pyarrow")
    pl: Any = pytest.importorskip("polars")
    pd: Any = pytest.importorskip("pandas")
    words: Any = {
        "list": WORDS,
        "array": np.array(WORDS),
        "series": pd.Series(WORDS, index=range(7, 7 + len(WORDS))),
        "frame": pd.DataFrame({"word": WORDS}),
        "column": np.array(WORDS, dtype=object)[:, None],
        "arrow": pa.array(WORDS),
        "polars": pl.Series(WORDS),
    }[kind]
    expected = NgramClassifier(order=3).fit(WORDS, LABELS).predict_proba(WORDS)
    got = NgramClassifier(order=3).fit(words, LABELS).predict_proba(words)
    assert got.tolist() == expected.tolist()
    scores = NgramScore(order=3).fit_transform(words)
    assert scores.tolist() == NgramScore(order=3).fit_transform(WORDS).tolist()


def test_weights_count_words_several_times() -> None:
    weights = [i % 3 for i in range(len(WORDS))]
    many = np.repeat(np.arange(len(WORDS)), weights)
    one = NgramClassifier(order=3).fit(WORDS, LABELS, sample_weight=weights)
    other = NgramClassifier(order=3).fit(np.array(WORDS)[many], np.array(LABELS)[many])
    np.testing.assert_allclose(one.predict_proba(NAMES), other.predict_proba(NAMES), rtol=1e-9)
    score = NgramScore(order=3).fit(WORDS, sample_weight=weights)
    alike = NgramScore(order=3).fit(np.array(WORDS)[many])
    assert score.transform(NAMES).tolist() == alike.transform(NAMES).tolist()
    raises(ValueError, "got 2 words and sample_weight", score.fit, ["a", "b"], sample_weight=[1])
    raises(
        TypeError,
        r"sample_weight of row \d+: expected an integer",
        one.fit,
        WORDS,
        LABELS,
        sample_weight=[0.5] * len(WORDS),
    )


def test_scores_are_those_of_the_models() -> None:
    score = NgramScore(order=4, per_order=True, boundary=".").fit(FIVE)
    names = ["score_2", "mean_2", "score_3", "mean_3", "score_4", "mean_4"]
    assert score.get_feature_names_out().tolist() == names
    table = score.transform(["ava", "zoë", ""])
    assert table.shape == (3, 6)
    for i, order in enumerate((2, 3, 4)):
        model = mf.count(FIVE, order=order).model(smoothing="kneser-ney", unknown=True)
        expected = model.score(["ava", "zoë", ""])
        np.testing.assert_allclose(table[:, 2 * i], expected)
        np.testing.assert_allclose(table[:, 2 * i + 1], expected / [4, 4, 1])
    assert np.isfinite(table).all()
    given = mf.fit(FIVE, chains=["h1 h2"])
    fixed = NgramScore(model=given, columns=("mean",)).fit(["xyz"])
    assert fixed.transform(["ava"]).tolist() == [given.score(["ava"], per="symbol").tolist()]
    assert fixed.get_feature_names_out().tolist() == ["mean"]


def test_they_work_where_estimators_work() -> None:
    pd: Any = pytest.importorskip("pandas")
    frame = pd.DataFrame({"word": WORDS, "n": range(len(WORDS))})
    columns = ColumnTransformer([("score", NgramScore(order=3), "word")], remainder="passthrough")
    pipeline = make_pipeline(columns, LogisticRegression())
    assert pipeline.fit(frame, LABELS).predict(frame).shape == (len(WORDS),)
    union = make_union(NgramScore(order=2), NgramScore(order=4)).fit(WORDS)
    assert union.transform(WORDS).shape == (len(WORDS), 4)
    folds = StratifiedKFold(3, shuffle=True, random_state=1)
    scores = cross_val_score(NgramClassifier(order=3), WORDS, LABELS, cv=folds, n_jobs=2)
    assert scores.mean() > 0.7
    search = GridSearchCV(NgramClassifier(), {"order": [2, 3], "smoothing": [0.1, "kneser-ney"]})
    assert set(search.fit(WORDS, LABELS).best_params_) == {"order", "smoothing"}


@pytest.mark.parametrize("kind", [NgramClassifier, NgramScore])
def test_they_are_cloned_and_kept(kind: Any, tmp_path: Any) -> None:
    estimator = kind(order=3, smoothing=0.1, boundary="#")
    again = clone(estimator)
    assert again.get_params() == estimator.get_params()
    assert not hasattr(again, "models_")
    estimator.fit(WORDS, LABELS)
    answer = "predict_proba" if kind is NgramClassifier else "transform"
    expected = getattr(estimator, answer)(WORDS).tolist()
    joblib.dump(estimator, tmp_path / "estimator.joblib")
    for copied in (
        pickle.loads(pickle.dumps(estimator)),
        copy.deepcopy(estimator),
        joblib.load(tmp_path / "estimator.joblib"),
        clone(estimator).fit(WORDS, LABELS),
    ):
        assert getattr(copied, answer)(WORDS).tolist() == expected


def test_bad_input() -> None:
    from sklearn.exceptions import NotFittedError

    classifier = NgramClassifier()
    raises(NotFittedError, "not fitted", classifier.predict, ["a"])
    raises(NotFittedError, "not fitted", NgramScore().transform, ["a"])
    raises(TypeError, "got a str", classifier.fit, "emma", [0])
    raises(TypeError, "row 1: expected str, got int", classifier.fit, ["a", 1], [0, 1])
    raises(TypeError, "row 0: expected str, got NoneType", NgramScore().fit, [None])
    raises(ValueError, "1 column, got an array of shape", classifier.fit, [["a", "b"]], [0])
    raises(ValueError, "got 2 words and classes of shape", classifier.fit, ["a", "b"], [0])
    raises(ValueError, "no words to learn from", classifier.fit, [], [])
    raises(ValueError, "no words to learn from", NgramScore().fit, [])
    raises(ValueError, "contains the boundary", classifier.fit, ["a\0"], [0])
    words, labels = ["a", "b"], [0, 1]
    raises(
        ValueError, "have no weight but zero", classifier.fit, words, labels, sample_weight=[0, 1]
    )
    raises(ValueError, "priors must be 2 numbers", NgramClassifier(priors=[1]).fit, words, labels)
    raises(ValueError, "not all zero", NgramClassifier(priors=[0, 0]).fit, words, labels)
    raises(ValueError, 'priors must be "counts" or', NgramClassifier(priors="x").fit, words, labels)
    raises(ValueError, "smoothing must be", NgramClassifier(smoothing="katz").fit, words, labels)  # type: ignore[arg-type]
    raises(ValueError, "columns must be one", NgramScore(columns=()).fit, words)
    raises(ValueError, "each of columns must be", NgramScore(columns=("x",)).fit, words)  # type: ignore[arg-type]
    raises(TypeError, "model must be a LanguageModel", NgramScore(model="a").fit, words)  # type: ignore[arg-type]
    model = mf.count(words).model()
    raises(ValueError, "per_order=True", NgramScore(model=model, per_order=True).fit, words)
    priors: Any = {0: 1, 1: 2}
    raises(TypeError, "priors must be numbers", NgramClassifier(priors=priors).fit, words, labels)
    none: Any = None
    raises(ValueError, "columns must be one", NgramScore(columns=none).fit, words)
    raises(TypeError, "an array or a list of words, got set", NgramScore().fit, {"a"})
    raises(TypeError, "sample_weight must be integers", NgramScore().fit, words, None, ["1", "2"])


@pytest.mark.parametrize("bad", ["a\0", "a\n", "\ud800"])
def test_errors_have_the_number_of_the_row(bad: str) -> None:
    words = ["a", "b", "c", "d", bad]
    for labels in ([0, 0, 0, 0, 1], [0, 1, 0, 1, 1], [1, 0, 1, 0, 0]):
        raises(ValueError, "^row 4: ", NgramClassifier().fit, words, labels)
    raises(ValueError, "^row 4: ", NgramScore().fit, words)
    weights = [1, 1, 1, 0.5]
    classes = [0, 1, 0, 1]
    told = "^sample_weight of row 3: expected an integer, got 0.5"
    raises(TypeError, told, NgramClassifier().fit, words[:4], classes, sample_weight=weights)
    raises(ValueError, "^row 3: the weight -1", NgramScore().fit, words[:4], None, [1, 1, 1, -1])


def test_relations_are_columns() -> None:
    duckdb: Any = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    words = duckdb.sql("SELECT unnest(['emma', 'ava', 'mia']) AS word")
    expected = NgramScore(order=3).fit(["emma", "ava", "mia"])
    scored = NgramScore(order=3).fit(words)
    assert scored.transform(words).tolist() == expected.transform(["emma", "ava", "mia"]).tolist()


def test_columns_of_single_symbols_and_large_priors() -> None:
    score = NgramScore(order=1, per_order=True).fit(WORDS)
    assert score.get_feature_names_out().tolist() == ["score_1", "mean_1"]
    assert score.transform(WORDS).shape == (len(WORDS), 2)
    even = NgramClassifier(priors="uniform").fit(WORDS, LABELS).predict_proba(WORDS)
    large = [1e308] * len(set(LABELS))
    assert np.array_equal(
        NgramClassifier(priors=large).fit(WORDS, LABELS).predict_proba(WORDS), even
    )


@pytest.mark.parametrize("missing", [None, float("nan"), np.float32("nan"), "pandas.NA"])
@pytest.mark.parametrize("kind", [object, float])
def test_a_word_without_a_class_is_told_without_warnings(missing: Any, kind: Any) -> None:
    if missing == "pandas.NA":
        missing = pytest.importorskip("pandas").NA
    if kind is float and not isinstance(missing, float | np.floating):
        pytest.skip("no float")
    labels = np.array([0, 1, missing, 1], kind)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        raises(ValueError, "y contains NaN: word 2", NgramClassifier().fit, ["a"] * 4, labels)
