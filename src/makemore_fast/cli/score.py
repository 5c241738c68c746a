"""``makemore-fast score``: how likely words are."""

import json
import math
from typing import Any

import click
import numpy as np

from makemore_fast.cli import parameters
from makemore_fast.cli.inputs import counts_of, holds_words, opened, the_model, words_of
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
    as_json: bool,
    sort: bool,
    symbols: bool,
) -> None:
    """Print the log-probability of each word of FILE.

    It is in nats, under MODEL: a file of words to count, an .npz of saved counts or of a fitted
    model, or an .arpa (.arpa.gz) of a model. Without FILE, the words are MODEL's own. The words
    of FILE have no weights.
    """
    if file == "-" == model:
        raise click.UsageError("MODEL and FILE cannot both be standard input.")
    if file is None and model is not None and not holds_words(model):
        raise click.UsageError(f"{model} holds no words: name a FILE of words.")
    reading = Reading(encoding, errors, weighted)
    unweighted = reading._replace(weighted=False)
    corpus = opened([] if model is None else [model], boundary, reading, twice=file is None)
    others = corpus if file is None else opened([file], boundary, unweighted)
    predictor = the_model(corpus, order, smoothing)
    if predictor is None:
        counts = counts_of(corpus, boundary, order)
        predictor = counts.model(smoothing=1.0 if smoothing is None else smoothing)
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
