"""The command line: ``makemore-fast`` with `sample`, `count`, `score` and `plot`."""

import contextlib
import io
import json
import math
import os
import re
import secrets
import sys
from collections.abc import Callable, Iterator
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any
from unicodedata import category, east_asian_width

import click
import numpy as np

import makemore_fast as mf
from makemore_fast.files import Source, read_words
from makemore_fast.progress import bar
from makemore_fast.symbols import grams
from makemore_fast.table import visible

_COMPARED_WORDS = 100_000  # the most new words, and the most bigrams of a corpus,
_COMPARED_BIGRAMS = 10_000_000  # that are compared: both are then held in memory
_LONG = 500_000_000  # bytes of a file: a fraction of a second
_MANY = 10_000_000  # new words, likewise
_FROM_ONE = click.IntRange(1, 10**9)


class _Commands(click.Group):
    """Turns what a command raises into one line on stderr and an exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            status = 130
        except BrokenPipeError:  # as in `makemore-fast ... | head`: the reader has enough
            status = 0
        except (ValueError, OSError, EOFError, ImportError) as error:
            click.echo(f"makemore-fast: error: {_message(error)}", err=True)
            status = 1
        # What could not be written must not be tried again, and complained of, at exit.
        with contextlib.suppress(OSError, AttributeError), Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        return ctx.exit(status)


def _message(error: Exception) -> str:
    """Return an error's text as one line that speaks of options, not of arguments."""
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"{error.filename}: {error.strerror}"
    line = " ".join(str(error).splitlines())
    return re.sub(
        r"\b(\w+)=(?=$| or )", lambda argument: "--" + argument[1].replace("_", "-"), line
    )


def _source(file: str, *, twice: bool = False) -> Source:
    """Return what a FILE is read from; if `twice`, what comes through a pipe is kept."""
    stdin: Any = sys.stdin
    if file == "-" and stdin is None:
        raise OSError("standard input is closed")
    if twice and (file == "-" or Path(file).is_fifo()):
        return io.BytesIO(stdin.buffer.read() if file == "-" else Path(file).read_bytes())
    return stdin.buffer if file == "-" else file


def _is_saved(source: Source) -> bool:
    return str(source).endswith(".npz")


def _is_model(source: Source) -> bool:
    return re.search(r"\.arpa(\.(gz|bz2|xz|zst))?$", str(source)) is not None


def _without_words(source: Source) -> bool:
    return _is_saved(source) or _is_model(source)


def _is_long(source: Source) -> bool:
    """Tell whether counting a file takes long enough for a progress bar, on a terminal."""
    return (
        sys.stderr.isatty()
        and isinstance(source, str)
        and Path(source).is_file()
        and Path(source).stat().st_size > _LONG
    )


def _count(sources: list[Source], boundary: str, weighted: bool, order: int | None) -> mf.Counts:
    """Count n-grams of an order; None means that of saved counts, and bigrams of words."""
    text_order = order or 2

    def one(source: Source) -> mf.Counts:
        if _is_model(source):
            raise ValueError(f"{source}: a model, and no words or counts")
        if _is_saved(source):
            saved = mf.load(str(source))
            if not isinstance(saved, mf.Counts):
                raise ValueError(f"{source}: holds a model, and counts are wanted")
            return saved if order is None else saved.lower(order)
        return mf.count_file(
            source,
            order=text_order,
            boundary=boundary,
            weighted=weighted,
            progress=_is_long(source),
        )

    if not sources:
        return mf.count(mf.names(), order=text_order, boundary=boundary)
    return reduce(add, map(one, sources))


def _read_model(sources: list[Source], boundary: str, order: int | None) -> mf.NgramModel | None:
    """Return the model that a file holds, if it is one."""
    if not any(map(_is_model, sources)):
        return None
    if len(sources) > 1:
        raise click.UsageError("an ARPA file is a whole model: name no other FILE.")
    if order is not None:
        raise click.UsageError("--order is for words and counts; an ARPA file has its own.")
    return mf.read_arpa(str(sources[0]), boundary=boundary)


