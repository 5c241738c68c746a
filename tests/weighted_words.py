"""Words and their weights, to count as if each stood there as often."""

from hypothesis import strategies as st

from corpora import word

WORDS = ["ava", "mia", "né", "中文字", "", "ava"]
WEIGHTS = [2, 0, 5, 1, 3, 4]
REPEATED = [word for word, weight in zip(WORDS, WEIGHTS, strict=True) for _ in range(weight)]
weighted = st.lists(st.tuples(word, st.integers(0, 5)), max_size=30)


def lines(pairs: list[tuple[str, int]], end: str = "\n") -> bytes:
    return "".join(f"{word}\t{weight}{end}" for word, weight in pairs).encode()
