"""The options that say how words become symbols, which all commands take as one value."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import click

import makemore_fast as mf
from makemore_fast.storage.files import read_words
from makemore_fast.tokens import CHARACTER_BOUNDARY, TOKEN_BOUNDARY, SymbolsLike, VocabularyLike


class Cut(NamedTuple):
    """How words become symbols, as `count` and `fit` take it."""

    boundary: str | None = None
    separator: str | None = None
    symbols: SymbolsLike | None = None
    vocabulary: VocabularyLike | None = None
    unknown: bool | None = None

    def with_unknown(self, asked_for: bool) -> "Cut":
        """Return it with the unknown symbol, if that is asked for by --unknown."""
        return self._replace(unknown=True) if asked_for else self

    def settled(self, counts: mf.Counts) -> "Cut":
        """Return it with the tokens of counts where it has a number of them, as `fit` wants it."""
        if not isinstance(self.vocabulary, int):
            return self
        kept = [token for token in counts.symbols[1:] if token != mf.UNKNOWN]
        return self._replace(vocabulary=kept)

    def as_in(self, name: str, saved: mf.Counts | mf.LanguageModel) -> "Cut":
        """Return it for words that meet the counts or the model in a file: cut as those were.

        Options that say something else are bad usage.
        """
        what = "counts" if isinstance(saved, mf.Counts) else "a model"
        was = _cut_of(saved)
        for option in ("boundary", "separator", "symbols"):
            asked_for, had = getattr(self, option), getattr(was, option)
            if asked_for is not None and asked_for != had:
                told = f"without --{option}" if had is None else f"with --{option} {_shown(had)}"
                raise click.UsageError(
                    f"{name} holds {what} {told}, and {_shown(asked_for)} was given: words "
                    "are cut as those were."
                )
        return was._replace(vocabulary=self.vocabulary, unknown=self.unknown)

    @property
    def options(self) -> dict[str, Any]:
        """The options of whatever counts words."""
        return self._asdict()

    @property
    def of_files(self) -> dict[str, Any]:
        """The options of `read_arpa`; a file has a vocabulary of its own."""
        for option, value in (("symbols", self.symbols), ("vocabulary", self.vocabulary)):
            if value is not None:
                raise click.UsageError(f"--{option} is for words, and not for an .arpa file.")
        return {"boundary": self.boundary, "separator": self.separator}


def _cut_of(saved: mf.Counts | mf.LanguageModel) -> Cut:
    """Return how the words of saved counts or of a model were cut."""
    rules = saved._numbering.rules
    if rules is None:
        return Cut(saved.boundary)
    pieces: SymbolsLike | None = rules.pieces if rules.cut == "longest" else None
    return Cut(
        rules.boundary,
        rules.separator or None,
        "graphemes" if rules.cut == "graphemes" else pieces,
    )


def _shown(value: Any) -> str:
    return repr(value) if isinstance(value, str) else ",".join(value)


def _pieces(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Any:
    if value is None or value == "graphemes":
        return value
    pieces = value.split(",")
    if not all(pieces):
        raise click.BadParameter(f"{value!r} is no list such as ch,ll,rr.")
    return pieces


def _unescaped(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value == "":
        raise click.BadParameter("is empty; without it the symbols are characters.")
    return None if value is None else value.replace("\\t", "\t")


def _kept(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Any:
    """Return a number, or the tokens in a file."""
    if value is None:
        return None
    if value.isdecimal() and len(value) < 1000:  # Python takes some more
        return int(value)
    if value == "-":
        raise click.BadParameter("standard input is for words; '-' is no number and no file.")
    try:
        return read_words(value)
    except (OSError, ValueError) as error:
        problem = error.strerror if isinstance(error, OSError) else error
        raise click.BadParameter(f"{value!r} is no number and no file: {problem}.") from None


def word_symbols(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options, and one argument `cut` for them."""

    @click.option(
        "--boundary", metavar="SYMBOL", show_default=f"{CHARACTER_BOUNDARY}, or {TOKEN_BOUNDARY} "
        "with --separator", help="What stands for the start and the end of a word; no word may "
        "hold it.",
    )  # fmt: skip
    @click.option(
        "--separator", metavar="TEXT", callback=_unescaped,
        help="Symbols are the tokens between separators, such as words or phonemes.",
    )  # fmt: skip
    @click.option(
        "--symbols", "pieces", metavar="LIST", callback=_pieces,
        help="Pieces of words that are symbols, such as ch,ll,rr; or graphemes, the clusters "
        "of Unicode.",
    )  # fmt: skip
    @click.option(
        "--vocabulary", metavar="N|FILE", callback=_kept,
        help="The N most frequent tokens, or those in FILE, one a line; others are unknown.",
    )  # fmt: skip
    @functools.wraps(command)
    def with_cut(
        *, boundary: str | None, separator: str | None, pieces: Any, vocabulary: Any, **how: Any
    ) -> None:
        if separator is not None and pieces is not None:
            raise click.UsageError("--separator and --symbols cannot both be given.")
        cut = Cut(boundary, separator, pieces, vocabulary, None if vocabulary is None else True)
        if separator is None and pieces is None:
            if vocabulary is not None:
                raise click.UsageError("--vocabulary is for tokens: give --separator or --symbols.")
            if boundary is not None and len(boundary) != 1:
                raise click.BadParameter(
                    f"{boundary!r} is not one symbol.", param_hint="'--boundary'"
                )
        command(cut=cut, **how)

    return with_cut
