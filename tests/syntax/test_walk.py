"""The tree is lossless: every token of the text belongs to one node, and texts that differ give trees that differ."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sampled import examples
from tests.syntax.test_properties import mutations, texts
from witkit.syntax import grammar, nodes, parse, walk
from witkit.syntax.nodes import Comment, Leaf
from witkit.text import Source

Read = Callable[[str], nodes.File]


def shown(node: nodes.Node) -> list[str]:
    """The elements of a node: nodes by their kind, the rest as written."""
    return [each.text if isinstance(each, Leaf | Comment) else type(each).__name__ for each in walk.elements(node)]


def test_the_elements_of_a_node_are_its_children_and_its_own_tokens(read: Read) -> None:
    file = read(
        "@since(version = 1.0.0) interface i { /* c */ f: static-f, }".replace("f: static-f,", "use a.{b, c as d};")
    )
    (interface,) = file.items
    assert shown(file) == ["Interface"]
    assert shown(interface) == ["Attribute", "interface", "Id", "{", "/* c */", "Use", "}"]
    assert isinstance(interface, nodes.Interface)
    assert shown(interface.items[0]) == ["use", "Path", ".", "{", "UsedName", ",", "UsedName", "}", ";"]


def test_a_path_has_what_its_package_is_made_of(read: Read) -> None:
    (world,) = read("package a:b; world w { import c:d/e@1.0.0; }").items
    path = next(node for node, _ in walk.walk(world) if isinstance(node, nodes.Path))
    assert shown(path) == ["Id", ":", "Id", "/", "Id", "@", "Version"]


def test_a_constructor_is_its_keyword_and_a_signature(read: Read) -> None:
    file = read("package a:b; interface i { resource r { constructor(a: u8) -> result<r>; } }")
    function = next(node for node, _ in walk.walk(file) if isinstance(node, nodes.Function))
    assert shown(function) == ["Id", "Signature", ";"]
    assert shown(function.signature) == ["(", "Parameter", ")", "->", "Generic"]


def test_walking_gives_every_node_in_order_with_those_above_it(read: Read) -> None:
    file = read("package a:b@1.0.0; interface i { record r { a: list<u8> } }")
    seen = [(type(node).__name__, type(above[-1]).__name__ if above else "") for node, above in walk.walk(file)]
    assert seen == [
        ("File", ""),
        ("PackageHeader", "File"),
        ("PackageName", "PackageHeader"),
        ("Id", "PackageName"),
        ("Id", "PackageName"),
        ("Version", "PackageName"),
        ("Interface", "File"),
        ("Id", "Interface"),
        ("Record", "Interface"),
        ("Id", "Record"),
        ("Field", "Record"),
        ("Id", "Field"),
        ("Generic", "Field"),
        ("Primitive", "Generic"),
    ]


def test_the_children_are_all_that_a_node_can_hold() -> None:
    """A field that holds a node and is not in the table would be lost to every walk."""
    kinds = {kind.__name__ for kind in walk.CHILDREN}
    for kind, names in walk.CHILDREN.items():
        holding = {
            f.name: f.type
            for f in dataclasses.fields(kind)
            if any(word in kinds | {"Type", "InterfaceItem", "WorldItem", "FileItem"} for word in _words(str(f.type)))
        }
        left_out = {"lost", "lost_header"} if kind is nodes.File else set()
        if kind is nodes.NestedPackage or "attributes" not in names:
            left_out.add("attributes")  # the grammar has none there, or the header has them
        assert holding.keys() - left_out == set(names), kind


def _words(annotation: str) -> list[str]:
    return annotation.replace("[", " ").replace("]", " ").replace("|", " ").replace(",", " ").split()


PAIRS = [
    ("resource r;", "resource r {}"),
    ("use a:b/c@1.0.0-.{d};", "use a:b/c@1.0.0.{d};"),
    ("record r { a: u8, }", "record r { a: u8 }"),
    ("type t = %a;", "type t = a;"),
    ('@external-id("\\u{41}") type t = u8;', '@external-id("A") type t = u8;'),
    ("f: func(a: u8,);", "f: func(a: u8);"),
    ("use a.{b,};", "use a.{b};"),
    ("type t = tuple<u8,>;", "type t = tuple<u8>;"),
    ("/* a */ type t = u8;", "/* b */ type t = u8;"),
]


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=[one for one, _ in PAIRS])
def test_texts_that_differ_in_a_token_give_trees_that_differ(read: Read, one: str, other: str) -> None:
    first, second = (read(f"package x:y; interface i {{ {body} }}") for body in (one, other))
    assert not walk.same(first, second)
    assert walk.same(first, read(f"package x:y;\n\ninterface i {{\n  {one}\n}}"))


def test_an_include_differs_from_one_that_renames_nothing(read: Read) -> None:
    first, second = (read(f"package x:y; world w {{ include v{end} }}") for end in (";", " with {}"))
    assert not walk.same(first, second)


@given(st.data())
@settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
def test_the_leaves_of_a_file_are_the_tokens_and_comments_of_its_text(data: st.DataObject) -> None:
    source = Source("test.wit", data.draw(texts()).replace(",", "/* c */,// d\n"))
    scan = grammar.wit().lexer.scan(source)
    leaves = [(leaf.span.start, leaf.span.end) for leaf in walk.leaves(parse(source).file)]
    tokens = [(token.start, token.end) for token in scan.tokens[:-1]]
    assert leaves == sorted([*tokens, *((comment.span.start, comment.span.end) for comment in scan.comments)])


@given(mutations())
@settings(max_examples=examples(200), deadline=None)
def test_a_text_with_errors_has_all_its_leaves_too(text: str) -> None:
    at = 0
    for leaf in walk.leaves(parse(Source("test.wit", text)).file):
        assert text[at : leaf.span.start].strip(" \t\r\n\ufeff") == ""
        at = leaf.span.end
    assert text[at:].strip(" \t\r\n\ufeff") == ""
