"""The types a compiled component states about itself, read through the C library.

A `Shape` is a plain value: a primitive's name, or a tuple that starts with the kind:
`("list", t)`, `("record", ((name, t), …))`, `("tuple", (t, …))`, `("variant", ((name, t or None), …))`,
`("enum", names)`, `("flags", names)`, `("option", t)`, `("result", ok, err)`, `("map", k, v)`,
`("own", n)`, `("borrow", n)` with n the resource's number in this component, and `("unsupported", text)`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import byref
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import wasmtime
from wasmtime import _bindings as c
from wasmtime.component import Component as Compiled
from wasmtime.component import FuncType, ResourceType
from wasmtime.component import _types as wt

from witkit.runtime.read_types import Shape, Shapes
from witkit.runtime.uncopied import Uncopied

_PRIMITIVES = dict(enumerate(
    ("bool", "s8", "s16", "s32", "s64", "u8", "u16", "u32", "u64", "f32", "f64", "char", "string")
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class FuncShape:
    """A function's parameters by name, and its result."""

    params: tuple[tuple[str, Shape], ...]
    result: Shape | None


@dataclass(slots=True)
class InterfaceShape:
    """What an interface (or the component itself, named "") holds."""

    functions: dict[str, Any] = field(default_factory=dict)
    resources: dict[str, int] = field(default_factory=dict)
    other: dict[str, str] = field(default_factory=dict)


class Reflection(Uncopied):
    """Imports and exports of one component. Function types are read when asked for."""

    def __init__(self, component: Compiled, raw: wasmtime.Engine) -> None:
        self._resources: list[Any] = []
        self._names: list[str] = []
        self._shapes: dict[tuple[bool, str, str], FuncShape] = {}
        self._read = Shapes()
        self.labels: dict[str, str] = {}
        self.fits: dict[tuple[str, int], tuple[Any, list[Any], list[Any]]] = {}
        type = component.type
        self.imports = self._items(type.imports(raw), raw)
        self.exports = self._items(type.exports(raw), raw)

    def function(self, imported: bool, interface: str, name: str) -> FuncShape:
        """The type of a function of an interface ("" for the component itself)."""
        key = (imported, interface, name)
        if key not in self._shapes:
            side = self.imports if imported else self.exports
            self._shapes[key] = self._function(side[interface].functions[name])
        return self._shapes[key]

    def resource_name(self, number: int) -> str:
        """The name under which a resource first appears."""
        return self._names[number] if number < len(self._names) else "resource"

    def _items(self, items: dict[str, Any], raw: wasmtime.Engine) -> dict[str, InterfaceShape]:
        found = {"": InterfaceShape()}
        for name, extern in items.items():
            if extern.implements:
                self.labels[name] = extern.implements
            type = _type(extern)
            if isinstance(type, wt.ComponentInstanceType):
                found[name] = self._interface(type, raw)
            else:
                self._item(found[""], name, type)
        found[""] = found.pop("")  # last: what it `use`s from an interface belongs to that interface
        return found

    def _interface(self, type: Any, raw: wasmtime.Engine) -> InterfaceShape:
        shape = InterfaceShape()
        for name, extern in type.exports(raw).items():
            self._item(shape, name, _type(extern))
        return shape

    def _item(self, shape: InterfaceShape, name: str, type: Any) -> None:
        if isinstance(type, FuncType):
            shape.functions[name] = type
        elif isinstance(type, ResourceType):
            shape.resources[name] = self._resource(type, name)
        elif type is not None:
            shape.other[name] = _OTHER.get(type.__class__.__name__, "type")

    def _resource(self, type: Any, name: str = "resource") -> int:
        for number, known in enumerate(self._resources):
            if known == type:
                return number
        self._resources.append(type)
        self._names.append(name)
        return len(self._resources) - 1

    def _function(self, type: Any) -> FuncShape:
        count = c.wasmtime_component_func_type_param_count(type.ptr())
        params = []
        for i in range(count):
            name, value = _Name(), c.wasmtime_component_valtype_t()
            c.wasmtime_component_func_type_param_nth(type.ptr(), i, *name.out(), byref(value))
            params.append((name.text(), self._take(value)))
        value = c.wasmtime_component_valtype_t()
        result = self._take(value) if c.wasmtime_component_func_type_result(type.ptr(), byref(value)) else None
        return FuncShape(tuple(params), result)

    def _take(self, value: Any) -> Shape:
        """The shape of a type, which is kept or freed: the same object for the same type."""
        kind = int(value.kind)
        if kind in _PRIMITIVES:
            return _PRIMITIVES[kind]
        if (known := self._read.find(value)) is not None:
            return known
        read = _READERS.get(kind)
        shape = read(self, value.of) if read else ("unsupported", f"type kind {kind}")
        return self._read.keep(value, shape)

    def _one(self, get: Callable[[Any, Any], Any], type: Any) -> Shape | None:
        """What a getter with one type as result gives; None if there is no such type."""
        value = c.wasmtime_component_valtype_t()
        return None if get(type, byref(value)) is False else self._take(value)

    def _record(self, of: Any) -> Shape:
        fields = []
        for i in range(c.wasmtime_component_record_type_field_count(of.record)):
            name, value = _Name(), c.wasmtime_component_valtype_t()
            c.wasmtime_component_record_type_field_nth(of.record, i, *name.out(), byref(value))
            fields.append((name.text(), self._take(value)))
        return ("record", tuple(fields))

    def _variant(self, of: Any) -> Shape:
        cases = []
        for i in range(c.wasmtime_component_variant_type_case_count(of.variant)):
            name, value, has = _Name(), c.wasmtime_component_valtype_t(), ctypes.c_bool()
            c.wasmtime_component_variant_type_case_nth(of.variant, i, *name.out(), byref(has), byref(value))
            cases.append((name.text(), self._take(value) if has else None))
        return ("variant", tuple(cases))

    def _tuple(self, of: Any) -> Shape:
        types = []
        for i in range(c.wasmtime_component_tuple_type_types_count(of.tuple)):
            value = c.wasmtime_component_valtype_t()
            c.wasmtime_component_tuple_type_types_nth(of.tuple, i, byref(value))
            types.append(self._take(value))
        return ("tuple", tuple(types))

    def _handle(self, kind: str, pointer: Any) -> Shape:
        return (kind, self._resource(ResourceType._from_ptr(c.wasmtime_component_resource_type_clone(pointer))))


