"""Values of the component model as JSON, for arguments and results on the command line.

Numbers, strings and booleans are themselves. A char is a string of one character. The floats that JSON does not have
are the strings "NaN", "Infinity" and "-Infinity". Lists and tuples are arrays, records are objects by field name, an
enum is its name, and flags are an array of names. A case of a variant is its name, or an object `{"case": payload}` if
it has a payload. `none` is null, and `some` is its value (`{"some": value}` for an option in an option). A result is
`{"ok": value}` or `{"err": value}`, with null for a side without type. A map is an array of pairs.
"""

from __future__ import annotations

import functools
import math
import operator
import struct
from collections.abc import Callable
from typing import Any, TypeAlias

from witkit import abi

Json: TypeAlias = Any


class Unfit(Exception):
    """A JSON value does not fit its type. `expected` says what does, and `path` where the value is."""

    def __init__(self, expected: str, path: str = "") -> None:
        super().__init__(f"{path or 'the value'} is not {expected}")
        self.expected, self.path = expected, path


def from_json(type: abi.Type, value: Json, path: str = "") -> Any:
    """The Python value of `type` for the runtime, which also checks ranges. Raises Unfit."""
    match type:
        case abi.Primitive():
            return _primitive(type, value, path)
        case abi.List():
            items = _array(value, path, type.length)
            made = [from_json(type.element, item, f"{path}[{number}]") for number, item in enumerate(items)]
            return bytes(made) if type.element == abi.U8 else made
        case abi.Tuple():
            items = _array(value, path, len(type.elements))
            pairs = enumerate(zip(type.elements, items, strict=True))
            return tuple(from_json(element, item, f"{path}[{number}]") for number, (element, item) in pairs)
        case abi.Option():
            return _option(type, value, path)
        case abi.Result():
            return _result(type, value, path)
        case abi.Record():
            given = _object(value, [field.name for field in type.fields], path)
            return type.cls(
                *(from_json(field.type, given[field.name], f"{path}.{field.name}") for field in type.fields)
            )
        case abi.Variant():
            return _case(type, value, path)
        case abi.Enum():
            return list(type.cls)[_index(type.cases, value, path)]
        case abi.Flags():
            members = list(type.cls)
            chosen = [members[_index(type.flags, item, path)] for item in _array(value, path)]
            return functools.reduce(operator.or_, chosen, type.cls(0))
        case abi.Map():
            pair = abi.Tuple((type.key, type.value))
            return _map(pair, _array(value, path), path)
    raise Unfit(f"a value that JSON can express: it must be {wit(type)}", path)


def to_json(type: abi.Type, value: Any) -> Json:
    """The JSON for a value of `type` from the runtime."""
    match type:
        case abi.Primitive() if isinstance(value, float) and not math.isfinite(value):
            return next(name for name, special in _SPECIAL.items() if special == value or name == "NaN")
        case abi.List():
            return [to_json(type.element, item) for item in value]
        case abi.Tuple():
            return [to_json(element, item) for element, item in zip(type.elements, value, strict=True)]
        case abi.Option() if value is None:
            return None
        case abi.Option():
            inner = isinstance(type.element, abi.Option)
            return {"some": to_json(type.element, value.value)} if inner else to_json(type.element, value)
        case abi.Result():
            side, side_type = ("ok", type.ok) if isinstance(value, abi.Ok) else ("err", type.err)
            return {side: None if side_type is None else to_json(side_type, value.value)}
        case abi.Record():
            return {field.name: to_json(field.type, getattr(value, field.attr)) for field in type.fields}
        case abi.Variant():
            case = next(case for case in type.cases if case.cls is value.__class__)
            return case.name if case.payload is None else {case.name: to_json(case.payload, value.value)}
        case abi.Enum():
            return type.cases[list(type.cls).index(value)]
        case abi.Flags():
            members = zip(type.flags, type.cls, strict=True)
            return [name for name, member in members if member in value]
        case abi.Map():
            return [[to_json(type.key, key), to_json(type.value, item)] for key, item in value.items()]
    return value


def unsupported(type: abi.Type | None) -> str | None:
    """The part of a type that JSON cannot express, in words, or None."""
    match type:
        case abi.Unsupported():
            return type.wit
        case abi.Own() | abi.Borrow():
            return "a resource handle"
        case abi.List() | abi.Option():
            parts: tuple[abi.Type | None, ...] = (type.element,)
        case abi.Tuple():
            parts = type.elements
        case abi.Result():
            parts = (type.ok, type.err)
        case abi.Map():
            parts = (type.key, type.value)
        case abi.Record():
            parts = tuple(field.type for field in type.fields)
        case abi.Variant():
            parts = tuple(case.payload for case in type.cases)
        case _:
            parts = ()
    return next((found for part in parts if (found := unsupported(part))), None)


def _primitive(type: abi.Primitive, value: Json, path: str) -> Any:
    fits, expected = _CHECKS.get(type.name, (_is_integer, f"a {type.name}"))
    if not fits(value):
        raise Unfit(expected, path)
    if fits is _is_number:
        return _float(type.name, value, path)
    if fits is _is_integer and not _in_range(type.name, value):
        raise Unfit(f"in the range of {type.name}", path)
    return value


