"""What makes a type of the component differ from that of the world."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from witkit.abi.versions import compatible
from witkit.ir import model
from witkit.ir.model import Case, Field, Interface, Type, TypeDef, TypeKind, unalias
from witkit.ir.show.types import type_text


@dataclass(frozen=True, slots=True)
class Difference:
    """Two types that differ, as WIT; `where` says which part of a type they are, and is empty for the whole."""

    where: str
    one: str
    other: str


_Pair: TypeAlias = "tuple[Type | None, Type | None, str]"
_Whole: TypeAlias = "tuple[Type | None, Type | None]"


def difference(one: Type | None, other: Type | None) -> Difference | None:
    """The first part in which two types differ; None if they are the same for the canonical ABI.

    Names of types do not count, except those of resources and of the parts of types. None is a missing type.
    """
    seen: set[tuple[int, int]] = set()
    stack: list[tuple[_Pair, _Whole]] = [((one, other, ""), (one, other))]
    while stack:
        (a, b, where), whole = stack.pop()
        a, b = a and unalias(a), b and unalias(b)
        if a is b or (id(a), id(b)) in seen:
            continue
        seen.add((id(a), id(b)))
        inner = _inner(a.kind, b.kind, where) if isinstance(a, TypeDef) and isinstance(b, TypeDef) else None
        if isinstance(a, TypeDef) and isinstance(b, TypeDef) and _is_same_resource(a, b):
            continue
        if inner is None:
            return _shown(a, b, where, whole)
        named = _named(inner, b)
        # Fields and cases are named; what is in an `option` or a list is shown with all that is around it.
        stack += [(pair, whole if pair[2] == where else (pair[0], pair[1])) for pair in reversed(named)]
    return None


def _shown(one: Type | None, other: Type | None, where: str, whole: _Whole) -> Difference:
    """The types that differ, inside the type that the writer gave its place if that shows the difference."""
    first, second = (each and unalias(each) for each in whole)
    if first is not one and (mine := _structure(first)) != (theirs := _structure(second)):
        return Difference(where, mine, theirs)
    if first is not one and isinstance(other, TypeDef) and other.name and not isinstance(other.kind, model.Resource):
        where = f"`{other.name}` in {where}" if where else f"`{other.name}`"
    return Difference(where, text(one), text(other))


def _named(inner: list[_Pair], whole: Type | None) -> list[_Pair]:
    """The pairs, each with the name of the type that it is a part of."""
    name = whole.name if isinstance(whole, TypeDef) else None
    return [(a, b, f"{where} of `{name}`" if where.startswith(("field", "case")) and name else where)
            for a, b, where in inner]  # fmt: skip


def _is_same_resource(a: TypeDef, b: TypeDef) -> bool:
    if not isinstance(a.kind, model.Resource) or not isinstance(b.kind, model.Resource) or a.name != b.name:
        return False
    one, other = (t.owner.qualified_name if isinstance(t.owner, Interface) else None for t in (a, b))
    return one is None or other is None or compatible(one, other)


def _inner(a: TypeKind, b: TypeKind, where: str) -> list[_Pair] | None:
    """The parts of two types side by side; None if the types differ whatever their parts are."""
    match a, b:
        case (model.Record(x), model.Record(y)) if _names(x) == _names(y):
            return [(m.type, n.type, f"field `{m.name}`") for m, n in zip(x, y, strict=True)]
        case (model.Variant(x), model.Variant(y)) if _names(x) == _names(y):
            return [(m.type, n.type, f"case `{m.name}`") for m, n in zip(x, y, strict=True)]
        case (model.Enum(x), model.Enum(y)) | (model.Flags(x), model.Flags(y)) if _names(x) == _names(y):
            return []
        case (model.Tuple(x), model.Tuple(y)) if len(x) == len(y):
            return [(m, n, where) for m, n in zip(x, y, strict=True)]
        case (model.Own(x), model.Own(y)) | (model.Borrow(x), model.Borrow(y)):
            return [(x, y, where)]
        case (model.Option(x), model.Option(y)) | (model.List(x), model.List(y)):
            return [(x, y, where)]
        case (model.Future(x), model.Future(y)) | (model.Stream(x), model.Stream(y)):
            return [(x, y, where)]
        case (model.FixedLengthList(x, m), model.FixedLengthList(y, n)) if m == n:
            return [(x, y, where)]
        case (model.Result(ok, err), model.Result(other_ok, other_err)):
            return [(ok, other_ok, where), (err, other_err, where)]
        case (model.Map(key, value), model.Map(other_key, other_value)):
            return [(key, other_key, where), (value, other_value, where)]
    return None


def _names(parts: list[Field] | list[Case]) -> list[str]:
    return [part.name for part in parts]


def text(type_: Type | None) -> str:
    """A type as WIT, with the parts of records, variants, enums and flags."""
    match type_:
        case None:
            return "nothing"
        case TypeDef(kind=model.Record(fields)):
            return f"`record {{ {', '.join(f'{f.name}: {type_text(f.type)}' for f in fields)} }}`"
        case TypeDef(kind=model.Variant(cases)):
            return f"`variant {{ {', '.join(_case(case) for case in cases)} }}`"
        case TypeDef(kind=model.Enum(cases)):
            return f"`enum {{ {', '.join(_names(cases))} }}`"
        case TypeDef(kind=model.Flags(flags)):
            return f"`flags {{ {', '.join(_names(flags))} }}`"
        case TypeDef(kind=model.Resource()):
            owner = type_.owner.qualified_name if isinstance(type_.owner, Interface) else None
            return f"the resource `{type_.name}`" + (f" of `{owner}`" if owner else "")
    return f"`{type_text(type_)}`"


def _structure(type_: Type | None) -> str:
    """The same without the name that a type may have: the other side may know it by another one."""
    if isinstance(type_, TypeDef) and not isinstance(type_.kind, model.Resource):
        return text(replace(type_, name=None))
    return text(type_)


def _case(case: Case) -> str:
    return case.name if case.type is None else f"{case.name}({type_text(case.type)})"
