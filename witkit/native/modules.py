"""The guest's own modules: a new instance begins with new ones."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Final

from witkit.native.shadows import renew

_SHARED: Final = ("componentize_py_types", "componentize_py_async_support")
_FOREIGN: Final = ("tests", "site-packages", "node_modules")


def fresh(name: str, world_module: str) -> ModuleType:
    """Import the guest's module `name` anew, with the modules of its folder that it uses.

    Tests and bindings stay as they are: a test compares with their classes. What was imported before keeps
    the modules that it has. Raises `ModuleNotFoundError`.
    """
    renew(f"{world_module}.exports")
    spec = find_spec(name)
    if spec is not None and spec.origin and Path(spec.origin).is_file():
        folder = Path(spec.origin).parents[name.count(".") + bool(spec.submodule_search_locations)]
        for other in [other for other in sys.modules if _is_own(other, folder, world_module)]:
            del sys.modules[other]
    return import_module(name)


def _is_own(name: str, folder: Path, world_module: str) -> bool:
    top = name.partition(".")[0]
    file = getattr(sys.modules[name], "__file__", None)
    if file is None or top in (*_SHARED, world_module, "__main__", "conftest") or top.startswith("test_"):
        return False
    if not Path(file).is_relative_to(folder):
        return False
    parts = Path(file).relative_to(folder).parts
    return not any(part in _FOREIGN or part.startswith(".") for part in parts)
