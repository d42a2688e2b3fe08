"""Flat types and sizes of value types (`CanonicalABI.md`, Flattening, Alignment and Element Size)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from witkit.wasm import types
from witkit.wasm.types import Func, Kind, Traits, ValType

MAX_FLAT_PARAMS: Final = 16
MAX_FLAT_ASYNC_PARAMS: Final = 4
MAX_FLAT_RESULTS: Final = 1
_FLAT: Final = MAX_FLAT_PARAMS + 1
_POINTERS: Final = Traits("ii", 16, 8, pointers=True)
_SIZES = {1: "bool s8 u8", 2: "s16 u16", 4: "s32 u32 f32 char error-context", 8: "s64 u64 f64"}
_LETTERS = {"s64": "I", "u64": "I", "f32": "f", "f64": "F"}
_PRIMITIVES: Final = {
    name: Traits(_LETTERS.get(name, "i"), size, size) for size, names in _SIZES.items() for name in names.split()
} | {"string": _POINTERS}
_NONE: Final = Traits("", 0, 1)


def traits_of(type_: ValType | None) -> Traits:
    """The traits of a value type, or of a missing one."""
    if type_ is None:
        return _NONE
    return _PRIMITIVES[type_] if isinstance(type_, str) else type_.traits


def traits(kind: Kind) -> Traits:
    """The traits of a definition, whose parts have theirs."""
    inner = [traits_of(t) for t in types.parts(kind)]
    match kind:
        case types.Primitive(name):
            return _PRIMITIVES[name]
        case types.Record() | types.Tuple():
            return _record(inner)
        case types.Variant() | types.Result():
            return _variant(inner)
        case types.Option():
            return _variant([_NONE, *inner])
        case types.Enum(cases):
            return _variant([_NONE] * len(cases))
        case types.Flags(names):
            size = 1 if len(names) <= 8 else 2 if len(names) <= 16 else 4
            return Traits("i", size, size)
        case types.List() | types.Map():
            return Traits("ii", 16, 8, pointers=True, borrows=_any_borrows(inner))
        case types.FixedLengthList(_, length):
            one = inner[0]
            flat = (one.flat * min(length, _FLAT))[:_FLAT]
            return Traits(flat, one.size * length, one.alignment, one.pointers, one.borrows)
    return Traits(borrows=isinstance(kind, types.Borrow) or _any_borrows(inner))


def _any_borrows(inner: list[Traits]) -> bool:
    return any(t.borrows for t in inner)


def _record(inner: list[Traits]) -> Traits:
    size, alignment = 0, 1
    for part in inner:
        size = _align(size, part.alignment) + part.size
        alignment = max(alignment, part.alignment)
    return Traits(
        flat_of(inner), _align(size, alignment), alignment, any(t.pointers for t in inner), _any_borrows(inner)
    )


def _variant(cases: list[Traits]) -> Traits:
    discriminant = 1 if len(cases) <= 1 << 8 else 2 if len(cases) <= 1 << 16 else 4
    payload = max((case.alignment for case in cases), default=1)
    alignment = max(discriminant, payload)
    size = _align(discriminant, payload) + max((case.size for case in cases), default=0)
    flat: list[str] = []
    for case in {case.flat for case in cases}:
        for i, letter in enumerate(case):
            if i == len(flat):
                flat.append(letter)
            else:
                flat[i] = _joined(flat[i], letter)
    return Traits(
        ("i" + "".join(flat))[:_FLAT], _align(size, alignment), alignment, any(t.pointers for t in cases),
        _any_borrows(cases),
    )  # fmt: skip


def _joined(one: str, other: str) -> str:
    if one == other:
        return one
    return "i" if {one, other} == {"i", "f"} else "I"


def _align(size: int, alignment: int) -> int:
    return (size + alignment - 1) // alignment * alignment


def flat_of(inner: Iterable[Traits]) -> str:
    """The core values of several values, one after the other: all of them, or more than can be passed."""
    flat = ""
    for part in inner:
        flat += part.flat
        if len(flat) >= _FLAT:
            break
    return flat[:_FLAT]


def flat_params(func: Func) -> str:
    return flat_of(traits_of(t) for _, t in func.params)


def needs_memory(func: Func) -> tuple[bool, bool]:
    """Whether the parameters and the result hold pointers."""
    return any(traits_of(t).pointers for _, t in func.params), traits_of(func.result).pointers


def lifted_signature(func: Func, *, is_async: bool, has_callback: bool) -> str:
    """The signature of a core function that is lifted to a function of this type."""
    params, result = flat_params(func), traits_of(func.result).flat
    params = params if len(params) <= MAX_FLAT_PARAMS else "i"
    if is_async:
        return params + (":i" if has_callback else ":")
    return f"{params}:{result if len(result) <= MAX_FLAT_RESULTS else 'i'}"


def lowered_signature(func: Func, *, is_async: bool) -> str:
    """The signature of the core function that a function of this type is lowered to."""
    params, result = flat_params(func), traits_of(func.result).flat
    if is_async:
        params = params if len(params) <= MAX_FLAT_ASYNC_PARAMS else "i"
        return f"{params}{'i' if result else ''}:i"
    params = params if len(params) <= MAX_FLAT_PARAMS else "i"
    return f"{params}:{result}" if len(result) <= MAX_FLAT_RESULTS else f"{params}i:"


def returned_signature(result: ValType | None) -> str:
    """The signature of `task.return` for a result."""
    flat = traits_of(result).flat
    return f"{flat if len(flat) <= MAX_FLAT_PARAMS else 'i'}:"
