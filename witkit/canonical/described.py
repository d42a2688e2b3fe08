"""Descriptions of types that only a component states: `witkit.wasm.types` become `witkit.abi`, with simple classes.

Records are carried by dataclasses, variants by a frozen dataclass per case, enums and flags by `Enum` and `Flag`, as in
generated packages. Types have no names here.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterable
from dataclasses import make_dataclass
from enum import Enum, Flag
from typing import Any

from witkit import abi
from witkit.wasm import types

ResourceOf = Callable[[types.Resource], abi.Resource]
"""Gives the description of a resource of the component."""
EndOf = Callable[[types.Defined], abi.Resource]
"""Gives what stands for the readable end of a stream or future, if these can be carried."""


class Descriptions:
    """The descriptions of one component's types. The same type has the same classes each time."""

    def __init__(self, resource: ResourceOf, end: EndOf | None = None) -> None:
        self._resource, self._end = resource, end
        self._made: dict[types.Defined, abi.Type] = {}

    def func(self, type: types.Func, name: str = "") -> abi.Func:
        """The description of a function. Methods and statics become functions with all parameters in sight; the error
        of a `result` is raised."""
        params = tuple(abi.Param(label, self.type(t)) for label, t in type.params)
        result = self._optional(type.result)
        raises = isinstance(result, abi.Result)
        return abi.Func(name, identifier(name), params, result, raises=raises, is_async=type.is_async)

    def type(self, type: types.ValType) -> abi.Type:
        """The description of a value type."""
        if isinstance(type, str):
            return abi.Unsupported(type) if type == "error-context" else abi.Primitive(type)
        if type not in self._made:
            if self._end is not None and isinstance(type.kind, types.Stream | types.Future):
                self._made[type] = abi.Own(self._end(type))
            else:
                self._made[type] = self._kind(type.kind)
        return self._made[type]

    def _optional(self, type: types.ValType | None) -> abi.Type | None:
        return None if type is None else self.type(type)

    def _kind(self, kind: types.Kind) -> abi.Type:
        match kind:
            case types.Primitive(name):
                return self.type(name)
            case types.List(element):
                return abi.List(self.type(element))
            case types.FixedLengthList(element, length):
                return abi.List(self.type(element), length)
            case types.Option(element):
                return abi.Option(self.type(element))
            case types.Result(ok, err):
                return abi.Result(self._optional(ok), self._optional(err))
            case types.Map(key, value):
                return abi.Map(self.type(key), self.type(value))
            case types.Tuple(elements):
                return abi.Tuple(tuple(map(self.type, elements)))
            case types.Own(resource):
                return abi.Own(self._resource(resource))
            case types.Borrow(resource):
                return abi.Borrow(self._resource(resource))
            case types.Stream() | types.Future():
                return abi.Unsupported(type(kind).__name__.lower())
        return self._with_class(kind)

    def _with_class(self, kind: types.Record | types.Variant | types.Enum | types.Flags) -> abi.Type:
        match kind:
            case types.Record(named):
                fields = tuple(abi.Field(n, identifier(n), self.type(t)) for n, t in named)
                return abi.Record("record", make_dataclass("Record", [f.attr for f in fields]), fields)
            case types.Variant(cases):
                made = (abi.Case(n, _case(n, t is not None), self._optional(t)) for n, t in cases)
                return abi.Variant("variant", tuple(made))
            case types.Enum(names):
                return abi.Enum("enum", _members(Enum, names, lambda i: i), tuple(names))
            case types.Flags(names):
                return abi.Flags("flags", _members(Flag, names, lambda i: 1 << i), tuple(names))


def identifier(name: str) -> str:
    """A WIT name as a Python identifier."""
    plain = name.rpartition("]")[2].rpartition(".")[2].replace("-", "_").lower()
    # A dataclass takes an attribute that every class has for the default of a field.
    return plain + "_" if keyword.iskeyword(plain) or plain == "mro" else plain


def _case(name: str, payload: bool) -> type:
    title = "".join(part.capitalize() for part in name.split("-"))
    return make_dataclass(title, ["value"] if payload else [], frozen=True)


def _members(base: Any, names: Iterable[str], number: Callable[[int], int]) -> Any:
    title = "Enum" if base is Enum else "Flags"
    return base(title, {identifier(name).upper(): number(i) for i, name in enumerate(names)})
