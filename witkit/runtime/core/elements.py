"""The elements of streams and futures in a guest's memory."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, Final

from witkit.canonical.errors import Violation
from witkit.canonical.functions import Options
from witkit.canonical.layout import SCALAR, SIZE, Layouts
from witkit.canonical.tasks import subtask_codec
from witkit.runtime.core import capi
from witkit.runtime.core.between import Carried
from witkit.runtime.core.boundary import Boundary
from witkit.runtime.core.streams import Elements
from witkit.wasm import types

NUMBERS: Final = {name: SIZE[format] for name, format in SCALAR.items() if name not in ("bool", "char")}
"""The sizes of numbers."""

__all__ = ["NUMBERS", "ElementValues", "Elements", "NumberElements", "primitive"]

_RANGE: Final = struct.Struct("<I12xI12xI12x")


def primitive(type: types.ValType | None) -> types.ValType | None:
    """A type that is only another name of a primitive one as that."""
    kind = type.kind if isinstance(type, types.Defined) else None
    return kind.name if isinstance(kind, types.Primitive) else type


class NumberElements:
    """Elements that are copied as they are."""

    def __init__(self, size: int, memory: Any) -> None:
        self.size, self._memory = size, memory

    def check(self, at: int, count: int) -> None:
        _check(self._memory, at, count, self.size, self.size)

    def read(self, at: int, count: int) -> bytes:
        end = at + count * self.size
        return bytes(self._memory.span(at, end - at)[at:end])

    def write(self, at: int, values: bytes, count: int) -> None:
        self._memory.span(at, len(values))[at : at + len(values)] = values


class ElementValues:
    """Elements of any type, which are lifted and lowered. The code is that of a function that takes a list of them and
    returns one."""

    def __init__(self, carried: Carried, options: Options, boundary: Boundary, tools: Any) -> None:
        element = carried.func.result
        assert element is not None
        layout = Layouts().of(element)
        self.size, self._alignment, self._boundary, self._memory = layout.size, layout.alignment, boundary, tools.memory
        self._take, self._give = subtask_codec(carried.func, options)(boundary, tools)

    def check(self, at: int, count: int) -> None:
        _check(self._memory, at, count, self.size, self._alignment)

    def read(self, at: int, count: int) -> Any:
        raw, address = capi.buffer(_RANGE.size)
        _RANGE.pack_into(raw, 0, at, count, 0)
        return self._within(lambda handles: self._take(handles, address.value)[0][0])

    def write(self, at: int, values: Any, count: int) -> None:
        def give(handles: Any) -> None:
            for number, value in enumerate(values):
                self._give(handles, True, value, at + number * self.size)

        self._within(give)

    def _within(self, work: Callable[[Any], Any]) -> Any:
        handles = self._boundary.begin()
        try:
            result = work(handles)
            handles.sent = True
            return result
        finally:
            handles.end()


def _check(memory: Any, at: int, count: int, size: int, alignment: int) -> None:
    if at % alignment:
        raise Violation("unaligned pointer")
    memory.span(at, count * size)
