"""The functions that make the two ends of a stream or future: one for each element type of a world."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from witkit.bindgen.common.naming import snake
from witkit.bindgen.guest import abi as guest_abi
from witkit.bindgen.guest.spelling import GuestSpeller
from witkit.bindgen.guest.types import BYTES, Homes
from witkit.bindgen.guest.views import FunctionView, Member
from witkit.ir.model import (
    Alias,
    Borrow,
    Function,
    Future,
    List,
    Option,
    Own,
    Primitive,
    Result,
    Stream,
    Tuple,
    Type,
    TypeDef,
    World,
    WorldInterface,
    children,
)

_SPELLED: Final = 500
"""Up to how many types an element type has that is part of a name."""


def factories(spell: GuestSpeller) -> list[FunctionView]:
    """`byte_stream()`, `…_stream()`, `…_future(default)`, each once, sorted by name."""
    found: list[FunctionView] = []
    for name, type_ in sorted(factory_names(spell.homes).items()):
        match type_.kind:
            case Stream(element):
                found.append(_stream(name, type_, element, spell))
            case Future(element):
                found.append(_future(name, type_, element, spell))
    return found


def factory_names(homes: Homes) -> dict[str, TypeDef]:
    """The names of the functions that make streams and futures, each with its type.

    A name spells its whole element type. Those that nobody could write are left out.
    """
    found: dict[str, TypeDef] = {}
    for type_ in used_types(homes.world):
        if name := factory_name(type_, homes):
            found.setdefault(name, type_)
    return found


def factory_name(type_: TypeDef, homes: Homes) -> str:
    """The function that makes a stream or future of this type; empty for another type, and if nobody could write it."""
    if not isinstance(type_.kind, Stream | Future) or homes.sizes.of(type_) > _SPELLED:
        return ""
    element, kind = type_.kind.type, type(type_.kind).__name__.lower()
    is_bytes = kind == "stream" and element in BYTES
    return "byte_stream" if is_bytes else f"{mangle(element, homes)}_{kind}"


def uses_async(world: World) -> bool:
    """Whether a world has async functions, streams or futures."""
    return any(f.is_async for f in _functions(world)) or any(
        isinstance(type_.kind, Stream | Future) for type_ in used_types(world)
    )


def mangle(type_: Type | None, homes: Homes) -> str:
    """An element type as part of a name."""
    if type_ is None:
        return "unit"
    if isinstance(type_, Primitive):
        return type_.value.replace("-", "_")
    match type_.kind:
        case Alias(target):
            return mangle(target, homes)
        case Own(resource) | Borrow(resource):
            return mangle(resource, homes)
        case List(inner):
            return f"list_{mangle(inner, homes)}"
        case Option(inner):
            return f"option_{mangle(inner, homes)}"
        case Result(ok, err):
            return f"result_{mangle(ok, homes)}_{mangle(err, homes)}"
        case Tuple(types):
            return "_".join([f"tuple{len(types)}", *(mangle(t, homes) for t in types)])
        case Stream(inner):
            return f"stream_{mangle(inner, homes)}"
        case Future(inner):
            return f"future_{mangle(inner, homes)}"
    home, name = homes.of(type_), snake(type_.name or "")
    return f"{home.module}_{name}" if home.module else name


def _stream(name: str, type_: TypeDef, element: Type | None, spell: GuestSpeller) -> FunctionView:
    spell = spell.fresh()
    pair = f"{spell.builtin('tuple')}[{spell.stream(element, 'Writer')}, {spell.stream(element, 'Reader')}]"
    call = f"{guest_abi.NATIVE}.stream({guest_abi.expression(type_, spell)})"
    return _factory(name, [], pair, "Make a stream: its writing and its reading end.", call, spell)


def _future(name: str, type_: TypeDef, element: Type | None, spell: GuestSpeller) -> FunctionView:
    spell = spell.fresh()
    pair = f"{spell.builtin('tuple')}[{spell.future_end(element, 'Writer')}, {spell.future_end(element, 'Reader')}]"
    default = f"{spell.need('collections.abc', 'Callable')}[[], {spell.annotation(element)}]"
    docs = "Make a future: its writing and its reading end. `default()` is written if nothing else was."
    call = f"{guest_abi.NATIVE}.future({guest_abi.expression(type_, spell)}, default)"
    return _factory(name, [Member("default", default, "")], pair, docs, call, spell)


def _factory(name: str, params: list[Member], returns: str, docs: str, call: str, spell: GuestSpeller) -> FunctionView:
    spell.bring(guest_abi.NATIVE_MODULE)
    return FunctionView(name, "", params, returns, docs, call, imports=spell.imports, reaches=spell.reaches)


def used_types(world: World) -> Iterator[TypeDef]:
    """Every type that a function of the world mentions, and what those are made of."""
    done: set[int] = set()
    stack = [t for f in _functions(world) for t in (*(p.type for p in f.params), f.result) if isinstance(t, TypeDef)]
    while stack:
        type_ = stack.pop()
        if id(type_) not in done:
            done.add(id(type_))
            yield type_
            stack += [child for child in children(type_) if isinstance(child, TypeDef)]


def _functions(world: World) -> Iterable[Function]:
    for items in (world.imports, world.exports):
        for item in items.values():
            if isinstance(item, Function):
                yield item
            elif isinstance(item, WorldInterface):
                yield from item.interface.functions.values()
