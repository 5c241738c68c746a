"""Extended grapheme clusters, found by the package regex, which follows Unicode's rules."""

from collections.abc import Callable
from importlib import import_module


def clusters() -> Callable[[str], list[str]]:
    """Return what cuts a str into its extended grapheme clusters.

    Raises
    ------
    ImportError
        If regex is not installed.
    """
    try:
        regex = import_module("regex")
    except ImportError as error:
        raise ImportError(
            "symbols='graphemes' needs the package regex: pip install 'makemore_fast[graphemes]'"
        ) from error
    find: Callable[[str], list[str]] = regex.compile(r"\X").findall
    return find
