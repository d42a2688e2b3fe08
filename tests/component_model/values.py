"""Values as the tests write them, as Python values of a description."""

from __future__ import annotations

import struct
from typing import Any

from witkit import abi


def python(type: abi.Type, written: Any) -> Any:
    """The Python value for a value in JSON: `{"type": …, "value": …}`."""
    value = written["value"] if isinstance(written, dict) and "type" in written else written
    match type:
        case abi.Primitive(name="bool" | "string" | "char"):
            return value
        case abi.Primitive(name="f32" | "f64" as name):
            return _float(name, str(value))
        case abi.Primitive():
            return int(value)
        case abi.List(element=abi.Primitive(name="u8")):
            return bytes(int(python(abi.U8, item)) for item in value)
        case abi.List(element=element):
            return [python(element, item) for item in value]
        case abi.Tuple(elements=elements):
            return tuple(map(python, elements, value))
        case abi.Record(fields=fields):
            given = dict(value)
            return type.cls(*(python(f.type, given[f.name]) for f in fields))
        case abi.Enum(cases=cases):
            return list(type.cls)[cases.index(value)]
        case abi.Flags(flags=flags):
            return type.cls(sum(1 << flags.index(name) for name in value))
        case abi.Option(element=element):
            return _option(element, value)
        case abi.Result(ok=ok, err=err):
            side, kind = (ok, abi.Ok) if "Ok" in value else (err, abi.Err)
            (inner,) = value.values()
            return kind(None if side is None else python(side, inner))
        case abi.Variant(cases=cases):
            case = next(case for case in cases if case.name == value["case"])
            return case.cls() if case.payload is None else case.cls(python(case.payload, value["payload"]))
    raise NotImplementedError(type)


def _float(name: str, text: str) -> float:
    """A float, written as the number of its bits or as a kind of NaN."""
    if "nan" in text:
        return float("nan")
    of, to = ("<I", "<f") if name == "f32" else ("<Q", "<d")
    return float(struct.unpack(to, struct.pack(of, int(text)))[0])


def _option(element: abi.Type, value: Any) -> Any:
    if value is None:
        return None
    inner = python(element, value)
    return abi.Some(inner) if isinstance(element, abi.Option) else inner


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same, all NaN being one."""
    if isinstance(one, float) and isinstance(other, float):
        return one == other or (one != one and other != other)
    if type(one) in (abi.Ok, abi.Err, abi.Some):
        return type(one) is type(other) and same(one.value, other.value)
    if isinstance(one, list | tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)
