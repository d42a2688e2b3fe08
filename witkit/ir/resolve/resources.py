"""The functions of a resource and their names."""

from __future__ import annotations

from collections.abc import Iterator

from witkit._names import folded
from witkit.ir.model import Function
from witkit.ir.resolve.context import UNKNOWN, MemberScope
from witkit.ir.resolve.functions import resource_function
from witkit.ir.resolve.scopes import CONSTRUCTOR, claim
from witkit.ir.resolve.types import TypeResolver
from witkit.syntax import nodes


def resource_functions(types: TypeResolver, node: nodes.Resource) -> Iterator[Function]:
    """The functions of `node` in source order. Methods and static functions share one set of names."""
    resource = types.scope.type(node.name.name) or UNKNOWN
    names = MemberScope(folded={folded(node.name.name): (node.name.name, node.name.span)})
    for function in node.functions:
        built = resource_function(types, function, node, resource)
        constructor = function.kind is nodes.FunctionKind.CONSTRUCTOR
        taken = CONSTRUCTOR if constructor else function.name.name
        if claim(types.context.report, names, taken, function.name.span, shown=built.name):
            yield built
