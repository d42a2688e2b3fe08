"""Both dialects end in the same resolved packages: a folder of 2022 is loaded without being rewritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command_line import witkit
from tests.resolved import json_of
from tests.upgrade.test_upgrade import HANDLER, SHOP, TYPES, folder, written
from witkit import ir
from witkit.ir.show.wit import to_wit
from witkit.upgrade import Directions, load, upgrade

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
NAME = "my:shop@1.0.0"


def old_shop(tmp_path: Path) -> Path:
    (tmp_path / "old").mkdir()
    return folder(
        tmp_path / "old", types=TYPES, shop=SHOP, order_handler=HANDLER, a_z="resource a implements b resource b"
    )


def assert_same(old: Path, new: Path) -> None:
    """Loading the old folder gives what loading its rewritten text gives, key for key."""
    direct = load(old, package=NAME)
    again = ir.load(written(new, upgrade(old, package=NAME)))
    assert json.dumps(json_of(direct), indent=1) == json.dumps(json_of(again), indent=1)
    assert direct.resolve is not None
    assert again.resolve is not None
    assert to_wit(direct.resolve, direct.written) == to_wit(again.resolve, again.written)


def test_a_folder_of_2022_and_its_rewritten_text_are_the_same_package(tmp_path: Path) -> None:
    assert_same(old_shop(tmp_path), tmp_path / "new")


@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not there")
@pytest.mark.parametrize("name", ["spiderlightning-2022-08-26", "spiderlightning-2024-01-04"])
def test_spiderlightning_and_its_rewritten_text_are_the_same_package(name: str, tmp_path: Path) -> None:
    assert_same(CORPUS / "legacy" / name, tmp_path)


def test_what_was_decided_is_reported_at_its_place_in_the_old_file(tmp_path: Path) -> None:
    loaded = load(old_shop(tmp_path), package=NAME)
    reported = [
        (d.code, Path(d.where).name, d.primary.source.position(d.primary.start))
        for d in loaded.diagnostics
        if d.primary
    ]
    assert reported == [
        ("WIT0143", "a-z.wit", (1, 23)),
        ("WIT0136", "order-handler.wit", (3, 1)),
        ("WIT0137", "order-handler.wit", (2, 7)),
        ("WIT0138", "order-handler.wit", (3, 1)),
    ]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("type t = u8\nrecord t { a: u8 }", "2:8 name `t` is defined more than once"),
        ("a: func()\na: func()", "2:1 name `a` is defined more than once"),
        ("record a { b: a }", "1:15 type `a` depends on itself"),
        ("a: func(x: u8, x: u8)", "1:16 param `x` is defined more than once"),
        ("resource a implements missing", "1:23 type `missing` does not exist"),
        ("record r { }", "1:8 empty record"),
    ],
)
def test_what_no_package_may_have_is_found_in_the_old_file(text: str, finding: str, tmp_path: Path) -> None:
    given = Directions(imports=frozenset({"api"}))
    loaded = load(folder(tmp_path, api=text), package="a:b", given=given)
    assert loaded.resolve is None
    (found,) = loaded.diagnostics
    assert found.primary is not None
    line, column = found.primary.source.position(found.primary.start)
    assert f"{line}:{column} {found.message}" == finding
    assert found.where == str(tmp_path / "api.wit")
    assert upgrade(tmp_path, package="a:b", given=given).files == ()


def test_a_folder_of_today_is_loaded_as_it_is(tmp_path: Path) -> None:
    loaded = load(folder(tmp_path, api="package a:b;\ninterface i { type t = u8; }\n"))
    assert loaded.package is not None
    assert str(loaded.package.name) == "a:b"


def test_show_understands_a_folder_of_2022(tmp_path: Path) -> None:
    old_shop(tmp_path)
    shown = witkit("show", "old", "--package", NAME, cwd=tmp_path)
    assert shown.returncode == 0
    assert "open: static func(name: string) -> result<shop, error>" in shown.stdout
    assert shown.stdout.startswith(f"package {NAME}\n")
    assert witkit("show", "old", "--package", "shop", cwd=tmp_path).returncode == 2
