"""Messages that show data: one printable line, whatever the data is."""

import re
import unicodedata
from collections.abc import Callable
from functools import partial

import pytest

import makemore_fast as mf

#: What Python's repr() escapes too: controls, formats, surrogates, private use, separators.
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs"}
#: All of the hidden ones (of those for private use, the ends), and every 50th of the others.
SYMBOLS = [
    chr(c)
    for c in range(0x110000)
    if (unicodedata.category(chr(c)) in HIDDEN - {"Co", "Cs"}) or c % 50 == 0
    if unicodedata.category(chr(c)) != "Cs"
] + ["\ue000", "\uf8ff", "\U000f0000", "\U0010fffd", "\ufdd0", "\ufffe", "\U0010ffff"]


def message(call: Callable[[], object]) -> str:
    with pytest.raises(ValueError) as caught:
        call()
    return str(caught.value)


def test_words_and_symbols_of_every_category() -> None:
    for symbol in SYMBOLS:
        said = message(partial(mf.count, [f"a{symbol}b"], alphabet="ab"))
        found = re.fullmatch(
            r"word 0: 'a(.+)b' contains '(.+)', which is not in .* alphabet; .*", said
        )
        assert found is not None, said
        assert found[1] == found[2]
        invisible = 0xE0000 <= ord(symbol) < 0xE1000  # variation selectors for ideographs are marks
        category = unicodedata.category(symbol)
        if symbol != " " and (category in HIDDEN or invisible):
            assert found[1].isascii(), said
            assert eval(f"'{found[1]}'") == symbol
        elif symbol in "'\\":
            assert found[1] == "\\" + symbol
        elif category != "Cn":  # what is not assigned yet may be shown or not
            assert found[1] == symbol


HOSTILE = "\x1b]0;owned\x07\n\u202e\u200f\x85\u2028"


@pytest.mark.parametrize(
    "call",
    [
        lambda: mf.count([HOSTILE + "."]),
        lambda: mf.count([HOSTILE + "."], order=3),
        lambda: mf.count([HOSTILE + "."], weights=[2]),
        lambda: mf.count([HOSTILE + "."], weights=[2], order=3),
        lambda: mf.count(["a\x1b"], boundary="\x1b"),
        lambda: mf.count(["a"], alphabet="\x1b\x1b"),
        lambda: mf.count_text("\x1b[2J.\x07"),
        lambda: mf.count_text("\x1b[2J.\x07", order=3),
        lambda: mf.count_text("\x1b[2J.\x07\t3", weighted=True),
        lambda: mf.count_text("\x1b[2J\x07", weighted=True),
        lambda: mf.count_text("a\t\x1b[2J", weighted=True),
        lambda: mf.count_text("a\t9" * 30 + "\x1b", weighted=True),
        lambda: mf.count(["ab"], boundary="\x1b") + mf.count(["ab"], boundary="\x07"),
        lambda: mf.examples([HOSTILE + "."]),
        lambda: mf.fit([HOSTILE + "."]),
        lambda: mf.fit(["ab"], chains=["\x1b"]),
        lambda: mf.fit(["ab"], chains=["h1 h\x1b"]),
        lambda: mf.count(["ab"]).model().sample(1, prefix="\x1b"),
        lambda: mf.count(["ab"], alphabet="ab\x1b").model().sample(1, prefix="\x1b"),
        lambda: mf.count(["ab"], boundary="\x1b").model().nll(mf.count(["ab"])),
    ],
)
def test_no_message_holds_a_control_character(call: Callable[[], object]) -> None:
    said = message(call)
    assert said.isprintable(), repr(said)
