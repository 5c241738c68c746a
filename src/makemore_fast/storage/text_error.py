"""`TextError`: what is wrong with a text, and where."""

import re

_PLACE = re.compile(r"(?:line (\d+)(?:, byte (\d+))?|byte (\d+))\b")


class TextError(ValueError):
    r"""What is wrong with a text that was read, and where; it can be pickled.

    Attributes
    ----------
    path : str or None
        The file, as it was named: a path, a URL, ``"standard input"``. None if it has no name.
    line : int or None
        Which line, from 1; None if this is not about one.
    offset : int or None
        Which byte of the text, from 0; None if this is about a line or more. What is compressed is
        counted as it is unpacked.

    Examples
    --------
    >>> import io
    >>> import makemore_fast as mf
    >>> try:
    ...     mf.count_file(io.BytesIO(b"emma\nav\xff"))
    ... except mf.TextError as error:
    ...     print(error.line, error.offset)
    2 7
    """

    def __init__(
        self,
        message: str,
        path: str | None = None,
        line: int | None = None,
        offset: int | None = None,
    ) -> None:
        super().__init__(message)
        self.path = path
        self.line = line
        self.offset = offset


TextError.__module__ = "makemore_fast"  # as tracebacks name it


def located(error: ValueError, path: str | None) -> TextError:
    """Return an error about a file of a name, of which the message may begin with the place."""
    message = str(error)
    place = _PLACE.match(message)
    line, byte, alone = map(_number, place.groups()) if place else (None, None, None)
    if path is not None:
        shown = path if path.isprintable() else repr(path)
        message = f"{shown}{', ' if place else ': '}{message}"
    return TextError(message, path, line, alone if byte is None else byte)


def on_later_line(message: str, lines: int) -> str:
    """Return a message about a part of a text, before which there are so many lines."""
    return re.sub(r"^line (\d+)", lambda found: f"line {int(found[1]) + lines}", message)


def _number(digits: str | None) -> int | None:
    return None if digits is None else int(digits)
