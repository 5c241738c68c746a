"""``makemore-fast score``: how likely words are."""

import json
import math
from typing import Any

import click
import numpy as np

import makemore_fast as mf
from makemore_fast.cli import parameters
from makemore_fast.cli.inputs import Input, counts_of, holds_words, opened, the_model, words_of
from makemore_fast.cli.mixing import Part, check_alone, mix, mixed_model
from makemore_fast.cli.output import tell, write
from makemore_fast.display.labels import visible
from makemore_fast.storage.decoding import Errors
from makemore_fast.storage.files import Reading


@click.command(
    epilog=parameters.examples(
        "score a.txt --sort",
        "score a.npz b.txt --order 4 --smoothing kneser-ney",
        "score a.arpa.gz - --symbols",
        "score a.txt - --json",
        "score --mix a.txt:3 --mix b.npz:1 words.txt",
    )
)
@click.argument("model", required=False)
@click.argument("file", required=False)
@parameters.boundary
@parameters.weighted
@parameters.encoding
@parameters.errors
@parameters.order
@parameters.smoothing("1")
@mix
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a line.")
@click.option("--sort", is_flag=True, help="The most unlikely first.")
@click.option("--symbols", is_flag=True, help="Add the score of each symbol and of the end.")
def score(
    model: str | None,
    file: str | None,
    boundary: str,
    weighted: bool,
    encoding: str | None,
    errors: Errors,
    order: int | None,
    smoothing: Any,
    mixed: list[Part],
    as_json: bool,
    sort: bool,
    symbols: bool,
) -> None:
    """Print the log-probability of each word of FILE.

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
    reading = Reading(encoding, errors, weighted)
    unweighted = reading._replace(weighted=False)
    predictor: mf.LanguageModel | None
    if mixed:

        def make(given: list[Input]) -> mf.LanguageModel:
            made = the_model(given, None, None)
            return _model_of(given, boundary, order, smoothing) if made is None else made

        predictor, corpus = mixed_model(mixed, make, boundary, reading)
    else:
        corpus = opened([] if model is None else [model], boundary, reading, twice=file is None)
        predictor = the_model(corpus, order, smoothing)
    others = corpus if file is None else opened([file], boundary, unweighted)
    if predictor is None:
        predictor = _model_of(corpus, boundary, order, smoothing)
    words = list(words_of(others))
    scores = predictor.score(words)
    places = np.argsort(scores, kind="stable") if sort else np.arange(len(words))
    rows: list[dict[str, Any]] = [
        {"word": words[i], "logprob": logprob}
        for i, logprob in zip(places, scores[places].tolist(), strict=True)
    ]
    if symbols:
        values, offsets = predictor.symbol_scores(words)
        for row, i in zip(rows, places, strict=True):
            each = values[offsets[i] : offsets[i + 1]].tolist()
            row["symbols"] = list(zip([*words[i], predictor.boundary], each, strict=True))
    write("".join(f"{_json_line(row) if as_json else _line(row)}\n" for row in rows))
    if words:
        loss = -scores.sum() / sum(len(word) + 1 for word in words)
        perplexity = math.exp(loss) if loss < 700 else math.inf
        tell(f"{len(words):,} words, loss {loss:.4f} nats per symbol, perplexity {perplexity:.4g}")


def _model_of(
    inputs: list[Input], boundary: str, order: int | None, smoothing: Any
) -> mf.LanguageModel:
    counts = counts_of(inputs, boundary, order)
    return counts.model(smoothing=1.0 if smoothing is None else smoothing)


def _line(row: dict[str, Any]) -> str:
    each = " ".join(f"{visible(symbol)}:{x:z.2f}" for symbol, x in row.get("symbols", ()))
    return f"{row['logprob']:z.4f}\t{row['word']}" + f"\t{each}" * bool(each)


def _json_line(row: dict[str, Any]) -> str:
    """Return a row as JSON, which has no infinity: null instead."""

    def finite(x: float) -> float | None:
        return x if x > -math.inf else None

    fact = row | {"logprob": finite(row["logprob"])}
    if "symbols" in row:
        fact["symbols"] = [[symbol, finite(x)] for symbol, x in row["symbols"]]
    return json.dumps(fact, ensure_ascii=False)
