"""The package `exports` of a guest's bindings, as a guest finds it: nothing of it is imported but by the guest itself.

witkit needs the modules of all exported interfaces. Python lets each of them take its name in `exports`, where an
imported interface of that name may stand, and only an `import` of the guest's does so in the component. So witkit's
modules are put aside, and whoever imports one gets it then, as if it were new.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_first: dict[str, tuple[ModuleType, dict[str, Any]]] = {}


class _Aside(MetaPathFinder, Loader):
    """The modules that were put aside, by name, with the package that they are of: there may be another one later."""

    def __init__(self) -> None:
        self._modules: dict[str, tuple[ModuleType, ModuleSpec | None, ModuleType]] = {}

    def put(self, name: str, package: ModuleType) -> None:
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


_aside = _Aside()


def put_aside(exports: str, attributes: dict[str, Any], imported: Collection[str]) -> None:
    """Put the modules of the package `exports` aside, but for those that were `imported` before witkit came.

    `attributes` is what the package had before.
    """
    if _aside not in sys.meta_path:
        sys.meta_path.insert(0, _aside)
    package = sys.modules[exports]
    for name in [name for name in modules_of(exports) if name not in imported]:
        _aside.put(name, package)
    _restore(package, attributes)
    _first[exports] = package, attributes


def renew(exports: str) -> None:
    """The package as it is for a new instance of a guest."""
    package, attributes = _first.get(exports, (None, {}))
    if package is not None and package is sys.modules.get(exports):
        put_aside(exports, attributes, ())


def modules_of(exports: str) -> list[str]:
    """The names of the package's modules that are imported."""
    return [name for name in sys.modules if name.startswith(f"{exports}.")]


def _restore(package: ModuleType, attributes: dict[str, Any]) -> None:
    now = vars(package)
    for name in [name for name, value in now.items() if isinstance(value, ModuleType) and name not in attributes]:
        del now[name]
    now.update(attributes)
