"""Whether two types are the same: what a component can see of them, and what source code can see."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import TypeAlias

from witkit.checks.diff.match import Match
from witkit.ir import model
from witkit.ir.model import Alias, Case, Field, Type, TypeDef, TypeKind

Both: TypeAlias = "tuple[Type | None, Type | None]"


class Likeness(IntEnum):
    """How much two types differ.

    `EQUAL`: in nothing that this place is about. A named type that changed is equal: it is judged once, at its
    definition. `RENAMED`: records, variants, enums or flags of one structure have other names, which only source code
    can see. If the old name is gone, that is a change of its own. `DIFFERENT`: in their structure, or in the identity
    of a resource.
    """

    EQUAL = 0
    RENAMED = 1
    DIFFERENT = 2


def likeness(match: Match, old: Type | None, new: Type | None) -> Likeness:
    """How much the types differ that two places refer to. None stands for no type."""
    return _likeness(match, [(old, new)])


def likeness_of_definitions(match: Match, old: TypeDef, new: TypeDef) -> Likeness:
    """How much the right sides of two definitions differ, whatever names are on their left sides."""
    inner = _inner(old.kind, new.kind)
    if inner is not None:
        return _likeness(match, inner)
    before = old.kind.type if isinstance(old.kind, Alias) else old
    after = new.kind.type if isinstance(new.kind, Alias) else new
    if before is old and after is new:
        return Likeness.DIFFERENT
    return _likeness(match, [(before, after)])


def _likeness(match: Match, waiting: list[Both]) -> Likeness:
    found = Likeness.EQUAL
    seen: set[tuple[int, int]] = set()
    while waiting:
        old, new = waiting.pop()
        if (id(old), id(new)) in seen:
            continue
        seen.add((id(old), id(new)))
        if old is None or new is None:
            if old is not new:
                return Likeness.DIFFERENT
            continue
        before, after = list(_chain(old)), list(_chain(new))
        if any(match.is_same(b, a) for b in before for a in after if isinstance(b, TypeDef) and isinstance(a, TypeDef)):
            continue
        one, other = before[-1], after[-1]
        if not isinstance(one, TypeDef) or not isinstance(other, TypeDef):
            if one is not other:
                return Likeness.DIFFERENT
            continue
        inner = _inner(one.kind, other.kind)
        if inner is None:
            return Likeness.DIFFERENT
        if isinstance(one.kind, _WITH_NAMES) and match.is_left(one):
            found = Likeness.RENAMED
        waiting += inner
    return found


def _chain(type_: Type) -> Iterator[Type]:
    """A type and what its aliases lead to. An owned handle leads to its resource: WIT writes both alike."""
    yield type_
    while isinstance(type_, TypeDef) and isinstance(type_.kind, Alias | model.Own):
        type_ = type_.kind.type if isinstance(type_.kind, Alias) else type_.kind.resource
        yield type_


def _inner(old: TypeKind, new: TypeKind) -> list[Both] | None:
    """The types in two definitions that have to be alike; None if the definitions themselves differ.

    Resources differ here: their identity is in their names.
    """
    match old, new:
        case (model.Record(a), model.Record(b)) if _names(a) == _names(b):
            return [(x.type, y.type) for x, y in zip(a, b, strict=True)]
        case (model.Variant(a), model.Variant(b)) if _names(a) == _names(b):
            return [(x.type, y.type) for x, y in zip(a, b, strict=True)]
        case (model.Enum(a), model.Enum(b)) | (model.Flags(a), model.Flags(b)) if _names(a) == _names(b):
            return []
        case (model.Tuple(a), model.Tuple(b)) if len(a) == len(b):
            return list(zip(a, b, strict=True))
        case (model.Own(a), model.Own(b)) | (model.Borrow(a), model.Borrow(b)):
            return [(a, b)]
        case (model.Option(a), model.Option(b)) | (model.List(a), model.List(b)):
            return [(a, b)]
        case (model.Future(a), model.Future(b)) | (model.Stream(a), model.Stream(b)) | (Alias(a), Alias(b)):
            return [(a, b)]
        case (model.FixedLengthList(a, n), model.FixedLengthList(b, m)) if n == m:
            return [(a, b)]
        case (model.Result(ok_a, err_a), model.Result(ok_b, err_b)):
            return [(ok_a, ok_b), (err_a, err_b)]
        case (model.Map(key_a, value_a), model.Map(key_b, value_b)):
            return [(key_a, key_b), (value_a, value_b)]
    return None


_WITH_NAMES = (model.Record, model.Variant, model.Enum, model.Flags)


def _names(parts: list[Field] | list[Case]) -> list[str]:
    return [part.name for part in parts]
