"""Types in the text to types of the model: names are looked up, equal anonymous types of a package are one type."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from witkit.ir import model
from witkit.ir.model import Primitive, Stability, TypeDef, unalias
from witkit.ir.resolve.context import UNKNOWN, Context, MemberScope
from witkit.syntax import habits, nodes
from witkit.text import Related, Span

UNKNOWN_TYPE = "WIT0202"
FUNCTION_AS_TYPE = "WIT0218"
NOT_A_RESOURCE = "WIT0301"
EMPTY_TYPE = "WIT0304"
BAD_MAP_KEY = "WIT0306"
BAD_LENGTH = "WIT0307"

_PRIMITIVES = {p.value: p for p in Primitive}
_MAP_KEYS = frozenset(Primitive) - {Primitive.F32, Primitive.F64, Primitive.ERROR_CONTEXT}
_LONGEST = 2**32 - 1


class Structure(NamedTuple):
    """A kind of type, the key by which equal anonymous types are one, and the types that it consists of."""

    kind: model.TypeKind
    key: tuple[object, ...]
    parts: tuple[model.Type | None, ...]


class TypeResolver:
    """Resolves the types that one interface or world mentions."""

    def __init__(self, context: Context, scope: MemberScope) -> None:
        self.context = context
        self.scope = scope

    def resolve(self, node: nodes.Type, stability: Stability | None) -> model.Type:
        """The type that `node` means. New anonymous types join the arena, inner ones first."""
        if isinstance(node, nodes.Primitive):
            return _PRIMITIVES[node.name]
        if isinstance(node, nodes.Named):
            return self.named(node.id)
        if isinstance(node, nodes.Handle):
            resource = self.resource(node.resource)
            return resource if node.ownership == "own" else self.borrow(resource, stability, node.span)
        return self._intern(self._generic(node, stability), stability, node.span)

    def optional(self, node: nodes.Type | None, stability: Stability | None) -> model.Type | None:
        return None if node is None else self.resolve(node, stability)

    def definition(self, node: nodes.Type, stability: Stability | None) -> model.TypeKind:
        """The kind of `x` in `type x = node`: an alias, a handle, or a structure of its own."""
        if isinstance(node, nodes.Generic):
            return self._generic(node, stability).kind
        if isinstance(node, nodes.Handle):
            resource = self.resource(node.resource)
            return model.Own(resource) if node.ownership == "own" else model.Borrow(resource)
        return model.Alias(self.resolve(node, stability))

    def borrow(self, resource: TypeDef, stability: Stability | None, span: Span) -> model.Type:
        return self._intern(Structure(model.Borrow(resource), ("borrow", resource), (resource,)), stability, span)

    def named(self, name: nodes.Id) -> TypeDef:
        found = self.scope.members.get(name.name)
        if found is None:
            self._unknown(name)
            return UNKNOWN
        member, place = found
        if not isinstance(member, TypeDef):
            self.context.report.error(
                FUNCTION_AS_TYPE,
                f"`{name.name}` is a function, not a type",
                name.span,
                related=[_defined(place)],
                help="name a type here, or rename one of the two",
            )
            return UNKNOWN
        return member

    def resource(self, name: nodes.Id) -> TypeDef:
        """The resource (or an alias of one) of a handle. Any other type is reported."""
        named = self.named(name)
        target = unalias(named)
        if target is UNKNOWN or target in self.context.excluded:
            return named
        if isinstance(target, TypeDef) and isinstance(target.kind, model.Resource):
            return named
        self.context.report.error(
            NOT_A_RESOURCE,
            f"`{name.name}` is not a resource",
            name.span,
            related=[_defined(named.span)] if named.span else (),
            help=f"write `{name.name}` without `own` or `borrow`, or make it a resource",
        )
        return UNKNOWN

    def _unknown(self, name: nodes.Id) -> None:
        if self.context.unit.may_define(name.name) or name.name in self.scope.expected:
            return
        near = self.context.report.did_you_mean(name.name, chain(self.scope.type_names(), BUILT_IN))
        advice = habits.advice(name.name)
        if not advice:
            self.scope.expected.add(name.name)  # a missing type is reported once
        self.context.report.error(
            UNKNOWN_TYPE,
            f"type `{name.name}` does not exist",
            name.span,
            help=advice or near or f"define `{name.name}` here, or bring it in with `use interface.{{{name.name}}};`",
        )

    def _generic(self, node: nodes.Generic, stability: Stability | None) -> Structure:
        parts = tuple(self.optional(argument, stability) for argument in node.arguments)
        first = parts[0] if parts else None
        second = parts[1] if len(parts) > 1 else None
        if node.constructor == "list" and node.length is not None:
            length = self._length(node.length)
            return Structure(model.FixedLengthList(_known(first), length), ("list", first, length), parts)
        key = (node.constructor, *parts)
        match node.constructor:
            case "list":
                return Structure(model.List(_known(first)), key, parts)
            case "option":
                return Structure(model.Option(_known(first)), key, parts)
            case "tuple":
                if not parts:
                    self._empty("tuple", node.span)
                return Structure(model.Tuple([_known(p) for p in parts]), key, parts)
            case "map":
                if first not in _MAP_KEYS and first is not UNKNOWN:
                    self._bad_key(node)
                return Structure(model.Map(_known(first), _known(second)), key, parts)
            case "result":
                return Structure(model.Result(first, second), ("result", first, second), parts)
            case "future":
                return Structure(model.Future(first), ("future", first), parts)
            case _:
                return Structure(model.Stream(first), ("stream", first), parts)

    def _empty(self, what: str, span: Span) -> None:
        self.context.report.error(EMPTY_TYPE, f"empty {what}", span, help=f"give the {what} at least one type")

    def _bad_key(self, node: nodes.Generic) -> None:
        self.context.report.error(
            BAD_MAP_KEY,
            "a map key must be `bool`, an integer type, `char` or `string`",
            node.span,
            help="name the type itself: an alias cannot be a key",
        )

    def _length(self, span: Span) -> int:
        digits = span.text.lstrip("0") or "0"
        # Python refuses to convert too many digits to a number.
        if len(digits) <= len(str(_LONGEST)) and (length := int(digits)) <= _LONGEST:
            return length
        message = "the length of a list must fit into 32 bits"
        self.context.report.error(BAD_LENGTH, message, span, help=f"write at most {_LONGEST}")
        return _LONGEST

    def _intern(self, structure: Structure, stability: Stability | None, span: Span) -> TypeDef:
        def make() -> TypeDef:
            gate = stability or _first_stability(structure.parts)
            return TypeDef(name=None, kind=structure.kind, owner=None, span=span, stability=gate)

        return self.context.arena.intern(structure.key, make)


BUILT_IN = sorted([*_PRIMITIVES, "list", "option", "result", "tuple", "map", "future", "stream", "borrow", "own"])


def _defined(span: Span) -> Related:
    return Related(span, "defined here")


def _known(type_: model.Type | None) -> model.Type:
    return UNKNOWN if type_ is None else type_


def _first_stability(parts: Iterable[model.Type | None]) -> Stability | None:
    """The stability of an anonymous type: that of its first part which has one."""
    return next((p.stability for p in parts if isinstance(p, TypeDef) and p.stability is not None), None)
