"""Hide the modules in the package `exports` of a guest's bindings until the guest imports them itself.

witkit imports the modules of all exported interfaces. When Python imports a module, it sets the attribute of that name
in `exports`, which may shadow an imported interface. In the component, only an import of the guest does this. So
witkit's modules are hidden, and an import finds them as if they were new.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_first: dict[str, tuple[ModuleType, dict[str, Any]]] = {}


class _HiddenModules(MetaPathFinder, Loader):
    """The hidden modules by name, each with its package, because there may be another package with that name later."""

    def __init__(self) -> None:
        self._modules: dict[str, tuple[ModuleType, ModuleSpec | None, ModuleType]] = {}

    def add(self, name: str, package: ModuleType) -> None:
        module = sys.modules.pop(name)
        self._modules[name] = module, module.__spec__, package

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        _, _, package = self._modules.get(fullname, (None, None, None))
        is_known = package is not None and package is sys.modules.get(fullname.rpartition(".")[0])
        return ModuleSpec(fullname, self) if is_known else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return self._modules[spec.name][0]

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._modules[module.__name__][1]


_hidden = _HiddenModules()


def hide(exports: str, attributes: dict[str, Any], imported: Collection[str]) -> None:
    """Hide the modules of the package `exports`, except for those that were `imported` before.

    `attributes` are the attributes that the package had before.
    """
    if _hidden not in sys.meta_path:
        sys.meta_path.insert(0, _hidden)
    package = sys.modules[exports]
    for name in [name for name in modules_of(exports) if name not in imported]:
        _hidden.add(name, package)
    _restore(package, attributes)
    _first[exports] = package, attributes


def renew(exports: str) -> None:
    """The package for a new instance of a guest."""
    package, attributes = _first.get(exports, (None, {}))
    if package is not None and package is sys.modules.get(exports):
        hide(exports, attributes, ())


def modules_of(exports: str) -> list[str]:
    """The names of the package's modules that are imported."""
    return [name for name in sys.modules if name.startswith(f"{exports}.")]


def _restore(package: ModuleType, attributes: dict[str, Any]) -> None:
    now = vars(package)
    for name in [name for name, value in now.items() if isinstance(value, ModuleType) and name not in attributes]:
        del now[name]
    now.update(attributes)
