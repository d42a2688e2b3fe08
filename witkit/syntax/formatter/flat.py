"""Statements on one line: the text of a node that has no comments inside, whatever its length.

Names, versions and strings are as they were written. Optional commas are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from witkit.syntax import nodes

_WORDS: Final = frozenset({nodes.Primitive, nodes.Named})
"""Types that are one word."""


def flat(node: nodes.Node) -> str:
    """The text of a statement, an element of a list or an attribute; without the attributes before it."""
    return _FLAT[node.__class__](node)


def flat_type(of: nodes.Type) -> str:
    """A type: only after a comma there is a blank."""
    span = of.span
    text = span.source.text[span.start : span.end]
    if of.__class__ in _WORDS:
        return text
    text = "".join(text.split())
    return text.replace(",", ", ").replace(", >", ">") if "," in text else text


def flat_path(path: nodes.Path | nodes.PackageName) -> str:
    """A path or the name of a package: no blanks at all."""
    return "".join(path.span.text.split())


def _attribute(attribute: nodes.Attribute) -> str:
    name = attribute.name.span.text
    if not attribute.arguments:
        return f"@{name}()" if attribute.span.text.endswith(")") else f"@{name}"
    return f"@{name}({', '.join(map(_argument, attribute.arguments))})"


def _argument(argument: nodes.Argument) -> str:
    key, value = argument.key, argument.value
    return argument.span.text if key is None or isinstance(value, str) else f"{key.span.text} = {value.span.text}"


def _header(header: nodes.PackageHeader) -> str:
    return f"package {flat_path(header.name)}"


def _top_use(use: nodes.TopUse) -> str:
    return f"use {flat_path(use.path)}{_as(use.alias)};"


def _as(alias: nodes.Id | None) -> str:
    return "" if alias is None else f" as {alias.span.text}"


def _used_name(used: nodes.UsedName) -> str:
    return f"{used.name.span.text}{_as(used.alias)}"


def _use(use: nodes.Use) -> str:
    return f"use {flat_path(use.path)}.{{{', '.join(map(_used_name, use.names))}}};"


def _include(include: nodes.Include) -> str:
    if include.span.source.text[include.span.end - 1] == ";":
        return f"include {flat_path(include.path)};"
    renames = ", ".join(map(_used_name, include.renames))
    return f"include {flat_path(include.path)} with {{ {renames} }}".replace("{  }", "{}")


def _extern(extern: nodes.Extern) -> str:
    kind = extern.kind
    name = "" if extern.name is None else f"{extern.name.span.text}: "
    if isinstance(kind, nodes.InlineInterface):
        return f"{extern.direction} {name}interface"
    return f"{extern.direction} {name}{flat_path(kind) if isinstance(kind, nodes.Path) else _signature(kind)};"


def _function(function: nodes.Function) -> str:
    name = function.name.span.text
    if function.kind is nodes.FunctionKind.CONSTRUCTOR:
        return f"{name}{_parameters(function.signature)};"
    static = "static " if function.kind is nodes.FunctionKind.STATIC else ""
    return f"{name}: {static}{_signature(function.signature)};"


def _signature(signature: nodes.Signature) -> str:
    return f"{'async ' if signature.is_async else ''}func{_parameters(signature)}"


def _parameters(signature: nodes.Signature) -> str:
    result = "" if signature.result is None else f" -> {flat_type(signature.result)}"
    return f"({', '.join(map(_typed, signature.params))}){result}"


def _typed(node: nodes.Parameter | nodes.Field) -> str:
    span = node.name.span
    return f"{span.source.text[span.start : span.end]}: {flat_type(node.type)}"


def _alias(alias: nodes.Alias) -> str:
    return f"type {alias.name.span.text} = {flat_type(alias.type)};"


def _case(case: nodes.Case) -> str:
    return case.name.span.text if case.payload is None else f"{case.name.span.text}({flat_type(case.payload)})"


def _resource(resource: nodes.Resource) -> str:
    end = ";" if resource.span.source.text[resource.span.end - 1] == ";" else ""
    return f"resource {resource.name.span.text}{end}"


def _named(keyword: str) -> Callable[[Any], str]:
    return lambda node: f"{keyword} {node.name.span.text}"


_FLAT: Final[dict[type, Callable[[Any], str]]] = {
    nodes.Attribute: _attribute,
    nodes.PackageHeader: _header,
    nodes.TopUse: _top_use,
    nodes.Use: _use,
    nodes.UsedName: _used_name,
    nodes.Include: _include,
    nodes.Extern: _extern,
    nodes.Function: _function,
    nodes.Parameter: _typed,
    nodes.Field: _typed,
    nodes.Alias: _alias,
    nodes.Case: _case,
    # Of what has a block: what is before its `{`.
    nodes.Resource: _resource,
    nodes.NestedPackage: lambda node: _header(node.header),
    nodes.Interface: _named("interface"),
    nodes.World: _named("world"),
    nodes.Record: _named("record"),
    nodes.Variant: _named("variant"),
    nodes.Enum: _named("enum"),
    nodes.Flags: _named("flags"),
}
