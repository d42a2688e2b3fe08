"""Shapes of the tree: what each construct becomes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from witkit.syntax import nodes
from witkit.syntax.nodes import Direction, FunctionKind

Read = Callable[[str], nodes.File]


def interface(read: Read, body: str) -> nodes.Interface:
    found = read("package a:b@1.2.3; interface i { " + body + " }").items[0]
    assert isinstance(found, nodes.Interface)
    return found


def world(read: Read, body: str) -> nodes.World:
    found = read("package a:b; world w { " + body + " }").items[0]
    assert isinstance(found, nodes.World)
    return found


def shown(of: nodes.Type | None) -> str:
    """A type as text again, from its node alone."""
    match of:
        case None:
            return "_"
        case nodes.Primitive(name=name):
            return name
        case nodes.Named(id=id):
            return id.name
        case nodes.Handle(ownership=ownership, resource=resource):
            return f"{ownership}({resource.name})"
        case nodes.Generic(constructor=constructor, arguments=arguments, length=length):
            size = [length.text] if length else []
            return f"{constructor}({', '.join([*(shown(a) for a in arguments), *size])})"


PRIMITIVES = "u8 u16 u32 u64 s8 s16 s32 s64 f32 f64 bool char string error-context"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        *[(p, p) for p in PRIMITIVES.split()],
        ("name", "name"),
        ("%list", "list"),
        ("own<r>", "own(r)"),
        ("borrow<r>", "borrow(r)"),
        ("list<u8>", "list(u8)"),
        ("list<u8, 4>", "list(u8, 4)"),
        ("option<option<u8>>", "option(option(u8))"),
        ("result", "result()"),
        ("result<u8>", "result(u8)"),
        ("result<_, e>", "result(_, e)"),
        ("result<u8, e>", "result(u8, e)"),
        ("tuple<u8, string,>", "tuple(u8, string)"),
        ("map<string, list<u8>>", "map(string, list(u8))"),
        ("future", "future()"),
        ("future<u8>", "future(u8)"),
        ("stream", "stream()"),
        ("stream<u8>", "stream(u8)"),
    ],
)
def test_types(read: Read, text: str, tree: str) -> None:
    (alias,) = interface(read, f"type t = {text};").items
    assert isinstance(alias, nodes.Alias)
    assert shown(alias.type) == tree
    assert alias.type.span.text == text


def test_a_package_header_has_namespace_name_and_version(read: Read) -> None:
    package = read("package my-org:%world@1.0.0-rc.1+b-2;").package
    assert package is not None
    assert package.name.version is not None
    assert (package.name.namespace.name, package.name.name.name, package.name.version.text) == (
        "my-org",
        "world",
        "1.0.0-rc.1+b-2",
    )


@pytest.mark.parametrize(("written", "meant"), [("1.0.0-", "1.0.0"), ("1.0.0+", "1.0.0"), ("1.0.0--", "1.0.0--")])
def test_a_version_with_an_empty_last_part_goes_without_it(read: Read, written: str, meant: str) -> None:
    package = read(f"package a:b@{written};").package
    assert package is not None
    assert package.name.version is not None
    assert package.name.version.text == meant


def test_nested_packages_have_their_items(read: Read) -> None:
    (nested,) = read("package a:b; package c:d@0.1.0 { interface i {} world w {} use x; }").items
    assert isinstance(nested, nodes.NestedPackage)
    assert nested.header.name.span.text == "c:d@0.1.0"
    assert [type(item) for item in nested.items] == [nodes.Interface, nodes.World, nodes.TopUse]


def test_a_top_level_use_may_rename(read: Read) -> None:
    first, second = read("package a:b; use x:y/z@1.0.0 as q; use z;").items
    assert isinstance(first, nodes.TopUse)
    assert isinstance(second, nodes.TopUse)
    assert first.path.package is not None
    assert first.alias is not None
    assert (first.path.package.span.text, first.path.name.name, first.alias.name) == ("x:y/z@1.0.0", "z", "q")
    assert (second.path.package, second.alias) == (None, None)


def test_type_definitions(read: Read) -> None:
    record, variant, enum, flags, opaque = interface(
        read,
        "record r { a: u8, b: string } variant v { a, b(u8), } enum e { a, b } flags f { x, y, } resource o;",
    ).items
    assert isinstance(record, nodes.Record)
    assert [(f.name.name, shown(f.type)) for f in record.fields] == [("a", "u8"), ("b", "string")]
    assert isinstance(variant, nodes.Variant)
    assert [(c.name.name, shown(c.payload)) for c in variant.cases] == [("a", "_"), ("b", "u8")]
    assert isinstance(enum, nodes.Enum)
    assert [c.name.name for c in enum.cases] == ["a", "b"]
    assert isinstance(flags, nodes.Flags)
    assert [c.name.name for c in flags.flags] == ["x", "y"]
    assert isinstance(opaque, nodes.Resource)
    assert opaque.functions == []


def test_functions_of_a_resource(read: Read) -> None:
    (resource,) = interface(
        read,
        "resource r { constructor(a: u8) -> result<r, string>; m: async func(b: u8); s: static async func() -> u8; }",
    ).items
    assert isinstance(resource, nodes.Resource)
    assert [
        (
            f.kind,
            f.name.name,
            f.signature.is_async,
            [p.name.name for p in f.signature.params],
            shown(f.signature.result),
        )
        for f in resource.functions
    ] == [
        (FunctionKind.CONSTRUCTOR, "constructor", False, ["a"], "result(r, string)"),
        (FunctionKind.METHOD, "m", True, ["b"], "_"),
        (FunctionKind.STATIC, "s", True, [], "u8"),
    ]


def test_use_in_an_interface(read: Read) -> None:
    (use,) = interface(read, "use a:b/c@1.0.0-rc.1.{d, e as f,};").items
    assert isinstance(use, nodes.Use)
    assert use.path.span.text == "a:b/c@1.0.0-rc.1"
    assert [(n.name.name, n.alias and n.alias.name) for n in use.names] == [("d", None), ("e", "f")]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("import i;", None, nodes.Path),
        ("export a:b/c@1.0.0;", None, nodes.Path),
        ("import label: i;", "label", nodes.Path),
        ("import label: a:b/c;", "label", nodes.Path),
        ("export f: func(a: u8) -> u8;", "f", nodes.Signature),
        ("import f: async func();", "f", nodes.Signature),
        ("import i: interface { f: func(); }", "i", nodes.InlineInterface),
    ],
)
def test_imports_and_exports(read: Read, text: str, name: str | None, kind: type) -> None:
    (extern,) = world(read, text).items
    assert isinstance(extern, nodes.Extern)
    assert (extern.name and extern.name.name, type(extern.kind)) == (name, kind)
    assert extern.direction is (Direction.IMPORT if text.startswith("import") else Direction.EXPORT)
    assert extern.span.text == text


def test_include_may_rename(read: Read) -> None:
    plain, renaming = world(read, "include v; include a:b/w with { x as y, z as q }").items
    assert isinstance(plain, nodes.Include)
    assert isinstance(renaming, nodes.Include)
    assert plain.renames == []
    assert [(n.name.name, n.alias and n.alias.name) for n in renaming.renames] == [("x", "y"), ("z", "q")]


def test_attributes(read: Read) -> None:
    (alias,) = interface(
        read,
        '@since(version = 1.0.0) @ deprecated ( version=1.1.0 ) @external-id("a\\"\\u{e9}\\41") type t = u8;',
    ).items
    assert [(a.name.name, a.span.text) for a in alias.attributes] == [
        ("since", "@since(version = 1.0.0)"),
        ("deprecated", "@ deprecated ( version=1.1.0 )"),
        ("external-id", '@external-id("a\\"\\u{e9}\\41")'),
    ]
    (version,), _, (string,) = [a.arguments for a in alias.attributes]
    assert isinstance(version.value, nodes.Version)
    assert (version.key and version.key.name, version.value.text) == ("version", "1.0.0")
    assert (string.key, string.value) == (None, 'a"éA')


def test_an_items_span_goes_from_its_first_attribute_to_its_last_token(read: Read) -> None:
    text = "@unstable(feature = x) /* in */ record r { a: u8 }"
    (record,) = interface(read, "/// before\n" + text + " // behind\n").items
    assert isinstance(record, nodes.Record)
    assert record.span.text == text
    assert record.name.span.text == "r"
    assert record.fields[0].span.text == "a: u8"


def test_a_byte_order_mark_is_not_part_of_the_text(read: Read) -> None:
    package = read("\ufeffpackage a:b;").package
    assert package is not None
    assert package.span.text == "package a:b"
