"""What a component needs and offers, as its bytes say it: known in half a second, before it is compiled."""

from __future__ import annotations

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
        self._interfaces = _exports(self.world)

    @property
    def exports(self) -> list[str]:
        """The names of exported interfaces and functions."""
        return [*(name for name in self._interfaces if name), *(f.name for f in self._interfaces[""].functions)]

    def interface(self, name: str) -> abi.Interface:
        """An exported interface, "" for the functions of the world."""
        return self._interfaces[name]


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


def _exports(world: model.World) -> dict[str, abi.Interface]:
    from witkit.ir import model

    own, found = [], {}
    for key, item in world.exports.items():
        if isinstance(item, model.Function):
            own.append(_function(item))
        elif isinstance(item, model.WorldInterface):
            name = key if isinstance(key, str) else item.qualified_name or ""
            found[name] = abi.Interface(name, tuple(map(_function, item.interface.functions.values())))
    return {"": abi.Interface("", tuple(own)), **found}


def _function(function: model.Function) -> abi.Func:
    from witkit.checks.fits.types import text

    params = tuple(abi.Param(each.name, abi.Unsupported(text(each.type).strip("`"))) for each in function.params)
    return abi.Func(function.name, function.name, params, is_async=function.is_async)
