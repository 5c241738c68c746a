"""What the page of a class shows: its attributes, its methods, and what it has of other classes."""

import functools
import inspect
import re
from types import ModuleType
from typing import Any

import makemore_fast as mf
import makemore_fast.blocks
import makemore_fast.sklearn

_SPECIAL = ["__getitem__", "__contains__", "__iter__", "__len__", "__sub__", "__mul__"]


def _defined_here(owner: type, name: str) -> bool:
    """Return whether a member is documented in a class of this package."""
    for base in owner.__mro__:
        if name in vars(base):
            value = inspect.getattr_static(base, name)
            return base.__module__.startswith("makemore_fast") and bool(value.__doc__)
    return False


def _is_attribute(owner: type, name: str) -> bool:
    value = inspect.getattr_static(owner, name)
    return isinstance(value, property | functools.cached_property)


def shown_members(owner: type) -> dict[str, list[str]]:
    """Return the members that the page of a class documents, by kind.

    What every model has is documented once, at `LanguageModel`.
    """
    left_out = set(of_all_models()) if owner is not mf.LanguageModel else set()
    if not issubclass(owner, mf.LanguageModel):
        left_out = set()
    fields = set(getattr(owner, "__dataclass_fields__", ()))  # the docstring of the class has them
    names = [
        name
        for name in (*_SPECIAL, *sorted(dir(owner)))
        if (name in _SPECIAL or not name.startswith("_"))
        and name not in left_out | fields
        and hasattr(owner, name)
        and _defined_here(owner, name)
        and not re.fullmatch("set_.*_request", name)  # of scikit-learn
    ]
    names = list(dict.fromkeys(names))
    attributes = [name for name in names if _is_attribute(owner, name)]
    methods = [name for name in names if name not in attributes and name not in _SPECIAL]
    special = [name for name in names if name in _SPECIAL]
    return {"Attributes": attributes, "Methods": methods, "Operators": special}


def of_all_models() -> list[str]:
    """Return the members that all models have."""
    return [name for name in sorted(dir(mf.LanguageModel)) if not name.startswith("_")]


def is_called(value: object) -> bool:
    """Return whether a class is called to make an object, and not made by other calls."""
    return re.search(r"^ *Parameters\n", inspect.getdoc(value) or "", re.MULTILINE) is not None


def made_by_calls() -> list[str]:
    """Return the full names of the classes that are made by other calls."""
    return [name for name, value in public_classes().items() if not is_called(value)]


def _classes(module: ModuleType) -> dict[str, type]:
    values = {name: getattr(module, name) for name in module.__all__}
    return {name: value for name, value in values.items() if inspect.isclass(value)}


def public_classes() -> dict[str, type]:
    """Return the public classes by their full names."""
    classes = {f"makemore_fast.{name}": value for name, value in _classes(mf).items()}
    for module in (makemore_fast.sklearn, makemore_fast.blocks):
        for name, value in _classes(module).items():
            classes[f"{module.__name__}.{name}"] = value
    return classes


def context() -> dict[str, Any]:
    """Return what the template of classes is given."""
    return {
        "of_all_models": of_all_models(),
        "models": [
            name
            for name, value in _classes(mf).items()
            if issubclass(value, mf.LanguageModel) and value is not mf.LanguageModel
        ],
        "shown_members": {name: shown_members(value) for name, value in public_classes().items()},
    }
