"""Attributes: which can be combined, in every place that has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ir.conftest import reference
from tests.sampled import sampled
from witkit.ir import ALL, load

ATTRIBUTES = {
    "since": "@since(version = 1.0.0)",
    "unstable": "@unstable(feature = x)",
    "deprecated": "@deprecated(version = 1.0.0)",
    "external-id": '@external-id("x")',
}
TOGETHER = [
    ("deprecated",),
    ("since", "since"),
    ("unstable", "unstable"),
    ("deprecated", "deprecated"),
    ("external-id", "external-id"),
    ("since", "unstable"),
    ("external-id", "since", "external-id"),
    ("since", "deprecated", "external-id"),
]
PLACES = {
    "an interface": "@ interface i {}",
    "a world": "@ world w {}",
    "a type": "interface i { @ type t = u8; }",
    "a record": "interface i { @ record r { a: u8 } }",
    "a variant": "interface i { @ variant v { a } }",
    "an enum": "interface i { @ enum e { a } }",
    "flags": "interface i { @ flags f { a } }",
    "a resource": "interface i { @ resource r; }",
    "a resource in braces": "interface i { @ resource r {} }",
    "a use": "interface j { type t = u8; } interface i { @ use j.{t}; }",
    "a function": "interface i { @ f: func(); }",
    "a method": "interface i { resource r { @ f: func(); } }",
    "a static function": "interface i { resource r { @ f: static func(); } }",
    "a constructor": "interface i { resource r { @ constructor(); } }",
    "an import": "interface i {} world w { @ import i; }",
    "an export": "interface i {} world w { @ export i; }",
    "an imported function": "world w { @ import f: func(); }",
    "an exported interface": "world w { @ export i: interface {} }",
    "a labelled import": "interface i {} world w { @ import x: i; }",
    "an include": "world v {} world w { @ include v; }",
    "a use in a world": "interface j { type t = u8; } world w { @ use j.{t}; }",
    "a type in a world": "world w { @ type t = u8; }",
    "a use at the top": "interface i {} @ use i as j;",
    "a package": "@ package c:d {}",
    "a field": "interface i { record r { @ a: u8 } }",
    "a case": "interface i { variant v { @ a } }",
    "a parameter": "interface i { f: func(@ a: u8); }",
}


@pytest.mark.parametrize("place", PLACES)
def test_attributes_are_judged_as_by_wasm_tools_with_one_finding(place: str, tmp_path: Path) -> None:
    path = tmp_path / "p.wit"
    for names in sampled(TOGETHER):
        attributes = " ".join(ATTRIBUTES[name] for name in names)
        path.write_text(f"package a:b@1.0.0;\n{PLACES[place].replace('@', attributes, 1)}\n", encoding="utf-8")
        is_right = reference("component", "wit", path, "--json", "--all-features").returncode == 0
        assert len(load(path, features=ALL).diagnostics) == (0 if is_right else 1), names


def test_a_second_external_id_is_marked(tmp_path: Path) -> None:
    path = tmp_path / "p.wit"
    path.write_text('package a:b;\ninterface i {\n@external-id("x")\n@external-id("y") f: func();\n}\n')
    (found,) = load(path).diagnostics
    assert (found.code, found.message, found.help) == (
        "WIT0405",
        "an item can have only one `@external-id`",
        "remove one of the two",
    )
    assert found.primary is not None
    assert found.primary.source.position(found.primary.start)[0] == 4


@pytest.mark.parametrize("version", ["01.0.0", "1" * 5000 + ".0.0", "1.0.0-.b", "1.0.0-+1", "1.0.0-type"])
def test_an_invalid_version_is_one_finding_in_every_place(version: str, tmp_path: Path) -> None:
    path = tmp_path / "p.wit"
    for text in (
        f"package a:b@{version}; @since(version = 0.1.0) interface i {{}}",
        f"package a:b@1.0.0; @since(version = {version}) interface i {{}}",
        f"package a:b@1.0.0; interface i {{ @since(version = {version}) use c:d/e.{{t}}; }} "
        "package c:d { interface e { type t = u8; } }",
        f"package a:b; world w {{ import c:d/e@{version}; }}",
    ):
        path.write_text(text, encoding="utf-8")
        assert reference("component", "wit", path, "--json").returncode == 1
        (found,) = load(path).diagnostics
        assert found.code == "WIT0106"
        assert found.help
