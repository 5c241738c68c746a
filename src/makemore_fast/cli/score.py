"""``makemore-fast score``: how likely words are, one line after another as they come."""

import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

import makemore_fast as mf
from makemore_fast.cli import parameters
from makemore_fast.cli.cutting import Cut, word_symbols
from makemore_fast.cli.inputs import (
    Input,
    all_models,
    check_lines,
    check_options,
    counts_of,
    holds_words,
    opened,
    parts_of,
    refuse_counting,
    the_model,
)
from makemore_fast.cli.mixing import Part, check_alone, mix, mixed_model
from makemore_fast.cli.output import Command, json_line, json_number, tell, write
from makemore_fast.cli.smoothed import smoothed
from makemore_fast.cli.summary import Summary
from makemore_fast.display.labels import visible
from makemore_fast.display.progress import bar
from makemore_fast.storage.decoding import Errors
from makemore_fast.storage.files import Reading

_ROWS = 20_000  # that are written together


@click.command(
    cls=Command,
    epilog=parameters.examples(
        "score a.txt --sort",
        "score a.npz b.txt --order 4 --smoothing kneser-ney",
        "score a.txt b.txt --order 5 --smoothing kneser-ney --prune '0 0 1'",
        "score a.arpa.gz - --symbol-scores",
        "score a.txt - --mean --threshold -3.5 --below",
        "score a.txt - --jsonl",
        "score --mix a.txt:3 --mix b.npz:1 words.txt",
    ),
)
@click.argument("model", required=False)
@click.argument("file", required=False)
@word_symbols
@parameters.weighted
@parameters.columns
@parameters.encoding
@parameters.errors
@parameters.order
@parameters.smoothing("1")
@parameters.prune
@mix
@parameters.unknown
@click.option("--mean", is_flag=True, help="Print the mean by symbol, the end included.")
@click.option("--bits", is_flag=True, help="Print logarithms to base 2, not nats.")
@click.option(
    "--threshold", type=float, metavar="T",
    callback=parameters.checked(lambda value: not math.isnan(value), "is no number."),
    help="Print only words with scores below T, or from T on with --above.",
)  # fmt: skip
@click.option(
    "--below/--above", default=None, help="Which side of --threshold.", show_default="below"
)
@click.option("--json", "--jsonl", "as_json", is_flag=True, help="Print a JSON object a line.")
@click.option("--sort", is_flag=True, help="The most unlikely first; all words stay in memory.")
@click.option("--symbol-scores", is_flag=True, help="Add the score of each symbol and of the end.")
def score(
    model: str | None,
    file: str | None,
    cut: Cut,
    weighted: bool,
    columns: str | None,
    encoding: str | None,
    errors: Errors,
    order: int | None,
    smoothing: Any,
    prune: tuple[int, ...] | None,
    mixed: list[Part],
    unknown: bool,
    mean: bool,
    bits: bool,
    threshold: float | None,
    below: bool | None,
    as_json: bool,
    sort: bool,
    symbol_scores: bool,
) -> None:
    """Print the log-probability of each word of FILE, as the words come.

    It is in nats, under MODEL: a file of words to count, an .npz of saved counts or of a fitted
    model, or an .arpa (.arpa.gz) of a model. Without FILE, the words are MODEL's own. The words
    of FILE have no weights. With --mix there is no MODEL, and FILE is needed.
    """
    check_alone(mixed, file)
    if mixed:
        if model is None:
            raise click.UsageError("--mix needs a FILE of words to score.")
        model, file = None, model
        if file == "-" and any(name == "-" for name, _ in mixed):
            raise click.UsageError("--mix and FILE cannot both be standard input.")
    if file == "-" == model:
        raise click.UsageError("MODEL and FILE cannot both be standard input.")
    if file is None and model is not None and not holds_words(model):
        raise click.UsageError(f"{model} holds no words: name a FILE of words.")
    if below is not None and threshold is None:
        raise click.UsageError(f"{'--below' if below else '--above'} needs --threshold.")
    cut = cut.with_unknown(unknown)
    reading = Reading(encoding, errors, parameters.columns_of(weighted, columns))
    learning = reading if file is None else Reading(columns=reading.columns)  # FILE is read too
    coming = reading._replace(columns=None, live=True)
    others = None if file is None else opened([file], cut, coming)
    predictor: mf.LanguageModel | None

    def counted(given: list[Input]) -> mf.LanguageModel:
        counts = counts_of(given, cut, order)
        return smoothed(counts, smoothing, prune, by_default=1.0, unknown=bool(cut.unknown))

    if mixed:

        def make(given: list[Input]) -> mf.LanguageModel:
            made = the_model(given, None, None)
            return counted(given) if made is None else made

        def check(given: list[Input]) -> None:
            check_options(given, cut, learning)
            if all_models(given):
                refuse_counting(order, smoothing, prune)

        corpus: list[Input] = []
        predictor, _ = mixed_model(mixed, make, cut, reading, check)
        if unknown and not predictor.unknown:
            raise click.UsageError("no model has the unknown symbol: make one with --unknown.")
    else:
        corpus = opened([] if model is None else [model], cut, reading, twice=file is None)
        check_options(corpus, cut, learning)
        predictor = the_model(corpus, order, smoothing, prune, unknown)
        if predictor is None:
            predictor = counted(corpus)
    check_lines(predictor, model or "the model")

    rows = _Rows(predictor, mean, bits, symbol_scores, as_json)
    on_terminal = sys.stderr.isatty()
    summary = Summary(predictor, bits) if on_terminal else None
    shown = on_terminal and not sys.stdout.isatty()
    parts = _scored(parts_of(corpus if others is None else others), rows, summary)
    with bar(None, " words", shown=shown, delay=1) as show:
        done = 0
        for words, scores in _sorted(parts) if sort else parts:
            for words_kept, scores_kept in _kept(words, scores, threshold, below is not False):
                write("".join(rows.lines(words_kept, scores_kept)))
            done += len(words)
            if show is not None:
                show(done)
    if summary is not None and (text := summary.text()):
        tell(text)


