"""A readable outline of resolved packages."""

from __future__ import annotations

from collections.abc import Iterator

from witkit.ir import model
from witkit.ir.model import Function, Interface, Resolve, Stable, TypeDef, World, WorldInterface, WorldItem, WorldKey
from witkit.ir.show.types import signature_text, structure_text

_STEP = "  "


def to_tree(resolve: Resolve) -> str:
    """Packages with their interfaces and worlds, one item per line; main packages first."""
    packages = [*resolve.main, *(p for p in resolve.packages if p not in resolve.main)]
    lines: list[str] = []
    for package in packages:
        lines.append(f"package {package.name}" + ("" if package in resolve.main else "  (dependency)"))
        for interface in package.interfaces.values():
            lines.append(f"{_STEP}interface {interface.name}{_gate(interface)}")
            lines += (_STEP * 2 + line for line in _interface(interface))
        for world in package.worlds.values():
            lines.append(f"{_STEP}world {world.name}{_gate(world)}")
            lines += (_STEP * 2 + line for line in _world(world))
    return "\n".join(lines) + "\n"


def _interface(interface: Interface) -> Iterator[str]:
    functions: dict[TypeDef | None, list[Function]] = {}
    for function in interface.functions.values():
        functions.setdefault(function.resource, []).append(function)
    for type_ in interface.types.values():
        yield f"{_type(type_)}{_gate(type_)}"
        yield from (f"{_STEP}{_function(f)}" for f in functions.get(type_, []))
    yield from (_function(f) for f in functions.get(None, []))


def _world(world: World) -> Iterator[str]:
    for verb, items in (("import", world.imports), ("export", world.exports)):
        for key, item in items.items():
            yield from _item(verb, key, item)


def _item(verb: str, key: WorldKey, item: WorldItem) -> Iterator[str]:
    if isinstance(item, TypeDef):
        yield f"{_type(item)}{_gate(item)}"
    elif isinstance(item, Function):
        yield f"{'' if item.resource else f'{verb} '}{_function(item)}"
    else:
        yield f"{verb} {_key(key, item)}{_gate(item)}"
        if item.interface.name is None:
            yield from (_STEP + line for line in _interface(item.interface))


def _key(key: WorldKey, item: WorldInterface) -> str:
    name = item.interface.qualified_name or "interface"
    return f"{key}: {name}" if isinstance(key, str) else name


def _function(function: Function) -> str:
    static = "static " if function.kind is model.FunctionKind.STATIC else ""
    colon = "" if function.kind is model.FunctionKind.CONSTRUCTOR else ": "
    return f"{function.item_name}{colon}{static}{signature_text(function)}{_gate(function)}"


def _type(type_: TypeDef) -> str:
    match type_.kind:
        case model.Record(fields):
            return f"record {type_.name}: {', '.join(f.name for f in fields)}"
        case model.Variant(cases):
            return f"variant {type_.name}: {', '.join(c.name for c in cases)}"
        case model.Enum(cases):
            return f"enum {type_.name}: {', '.join(c.name for c in cases)}"
        case model.Flags(flags):
            return f"flags {type_.name}: {', '.join(f.name for f in flags)}"
        case model.Resource():
            return f"resource {type_.name}"
        case model.Alias(TypeDef(owner=Interface() as owner, name=name)) if owner is not type_.owner:
            return f"use {owner.qualified_name or owner.name}.{name}" + (
                "" if name == type_.name else f" as {type_.name}"
            )
        case _:
            return f"type {type_.name} = {structure_text(type_)}"


def _gate(element: model.Element) -> str:
    stability = element.stability
    if stability is None:
        return ""
    return f"  (since {stability.since})" if isinstance(stability, Stable) else f"  (unstable: {stability.feature})"
