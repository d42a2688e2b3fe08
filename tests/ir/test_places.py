"""Elements of the model lead to their nodes in the tree, and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from witkit.ir import Loaded, load
from witkit.ir.model import Case, Field, Function, FunctionKind, Interface, Package, Param, TypeDef, World
from witkit.ir.model import WorldInterface as Extern
from witkit.ir.places import elements_of
from witkit.syntax import nodes

MAIN = """
package a:b@1.0.0;

interface %types {
  record point { x: u32, %y: list<string> }
  variant shape { dot(point), none }
  enum color { red }
  flags access { read }
  resource file { constructor(path: string); open: static func(at: point) -> file; size: func(unit: color) -> u64; }
}
interface user { use %types.{point, shape as form}; draw: async func(what: form); }
world base { use %types.{point}; import log: func(message: string); import user; resource local; }
world whole {
  include base with { log as note }
  export files: interface { use d:e/other.{t}; read: func() -> t; }
  export second: user;
  export d:e/other;
}
package n:m { interface inner { type t = u8; } world w { import inner; } }
"""

DEPENDENCY = "package d:e; interface other { type t = u8; }"

NODES = {
    Field: nodes.Field,
    Case: nodes.Case,
    Param: nodes.Parameter,
    Interface: nodes.Interface,
    World: nodes.World,
    Extern: nodes.Extern,
}


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    return package(tmp_path, MAIN)


def package(folder: Path, text: str) -> Loaded:
    (folder / "deps").mkdir()
    (folder / "main.wit").write_text(text, encoding="utf-8")
    (folder / "deps" / "other.wit").write_text(DEPENDENCY, encoding="utf-8")
    return load(folder).raise_for_errors()


def main_package(loaded: Loaded) -> Package:
    assert loaded.package is not None
    return loaded.package


def test_only_what_elaboration_adds_has_no_place(loaded: Loaded) -> None:
    assert loaded.resolve is not None
    without = [repr(e) for package in loaded.resolve.main for e in elements_of(package) if e.span is None]
    assert without == ["WorldInterface(a:b/types@1.0.0)", "WorldInterface(a:b/types@1.0.0)"]


def test_an_import_has_its_place_even_if_another_one_needs_it_before(tmp_path: Path) -> None:
    loaded = package(tmp_path, MAIN.replace("import user;", "import user; import %types;"))
    imported = main_package(loaded).worlds["base"].imports
    assert [item.span is not None for item in imported.values()] == [True] * len(imported)


def test_the_place_of_an_element_is_its_name(loaded: Loaded) -> None:
    for element in elements_of(main_package(loaded)):
        if element.span is not None:
            assert element.span.text.removeprefix("%") in names(element)


def names(element: object) -> set[str]:
    match element:
        case Package():
            return {str(element.name)}
        case Extern():
            return {element.interface.name or "files", "second"}
        case Function(kind=FunctionKind.FREE):
            return {element.name, "log"}  # what `include` renames has the place of the original
        case Function():
            return {element.item_name}
        case Field() | Case() | Param() | TypeDef() | Interface() | World():
            assert element.name is not None
            return {element.name}
    raise AssertionError(element)


def test_an_element_leads_to_its_node(loaded: Loaded) -> None:
    for element in elements_of(main_package(loaded)):
        if element.span is not None:
            node = loaded.node(element)
            kinds = (nodes.Extern, nodes.Function) if isinstance(element, Function) else NODES.get(type(element))
            assert isinstance(node, kinds or nodes.Item), element


def test_a_node_leads_back_to_its_element(loaded: Loaded) -> None:
    first: dict[object, object] = {}
    for element in elements_of(main_package(loaded)):
        node = loaded.node(element)
        if node is not None:
            assert loaded.element(node) is first.setdefault(node, element)
    assert len(first) == 36


def test_what_is_included_leads_to_the_original(loaded: Loaded) -> None:
    whole, base = (main_package(loaded).worlds[name] for name in ("whole", "base"))
    note, log = whole.imports["note"], base.imports["log"]
    node = loaded.node(note)
    assert node is loaded.node(log)
    assert loaded.element(node) is log


def test_an_inline_interface_and_its_export_are_one_node(loaded: Loaded) -> None:
    files = main_package(loaded).worlds["whole"].exports["files"]
    assert isinstance(files, Extern)
    assert loaded.node(files) is loaded.node(files.interface)
    assert loaded.element(loaded.node(files)) is files


def test_a_nested_package_is_found_by_its_place(loaded: Loaded) -> None:
    assert loaded.resolve is not None
    nested = loaded.resolve.main[1]
    node = loaded.node(nested)
    assert isinstance(node, nodes.NestedPackage)
    assert loaded.element(node) is nested
    assert loaded.element(node.header) is nested


def test_elements_of_dependencies_and_binaries_have_no_node(loaded: Loaded) -> None:
    assert loaded.resolve is not None
    dependency = loaded.resolve.package("d:e")
    assert dependency is not None
    assert all(loaded.node(element) is None for element in elements_of(dependency))


def test_nodes_without_an_element_lead_to_none(loaded: Loaded) -> None:
    (tree,) = loaded.trees
    assert loaded.element(tree) is None
    assert tree.package is not None
    assert loaded.element(tree.package.name) is None
