# The compiled core; private. Its docstrings stand in src/cpp/bindings.
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Buffer

from makemore_fast.words import Words

_FloatArray: TypeAlias = NDArray[np.float64]
_CountArray: TypeAlias = NDArray[np.int64]
_OffsetArray: TypeAlias = NDArray[np.int64]
_SymbolIdArray: TypeAlias = NDArray[np.uint32]

__version__: str

def build_info() -> dict[str, Any]: ...
def examples(
    words: Words,
    boundary: str,
    alphabet: str | None,
    block_size: int,
    dtype: np.dtype[Any],
    most: int,
    column: str | None = None,
) -> tuple[NDArray[Any], NDArray[Any]]: ...
def count_buffer(
    buffer: Buffer,
    boundary: str,
    alphabet: str | None,
    skip_blank: bool,
    threads: int,
    progress: Callable[[int], object] | None,
) -> Bigrams: ...
def count_descriptor(
    descriptor: int,
    size: int,
    boundary: str,
    alphabet: str | None,
    skip_blank: bool,
    threads: int,
    progress: Callable[[int], object] | None,
) -> Bigrams: ...

class Bigrams:
    def __init__(
        self,
        boundary: str,
        others: str,
        first: _SymbolIdArray,
        second: _SymbolIdArray,
        counts: _CountArray,
    ) -> None: ...
    @property
    def alphabet(self) -> str: ...
    @property
    def words(self) -> int: ...
    @property
    def total(self) -> int: ...
    def at(self, first: int, second: int) -> int: ...
    def cells(self) -> tuple[_SymbolIdArray, _CountArray]: ...
    def dense(self) -> _CountArray: ...
    def added(self, other: Bigrams) -> Bigrams: ...
    def __eq__(self, other: object) -> bool: ...

class BigramCounter:
    def __init__(
        self, boundary: str, alphabet: str | None, lines: bool, skip_blank: bool
    ) -> None: ...
    def add_words(self, words: Words, column: str | None = None, nulls: str = "raise") -> None: ...
    def add_bytes(self, buffer: Buffer) -> None: ...
    def end_text(self) -> None: ...
    def bigrams(self) -> Bigrams: ...

class LanguageModel:  # made as one of its kinds
    def __init__(self, *args: object, **kwargs: object) -> None: ...
    @property
    def alphabet(self) -> str: ...
    def score(self, words: Words, column: str | None = None) -> _FloatArray: ...
    def symbol_scores(
        self, words: Words, column: str | None = None
    ) -> tuple[_FloatArray, _OffsetArray]: ...
    def loss(self, words: Words, column: str | None = None) -> tuple[float, int]: ...
    def next(self, prefix: str) -> _FloatArray: ...
    def sampler(self, temperature: float, top_k: int) -> Sampler: ...

class BigramModel(LanguageModel):
    def __init__(self, counts: Bigrams, smoothing: float) -> None: ...
    def probabilities(self) -> _FloatArray: ...
    def log_likelihood(self, counts: Bigrams) -> float: ...

class Sampler:  # made by LanguageModel.sampler
    def __init__(self, *args: object, **kwargs: object) -> None: ...
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
    ) -> tuple[NDArray[Any], _OffsetArray]: ...

class MT19937:
    def __init__(self, seed: int) -> None: ...
    def state(self) -> tuple[_SymbolIdArray, int]: ...
    def set_state(self, words: _SymbolIdArray, used: int) -> None: ...

class TorchSampler:
    def __init__(self, counts: Bigrams, smoothing: float, exponentials: bool) -> None: ...
    def sample(self, generator: MT19937, words: int, prefix: str, max_length: int) -> list[str]: ...
    def sample_ids(
        self, generator: MT19937, words: int, prefix: str, max_length: int
    ) -> tuple[NDArray[Any], _OffsetArray]: ...
