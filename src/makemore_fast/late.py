"""`Late`: a module that few calls need, and that would take a part of every start."""

from importlib import import_module
from typing import Any


class Late:
    """A module that is imported when something of it is first asked for.

    Type checkers read an import of it instead::

        if TYPE_CHECKING:
            import zipfile
        else:
            zipfile = Late("zipfile")
    """

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # who looks at all names of a module wants nothing of this one
            raise AttributeError(name)
        return getattr(import_module(self._name), name)
