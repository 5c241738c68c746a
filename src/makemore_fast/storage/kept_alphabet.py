"""Alphabets as files and pickles keep them: numbers of characters, or tokens and their rules."""

import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from makemore_fast import _core
from makemore_fast.symbols import NumbersSymbols

if TYPE_CHECKING:
    from makemore_fast.storage.saved import Saved

#: What the core makes an alphabet of again: the numbers of its characters, or itself.
KeptAlphabet: TypeAlias = NDArray[np.uint32] | _core.Alphabet

_CHARACTERS = ("alphabet",)
_TOKENS = ("tokens", "token_ends", "token_rules", "token_unknown")
_RULE_ENDS = "token_rule_ends"  # without it the rules are strings, which first files had


def alphabet_members(numbering: _core.Alphabet) -> dict[str, NDArray[Any]]:
    """Return what files keep of an alphabet."""
    symbols, rules = numbering.symbols, numbering.rules
    if rules is None:
        return {"alphabet": np.array([ord(symbol) for symbol in symbols], dtype=np.uint32)}
    data, ends = numbering.token_data()
    texts = [text.encode() for text in (rules.cut, rules.boundary, rules.separator, *rules.pieces)]
    return {
        "tokens": data,
        "token_ends": ends,
        # NumPy's strings end before a NUL, which may be the boundary.
        "token_rules": np.frombuffer(b"".join(texts), np.uint8),
        _RULE_ENDS: np.cumsum([len(text) for text in texts], dtype=np.int64),
        "token_unknown": np.array(int(numbering.unknown)),
    }


def alphabet_names(saved: "Saved") -> tuple[str, ...]:
    """Return the names of the members that an opened file must have for an alphabet."""
    if "tokens" not in saved:
        return _CHARACTERS
    return (*_TOKENS, _RULE_ENDS) if _RULE_ENDS in saved else _TOKENS


def restore_alphabet(saved: "Saved") -> KeptAlphabet:
    """Return the alphabet of an opened file; whether one of characters is one, the core says."""
    if "tokens" not in saved:
        header = saved.header("alphabet", "u4", None)
        with saved.about("alphabet"):
            if not 1 <= header.shape[0] <= sys.maxunicode:
                raise ValueError(f"there are {header.shape[0]:,} symbols")
        numbers = saved.array("alphabet", "u4", None)
        with saved.about("alphabet"):
            if numbers.max() > sys.maxunicode:
                raise ValueError(f"{numbers.max()} is no code point")
        return numbers
    texts = _texts_of_rules(saved)
    unknown = saved.number("token_unknown")
    with saved.about("token_unknown"):
        if unknown not in (0, 1):
            raise ValueError(f"must be 0 or 1, got {unknown}")
    data, ends = saved.array("tokens", "u1", None), saved.array("token_ends", "i8", None)
    with saved.about(*_TOKENS):
        if len(texts) < 3:
            raise ValueError("the rules of tokens are a way to cut, a boundary and a separator")
        cut, boundary, separator, *pieces = texts
        rules = _core.TokenRules(cut, boundary, separator, pieces)
        return _core.Alphabet.of_token_data(rules, data, ends, bool(unknown))


def _texts_of_rules(saved: "Saved") -> list[str]:
    if _RULE_ENDS not in saved:
        return saved.strings("token_rules", None)
    data = saved.array("token_rules", "u1", None).tobytes()
    ends = saved.array(_RULE_ENDS, "i8", None).tolist()
    with saved.about("token_rules", _RULE_ENDS):
        begins = [0, *ends]
        if begins != sorted(begins) or begins[-1] != len(data):
            raise ValueError("the texts do not lie one behind the other")
        try:
            return [data[begin:end].decode() for begin, end in pairwise(begins)]
        except UnicodeDecodeError:
            raise ValueError("a text is not valid UTF-8") from None


def pickled_alphabet(numbering: _core.Alphabet) -> Any:
    """Return what pickles keep of an alphabet: a str, or a tuple for tokens."""
    symbols, rules = numbering.symbols, numbering.rules
    if rules is None:
        return symbols
    facts = (rules.cut, rules.boundary, rules.separator, tuple(rules.pieces))
    return (*facts, *numbering.token_data(), numbering.unknown)


def kept_alphabet(alphabet: "str | NumbersSymbols") -> Any:
    """Return the same of an alphabet that a caller gives."""
    return alphabet if isinstance(alphabet, str) else pickled_alphabet(alphabet._numbering)


def core_alphabet(kept: Any) -> KeptAlphabet:
    """Return what the core takes of what pickles keep, which may have come from anywhere."""
    match kept:
        case str():
            return np.frombuffer(kept.encode("utf-32-le", "surrogatepass"), "<u4")
        case (str(), str(), str(), tuple(), np.ndarray(), np.ndarray(), bool()):
            cut, boundary, separator, pieces, data, ends, unknown = kept
            if all(isinstance(piece, str) for piece in pieces):
                rules = _core.TokenRules(cut, boundary, separator, list(pieces))
                return _core.Alphabet.of_token_data(rules, data, ends, unknown)
        case np.ndarray() | _core.Alphabet():
            return kept
    return np.asarray(kept)  # which the core refuses
