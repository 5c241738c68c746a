"""Counting texts that are hard on a counter: other scripts, and patterns that wait on one place."""

from collections.abc import Callable

import numpy as np
import pytest

import makemore_fast as mf
from references import counter_counts
from timing import Benchmark, measure
from workloads import NAME, SMOKE, WORDS, dictionary, made_up_words

MEGABYTES = 1 if SMOKE else 100
N = 1_000 if SMOKE else 200_000  # words that are repeated

pytestmark = pytest.mark.benchmark(group=f"Counting {MEGABYTES} MB of texts, bytes, 1 thread")

LATIN = "eaisnrtolumdcpvgbfhqyjxzkw"
GREEK = "αοιετσνηυρπκμλωςγδχθφβξζψ"
CYRILLIC = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэф"
DEVANAGARI = "ाकरनेसि्तमीहपलयवोजबदगंुूशटखभधचठणथफआइउएअघछझडढओऔऐईऊञऑङ"
HAN = "".join(map(chr, range(0x4E00, 0x4E00 + 4000)))
EMOJI = "".join(map(chr, range(0x1F600, 0x1F640)))


def french() -> list[str]:
    return dictionary("french")[:N] or made_up_words(LATIN, N, rare="éèêàçîôûï")


def polish() -> list[str]:
    return dictionary("polish")[:N] or made_up_words(LATIN, N, rare="ąćęłńóśżź")


def row(
    benchmark: Benchmark,
    text: bytes,
    words: list[str],
    label: str,
    *,
    baseline: bool = False,
    at_least: float | None = None,
) -> None:
    """Check one text and time it many times over."""
    expected = mf.count_text(text, threads=1)
    assert np.array_equal(expected.array, counter_counts(words))
    times = max(1, MEGABYTES * 1_000_000 // len(text))
    text *= times
    counted = mf.count_text(text, threads=1)
    assert np.array_equal(counted.array, times * expected.array)
    measure(
        benchmark,
        lambda: mf.count_text(text, threads=1),
        label=label,
        items=len(text),
        unit="bytes",
        baseline=baseline,
        at_least=at_least,
    )


def lines(words: list[str], end: str = "\n") -> bytes:
    return "".join(word + end for word in words).encode()


def test_names(benchmark: Benchmark) -> None:
    row(benchmark, lines(WORDS), WORDS, NAME, baseline=True)


@pytest.mark.parametrize(
    ("made", "label", "at_least"),
    [
        pytest.param(french, "French", 0.5, id="french"),
        pytest.param(polish, "Polish", 0.3, id="polish"),
        pytest.param(lambda: made_up_words(CYRILLIC, N), "Cyrillic", 0.3, id="cyrillic"),
        pytest.param(lambda: made_up_words(GREEK, N), "Greek", 0.3, id="greek"),
        pytest.param(lambda: made_up_words(DEVANAGARI, N), "Devanagari", 0.2, id="devanagari"),
        pytest.param(mf.names, "the built-in names (107 symbols)", 0.2, id="many"),
        pytest.param(lambda: made_up_words(EMOJI, N), "emoji", 0.2, id="emoji"),
        pytest.param(
            lambda: made_up_words(HAN, N, longest=4), "Chinese (4,000 symbols)", None, id="han"
        ),
    ],
)
def test_script(
    benchmark: Benchmark, made: Callable[[], list[str]], label: str, at_least: float | None
) -> None:
    words = made()
    row(benchmark, lines(words), words, label, at_least=at_least)


@pytest.mark.parametrize(
    ("made", "label"),
    [
        pytest.param(lambda: ["a" * 50] * N, "one letter throughout", id="one_letter"),
        pytest.param(lambda: made_up_words("a" * 26, N), "words of one letter, a", id="same"),
        pytest.param(
            lambda: list(np.random.default_rng(1).choice(list(LATIN), N)),
            "one-letter words",
            id="short",
        ),
        pytest.param(
            lambda: ["".join(np.random.default_rng(2).choice(list(LATIN), 50 * N))],
            "random letters, one word",
            id="random",
        ),
    ],
)
def test_pattern(benchmark: Benchmark, made: Callable[[], list[str]], label: str) -> None:
    words = made()
    row(benchmark, lines(words), words, label, at_least=0.3)


@pytest.mark.parametrize(
    ("end", "label"), [("\r\n", "CRLF"), ("\n\n\n\n", "three blank lines after each word")]
)
def test_line_ends(benchmark: Benchmark, end: str, label: str) -> None:
    row(benchmark, lines(WORDS, end), WORDS, f"{NAME}, {label}", at_least=0.3)


def test_one_word(benchmark: Benchmark) -> None:
    word = lines(WORDS).replace(b"\n", b"")
    text = word * max(1, MEGABYTES * 1_000_000 // len(word))
    assert mf.count_text(text, threads=1) == mf.count_text(text, threads=2)
    assert mf.count_text(text).total == len(text.decode()) + 1
    measure(
        benchmark,
        lambda: mf.count_text(text, threads=1),
        label=f"{NAME} without line ends, one word",
        items=len(text),
        unit="bytes",
        at_least=0.3,
    )


def test_blank_lines(benchmark: Benchmark) -> None:
    text = b"\n" * (MEGABYTES * 1_000_000)
    assert mf.count_text(text) == mf.count([])
    measure(
        benchmark,
        lambda: mf.count_text(text, threads=1),
        label="blank lines only",
        items=len(text),
        unit="bytes",
        at_least=0.3,
    )
