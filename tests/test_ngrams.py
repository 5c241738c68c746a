"""Counts of order n: what is counted, exactly, from words and from files."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import makemore_fast as mf
import reference
from corpora import some_words, words
from raising import raises
from word_files import written

orders = st.integers(2, 7)


def as_reference(counts: mf.Counts) -> dict[tuple[str, ...], int]:
    ids, times = counts.ngrams()
    alphabet = counts.alphabet
    grams = [tuple(alphabet[i] for i in gram) for gram in ids.tolist()]
    assert grams == [g for _, g in sorted(zip(ids.tolist(), grams, strict=True))]
    return dict(zip(grams, times.tolist(), strict=True))


@given(words, orders)
def test_counts_equal_the_reference(corpus: list[str], order: int) -> None:
    counts = mf.count(corpus, order=order)
    assert as_reference(counts) == reference.ngrams(corpus, order)
    assert counts.alphabet == reference.alphabet(corpus)
    assert (counts.order, counts.words) == (order, len(corpus))
    assert counts.total == sum(len(word) + 1 for word in corpus)


@given(words, orders)
def test_lines_of_a_file_are_words(corpus: list[str], order: int) -> None:
    # Few bytes with NULs among them may be refused, as they could be UTF-16.
    corpus = [word for word in corpus if word and not set(word) & set("\0\r\n\ufeff")]
    for end in ("\n", "\r\n", "\r"):
        text = end.join(corpus).encode()
        for threads in (1, 2):
            counts = mf.count_text(text, order=order, threads=threads)
            assert counts == mf.count(corpus, order=order)


@pytest.mark.parametrize("order", [2, 3, 5])
@pytest.mark.parametrize("skip_blank", [True, False])
def test_texts_follow_the_rules_of_lines(order: int, skip_blank: bool) -> None:
    for text in [
        b"",
        b"\n",
        b"\xef\xbb\xbfab\n",
        b"ab\r\n\r\nba\rab",
        b"\n\nab\n\n",
        b"\r",
        b"\r\n",
    ]:
        expected = mf.count(reference.lines(text, skip_blank=skip_blank), order=order)
        assert mf.count_text(text, order=order, skip_blank=skip_blank) == expected


def test_a_text_of_many_pieces_is_the_same_for_any_threads(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    symbols = np.array(list("abcdé中😀"))
    corpus = ["".join(rng.choice(symbols, rng.integers(0, 9))) for _ in range(300_000)]
    corpus[1000] = "ab" * 2_000_000
    path = written(tmp_path, "\n".join(corpus).encode())
    expected = mf.count([word for word in corpus if word], order=4)
    for threads in (1, 2, 3):
        assert mf.count_file(path, order=4, threads=threads) == expected


@pytest.mark.parametrize("order", [3, 4])
def test_bad_lines_are_told_by_their_number(order: int, tmp_path: Path) -> None:
    text = b"ab\nba\r\nb.a\n" + b"x" * 3_000_000
    for threads in (1, 2):
        with pytest.raises(ValueError, match=r"line 3: 'b\.a' contains the boundary '\.'"):
            mf.count_text(text, order=order, threads=threads)
        with pytest.raises(ValueError, match=r"line 4: .* contains 'x', which is not in"):
            mf.count_text(text.replace(b".", b""), order=order, alphabet="ab", threads=threads)
        with pytest.raises(ValueError, match="line 3, byte 8: not valid UTF-8"):
            mf.count_text(text.replace(b".", b"\xff"), order=order, threads=threads)
    path = written(tmp_path, b"ab\n\xe4\xb8", "cut.txt")
    with pytest.raises(ValueError, match=r"cut\.txt, line 2, byte 3: the text ends inside"):
        mf.count_file(path, order=order)
    with pytest.raises(ValueError, match=r"word 1: 'a\.b' contains the boundary"):
        mf.count(["ab", "a.b"], order=order)
    raises(TypeError, "word 1", mf.count, ["ab", 3], order=order)


def test_keys_grow_with_the_alphabet() -> None:
    # From 5 bits a symbol to 12, and from keys of 64 bits to 128, within one call.
    corpus = ["ab", *(chr(0x4E00 + i) + chr(0x4E00 + i // 2) for i in range(3000)), "ba"]
    for order in (2, 3, 5, 6, 9):
        assert as_reference(mf.count(corpus, order=order)) == reference.ngrams(corpus, order)
    with pytest.raises(ValueError, match="order 11 is too high for an alphabet of .* the most is"):
        mf.count(corpus, order=11)
    raises(ValueError, "order must be 1 or more, got 0", mf.count, corpus, order=0)


def lines_of(corpus: list[str], weighted: bool) -> str:
    return "\n".join(word + "\t1" * weighted for word in corpus)


@pytest.mark.parametrize("skip_blank", [True, False])
@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("order", [2, 9, 10, 12, 13, 18, 21])
def test_keys_that_grow_inside_a_word(order: int, weighted: bool, skip_blank: bool) -> None:
    """The alphabet outgrows the keys of 64 bits in the middle of the only line."""
    corpus = ["abcdefghijklmnopqrstuvwxyz0123456789"]
    text = lines_of(corpus, weighted)
    for ended in (text, text + "\n"):
        counts = mf.count_text(ended, order=order, weighted=weighted, skip_blank=skip_blank)
        assert counts.words == 1
        assert as_reference(counts) == reference.ngrams(corpus, order)


@pytest.mark.parametrize("order", [2, 3, 7])
def test_an_ascii_symbol_after_16_bits_of_others(order: int) -> None:
    others = "".join(chr(0x10000 + i) for i in range(65_540))
    corpus = [others[i : i + 60] for i in range(0, len(others), 60)] + ["abab"] * 300
    counts = mf.count(corpus, order=order)
    assert len(counts.alphabet) == 65_543
    assert counts == mf.count(corpus, weights=[1] * len(corpus), order=order)
    assert counts == mf.count_text("\n".join(corpus), order=order)
    assert counts.lower(2) == mf.count(corpus)


@pytest.mark.parametrize("symbols", [1, 3, 31, 32, 130, 3000])
@pytest.mark.parametrize("order", [60, 128, 129, 500, 10**9])
def test_the_order_that_is_advised_works(symbols: int, order: int) -> None:
    """It is that of the whole text, and not of what was read before it was too high."""
    corpus = [chr(0x100 + i) * 2 for i in range(symbols)]
    ones = [1] * symbols
    calls: list[Callable[[int], mf.Counts]] = [
        lambda order: mf.count(corpus, order=order),
        lambda order: mf.count(iter(corpus), order=order),
        lambda order: mf.count(corpus, weights=ones, order=order),
        lambda order: mf.count_text(lines_of(corpus, False), order=order, threads=2),
        lambda order: mf.count_text(lines_of(corpus, True), order=order, weighted=True),
        lambda order: mf.count_file(io.BytesIO(lines_of(corpus, False).encode()), order=order),
    ]
    for call in calls:
        if order <= 128 // symbols.bit_length():  # the largest id is the number of symbols
            assert as_reference(call(order)) == reference.ngrams(corpus, order)
            continue
        with pytest.raises(ValueError, match=r"the most is \d+$") as caught:
            call(order)
        assert f"for an alphabet of {symbols + 1} symbols" in str(caught.value)
        advised = int(str(caught.value).split()[-1])
        assert as_reference(call(advised)) == reference.ngrams(corpus, advised)
        raises(ValueError, f"order {advised + 1} is too high", call, advised + 1)


def test_of_several_files_the_order_for_all_is_advised(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("one.txt", "two.txt", "three.txt")]
    for path, symbols in zip(paths, (5, 60, 700), strict=True):
        path.write_text("".join(chr(0x100 + i) for i in range(symbols)), encoding="utf-8")
    for order in (200, 40, 20, 13):
        raises(ValueError, r"of 701 symbols; the most is 12$", mf.count_file, paths, order=order)
    assert mf.count_file(paths, order=12).words == 3
    with pytest.raises(ValueError, match=r"one.txt: order 200 .* of 6 symbols; the most is 42$"):
        mf.count_file(paths[0], order=200)


def test_sums_advise_the_order_of_all_their_symbols() -> None:
    one, other = mf.count(["ab"], order=40), mf.count(["cdefgh"], order=40)
    with pytest.raises(
        ValueError, match="order 40 is too high for .* of 9 symbols; the most is 32"
    ):
        one + other
    with pytest.raises(
        ValueError, match="order 40 is too high for .* of 9 symbols; the most is 32"
    ):
        one.update(["cdefgh"])
    assert one == mf.count(["ab"], order=40)


@pytest.mark.parametrize(
    ("symbols", "most"), [("a", 128), ("ab", 64), ("abcdefg", 42), ("a-o", 32)]
)
def test_the_highest_order_depends_on_the_symbols_that_occur(symbols: str, most: int) -> None:
    corpus = ["".join(map(chr, range(97, 112))) if symbols == "a-o" else symbols, "a" * 200, "a"]
    for order in (most, most // 2 + 1):
        counts = mf.count(corpus, order=order)
        assert as_reference(counts) == reference.ngrams(corpus, order)
        model = counts.model(smoothing="witten-bell")
        assert model.score(corpus)[2] < 0
        assert mf.count_text("\n".join(corpus), order=order, threads=1) == counts
        assert mf.count(corpus, weights=[1, 1, 1], order=order) == counts
    with pytest.raises(ValueError, match=f"order {most + 1} is too high.*; the most is"):
        mf.count(corpus, order=most + 1)


@given(words, words, orders)
def test_counts_add_up(a: list[str], b: list[str], order: int) -> None:
    both = mf.count(a + b, order=order)
    assert mf.count(a, order=order) + mf.count(b, order=order) == both
    counts = mf.count(a, order=order)
    counts.update(b)
    assert counts == both
    with pytest.raises(ValueError, match="cannot be added"):
        counts += mf.count(b, order=order + 1)
    assert counts == both


@given(some_words)
def test_the_array_is_the_tensor_of_the_exercise(corpus: list[str]) -> None:
    counts = mf.count(corpus, order=3)
    stoi = counts.stoi
    expected = np.zeros((len(stoi),) * 3, np.int64)
    for gram, times in reference.ngrams(corpus, 3).items():
        expected[tuple(stoi[symbol] for symbol in gram)] = times
    assert np.array_equal(counts.array, expected)
    for gram, times in counts.most_common():
        assert counts[gram] == times


def test_what_is_too_large_for_an_array_says_so() -> None:
    counts = mf.count(mf.names(), order=6)
    with pytest.raises(ValueError, match=r"would take .* GiB; ngrams\(\) gives"):
        _ = counts.array
    with pytest.raises(TypeError, match="expected up to 6 symbols"):
        _ = counts["a", "b", "c", "d", "e", "f", "g"]
    assert "6-gram" in counts._repr_html_()
    assert repr(counts).startswith("Counts(2,910 words, ")
