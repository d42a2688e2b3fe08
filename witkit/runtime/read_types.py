"""The types of one component that were read already: a type that is used twice is read once, and has one shape."""

from __future__ import annotations

from collections.abc import Hashable
from ctypes import byref
from typing import Any, TypeAlias

from wasmtime import _bindings as c

Shape: TypeAlias = Any
"""A type as `reflect` describes it."""


class Shapes:
    """Shapes by the C library's types, and by what they are made of.

    Types with resources are read each time: the C library ends the process when it compares the resources of a
    component that is not instantiated. Their shapes are the same objects nevertheless.
    """

    def __init__(self) -> None:
        self._types: dict[int, list[tuple[Any, Shape]]] = {}
        self._shapes: dict[Hashable, Shape] = {}
        self._uncompared: set[int] = set()

    def find(self, value: Any) -> Shape | None:
        """The shape of a type that was kept, if it was; then the type is freed."""
        for known, shape in self._types.get(int(value.kind), ()):
            if c.wasmtime_component_valtype_equal(byref(known), byref(value)):
                c.wasmtime_component_valtype_delete(byref(value))
                return shape
        return None

    def keep(self, value: Any, shape: Shape) -> Shape:
        """The one object for a shape that was read from `value`, which is kept or freed."""
        shape = self._shapes.setdefault(_key(shape), shape)
        # A stream or future is not looked into: it may be one of resources.
        if shape[0] in ("own", "borrow", "unsupported") or any(id(p) in self._uncompared for p in parts(shape)):
            self._uncompared.add(id(shape))
            c.wasmtime_component_valtype_delete(byref(value))
        else:
            self._types.setdefault(int(value.kind), []).append((value, shape))
        return shape

    def __del__(self) -> None:
        for known in self._types.values():
            for value, _ in known:
                c.wasmtime_component_valtype_delete(byref(value))


def _key(shape: Shape) -> Hashable:
    """What distinguishes shapes whose parts are single objects: a hash of all parts of parts could take for ever."""
    inner = parts(shape)
    names = tuple(name for name, _ in shape[1]) if shape[0] in ("record", "variant") else ()
    return (shape[0], names, *(id(part) if isinstance(part, tuple) else part for part in inner)) if inner else shape


def parts(shape: Shape) -> list[Shape | None]:
    """What a shape is made of, in order."""
    match shape:
        case ("record" | "variant", named):
            return [part for _, part in named]
        case ("tuple", types):
            return list(types)
        case ("list" | "option" | "result" | "map", *types):
            return types
        case _:
            return []
