"""What is wrong with a value: run only after a codec failed, to say it in the WIT types' words."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Sequence
from typing import Any, Final, NoReturn

from witkit import abi
from witkit.canonical import foreign
from witkit.canonical.layout import SCALAR
from witkit.canonical.values import has_format

_INTEGERS: Final = {"u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64"}
_SHOWN: Final = 60
_DEEP: Final = 6


def explain(type: abi.Type, value: Any, path: str) -> None:
    """Raise TypeError or ValueError that names the first wrong part; return if nothing is wrong.

    The message is `path: expected <WIT type>, got <value>`, the path as in `place(order).lines[3].price`.
    """
    match type:
        case abi.Primitive():
            _primitive(type.name, value, path)
        case abi.List():
            _list(type, value, path)
        case abi.Map():
            _map(type, value, path)
        case abi.Record():
            _record(type, value, path)
        case abi.Tuple():
            _tuple(type, value, path)
        case abi.Enum() | abi.Flags():
            _member(type, value, path)
        case abi.Option():
            _option(type, value, path)
        case abi.Result():
            _result(type, value, path)
        case abi.Variant():
            _variant(type, value, path)
        case _:
            pass


def wit(type: abi.Type | None, depth: int = 0) -> str:
    """The type as WIT writes it; what lies deep inside is left out."""
    if depth > _DEEP:
        return "…"
    depth += 1
    match type:
        case None:
            return "_"
        case abi.Primitive() | abi.Record() | abi.Variant() | abi.Enum() | abi.Flags():
            return type.name
        case abi.List():
            return f"list<{wit(type.element, depth)}{'' if type.length is None else f', {type.length}'}>"
        case abi.Option():
            return f"option<{wit(type.element, depth)}>"
        case abi.Map():
            return f"map<{wit(type.key, depth)}, {wit(type.value, depth)}>"
        case abi.Tuple():
            return f"tuple<{', '.join(wit(t, depth) for t in type.elements)}>"
        case abi.Result(ok=None, err=None):
            return "result"
        case abi.Result():
            return (
                f"result<{wit(type.ok, depth)}>"
                if type.err is None
                else f"result<{wit(type.ok, depth)}, {wit(type.err, depth)}>"
            )
        case abi.Own():
            return type.resource.name
        case abi.Borrow():
            return f"borrow<{type.resource.name}>"
        case abi.Unsupported():
            return type.wit


def shown(value: Any) -> str:
    """A value in a message: its repr, or its type if that is long or fails."""
    try:
        text = repr(value)
    except Exception:
        return f"a value of type {type(value).__name__}"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({type(value).__name__})"


def wrong_type(expected: str, value: Any, path: str) -> NoReturn:
    """Raise the TypeError for a value of another type."""
    raise TypeError(f"{path}: expected {expected}, got {shown(value)}")


def _primitive(name: str, value: Any, path: str) -> None:
    if name in _INTEGERS:
        if not hasattr(value, "__index__"):
            wrong_type(name, value, path)
        bits, signed = int(name[1:]), name[0] == "s"
        low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
        if not low <= value.__index__() <= high:
            raise ValueError(f"{path}: expected {name}, got {shown(value)} (it holds {low} to {high})")
    elif name == "bool":
        if type(value) is not bool:
            wrong_type("bool", value, path)
    elif name in ("f32", "f64"):
        _float(name, value, path)
    else:
        _text(name, value, path)


def _float(name: str, value: Any, path: str) -> None:
    if isinstance(value, (str, bytes)) or not (hasattr(value, "__float__") or hasattr(value, "__index__")):
        wrong_type(name, value, path)
    try:
        struct.pack("=f" if name == "f32" else "=d", value)  # without "=" an f32 may become infinite
    except (OverflowError, struct.error):
        raise ValueError(f"{path}: expected {name}, got {shown(value)}, which is out of its range") from None


def _text(name: str, value: Any, path: str) -> None:
    if not isinstance(value, str):
        wrong_type(name, value, path)
    if name == "char" and len(value) != 1:
        raise ValueError(f"{path}: expected char, one character, got {shown(value)}")
    for at, character in enumerate(value):
        if 0xD800 <= ord(character) <= 0xDFFF:
            raise ValueError(
                f"{path}: expected {name}, got {shown(value)}: U+{ord(character):04X} at {at} is a surrogate, "
                "not a Unicode scalar value"
            )


def _list(type: abi.List, value: Any, path: str) -> None:
    if type.element == abi.U8:
        try:
            size = memoryview(value).nbytes
        except TypeError:
            raise TypeError(f"{path}: expected {wit(type)}, given as bytes, got {shown(value)}") from None
        return _length(type, size, path)
    if isinstance(type.element, abi.Primitive) and has_format(value, SCALAR.get(type.element.name, "")):
        return _length(type, len(value), path)
    if not isinstance(value, (list, tuple, array)):
        wrong_type(wit(type), value, path)
    for i, element in enumerate(value):
        explain(type.element, element, f"{path}[{i}]")
    return _length(type, len(value), path)


def _length(type: abi.List, count: int, path: str) -> None:
    if type.length is not None and count != type.length:
        raise ValueError(f"{path}: expected {wit(type)}, {type.length} values, got {count}")


def _map(type: abi.Map, value: Any, path: str) -> None:
    if not isinstance(value, dict):
        wrong_type(wit(type), value, path)
    for key, item in value.items():
        explain(type.key, key, f"{path}: key {shown(key)}")
        explain(type.value, item, f"{path}[{shown(key)}]")


def _record(record: abi.Record, value: Any, path: str) -> None:
    for field in record.fields:
        try:
            item = getattr(value, field.attr)
        except AttributeError:
            if isinstance(value, record.cls):
                raise TypeError(f"{path}: expected {record.name}, got one without {field.attr!r}") from None
            wrong_type(f"{record.name} ({record.cls.__name__})", value, path)
        explain(field.type, item, f"{path}.{field.attr}")


def _tuple(type: abi.Tuple, value: Any, path: str) -> None:
    if not isinstance(value, (tuple, list)):
        wrong_type(wit(type), value, path)
    if len(value) != len(type.elements):
        raise ValueError(f"{path}: expected {wit(type)}, {len(type.elements)} values, got {len(value)}")
    for i, (element, item) in enumerate(zip(type.elements, value, strict=True)):
        explain(element, item, f"{path}[{i}]")


def _member(member: abi.Enum | abi.Flags, value: Any, path: str) -> None:
    cls: Any = type(value)
    if cls is not member.cls and not _foreign(member, value):
        got = shown(value) + _modules(cls, [member.cls])
        raise TypeError(f"{path}: expected {member.name} ({member.cls.__name__}), got {got}")
    if isinstance(member, abi.Flags) and not 0 <= getattr(value, "value", 0) < 1 << len(member.flags):
        raise ValueError(f"{path}: expected {member.name}, got {shown(value)}, with bits that no flag has")


def _foreign(member: abi.Enum | abi.Flags, value: Any) -> bool:
    if isinstance(member, abi.Enum):
        return foreign.member_index(member, value) is not None
    return foreign.carries_flags(member, type(value))


def _option(type: abi.Option, value: Any, path: str) -> None:
    if value is None:
        return
    if isinstance(type.element, abi.Option):
        if not isinstance(value, abi.Some):
            raise TypeError(f"{path}: expected {wit(type)}, given as None or Some(…), got {shown(value)}")
        value = value.value
    explain(type.element, value, path)


def _result(type: abi.Result, value: Any, path: str) -> None:
    if not isinstance(value, (abi.Ok, abi.Err)):
        raise TypeError(f"{path}: expected {wit(type)}, given as Ok(…) or Err(…), got {shown(value)}")
    side, what = (type.ok, "ok") if isinstance(value, abi.Ok) else (type.err, "err")
    if side is not None:
        explain(side, value.value, f"{path}.{what}")
    elif value.value is not None:
        raise TypeError(f"{path}.{what}: expected None, this side has no value, got {shown(value.value)}")


def _variant(variant: abi.Variant, value: Any, path: str) -> None:
    cls: Any = type(value)
    own = next((index for index, case in enumerate(variant.cases) if cls is case.cls), None)
    index = foreign.case_index(variant, cls) if own is None else own
    if index is not None:
        payload = variant.cases[index].payload
        if payload is not None:
            explain(payload, value.value, f"{path}.value")
        return
    known: Sequence[str] = [case.cls.__name__ for case in variant.cases]
    listed = ", ".join(known[:6]) + (", …" if len(known) > 6 else "")
    got = shown(value) + _modules(cls, [case.cls for case in variant.cases])
    raise TypeError(f"{path}: expected {variant.name}, one of {listed}; got {got}")


def _modules(cls: type, known: Sequence[type]) -> str:
    """Two generated packages have classes of the same name: only their modules tell them apart."""
    same = next((each.__module__ for each in known if each.__name__ == cls.__name__), None)
    return "" if same is None else f" of the module `{cls.__module__}`, not of `{same}`"
