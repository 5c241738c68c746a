"""What the reference says beside the docstrings: since when a name is there, how it is called."""

import inspect
import re
from typing import Any

import class_pages
from sphinx.application import Sphinx

import makemore_fast as mf

#: What a docstring says if it says nothing else, by ``.. versionadded::``.
_FIRST = "0.1.0"


def add_version(
    _app: Sphinx, _kind: str, name: str, value: object, _options: object, lines: list[str]
) -> None:
    """Say since when a public name is there, right behind its summary."""
    top = re.sub(r"^makemore_fast\.((sklearn|blocks|dask|ray)\.)?", "", name)
    if "." in top or not callable(value) or any("versionadded::" in line for line in lines):
        return
    end = lines.index("") if "" in lines else len(lines)
    lines[end:end] = ["", f".. versionadded:: {_FIRST}", ""]


def call_of_class(
    _app: Sphinx,
    _kind: str,
    _name: str,
    value: object,
    _options: object,
    signature: str,
    returned: str,
) -> tuple[str, str] | None:
    """Show no way to call a class that other calls make: its docstring has no parameters."""
    if inspect.isclass(value) and not class_pages.is_called(value):
        return "", ""
    return signature, returned


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx what is here."""
    app.connect("autodoc-process-docstring", add_version, priority=900)
    app.connect("autodoc-process-signature", call_of_class)
    return {"version": mf.__version__, "parallel_read_safe": True, "parallel_write_safe": True}
