"""ABI types against the types a component states: do they fit, and which would fit.

The codecs trust their types, so a function is linked only after its ABI type was found equal to the
component's own. Types made from a component (`build`) carry simple classes of the same sort as generated
ones: dataclasses, one class per case, `Enum`, `Flag`.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterator
from dataclasses import make_dataclass
from enum import Enum, Flag
from typing import Any, Final, TypeAlias

from witkit import abi
from witkit.canonical.blame import parameters
from witkit.runtime.read_types import Shape, parts
from witkit.runtime.reflect import FuncShape

_DEEP: Final = 6


def text(shape: Shape | None, depth: int = 0) -> str:
    """The shape as WIT, as far as it has names; what lies deep inside is left out."""
    if depth > _DEEP:
        return "…"
    match shape:
        case None:
            return "_"
        case str():
            return shape
        case ("record", fields):
            return f"record {{ {', '.join(f'{n}: {text(t, depth + 1)}' for n, t in fields)} }}"
        case ("variant", cases):
            parts = (n if t is None else f"{n}({text(t, depth + 1)})" for n, t in cases)
            return f"variant {{ {', '.join(parts)} }}"
        case ("tuple", types):
            return f"tuple<{', '.join(text(t, depth + 1) for t in types)}>"
        case ("enum" | "flags" as kind, names):
            return f"{kind} {{ {', '.join(names)} }}"
        case ("list" | "option" | "result" | "map" as kind, *parts):
            return f"{kind}<{', '.join(text(t, depth + 1) for t in parts)}>"
        case ("unsupported", what):
            return str(what)
        case _:
            return str(shape[0])


def unsupported(shape: Shape | None) -> str:
    """The first part of a shape that the C library cannot carry; empty if there is none."""
    seen: set[int] = set()
    stack = [shape]
    while stack:
        part = stack.pop()
        if not isinstance(part, tuple) or id(part) in seen:
            continue
        if part[0] == "unsupported":
            return str(part[1])
        seen.add(id(part))
        stack += reversed(parts(part))
    return ""


def differs(func: abi.Func, shape: FuncShape) -> str:
    """What makes a function's ABI type differ from the component's; empty if nothing does."""
    expected, found = parameters(func), shape.params
    if len(expected) != len(found):
        return f"it has {len(found)} parameters in the component, {len(expected)} in the bindings"
    for param, (_, type) in zip(expected, found, strict=True):
        if not same(param.type, type):
            return f"parameter `{param.name}` is {text(type)} in the component, another type in the bindings"
    if not same(func.result, shape.result):
        return f"it returns {text(shape.result)} in the component, another type in the bindings"
    return ""


def same(type: abi.Type | None, shape: Shape | None) -> bool:
    """Whether an ABI type and a shape are the same type (of resources only own or borrow is compared:
    wasmtime compares the rest)."""
    return all(inner is not None for _, _, inner in _together(type, shape))


_Pair: TypeAlias = tuple[abi.Type | None, Shape | None]


def _together(
    type: abi.Type | None, shape: Shape | None
) -> Iterator[tuple[abi.Type | None, Shape, list[_Pair] | None]]:
    """The parts of an ABI type beside those of a shape, each pair once, with the pairs inside.

    None in their place means that the two differ from the outside.
    """
    seen: set[tuple[int, int]] = set()
    stack: list[_Pair] = [(type, shape)]
    while stack:
        one, other = stack.pop()
        if (id(one), id(other)) not in seen:
            seen.add((id(one), id(other)))
            inner = _inner(one, other)
            yield one, other, inner
            stack += reversed(inner or [])


def _inner(type: abi.Type | None, shape: Shape | None) -> list[_Pair] | None:
    match type, shape:
        case None, None:
            return []
        case abi.Primitive(name=name), str():
            return [] if name == shape else None
        case (abi.List(element=element, length=None), ("list", inner)) | (
            abi.Option(element=element), ("option", inner)
        ):  # fmt: skip
            return [(element, inner)]
        case (abi.Result(ok=a, err=b), ("result", first, second)) | (
            abi.Map(key=a, value=b), ("map", first, second)
        ):  # fmt: skip
            return [(a, first), (b, second)]
        case abi.Tuple(elements=elements), ("tuple", types):
            return list(zip(elements, types, strict=True)) if len(elements) == len(types) else None
        case abi.Record(fields=fields), ("record", named):
            return _named([(f.name, f.type) for f in fields], list(named))
        case abi.Variant(cases=cases), ("variant", named):
            return _named([(c.name, c.payload) for c in cases], list(named))
        case (abi.Enum(cases=names), ("enum", found)) | (abi.Flags(flags=names), ("flags", found)):
            return [] if names == found else None
        case (abi.Own(), ("own", _)) | (abi.Borrow(), ("borrow", _)):
            return []
        case _:
            return None


def _named(types: list[tuple[str, abi.Type | None]], shapes: list[tuple[str, Shape | None]]) -> list[_Pair] | None:
    if [name for name, _ in types] != [name for name, _ in shapes]:
        return None
    return [(type, shape) for (_, type), (_, shape) in zip(types, shapes, strict=True)]


def resources(func: abi.Func, shape: FuncShape) -> dict[abi.Resource, int]:
    """The component's numbers of the resources that a function mentions; its ABI type fits the shape.

    One description of an interface may stand for two exports, under two labels, each with a type of its own.
    """
    found: dict[abi.Resource, int] = {}
    pairs = [(p.type, t) for p, (_, t) in zip(parameters(func), shape.params, strict=True)]
    for type, part in [*pairs, (func.result, shape.result)]:
        for one, other, _ in _together(type, part):
            if isinstance(one, abi.Own | abi.Borrow):
                assert isinstance(other, tuple)
                found[one.resource] = other[1]
    return found


class Builder:
    """Makes ABI types, with classes of their own, from the shapes of one component."""

    def __init__(self, resource: Callable[[int], abi.Resource]) -> None:
        self._resource = resource
        self._made: dict[Any, tuple[Shape, abi.Type]] = {}

    def func(self, name: str, shape: FuncShape, *, is_async: bool = False) -> abi.Func:
        """The ABI type of a function. Methods and statics become functions with all parameters in sight."""
        params = tuple(abi.Param(n, self.type(t)) for n, t in shape.params)
        result = None if shape.result is None else self.type(shape.result)
        raises = isinstance(result, abi.Result)
        return abi.Func(name, _identifier(name), params, result, raises=raises, is_async=is_async)

    def type(self, shape: Shape) -> abi.Type:
        """The ABI type for a shape of one reflection, which has each shape once; the same classes each time."""
        key = id(shape) if isinstance(shape, tuple) and parts(shape) else shape
        if key not in self._made:
            self._made[key] = shape, self._make(shape)
        return self._made[key][1]

    def _optional(self, shape: Shape | None) -> abi.Type | None:
        return None if shape is None else self.type(shape)

    def _make(self, shape: Shape) -> abi.Type:
        match shape:
            case str():
                return abi.Primitive(shape)
            case ("list", element):
                return abi.List(self.type(element))
            case ("option", element):
                return abi.Option(self.type(element))
            case ("result", ok, err):
                return abi.Result(self._optional(ok), self._optional(err))
            case ("map", key, value):
                return abi.Map(self.type(key), self.type(value))
            case ("tuple", types):
                return abi.Tuple(tuple(map(self.type, types)))
            case ("own", number):
                return abi.Own(self._resource(number))
            case ("borrow", number):
                return abi.Borrow(self._resource(number))
            case ("unsupported", what):
                return abi.Unsupported(what)
            case _:
                return self._class(shape[0], shape[1])

    def _class(self, kind: str, members: tuple[Any, ...]) -> abi.Type:
        if kind == "record":
            fields = tuple(abi.Field(n, _identifier(n), self.type(t)) for n, t in members)
            return abi.Record("record", make_dataclass("Record", [f.attr for f in fields]), fields)
        if kind == "variant":
            cases = tuple(abi.Case(n, _case(n, t is not None), self._optional(t)) for n, t in members)
            return abi.Variant("variant", cases)
        names = [_identifier(n).upper() for n in members]
        if kind == "enum":
            enum: type[Enum] = _functional(Enum)("Enum", {n: i for i, n in enumerate(names)})
            return abi.Enum("enum", enum, members)
        flags: type[Flag] = _functional(Flag)("Flags", {n: 1 << i for i, n in enumerate(names)})
        return abi.Flags("flags", flags, members)


def _functional(base: Any) -> Any:
    """Enum's functional way of making a class, which type checkers know only with literal names."""
    return base


def _case(name: str, payload: bool) -> type:
    title = "".join(part.capitalize() for part in name.split("-"))
    return make_dataclass(title, ["value"] if payload else [], frozen=True)


def _identifier(name: str) -> str:
    """A WIT name as a Python identifier."""
    plain = name.rpartition("]")[2].rpartition(".")[2].replace("-", "_").lower()
    # A dataclass takes an attribute that every class has for the default of a field.
    return plain + "_" if keyword.iskeyword(plain) or plain == "mro" else plain
