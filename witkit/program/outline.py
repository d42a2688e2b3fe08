"""What a component needs and offers, as its bytes say it: known in half a second, before it is compiled."""

from __future__ import annotations

from collections.abc import Mapping
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING

from witkit import abi
from witkit.runtime.wasi import provides

if TYPE_CHECKING:
    from witkit.ir import model


class Outline:
    """The imports that need a backend, with their interfaces, and the exports with the types as WIT texts.

    It has the attributes of a component by which `exported` finds functions. Raises WitkitError if the component cannot
    be read.
    """

    def __init__(self, path: Path) -> None:
        from witkit.ir import load

        self.name = str(path)
        self.world = load(path).world(None)
        self.needs = dict(filter(None, map(_needed, self.world.imports, self.world.imports.values())))
        self._interfaces = _interfaces(self.world.exports)
        self._imports = _interfaces(self.world.imports)

    @property
    def exports(self) -> list[str]:
        """The names of exported interfaces and functions."""
        return [*(name for name in self._interfaces if name), *(f.name for f in self._interfaces[""].functions)]

    @property
    def imports(self) -> list[str]:
        """The names of imported interfaces and functions, WASI's included."""
        return [*(name for name in self._imports if name), *(f.name for f in self._imports[""].functions)]

    def interface(self, name: str) -> abi.Interface:
        """An exported interface, "" for the functions of the world."""
        return self._interfaces[name]

    def imported(self, name: str) -> abi.Interface:
        """An imported interface, "" for the functions of the world."""
        return self._imports[name]


def _needed(key: model.WorldKey, item: model.WorldItem) -> tuple[str, str] | None:
    from witkit.ir import model

    if isinstance(item, model.Function) and isinstance(key, str):
        return key, key
    if not isinstance(item, model.WorldInterface) or not _does_something(item.interface):
        return None
    interface = item.interface.qualified_name
    name = key if isinstance(key, str) else interface or ""
    return None if provides(name) else (name, interface or name)


def _does_something(interface: model.Interface) -> bool:
    """Whether it has more than types, which do not need an implementation."""
    from witkit.ir import model

    return bool(interface.functions) or any(isinstance(each.kind, model.Resource) for each in interface.types.values())


def _interfaces(items: Mapping[model.WorldKey, model.WorldItem]) -> dict[str, abi.Interface]:
    from witkit.ir import model

    own, found = [], {}
    for key, item in items.items():
        if isinstance(item, model.Function):
            own.append(_function(item))
        elif isinstance(item, model.WorldInterface):
            name = key if isinstance(key, str) else item.qualified_name or ""
            functions = tuple(map(_function, item.interface.functions.values()))
            found[name] = abi.Interface(name, functions, _resources(item.interface))
    return {"": abi.Interface("", tuple(own)), **found}


def _resources(interface: model.Interface) -> tuple[abi.Resource, ...]:
    from witkit.ir import model

    names = [name for name, each in interface.types.items() if isinstance(each.kind, model.Resource)]
    return tuple(abi.Resource(name, "".join(part.capitalize() for part in name.split("-"))) for name in names)


def _function(function: model.Function) -> abi.Func:
    from witkit.checks.fits.types import text

    params = tuple(abi.Param(each.name, abi.Unsupported(text(each.type).strip("`"))) for each in function.params)
    # The last part of `[method]store.get` is the name in Python.
    attr = function.name.rpartition("]")[2].rpartition(".")[2].replace("-", "_")
    attr = f"{attr}_" if iskeyword(attr) else attr
    return abi.Func(function.name, attr, params, is_async=function.is_async)
