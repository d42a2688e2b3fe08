"""How much memory a value takes: "Alignment" and "Element Size" of the canonical ABI, with pointers of 64 bits.

That is how wasm-tools measures before it knows how large pointers are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from witkit.checks.context import Context
from witkit.checks.types import definitions, fold
from witkit.ir import model

_SIZES: Final = {
    **dict.fromkeys(("bool", "u8", "s8"), 1),
    **dict.fromkeys(("u16", "s16"), 2),
    **dict.fromkeys(("u32", "s32", "f32", "char", "error-context"), 4),
    **dict.fromkeys(("u64", "s64", "f64"), 8),
}
_POINTER_AND_LENGTH: Final = (16, 8)
_HANDLE: Final = (4, 4)


def size_of(type_: model.Type, context: Context) -> int:
    """The bytes that a value of a type takes in a list."""
    known = context.once(_known)
    fold(type_, known, lambda each: _layout(each, known), definitions)
    return _of(type_, known)[0]


def _known() -> dict[model.TypeDef, tuple[int, int]]:
    return {}


def _of(type_: model.Type | None, known: dict[model.TypeDef, tuple[int, int]]) -> tuple[int, int]:
    """Size and alignment."""
    if isinstance(type_, model.TypeDef):
        return known[type_]
    if type_ is model.Primitive.STRING:
        return _POINTER_AND_LENGTH
    size = 0 if type_ is None else _SIZES[type_]
    return size, max(size, 1)


def _layout(type_: model.TypeDef, known: dict[model.TypeDef, tuple[int, int]]) -> tuple[int, int]:
    match type_.kind:
        case model.Record(fields):
            return _one_after_another([_of(field.type, known) for field in fields])
        case model.Tuple(types):
            return _one_after_another([_of(each, known) for each in types])
        case model.Variant(cases) | model.Enum(cases):
            return _one_of([_of(case.type, known) for case in cases])
        case model.Option(inner):
            return _one_of([(0, 1), _of(inner, known)])
        case model.Result(ok, err):
            return _one_of([_of(ok, known), _of(err, known)])
        case model.Flags(flags):
            size = 1 if len(flags) <= 8 else 2 if len(flags) <= 16 else 4
            return size, size
        case model.FixedLengthList(inner, length):
            size, alignment = _of(inner, known)
            return size * length, alignment
        case model.Alias(target):
            return _of(target, known)
        case model.List() | model.Map():
            return _POINTER_AND_LENGTH
    return _HANDLE


def _one_after_another(parts: Sequence[tuple[int, int]]) -> tuple[int, int]:
    end, alignment = 0, 1
    for size, align in parts:
        end = _aligned(end, align) + size
        alignment = max(alignment, align)
    return _aligned(end, alignment), alignment


def _one_of(parts: Sequence[tuple[int, int]]) -> tuple[int, int]:
    tag = 1 if len(parts) <= 1 << 8 else 2 if len(parts) <= 1 << 16 else 4
    alignment = max(tag, *(align for _, align in parts))
    payload = _aligned(tag, max(align for _, align in parts))
    return _aligned(payload + max(size for size, _ in parts), alignment), alignment


def _aligned(at: int, alignment: int) -> int:
    return -(-at // alignment) * alignment
