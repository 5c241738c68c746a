"""Writes what the examples of pages print: ``python docs/outputs.py PAGE...``.

For a page that is new, or whose words changed with what a seed draws. The pages run in a folder of
their own, beside makemore's names.txt if NAMES tells where it is. Read the difference: what is
written is what came out, not what is right.
"""

import contextlib
import doctest
import io
import os
import re
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

_BLOCK = re.compile(r"^(```python\n)(.*?)^```", re.DOTALL | re.MULTILINE)


def said(source: str, names: dict[str, Any]) -> str:
    """Run a statement and return what an interpreter would show."""
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        try:
            exec(compile(source, "<example>", "single"), names)
        except Exception as error:
            print("Traceback (most recent call last):\n    ...")
            print("".join(traceback.format_exception_only(error)).rstrip())
    return shown.getvalue().rstrip("\n")


def filled(text: str) -> str:
    """Return a page with what its examples print."""
    names: dict[str, Any] = {"__name__": "__main__"}

    def block(found: re.Match[str]) -> str:
        if ">>>" not in found[2]:
            return found[0]
        lines = []
        for example in doctest.DocTestParser().get_examples(found[2]):
            first, *others = example.source.rstrip("\n").split("\n")
            lines += [f">>> {first}", *(f"... {line}".rstrip() for line in others)]
            lines += filter(None, [said(example.source, names)])
        return found[1] + "\n".join(lines) + "\n\n```"

    return _BLOCK.sub(block, text)


def main() -> None:
    """Fill the pages that are named."""
    pages = [Path(page).absolute() for page in sys.argv[1:]]
    beside = os.environ.get("NAMES")
    given = Path(beside).absolute() if beside else None
    for page in pages:
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            if given:
                Path("names.txt").symlink_to(given)
            page.write_text(filled(page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
