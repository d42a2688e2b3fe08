"""`witkit.diff`: what programs get from a comparison."""

from __future__ import annotations

from pathlib import Path

import pytest

import witkit
from tests.diff.cases import write
from tests.ir.conftest import reference
from witkit.checks.diff import Bump, Kind
from witkit.checks.diff.shown import diagnostics

OLD = """package test:shop@0.1.0;

interface prices {
  record price { cents: u32 }
  price-of: func(item: string) -> price;
  @unstable(feature = rebates)
  rebate: func() -> price;
  discount: func() -> u32;
}

world base {
  import prices;
}

world shop {
  include base;
}
"""


def compare(folder: Path, old: str, new: str) -> witkit.Comparison:
    for name, text in (("old", old), ("new", new)):
        write(folder / name, "shop.wit", text)
    return witkit.diff(witkit.load(folder / "old"), witkit.load(folder / "new"))


def test_a_comparison_says_what_is_new_and_what_it_was(tmp_path: Path) -> None:
    new = OLD.replace("  discount:", "  total: func() -> u32;\n  discount:")
    comparison = compare(tmp_path, OLD, new)
    loaded = [comparison.old, comparison.new]
    before, after = (each.raise_for_errors().resolve.interfaces[0] for each in loaded)  # type: ignore[union-attr]
    assert comparison.is_new(after.functions["total"])
    assert comparison.was(after.functions["total"]) is None
    assert not comparison.is_new(after.functions["discount"])
    assert comparison.was(after.functions["discount"]) is before.functions["discount"]
    assert comparison.was(after) is before
    assert [change.kind for change in comparison.changes_of(after.functions["total"])] == [Kind.FUNCTION_ADDED]
    assert comparison.changes_of(after.functions["discount"]) == ()


def test_a_name_that_resembles_a_lost_one_is_a_hint(tmp_path: Path) -> None:
    comparison = compare(tmp_path, OLD, OLD.replace("discount", "discounts"))
    removed = next(change for change in comparison.changes if change.kind is Kind.FUNCTION_REMOVED)
    assert removed.hint == "was it renamed to `discounts`?"


def test_what_becomes_stable_has_the_place_where_it_was_unstable(tmp_path: Path) -> None:
    stable = OLD.replace("@unstable(feature = rebates)", "@since(version = 0.1.0)")
    (added,) = compare(tmp_path, OLD, stable).changes
    assert (added.kind, added.bump) == (Kind.FUNCTION_ADDED, Bump.MINOR)
    assert added.hint == "it was `@unstable`, so nobody could rely on it"
    assert added.old is not None
    assert added.old.text == "rebate"


def test_what_becomes_unstable_is_gone_and_its_place_is_known(tmp_path: Path) -> None:
    stable = OLD.replace("@unstable(feature = rebates)", "@since(version = 0.1.0)")
    (removed,) = compare(tmp_path, stable, OLD).changes
    assert (removed.kind, removed.bump) == (Kind.FUNCTION_REMOVED, Bump.MAJOR)
    assert removed.hint == "it is `@unstable` now"
    assert removed.new is not None
    assert removed.new.text == "rebate"


def test_what_several_worlds_include_is_reported_once(tmp_path: Path) -> None:
    new = OLD.replace("  import prices;", "  import prices;\n  import now: func() -> u64;")
    comparison = compare(tmp_path, OLD, new)
    assert [change.item for change in comparison.changes] == ["test:shop/base.now", "test:shop/shop.now"]
    (added, *_) = diagnostics(comparison)
    assert added.item == "test:shop/base.now"
    assert "the same in `test:shop/shop.now`" in added.help


def test_an_interface_that_is_imported_and_exported_gets_the_worse_verdict(tmp_path: Path) -> None:
    both = OLD.replace("  import prices;", "  import prices;\n  export prices;")
    (change, *_) = compare(tmp_path, both, both.replace("discount:", "total: func() -> u32;\n  discount:")).changes
    assert change.directions == ("export", "import")
    assert change.judgement.old_guest.text == "breaks"
    assert change.judgement.host_source.text == "has to add it"


def test_components_are_compared_by_their_worlds(tmp_path: Path) -> None:
    new = OLD.replace("cents: u32", "cents: u64").replace("  discount: func() -> u32;\n", "")
    for name, text in (("old", OLD), ("new", new)):
        write(tmp_path, f"{name}.wit", text)
        wit, core, component = (tmp_path / f"{name}.{end}" for end in ("wit", "core.wasm", "wasm"))
        assert reference("component", "embed", "--dummy", "-w", "shop", wit, "-o", core).returncode == 0
        assert reference("component", "new", core, "-o", component).returncode == 0
    comparison = witkit.diff(*(witkit.load(tmp_path / f"{name}.wasm") for name in ("old", "new")))
    assert [change.kind for change in comparison.changes] == [Kind.FIELD_TYPE_CHANGED, Kind.FUNCTION_REMOVED]
    found = diagnostics(comparison)
    assert [d.code for d in found] == ["WIT2209", "WIT2102", "WIT2000"]
    assert {d.where for d in found} == {str(tmp_path / "new.wasm")}
    assert found[1].message == "`discount` is gone from `prices`: `test:shop@0.1/prices.discount`"


def test_a_side_with_errors_is_not_compared(tmp_path: Path) -> None:
    with pytest.raises(witkit.WitkitError, match="nowhere"):
        compare(tmp_path, OLD, OLD.replace("import prices", "import nowhere"))


NESTED = """package test:pets;

package test:cages@0.1.0 {
  interface types { record cage { bars: u8 } }
}

package test:cages@0.1.1 {
  interface types { record cage { bars: u8, doors: u8 } }
}

interface shop {
  use test:cages/types@0.1.0.{cage as old-cage};
  use test:cages/types@0.1.1.{cage};
  swap: func(old: old-cage) -> cage;
}
"""


def test_two_versions_of_one_package_are_each_compared_with_itself(tmp_path: Path) -> None:
    assert compare(tmp_path, NESTED, NESTED).changes == ()
    changes = compare(tmp_path, NESTED, NESTED.replace("doors", "floors")).changes
    assert [change.kind for change in changes] == [Kind.FIELD_ADDED, Kind.FIELD_REMOVED]
    assert all("@0.1.1" in change.item or "cages" in change.item for change in changes)


def test_an_import_can_become_something_else(tmp_path: Path) -> None:
    old, new = (OLD.replace("  include base;", text) for text in ("import x: func();", "import x: interface {}"))
    changes = [change for change in compare(tmp_path, old, new).changes if change.is_breaking]
    assert [change.kind for change in changes] == [Kind.IMPORT_CHANGED]
    assert changes[0].message == "`x` was function `x` and is interface `x`"
