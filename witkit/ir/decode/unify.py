"""Matches a type that a binary states again with the type that the model has already."""

from __future__ import annotations

from collections.abc import Sequence

from witkit.ir import model
from witkit.ir.decode.types import TypeDecoder
from witkit.ir.model import Type, TypeDef
from witkit.wasm import types
from witkit.wasm.types import Defined, ValType


def unify(decoder: TypeDecoder, type_: TypeDef, defined: Defined) -> None:
    """Note that `defined` is `type_`, and do the same with the anonymous types inside both.

    Raises BadWasm if the two differ. Named types inside them are not compared.
    """
    pairs = [(type_, defined)]
    while pairs:
        type_, defined = pairs.pop()
        if isinstance(type_.kind, model.Alias) and isinstance(type_.kind.type, TypeDef):
            continue
        if isinstance(defined.kind, types.Primitive | types.Flags | types.Enum | types.Own | types.Borrow):
            continue
        ours, theirs = _parts(type_.kind), list(types.parts(defined.kind))
        if _names(type_.kind) != _names(defined.kind) or len(ours) != len(theirs):
            raise _differs(decoder, type_)
        for mine, other in zip(ours, theirs, strict=True):
            if _sort(mine) is not _sort(other):
                raise _differs(decoder, type_)
            if isinstance(mine, TypeDef) and isinstance(other, Defined):
                is_new = other not in decoder.known
                decoder.known[other] = mine
                if is_new:
                    pairs.append((mine, other))


def _differs(decoder: TypeDecoder, type_: TypeDef) -> Exception:
    what = f"its type `{type_.name}`" if type_.name else "a type"
    return decoder.fail(f"an interface that appears twice defines {what} differently")


def _sort(type_: Type | ValType | None) -> type | None:
    if type_ is None:
        return None
    return TypeDef if isinstance(type_, TypeDef | Defined) else str


def _names(kind: model.TypeKind | types.Kind) -> tuple[object, ...]:
    """What must be equal for two kinds of type, apart from the types in them."""
    match kind:
        case model.Record(members) | model.Variant(members):
            return (type(kind).__name__, *(m.name for m in members))
        case types.Record(pairs) | types.Variant(pairs):
            return (type(kind).__name__, *(name for name, _ in pairs))
        case model.FixedLengthList(_, length) | types.FixedLengthList(_, length):
            return ("FixedLengthList", length)
    return (type(kind).__name__,)


def _parts(kind: model.TypeKind) -> Sequence[Type | None]:
    """The types in a definition, in order; None for an optional type that is missing."""
    match kind:
        case model.Record(fields):
            return [f.type for f in fields]
        case model.Variant(cases):
            return [c.type for c in cases]
        case model.Tuple(elements):
            return elements
        case model.Result(ok, err):
            return [ok, err]
        case model.Map(key, value):
            return [key, value]
        case model.Option(t) | model.List(t) | model.FixedLengthList(t, _):
            return [t]
        case model.Future(payload) | model.Stream(payload):
            return [payload]
    return []
