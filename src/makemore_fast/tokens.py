"""How words become symbols: characters, or tokens; the one place for the options that say so."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, ValuesView
from collections.abc import Set as AbstractSet
from itertools import chain, islice
from typing import Any, Literal, NamedTuple, TypeAlias

from makemore_fast import _core
from makemore_fast.alphabets import AlphabetLike, checked_alphabet
from makemore_fast.column_types import holds_lists, is_list
from makemore_fast.options import checked_flag, checked_str, whole_number
from makemore_fast.symbols import UNKNOWN, NumbersSymbols

#: What ``symbols=`` takes: pieces of words that are symbols, or the clusters of Unicode.
SymbolsLike: TypeAlias = Sequence[str] | Literal["graphemes"]

#: What ``vocabulary=`` takes: tokens, or how many of the most frequent.
VocabularyLike: TypeAlias = Iterable[str] | int

#: A part of a word: a str, or where words are lists of tokens a list of them.
Part: TypeAlias = str | Sequence[str]

#: The boundary where ``boundary=`` says nothing: of characters and pieces, and of tokens.
CHARACTER_BOUNDARY = "."
TOKEN_BOUNDARY = "<s>"


class Rules(NamedTuple):
    """How words become symbols, checked, as the core takes it."""

    boundary: str | _core.TokenRules
    alphabet: str | _core.Alphabet | None
    unknown: bool
    most: int | None  # tokens that are kept, the most frequent

    @property
    def meant(self) -> str:
        """The symbols that a word may end in, line ends too."""
        if not isinstance(self.boundary, str):
            return ""
        return self.boundary + (self.alphabet if isinstance(self.alphabet, str) else "")

    def kept(self, counts: _core.Ngrams) -> _core.Ngrams:
        """Return counts over the most frequent tokens, if no others are to be kept."""
        return counts if self.most is None else most_frequent(counts, self.most)


def checked_part(name: str, part: Any) -> Any:
    """Return a part of a word; whether it is one of the model's words is for the core to say."""
    return part if is_list(part) else checked_str(name, part)


def rules_of(numbers: _core.Alphabet) -> str | _core.TokenRules:
    """Return what cuts other words as those of an alphabet: its boundary, or its rules."""
    return numbers.rules or numbers.symbols[0]


def are_lists(numbers: _core.Alphabet) -> bool:
    """Tell whether words over an alphabet are lists of tokens."""
    return numbers.rules is not None and numbers.rules.cut == "listed"


def joint_of(numbers: _core.Alphabet) -> str:
    """Return what stands between symbols where several are shown together."""
    rules = numbers.rules
    if rules is None or rules.cut in ("longest", "graphemes"):
        return ""
    return rules.separator or " "


def meant_of(numbers: _core.Alphabet) -> str:
    """Return the symbols that a word may end in, line ends too."""
    return "" if numbers.rules is not None else "".join(numbers.symbols)


def symbol_rules(
    words: Any,
    alphabet: AlphabetLike | None,
    unknown: bool | None,
    boundary: str | None,
    separator: str | None,
    symbols: SymbolsLike | None = None,
    vocabulary: VocabularyLike | None = None,
    column: str | None = None,
    weights: Any = None,
) -> tuple[Any, Rules]:
    """Return words, which were looked into, and how they become symbols.

    Words that are lists of tokens are seen by the first.
    """
    words, listed = _first_is_list(words, column, weights)
    if boundary is not None and not isinstance(boundary, str):
        raise TypeError(f"boundary must be a str of one symbol, got {type(boundary).__name__}")
    if separator is not None and symbols is not None:
        raise ValueError("separator= and symbols= cannot both be given")
    if listed and (separator is not None or symbols is not None):
        raise ValueError("words that are lists of tokens need no separator= and no symbols=")
    like = alphabet._numbering if isinstance(alphabet, NumbersSymbols) else None
    cut = listed or separator is not None or symbols is not None
    if not cut and (like is None or like.rules is None):
        if vocabulary is not None:
            raise TypeError("vocabulary= is for tokens; alphabet= has the symbols of characters")
        given = CHARACTER_BOUNDARY if boundary is None else boundary
        share = unknown is not None and checked_flag("unknown", unknown)
        return words, Rules(given, checked_alphabet(alphabet, given), share, None)
    rules = _token_rules(like, boundary, separator, symbols, listed=listed)
    by_pieces = rules.cut in ("longest", "graphemes")
    if unknown is None:
        share = not by_pieces and alphabet is None
    else:
        share = checked_flag("unknown", unknown)
    if vocabulary is not None:
        if alphabet is not None:
            raise ValueError("alphabet= and vocabulary= cannot both be given")
        return words, _of_vocabulary(rules, vocabulary, share)
    if like is None and alphabet is not None and not isinstance(alphabet, str):
        kinds = "a str of symbols, Counts, a model or None" if by_pieces else "Counts or a model"
        raise TypeError(f"alphabet must be {kinds}, got {type(alphabet).__name__}")
    if isinstance(alphabet, str):
        if not by_pieces:
            raise TypeError("the alphabet of tokens is no str; vocabulary= takes a list of them")
        characters = [one for one in alphabet if one not in (rules.boundary, UNKNOWN)]
        share = share or UNKNOWN in alphabet
        like = _core.Alphabet.of_tokens(rules, characters, share)
    return words, Rules(rules, like, share, None)


