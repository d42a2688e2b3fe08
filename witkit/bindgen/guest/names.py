"""The names that componentize-py gives to modules, classes and members (release 0.25).

A guest's source must find in the bindings exactly what it finds in the component, so these rules are
not a matter of taste: modules are named per direction and qualified only if names clash, an
underscore is added to the reserved words of Python and to nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from witkit.bindgen.common.module_names import ModuleNames
from witkit.bindgen.common.naming import camel, snake
from witkit.ir.model import FunctionKind, Interface, PackageName, Resource, TypeDef, World, WorldInterface, WorldKey


@dataclass(frozen=True, slots=True)
class InterfaceNames:
    """How one imported or exported interface appears: `imports/<module>.py`, `exports.<protocol>`."""

    module: str
    protocol: str


class GuestNames:
    """The names of a world's interfaces, in both directions."""

    def __init__(self, world: World, chosen: ModuleNames | None = None) -> None:
        chosen = chosen or ModuleNames()
        self._imports = _interface_names(world.imports, chosen, exported=False)
        self._exports = _interface_names(world.exports, chosen, exported=True)

    def imported(self, key: WorldKey) -> InterfaceNames:
        """The names of the interface that the world imports under `key`."""
        return self._imports[key]

    def exported(self, key: WorldKey) -> InterfaceNames:
        """The names of the interface that the world exports under `key`."""
        return self._exports[key]


def world_class(world_module: str) -> str:
    """The Protocol of the world's own exports is named after the module, whatever the world is called."""
    return camel(re.sub(r"[._]", "-", world_module))


def exported_resources(world: World, chosen: ModuleNames | None = None) -> Iterator[tuple[str, str, WorldInterface]]:
    """Module and class of each exported resource that componentize-py looks up when it builds.

    It does so for resources with a constructor or a static function; the others it only meets as objects
    that the guest returns.
    """
    names = GuestNames(world, chosen)
    for key, item in world.exports.items():
        if not isinstance(item, WorldInterface):
            continue
        for type_ in item.interface.types.values():
            if isinstance(type_.kind, Resource) and _is_looked_up(type_, item.interface):
                yield names.exported(key).module, camel(type_.name or ""), item


def _is_looked_up(resource: TypeDef, interface: Interface) -> bool:
    kinds = {function.kind for function in interface.functions.values() if function.resource is resource}
    return bool(kinds & {FunctionKind.CONSTRUCTOR, FunctionKind.STATIC})


def _interface_names(
    items: Mapping[WorldKey, object], chosen: ModuleNames, *, exported: bool
) -> dict[WorldKey, InterfaceNames]:
    """Each interface by the name chosen for it, or the shortest that no other one of the same direction has."""
    interfaces = {key: item.interface for key, item in items.items() if isinstance(item, WorldInterface)}
    named = [(interface.package.name, interface.name) for key, interface in interfaces.items() if interface.name]
    taken = {
        key: chosen.of(key, exported=exported) or _interface_name(key, interface, named)
        for key, interface in interfaces.items()
    }
    return {key: InterfaceNames(snake(name), camel(name)) for key, name in taken.items()}


def _interface_name(key: WorldKey, interface: Interface, named: Iterable[tuple[PackageName, str]]) -> str:
    if isinstance(key, str):
        return key
    package, name = interface.package.name, interface.name or ""
    versions = Counter((p.namespace, p.name) for p, other in named if other == name)
    if len(versions) == 1 and versions.total() == 1:
        return name
    qualified = f"{package.namespace}-{package.name}-{name}"
    if versions[package.namespace, package.name] > 1 and package.version:
        return f"{qualified}-{package.version}".replace(".", "-").replace("+", "-")
    return qualified
