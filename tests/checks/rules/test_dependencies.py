"""The edges of the rules that look at dependencies, and of those that look for what is used nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.checks.rules.running import messages
from witkit.checks import check
from witkit.checks.settings import RuleChoice, Settings
from witkit.ir import load
from witkit.text import Diagnostic

MONEY = "package example:money{version};\ninterface types {{ type cents = u32; resource purse; }}\n"
LOCK = '[money]\npath = "../money"\n'


def found(rule: str, files: Mapping[str, str], folder: Path) -> list[Diagnostic]:
    """What a rule finds in a package of several files; all of them have to load without findings."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return list(check(load(folder), Settings(preset="none", choices=(RuleChoice(select=(rule,)),))))


def money(*versions: str) -> dict[str, str]:
    """The package `example:money` as a dependency, in some versions."""
    return {f"deps/money-{version}/money.wit": MONEY.format(version=f"@{version}") for version in versions}


def both(kind: str, first: str, second: str) -> dict[str, str]:
    """A world or interface that takes a type from two versions of `example:money`."""
    uses = "".join(f"use example:money/types@{v}.{{cents as c{n}}};" for n, v in enumerate((first, second)))
    return {"shop.wit": f"package example:shop;\n{kind} shop {{ {uses} }}\n", **money(first, second)}


@pytest.mark.parametrize("kind", ["world", "interface"])
@pytest.mark.parametrize(("first", "second"), [("0.2.0", "0.2.1"), ("1.0.0", "1.2.0")])
def test_two_versions_of_one_track_are_found(kind: str, first: str, second: str, tmp_path: Path) -> None:
    (finding,) = found("mixed-versions", both(kind, first, second), tmp_path)
    expected = f"`shop` needs `example:money` in versions {first} and {second}, whose types are different"
    assert finding.message == expected
    assert [each.span.text for each in finding.related] == [f"example:money/types@{v}" for v in (first, second)]


@pytest.mark.parametrize(("first", "second"), [("0.2.0", "0.3.0"), ("0.0.1", "0.0.2"), ("0.2.0-a", "0.2.0-b")])
def test_versions_of_two_tracks_can_be_side_by_side(first: str, second: str, tmp_path: Path) -> None:
    assert found("mixed-versions", both("world", first, second), tmp_path) == []


def test_two_worlds_can_have_their_own_versions(tmp_path: Path) -> None:
    worlds = "\n".join(f"world w{n} {{ import example:money/types@0.2.{n}; }}" for n in range(2))
    files = {"shop.wit": f"package example:shop;\n{worlds}\n", **money("0.2.0", "0.2.1")}
    assert found("mixed-versions", files, tmp_path) == []


def test_what_only_a_dependency_mentions_is_used(tmp_path: Path) -> None:
    files = {
        "shop.wit": "package example:shop;\nworld shop { include example:bank/bank; }\n",
        "deps/bank/bank.wit": "package example:bank;\nworld bank { import example:money/types@1.0.0; }\n",
        **money("1.0.0", "1.1.0"),
    }
    (finding,) = found("unused-dependency", files, tmp_path)
    assert finding.message == "nothing uses the dependency `example:money@1.1.0`"
    assert [each.span.text for each in finding.related] == ["example:money@1.1.0"]


def test_what_a_gated_item_mentions_is_used(tmp_path: Path) -> None:
    world = "world shop { @unstable(feature = bank) import example:money/types@1.0.0; }"
    assert (
        found("unused-dependency", {"shop.wit": f"package example:shop;\n{world}\n", **money("1.0.0")}, tmp_path) == []
    )


def test_a_package_can_be_there_for_its_dependencies_alone(tmp_path: Path) -> None:
    assert found("unused-dependency", {"shop.wit": "package example:shop;\n", **money("1.0.0")}, tmp_path) == []


def test_without_a_lock_nothing_has_to_be_locked(tmp_path: Path) -> None:
    files = {"shop.wit": "package example:shop;\n", "deps/money/money.wit": MONEY.format(version="")}
    assert found("unlocked-dependency", files, tmp_path) == []
    assert found("unlocked-dependency", {**files, "deps.lock": LOCK}, tmp_path) == []


def test_a_dependency_that_only_the_disk_has_is_found_at_its_header(tmp_path: Path) -> None:
    files = {
        "shop.wit": "package example:shop;\n",
        "deps.lock": LOCK,
        "deps/money/money.wit": MONEY.format(version=""),
        "deps/bank.wit": "package example:bank;\n",
        "deps.toml": 'money = "../money"\n',
    }
    findings = found("unlocked-dependency", files, tmp_path)
    places = [(Path(d.primary.source.name).name, d.primary.text) for d in findings if d.primary]
    assert places == [("bank.wit", "example:bank")]


def test_an_entry_that_the_lock_lacks_is_reported_once(tmp_path: Path) -> None:
    files = {
        "shop.wit": "package example:shop;\n",
        "deps.lock": LOCK,
        "deps/money/money.wit": MONEY.format(version=""),
        "deps/post/post.wit": "package example:post;\n",
        "deps.toml": 'money = "../money"\npost = "../post"\n',
    }
    assert [d.code for d in found("unlocked-dependency", files, tmp_path)] == ["WIT0521"]


def test_a_type_that_another_package_uses_is_used(tmp_path: Path) -> None:
    text = """package example:shop;
interface prices { type cents = u32; type spare = u32; f: func(); }
interface offers { use prices.{cents}; g: func() -> list<cents>; }
world shop { type mark = u8; enum color { red } import paint: func(in: color); }
"""
    expected = ["nothing in the package refers to `spare`", "nothing in the package refers to `mark`"]
    assert messages("unused-type", text, tmp_path) == expected


def test_an_interface_that_another_one_brings_into_a_world_is_used(tmp_path: Path) -> None:
    text = """package example:shop;
interface money { type cents = u32; }
interface prices { use money.{cents}; f: func() -> cents; }
interface stock { f: func(); }
world shop { export prices; }
"""
    assert messages("unused-interface", text, tmp_path) == ["no world of the package has interface `stock`"]
    assert messages("unused-interface", text.replace("world shop", "interface shop2 {} // "), tmp_path) == []


def test_worlds_of_features_that_are_off_could_have_it(tmp_path: Path) -> None:
    text = """package example:shop;
interface prices { f: func(); }
world shop { }
@unstable(feature = prices) world more { import prices; }
"""
    assert messages("unused-interface", text, tmp_path) == []
