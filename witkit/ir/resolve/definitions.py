"""Type definitions of one interface or world.

wasm-tools numbers them in the order of their dependencies, not in that of the text: a type follows those that it names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from witkit.ir import model
from witkit.ir.model import Interface, Stability, TypeDef, World
from witkit.ir.report import first_defined
from witkit.ir.resolve.context import UNKNOWN, Context
from witkit.ir.resolve.docs import docs_of
from witkit.ir.resolve.members import cases, fields, flags, payload_cases
from witkit.ir.resolve.scopes import DEFINED_TWICE, define
from witkit.ir.resolve.types import TypeResolver
from witkit.ir.toposort import Edge, find_cycles, toposort
from witkit.syntax import nodes
from witkit.text import Related

TYPE_CYCLE = "WIT0220"
HIDDEN_DEFINITION = "WIT0223"


def define_types(
    types: TypeResolver, owner: Interface | World, items: Sequence[nodes.InterfaceItem | nodes.WorldItem]
) -> None:
    """Add the types that `items` define to the scope and to the arena. `use`d names are in the scope already.

    They take part in the order nevertheless: a definition that needs one waits until the `use` has had its turn.
    """
    context = types.context
    definitions: dict[str, nodes.TypeDefinition] = {}
    edges: dict[str, list[Edge[str]]] = {}
    for item in items:
        if isinstance(item, nodes.Use):
            for used in item.names:
                _use(context, used.alias or used.name, definitions, edges)
        if not isinstance(item, nodes.TypeDefinition):
            continue
        name = item.name.name
        if name in definitions:
            context.report.error(
                DEFINED_TWICE,
                f"name `{name}` is defined more than once",
                item.name.span,
                related=first_defined(definitions[name].name.span),
                help="rename one of the two",
            )
            continue
        definitions[name] = item
        edges[name] = [Edge(id_.name, id_.span, id_.span) for id_ in mentioned_names(item)]
    result = toposort(edges)
    for cyclic in result.cyclic:
        types.scope.members.setdefault(cyclic, (UNKNOWN, definitions[cyclic].name.span))
    for name in [*result.order, *result.cyclic]:
        if name in definitions:
            _define(types, owner, definitions[name])
    for path in find_cycles(edges, result.cyclic):
        _report_cycle(context, path)


def _use(
    context: Context,
    name: nodes.Id,
    definitions: dict[str, nodes.TypeDefinition],
    edges: dict[str, list[Edge[str]]],
) -> None:
    """A `use`d name hides an earlier definition of that name. wasm-tools accepts this silently."""
    edges[name.name] = []
    hidden = definitions.pop(name.name, None)
    if hidden is not None:
        context.report.warning(
            HIDDEN_DEFINITION,
            f"the definition of `{name.name}` has no effect: a later `use` brings in the same name",
            hidden.name.span,
            related=[Related(name.span, "this name is used instead")],
            help=f"rename one of the two: `use … {{{name.name} as other-name}}`",
        )


def _define(types: TypeResolver, owner: Interface | World, item: nodes.TypeDefinition) -> None:
    context = types.context
    stability = context.stability(item)
    kind = kind_of(types, item, stability)
    type_ = TypeDef(
        name=item.name.name,
        kind=kind,
        owner=owner,
        docs=docs_of(item.comments),
        stability=stability,
        span=item.name.span,
        external_id=context.external_id(item),
    )
    previous = types.scope.members.get(item.name.name)
    if previous is not None and previous[0] is UNKNOWN and previous[1] is item.name.span:
        return
    if define(context, types.scope, item.name, type_):
        context.arena.types.append(type_)


def kind_of(types: TypeResolver, item: nodes.TypeDefinition, stability: Stability | None) -> model.TypeKind:
    """The kind of type that a definition defines."""
    match item:
        case nodes.Alias():
            return types.definition(item.type, stability)
        case nodes.Record():
            return model.Record(fields(types, item, stability))
        case nodes.Variant():
            return model.Variant(payload_cases(types, item, stability))
        case nodes.Enum():
            return model.Enum(cases(types.context, item))
        case nodes.Flags():
            return model.Flags(flags(types.context, item))
        case nodes.Resource():
            return model.Resource()


def mentioned_names(item: nodes.TypeDefinition) -> Iterator[nodes.Id]:
    """The names whose definitions must come first. Those in signatures of a resource need not."""
    match item:
        case nodes.Alias():
            yield from _names_in(item.type)
        case nodes.Record():
            for field in item.fields:
                yield from _names_in(field.type)
        case nodes.Variant():
            for case in item.cases:
                yield from _names_in(case.payload)


def _names_in(type_: nodes.Type | None) -> Iterator[nodes.Id]:
    if isinstance(type_, nodes.Named):
        yield type_.id
    elif isinstance(type_, nodes.Handle):
        yield type_.resource
    elif isinstance(type_, nodes.Generic):
        for argument in type_.arguments:
            yield from _names_in(argument)


def _report_cycle(context: Context, path: list[Edge[str]]) -> None:
    first = path[0]
    context.report.error(
        TYPE_CYCLE,
        f"type `{first.target}` depends on itself",
        first.place,
        related=[Related(edge.span, f"which needs `{edge.target}`") for edge in path[1:]],
        help="a type cannot contain itself, not even in a list: refer to inner values by index, or use a resource",
    )