def _words(sources: list[Source], weighted: bool) -> Iterator[str]:
    """Yield the words of sources that may have been counted before."""
    if not sources:
        yield from mf.names()
    for source in sources:
        if isinstance(source, io.BytesIO):
            source.seek(0)
        words = read_words(source)
        yield from (word.rpartition("\t")[0] for word in words) if weighted else words


def _write(text: str | bytes) -> None:
    """Write results: in UTF-8 whatever the locale, as files are read."""
    click.echo(text.encode() if isinstance(text, str) else text, nl=False)


def _tell(message: str) -> None:
    """Say something to the person at the terminal, if there is one."""
    if sys.stderr.isatty():
        click.echo(message, err=True)


def _checked(good: Callable[[Any], bool], problem: str) -> Callable[..., Any]:
    """Return a callback that makes other values of a parameter bad usage."""

    def check(_ctx: click.Context, _param: click.Parameter, value: Any) -> Any:
        if value is None or good(value):
            return value
        raise click.BadParameter(f"{value!r} {problem}")

    return check


def _examples(*lines: str) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  makemore-fast {line}" for line in lines)


_finite = _checked(math.isfinite, "is not a finite number.")
_boundary = click.option(
    "--boundary", default=".", metavar="SYMBOL",
    callback=_checked(lambda value: len(value) == 1, "is not one symbol."),
    help="What stands for the start and the end of a word; no word may hold it.",
)  # fmt: skip
_files = click.argument(
    "files", nargs=-1, metavar="[FILE]...",
    callback=_checked(lambda files: files.count("-") < 2, "reads standard input twice."),
)  # fmt: skip


_weighted = click.option(
    "--weighted", is_flag=True,
    help="Each line holds a word, a tab and how often it counts (a whole number).",
)  # fmt: skip


_order = click.option(
    "--order", type=click.IntRange(2, 100), metavar="N",
    help="Symbols in an n-gram: 2 for bigrams, the default but for saved counts.",
)  # fmt: skip


def _method_or_k(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> str | float | None:
    """Return the name of a smoothing, or the k of add-k."""
    if value is None or value in ("kneser-ney", "witten-bell"):
        return value
    with contextlib.suppress(ValueError):
        if 0 <= float(value) < math.inf:
            return float(value)
    raise click.BadParameter(
        f"{value!r} is neither kneser-ney nor witten-bell nor a number from 0."
    )


def _smoothing(default: str | None) -> Callable[[Any], Any]:
    return click.option(
        "--smoothing", callback=_method_or_k, default=default, metavar="HOW",
        help="kneser-ney (best for longer n-grams), witten-bell, or a number that is added to "
        "every count, so that what was never seen is unlikely, not impossible.",
    )  # fmt: skip


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "show_default": True},
    epilog=_examples("sample -n 5", "count names.txt -o names.npz", "score names.npz words.txt"),
)
@click.version_option(mf.__version__, prog_name="makemore-fast")
def main() -> None:
    """Count the bigrams of words, score words, and draw new ones.

    A FILE holds words, one a line, in UTF-8, and may be compressed (.gz, .bz2, .xz, .zst);
    or it is an .npz of saved counts, or an .arpa (.arpa.gz) of a model. No FILE means the names
    that come with the package, - means standard input.
    """


