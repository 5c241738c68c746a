# The compiled core; private. Its docstrings stand in src/cpp/bindings.
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Buffer

FloatArray = NDArray[np.float64]
CountArray = NDArray[np.int64]
OffsetArray = NDArray[np.int64]
SymbolIdArray = NDArray[np.uint32]

__version__: str

def build_info() -> dict[str, Any]: ...
def examples(
    words: Iterable[str],
    boundary: str,
    alphabet: str | None,
    block_size: int,
    dtype: np.dtype[Any],
    most: int,
) -> tuple[NDArray[Any], NDArray[Any]]: ...

class Bigrams:
    def __init__(
        self,
        boundary: str,
        others: str,
        first: SymbolIdArray,
        second: SymbolIdArray,
        counts: CountArray,
    ) -> None: ...
    @property
    def alphabet(self) -> str: ...
    @property
    def words(self) -> int: ...
    @property
    def total(self) -> int: ...
    def at(self, first: int, second: int) -> int: ...
    def cells(self) -> tuple[SymbolIdArray, CountArray]: ...
    def dense(self) -> CountArray: ...
    def added(self, other: Bigrams) -> Bigrams: ...
    def __eq__(self, other: object) -> bool: ...

class BigramCounter:
    def __init__(
        self, boundary: str, alphabet: str | None, lines: bool, skip_blank: bool
    ) -> None: ...
    def add_words(self, words: Iterable[str]) -> None: ...
    def add_bytes(self, buffer: Buffer) -> None: ...
    def end_text(self) -> None: ...
    def bigrams(self) -> Bigrams: ...

class BigramModel:
    def __init__(self, counts: Bigrams, smoothing: float) -> None: ...
    @property
    def alphabet(self) -> str: ...
    def probabilities(self) -> FloatArray: ...
    def score(self, words: Iterable[str]) -> FloatArray: ...
    def nll(self, counts: Bigrams) -> float: ...
    def sampler(self, temperature: float, top_k: int) -> Sampler: ...

class Sampler:
    def sample(
        self,
        words: int,
        seed: int,
        start: int,
        prefix: str,
        max_length: int,
        threads: int,
    ) -> list[str]: ...
    def sample_ids(
        self,
        words: int,
        seed: int,
        start: int,
        prefix: str,
        max_length: int,
        threads: int,
    ) -> tuple[NDArray[Any], OffsetArray]: ...
