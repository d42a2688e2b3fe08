"""The edges of the rules about uses, worlds and dependencies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.rules.running import findings, fixed, messages
from tests.checks.test_rules import load_with, written
from tests.ir.conftest import reference
from tests.resolved import json_of
from witkit.checks.fixing import fix
from witkit.checks.page import example, sections
from witkit.checks.settings import RuleChoice, Settings
from witkit.checks.table import own_rules
from witkit.ir import load

RULES = {rule.name: rule for rule in own_rules()}
STORES = """package example:shop;
interface store { resource bucket; record entry { name: string } }
interface atomics { use store.{bucket}; increment: func(bucket: borrow<bucket>); }
interface listing { use store.{entry}; all: func() -> list<entry>; }
interface batch { use atomics.{bucket}; run: func(bucket: borrow<bucket>); }
"""
ALSO = "this also imports `store` without a label, beside `orders`"


def test_an_import_of_the_same_interface_without_label_is_wanted(tmp_path: Path) -> None:
    world = "world shop { import orders: store; import store; import atomics; }"
    assert messages("import-beside-label", STORES + world, tmp_path) == []


def test_records_are_the_same_whatever_the_label(tmp_path: Path) -> None:
    assert (
        messages("import-beside-label", STORES + "world shop { import orders: store; import listing; }", tmp_path) == []
    )


def test_an_export_needs_the_unlabelled_import_as_well(tmp_path: Path) -> None:
    found = findings("import-beside-label", STORES + "world shop { import orders: store; export batch; }", tmp_path)
    assert [(d.message, d.primary.text) for d in found if d.primary] == [(ALSO, "batch")]


def test_a_use_of_the_world_needs_it_too(tmp_path: Path) -> None:
    world = "world shop { import orders: store; use store.{bucket}; }"
    assert messages("import-beside-label", STORES + world, tmp_path) == [ALSO]


def test_an_interface_of_another_package_has_its_full_name(tmp_path: Path) -> None:
    nested = STORES.replace("package example:shop;", "package example:kv@1.0.0 {") + "}\n"
    world = "world shop { import orders: example:kv/store@1.0.0; import example:kv/atomics@1.0.0; }\n"
    (finding,) = findings("import-beside-label", f"package example:shop;\n{nested}{world}", tmp_path)
    assert finding.message == "this also imports `example:kv/store@1.0.0` without a label, beside `orders`"
    assert finding.help == "do without this, or write `import example:kv/store@1.0.0;` if the world needs it as well"


def test_several_labels_are_one_finding(tmp_path: Path) -> None:
    world = "world shop { import orders: store; import old: store; import atomics; import batch; }"
    (finding,) = findings("import-beside-label", STORES + world, tmp_path)
    assert finding.message == f"{ALSO} and `old`"
    assert [each.span.text for each in finding.related] == ["orders", "old"]


def test_a_world_that_is_included_is_reported_once(tmp_path: Path) -> None:
    worlds = "world base { import orders: store; import atomics; } world shop { include base; import batch; }"
    found = findings("import-beside-label", STORES + worlds, tmp_path)
    assert [d.item for d in found] == ["example:shop/base"]


def test_the_whole_use_of_a_world_imports_its_interface_and_is_not_removed_safely(tmp_path: Path) -> None:
    world = "world shop { use store.{entry}; }\nworld other { use store.{bucket, entry}; import f: func(e: entry); }\n"
    found = findings("unused-use", STORES + world, tmp_path)
    assert [(d.primary.text, d.fix.title, d.fix.is_safe) for d in found if d.primary and d.fix] == [
        ("entry", "remove the `use`", False),
        ("bucket", "remove `bucket`", True),
    ]


def test_an_alias_of_an_interface_is_removed_and_nothing_changes(tmp_path: Path) -> None:
    before = """package example:shop;
package example:bank { interface money { type cents = u32; } }
use example:bank/money as %money;
interface prices { use money.{cents as cents}; price: func() -> cents; }
"""
    (tmp_path / "shop.wit").write_text(before, encoding="utf-8")
    resolved = json_of(load(tmp_path))
    after = fixed("redundant-alias", before, tmp_path)
    assert "as" not in after.replace("package", "").split()
    (tmp_path / "shop.wit").write_text(after, encoding="utf-8")
    assert json_of(load(tmp_path)) == resolved


@pytest.mark.parametrize(
    ("renames", "expected"),
    [
        (" with { a as a }", ";"),
        (" with { a as %a, b as b, }", ";"),
        (" with { a as c, b as b }", " with { a as c }"),
        (" with { a as a, b as c }", " with { b as c }"),
    ],
)
def test_a_name_that_an_include_keeps_is_removed(renames: str, expected: str, tmp_path: Path) -> None:
    before = f"""package example:shop;
