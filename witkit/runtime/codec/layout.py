"""How values lie in memory: `wasmtime_component_val_t`, 32 bytes: a kind (1 byte, 7 unused) and 24 of payload.

Aggregates hold a size and a pointer, records an array of 48-byte entries (name, value), maps 64-byte entries.
"""

from __future__ import annotations

from witkit import abi
from witkit.abi.parts import inner, parts

KIND = {
    "bool": 0, "s8": 1, "u8": 2, "s16": 3, "u16": 4, "s32": 5, "u32": 6, "s64": 7, "u64": 8, "f32": 9, "f64": 10,
    "char": 11, "string": 12, "list": 13, "record": 14, "tuple": 15, "variant": 16, "enum": 17, "option": 18,
    "result": 19, "flags": 20, "resource": 21, "map": 22,
}  # fmt: skip

SCALAR = {
    "bool": "?23x", "s8": "b23x", "u8": "B23x", "s16": "h22x", "u16": "H22x", "s32": "i20x", "u32": "I20x",
    "s64": "q16x", "u64": "Q16x", "f32": "f20x", "f64": "d16x", "char": "I20x",
}  # fmt: skip
"""Payload formats of the types that need no memory of their own."""

ARRAY = {
    "s8": "b", "u16": "H", "s16": "h", "u32": "I", "s32": "i", "u64": "Q", "s64": "q", "f32": "f", "f64": "d",
}  # fmt: skip
"""Type codes of `array` for lists of numbers."""

HEAD = "B7x"


def is_scalar(type: abi.Type | None) -> bool:
    """Whether values of the type live wholly in their 32 bytes, so that nothing must be freed."""
    return type is None or (isinstance(type, abi.Primitive) and type.name != "string")


def is_bytes(type: abi.Type | None) -> bool:
    """Whether the type is `list<u8>`, carried by `bytes`."""
    return isinstance(type, abi.List) and type.element == abi.U8


def has_handles(type: abi.Type | None) -> bool:
    """Whether values of the type hold resource handles, at any depth."""
    return any(isinstance(part, abi.Own | abi.Borrow) for part in parts(type))


_INLINE = 64
"""Up to how many types, each counted as often as it occurs, the code for a type is written inside other code."""


def is_large(type: abi.Type) -> bool:
    """Whether the code for a type is a function of its own, so that it exists once."""
    sizes: dict[int, int] = {}
    for part in parts(type):
        sizes[id(part)] = min(1 + sum(sizes.get(id(each), 1) for each in inner(part)), _INLINE + 1)
    return sizes[id(type)] > _INLINE
