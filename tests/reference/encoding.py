"""Counts as bytes: what `Counts.to_bytes` returns, written number by number.

Sources: docs/reference/saved.md for the format; the DWARF standard, version 5, 7.6, for LEB128; ISO
3309 for the checksum, which Python's zlib has too.

By hand, the bigrams of the word ab. Ids are 0 for the boundary, 1 for a, 2 for b: two bits each.
The key of a bigram has its last symbol highest, so .a is 1 << 2 | 0 = 4, ab is 2 << 2 | 1 = 9 and
b. is 0 << 2 | 2 = 2. In their order 2, 4, 9 there lie 2, 1 and 4 other keys before each, and each
occurs once: 4 x 2 + 0 = 8, 4 and 16. The alphabet: 3 symbols; the boundary 46; before a lie 97
code points, between a and b none.

>>> encoded(["ab"], 2)[:-4].hex(" ", 1)
'4d 46 43 4f 55 4e 54 53 01 02 01 04 03 2e 61 00 02 05 02 03 08 04 10'
"""

import zlib
from collections.abc import Iterable

from reference.counting import alphabet, ngrams


def varint(number: int) -> bytes:
    """Return a number in groups of seven bits, the lowest first.

    >>> varint(5).hex(), varint(300).hex()
    ('05', 'ac02')
    """
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F)
    return bytes([*(group | 0x80 for group in groups[:-1]), groups[-1]])


def section(kind: int, numbers: Iterable[int]) -> bytes:
    """Return a section of numbers: its kind, how many bytes, and these."""
    content = b"".join(map(varint, numbers))
    return bytes([kind]) + varint(len(content)) + content


def gaps(numbers: Iterable[int]) -> list[int]:
    """Return how many numbers lie before each of some that go up.

    >>> gaps([0, 1, 5])
    [0, 0, 3]
    """
    found, before = [], -1
    for number in numbers:
        found.append(number - before - 1)
        before = number
    return found


def text(of: str) -> bytes:
    """Return a text's size in bytes, and its UTF-8.

    >>> text("é").hex()
    '02c3a9'
    """
    data = of.encode()
    return varint(len(data)) + data


def tokens(vocabulary: Iterable[str], *, unknown: bool, boundary: str) -> bytes:
    """Return the section of tokens, of words that are lists of them."""
    ordered = sorted(vocabulary)
    content = varint(0) + varint(unknown) + text(boundary) + text("") + varint(0)
    content += varint(len(ordered)) + b"".join(map(text, ordered))
    return b"\x03" + varint(len(content)) + content


def encoded(words: Iterable[str], order: int, boundary: str = ".") -> bytes:
    """Return the counts of words as bytes."""
    words = list(words)
    symbols = alphabet(words, boundary)
    bits = max(len(symbols) - 1, 1).bit_length()
    keys = {
        sum(symbols.index(symbol) << bits * place for place, symbol in enumerate(gram)): times
        for gram, times in ngrams(words, order, boundary).items()
    }
    ordered = sorted(keys)
    cells = []
    for gap, key in zip(gaps(ordered), ordered, strict=True):
        times = keys[key]
        cells += [4 * gap + times - 1] if times < 4 else [4 * gap + 3, times - 4]
    others = gaps(map(ord, symbols[1:]))
    content = (
        b"MFCOUNTS\x01\x02"
        + section(1, [len(symbols), ord(boundary), *others])
        + section(2, [order, len(keys), *cells])
    )
    return content + zlib.crc32(content).to_bytes(4, "little")
