"""Types of the resolved model as component types with classes of their own."""

from __future__ import annotations

import keyword
from dataclasses import make_dataclass
from enum import Enum, Flag
from typing import Any

from witkit import abi
from witkit.ir import model


def abi_type(type_: model.Type) -> abi.Type:
    """The component type. What only exists in a running program becomes `abi.Unsupported`."""
    if isinstance(type_, model.Primitive):
        return abi.Unsupported(type_.value) if type_ is model.Primitive.ERROR_CONTEXT else abi.Primitive(type_.value)
    match type_.kind:
        case model.Alias(target):
            return abi_type(target)
        case model.List(element):
            return abi.List(abi_type(element))
        case model.FixedLengthList(element, length):
            return abi.List(abi_type(element), length)
        case model.Map(key, value):
            return abi.Map(abi_type(key), abi_type(value))
        case model.Option(inner):
            return abi.Option(abi_type(inner))
        case model.Result(ok, err):
            return abi.Result(_optional(ok), _optional(err))
        case model.Tuple(types):
            return abi.Tuple(tuple(map(abi_type, types)))
        case model.Stream():
            return abi.Unsupported("a stream")
        case model.Future():
            return abi.Unsupported("a future")
        case model.Own() | model.Borrow() | model.Resource():
            return abi.Unsupported("a resource handle")
    return _named(type_.name or "", type_.kind)


def _optional(type_: model.Type | None) -> abi.Type | None:
    return None if type_ is None else abi_type(type_)


def _named(name: str, kind: Any) -> abi.Type:
    match kind:
        case model.Record(fields):
            parts = tuple(abi.Field(each.name, _identifier(each.name), abi_type(each.type)) for each in fields)
            return abi.Record(name, make_dataclass(_title(name), [part.attr for part in parts]), parts)
        case model.Variant(cases):
            return abi.Variant(name, tuple(_case(each) for each in cases))
        case model.Enum(cases):
            names = tuple(each.name for each in cases)
            enum: type[Enum] = _functional(Enum)(_title(name), [_member(each) for each in names])
            return abi.Enum(name, enum, names)
        case model.Flags(flags):
            names = tuple(each.name for each in flags)
            members = {_member(each): 1 << number for number, each in enumerate(names)}
            flag: type[Flag] = _functional(Flag)(_title(name), members)
            return abi.Flags(name, flag, names)
    raise AssertionError(kind)


def _case(case: model.Case) -> abi.Case:
    made = make_dataclass(_title(case.name), [] if case.type is None else ["value"], frozen=True)
    return abi.Case(case.name, made, _optional(case.type))


def _functional(base: Any) -> Any:
    """Enum's functional way of making a class, which type checkers know only with literal names."""
    return base


def _title(name: str) -> str:
    found = "".join(part.capitalize() for part in name.split("-"))
    return f"{found}_" if keyword.iskeyword(found) or not found else found


def _identifier(name: str) -> str:
    """The name of a field, which is not a keyword and not an attribute that every class has (`mro`)."""
    return name.replace("-", "_").lower() + "_"


def _member(name: str) -> str:
    """The name of a member of an enum."""
    return name.replace("-", "_").upper() + "_"
