"""Tree building for the dialect of 2022: one function per rule or alias of `grammars/wit-2022.lark`.

The nodes are those of today's WIT, with these meanings besides: a `Use` without names takes all names,
`Primitive("unit")` and `Generic("expected", …)` and `Generic("stream", [element, end])` are as written,
`Handle("handle", r)` is an explicit handle, a resource may have `implements`, and a union is a variant whose cases
are named by number.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from witkit.syntax import nodes
from witkit.syntax.build import (
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

Parts: TypeAlias = list[Any]

_RENAMED = {"float32": "f32", "float64": "f64"}


def _span(first: Token, last: Token) -> Span:
    return Span(first.source, first.start, last.end)


def start(c: Parts) -> list[nodes.InterfaceItem]:
    found: list[nodes.InterfaceItem] | None = c[0]
    return found or []


def use(c: Parts) -> nodes.Use:
    first, _, names, *_, last = c
    return nodes.Use(comments=first.comments or [], span=_span(first, last), path=_path(last), names=names)


def use_all(c: Parts) -> nodes.Use:
    return nodes.Use(comments=c[0].comments or [], span=_span(c[0], c[3]), path=_path(c[3]), names=[])


def _path(token: Token) -> nodes.Path:
    return nodes.Path(span=token.span, package=None, name=token.id)


def _function(first: Token, name: Token, kind: FunctionKind, shape: nodes.Signature) -> nodes.Function:
    span = Span(first.source, first.start, shape.span.end)
    return nodes.Function(comments=first.comments or [], span=span, name=name.id, kind=kind, signature=shape)


def function(c: Parts) -> nodes.Function:
    return _function(c[0], c[0], FunctionKind.FREE, c[2])


def alias(c: Parts) -> nodes.Alias:
    keyword, name, _, of = c
    span = Span(keyword.source, keyword.start, of.span.end)
    return nodes.Alias(comments=keyword.comments or [], span=span, name=name.id, type=of)


def record(c: Parts) -> nodes.Record:
    return nodes.Record(comments=c[0].comments or [], span=_span(c[0], c[-1]), name=c[1].id, fields=c[3] or [])


def variant(c: Parts) -> nodes.Variant:
    return nodes.Variant(comments=c[0].comments or [], span=_span(c[0], c[-1]), name=c[1].id, cases=c[3] or [])


def union(c: Parts) -> nodes.Variant:
    cases = [
        nodes.Case(span=of.span, name=nodes.Id(f"case{number}", of.span), payload=of)
        for number, of in enumerate(c[3] or [])
    ]
    return nodes.Variant(comments=c[0].comments or [], span=_span(c[0], c[-1]), name=c[1].id, cases=cases)


def enum(c: Parts) -> nodes.Enum:
    return nodes.Enum(comments=c[0].comments or [], span=_span(c[0], c[-1]), name=c[1].id, cases=c[3] or [])


def flags(c: Parts) -> nodes.Flags:
    return nodes.Flags(comments=c[0].comments or [], span=_span(c[0], c[-1]), name=c[1].id, flags=c[3] or [])


def opaque_resource(c: Parts) -> nodes.Resource:
    keyword, name, base = c
    span = Span(keyword.source, keyword.start, base.span.end if base else name.end)
    return nodes.Resource(comments=keyword.comments or [], span=span, name=name.id, functions=[], implements=base)


def resource(c: Parts) -> nodes.Resource:
    keyword, name, base, _, functions, last = c
    found, comments = functions or [], keyword.comments or []
    return nodes.Resource(comments=comments, span=_span(keyword, last), name=name.id, functions=found, implements=base)


def implements(c: Parts) -> nodes.Id:
    found: nodes.Id = c[1].id
    return found


def resource_item(c: Parts) -> nodes.Function:
    found: nodes.Function = c[0]
    return found


def method(c: Parts) -> nodes.Function:
    return _function(c[0], c[0], FunctionKind.METHOD, c[2])


def static_method(c: Parts) -> nodes.Function:
    return _function(c[0], c[1], FunctionKind.STATIC, c[3])


def primitive(c: Parts) -> nodes.Primitive:
    return nodes.Primitive(_RENAMED.get(c[0].text, c[0].text), c[0].span)


def handle(c: Parts) -> nodes.Handle:
    return nodes.Handle("handle", c[1].id, _span(c[0], c[1]))
