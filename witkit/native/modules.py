"""The guest's own modules. Each instance has its own, and finds them before all others."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Final

from witkit.interpreter import library
from witkit.native.importing import GuestLoader
from witkit.native.replaced import has_replaced
from witkit.native.shadows import renew

_SHARED: Final = ("componentize_py_types", "componentize_py_async_support")
_FOREIGN: Final = ("tests", "site-packages", "node_modules")
_STANDARD: Final = frozenset(name for name in (*library().early, *library().fails) if library().takes_name(name))
"""The standard library of a component. A guest may use the names of modules that it does not have."""


def fresh(
    name: str, world_module: str, folders: Sequence[Path] = (), kept: Collection[str] = frozenset()
) -> ModuleType:
    """Import the guest's module `name` again, with the modules that it uses from its folder or from `folders`.

    As in the component, these come before installed packages, and after the standard library. Tests and bindings are
    not imported again, because tests compare with their classes. Modules that were imported before keep what they have
    imported, and installed packages keep their names. So do the modules in `kept`, which are the host's, and those that
    are being imported. Raises `ModuleNotFoundError`.
    """
    renew(f"{world_module}.exports")
    own = folder_of(name)
    places = [_plain(folder) for folder in folders or ([own] if own else [])]
    for other in [other for other in sys.modules if other not in kept and _is_own(other, places, world_module)]:
        if not getattr(sys.modules[other].__spec__, "_initializing", False):  # Python looks for it when it is imported
            del sys.modules[other]
    with _preferred(_Own(places, world_module)):
        return import_module(name)


def folder_of(name: str) -> Path | None:
    """The folder that the guest's module `name` would be imported from."""
    top = name.partition(".")[0]
    spec = PathFinder.find_spec(top) or find_spec(top)
    if spec is not None and spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations))).parent
    return Path(spec.origin).parent if spec is not None and spec.origin and Path(spec.origin).is_file() else None


class _Own(MetaPathFinder):
    """Finds the guest's modules in its folders, even if other modules have the same names."""

    def __init__(self, folders: Sequence[Path], world_module: str) -> None:
        self._folders = [str(folder) for folder in folders]
        self._world_module = world_module

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is not None:
            parent = sys.modules.get(fullname.rpartition(".")[0])
            is_own = isinstance(getattr(parent, "__loader__", None), GuestLoader)
            return _loaded(PathFinder.find_spec(fullname, path)) if is_own else None
        if not _may_be_own(fullname, self._world_module):
            return None
        spec = PathFinder.find_spec(fullname, self._folders)
        if spec is None or spec.origin is None:
            return None
        if fullname in _STANDARD:
            return PathFinder.find_spec(fullname, [p for p in sys.path if str(_plain(p)) not in self._folders])
        return _loaded(spec)


def _loaded(spec: ModuleSpec | None) -> ModuleSpec | None:
    """The spec with the guest's loader. Modules without source are not changed."""
    if spec is not None and type(spec.loader) is SourceFileLoader:
        spec.loader = GuestLoader(spec.loader.name, spec.loader.path)
    return spec


@contextmanager
def _preferred(own: _Own) -> Iterator[None]:
    """While the guest is imported, its modules are found first. Other modules with their names are restored afterwards.

    The guest's modules keep what they have imported.
    """
    loaded = {name.partition(".")[0] for name in sys.modules} - _STANDARD
    hidden = {top for top in loaded if own.find_spec(top, None)}
    aside = {name: sys.modules.pop(name) for name in _below(hidden)}
    sys.meta_path.insert(0, own)
    try:
        yield
    finally:
        sys.meta_path.remove(own)
        for name in _below(hidden):
            del sys.modules[name]
        sys.modules.update(aside)


def _plain(folder: str | Path) -> Path:
    """The folder, spelled as in the `__file__` of its modules."""
    return Path(os.path.abspath(folder))  # noqa: PTH100 - `resolve` would follow links


def _below(tops: set[str]) -> list[str]:
    return [name for name in sys.modules if name.partition(".")[0] in tops]


def _is_own(name: str, folders: Sequence[Path], world_module: str) -> bool:
    file = getattr(sys.modules[name], "__file__", None)
    if file is None or not _may_be_own(name.partition(".")[0], world_module):
        return False
    for folder in folders:
        if file.startswith(f"{folder}{os.sep}"):  # faster than `Path` for hundreds of modules
            parts = Path(file).relative_to(folder).parts
            return not any(part in _FOREIGN or part.startswith(".") for part in parts)
    return False


def _may_be_own(top: str, world_module: str) -> bool:
    """Whether a module with this name may be the guest's. Modules of witkit, bindings, SDKs and tests are not."""
    others = (*_SHARED, world_module, "__main__", "conftest", "tests", "witkit")
    return top not in others and not top.startswith("test_") and not has_replaced(top)
