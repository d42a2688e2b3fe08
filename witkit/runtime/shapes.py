"""ABI types against the types a component states: do they fit, and which would fit.

The codecs trust their types, so a function is linked only after its ABI type was found equal to the
component's own. Types made from a component (`build`) carry simple classes of the same sort as generated
ones: dataclasses, one class a case, `Enum`, `Flag`.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterable
from dataclasses import make_dataclass
from enum import Enum, Flag
from typing import Any

from witkit import abi
from witkit.runtime.codec.functions import parameters
from witkit.runtime.reflect import FuncShape, Shape


def text(shape: Shape | None) -> str:
    """The shape as WIT, as far as it has names."""
    match shape:
        case None:
            return "_"
        case str():
            return shape
        case ("list" | "option" as kind, element):
            return f"{kind}<{text(element)}>"
        case ("record", fields):
            return f"record {{ {', '.join(f'{n}: {text(t)}' for n, t in fields)} }}"
        case ("variant", cases):
            return f"variant {{ {', '.join(n if t is None else f'{n}({text(t)})' for n, t in cases)} }}"
        case ("tuple", types):
            return f"tuple<{', '.join(map(text, types))}>"
        case ("enum" | "flags" as kind, names):
            return f"{kind} {{ {', '.join(names)} }}"
        case ("result", ok, err):
            return f"result<{text(ok)}, {text(err)}>"
        case ("map", key, value):
            return f"map<{text(key)}, {text(value)}>"
        case ("unsupported", what):
            return str(what)
        case _:
            return str(shape[0])


def unsupported(shape: Shape | None) -> str:
    """The first part of a shape that the C library cannot carry; empty where there is none."""
    if not isinstance(shape, tuple):
        return ""
    if shape[0] == "unsupported":
        return str(shape[1])
    if shape[0] in ("enum", "flags", "own", "borrow"):
        return ""
    parts = shape[1] if shape[0] in ("record", "variant", "tuple") else shape[1:]
    named = shape[0] in ("record", "variant")
    return next((found for p in parts if (found := unsupported(p[1] if named else p))), "")


def differs(func: abi.Func, shape: FuncShape) -> str:
    """What makes the ABI type of a function another one than the component's; empty where nothing does."""
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
    match type, shape:
        case None, None:
            return True
        case abi.Primitive(name=name), str():
            return bool(name == shape)
        case abi.List(element=element, length=None), ("list", inner):
            return same(element, inner)
        case abi.Option(element=element), ("option", inner):
            return same(element, inner)
        case abi.Result(ok=ok, err=err), ("result", good, bad):
            return same(ok, good) and same(err, bad)
        case abi.Map(key=k, value=v), ("map", key, value):
            return same(k, key) and same(v, value)
        case abi.Tuple(elements=elements), ("tuple", types):
            return len(elements) == len(types) and all(map(same, elements, types))
        case abi.Record(fields=fields), ("record", named):
            return _named([(f.name, f.type) for f in fields], named)
        case abi.Variant(cases=cases), ("variant", named):
            return _named([(c.name, c.payload) for c in cases], named)
        case abi.Enum(cases=names), ("enum", found):
            return bool(names == found)
        case abi.Flags(flags=names), ("flags", found):
            return bool(names == found)
        case abi.Own(), ("own", _):
            return True
        case abi.Borrow(), ("borrow", _):
            return True
        case _:
            return False


def _named(types: list[tuple[str, abi.Type | None]], shapes: Iterable[tuple[str, Shape | None]]) -> bool:
    found = list(shapes)
    return len(types) == len(found) and all(
        name == other and same(type, shape) for (name, type), (other, shape) in zip(types, found, strict=True)
    )


def resources(func: abi.Func, shape: FuncShape) -> dict[abi.Resource, int]:
    """The component's numbers of the resources that a function mentions; its ABI type fits the shape.

    One description of an interface may stand for two exports, under two labels, each with a type of its own.
    """
    found: dict[abi.Resource, int] = {}
    pairs = [(p.type, t) for p, (_, t) in zip(parameters(func), shape.params, strict=True)]
    for type, part in [*pairs, (func.result, shape.result)]:
        _resources(type, part, found)
    return found


def _resources(type: abi.Type | None, shape: Shape | None, found: dict[abi.Resource, int]) -> None:
    match type, shape:
        case ((abi.Own(resource=resource) | abi.Borrow(resource=resource)), (_, number)):
            found[resource] = number
        case ((abi.List(element=element) | abi.Option(element=element)), (_, inner)):
            _resources(element, inner, found)
        case ((abi.Result(ok=a, err=b) | abi.Map(key=a, value=b)), (_, first, second)):
            _resources(a, first, found)
            _resources(b, second, found)
        case abi.Tuple(elements=elements), (_, parts):
            for element, part in zip(elements, parts, strict=True):
                _resources(element, part, found)
        case abi.Record(fields=fields), (_, parts):
            for field, (_, part) in zip(fields, parts, strict=True):
                _resources(field.type, part, found)
        case abi.Variant(cases=cases), (_, parts):
            for case, (_, part) in zip(cases, parts, strict=True):
                _resources(case.payload, part, found)


class Builder:
    """Makes ABI types, with classes of their own, from the shapes of one component."""

    def __init__(self, resource: Callable[[int], abi.Resource]) -> None:
        self._resource = resource
        self._made: dict[Shape, abi.Type] = {}

    def func(self, name: str, shape: FuncShape, *, is_async: bool = False) -> abi.Func:
        """The ABI type of a function. Methods and statics become functions with all parameters in sight."""
        params = tuple(abi.Param(n, self.type(t)) for n, t in shape.params)
        result = None if shape.result is None else self.type(shape.result)
        raises = isinstance(result, abi.Result)
        return abi.Func(name, _identifier(name), params, result, raises=raises, is_async=is_async)

    def type(self, shape: Shape) -> abi.Type:
        """The ABI type for a shape; equal shapes give the same type and the same classes."""
        if shape not in self._made:
            self._made[shape] = self._make(shape)
        return self._made[shape]

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
    return plain + "_" if keyword.iskeyword(plain) else plain
