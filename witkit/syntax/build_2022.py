"""Tree building for the dialect of 2022: one function per rule or alias of `grammars/wit-2022.lark`.

A function quotes its production and unpacks what was found for it, as those of `witkit.syntax.build` do.

The nodes are those of today's WIT, with these meanings besides: a `Use` without names takes all names,
`Primitive("unit")` and `Generic("expected", …)` and `Generic("stream", [element, end])` are as written,
`Handle("handle", r)` is an explicit handle, a resource may have `implements`, and a union is a variant whose cases
are named by number.
"""

from __future__ import annotations

from witkit.syntax import nodes
from witkit.syntax.build import (
    Found,
    case,
    field,
    more,
    more_listed,
    named,
    one,
    one_argument,
    parameter,
    parameters,
    payload_case,
    renamed_name,
    signature,
    tuple_of,
    two_arguments,
    used_name,
)
from witkit.syntax.nodes import FunctionKind
from witkit.syntax.tokens import Token
from witkit.text import Span

__all__ = [
    "case",
    "field",
    "more",
    "more_listed",
    "named",
    "one",
    "one_argument",
    "parameter",
    "parameters",
    "payload_case",
    "renamed_name",
    "signature",
    "tuple_of",
    "two_arguments",
    "used_name",
]

_RENAMED = {"float32": "f32", "float64": "f64"}


def _span(first: Token, last: Token) -> Span:
    return Span(first.source, first.start, last.end)


def start(found: Found) -> list[nodes.InterfaceItem]:
    """`[many{item}]`"""
    items: list[nodes.InterfaceItem] | None
    (items,) = found
    return items or []


def use(found: Found) -> nodes.Use:
    """`"use" "{" listed{used_name} [","] "}" "from" ID`"""
    keyword, _, names, _, _, _, file = found
    return nodes.Use(comments=keyword.comments or [], span=_span(keyword, file), path=_path(file), names=names)


def use_all(found: Found) -> nodes.Use:
    """`"use" "*" "from" ID`"""
    keyword, _, _, file = found
    return nodes.Use(comments=keyword.comments or [], span=_span(keyword, file), path=_path(file), names=[])


def _path(token: Token) -> nodes.Path:
    return nodes.Path(span=token.span, package=None, name=token.id)


def _function(first: Token, name: Token, kind: FunctionKind, signature: nodes.Signature) -> nodes.Function:
    span = Span(first.source, first.start, signature.span.end)
    return nodes.Function(comments=first.comments or [], span=span, name=name.id, kind=kind, signature=signature)


def function(found: Found) -> nodes.Function:
    """`ID ":" signature`"""
    name, _, signature = found
    return _function(name, name, FunctionKind.FREE, signature)


def alias(found: Found) -> nodes.Alias:
    """`"type" ID "=" type`"""
    keyword, name, _, of = found
    span = Span(keyword.source, keyword.start, of.span.end)
    return nodes.Alias(comments=keyword.comments or [], span=span, name=name.id, type=of)


def record(found: Found) -> nodes.Record:
    """`"record" ID "{" [listed{field} [","]] "}"`"""
    keyword, name, _, fields, _, closing = found
    comments, span = keyword.comments or [], _span(keyword, closing)
    return nodes.Record(comments=comments, span=span, name=name.id, fields=fields or [])


def variant(found: Found) -> nodes.Variant:
    """`"variant" ID "{" [listed{variant_case} [","]] "}"`"""
    keyword, name, _, cases, _, closing = found
    comments, span = keyword.comments or [], _span(keyword, closing)
    return nodes.Variant(comments=comments, span=span, name=name.id, cases=cases or [])


def union(found: Found) -> nodes.Variant:
    """`"union" ID "{" [listed{type} [","]] "}"`"""
    keyword, name, _, types, _, closing = found
    cases = [
        nodes.Case(
            span=of.span, name=nodes.Id(f"case{number}", Span(of.span.source, of.span.start, of.span.start)), payload=of
        )
        for number, of in enumerate(types or [])
    ]
    return nodes.Variant(comments=keyword.comments or [], span=_span(keyword, closing), name=name.id, cases=cases)


def enum(found: Found) -> nodes.Enum:
    """`"enum" ID "{" [listed{name} [","]] "}"`"""
    keyword, name, _, cases, _, closing = found
    comments, span = keyword.comments or [], _span(keyword, closing)
    return nodes.Enum(comments=comments, span=span, name=name.id, cases=cases or [])


def flags(found: Found) -> nodes.Flags:
    """`"flags" ID "{" [listed{name} [","]] "}"`"""
    keyword, name, _, flags, _, closing = found
    comments, span = keyword.comments or [], _span(keyword, closing)
    return nodes.Flags(comments=comments, span=span, name=name.id, flags=flags or [])


def opaque_resource(found: Found) -> nodes.Resource:
    """`"resource" ID [implements]`"""
    keyword, name, base = found
    span = Span(keyword.source, keyword.start, base.span.end if base else name.end)
    return nodes.Resource(comments=keyword.comments or [], span=span, name=name.id, functions=[], implements=base)


def resource(found: Found) -> nodes.Resource:
    """`"resource" ID [implements] "{" [many{resource_item}] "}"`"""
    keyword, name, base, _, functions, closing = found
    comments, span = keyword.comments or [], _span(keyword, closing)
    return nodes.Resource(comments=comments, span=span, name=name.id, functions=functions or [], implements=base)


def implements(found: Found) -> nodes.Id:
    """`"implements" ID`"""
    _, base = found
    id: nodes.Id = base.id
    return id


def resource_item(found: Found) -> nodes.Function:
    """`method [","]`"""
    function: nodes.Function
    function, _ = found
    return function


def method(found: Found) -> nodes.Function:
    """`ID ":" signature`"""
    name, _, signature = found
    return _function(name, name, FunctionKind.METHOD, signature)


def static_method(found: Found) -> nodes.Function:
    """`"static" ID ":" signature`"""
    keyword, name, _, signature = found
    return _function(keyword, name, FunctionKind.STATIC, signature)


def primitive(found: Found) -> nodes.Primitive:
    """`"u8" | "u16" | "u32" | "u64" | "s8" | "s16" | "s32" | "s64"
    | "float32" | "float64" | "char" | "bool" | STRING | "unit"`"""
    (keyword,) = found
    return nodes.Primitive(_RENAMED.get(keyword.text, keyword.text), keyword.span)


def handle(found: Found) -> nodes.Handle:
    """`"handle" ID`"""
    keyword, resource = found
    return nodes.Handle("handle", resource.id, _span(keyword, resource))
