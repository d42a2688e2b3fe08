"""Where a world's types live in the guest's bindings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from witkit.bindgen.common.module_names import ModuleNames
from witkit.bindgen.common.sizes import CLASSES, Sizes, parts_first
from witkit.bindgen.guest.names import GuestNames
from witkit.ir.model import Function, Interface, Primitive, Resource, Result, Type, TypeDef, World, WorldInterface

PRIMITIVES = {Primitive.BOOL: "bool", Primitive.CHAR: "str", Primitive.STRING: "str"}
FLOATS = (Primitive.F32, Primitive.F64)
VALUES = "witkit.abi.values"
STREAMS = "witkit.native.streams"
"""Where the classes are that componentize-py calls `componentize_py_types` and `componentize_py_async_support`.

The bindings import only the standard library, witkit and each other, which every import sorter sees alike.
"""
BYTES = (Primitive.U8, Primitive.S8)


@dataclass(frozen=True, slots=True)
class HomePath:
    """A module of the bindings: `imports` or `exports` and the module's name; the world itself has neither."""

    direction: str = ""
    module: str = ""


class Homes:
    """The module of each type. Types of an interface that is imported (also or only) live in `imports`."""

    def __init__(self, world: World, chosen: ModuleNames | None = None) -> None:
        self.world = world
        self.names = GuestNames(world, chosen)
        self.sizes = Sizes()
        self._imports: dict[int, HomePath] = {}
        self._exports: dict[int, HomePath] = {}
        for key, item in world.imports.items():
            if isinstance(item, WorldInterface):
                self._imports[id(item.interface)] = HomePath("imports", self.names.imported(key).module)
        for key, item in world.exports.items():
            if isinstance(item, WorldInterface):
                self._exports[id(item.interface)] = HomePath("exports", self.names.exported(key).module)

    def of(self, type_: TypeDef) -> HomePath:
        """The module that defines the class of a named type."""
        if not isinstance(type_.owner, Interface):
            return HomePath()
        return self._imports.get(id(type_.owner)) or self._exports[id(type_.owner)]

    @cached_property
    def shadowed(self) -> frozenset[str]:
        """Exported interfaces' modules that `wit_world.exports` does not show: an imported one has the name.

        componentize-py imports into `exports` the modules whose classes its Protocols mention, so that
        `from wit_world.exports import x` gives `imports.x` then.
        """
        shown = self.shown
        own = {home.module for home in shown if home.direction == "exports"}
        return frozenset(home.module for home in shown if home.direction == "imports" and home.module not in own)

    def modules(self, direction: str) -> frozenset[str]:
        """The names of the modules of `imports` or `exports`."""
        homes = self._imports if direction == "imports" else self._exports
        return frozenset(home.module for home in homes.values())

    @cached_property
    def shown(self) -> frozenset[HomePath]:
        """The modules whose classes the signatures of exported functions mention."""
        items = [item for item in self.world.exports.values() if isinstance(item, WorldInterface)]
        functions = [f for item in items if item.interface.name for f in item.interface.functions.values()]
        types = [t for f in functions if f.resource is None for t in (*(p.type for p in f.params), _returned(f))]
        return frozenset(self.of(type_) for wanted in types for type_ in _mentioned(wanted))

    def of_constant(self, type_: TypeDef, direction: str) -> HomePath:
        """The module with the type's ABI constant: exports have their own, since their resources differ.

        An interface that is imported as well, and has nothing but types of values, has no module in `exports`.
        """
        owner = type_.owner
        if direction == "exports" and isinstance(owner, Interface) and id(owner) in self._exports:
            of_values = not owner.functions and not any(isinstance(t.kind, Resource) for t in owner.types.values())
            if not of_values or id(owner) not in self._imports:
                return self._exports[id(owner)]
        return self.of(type_)


def _returned(function: Function) -> Type | None:
    result = function.result
    return result.kind.ok if isinstance(result, TypeDef) and isinstance(result.kind, Result) else result


def _mentioned(type_: Type | None) -> Iterator[TypeDef]:
    """The types that have a class, as an annotation of `type_` spells them."""
    if isinstance(type_, TypeDef):
        parts = parts_first(type_, lambda part: not isinstance(part.kind, CLASSES))
        yield from (part for part in parts if isinstance(part.kind, CLASSES))
