"""Tree building: one function per rule (or alias) of `grammars/wit.lark`, called as the parser reduces it.

A function gets what the rule matched, all tokens included and None for what is left out, and returns
a node. Nodes get their places from their first and last token, so no function needs any state.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from witkit.syntax import nodes
from witkit.syntax.nodes import Direction, FunctionKind
from witkit.syntax.spelling import plain_version
from witkit.syntax.strings import unquote
from witkit.syntax.tokens import Token
from witkit.text import Span

Parts: TypeAlias = list[Any]
Attributes: TypeAlias = tuple[Token, list[nodes.Attribute]]
"""The first `@`, which begins the item and has its comments, and the attributes."""


def _between(first: Token, last: Token) -> Span:
    return Span(first.source, first.start, last.end)


def _head(attributes: Attributes | None, token: Token) -> tuple[list[nodes.Comment], list[nodes.Attribute], Token]:
    """Comments, attributes and first token of an item whose first token after its attributes is `token`."""
    if attributes is None:
        return token.comments or [], [], token
    first, found = attributes
    return first.comments or [], found, first


# ---- files ------------------------------------------------------------------------------------


def start(c: Parts) -> tuple[nodes.PackageHeader | None, list[nodes.FileItem]]:
    return c[0], c[1] or []


def header(c: Parts) -> nodes.PackageHeader:
    found: nodes.PackageHeader = c[0]
    return found


def package_header(c: Parts) -> nodes.PackageHeader:
    comments, attributes, first = _head(c[0], c[1])
    name: nodes.PackageName = c[2]
    span = Span(first.source, first.start, name.span.end)
    return nodes.PackageHeader(comments=comments, attributes=attributes, span=span, name=name)


def package_name(c: Parts) -> nodes.PackageName:
    return _package_name(c[0], c[2], c[4])


def _package_name(namespace: Token, name: Token, version: Token | None) -> nodes.PackageName:
    span = _between(namespace, version or name)
    return nodes.PackageName(namespace.id, name.id, _version(version), span)


def _version(token: Token | None) -> nodes.Version | None:
    return nodes.Version(plain_version(token.text), token.span) if token else None


def nested_package(c: Parts) -> nodes.NestedPackage:
    head: nodes.PackageHeader = c[0]
    span = Span(head.span.source, head.span.start, c[3].end)
    return nodes.NestedPackage(
        comments=head.comments, attributes=head.attributes, span=span, header=head, items=c[2] or []
    )


def no_attributes(_: Parts) -> None:
    return None


def attributes(c: Parts) -> Attributes:
    (at, attribute), before = c[1], c[0]
    if before is None:
        return at, [attribute]
    before[1].append(attribute)
    return before  # type: ignore[no-any-return]


def attribute(c: Parts) -> tuple[Token, nodes.Attribute]:
    at, name, _, found, end = c
    return at, nodes.Attribute(name.id, found or [], _between(at, end or name))


def arguments(c: Parts) -> list[nodes.Argument]:
    found: list[nodes.Argument] = c[0]
    return found


def version_argument(c: Parts) -> nodes.Argument:
    key, _, version = c
    return nodes.Argument(key.id, nodes.Version(plain_version(version.text), version.span), _between(key, version))


def id_argument(c: Parts) -> nodes.Argument:
    return nodes.Argument(c[0].id, c[2].id, _between(c[0], c[2]))


def string_argument(c: Parts) -> nodes.Argument:
    return nodes.Argument(None, unquote(c[0].text), c[0].span)


def top_use(c: Parts) -> nodes.TopUse:
    found, attributes, first = _head(c[0], c[1])
    alias: Token | None = c[4]
    return nodes.TopUse(
        comments=found, attributes=attributes, span=_between(first, c[5]), path=c[2], alias=alias.id if alias else None
    )


def local_path(c: Parts) -> nodes.Path:
    return nodes.Path(span=c[0].span, package=None, name=c[0].id)


def package_path(c: Parts) -> nodes.Path:
    namespace, _, package, _, name, _, version = c
    return nodes.Path(
        span=_between(namespace, version or name),
        package=_package_name(namespace, package, version),
        name=name.id,
    )


# ---- worlds -----------------------------------------------------------------------------------


def world(c: Parts) -> nodes.World:
    found, attributes, first = _head(c[0], c[1])
    return nodes.World(
        comments=found, attributes=attributes, span=_between(first, c[5]), name=c[2].id, items=c[4] or []
    )


def direction(c: Parts) -> Token:
    token: Token = c[0]
    return token


def _extern(head: Attributes | None, way: Token, name: Token | None, kind: Any, end: int) -> nodes.Extern:
    found, attributes, first = _head(head, way)
    return nodes.Extern(
        comments=found,
        attributes=attributes,
        span=Span(first.source, first.start, end),
        direction=Direction.IMPORT if way.type == "IMPORT" else Direction.EXPORT,
        name=name.id if name else None,
        kind=kind,
    )


def extern_path(c: Parts) -> nodes.Extern:
    return _extern(c[0], c[1], None, c[2], c[3].end)


def extern_named(c: Parts) -> nodes.Extern:
    return _extern(c[0], c[1], c[2], c[4], c[5].end)


def extern_inline(c: Parts) -> nodes.Extern:
    return _extern(c[0], c[1], c[2], c[4], c[4].span.end)


def inline_interface(c: Parts) -> nodes.InlineInterface:
    return nodes.InlineInterface(items=c[2] or [], span=_between(c[0], c[3]))


def include(c: Parts) -> nodes.Include:
    found, attributes, first = _head(c[0], c[1])
    return nodes.Include(comments=found, attributes=attributes, span=_between(first, c[3]), path=c[2], renames=[])


def include_with(c: Parts) -> nodes.Include:
    found, attributes, first = _head(c[0], c[1])
    return nodes.Include(
        comments=found, attributes=attributes, span=_between(first, c[7]), path=c[2], renames=c[5] or []
    )


def rename(c: Parts) -> nodes.UsedName:
    return renamed_name(c)


# ---- interfaces -------------------------------------------------------------------------------


def interface(c: Parts) -> nodes.Interface:
    found, attributes, first = _head(c[0], c[1])
    return nodes.Interface(
        comments=found, attributes=attributes, span=_between(first, c[5]), name=c[2].id, items=c[4] or []
    )


def use(c: Parts) -> nodes.Use:
    found, attributes, first = _head(c[0], c[1])
    return nodes.Use(comments=found, attributes=attributes, span=_between(first, c[8]), path=c[2], names=c[5] or [])


def used_name(c: Parts) -> nodes.UsedName:
    return nodes.UsedName(comments=c[0].comments or [], span=c[0].span, name=c[0].id, alias=None)


def renamed_name(c: Parts) -> nodes.UsedName:
    return nodes.UsedName(comments=c[0].comments or [], span=_between(c[0], c[2]), name=c[0].id, alias=c[2].id)


def _function(head: Attributes | None, name: Token, kind: FunctionKind, signature: Any, end: Token) -> nodes.Function:
    found, attributes, first = _head(head, name)
    return nodes.Function(
        comments=found,
        attributes=attributes,
        span=Span(first.source, first.start, end.end),
        name=name.id,
        kind=kind,
        signature=signature,
    )


def function(c: Parts) -> nodes.Function:
    return _function(c[0], c[1], FunctionKind.FREE, c[3], c[4])


def signature(c: Parts) -> nodes.Signature:
    is_async, func, (params, end), _, result = c
    span = _between(is_async or func, end)
    if result is not None:
        span = span.to(result.span)
    return nodes.Signature(is_async=is_async is not None, params=params, result=result, span=span)


def parameters(c: Parts) -> tuple[list[nodes.Parameter], Token]:
    return c[1] or [], c[3]


def parameter(c: Parts) -> nodes.Parameter:
    name, _, of = c
    span = Span(name.source, name.start, of.span.end)
    return nodes.Parameter(comments=name.comments or [], span=span, name=name.id, type=of)


# ---- type definitions -------------------------------------------------------------------------


def alias(c: Parts) -> nodes.Alias:
    found, attributes, first = _head(c[0], c[1])
    return nodes.Alias(comments=found, attributes=attributes, span=_between(first, c[5]), name=c[2].id, type=c[4])


def record(c: Parts) -> nodes.Record:
    found, attributes, first = _head(c[0], c[1])
    return nodes.Record(
        comments=found, attributes=attributes, span=_between(first, c[6]), name=c[2].id, fields=c[4] or []
    )


def field(c: Parts) -> nodes.Field:
    name, _, of = c
    span = Span(name.source, name.start, of.span.end)
    return nodes.Field(comments=name.comments or [], span=span, name=name.id, type=of)


def variant(c: Parts) -> nodes.Variant:
    found, attributes, first = _head(c[0], c[1])
    return nodes.Variant(
        comments=found, attributes=attributes, span=_between(first, c[6]), name=c[2].id, cases=c[4] or []
    )


def case(c: Parts) -> nodes.Case:
    return nodes.Case(comments=c[0].comments or [], span=c[0].span, name=c[0].id)


def payload_case(c: Parts) -> nodes.Case:
    return nodes.Case(comments=c[0].comments or [], span=_between(c[0], c[3]), name=c[0].id, payload=c[2])


def enum(c: Parts) -> nodes.Enum:
    found, attributes, first = _head(c[0], c[1])
    return nodes.Enum(comments=found, attributes=attributes, span=_between(first, c[6]), name=c[2].id, cases=c[4] or [])


def flags(c: Parts) -> nodes.Flags:
    found, attributes, first = _head(c[0], c[1])
    return nodes.Flags(
        comments=found, attributes=attributes, span=_between(first, c[6]), name=c[2].id, flags=c[4] or []
    )


def opaque_resource(c: Parts) -> nodes.Resource:
    found, attributes, first = _head(c[0], c[1])
    return nodes.Resource(comments=found, attributes=attributes, span=_between(first, c[3]), name=c[2].id, functions=[])


def resource(c: Parts) -> nodes.Resource:
    found, attributes, first = _head(c[0], c[1])
    return nodes.Resource(
        comments=found, attributes=attributes, span=_between(first, c[5]), name=c[2].id, functions=c[4] or []
    )


def method(c: Parts) -> nodes.Function:
    return _function(c[0], c[1], FunctionKind.METHOD, c[3], c[4])


def static_method(c: Parts) -> nodes.Function:
    return _function(c[0], c[1], FunctionKind.STATIC, c[4], c[5])


def constructor(c: Parts) -> nodes.Function:
    head, keyword, (params, closing), _, result, end = c
    span = _between(keyword, closing)
    if result is not None:
        span = span.to(result.span)
    shape = nodes.Signature(is_async=False, params=params, result=result, span=span)
    return _function(head, keyword, FunctionKind.CONSTRUCTOR, shape, end)


# ---- types ------------------------------------------------------------------------------------


def primitive(c: Parts) -> nodes.Primitive:
    return nodes.Primitive(c[0].text, c[0].span)


def named(c: Parts) -> nodes.Named:
    found = c[0].id
    return nodes.Named(found, found.span)


def handle(c: Parts) -> nodes.Handle:
    return nodes.Handle(c[0].text, c[2].id, _between(c[0], c[3]))


def bare(c: Parts) -> nodes.Generic:
    return nodes.Generic(c[0].text, [], None, c[0].span)


def one_argument(c: Parts) -> nodes.Generic:
    return nodes.Generic(c[0].text, [c[2]], None, _between(c[0], c[3]))


def two_arguments(c: Parts) -> nodes.Generic:
    return nodes.Generic(c[0].text, [c[2], c[4]], None, _between(c[0], c[5]))


def only_error(c: Parts) -> nodes.Generic:
    return nodes.Generic(c[0].text, [None, c[4]], None, _between(c[0], c[5]))


def fixed_length(c: Parts) -> nodes.Generic:
    return nodes.Generic(c[0].text, [c[2]], c[4].span, _between(c[0], c[5]))


def tuple_of(c: Parts) -> nodes.Generic:
    return nodes.Generic(c[0].text, c[2] or [], None, _between(c[0], c[4]))


# ---- lists ------------------------------------------------------------------------------------


def one(c: Parts) -> list[Any]:
    return c


def more(c: Parts) -> list[Any]:
    c[0].append(c[1])
    return c[0]  # type: ignore[no-any-return]


def more_listed(c: Parts) -> list[Any]:
    c[0].append(c[2])
    return c[0]  # type: ignore[no-any-return]
