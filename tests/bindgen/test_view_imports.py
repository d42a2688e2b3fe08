"""Views say themselves what they import: the order in which they are made does not matter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bindgen.worlds import run, tool
from tests.generated import write
from witkit.bindgen import generate
from witkit.bindgen.common.module_names import ModuleNames
from witkit.bindgen.common.views import Imports, PythonImport
from witkit.bindgen.guest.spelling import GuestSpeller
from witkit.bindgen.guest.types import HomePath, Homes
from witkit.bindgen.guest.views import class_view
from witkit.bindgen.host.plan import PackagePlan
from witkit.bindgen.host.spelling import Speller
from witkit.bindgen.host.types import type_view
from witkit.ir import load
from witkit.ir.model import Interface, TypeDef, World, WorldInterface

WIT = """
package a:b;
interface other { record far { x: u32 } }
interface shapes {
  use other.{far};
  record point { x: u32, y: option<option<u8>>, mro: far }
  variant shape { dot(point), none }
  enum color { red }
  flags modes { fast, safe }
  resource pen { draw: func(p: point) -> result<shape, far>; }
  type maybe = result<point, color>;
}
world w { import shapes; export shapes; }
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    (tmp_path / "w.wit").write_text(WIT, encoding="utf-8")
    return load(tmp_path / "w.wit").world("w")


def shapes(world: World, direction: str) -> Interface:
    items = world.exports if direction == "exports" else world.imports
    found = [item.interface for item in items.values() if isinstance(item, WorldInterface)]
    return next(interface for interface in found if interface.name == "shapes")


def host_imports(world: World, names: list[str]) -> dict[str, Imports]:
    plan = PackagePlan(world, ModuleNames())
    interface = shapes(world, "imports")
    spell = Speller(plan, plan.home(interface, exported=False))
    functions = list(interface.functions.values())
    types: dict[str, TypeDef] = {name: interface.types[name] for name in names}
    return {
        name: type_view(spell, type_, [f for f in functions if f.resource is type_]).imports
        for name, type_ in types.items()
    }


def guest_imports(world: World, names: list[str]) -> dict[str, Imports]:
    spell = GuestSpeller(HomePath("imports", "shapes"), Homes(world))
    types = shapes(world, "imports").types
    views = {name: class_view(types[name], spell) for name in names}
    return {name: view.imports for name, view in views.items() if view is not None}


TYPES = ["point", "shape", "color", "modes", "maybe"]


@pytest.mark.parametrize("imports", [host_imports, guest_imports])
def test_the_order_of_views_does_not_matter(imports: type, world: World) -> None:
    assert imports(world, TYPES) == imports(world, TYPES[::-1])


def test_a_view_imports_what_its_template_and_its_parts_mention(world: World) -> None:
    found = host_imports(world, [*TYPES, "pen"])
    dataclass, field = (
        PythonImport("dataclasses", "dataclass", "dataclass"),
        PythonImport("dataclasses", "field", "field"),
    )
    assert found["point"] >= {dataclass, field, PythonImport("witkit.abi", "Some", "Some")}
    assert found["shape"] == {dataclass, PythonImport("typing", "TypeAlias", "TypeAlias")}
    assert found["color"] == {PythonImport("", "enum", "enum")}
    assert found["pen"] == {PythonImport("typing", "Protocol", "Protocol")}
    assert guest_imports(world, TYPES)["modes"] == {
        PythonImport("enum", "Flag", "Flag"),
        PythonImport("enum", "auto", "auto"),
    }


@pytest.mark.parametrize("target", ["host", "guest"])
def test_the_type_of_an_error_is_only_in_the_documentation(target: str, tmp_path: Path) -> None:
    functions = "save: func() -> result<_, result<u8>>; resource str { get: func() -> result<_, string>; }"
    text = f"package a:b; interface i {{ {functions} }} world w {{ import i; export i; }}"
    (tmp_path / "w.wit").write_text(text, encoding="utf-8")
    write(generate(load(tmp_path / "w.wit").world("w"), target), tmp_path / "made")
    done = run(tool("ruff"), "check", "--isolated", "--select", "F401", "made", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