@main.command(
    epilog=_examples(
        "sample -n 5 --prefix em",
        "sample names.txt --order 5",
        "sample - --seed 42 < old > new",
        "sample -n 50 --new --unique",
    )
)
@_files
@_boundary
@_weighted
@_order
@_smoothing(None)
@click.option("-n", type=click.IntRange(0), default=20, help="How many words.")
@click.option("--seed", type=click.IntRange(0), help="The same seed draws the same words.")
@click.option("--prefix", default="", help="What every word begins with.")
@click.option("--max-length", type=_FROM_ONE, help="Cut words that are longer.")
@click.option(
    "--temperature", type=click.FloatRange(0), callback=_finite, default=1.0,
    help="Below 1 the likely becomes likelier; 0 takes the most likely always.",
)  # fmt: skip
@click.option("--top-k", type=_FROM_ONE, help="Draw from the likeliest symbols only.")
@click.option("--unique", is_flag=True, help="No word twice; all of them stay in memory.")
@click.option("--new", is_flag=True, help="No word of the FILEs.")
@click.option("--threads", type=_FROM_ONE, help="All cores by default; changes no word.")
def sample(
    files: tuple[str, ...],
    n: int,
    seed: int | None,
    boundary: str,
    weighted: bool,
    order: int | None,
    smoothing: Any,
    new: bool,
    **how: Any,
) -> None:
    """Draw new words that look like those of FILEs.

    Any number of them: they are written as they are drawn. They come from the best model
    that counting gives; from counts alone with --order, --smoothing, --weighted or an .npz.
    """
    compare = sys.stderr.isatty() and n <= _COMPARED_WORDS and not new
    saved = next(filter(_without_words, files), None)
    if new and saved is not None:
        raise click.UsageError(f"{saved} holds no words, which --new leaves out.")
    fitted = order is None and smoothing is None and not weighted and saved is None
    sources = [_source(file, twice=compare or new or fitted) for file in files]
    seed = secrets.randbits(64) if seed is None else seed
    names = ["standard input" if file == "-" else file for file in files]
    name = ", ".join(names[:3]) + ", ..." * (len(names) > 3) or "the built-in names"
    model: mf.LanguageModel | None = _read_model(sources, boundary, order)
    if model is not None:
        _tell(f"model: {name}; {model!r}; seed: {seed}")
    else:
        counts = _count(sources, boundary, weighted, order)  # names the line of a bad word
        if fitted:
            words = list(_words(sources, weighted))
            model = mf.fit(words, boundary=boundary, threads=how["threads"])
            loss = _held_out(words, boundary) if sys.stderr.isatty() else ""
        else:
            by_default: Any = 0.0 if counts.order == 2 else "kneser-ney"
            model = counts.model(smoothing=by_default if smoothing is None else smoothing)
            loss = f"loss: {model.nll(counts):.4f} nats per symbol"
        _tell(f"corpus: {name}; {counts.words:,} words, {len(counts.alphabet):,} symbols")
        _tell(f"{loss}; seed: {seed}")
        compare &= counts.total <= _COMPARED_BIGRAMS
    compare &= saved is None
    drawn: list[str] = []
    done = 0
    shown = sys.stderr.isatty() and not sys.stdout.isatty() and n > _MANY
    with bar(n, " words", shown=shown) as tell:
        for part in model._parts(
            n, rng=seed, exclude=_words(sources, weighted) if new else None, **how
        ):
            _write(part.lines())
            done += len(part)
            if tell is not None:
                tell(done)
            if compare:
                drawn += part
    if drawn:
        known = set(drawn).intersection(_words(sources, weighted))
        old = [word for word in drawn if word in known]
        few = ", ".join(list(dict.fromkeys(old))[:10]) + ", ..." * (len(known) > 10)
        _tell(f"{len(old):,} of {len(drawn):,} stand in the corpus already: {few}".rstrip(": "))


def _held_out(words: list[str], boundary: str) -> str:
    """Say how well a model of nine words in ten tells the symbols of the tenth."""
    rest = [word for i, word in enumerate(words) if i % 10 != 9]
    known = set("".join(rest))
    tenth = [word for word in words[9::10] if known.issuperset(word)]
    if not tenth:
        return "too few words to hold some out"
    loss = mf.fit(rest, boundary=boundary).nll(tenth)
    return f"loss on a held-out tenth: {loss:.4f} nats per symbol"


@main.command(
    epilog=_examples("count names.txt --top 5", "count *.gz --json", "count - --order 3 -o a.npz")
)
@_files
@_boundary
@_weighted
@_order
@click.option(
    "-n", "--top", type=click.IntRange(0), show_default="20, or all with --json",
    help="How many bigrams to print, the most common first.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@click.option(
    "-o", "--output", metavar="COUNTS.npz",
    callback=_checked(lambda path: path.endswith(".npz"), "does not end in .npz."),
    help="Save the counts too, to be used as a FILE or MODEL.",
)  # fmt: skip
def count(
    files: tuple[str, ...],
    boundary: str,
    weighted: bool,
    order: int | None,
    top: int | None,
    as_json: bool,
    output: str | None,
) -> None:
    """Count the bigrams of the words in FILEs, or longer n-grams."""
    counts = _count([_source(file) for file in files], boundary, weighted, order)
    if output is not None:
        counts.save(output)
        _tell(f"saved to {output}")
    if as_json:
        facts: dict[str, Any] = {"words": counts.words, grams(counts.order): counts.total}
        facts["alphabet"] = counts.alphabet
        cells = [[*pair, times] for pair, times in counts.most_common(top)]
        _write(json.dumps(facts | {"counts": cells}, ensure_ascii=False) + "\n")
    else:
        _write(_table(counts, 20 if top is None else top))


