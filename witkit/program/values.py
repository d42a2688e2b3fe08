"""Values of the component model as JSON, for arguments and results on the command line.

Numbers, strings and booleans are themselves, a char is a string of one character; lists and tuples are
arrays, records are objects by field name, an enum is its name, flags are an array of names. A case of a variant
is its name, or an object `{"case": payload}` where it has one. `none` is null, and the value of an option stands for
itself (`{"some": value}` for an option in an option). A result is `{"ok": value}` or `{"err": value}`, null for a side
without type. A map is an array of pairs.
"""

from __future__ import annotations

import functools
import operator
from typing import Any, TypeAlias

from witkit import abi

Json: TypeAlias = Any


class Unfit(Exception):
    """A JSON value that is not one of the type: what was expected, and where."""

    def __init__(self, expected: str, path: str = "") -> None:
        super().__init__(f"{path or 'the value'} is not {expected}")
        self.expected, self.path = expected, path


def from_json(type: abi.Type, value: Json, path: str = "") -> Any:
    """The Python value that the runtime takes for `type`. Raises Unfit; ranges are the runtime's to check."""
    match type:
        case abi.Primitive():
            return _primitive(type, value, path)
        case abi.List():
            items = _array(value, path)
            made = [from_json(type.element, item, f"{path}[{number}]") for number, item in enumerate(items)]
            return _bytes(made, path) if type.element == abi.U8 else made
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
            return list(type.cls)[_index(type.cases, value, path)]  # type: ignore[call-overload]
        case abi.Flags():
            members = list(type.cls)  # type: ignore[call-overload]
            chosen = [members[_index(type.flags, item, path)] for item in _array(value, path)]
            return functools.reduce(operator.or_, chosen, type.cls(0))
        case abi.Map():
            pair = abi.Tuple((type.key, type.value))
            return dict(from_json(pair, item, f"{path}[{number}]") for number, item in enumerate(_array(value, path)))
    raise Unfit(f"a value that JSON can hold: {_named(type)} is wanted", path)


def to_json(type: abi.Type, value: Any) -> Json:
    """The JSON for a value that the runtime gave for `type`."""
    match type:
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
            return type.cases[list(type.cls).index(value)]  # type: ignore[call-overload]
        case abi.Flags():
            members = zip(type.flags, type.cls, strict=True)  # type: ignore[call-overload]
            return [name for name, member in members if member in value]
        case abi.Map():
            return [[to_json(type.key, key), to_json(type.value, item)] for key, item in value.items()]
    return value


def unsupported(type: abi.Type | None) -> str | None:
    """What in a type has no JSON, in words; None where everything has."""
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
    kind: tuple[Any, ...]
    if type == abi.BOOL:
        kind = (bool,)
    elif type in (abi.STRING, abi.CHAR):
        kind = (str,)
    elif type in (abi.F32, abi.F64):
        kind = (int, float)
    else:
        kind = (int,)
    if not isinstance(value, kind) or (isinstance(value, bool) and bool not in kind):
        raise Unfit(f"a {type.name}", path)
    if type == abi.CHAR and len(str(value)) != 1:
        raise Unfit("one character", path)
    return float(value) if float in kind else value


def _bytes(numbers: list[int], path: str) -> bytes:
    try:
        return bytes(numbers)
    except ValueError:
        raise Unfit("a list of numbers from 0 to 255", path) from None


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


def _named(type: abi.Type) -> str:
    return unsupported(type) or type.__class__.__name__.lower()
