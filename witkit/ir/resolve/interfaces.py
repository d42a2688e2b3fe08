"""Interfaces: `use`d names, types, functions."""

from __future__ import annotations

from collections.abc import Sequence

from witkit.ir.model import Alias, Interface, TypeDef, World
from witkit.ir.resolve.context import UNKNOWN, Context, MemberScope
from witkit.ir.resolve.definitions import define_types
from witkit.ir.resolve.docs import docs_of
from witkit.ir.resolve.functions import free_function
from witkit.ir.resolve.items import Items
from witkit.ir.resolve.resources import resource_functions
from witkit.ir.resolve.scopes import define
from witkit.ir.resolve.types import TypeResolver
from witkit.syntax import nodes
from witkit.text import Related

UNKNOWN_NAME = "WIT0203"
FUNCTION_USED = "WIT0222"


def resolve_interface(
    items: Items, file: int, interface: Interface, node: nodes.Item, members: Sequence[nodes.InterfaceItem]
) -> None:
    """Fill `interface` from its text; `node` has its docs and attributes."""
    context = items.context
    interface.docs = docs_of(node.comments)
    interface.stability = context.stability(node)
    scope = context.draft.scopes[interface] = MemberScope()
    types = TypeResolver(context, scope)
    resolve_uses(items, file, types, interface, members)
    define_types(types, interface, members)
    interface.types = dict(scope.types())
    for member in members:
        if isinstance(member, nodes.Function):
            if define(context, scope, member.name, member):
                function = free_function(types, member, member.name, member.signature)
                interface.functions[function.name] = function
        elif isinstance(member, nodes.Resource):
            for function in resource_functions(types, member):
                interface.functions[function.name] = function


def resolve_uses(
    items: Items,
    file: int,
    types: TypeResolver,
    owner: Interface | World,
    members: Sequence[nodes.InterfaceItem | nodes.WorldItem],
) -> None:
    """Add the names of each `use`, each as a type definition of its own."""
    for use in members:
        if not isinstance(use, nodes.Use):
            continue
        source = items.interface(file, use.path)
        stability = items.context.stability(use)
        external_id = items.context.external_id(use)
        for used in use.names:
            target = UNKNOWN if source is None else _used_type(items, source, used.name, use)
            if (
                target is UNKNOWN
                and source is not None
                and (near := items.context.report.closest(used.name.name, source.types))
            ):
                types.scope.expected.add(near)
            name = used.alias or used.name
            type_ = TypeDef(
                name=name.name,
                kind=Alias(target),
                owner=owner,
                stability=stability,
                span=name.span,
                external_id=external_id,
            )
            if define(items.context, types.scope, name, type_ if target is not UNKNOWN else UNKNOWN):
                items.context.arena.types.append(type_)


def _used_type(items: Items, source: Interface, name: nodes.Id, use: nodes.Use) -> TypeDef:
    context = items.context
    if source.package is not context.package:
        return items.foreign.type(source, name, context.stability(use))
    scope = context.draft.scopes.get(source)
    if scope is None or source in context.draft.cyclic:
        return UNKNOWN
    found = scope.members.get(name.name)
    if found is None:
        _unknown_name(context, scope, source, name)
        return UNKNOWN
    member, place = found
    if not isinstance(member, TypeDef):
        context.report.error(
            FUNCTION_USED,
            f"`{name.name}` is a function, but `use` takes only types",
            name.span,
            related=[Related(place, "defined here")],
            help="import the interface in a world to call its functions",
        )
        return UNKNOWN
    return member


def _unknown_name(context: Context, scope: MemberScope, source: Interface, name: nodes.Id) -> None:
    if context.unit.may_define(name.name):
        return
    context.report.error(
        UNKNOWN_NAME,
        f"name `{name.name}` does not exist in interface `{source.name}`",
        name.span,
        related=[Related(source.span, "the interface")] if source.span else (),
        help=context.report.did_you_mean(name.name, scope.type_names()) or f"define type `{name.name}` there",
    )