def _table(counts: mf.Counts, top: int) -> str:
    total = f"{counts.total:,} {grams(counts.order)}"
    facts = f"{counts.words:,} words, {total}, {len(counts.alphabet):,} symbols"
    names = ["first", "second", "third", *(f"{i}th" for i in range(4, counts.order + 1))]
    head = "  ".join(f"{name:<8}" for name in names[: counts.order])
    lines = [facts, f"{head}  {'count':>12}    share"]
    for gram, times in counts.most_common(top):
        cells = "  ".join(map(_cell, gram))
        lines.append(f"{cells}  {times:>12}  {times / counts.total:>7.2%}")
    return "\n".join(lines) + "\n"


def _cell(symbol: str) -> str:
    """Return a symbol so that it can be seen, filled up to eight columns of a terminal."""
    text = visible(symbol)
    wide = sum((category(c) not in ("Mn", "Me")) + (east_asian_width(c) in "WF") for c in text)
    return text + " " * (8 - wide)


@main.command(
    epilog=_examples(
        "score a.txt --sort",
        "score a.npz b.txt --order 4 --smoothing kneser-ney",
        "score a.arpa.gz - --symbols",
        "score a.txt - --json",
    )
)
@click.argument("model", required=False)
@click.argument("file", required=False)
@_boundary
@_weighted
@_order
@_smoothing("1")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a line.")
@click.option("--sort", is_flag=True, help="The most unlikely first.")
@click.option("--symbols", is_flag=True, help="Add the score of each symbol and of the end.")
def score(
    model: str | None,
    file: str | None,
    boundary: str,
    weighted: bool,
    order: int | None,
    smoothing: Any,
    as_json: bool,
    sort: bool,
    symbols: bool,
) -> None:
    """Print the log-probability of each word of FILE.

    It is in nats, under MODEL: a file of words to count, an .npz of saved counts, or an .arpa
    (.arpa.gz) of a model. Without FILE, the words are MODEL's own. The words of FILE have no
    weights.
    """
    if file == "-" == model:
        raise click.UsageError("MODEL and FILE cannot both be standard input.")
    if file is None and model is not None and _without_words(model):
        raise click.UsageError(f"{model} holds no words: name a FILE of words.")
    corpus = [] if model is None else [_source(model, twice=file is None)]
    predictor: mf.LanguageModel | None = _read_model(corpus, boundary, order)
    if predictor is None:
        predictor = _count(corpus, boundary, weighted, order).model(smoothing=smoothing)
    if file is None:
        words = list(_words(corpus, weighted))
    else:
        words = list(_words([_source(file)], weighted=False))
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
    _write("".join(f"{_json_line(row) if as_json else _line(row)}\n" for row in rows))
    if words:
        loss = -scores.sum() / sum(len(word) + 1 for word in words)
        perplexity = math.exp(loss) if loss < 700 else math.inf
        _tell(f"{len(words):,} words, loss {loss:.4f} nats per symbol, perplexity {perplexity:.4g}")


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


@main.command(epilog=_examples("plot names.txt -o names.png"))
@_files
@_boundary
@_weighted
@click.option("-o", "--output", default="bigrams.png", metavar="OUT.png", help="The picture.")
def plot(files: tuple[str, ...], boundary: str, weighted: bool, output: str) -> None:
    """Draw the bigrams of FILEs as a heatmap."""
    counts = _count([_source(file) for file in files], boundary, weighted, 2)
    os.environ["MPLBACKEND"] = "Agg"  # which draws into files and needs no display
    axes: Any = counts.plot()
    axes.figure.savefig(output)
    _tell(f"wrote {output}")
