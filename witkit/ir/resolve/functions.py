"""Functions: parameters, results, and the rules for those of resources."""

from __future__ import annotations

from witkit._names import folded
from witkit.ir import model
from witkit.ir.model import Function, FunctionKind, Param, TypeDef
from witkit.ir.report import Report, first_defined, way_out
from witkit.ir.resolve.context import UNKNOWN
from witkit.ir.resolve.docs import docs_of
from witkit.ir.resolve.types import TypeResolver
from witkit.syntax import nodes
from witkit.text import Span

DUPLICATE_PARAM = "WIT0210"
BAD_CONSTRUCTOR_RESULT = "WIT0302"


def free_function(types: TypeResolver, item: nodes.Item, name: nodes.Id, signature: nodes.Signature) -> Function:
    """A function of an interface or world; `item` has its docs and attributes."""
    return _function(types, item, name.name, name.span, signature, FunctionKind.FREE, None)


def resource_function(types: TypeResolver, node: nodes.Function, owner: nodes.Resource, resource: TypeDef) -> Function:
    """A method, static function or constructor of `owner`, under its canonical name."""
    kind = FunctionKind(node.kind.value)
    if kind is FunctionKind.CONSTRUCTOR:
        name = f"[constructor]{owner.name.name}"
    else:
        name = f"[{kind.value}]{owner.name.name}.{node.name.name}"
    return _function(types, node, name, node.name.span, node.signature, kind, resource)


def _function(
    types: TypeResolver,
    item: nodes.Item,
    name: str,
    span: Span,
    signature: nodes.Signature,
    kind: FunctionKind,
    resource: TypeDef | None,
) -> Function:
    stability = types.context.stability(item)
    before = len(types.context.arena.types)
    params = _params(types, signature, resource if kind is FunctionKind.METHOD else None)
    if kind is FunctionKind.CONSTRUCTOR and resource is not None:
        result: model.Type | None = _constructor_result(types, signature, resource)
    else:
        result = types.optional(signature.result, None)
    function = Function(
        name=name,
        kind=kind,
        resource=resource,
        is_async=signature.is_async,
        params=params,
        result=result,
        docs=docs_of(item.comments),
        stability=stability,
        span=span,
        external_id=types.context.external_id(item),
    )
    arena = types.context.arena
    if len(arena.types) > before:
        arena.first_mentions[function] = arena.types[before:]
    return function


def _params(types: TypeResolver, signature: nodes.Signature, receiver: TypeDef | None) -> list[Param]:
    params: list[Param] = []
    seen: dict[str, tuple[str, Span | None]] = {}
    if receiver is not None:
        params.append(Param(name="self", type=types.borrow(receiver, None, signature.span), span=signature.span))
        seen["self"] = ("self", None)
    for node in signature.params:
        name, span = node.name.name, node.name.span
        before, place = seen.setdefault(folded(name), (name, span))
        if place is not span:
            _duplicate_param(types.context.report, node.name, before, place)
        params.append(Param(name=name, type=types.resolve(node.type, None), span=span))
    return params


def _duplicate_param(report: Report, name: nodes.Id, before: str, place: Span | None) -> None:
    """Report a parameter that clashes with the one at `place`, or with `self` of a method, which has no place."""
    if before == name.name:
        message = f"param `{name.name}` is defined more than once"
    else:
        message = f"param `{name.name}` conflicts with previous param `{before}`"
    help = way_out(name.name, before) if place else "remove it: a method already has `self`"
    report.error(DUPLICATE_PARAM, message, name.span, related=first_defined(place), help=help)


def _constructor_result(types: TypeResolver, signature: nodes.Signature, resource: TypeDef) -> model.Type:
    """The resource itself, or the declared `result` of it."""
    node = signature.result
    if node is None:
        return resource
    result = types.resolve(node, None)
    help = f"write `result<{resource.name}, …>`, or no result if the constructor cannot fail"
    if not isinstance(result, TypeDef) or not isinstance(result.kind, model.Result):
        if result is not UNKNOWN:
            message = "the result of a constructor must be a `result`"
            types.context.report.error(BAD_CONSTRUCTOR_RESULT, message, node.span, help=help)
    elif result.kind.ok is not resource and result.kind.ok is not UNKNOWN:
        ok = node.arguments[0] if isinstance(node, nodes.Generic) and node.arguments else None
        message = f"the `ok` type must be the resource being constructed, `{resource.name}`"
        types.context.report.error(BAD_CONSTRUCTOR_RESULT, message, (ok or node).span, help=help)
    return result
