"""What guests in JavaScript cannot do that depends on more than the kind of a type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from witkit.checks.targets.flat import MAX_PARAMS, Number, Numbers, flat
from witkit.checks.targets.limit import LIMITED, NAME, Limit
from witkit.ir import model
from witkit.ir.model import Function, FunctionKind, Interface, Primitive, Resource, World, WorldInterface

_BACKEND: Final = "build guests with `jco componentize --backend quickjs`"
_NEGATIVE: Final = frozenset(
    {Primitive.S8, Primitive.S16, Primitive.S32, Primitive.S64, Primitive.F32, Primitive.F64},
)


def clashes(world: World) -> Iterator[Limit]:
    """Names that meet in the JavaScript that componentize-js makes, or that a class of JavaScript cannot have."""
    yield from _prototypes(world)
    yield from _exported_functions(world)
    yield from _exported_resources(world)


def _prototypes(world: World) -> Iterator[Limit]:
    for interface in _interfaces(world.imports):
        for function in interface.functions.values():
            if function.kind is FunctionKind.STATIC and function.item_name == "prototype":
                message = "a class of JavaScript cannot have a static method `prototype`"
                yield Limit(NAME, message, function.span, "choose another name")


def _exported_functions(world: World) -> Iterator[Limit]:
    """Functions that have one name in the JavaScript: of the interface's, its version's and their own.

    Those of the world, and of interfaces that are written in it, have nothing but their own.
    """
    seen: dict[tuple[str, str, str], object] = {}
    for item in world.exports.values():
        interface = item.interface if isinstance(item, WorldInterface) else None
        for function in _functions_of(item):
            key = (*_name_of(interface), function.name)
            if key in seen:
                message = (
                    f"in a guest of jco's default engine, one function answers for every exported `{function.name}`"
                )
                help = "export the interface once" if seen[key] is function else _BACKEND
                yield Limit(LIMITED, message, function.span, help)
            seen[key] = function


def _name_of(interface: Interface | None) -> tuple[str, str]:
    """The name of an interface and the version of its package; empty if it has none."""
    if interface is None or interface.name is None:
        return "", ""
    return interface.name, str(interface.package.name.version or "")


def _exported_resources(world: World) -> Iterator[Limit]:
    seen: dict[str, int] = {}
    for interface in _interfaces(world.exports):
        for type_ in interface.types.values():
            if isinstance(type_.kind, Resource) and seen.setdefault(str(type_.name), id(interface)) != id(interface):
                message = f"jco's default engine cannot build a guest that exports two resources named `{type_.name}`"
                yield Limit(LIMITED, message, type_.span, _BACKEND)


def empty_resources(world: World) -> Iterator[Limit]:
    """Imported resources without functions: componentize-js makes no class for them."""
    for interface in _interfaces(world.imports):
        used = {id(function.resource) for function in interface.functions.values()}
        for type_ in interface.types.values():
            if isinstance(type_.kind, Resource) and id(type_) not in used:
                message = f"a guest of jco's default engine cannot receive `{type_.name}`, a resource without functions"
                yield Limit(LIMITED, message, type_.span, _BACKEND)


def numbers(world: World) -> Iterator[Limit]:
    """Functions with numbers that componentize-js passes wrongly: those that are not in memory at the boundary."""
    seen: set[int] = set()
    for items, passed in ((world.imports, _params), (world.exports, _results)):
        for function in _functions(items):
            if id(function) not in seen:
                found = {problem for each in passed(function) if (problem := _problem(each))}
                seen |= {id(function)} if found else set()
                for message, help in sorted(found):
                    yield Limit(LIMITED, message, function.span, help)


def _problem(number: Number) -> tuple[str, str] | None:
    """What happens to some values of a number, and what to do; None if nothing does."""
    if number.core == "i32" and Primitive.U32 in number.of:
        return "a guest of jco's default engine passes `u32` from 2147483648 on as another number", _BACKEND
    if number.core == "i64" and (negative := number.of & _NEGATIVE):
        names = ", ".join(f"`{name}`" for name in Primitive if name in negative)
        message = f"a guest of jco's default engine stops when it passes a negative {names}"
        return message, f"put it into a list, or {_BACKEND}, which rounds 64-bit integers above 2^53"
    return None


def _params(function: Function) -> Numbers:
    found = tuple(number for param in function.params for number in flat(param.type))
    return found if len(found) <= MAX_PARAMS else ()


def _results(function: Function) -> Numbers:
    found = flat(function.result)
    return found if len(found) == 1 else ()


def _functions(items: Mapping[model.WorldKey, model.WorldItem]) -> Iterator[Function]:
    for item in items.values():
        yield from _functions_of(item)


def _functions_of(item: model.WorldItem) -> Iterable[Function]:
    if isinstance(item, WorldInterface):
        return item.interface.functions.values()
    return (item,) if isinstance(item, Function) else ()


def _interfaces(items: Mapping[model.WorldKey, model.WorldItem]) -> Iterator[Interface]:
    for item in items.values():
        if isinstance(item, WorldInterface):
            yield item.interface
