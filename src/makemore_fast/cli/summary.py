"""What a model makes of the words of a stream, summed up for a person at a terminal."""

import math

import makemore_fast as mf
from makemore_fast.cli.output import impossible
from makemore_fast.evaluation import joined


class Summary:
    """Adds up the evaluations of words that come some at a time."""

    def __init__(self, model: mf.LanguageModel, bits: bool) -> None:
        self._model = model
        self._bits = bits
        self._told: mf.Evaluation | None = None

    def add(self, words: list[str]) -> None:
        """Add words."""
        if words:
            told = self._model.evaluate(words)
            self._told = told if self._told is None else joined(self._told, told)

    def text(self) -> str:
        """Return it in a line; nothing if there were no words."""
        told = self._told
        if told is None:
            return ""
        unit, scale = ("bits", math.log(2)) if self._bits else ("nats", 1.0)
        words = f"{told.words:,} words, loss {told.loss / scale:.4f} {unit} per symbol"
        parts = [f"{words}, perplexity {told.perplexity:.4g}"]
        if told.first_impossible is not None:
            parts.append(impossible(told, unit, scale))
        if told.first_unknown is not None:
            number = told.unknown_symbols
            parts.append(f"{number:,} unknown symbol{'s' * (number != 1)}")
        return "; ".join(parts)
