"""Reading again what was saved: `load`, `load_counts`, `load_model`."""

import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os import PathLike
from typing import IO, Any, TypeAlias

from makemore_fast.bigram_model import restore_bigrams, restore_rows
from makemore_fast.counts import Counts
from makemore_fast.interpolated_model import InterpolatedModel
from makemore_fast.language_model import LanguageModel
from makemore_fast.mixture import restore_mixture
from makemore_fast.ngram_model import restore_ngrams
from makemore_fast.storage.archives import FORMAT, MIXTURE_FORMAT, MODEL_FORMAT
from makemore_fast.storage.blocks import BinaryFile, ReadableFile, blocks, is_file, is_text
from makemore_fast.storage.files import path_of
from makemore_fast.storage.kept_counts import restore_counts
from makemore_fast.storage.saved import Saved

#: What is loaded: a path, or a file that is open for reading bytes.
SavedFile: TypeAlias = str | PathLike[str] | BinaryFile | ReadableFile


def _restore_plain_counts(saved: Saved) -> Counts:
    kind = ["kind"] * ("kind" in saved)  # files of the first version have none
    return Counts(restore_counts(saved, "format", *kind))


def _restore_interpolated(saved: Saved) -> InterpolatedModel:
    weights = saved.array("weights", "f8", None).tolist()
    saved.check_members("kind", "format", "weights", parts=len(weights))
    parts: list[Any] = []
    for number in range(len(weights)):
        part = saved.part(str(number))
        kind, restore = _kind_of(part, f"{saved.path}, {number}")
        if kind not in _PARTS:
            raise ValueError(f"{saved.path}, {number}: {kind} cannot be mixed")
        parts.append(restore(part))
    with saved.about("weights"):
        return InterpolatedModel(parts, weights)


#: Of each kind of model: the format of its files, and what reads them.
_MODELS: dict[str, tuple[int, Callable[[Saved], LanguageModel]]] = {
    "bigram": (MODEL_FORMAT, restore_bigrams),
    "rows": (MODEL_FORMAT, restore_rows),
    "ngram": (MODEL_FORMAT, restore_ngrams),
    "mixture": (MIXTURE_FORMAT, restore_mixture),
    "interpolated": (MODEL_FORMAT, _restore_interpolated),
}

#: Models that a mix is made of; one of mixes has the models of these.
_PARTS = frozenset(_MODELS) - {"interpolated"}

#: Of everything that is saved.
_KINDS: dict[str, tuple[int, Callable[[Saved], Counts | LanguageModel]]] = {
    "counts": (FORMAT, _restore_plain_counts),
    **_MODELS,
}


def load(file: SavedFile) -> Counts | LanguageModel:
    """Read counts or a model that was saved; never runs code from the file.

    Whatever a file can hold is checked: that its members are there and of the right types and
    shapes, that cells are those of some words, that the parts of a model point at each other and
    hold probabilities that add up. Nothing is unpacked before its size is known to agree with the
    rest.

    Parameters
    ----------
    file : str, PathLike or file object
        A path, or a file that is open for reading bytes, which is read to its end.

    Returns
    -------
    Counts or LanguageModel
        `load_counts` and `load_model` return one of them, which type checkers know.

    Raises
    ------
    OSError
        If the file is missing, unreadable, truncated, damaged or not such a file.
    ValueError
        If it is of a later version, or holds what makes no sense; with the path and the member.

    See Also
    --------
    load_counts : The same for counts, which type checkers know.
    load_model : The same for models.
    read_arpa : Models of other programs.

    Notes
    -----
    Takes about the time of reading the file, for a model of n-grams too: its tables are checked and
    used as they lie.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> counts = mf.count(["emma", "ava"])
    >>> counts.save("counts.npz")
    >>> mf.load("counts.npz") == counts
    True
    """
    with _opened(file) as (name, content):
        saved = Saved(name, content)
        _, restore = _kind_of(saved, name)
        return restore(saved)


def load_counts(file: SavedFile) -> Counts:
    """Read counts that `Counts.save` wrote, as `load` does.

    Parameters
    ----------
    file : str, PathLike or file object
        As in `load`.

    Returns
    -------
    Counts

    Raises
    ------
    OSError, ValueError
        As `load` does; a ValueError too if the file holds a model.

    See Also
    --------
    Counts.save : Writes such files.
    load : Reads whatever was saved.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> mf.count(["emma", "ava"]).save("counts.npz")
    >>> mf.load_counts("counts.npz")["a", "."]
    2
    """
    with _opened(file) as (name, content):
        saved = Saved(name, content)
        kind, _ = _kind_of(saved, name)
        if kind != "counts":
            raise ValueError(f"{name}: holds a model and no counts; use load_model")
        return _restore_plain_counts(saved)


def load_model(file: SavedFile) -> LanguageModel:
    """Read a model that its `save` wrote, as `load` does.

    Parameters
    ----------
    file : str, PathLike or file object
        As in `load`.

    Returns
    -------
    LanguageModel

    Raises
    ------
    OSError, ValueError
        As `load` does; a ValueError too if the file holds counts.

    See Also
    --------
    LanguageModel.save : Writes such files.
    load : Reads whatever was saved.
    read_arpa : Reads models of other programs.

    Examples
    --------
    >>> import makemore_fast as mf
    >>> mf.count(["emma", "ava"]).model(smoothing=1).save("model.npz")
    >>> mf.load_model("model.npz")
    BigramModel(5 symbols '.aemv', smoothing 1)
    """
    with _opened(file) as (name, content):
        saved = Saved(name, content)
        kind, _ = _kind_of(saved, name)
        if kind == "counts":
            raise ValueError(f"{name}: holds counts and no model; use load_counts(...).model(...)")
        return _MODELS[kind][1](saved)


def _kind_of(saved: Saved, name: str) -> tuple[str, Callable[[Saved], Counts | LanguageModel]]:
    """Return the kind of thing that a file holds and what reads it; checks the format."""
    version = saved.number("format")
    kinds = saved.strings("kind") if "kind" in saved else ["counts"]
    kind = kinds[0] if len(kinds) == 1 else ""
    known = sorted({format_ for format_, _ in _KINDS.values()})
    if version not in known:
        raise ValueError(
            f"{name}: format {version} is not known to this version of makemore_fast, "
            f"which reads formats {' and '.join(map(str, known))}"
        )
    if kind not in _KINDS:
        *most, last = map(repr, _KINDS)
        raise ValueError(f"{name}, kind: must be {', '.join(most)} or {last}, got {kinds[0]!r}")
    wanted, restore = _KINDS[kind]
    if kind == "mixture" and version < wanted:
        raise ValueError(
            f"{name}: a model that an earlier version of makemore_fast fitted; this one "
            "fits other models, so fit it again"
        )
    if version != wanted:
        raise ValueError(f"{name}, format: saved {kind} has format {wanted}, got {version}")
    return kind, restore


@contextmanager
def _opened(file: SavedFile) -> Iterator[tuple[str, IO[bytes]]]:
    """Open a file that can seek; yield its name for messages too."""
    given: Any = file
    if not is_file(given):
        path = path_of(given)
        with open(path, "rb") as opened:  # noqa: PTH123 (a Path of "" is the current folder)
            if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                raise OSError(f"{path}: not a regular file, and so no saved counts or model")
            yield path, opened
        return
    if is_text(given):
        raise TypeError('the file is open as text; open it for bytes: open(path, "rb")')
    name = getattr(given, "name", None)
    content = io.BytesIO(b"".join(map(bytes, blocks(given))))
    yield name if isinstance(name, str) else "the file", content