world base {{ import a: func(); import b: func(); }}
world shop {{ include base{renames} }}
"""
    assert fixed("redundant-alias", before, tmp_path) == before.replace(renames, expected)


def test_the_world_of_the_page_imports_three_interfaces(tmp_path: Path) -> None:
    loaded = load(written(example(sections(RULES["import-beside-label"])["Bad"]), tmp_path))
    world = loaded.world("shop")
    names = [key if isinstance(key, str) else key.name for key in world.imports]
    assert sorted(map(str, names)) == ["atomics", "orders", "store"]


def test_wasm_tools_drops_the_external_id_of_the_page(tmp_path: Path) -> None:
    bad, good = (sections(RULES["dropped-external-id"])[title] for title in ("Bad", "Good"))
    assert "com.example.prices" not in json_of_wasm_tools(written(example(bad), tmp_path / "bad"))
    assert "com.example.prices" in json_of_wasm_tools(written(example(good), tmp_path / "good"))


def json_of_wasm_tools(folder: Path) -> str:
    result = reference("component", "wit", "--json", folder)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_the_second_name_of_a_type_goes_with_all_that_mentions_it(tmp_path: Path) -> None:
    text = """package example:shop;
interface store { resource bucket; type cents = u32; }
interface atomics {
  use store.{bucket, bucket as place, cents};
  move: func(a: borrow<bucket>, to: borrow<place>, by: list<place>, price: cents);
}
"""
    (tmp_path / "shop.wit").write_text(text, encoding="utf-8")
    settings = Settings(preset="none", choices=(RuleChoice(select=("duplicate-use",)),))
    result = fix(lambda texts: load_with(tmp_path, texts), settings, unsafe=True)
    (after,) = result.texts.values()
    assert "use store.{bucket, cents};" in after
    assert "move: func(a: borrow<bucket>, to: borrow<bucket>, by: list<bucket>, price: cents);" in after


def test_types_that_are_equal_in_two_interfaces_are_two_types(tmp_path: Path) -> None:
    text = """package example:shop;
interface a { type cents = u32; }
interface b { type cents = u32; }
interface prices { use a.{cents}; use b.{cents as hundredths}; price: func(of: cents) -> hundredths; }
"""
    assert messages("duplicate-use", text, tmp_path) == []


def test_an_external_id_of_an_import_is_kept(tmp_path: Path) -> None:
    text = """package example:shop;
@external-id("a") interface store { @external-id("b") f: func(); }
world base { @external-id("c") import store; }
@external-id("d") world shop { @external-id("e") include base; }
"""
    found = findings("dropped-external-id", text, tmp_path)
    assert [d.primary.text for d in found if d.primary] == [f'@external-id("{letter}")' for letter in "ade"]
    assert found[2].message == "tools drop the external id of `include base`"


def test_a_second_name_that_another_interface_uses_is_not_removed(tmp_path: Path) -> None:
    text = """package example:shop;
interface money { type cents = u32; }
interface prices { use money.{cents, cents as amount}; price: func() -> cents; }
interface offers { use prices.{amount}; offer: func() -> amount; }
"""
    (finding,) = findings("duplicate-use", text, tmp_path)
    assert finding.fix is None


TYPES = "package example:shop;\ninterface t { type u = u8; type v = u8; }\n"


@pytest.mark.parametrize("remark", ["// The unit of prices.", "/* The unit of prices. */", "/* a */ ", ""])
def test_the_remark_behind_an_unused_use_goes_with_it(remark: str, tmp_path: Path) -> None:
    text = TYPES + f"interface i {{\n  // Above.\n  use t.{{u}}; {remark}\n  // About f.\n  f: func();\n}}\n"
    assert fixed("unused-use", text, tmp_path) == TYPES + "interface i {\n  // About f.\n  f: func();\n}\n"


def test_what_follows_an_unused_use_on_its_line_stays(tmp_path: Path) -> None:
    text = TYPES + "interface i {\n  use t.{u}; /* about f */ f: func(); // too\n}\n"
    assert fixed("unused-use", text, tmp_path) == text.replace("use t.{u};", "")


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("unused-use", "interface i { use t.{\n  // The unit.\n  u,\n  // The value.\n  v,\n}; f: func() -> v; }"),
        ("duplicate-use", "interface i { use t.{/* one */ u, /* two */ u as w}; f: func(a: u) -> w; }"),
        ("redundant-alias", "interface i { use t.{u /* its name */ as u}; f: func() -> u; }"),
    ],
)
def test_names_with_comments_among_them_are_left_to_people(rule: str, body: str, tmp_path: Path) -> None:
    (finding,) = findings(rule, TYPES + body, tmp_path)
    assert finding.fix is None