def _float(name: str, value: Json, path: str) -> float:
    """A number that does not become infinite in this type."""
    if isinstance(value, str):
        return _SPECIAL[value]
    try:
        struct.pack("<f" if name == "f32" else "<d", value)
    except (OverflowError, struct.error):
        raise Unfit(f"in the range of {name}", path) from None
    if math.isinf(value):
        raise Unfit(f"in the range of {name}", path)
    return float(value)


def _is_integer(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Json) -> bool:
    return isinstance(value, float) or _is_integer(value) or (isinstance(value, str) and value in _SPECIAL)


def _is_text(value: Json) -> bool:
    """A string that UTF-8 can encode. JSON can have lone surrogates."""
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)


def _is_character(value: Json) -> bool:
    return _is_text(value) and len(value) == 1


_SPECIAL = {"Infinity": math.inf, "-Infinity": -math.inf, "NaN": math.nan}
"""The floats that are not numbers in JSON. NaN is last because it does not equal anything."""

_CHECKS: dict[str, tuple[Callable[[Json], bool], str]] = {
    "bool": (lambda value: isinstance(value, bool), "a bool"),
    "f32": (_is_number, "an f32"),
    "f64": (_is_number, "an f64"),
    "char": (_is_character, "one character"),
    "string": (_is_text, "a string"),
}
"""For each primitive that is not an integer: the test, and what a value must be to pass it."""


def _in_range(name: str, value: int) -> bool:
    """Whether an integer is in the range of `u8` to `s64`."""
    bits, signed = int(name[1:]), name[0] == "s"
    return -(1 << bits - 1) <= value < 1 << bits - 1 if signed else 0 <= value < 1 << bits


def _option(type: abi.Option, value: Json, path: str) -> Any:
    if value is None:
        return None
    if not isinstance(type.element, abi.Option):
        return from_json(type.element, value, path)
    return abi.Some(from_json(type.element, _object(value, ["some"], path)["some"], path))


def _result(type: abi.Result, value: Json, path: str) -> Any:
    if not isinstance(value, dict) or len(value) != 1 or not {*value} <= {"ok", "err"}:
        raise Unfit('an object {"ok": …} or {"err": …}', path)
    ((side, inner),) = value.items()
    wrap, side_type = (abi.Ok, type.ok) if side == "ok" else (abi.Err, type.err)
    if side_type is None and inner is not None:
        raise Unfit("null", f"{path}.{side}")
    return wrap(None if side_type is None else from_json(side_type, inner, f"{path}.{side}"))


def _map(pair: abi.Tuple, items: list[Json], path: str) -> dict[Any, Any]:
    made: dict[Any, Any] = {}
    for number, item in enumerate(items):
        key, value = from_json(pair, item, f"{path}[{number}]")
        if key in made:
            raise Unfit("a key that comes once", f"{path}[{number}][0]")
        made[key] = value
    return made


def _case(type: abi.Variant, value: Json, path: str) -> Any:
    names = tuple(case.name for case in type.cases)
    if isinstance(value, dict) and len(value) == 1:
        ((name, payload),) = value.items()
        case = type.cases[_index(names, name, path)]
        if case.payload is not None:
            return case.cls(from_json(case.payload, payload, f"{path}.{name}"))
        raise Unfit(f"`{name}` without a payload", path)
    case = type.cases[_index(names, value, path)]
    if case.payload is not None:
        raise Unfit(f'an object {{"{case.name}": …}}', path)
    return case.cls()


def _index(names: tuple[str, ...], value: Json, path: str) -> int:
    if not isinstance(value, str) or value not in names:
        raise Unfit(f"one of {', '.join(names)}", path)
    return names.index(value)


def _array(value: Json, path: str, length: int | None = None) -> list[Json]:
    if not isinstance(value, list) or length not in (None, len(value)):
        raise Unfit("an array" if length is None else f"an array of {length}", path)
    return value


def _object(value: Json, names: list[str], path: str) -> dict[str, Json]:
    if not isinstance(value, dict) or {*value} != {*names}:
        raise Unfit(f"an object with {', '.join(names) or 'no fields'}", path)
    return value


def wit(type: abi.Type | None) -> str:
    """The type in WIT. Components do not have the names of types, so records and variants are written out."""
    match type:
        case None:
            return "_"
        case abi.Primitive():
            return type.name
        case abi.List() | abi.Option():
            return f"{_kind(type)}<{wit(type.element)}>"
        case abi.Tuple():
            return f"tuple<{', '.join(map(wit, type.elements))}>"
        case abi.Map():
            return f"map<{wit(type.key)}, {wit(type.value)}>"
        case abi.Result():
            return f"result<{wit(type.ok)}, {wit(type.err)}>"
        case abi.Unsupported():
            return type.wit
        case abi.Enum():
            return f"enum {{ {', '.join(type.cases)} }}"
        case abi.Record():
            return f"record {{ {', '.join(f'{field.name}: {wit(field.type)}' for field in type.fields)} }}"
        case abi.Own() | abi.Borrow():
            return f"{_kind(type)}<{type.resource.name}>"
    return _kind(type)


def _kind(type: abi.Type) -> str:
    return type.__class__.__name__.lower()
