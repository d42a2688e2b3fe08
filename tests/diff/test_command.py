"""`witkit diff` on the command line: what is compared, what is printed, and how it exits."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from tests.cli.command_line import witkit
from tests.text.sarif_schema import SARIF

OLD = """package test:shop@0.1.0;

interface prices {
  /// What an item costs.
  price: func(item: string) -> u32;
  discount: func() -> u32;
}

world shop {
  import prices;
}
"""
BROKEN = OLD.replace("  discount: func() -> u32;\n", "")
GROWN = OLD.replace("discount:", "rebate: func() -> u32;\n  discount:")
REWORDED = OLD.replace("What an item costs.", "In cents.")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository of git with the package in `wit`, committed."""
    (tmp_path / "wit").mkdir()
    (tmp_path / "wit" / "shop.wit").write_text(OLD, encoding="utf-8")
    for arguments in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"],
    ):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    return tmp_path


def now(shop: Path, text: str) -> None:
    (shop / "wit" / "shop.wit").write_text(text, encoding="utf-8")


def test_nothing_has_changed(shop: Path) -> None:
    done = witkit("diff", "HEAD", cwd=shop)
    assert done.returncode == 0
    assert "5 items of `test:shop` 0.1.0 and 0.1.0 compared: nothing has changed" in done.stdout
    assert done.stdout.endswith("no changes\n")


def test_a_break_has_both_places_and_exits_with_1(shop: Path) -> None:
    now(shop, BROKEN)
    done = witkit("diff", "HEAD", cwd=shop)
    assert done.returncode == 1
    assert "error[WIT2102 function-removed]: `discount` is gone from `prices`" in done.stdout
    assert "--> wit/shop.wit:3:11" in done.stdout
    assert "::: HEAD:wit/shop.wit:6:3" in done.stdout
    assert "make it 0.2.0 or later" in done.stdout
    assert done.stdout.endswith("1 breaking change\n")


def test_the_other_way_round_it_is_an_addition(shop: Path) -> None:
    now(shop, BROKEN)
    done = witkit("diff", "wit", "HEAD", cwd=shop)
    assert done.returncode == 0
    assert "note[WIT2101 function-added]: `discount` is new in `prices`" in done.stdout


@pytest.mark.parametrize(
    ("text", "fail_on", "code"),
    [
        (BROKEN, "unversioned", 1),
        (BROKEN.replace("0.1.0", "0.2.0"), "unversioned", 0),
        (BROKEN.replace("0.1.0", "0.2.0"), "breaking", 1),
        (GROWN, "breaking", 0),
        (GROWN, "unversioned", 1),
        (GROWN.replace("0.1.0", "0.1.1"), "unversioned", 0),
        (GROWN.replace("0.1.0", "0.0.9"), "unversioned", 1),
        (REWORDED, "unversioned", 0),
        (REWORDED, "any", 1),
        (OLD, "any", 0),
    ],
)
def test_fail_on_says_what_fails(shop: Path, text: str, fail_on: str, code: int) -> None:
    now(shop, text)
    assert witkit("diff", "HEAD", "wit", "--fail-on", fail_on, cwd=shop).returncode == code


def test_changes_of_documentation_are_shown_with_all(shop: Path) -> None:
    now(shop, REWORDED)
    assert "WIT2401" not in witkit("diff", "HEAD", cwd=shop).stdout
    assert "note[WIT2401 documentation-changed]" in witkit("diff", "HEAD", "--all", cwd=shop).stdout


def test_the_json_has_the_verdicts(shop: Path) -> None:
    now(shop, BROKEN)
    removed, version, compared = json.loads(witkit("diff", "HEAD", "--format", "json", cwd=shop).stdout)
    assert removed["item"] == "test:shop/prices.discount"
    assert removed["facts"] == {
        "bump": "major",
        "old_guest_on_new_host": "breaks",
        "new_guest_on_old_host": "ok",
        "guest_source": "breaks",
        "host_source": "breaks",
    }
    assert removed["related"][0]["file"] == "HEAD:wit/shop.wit"
    assert version["code"] == "WIT2001"
    assert compared["facts"] == {"items": "5", "bump": "major"}


def test_the_sarif_is_valid_and_has_the_verdicts(shop: Path) -> None:
    now(shop, BROKEN)
    log = json.loads(witkit("diff", "HEAD", "--format", "sarif", cwd=shop).stdout)
    jsonschema.validate(log, SARIF)
    removed = log["runs"][0]["results"][0]
    assert removed["properties"]["old_guest_on_new_host"] == "breaks"
    assert log["runs"][0]["tool"]["driver"]["rules"][0]["name"] == "function-removed"


@pytest.mark.parametrize("format", ["github", "gitlab", "junit", "markdown", "sarif"])
def test_every_format_has_the_change(shop: Path, format: str) -> None:
    now(shop, BROKEN)
    done = witkit("diff", "HEAD", "--format", format, cwd=shop)
    assert done.returncode == 1
    assert "`discount` is gone from `prices`" in done.stdout


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("HEAT", "wit", "there is no file, folder or revision `HEAT`"),
        ("HEAD:wot", "wit", "there is no `wot` at `HEAD`"),
        ("HEAD:wit", "broken.wit", "error[WIT0103]"),
        ("HEAD:wit", "other.wit", "`test:shop@0.1.0` and `test:other` are different packages: nothing was compared"),
        ("empty.wit", "empty.wit", "`test:empty` is empty on both sides: nothing was compared"),
    ],
)
def test_a_comparison_that_did_not_happen_does_not_look_clean(shop: Path, old: str, new: str, message: str) -> None:
    texts = {"broken": "package a:b;\ninterface {", "other": "package test:other;", "empty": "package test:empty;"}
    for name, text in texts.items():
        (shop / f"{name}.wit").write_text(text, encoding="utf-8")
    done = witkit("diff", old, new, cwd=shop)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


@pytest.mark.parametrize("format", ["json", "sarif", "gitlab", "junit"])
def test_programs_read_why_nothing_was_compared(shop: Path, format: str) -> None:
    done = witkit("diff", "HEAT", "wit", "--format", format, cwd=shop)
    assert (done.returncode, done.stderr) == (2, "")
    assert "there is no file, folder or revision `HEAT`" in done.stdout
    if format != "junit":
        assert json.loads(done.stdout)


def test_an_unknown_release_of_the_component_model_is_wrong_use(shop: Path) -> None:
    done = witkit("diff", "HEAD", "--component-model", "9", cwd=shop)
    assert done.returncode == 2
    assert "error[WIT0942]" in done.stderr
    assert "known releases: 0.3" in done.stderr


def test_what_is_unstable_does_not_count_unless_its_feature_is_named(shop: Path) -> None:
    gated = GROWN.replace("rebate:", "@unstable(feature = rebates)\n  rebate:")
    now(shop, gated)
    assert witkit("diff", "HEAD", "--fail-on", "any", cwd=shop).returncode == 0
    assert "function-added" in witkit("diff", "HEAD", "--features", "rebates", cwd=shop).stdout


def test_a_world_is_not_said_to_be_in_no_world(shop: Path) -> None:
    now(shop, OLD.replace("world shop", "world store"))
    done = witkit("diff", "HEAD", cwd=shop)
    assert "world `shop` is gone" in done.stdout
    assert "in no world" not in done.stdout


def test_one_item_is_counted_in_the_singular(shop: Path) -> None:
    now(shop, "package test:shop@0.1.0;\n\ninterface prices {}\n")
    done = witkit("diff", "wit", "wit", cwd=shop)
    assert "1 item of `test:shop` 0.1.0 and 0.1.0 compared" in done.stdout
