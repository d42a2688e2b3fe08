"""The packages of bindings that a guest imports: its own, and one for each SDK with bindings.

componentize-py writes bindings to each of these packages. Here, one package has all bindings and the others re-export
them, so that several SDKs can share interfaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from witkit.bindgen.common.module_names import ModuleNames, full_name, key_text
from witkit.bindgen.guest.names import GuestNames
from witkit.componentize.sdks import Sdk
from witkit.ir.model import Function, Interface, World, WorldInterface, WorldKey
from witkit.text import WitkitError, error

TWO_WITH_FUNCTIONS: Final = "WIT0773"


@dataclass(frozen=True, slots=True)
class Part:
    """One package of bindings: its dotted name, its world, and the names that its author chose for modules."""

    package: str
    world: World
    names: ModuleNames

    @property
    def has_functions(self) -> bool:
        """Whether the guest implements functions of the world itself, in a class with the name of the package."""
        return any(isinstance(item, Function) for item in self.world.exports.values())


def part(package: str, world: World, chosen: ModuleNames, sdks: Iterable[Sdk]) -> Part:
    """A package of bindings for a world. Names that were `chosen` override those of the SDKs."""
    imports = {name: module for sdk in sdks for name, module in sdk.imports.items()} | dict(chosen.imports)
    exports = {name: module for sdk in sdks for name, module in sdk.exports.items()} | dict(chosen.exports)
    names = ModuleNames(_known(imports, world.imports), _known(exports, world.exports), chosen.full)
    return Part(package, world, names)


def leading(parts: Sequence[Part]) -> Part:
    """The part whose package gets all bindings. componentize-py names the world's class after it.

    Raises `WitkitError` (WIT0773) if two parts need such a class.
    """
    with_functions = [part for part in parts if part.has_functions]
    if len(with_functions) > 1:
        one, other = (part.world for part in with_functions[:2])
        message = f"the worlds `{one.qualified_name}` and `{other.qualified_name}` both export functions of their own"
        help = "a guest can have only one such world: export the functions of the other one in an interface"
        raise WitkitError([error(TWO_WITH_FUNCTIONS, message, other.span, help=help)])
    return [*with_functions, *parts][0]


def top_level(package: str) -> str:
    """The name of a top-level package for the bindings inside an SDK's package: `spin_sdk_wit`."""
    return package.replace(".", "_")


def common_names(parts: Sequence[Part]) -> ModuleNames:
    """The names of the modules for all interfaces in one package. The first part that has a name for one wins."""
    imports: dict[str, str] = {}
    exports: dict[str, str] = {}
    for part in parts:
        names = GuestNames(part.world, part.names)
        for key in _interfaces(part.world.imports):
            _add(imports, key, names.imported(key).module)
        for key in _interfaces(part.world.exports):
            _add(exports, key, names.exported(key).module)
    return ModuleNames(imports, exports)


def _add(named: dict[str, str], key: WorldKey, module: str) -> None:
    if key_text(key) not in named:
        is_free = module not in named.values()
        named[key_text(key)] = module if is_free or isinstance(key, str) else full_name(key)


def _interfaces(items: Mapping[WorldKey, object]) -> list[WorldKey]:
    return [key for key, item in items.items() if isinstance(item, WorldInterface)]


def _known(names: Mapping[str, str], items: Mapping[WorldKey, object]) -> dict[str, str]:
    there = {key_text(key) for key in _interfaces(items)}
    return {name: module for name, module in names.items() if name in there}


def full_names(worlds: Iterable[World]) -> tuple[dict[str, str], dict[str, str]]:
    """The full names of all imported and exported interfaces of some worlds."""
    sides = ([key for world in worlds for key in side(world)] for side in (_imports, _exports))
    imports, exports = ({key_text(key): full_name(key) for key in keys if isinstance(key, Interface)} for keys in sides)
    return imports, exports


def _imports(world: World) -> list[WorldKey]:
    return _interfaces(world.imports)


def _exports(world: World) -> list[WorldKey]:
    return _interfaces(world.exports)
