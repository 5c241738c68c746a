"""What pictures other than that of bigram counts draw: models, matrices, words, tuning, fonts.

What is drawn is compared as matplotlib's objects hold it (numbers, labels, places), which no
version of a font library changes; and each picture as a whole, averaged to coarse squares, with
one that a person has looked at (data/pictures, made by data/make_pictures.py).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize, SymLogNorm

import makemore_fast as mf
from corpora import FIVE
from makemore_fast.display import fonts
from raising import raises
from torch_loops import program

mpl.use("Agg")
pictures = program(Path(__file__).parent / "data" / "make_pictures.py")

COUNTS = mf.count(FIVE, order=3)
SIGNED = np.array([[1, -2], [0, 0.5]])
MODELS: dict[str, mf.LanguageModel] = {
    "bigrams": COUNTS.lower(2).model(smoothing=1),
    "unsmoothed": COUNTS.lower(2).model(),
    "trigrams": COUNTS.model(smoothing="kneser-ney"),
    "single symbols": COUNTS.lower(1).model(smoothing="witten-bell"),
    "mixture": mf.fit(FIVE, chains=["h1 h2"]),
    "given": mf.BigramModel.from_probabilities(
        COUNTS.lower(2).model().probabilities, COUNTS.alphabet
    ),
    "large alphabet": mf.count(FIVE, alphabet="".join(map(chr, range(0x61, 0x600)))).model(
        smoothing=1
    ),
}


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def image_of(ax: Axes) -> Any:
    (image,) = ax.images
    return image


def labels_of(ax: Axes) -> tuple[list[str], list[str]]:
    rows = [label.get_text() for label in ax.get_yticklabels()]
    return rows, [label.get_text() for label in ax.get_xticklabels()]


@pytest.mark.parametrize("name", pictures.PICTURES)
def test_pictures_look_as_they_did(name: str) -> None:
    drawn = pictures.coarse(pictures.PICTURES[name]())
    kept = plt.imread(pictures.FOLDER / f"{name}.png")[..., :3]
    assert drawn.shape == kept.shape
    apart = np.abs(drawn - kept)
    assert apart.mean() < 0.02
    assert np.quantile(apart, 0.98) < 0.15


def test_another_picture_does_not_pass() -> None:
    """The limits above tell a picture from the same in other colours, or without a part."""
    kept = plt.imread(pictures.FOLDER / "counts_log.png")[..., :3]
    names = pictures._WORDS
    options: dict[str, Any] = {"text": False, "colorbar": True, "title": "names"}
    for other in ({"norm": LogNorm(1, 1e5)}, {"norm": "log", "cmap": "Greens"}):
        drawn = pictures.coarse(mf.count(names).plot(**(options | other)))
        assert np.abs(drawn - kept).mean() > 0.02


# -- counts of other orders ----------------------------------------------------------------


def test_rows_of_trigrams_are_the_most_frequent_contexts() -> None:
    ax = COUNTS.plot(rows=4, text=False)
    rows, columns = labels_of(ax)
    assert tuple(columns) == COUNTS.symbols
    sums: dict[str, int] = {}
    for (first, second, _), n in COUNTS.items():
        sums[first + second] = sums.get(first + second, 0) + n
    assert rows[0] == ".."
    assert sorted((sums[row] for row in rows), reverse=True) == [sums[row] for row in rows]
    assert min(sums[row] for row in rows) >= max(n for row, n in sums.items() if row not in rows)
    for row, cells in zip(rows, image_of(ax).get_array(), strict=True):
        assert cells.tolist() == COUNTS[row[0], row[1]].tolist()
    assert ax.get_ylabel() == "the 2 symbols before"
    assert ax.get_xlabel() == "next symbol"
    texts = [text.get_text() for text in COUNTS.plot(rows=2).texts]
    assert texts[1] == f"..a\n{COUNTS['.', '.', 'a']}"


def test_single_symbols_are_one_row() -> None:
    ax = COUNTS.lower(1).plot()
    assert image_of(ax).get_array().tolist() == [COUNTS.lower(1).array.tolist()]
    assert ax.texts[1].get_text() == f"a\n{COUNTS.lower(1)['a']}"


def test_counts_that_are_few_or_none() -> None:
    assert image_of(mf.count([], order=3).plot()).get_array().tolist() == [[0]]
    assert image_of(mf.count([], order=1).plot()).get_array().tolist() == [[0]]
    raises(ValueError, "rows= is for n-grams of other orders", COUNTS.lower(2).plot, rows=3)
    raises(ValueError, "rows must be 1 or more", COUNTS.plot, rows=0)


@pytest.mark.filterwarnings("ignore:no font that is installed")
def test_rows_of_a_large_alphabet() -> None:
    words = ["".join(chr(0x4E00 + i * j % 3000) for j in range(1, 6)) for i in range(1500)]
    counts = mf.count(words, order=3)
    ax = counts.plot(rows=30)
    most = sorted(
        (int(counts[gram].sum()) for gram in {(a, b) for a, b, _ in counts}), reverse=True
    )
    assert image_of(ax).get_array().sum() == sum(most[:30])


# -- models --------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:no font that is installed")
@pytest.mark.parametrize("name", MODELS)
def test_every_model_draws_its_probabilities(name: str) -> None:
    model = MODELS[name]
    prefixes = ["", "a", "av", "zz?"]
    ax = model.plot(prefixes=prefixes, text=False)
    image = image_of(ax).get_array()
    block = -(-len(model.alphabet) // 1000)
    for row, prefix in zip(image.tolist(), prefixes, strict=False):
        p = model.next_probabilities(prefix)
        if block == 1:
            assert row == pytest.approx(p.tolist())
    if block == 1:
        whole = image_of(model.plot(text=False)).get_array()
        starts = ["", *model.alphabet[1:]]
        expected = [model.next_probabilities(start) for start in starts]
        np.testing.assert_allclose(whole, expected)
        assert labels_of(ax)[0] == [".", "a", "av", "zz?"]


@pytest.mark.filterwarnings("ignore:no font that is installed")
def test_a_large_model_shows_means_of_blocks() -> None:
    model = MODELS["large alphabet"]
    (v,) = model.next_probabilities().shape
    image = np.asarray(image_of(model.plot()).get_array())
    assert image.shape == (-(-v // 2), -(-v // 2))
    expected = (model.next_probabilities("") + model.next_probabilities("a")) / 2
    assert image[0, 0] == pytest.approx(expected[:2].mean())
    assert image[0, 1] == pytest.approx(expected[2:4].mean())


def test_prefixes_that_are_none() -> None:
    model = MODELS["bigrams"]
    raises(TypeError, "prefixes must be a sequence of str", model.plot, prefixes="ab")
    raises(TypeError, "prefixes must be a sequence of str", model.plot, prefixes=[1])
    raises(TypeError, "prefixes must be a sequence of str", model.plot, prefixes=3)
    raises(ValueError, "1 to 1,000 prefixes, got 0", model.plot, prefixes=[])
    raises(ValueError, "1 to 1,000 prefixes, got 1,001", model.plot, prefixes=["a"] * 1001)


# -- matrices ------------------------------------------------------------------------------


def test_numbers_below_zero_get_colours_on_both_sides_of_white() -> None:
    ax = mf.heatmap(SIGNED, "ab")
    image = image_of(ax)
    assert image.get_cmap().name == "RdBu_r"
    assert (image.norm.vmin, image.norm.vmax) == (-2, 2)
    assert [text.get_text() for text in ax.texts] == ["aa\n1", "ab\n-2", "ba\n0", "bb\n0.5"]
    logged = image_of(mf.heatmap(SIGNED, "ab", norm="log"))
    assert isinstance(logged.norm, SymLogNorm)


def test_a_log_scale_begins_at_the_smallest_and_leaves_zero_white() -> None:
    image = image_of(mf.heatmap(np.array([[0, 0.001], [0.5, 1]]), "ab", norm="log"))
    assert isinstance(image.norm, LogNorm)
    assert (image.norm.vmin, image.norm.vmax) == (0.001, 1)
    assert image.to_rgba(image.get_array())[0, 0].tolist() == [1, 1, 1, 1]
    for matrix in ([[0, 0], [0, 0]], [[3, 3], [3, 3]]):  # nothing to scale
        assert image_of(mf.heatmap(matrix, "ab", norm="log")).norm.vmin > 0


def test_a_norm_of_matplotlib_is_taken_as_it_is() -> None:
    norm = Normalize(0, 7)
    assert image_of(COUNTS.lower(2).plot(norm=norm)).norm is norm
    assert image_of(COUNTS.lower(2).plot(norm="linear")).norm.vmin == 0


def test_numbers_that_are_none_have_no_colour() -> None:
    ax = mf.heatmap(np.array([[np.nan, np.inf], [1, 2]]), "ab")
    assert image_of(ax).get_array().mask.tolist() == [[True, True], [False, False]]
    assert [text.get_text() for text in ax.texts[:2]] == ["aa\n", "ab\n∞"]
    mf.heatmap([[np.nan]], "a", norm="log").figure.canvas.draw()


def test_what_is_masked_has_no_colour_and_ink_is_seen_on_white() -> None:
    masked = np.ma.masked_equal(np.array([[1, 2], [3, 4]]), 2)
    ax = mf.heatmap(masked, "ab", norm=LogNorm())
    assert image_of(ax).get_array().mask.tolist() == [[False, True], [False, False]]
    for one in (ax, mf.heatmap([[0, 5]], "ab", rows="a", norm=LogNorm(1, 5))):
        empty = [text for text in one.texts if text.get_text() in ("ab\n", "aa\n0")]
        assert [text.get_color() for text in empty] != ["white"] * len(empty)


def test_a_matrix_may_have_other_rows() -> None:
    ax = mf.heatmap(
        np.ones((2, 3)), "abc", rows=["one", "two"], text=False, names=("number", "letter"),
        title="$x_1$", colorbar=True, unit="things",
    )  # fmt: skip
    assert labels_of(ax) == (["one", "two"], ["a", "b", "c"])
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("number", "letter")
    assert ax.get_title() == "$x_1$"
    assert not ax.title.get_parse_math()
    assert [other.get_ylabel() for other in ax.figure.axes] == ["number", "things"]


def test_a_title_is_as_it_stands_but_for_what_cannot_be_seen() -> None:
    for title, shown in (
        ("two  words\nin $2$ lines", "two  words\nin $2$ lines"),
        ("\x1b", "U+001B"),
    ):
        for ax in (
            mf.heatmap([[1]], "a", title=title),
            MODELS["bigrams"].plot_word("ava", title=title),
        ):
            ax.figure.canvas.draw()
            assert ax.get_title() == shown


def test_names_and_units_are_as_they_stand() -> None:
    ax = mf.heatmap(
        [[1]], "a", names=("$\\frac", "\x1b"), unit="$\\frac u$", colorbar=True, text=False
    )
    ax.figure.canvas.draw()
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("$\\frac", "U+001B")
    assert ax.figure.axes[1].get_ylabel() == "$\\frac u$"


@pytest.mark.parametrize("most", [1e-200, 1e20, 1e22, 1e300])
@pytest.mark.parametrize("norm", [None, "log"])
def test_numbers_of_any_size(most: float, norm: Any) -> None:
    for matrix in ([[most, 0], [0, most]], [[most, -most], [0, most / 2]]):
        mf.heatmap(matrix, "ab", norm=norm, colorbar=True).figure.canvas.draw()


def test_labels_and_names_are_inside_the_picture() -> None:
    counts = mf.count(["abcdefghijklmnopqrstuvwxyz"])
    ax = counts.plot(text=False, colorbar=True, title="letters")
    ax.figure.canvas.draw()
    assert is_whole(ax)
    whole = ax.figure.bbox
    for text in (ax.xaxis.label, ax.yaxis.label, ax.title, ax.figure.axes[1].yaxis.label):
        box = text.get_window_extent()
        assert whole.x0 <= box.x0 <= box.x1 <= whole.x1
        assert whole.y0 <= box.y0 <= box.y1 <= whole.y1


@pytest.mark.parametrize("norm", ["linear", "log"])
@pytest.mark.parametrize("words", [["a"], ["\x01\x02ab"], FIVE], ids=["one", "unseen", "five"])
def test_no_label_of_a_new_figure_is_cut_off(words: list[str], norm: Any) -> None:
    counts = mf.count(words, order=3)
    for drawn in (counts, counts.lower(1), counts.lower(2).model(smoothing=1)):
        for title in (None, "title"):
            ax = drawn.plot(text=False, colorbar=True, norm=norm, title=title)
            ax.figure.canvas.draw()
            assert is_whole(ax)


def is_whole(ax: Axes) -> bool:
    """Return whether all that is drawn lies within the figure, but for a hundredth of an inch."""
    figure: Any = ax.figure
    box, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    return bool(min(box.x0, box.y0, width - box.x1, height - box.y1) > -0.01)


def test_a_large_matrix_shows_means_of_blocks() -> None:
    matrix = np.arange(1003 * 1003).reshape(1003, 1003)
    image = np.asarray(image_of(mf.heatmap(matrix, [str(i) for i in range(1003)])).get_array())
    assert image.shape == (502, 502)
    assert image[0, 0] == matrix[:2, :2].mean()
    assert image[-1, -1] == matrix[-1, -1]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"matrix": [[1, 2]]}, ValueError, "the matrix is 1 x 2, and its labels are 2 x 2"),
        ({"matrix": [1, 2]}, ValueError, "2-D array, got 1 axes"),
        ({"matrix": [["a"]]}, TypeError, "the matrix must be an array of numbers"),
        ({"matrix": [[1], [2, 3]]}, TypeError, "the matrix must be an array of numbers"),
        ({"matrix": np.zeros((0, 0)), "symbols": ""}, ValueError, "the matrix is empty"),
        ({"symbols": 3}, TypeError, "symbols must be a str or a sequence of str, got int"),
        ({"symbols": [1, 2]}, TypeError, "symbols must be a str or a sequence of str"),
        ({"rows": 3}, TypeError, "rows must be"),
        ({"norm": "sqrt"}, ValueError, 'norm must be "linear", "log" or a Normalize'),
        ({"norm": 3}, TypeError, "norm must be"),
        ({"title": 3}, TypeError, "title must be a str or None, got int"),
        ({"colorbar": "yes"}, TypeError, "colorbar must be True or False, got str"),
        ({"text": "yes"}, TypeError, "text must be True or False"),
        ({"cmap": 3}, TypeError, "cmap must be"),
        ({"cmap": "blue"}, ValueError, "cmap must be"),
        ({"names": "ab"}, TypeError, "names must be two str"),
        ({"unit": 3}, TypeError, "unit must be a str"),
        ({"ax": 3}, TypeError, "ax must be a matplotlib Axes"),
    ],
)
def test_what_heatmap_does_not_take(options: Any, error: Any, message: str) -> None:
    given: dict[str, Any] = {"matrix": [[1, 2], [3, 4]], "symbols": "ab"}
    raises(error, message, lambda: mf.heatmap(**(given | options)))


# -- words and tuning ----------------------------------------------------------------------


@pytest.mark.parametrize("name", MODELS)
def test_bars_are_surprisals(name: str) -> None:
    model = MODELS[name]
    scores, _ = model.symbol_scores(["ava"])
    for unit, size in (("nats", 1.0), ("bits", np.log(2))):
        ax = model.plot_word("ava", unit=unit)  # type: ignore[arg-type]
        heights = [bar.get_height() for bar in ax.patches]  # type: ignore[attr-defined]
        if np.isfinite(scores).all():
            assert heights == pytest.approx((-scores / size).tolist())
        assert labels_of(ax)[1] == ["a", "v", "a", "."]
        assert ax.get_ylabel() == f"surprisal: {unit}"


def test_what_is_impossible_is_drawn_without_end() -> None:
    ax = MODELS["unsmoothed"].plot_word("avx", title="a title")
    assert [text.get_text() for text in ax.texts] == ["∞", "∞"]
    heights = [bar.get_height() for bar in ax.patches]  # type: ignore[attr-defined]
    assert np.isfinite(heights).all()
    assert ax.get_title() == "a title"
    MODELS["unsmoothed"].plot_word("?").figure.canvas.draw()  # nothing at all is possible
    MODELS["bigrams"].plot_word("").figure.canvas.draw()
    MODELS["bigrams"].plot_word("ab" * 500).figure.canvas.draw()
    raises(TypeError, "word must be a str, got list", MODELS["bigrams"].plot_word, ["ava"])
    raises(ValueError, "unit must be", MODELS["bigrams"].plot_word, "ava", unit="dits")


def test_tuning_draws_its_losses() -> None:
    tuned = COUNTS.tune(["ava", "mia"])
    ax = tuned.plot(title="tuned")
    lines = {line.get_label(): line for line in ax.lines}
    for method in ("add-k", "witten-bell", "kneser-ney"):
        for order, loss in np.asarray(lines[method].get_xydata()).tolist():
            tried = [
                trial.loss
                for trial in tuned.trials
                if trial.order == order
                and (trial.smoothing if isinstance(trial.smoothing, str) else "add-k") == method
            ]
            assert loss == min(tried)
    (best,) = (line for name, line in lines.items() if str(name).startswith("best: "))
    assert best.get_xydata().tolist() == [[tuned.best.order, tuned.best.loss]]  # type: ignore[union-attr]
    given = plt.subplots()[1]
    assert COUNTS.lower(1).tune(["ava"]).plot(ax=given) is given


def test_the_loss_of_single_symbols() -> None:
    ax = mf.count(FIVE, order=1).plot_loss(["ava"])
    assert [list(line.get_xdata()) for line in ax.lines] == [[1], [1]]  # type: ignore[arg-type]


# -- fonts ---------------------------------------------------------------------------------


def test_a_font_that_has_the_symbols_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a font set that has few symbols, others that are installed are looked through."""
    monkeypatch.setitem(mpl.rcParams, "font.family", ["cmtt10"])  # comes with matplotlib
    ax = mf.count(["aßжλ"]).plot()
    ax.figure.canvas.draw()
    assert not any("U+" in text.get_text() for text in ax.texts)
    assert ax.texts[0].get_fontfamily()[0] == "cmtt10"
    assert len(ax.texts[0].get_fontfamily()) > 1