@dataclass(frozen=True)
class _Rows:
    """Scores words and makes lines of them."""

    model: mf.LanguageModel
    mean: bool
    bits: bool
    symbol_scores: bool
    as_json: bool

    def scores(self, words: list[str]) -> NDArray[np.float64]:
        return self.model.score(
            words, per="symbol" if self.mean else "word", unit="bits" if self.bits else "nats"
        )

    def _symbols_of(self, word: str) -> list[str]:
        return self.model._core.symbols_of_part(word, "word")

    def lines(self, words: list[str], scores: NDArray[np.float64]) -> Iterable[str]:
        numbers = scores.tolist()
        if not self.as_json and not self.symbol_scores:
            return [f"{x:z.4f}\t{word}\n" for x, word in zip(numbers, words, strict=True)]
        rows: list[dict[str, Any]] = [
            {"word": word, "logprob": x} for x, word in zip(numbers, words, strict=True)
        ]
        if self.symbol_scores:
            values, offsets = self.model.symbol_scores(words)
            if self.bits:
                values /= math.log(2)
            for i, (row, word) in enumerate(zip(rows, words, strict=True)):
                each = values[offsets[i] : offsets[i + 1]].tolist()
                symbols = [*self._symbols_of(word), self.model.boundary]
                row["symbols"] = list(zip(symbols, each, strict=True))
        return map(_json_line if self.as_json else _line, rows)


def _scored(
    parts: Iterable[list[str]], rows: _Rows, summary: Summary | None
) -> Iterator[tuple[list[str], NDArray[np.float64]]]:
    for words in parts:
        if summary is not None:
            summary.add(words)
        yield words, rows.scores(words)


def _sorted(
    parts: Iterable[tuple[list[str], NDArray[np.float64]]],
) -> Iterator[tuple[list[str], NDArray[np.float64]]]:
    """Yield all words again, the most unlikely first, and of equals the first one."""
    words: list[str] = []
    scores: list[NDArray[np.float64]] = []
    for some, of_these in parts:
        words += some
        scores.append(of_these)
    of_all = np.concatenate(scores) if scores else np.empty(0)
    places = np.argsort(of_all, kind="stable")
    for first in range(0, len(places), _ROWS):
        some_places = places[first : first + _ROWS]
        yield [words[i] for i in some_places.tolist()], of_all[some_places]


def _kept(
    words: list[str], scores: NDArray[np.float64], threshold: float | None, below: bool
) -> Iterator[tuple[list[str], NDArray[np.float64]]]:
    """Yield the words on one side of a threshold, some at a time; all if there is none."""
    if threshold is not None:
        places = np.flatnonzero((scores < threshold) == below)
        words, scores = [words[i] for i in places.tolist()], scores[places]
    for first in range(0, len(words), _ROWS):
        yield words[first : first + _ROWS], scores[first : first + _ROWS]


def _line(row: dict[str, Any]) -> str:
    each = " ".join(f"{visible(symbol)}:{x:z.2f}" for symbol, x in row.get("symbols", ()))
    return f"{row['logprob']:z.4f}\t{row['word']}" + f"\t{each}" * bool(each) + "\n"


def _json_line(row: dict[str, Any]) -> str:
    fact = row | {"logprob": json_number(row["logprob"])}
    if "symbols" in row:
        fact["symbols"] = [[symbol, json_number(x)] for symbol, x in row["symbols"]]
    return json_line(fact)