def _of_vocabulary(rules: _core.TokenRules, vocabulary: VocabularyLike, share: bool) -> Rules:
    """Return the rules with some tokens alone, or with a number of the most frequent."""
    if isinstance(vocabulary, str | bool):
        kind = type(vocabulary).__name__
        raise TypeError(f"vocabulary must be an iterable of str or an int, got a {kind}")
    if isinstance(vocabulary, Iterable):
        tokens = [*vocabulary]
        for token in tokens:
            if not checked_str("each of vocabulary", token):
                raise ValueError("vocabulary= holds an empty str")
            if rules.separator and rules.separator in token:
                raise ValueError(f"the token {token!r} of vocabulary= holds the separator")
        return Rules(rules, _core.Alphabet.of_tokens(rules, tokens, share), share, None)
    most = whole_number("vocabulary", vocabulary, "an iterable of str or an int")
    if most < 0:
        raise ValueError(f"vocabulary must be 0 or more, got {most}")
    if not share:
        raise ValueError("vocabulary= of so many tokens leaves others out; give unknown=True")
    return Rules(rules, None, share, most)


def _token_rules(
    like: _core.Alphabet | None,
    boundary: str | None,
    separator: str | None,
    symbols: SymbolsLike | None,
    *,
    listed: bool,
) -> _core.TokenRules:
    """Return how words are cut, by what is given or like those of an alphabet."""
    if like is not None and like.rules is not None:
        same = like.rules
        if boundary is not None and boundary != same.boundary:
            raise ValueError(f"boundary={boundary!r}, and the alphabet has {same.boundary!r}")
        if not listed and separator is None and symbols is None:
            return same
        boundary = same.boundary
    mark = TOKEN_BOUNDARY if boundary is None else boundary
    if listed:
        return _core.TokenRules("listed", mark)
    if separator is not None:
        checked_str("separator", separator)
        return _core.TokenRules("separated", mark, separator)
    mark = CHARACTER_BOUNDARY if boundary is None else boundary
    if isinstance(symbols, str):
        if symbols != "graphemes":
            raise ValueError(f'symbols must be a list of str or "graphemes", got {symbols!r}')
        return _core.TokenRules("graphemes", mark)
    try:
        pieces = [*symbols] if symbols is not None else []
    except TypeError:
        kind = type(symbols).__name__
        raise TypeError(f'symbols must be a list of str or "graphemes", got {kind}') from None
    for piece in pieces:
        checked_str("each of symbols", piece)
    return _core.TokenRules("longest", mark, "", pieces)


def _first_is_list(words: Any, column: Any, weights: Any) -> tuple[Any, bool]:
    """Return words, of an iterator its first put back, and whether that is a list of tokens."""
    if isinstance(words, Mapping):
        return words, isinstance(next(iter(words), None), tuple)
    if isinstance(words, list | tuple):
        return words, bool(words) and is_list(words[0])
    if isinstance(words, AbstractSet | ValuesView):
        return words, is_list(next(iter(words), None))
    told = holds_lists(words, column, weights)
    if told is not None:
        return words, told
    if (
        isinstance(words, Iterator)
        and not hasattr(words, "__arrow_c_stream__")
        and not hasattr(words, "read")
    ):
        first: list[Any] = [*islice(words, 1)]
        return chain(first, words), bool(first) and is_list(first[0])
    return words, False


def most_frequent(counts: _core.Ngrams, most: int) -> _core.Ngrams:
    """Return counts in which all but the most frequent tokens are the unknown symbol."""
    numbering = counts.numbering
    assert numbering.rules is not None  # it is of tokens
    ids, _ = counts.lowered(1).most_common(min(most + 2, 2**62))
    all_symbols = numbering.symbols
    tokens = [all_symbols[i] for i in ids[:, 0].tolist() if i != 0 and all_symbols[i] != UNKNOWN]
    return counts.in_alphabet(_core.Alphabet.of_tokens(numbering.rules, tokens[:most], True), True)
