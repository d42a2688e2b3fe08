"""Stand-ins for what features leave out, so that printed text numbers anonymous types as the original does.

A function that is left out has nevertheless given the package its anonymous types (the reference keeps them).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy

from witkit.ir.model import (
    Function,
    FunctionKind,
    Interface,
    Param,
    Stability,
    World,
    WorldInterface,
    WorldItem,
    WorldKey,
)
from witkit.ir.resolve.context import Context

Entry = tuple[bool, WorldKey, WorldItem]


def written_functions(context: Context, interface: Interface, functions: Iterable[Function]) -> list[Function]:
    """The functions of an interface as they are printed: a stand-in for each that is left out and leaves types."""
    kept = set(interface.functions.values()) if interface not in context.excluded else set()
    found: list[Function] = []
    for function in functions:
        if function in kept:
            found.append(function)
        else:
            found += _stand_in(context, [function], function.stability, function)
    return found


def shell_of_interface(context: Context, interface: Interface) -> Interface | None:
    """What is printed of a named interface that is left out, if anything must be."""
    functions = written_functions(context, interface, interface.functions.values())
    if not functions:
        return None
    shell = copy(interface)
    shell.docs, shell.types, shell.functions = None, {}, {}
    shell.written = functions
    return shell


def written_items(context: Context, world: World, items: list[Entry], kept: set[int]) -> Iterator[Entry]:
    """The items of a world as they are printed; `kept` are the ids of those that are there."""
    for is_export, key, item in items:
        is_foreign = isinstance(item, WorldInterface) and item.interface.package is not context.package
        if id(item) in kept or is_foreign:
            yield is_export, key, item
        elif isinstance(item, Function):
            for function in _stand_in(context, [item], item.stability, item):
                yield is_export, function.name, function
        elif isinstance(item, WorldInterface) and item.interface.name is None:
            if item.interface not in context.excluded:
                yield is_export, key, item
                continue
            for function in _stand_in(context, item.interface.functions.values(), item.stability, None):
                yield is_export, function.name, function


def shell_of_world(context: Context, world: World) -> World | None:
    """What is printed of a world that is left out, if anything must be."""
    if world.written is None:
        return None
    items = list(written_items(context, world, world.written.items, set()))
    # An inline interface stays with its types, whatever becomes of its world.
    items = [entry for entry in items if isinstance(entry[2], Function) or _is_inline(entry[2])]
    if not items:
        return None
    shell = copy(world)
    shell.docs, shell.imports, shell.exports = None, {}, {}
    shell.written = copy(world.written)
    shell.written.types, shell.written.items, shell.written.includes = [], items, []
    return shell


def _is_inline(item: WorldItem) -> bool:
    return isinstance(item, WorldInterface) and item.interface.name is None


def _stand_in(
    context: Context, functions: Iterable[Function], stability: Stability | None, like: Function | None
) -> list[Function]:
    """One function, gated as the original, that mentions the types which that gave the package; or none."""
    types = [t for f in functions for t in context.allocated.get(f, ()) if t not in context.excluded]
    if not types:
        return []
    context.stand_ins += 1
    name = f"left-out-{context.stand_ins}"
    resource = like.resource if like is not None and like.resource not in context.excluded else None
    return [
        Function(
            name=f"[static]{resource.name}.{name}" if resource else name,
            kind=FunctionKind.STATIC if resource else FunctionKind.FREE,
            resource=resource,
            params=[Param(name=f"a{i}", type=t) for i, t in enumerate(types)],
            stability=stability,
        )
    ]
