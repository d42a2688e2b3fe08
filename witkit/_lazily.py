"""Names of packages that are imported when they are first used."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any


def imported(package: dict[str, Any], homes: Mapping[str, str], name: str) -> Any:
    """What a package's `__getattr__` gives for a name: that of the module which `homes` has for it.

    `package` are the package's `globals()`, which have the name from then on. Raises AttributeError for other names.
    """
    if name not in homes:
        raise AttributeError(f"module {package['__name__']!r} has no attribute {name!r}")
    value = package[name] = getattr(import_module(homes[name]), name)
    return value
