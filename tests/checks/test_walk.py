"""The walk shows each item once, to the rules that want its class, and never leaves the package."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ir.conftest import ACCEPTED
from witkit.checks.comments import Commented
from witkit.checks.context import Context
from witkit.checks.gates import Attributed
from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.checks.settings import Settings
from witkit.checks.walk import BECOMES, Walk
from witkit.ir import load, model
from witkit.syntax import nodes
from witkit.syntax.walk import walk
from witkit.text import Diagnostic, Fix

TEXT = """/// The shop.
package test:shop@1.0.0;

interface store {
  use types.{cents as money};
  resource bucket {
    get: func(key: string) -> option<money>;
  }
}

interface types { type cents = u32; }

world app {
  import store;
  import log: func(text: string);
  export inner: interface { use types.{cents}; total: func() -> cents; }
}

package test:nested { interface store { f: func(); } }
"""


def seen(folder: Path, *on: type, text: str = TEXT) -> list[tuple[str, str]]:
    """What a rule that wants these classes is shown: the paths of the items, and the text of each."""
    return [(d.item, d.message) for d in found(folder, *on, text=text)]


def found(folder: Path, *on: type, text: str = TEXT) -> list[Diagnostic]:
    def check(item: object, context: Context) -> Iterator[Finding]:
        node = item if isinstance(item, nodes.Item | nodes.Comment | nodes.File | nodes.Generic) else context.node(item)  # type: ignore[arg-type]
        span = context.file.source.span(0, 0) if isinstance(node, nodes.File) else node.span  # type: ignore[union-attr]
        parent = type(context.parent).__name__
        yield Finding(span, f"{type(item).__name__} in {parent}")

    rule = Rule(code="WIT1999", name="all", category="names", presets=MINIMAL, on=on, check=check, doc="All.")
    (folder / "shop.wit").write_text(text, encoding="utf-8")
    loaded = load(folder)
    assert loaded.is_clean
    return [d for tree in loaded.trees for d in Walk([rule], Context(loaded, Settings(), tree, {})).run()]


def test_nodes_are_seen_in_the_order_of_the_text(tmp_path: Path) -> None:
    assert seen(tmp_path, nodes.Function, nodes.Extern) == [
        ("test:shop/store.bucket.get", "Function in Resource"),
        ("test:shop/app.store", "Extern in World"),
        ("test:shop/app.log", "Extern in World"),
        ("test:shop/app.inner", "Extern in World"),
        ("test:shop/app.inner.total", "Function in InlineInterface"),
        ("test:nested/store.f", "Function in Interface"),
    ]


def test_a_base_class_stands_for_its_subclasses(tmp_path: Path) -> None:
    kinds = {message.partition(" ")[0] for _, message in seen(tmp_path, nodes.Item)}
    assert {"PackageHeader", "Interface", "Use", "UsedName", "Resource", "Parameter", "Path", "World"} <= kinds


def test_types_and_files_and_comments_are_seen(tmp_path: Path) -> None:
    assert seen(tmp_path, nodes.Generic) == [("test:shop/store.bucket.get", "Generic in Signature")]
    assert seen(tmp_path, nodes.File, nodes.Comment) == [
        ("test:shop", "File in NoneType"),
        ("test:shop", "Comment in NoneType"),
    ]


def test_items_are_seen_with_their_comments_and_attributes(tmp_path: Path) -> None:
    shown: list[tuple[str, int, int]] = []

    def check(item: Commented | Attributed, context: Context) -> Iterator[Finding]:
        shown.append((type(item).__name__, len(item.item.comments), len(item.item.attributes)))
        return iter(())

    text = "package a:b@1.0.0;\n@since(version = 1.0.0)\ninterface i {\n  // One.\n  // Two.\n  f: func();\n}\n"
    rule = Rule(
        code="WIT1999",
        name="all",
        category="names",
        presets=MINIMAL,
        on=(Commented, Attributed),
        check=check,
        doc="All.",
    )
    (tmp_path / "shop.wit").write_text(text, encoding="utf-8")
    loaded = load(tmp_path)
    assert loaded.is_clean
    Walk([rule], Context(loaded, Settings(), loaded.trees[0], {})).run()
    assert shown == [("Attributed", 0, 1), ("Commented", 2, 0)]


def test_elements_are_looked_for_at_all_nodes_that_have_them() -> None:
    packages = [load(case.path, features=case.features) for case in ACCEPTED]
    every = [(loaded, node) for loaded in packages for tree in loaded.trees for node, _ in walk(tree)]
    pairs = [(type(node), type(loaded.element(node))) for loaded, node in every]
    found = {(kind, element) for kind, element in pairs if element is not type(None)}
    assert len(found) > 15
    # A nested package is looked for at its header.
    missed = {(kind, element.__name__) for kind, element in found if kind not in BECOMES[element]}
    assert missed == {(nodes.NestedPackage, "Package")}


@pytest.mark.parametrize(
    ("kind", "paths"),
    [
        (model.Package, ["test:shop", "test:nested"]),
        (model.Interface, ["test:shop/store", "test:shop/types", "test:nested/store"]),
        (model.World, ["test:shop/app"]),
        (model.WorldInterface, ["test:shop/app.store", "test:shop/app.inner"]),
        (
            model.Function,
            ["test:shop/store.bucket.get", "test:shop/app.log", "test:shop/app.inner.total", "test:nested/store.f"],
        ),
        (
            model.TypeDef,
            [
                "test:shop/store.types.money",
                "test:shop/store.bucket",
                "test:shop/types.cents",
                "test:shop/app.inner.types.cents",
            ],
        ),
        (model.Param, ["test:shop/store.bucket.get.key", "test:shop/app.log.text"]),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_an_element_is_seen_at_its_node(kind: type, paths: list[str], tmp_path: Path) -> None:
    assert [path for path, _ in seen(tmp_path, kind)] == paths


def test_a_name_leads_to_its_type(tmp_path: Path) -> None:
    names: list[object] = []

    def check(named: nodes.Named, context: Context) -> Iterator[Finding]:
        names.append(context.type_of(named.id))
        return iter(())

    rule = Rule(
        code="WIT1999", name="all", category="names", presets=MINIMAL, on=(nodes.Named,), check=check, doc="All."
    )
    (tmp_path / "shop.wit").write_text(TEXT, encoding="utf-8")
    loaded = load(tmp_path)
    Walk([rule], Context(loaded, Settings(), loaded.trees[0], {})).run()
    assert [type_.name for type_ in names if isinstance(type_, model.TypeDef)] == ["money", "cents"]


def test_a_defect_names_the_rule_and_the_item(tmp_path: Path) -> None:
    def check(function: nodes.Function, context: Context) -> Iterator[Finding]:
        yield from ()
        raise KeyError("message")

    rule = Rule(
        code="WIT1999", name="all", category="names", presets=MINIMAL, on=(nodes.Function,), check=check, doc="All."
    )
    (tmp_path / "shop.wit").write_text(TEXT, encoding="utf-8")
    loaded = load(tmp_path)
    with pytest.raises(RuntimeError, match=r"^rule all, test:shop/store\.bucket\.get: KeyError: 'message'$"):
        Walk([rule], Context(loaded, Settings(), loaded.trees[0], {})).run()


def test_a_rule_sees_nothing_of_a_file_to_which_it_does_not_apply(tmp_path: Path) -> None:
    def check(item: nodes.Interface, context: Context) -> Iterator[Finding]:
        yield Finding(item.span, "seen")

    (tmp_path / "one.wit").write_text("package a:b;\ninterface one {}\n", encoding="utf-8")
    (tmp_path / "two.wit").write_text("interface two {}\n", encoding="utf-8")
    rule = Rule(
        code="WIT1999",
        name="all",
        category="names",
        presets=MINIMAL,
        on=(nodes.Interface,),
        check=check,
        doc="All.",
        applies=lambda context: "two" in context.file.source.text,
    )
    loaded = load(tmp_path)
    walks = [Walk([rule], Context(loaded, Settings(), tree, {})) for tree in loaded.trees]
    assert [d.item for each in walks for d in each.run()] == ["a:b/two"]


def test_a_defect_in_the_look_at_a_file_names_the_rule(tmp_path: Path) -> None:
    def applies(context: Context) -> bool:
        raise KeyError("message")

    rule = Rule(
        code="WIT1999",
        name="all",
        category="names",
        presets=MINIMAL,
        on=(nodes.Interface,),
        check=lambda item, context: iter(()),
        doc="All.",
        applies=applies,
    )
    (tmp_path / "shop.wit").write_text(TEXT, encoding="utf-8")
    loaded = load(tmp_path)
    with pytest.raises(RuntimeError, match=r"^rule all: KeyError: 'message'$"):
        Walk([rule], Context(loaded, Settings(), loaded.trees[0], {})).run()


def test_every_name_is_seen_also_in_a_path_with_a_version(tmp_path: Path) -> None:
    text = "package a:b@1.0.0;\ninterface i {}\nworld w { import a:b/i@1.0.0; }\n"

    names: list[str] = []

    def check(name: nodes.Id, context: Context) -> Iterator[Finding]:
        names.append(name.name)
        return iter(())

    rule = Rule(code="WIT1999", name="all", category="names", presets=MINIMAL, on=(nodes.Id,), check=check, doc="All.")
    (tmp_path / "shop.wit").write_text(text, encoding="utf-8")
    loaded = load(tmp_path)
    Walk([rule], Context(loaded, Settings(), loaded.trees[0], {})).run()
    assert names == ["a", "b", "i", "w", "a", "b", "i"]


def test_a_fix_is_made_when_somebody_asks_for_it(tmp_path: Path) -> None:
    made: list[str] = []

    def fix() -> Fix:
        made.append("it")
        return Fix("remove it", ())

    def check(interface: nodes.Interface, context: Context) -> Iterator[Finding]:
        yield Finding(interface.span, "too much", fix=fix)

    found = of_rule(tmp_path, check)
    assert made == []
    assert (found.fix, found.item, made) == (Fix("remove it", ()), "a:b/i", ["it"])


def test_a_fix_that_fails_names_its_rule(tmp_path: Path) -> None:
    def check(interface: nodes.Interface, context: Context) -> Iterator[Finding]:
        yield Finding(interface.span, "too much", fix=lambda: Fix("", (1 // 0,)))  # type: ignore[arg-type]

    with pytest.raises(RuntimeError, match=r"rule all, its fix: ZeroDivisionError"):
        _ = of_rule(tmp_path, check).fix


def of_rule(folder: Path, check: Callable[[nodes.Interface, Context], Iterator[Finding]]) -> Diagnostic:
    """The only finding of a rule about an interface."""
    rule = Rule("WIT1999", "all", "names", MINIMAL, on=(nodes.Interface,), check=check, doc="All.")
    (folder / "i.wit").write_text("package a:b;\ninterface i {}\n", encoding="utf-8")
    loaded = load(folder)
    [found] = Walk([rule], Context(loaded, Settings(), loaded.trees[0], {})).run()
    return found