def _type(extern: Any) -> Any:
    """The item's type; None for a value type that wasmtime-py has no class for (maps)."""
    try:
        return extern.ty
    except TypeError:
        return None


_OTHER = {"ComponentType": "component", "ModuleType": "core module"}


class _Name:
    """Room for a name that the C library gives as pointer and length."""

    def __init__(self) -> None:
        self._pointer, self._length = ctypes.POINTER(ctypes.c_char)(), ctypes.c_size_t()

    def out(self) -> tuple[Any, Any]:
        return byref(self._pointer), byref(self._length)

    def text(self) -> str:
        return ctypes.string_at(self._pointer, self._length.value).decode()


def _names(count: Any, nth: Any, type: Any) -> tuple[str, ...]:
    names = []
    for i in range(count(type)):
        name = _Name()
        nth(type, i, *name.out())
        names.append(name.text())
    return tuple(names)


_Reader: TypeAlias = Callable[[Reflection, Any], Shape]
_READERS: dict[int, _Reader] = {
    13: lambda r, of: ("list", r._one(c.wasmtime_component_list_type_element, of.list)),
    14: lambda r, of: r._record(of),
    15: lambda r, of: r._tuple(of),
    16: lambda r, of: r._variant(of),
    17: lambda r, of: (
        "enum",
        _names(c.wasmtime_component_enum_type_names_count, c.wasmtime_component_enum_type_names_nth, of.enum_),
    ),
    18: lambda r, of: ("option", r._one(c.wasmtime_component_option_type_ty, of.option)),
    19: lambda r, of: (
        "result",
        r._one(c.wasmtime_component_result_type_ok, of.result),
        r._one(c.wasmtime_component_result_type_err, of.result),
    ),
    20: lambda r, of: (
        "flags",
        _names(c.wasmtime_component_flags_type_names_count, c.wasmtime_component_flags_type_names_nth, of.flags),
    ),
    21: lambda r, of: r._handle("own", of.own),
    22: lambda r, of: r._handle("borrow", of.borrow),
    23: lambda r, of: ("unsupported", "future"),
    24: lambda r, of: ("unsupported", "stream"),
    25: lambda r, of: ("unsupported", "error-context"),
    26: lambda r, of: (
        "map",
        r._one(c.wasmtime_component_map_type_key, of.map),
        r._one(c.wasmtime_component_map_type_value, of.map),
    ),
    27: lambda r, of: ("unsupported", "fixed-length list"),
}


def function_is_async(type: Any) -> bool:
    """Whether a function type is `async`."""
    return bool(c.wasmtime_component_func_type_async(type.ptr()))
