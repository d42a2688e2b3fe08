"""Tree building: one function per rule (or alias) of `grammars/wit.lark`, called as the parser reduces it.

A function quotes the production that it is called for, which a test compares with the grammar, and unpacks what the
parser found for each symbol of it in that order: a token, what another function made, or None for what is left out.
Nodes get their places from their first and last token, so no function needs any state.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from witkit.syntax import nodes
from witkit.syntax.nodes import Direction, FunctionKind
from witkit.syntax.spelling import plain_version
from witkit.syntax.strings import unquote
from witkit.syntax.tokens import Token
from witkit.text import Span

Found: TypeAlias = list[Any]
"""What the parser found for the symbols of a production."""
Gates: TypeAlias = tuple[Token, list[nodes.Attribute]]
"""The first `@`, which begins the item and has its comments, and the attributes."""
Head: TypeAlias = tuple[list[nodes.Comment], list[nodes.Attribute], Span]
Parameters: TypeAlias = tuple[Token, list[nodes.Parameter], Token]
"""The parameters between their parentheses."""


def _between(first: Token, last: Token) -> Span:
    return Span(first.source, first.start, last.end)


def _head(gates: Gates | None, keyword: Token, end: int) -> Head:
    """Comments, attributes and place of an item whose first token after its attributes is `keyword`."""
    if gates is None:
        return keyword.comments or [], [], Span(keyword.source, keyword.start, end)
    first, attributes = gates
    return first.comments or [], attributes, Span(first.source, first.start, end)


# ---- files ------------------------------------------------------------------------------------


def start(found: Found) -> tuple[nodes.PackageHeader | None, list[nodes.FileItem]]:
    """`[header] [many{file_item}]`"""
    header, items = found
    return header, items or []


def header(found: Found) -> nodes.PackageHeader:
    """`package_header ";"`"""
    package: nodes.PackageHeader
    package, _ = found
    return package


def package_header(found: Found) -> nodes.PackageHeader:
    """`attributes "package" package_name`"""
    gates, keyword, name = found
    comments, attributes, span = _head(gates, keyword, name.span.end)
    return nodes.PackageHeader(comments=comments, attributes=attributes, span=span, name=name)


def package_name(found: Found) -> nodes.PackageName:
    """`ID ":" ID ["@" SEMVER]`"""
    namespace, _, name, _, version = found
    return _package_name(namespace, name, version, version or name)


def _package_name(namespace: Token, name: Token, version: Token | None, last: Token) -> nodes.PackageName:
    return nodes.PackageName(namespace.id, name.id, _version(version) if version else None, _between(namespace, last))


def _version(token: Token) -> nodes.Version:
    return nodes.Version(plain_version(token.text), token.span)


def nested_package(found: Found) -> nodes.NestedPackage:
    """`package_header "{" [many{file_item}] "}"`"""
    header, _, items, closing = found
    span = Span(closing.source, header.span.start, closing.end)
    return nodes.NestedPackage(
        comments=header.comments, attributes=header.attributes, span=span, header=header, items=items or []
    )


def no_attributes(_: Found) -> None:
    """Nothing: the item has no attributes."""


def attributes(found: Found) -> Gates:
    """`attributes attribute`"""
    before, (at, attribute) = found
    if before is None:
        return at, [attribute]
    before[1].append(attribute)
    return before  # type: ignore[no-any-return]


def attribute(found: Found) -> tuple[Token, nodes.Attribute]:
    """`"@" ID ["(" arguments ")"]`"""
    at, name, _, arguments, closing = found
    return at, nodes.Attribute(name.id, arguments or [], _between(at, closing or name))


def arguments(found: Found) -> list[nodes.Argument]:
    """`listed{argument} [","]`"""
    listed: list[nodes.Argument]
    listed, _ = found
    return listed


def version_argument(found: Found) -> nodes.Argument:
    """`ID "=" SEMVER`"""
    key, _, version = found
    return nodes.Argument(key.id, _version(version), _between(key, version))


def id_argument(found: Found) -> nodes.Argument:
    """`ID "=" ID`"""
    key, _, value = found
    return nodes.Argument(key.id, value.id, _between(key, value))


def string_argument(found: Found) -> nodes.Argument:
    """`QUOTED`"""
    (string,) = found
    return nodes.Argument(None, unquote(string.text), string.span)


def top_use(found: Found) -> nodes.TopUse:
    """`attributes "use" path ["as" ID] ";"`"""
    gates, keyword, path, _, alias, end = found
    comments, attributes, span = _head(gates, keyword, end.end)
    return nodes.TopUse(
        comments=comments, attributes=attributes, span=span, path=path, alias=alias.id if alias else None
    )


def local_path(found: Found) -> nodes.Path:
    """`ID`"""
    (name,) = found
    return nodes.Path(span=name.span, package=None, name=name.id)


def package_path(found: Found) -> nodes.Path:
    """`ID ":" ID "/" ID ["@" SEMVER]`"""
    namespace, _, package, _, name, _, version = found
    last = version or name
    return nodes.Path(
        span=_between(namespace, last),
        package=_package_name(namespace, package, version, version or package),
        name=name.id,
    )


# ---- worlds -----------------------------------------------------------------------------------


def world(found: Found) -> nodes.World:
    """`attributes "world" ID "{" [many{world_item}] "}"`"""
    gates, keyword, name, _, items, closing = found
    comments, attributes, span = _head(gates, keyword, closing.end)
    return nodes.World(comments=comments, attributes=attributes, span=span, name=name.id, items=items or [])


def direction(found: Found) -> Token:
    """`"import" | "export"`"""
    keyword: Token
    (keyword,) = found
    return keyword


def _extern(gates: Gates | None, direction: Token, name: Token | None, kind: Any, end: int) -> nodes.Extern:
    comments, attributes, span = _head(gates, direction, end)
    return nodes.Extern(
        comments=comments,
        attributes=attributes,
        span=span,
        direction=Direction.IMPORT if direction.type == "IMPORT" else Direction.EXPORT,
        name=name.id if name else None,
        kind=kind,
    )


def extern_path(found: Found) -> nodes.Extern:
    """`attributes direction path ";"`"""
    gates, direction, path, end = found
    return _extern(gates, direction, None, path, end.end)


def extern_named(found: Found) -> nodes.Extern:
    """`attributes direction ID ":" path ";"`, `attributes direction ID ":" signature ";"`"""
    gates, direction, name, _, kind, end = found
    return _extern(gates, direction, name, kind, end.end)


def extern_inline(found: Found) -> nodes.Extern:
    """`attributes direction ID ":" inline_interface`"""
    gates, direction, name, _, interface = found
    return _extern(gates, direction, name, interface, interface.span.end)


def inline_interface(found: Found) -> nodes.InlineInterface:
    """`"interface" "{" [many{interface_item}] "}"`"""
    keyword, _, items, closing = found
    return nodes.InlineInterface(items=items or [], span=_between(keyword, closing))


def include(found: Found) -> nodes.Include:
    """`attributes "include" path ";"`"""
    gates, keyword, path, end = found
    comments, attributes, span = _head(gates, keyword, end.end)
    return nodes.Include(comments=comments, attributes=attributes, span=span, path=path, renames=[])


def include_with(found: Found) -> nodes.Include:
    """`attributes "include" path "with" "{" [listed{rename} [","]] "}"`"""
    gates, keyword, path, _, _, renames, _, closing = found
    comments, attributes, span = _head(gates, keyword, closing.end)
    return nodes.Include(comments=comments, attributes=attributes, span=span, path=path, renames=renames or [])


def rename(found: Found) -> nodes.UsedName:
    """`ID "as" ID`"""
    return renamed_name(found)


# ---- interfaces -------------------------------------------------------------------------------


def interface(found: Found) -> nodes.Interface:
    """`attributes "interface" ID "{" [many{interface_item}] "}"`"""
    gates, keyword, name, _, items, closing = found
    comments, attributes, span = _head(gates, keyword, closing.end)
    return nodes.Interface(comments=comments, attributes=attributes, span=span, name=name.id, items=items or [])


def use(found: Found) -> nodes.Use:
    """`attributes "use" path "." "{" [listed{used_name} [","]] "}" ";"`"""
    gates, keyword, path, _, _, names, _, _, end = found
    comments, attributes, span = _head(gates, keyword, end.end)
    return nodes.Use(comments=comments, attributes=attributes, span=span, path=path, names=names or [])


def used_name(found: Found) -> nodes.UsedName:
    """`ID`"""
    (name,) = found
    return nodes.UsedName(comments=name.comments or [], span=name.span, name=name.id, alias=None)


def renamed_name(found: Found) -> nodes.UsedName:
    """`ID "as" ID`"""
    name, _, alias = found
    return nodes.UsedName(comments=name.comments or [], span=_between(name, alias), name=name.id, alias=alias.id)


def _function(gates: Gates | None, name: Token, kind: FunctionKind, signature: Any, end: Token) -> nodes.Function:
    comments, attributes, span = _head(gates, name, end.end)
    return nodes.Function(
        comments=comments, attributes=attributes, span=span, name=name.id, kind=kind, signature=signature
    )


def function(found: Found) -> nodes.Function:
    """`attributes ID ":" signature ";"`"""
    gates, name, _, signature, end = found
    return _function(gates, name, FunctionKind.FREE, signature, end)


def signature(found: Found) -> nodes.Signature:
    """`["async"] "func" parameters [ARROW type]`"""
    is_async, func, parameters, _, result = found
    return _signature(is_async or func, parameters, result, is_async is not None)


def _signature(first: Token, parameters: Parameters, result: nodes.Type | None, is_async: bool) -> nodes.Signature:
    _, params, closing = parameters
    span = Span(first.source, first.start, closing.end if result is None else result.span.end)
    return nodes.Signature(is_async=is_async, params=params, result=result, span=span)


def parameters(found: Found) -> Parameters:
    """`"(" [listed{parameter} [","]] ")"`"""
    opening, params, _, closing = found
    return opening, params or [], closing


def parameter(found: Found) -> nodes.Parameter:
    """`ID ":" type`"""
    name, _, of = found
    span = Span(name.source, name.start, of.span.end)
    return nodes.Parameter(comments=name.comments or [], span=span, name=name.id, type=of)


# ---- type definitions -------------------------------------------------------------------------


def alias(found: Found) -> nodes.Alias:
    """`attributes "type" ID "=" type ";"`"""
    gates, keyword, name, _, of, end = found
    comments, attributes, span = _head(gates, keyword, end.end)
    return nodes.Alias(comments=comments, attributes=attributes, span=span, name=name.id, type=of)


def record(found: Found) -> nodes.Record:
    """`attributes "record" ID "{" [listed{field} [","]] "}"`"""
    gates, keyword, name, _, fields, _, closing = found
    comments, attributes, span = _head(gates, keyword, closing.end)
    return nodes.Record(comments=comments, attributes=attributes, span=span, name=name.id, fields=fields or [])


def field(found: Found) -> nodes.Field:
    """`ID ":" type`"""
    name, _, of = found
    span = Span(name.source, name.start, of.span.end)
    return nodes.Field(comments=name.comments or [], span=span, name=name.id, type=of)


def variant(found: Found) -> nodes.Variant:
    """`attributes "variant" ID "{" [listed{variant_case} [","]] "}"`"""
    gates, keyword, name, _, cases, _, closing = found
    comments, attributes, span = _head(gates, keyword, closing.end)
    return nodes.Variant(comments=comments, attributes=attributes, span=span, name=name.id, cases=cases or [])


def case(found: Found) -> nodes.Case:
    """`ID`"""
    (name,) = found
    return nodes.Case(comments=name.comments or [], span=name.span, name=name.id)


def payload_case(found: Found) -> nodes.Case:
    """`ID "(" type ")"`"""
    name, _, payload, closing = found
    return nodes.Case(comments=name.comments or [], span=_between(name, closing), name=name.id, payload=payload)


def enum(found: Found) -> nodes.Enum:
    """`attributes "enum" ID "{" [listed{enum_case} [","]] "}"`"""
    gates, keyword, name, _, cases, _, closing = found
    comments, attributes, span = _head(gates, keyword, closing.end)
    return nodes.Enum(comments=comments, attributes=attributes, span=span, name=name.id, cases=cases or [])


def flags(found: Found) -> nodes.Flags:
    """`attributes "flags" ID "{" [listed{flag} [","]] "}"`"""
    gates, keyword, name, _, flags, _, closing = found
    comments, attributes, span = _head(gates, keyword, closing.end)
    return nodes.Flags(comments=comments, attributes=attributes, span=span, name=name.id, flags=flags or [])


def opaque_resource(found: Found) -> nodes.Resource:
    """`attributes "resource" ID ";"`"""
    gates, keyword, name, end = found
    comments, attributes, span = _head(gates, keyword, end.end)
    return nodes.Resource(comments=comments, attributes=attributes, span=span, name=name.id, functions=[])


def resource(found: Found) -> nodes.Resource:
    """`attributes "resource" ID "{" [many{resource_item}] "}"`"""
    gates, keyword, name, _, functions, closing = found
    comments, attributes, span = _head(gates, keyword, closing.end)
    return nodes.Resource(comments=comments, attributes=attributes, span=span, name=name.id, functions=functions or [])


def method(found: Found) -> nodes.Function:
    """`attributes ID ":" signature ";"`"""
    gates, name, _, signature, end = found
    return _function(gates, name, FunctionKind.METHOD, signature, end)


def static_method(found: Found) -> nodes.Function:
    """`attributes ID ":" "static" signature ";"`"""
    gates, name, _, _, signature, end = found
    return _function(gates, name, FunctionKind.STATIC, signature, end)


def constructor(found: Found) -> nodes.Function:
    """`attributes "constructor" parameters [ARROW type] ";"`"""
    gates, keyword, parameters, _, result, end = found
    signature = _signature(parameters[0], parameters, result, False)
    return _function(gates, keyword, FunctionKind.CONSTRUCTOR, signature, end)


# ---- types ------------------------------------------------------------------------------------


def primitive(found: Found) -> nodes.Primitive:
    """`"u8" | "u16" | "u32" | "u64" | "s8" | "s16" | "s32" | "s64"
    | "f32" | "f64" | "char" | "bool" | STRING | ERROR_CONTEXT`"""
    (keyword,) = found
    return nodes.Primitive(keyword.text, keyword.span)


def named(found: Found) -> nodes.Named:
    """`ID`"""
    (name,) = found
    return nodes.Named(name.id, name.id.span)


def handle(found: Found) -> nodes.Handle:
    """`("own" | "borrow") "<" ID ">"`"""
    ownership, _, resource, closing = found
    return nodes.Handle(ownership.text, resource.id, _between(ownership, closing))


def bare(found: Found) -> nodes.Generic:
    """`("result" | "future" | "stream")`"""
    (constructor,) = found
    return nodes.Generic(constructor.text, [], None, constructor.span)


def one_argument(found: Found) -> nodes.Generic:
    """`"list" "<" type ">"`, `"option" "<" type ">"`, `("result" | "future" | "stream") "<" type ">"`"""
    constructor, _, argument, closing = found
    return nodes.Generic(constructor.text, [argument], None, _between(constructor, closing))


def two_arguments(found: Found) -> nodes.Generic:
    """`("result" | "map") "<" type "," type ">"`"""
    constructor, _, first, _, second, closing = found
    return nodes.Generic(constructor.text, [first, second], None, _between(constructor, closing))


def only_error(found: Found) -> nodes.Generic:
    """`"result" "<" NOTHING "," type ">"`"""
    constructor, _, _, _, error, closing = found
    return nodes.Generic(constructor.text, [None, error], None, _between(constructor, closing))


def fixed_length(found: Found) -> nodes.Generic:
    """`"list" "<" type "," INT ">"`"""
    constructor, _, element, _, length, closing = found
    return nodes.Generic(constructor.text, [element], length.span, _between(constructor, closing))


def tuple_of(found: Found) -> nodes.Generic:
    """`"tuple" "<" [listed{type} [","]] ">"`"""
    constructor, _, elements, _, closing = found
    return nodes.Generic(constructor.text, elements or [], None, _between(constructor, closing))


# ---- lists ------------------------------------------------------------------------------------


def one(found: Found) -> list[Any]:
    """`x`"""
    return found


def more(found: Found) -> list[Any]:
    """`many{x} x`"""
    elements, element = found
    elements.append(element)
    return elements  # type: ignore[no-any-return]


def more_listed(found: Found) -> list[Any]:
    """`listed{x} "," x`"""
    elements, _, element = found
    elements.append(element)
    return elements  # type: ignore[no-any-return]
