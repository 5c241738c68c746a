"""What a notebook shows of counts: the right numbers, in HTML that no symbol can break."""

from html.parser import HTMLParser

import pytest

import makemore_fast as mf
from corpora import FIVE
from makemore_fast.display.labels import short, visible


class Table(HTMLParser):
    """Collects the cells of a table, and checks that tags close in order."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tips: list[str] = []
        self.text = ""
        self.styles = ""
        self.tags: set[str] = set()
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        self.tags.add(tag)
        values = dict(attrs)
        self.styles += (values.get("style") or "") + "\n"
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            if tag == "td" and "title" in values:
                self.tips.append(values["title"] or "")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1] in ("td", "th"):
            self.rows[-1][-1] += data
        else:
            self.text += data


def shown(counts: mf.Counts) -> Table:
    return Table(counts._repr_html_())


def test_table_holds_every_count_under_its_symbols() -> None:
    counts = mf.count(FIVE)
    table = shown(counts)
    alphabet = list(counts.alphabet)
    assert table.rows[0] == ["", *alphabet]
    assert [row[0] for row in table.rows[1:]] == alphabet
    assert [[int(cell) for cell in row[1:]] for row in table.rows[1:]] == counts.array.tolist()


def test_heading_says_how_much_was_counted() -> None:
    table = shown(mf.count(["ab"] * 1234))
    assert table.text == "Counts: 1,234 words, 3,702 bigrams, 3 symbols"


def test_tooltips_hold_the_bigram_and_its_exact_count() -> None:
    counts = mf.count(["ab"] * 123_456)
    table = shown(counts)
    assert table.tips[1] == ".a: 123,456"
    assert table.rows[1][2] == "123k"
    assert len(table.tips) == 9


def test_many_symbols_give_the_most_common_bigrams() -> None:
    counts = mf.count(mf.names())
    assert len(counts.alphabet) > 40
    table = shown(counts)
    assert table.rows[0] == ["bigram", "count", "share"]
    assert [(row[0], row[1]) for row in table.rows[1:]] == [
        (first + second, f"{count:,}") for (first, second), count in counts.most_common(20)
    ]
    share = counts.most_common(1)[0][1] / counts.total
    assert table.rows[1][2] == f"{share:.2%}"


def test_symbols_that_mean_something_to_html_are_escaped() -> None:
    source = mf.count(["<b>&\"'"])._repr_html_()
    table = Table(source)
    assert table.rows[0][1:] == list(".\"&'<>b")
    assert "<&: 0" in table.tips
    assert "<b>" not in source.replace("<b>Counts</b>", "")


def test_symbols_that_cannot_be_seen_are_shown() -> None:
    table = shown(mf.count([" \t\n\x00\u202e\u0301\ufe0f"]))
    names = ["", ".", "U+0000", "⇥", "↵", "␣", "◌\u0301", "U+202E", "U+FE0F"]
    assert table.rows[0] == names


def test_no_words_give_a_table_of_one_zero() -> None:
    assert shown(mf.count([])).rows == [["", "."], [".", "0"]]


def test_style_is_inline_and_sets_no_text_colour() -> None:
    table = shown(mf.count(FIVE))
    assert table.tags <= {"div", "b", "table", "tr", "th", "td"}
    properties = {
        declaration.partition(":")[0]
        for style in table.styles.split("\n")
        for declaration in style.split(";")
    }
    assert "color" not in properties
    assert "background" in properties


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (99_999, "99999"),
        (100_000, "100k"),
        (999_499, "999k"),
        (999_500, "1M"),
        (1_234_567, "1.2M"),
        (9_949_999, "9.9M"),
        (9_950_000, "10M"),
        (2**63 - 1, "9.2E"),
    ],
)
def test_counts_take_at_most_five_characters(count: int, text: str) -> None:
    assert short(count) == text


def test_ordinary_symbols_are_shown_as_they_are() -> None:
    for symbol in "az.$<é中😀אب-":
        assert visible(symbol) == symbol
