"""World elaboration: a world also imports the interfaces that its imports and exports need.

Imports are sorted into interfaces, `use`d types, defined types, functions, and functions of resources. An interface
precedes those that use its types. An exported interface takes types from other exports, if those have them (WIT.md,
"world elaboration").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from witkit.ir.model import (
    Alias,
    Interface,
    Stability,
    TypeDef,
    World,
    WorldInterface,
    WorldItem,
    WorldKey,
)
from witkit.ir.resolve.context import Context
from witkit.ir.toposort import postorder
from witkit.text import Related
from witkit.text.values import entity, value

INCOMPATIBLE_DEPENDENCY = "WIT0221"


def direct_dependencies(interface: Interface) -> Iterator[Interface]:
    """The interfaces whose types `interface` uses, in order, each as often as it is used."""
    for type_ in interface.types.values():
        if (dependency := used_interface(type_)) is not None:
            yield dependency


def used_interface(type_: TypeDef) -> Interface | None:
    """The interface that a `use`d type comes from; None for a type that its owner defines."""
    if isinstance(type_.kind, Alias) and isinstance(target := type_.kind.type, TypeDef):
        owner = target.owner
        if isinstance(owner, Interface) and owner is not type_.owner:
            return owner
    return None


def elaborate(context: Context, world: World) -> None:
    """Complete and sort the imports and exports of `world` in place."""
    imports: dict[WorldKey, WorldItem] = {}
    for key, item in sorted(world.imports.items(), key=lambda pair: _class(pair[1])):
        if isinstance(item, WorldInterface):
            for dependency in direct_dependencies(item.interface):
                _import(imports, dependency, item.stability)
            imports.setdefault(key, item)
        else:
            if isinstance(item, TypeDef) and (dependency_of_type := used_interface(item)) is not None:
                _import(imports, dependency_of_type, item.stability)
            imports[key] = item
    exports: dict[WorldKey, WorldItem] = {k: i for k, i in world.exports.items() if not isinstance(i, WorldInterface)}
    wanted = {k: i for k, i in world.exports.items() if isinstance(i, WorldInterface)}
    run = _Exports(imports, exports, wanted)
    for key, item in wanted.items():
        if not run.add(key, item):
            _report(context, world, item)
            break
    _keep_places(world.imports, imports)
    _keep_places(world.exports, exports)
    world.imports = dict(sorted(imports.items(), key=lambda pair: _class(pair[1])))
    world.exports = exports


def _keep_places(written: dict[WorldKey, WorldItem], elaborated: dict[WorldKey, WorldItem]) -> None:
    """Give implied items their place in the text, if they are there: what they say is still that of their origin.

    An item is implied even if the text has it, but after an item that needs it. wasm-tools does the same.
    """
    for key, item in written.items():
        if (found := elaborated.get(key)) is not None and found.span is None:
            found.span = item.span


def _class(item: WorldItem) -> int:
    """Interfaces, used types, defined types, functions, functions of resources."""
    if isinstance(item, WorldInterface):
        return 0
    if isinstance(item, TypeDef):
        kind = item.kind
        is_used = isinstance(kind, Alias) and isinstance(kind.type, TypeDef) and kind.type.owner is not item.owner
        return 1 if is_used else 2
    return 3 if item.resource is None else 4


def _import(imports: dict[WorldKey, WorldItem], interface: Interface, stability: Stability | None) -> None:
    for needed in postorder(interface, direct_dependencies, imports):
        imports[needed] = WorldInterface(interface=needed, stability=stability)


@value(frozen=True, slots=True, eq=False)
class _Step:
    """An interface that is about to join the exports, or the imports that an export needs."""

    interface: Interface
    key: WorldKey
    is_export: bool


@entity(slots=True, eq=False)
class _Exports:
    """Adds exports. What an exported interface uses is another export, or an import with all that it uses in turn."""

    imports: dict[WorldKey, WorldItem]
    exports: dict[WorldKey, WorldItem]
    wanted: dict[WorldKey, WorldInterface]
    required: set[Interface] = field(default_factory=set)

    def add(self, key: WorldKey, origin: WorldInterface) -> bool:
        """False if an interface would have to be both an export and an import."""
        stack: list[tuple[_Step, Iterator[Interface]]] = []
        step: _Step | None = _Step(origin.interface, key, True)
        while True:
            if step is not None and not self._is_done(step):
                if step.key in self.exports:
                    return False
                stack.append((step, direct_dependencies(step.interface)))
            if not stack:
                return True
            current, rest = stack[-1]
            needed = next(rest, None)
            if needed is not None:
                step = _Step(needed, needed, current.is_export and needed in self.wanted)
                continue
            stack.pop()
            step = None
            if not self._finish(current, origin):
                return False

    def _is_done(self, step: _Step) -> bool:
        if step.is_export:
            return step.key in self.exports
        return step.key not in self.exports and step.interface in self.required

    def _finish(self, step: _Step, origin: WorldInterface) -> bool:
        if step.is_export:
            if step.interface in self.required:
                return False
            self.exports[step.key] = origin if self.wanted[step.key] is origin else _implied(step.interface, origin)
        else:
            self.required.add(step.interface)
            self.imports.setdefault(step.key, _implied(step.interface, origin))
        return True


def _implied(interface: Interface, origin: WorldInterface) -> WorldInterface:
    """An item that is not in the text: it has the stability and external id of `origin`, which needs it."""
    return WorldInterface(interface=interface, stability=origin.stability, external_id=origin.external_id)


def _report(context: Context, world: World, item: WorldInterface) -> None:
    name = item.interface.qualified_name or "the inline interface"
    if world.span is not None:
        context.report.error(
            INCOMPATIBLE_DEPENDENCY,
            f"interface `{name}` depends on one interface both as imported and as exported by world `{world.name}`",
            world.span,
            related=[Related(item.span, "exported here")] if item.span else (),
            help="also export the interfaces in between, so that all of them use the exported one",
        )