def test_chinese_is_drawn_where_a_font_has_it() -> None:
    _, missing = fonts._search(frozenset("中文字"), fonts._number_of_fonts())
    if missing:
        pytest.skip("no font that has Chinese is installed (fonts-noto-cjk)")
    ax = mf.count(["中文", "文字"]).plot(title="中文")
    ax.figure.canvas.draw()  # a glyph that is missing would warn
    assert not any("U+" in text.get_text() for text in ax.texts)


def test_no_font_for_some_symbols_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_search", lambda missing, _: ([], set(missing)))
    with pytest.warns(UserWarning, match=r"has one of the symbols, '中' \(U\+4E2D\)") as told:
        MODELS["bigrams"].plot_word("中").figure.canvas.draw()
    assert len(told) == 1


def test_the_last_resort_is_no_font() -> None:
    families, missing = fonts._search(frozenset("\U000e0fff"), fonts._number_of_fonts())
    assert families == []
    assert missing == {"\U000e0fff"}


def test_missing_matplotlib_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    tuned = COUNTS.tune(["ava"])
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    for call in (
        lambda: mf.heatmap([[1]], "a"),
        MODELS["bigrams"].plot,
        lambda: MODELS["bigrams"].plot_word("ava"),
        tuned.plot,
    ):
        raises(ImportError, r"pip install 'makemore_fast\[plot\]'", call)
