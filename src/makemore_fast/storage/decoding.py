"""From the bytes of a text in any encoding to UTF-8; what becomes of lines that are invalid."""

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal, TypeAlias

#: What to do with a line that is not valid in the encoding; "strict" is "raise" in Python's words.
Errors: TypeAlias = Literal["raise", "skip", "replace", "strict"]
ERRORS = ("raise", "skip", "replace", "strict")

_LINE_END = re.compile(r"\r\n|\n|\r")
_ESCAPED = re.compile("[\ud800-\udfff]")
_LONGEST = 1 << 30  # bytes of a line
_MARK = "makemore_fast.mark"  # an error handler that puts a lone surrogate for what is invalid
_MARKED = "\udfff"
_REPLACEMENT = "\ufffd"

codecs.register_error(_MARK, lambda error: (_MARKED, getattr(error, "end", 0)))


class Invalid:
    """How many lines of a file were not valid, which was the first, and what became of them."""

    def __init__(self) -> None:
        self.lines = 0
        self.first = 0
        self.replaced = False  # or left out
        self.marked = False  # whether a mark stands for what is not valid

    def message(self, name: str) -> str:
        """Say it of the file of a name."""
        lines = "1 line was" if self.lines == 1 else f"{self.lines:,} lines were"
        fate = "read with U+FFFD for what is" if self.replaced else "left out,"
        return f"{name}: {lines} {fate} not valid text; the first is line {self.first:,}"

    def renumbered(self, message: str) -> str:
        """Return a message about a line of those kept, with the number that the file gives it."""
        if self.replaced:
            return message
        return re.sub(
            r"^line (\d+)", lambda line: f"line {int(line[1]) + self.lines}", message, count=1
        )


def checked_encoding(encoding: str | None, errors: str) -> str | None:
    """Return the encoding to decode, None for UTF-8; ValueError for what is none."""
    given: object = errors  # whatever it is
    if not isinstance(given, str) or given not in ERRORS:
        raise ValueError(f'errors must be "raise", "skip" or "replace", got {errors!r}')
    if encoding is None:
        return None
    if not isinstance(encoding, str):
        raise TypeError(f"encoding must be a str or None, got {type(encoding).__name__}")
    try:
        io.TextIOWrapper(io.BytesIO(), encoding)  # knows which are of text
        name = codecs.lookup(encoding)
        if name.incrementaldecoder is None:
            raise LookupError
    except (LookupError, ValueError):
        raise ValueError(f"encoding {encoding!r} is no text encoding that Python knows") from None
    return None if name.name in ("utf-8", "utf-8-sig") else name.name


def to_utf8(
    blocks: Iterable[memoryview | bytes], encoding: str, errors: Errors
) -> Iterator[memoryview | bytes]:
    """Yield blocks of a text again as UTF-8, in which a mark that is not stands for the invalid."""
    raises = errors in ("raise", "strict")
    decoder: Any = codecs.getincrementaldecoder(encoding)("strict" if raises else _MARK)
    done, lines, last = 0, 1, ""
    for block, final in _with_end(blocks):
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(block, final)
        except UnicodeDecodeError as error:
            before = _before(error, encoding)
            line = lines + _lines(last, before)
            byte = done - pending + error.start
            raise ValueError(f"line {line}, byte {byte}: not valid {encoding}") from None
        except UnicodeError as error:  # of the whole, such as UTF-16 without a byte order mark
            if _MARK in str(error):
                raise ValueError(f'{encoding} is read with errors="raise" alone') from None
            raise ValueError(f"not valid {encoding}: {error}") from None
        lines += _lines(last, text)
        last = text[-1:] or last
        done += len(block)
        yield text.encode("utf-8", "surrogatepass")


def _before(error: UnicodeDecodeError, encoding: str) -> str:
    """Return the text before what is not valid."""
    before = error.object[: error.start]
    try:
        return before.decode(encoding, "ignore")
    except UnicodeError:  # of an encoding that ignores nothing
        return before.decode("ascii", "ignore")


def valid_lines(
    blocks: Iterable[memoryview | bytes], errors: Errors, invalid: Invalid
) -> Iterator[memoryview | bytes]:
    r"""Yield the lines of a text that are valid UTF-8, or made so; tell which are not.

    What is yielded at once stands together in the text, and where it ends in \r that is
    made \n: with a blank line behind a line that is left out, \r would be half of one line end.
    """
    at_start = True
    invalid.replaced = errors == "replace"
    for part in _valid_parts(blocks, invalid):
        if at_start and invalid.lines and not invalid.replaced and part.startswith(codecs.BOM_UTF8):
            yield codecs.BOM_UTF8  # which readers drop; the line's own is a symbol like any other
        at_start = False
        rest = part.rstrip(b"\r")  # nothing, as a rule
        yield rest + b"\n" * (len(part) - len(rest))


def _valid_parts(blocks: Iterable[memoryview | bytes], invalid: Invalid) -> Iterator[bytes]:
    """Yield the lines of a text that are valid UTF-8, or made so; tell which are not."""
    lines = 1
    for data in whole_lines(blocks):
        if data.isascii():
            text, bad = "", None
        else:
            text = data.decode("utf-8", "surrogateescape")
            bad = _ESCAPED.search(text)
        if bad is None:
            if not invalid.lines:
                lines += data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
            yield data
            continue
        at = 0
        while bad is not None:
            begin = max(text.rfind("\n", at, bad.start()), text.rfind("\r", at, bad.start())) + 1
            begin = max(at, begin)
            end = _LINE_END.search(text, bad.end())
            if at < begin:
                yield text[at:begin].encode()
            if not invalid.lines:
                invalid.first = lines + _lines("", text[:begin])
            invalid.lines += 1
            at = end.end() if end else len(text)
            if invalid.replaced:
                yield _replaced(text[begin:at], invalid.marked)
            bad = _ESCAPED.search(text, at)
        if at < len(text):
            yield text[at:].encode()


def _replaced(line: str, marked: bool) -> bytes:
    """Return a line with U+FFFD for each part of it that is not valid, as Python replaces them."""
    raw = line.encode("utf-8", "surrogateescape")
    if marked:
        raw = raw.replace(_MARKED.encode("utf-8", "surrogatepass"), _REPLACEMENT.encode())
    return raw.decode("utf-8", "replace").encode()


def whole_lines(blocks: Iterable[memoryview | bytes]) -> Iterator[bytes]:
    """Yield the lines of a text, some at a time, each with its end.

    Raises ValueError for a line that is longer than any word, as of a device that never ends.
    """
    rest, done = bytearray(), 0
    for block, final in _with_end(blocks):
        # A \r that ends the block may be half a line end.
        cut = max(block.rfind(b"\n"), block.rfind(b"\r", 0, -1)) + 1
        if cut or (final and rest):
            yield bytes(rest + block[:cut])
            done += len(rest) + cut
            rest = bytearray(block[cut:])
        else:
            rest += block
            if len(rest) > _LONGEST:
                raise ValueError(
                    f"byte {done}: the line that begins here is longer than {_LONGEST >> 20:,} MiB"
                )


def _with_end(blocks: Iterable[memoryview | bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield blocks as bytes, each with False, and an empty one with True in the end."""
    for block in blocks:
        yield bytes(block), False
    yield b"", True


def _lines(last: str, text: str) -> int:
    """Count the line ends of a text, but for a newline that belongs to what stood before it."""
    joined = last == "\r" and text.startswith("\n")
    return text.count("\n") + text.count("\r") - text.count("\r\n") - joined
