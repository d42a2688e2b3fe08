"""Which names count as the same: wasm-tools compares them without case and hyphens, in some scopes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.ir.conftest import reference
from tests.sampled import sampled
from witkit.ir import load

ALIKE = [("utf8", "utf-8"), ("utf-8", "utf8"), ("ab-c", "a-bc"), ("url", "URL"), ("foo-BAR", "foobar")]
DIFFERENT = [("x-1", "x-2"), ("a1", "a-2")]

CLASHES = {
    "fields": "interface i { record r { X: u8, Y: u8 } }",
    "cases of a variant": "interface i { variant v { X, Y(u8) } }",
    "cases of an enum": "interface i { enum e { X, Y } }",
    "flags": "interface i { flags f { X, Y } }",
    "parameters": "interface i { f: func(X: u8, Y: u8); }",
    "parameters of a method": "interface i { resource q { f: func(X: u8, Y: u8); } }",
    "parameters of a constructor": "interface i { resource q { constructor(X: u8, Y: u8); } }",
    "parameters of a world's function": "world w { export f: func(X: u8, Y: u8); }",
    "functions": "interface i { X: func(); Y: func(); }",
    "types": "interface i { type X = u8; resource Y; }",
    "a type and a function": "interface i { type X = u8; Y: func(); }",
    "a function and a later type": "interface i { X: func(); type Y = u8; }",
    "used types": "interface j { type t = u8; type s = u8; } interface i { use j.{t as X, s as Y}; }",
    "a used type and a function": "interface j { type t = u8; } interface i { use j.{t as X}; Y: func(); }",
    "functions of an inline interface": "world w { import q: interface { X: func(); Y: func(); } }",
    "methods": "interface i { resource q { X: func(); Y: func(); } }",
    "a method and a static function": "interface i { resource q { X: func(); Y: static func(); } }",
    "a resource and its method": "interface i { resource X { Y: func(); } }",
    "a gated function and another": "interface i { @unstable(feature = z) X: func(); Y: func(); }",
    "imports": "world w { import X: func(); import Y: interface {} }",
    "exports": "world w { export X: interface {} export Y: func(); }",
    "labels": "interface i {} interface j {} world w { import X: i; import Y: j; }",
    "a world's types": "world w { type X = u8; resource Y; }",
    "a world's type and import": "world w { type X = u8; import Y: func(); }",
    "a world's resource and its method": "world w { resource X { Y: func(); } }",
    "an included import": "world a { import X: func(); } world w { include a; import Y: func(); }",
    "two included exports": "world a { export X: func(); } world b { export Y: func(); } "
    "world w { include a; include b; }",
    "a renamed import": "world a { import z: func(); } world w { import X: func(); include a with { z as Y } }",
    "included methods": "world a { resource q { X: func(); } } world b { resource p { Y: func(); } } "
    "world w { include a; include b with { p as q } }",
}  # fmt: skip
NO_CLASHES = {
    "interfaces": "interface X {} interface Y {}",
    "worlds": "world X {} interface Y {}",
    "names that a file uses": "interface i {} interface j {} use i as X; use j as Y;",
    "imported interfaces": "interface X {} interface Y {} world w { import X; import Y; }",
    "an imported interface and function": "interface X {} world w { import X; import Y: func(); }",
    "an import and an export": "world w { import X: func(); export Y: func(); }",
    "a type and an export": "world w { type X = u8; export Y: func(); }",
    "a method and a function": "interface i { resource q { X: func(); } Y: func(); }",
    "packages": "package p:X {} package p:Y {}",
}


@pytest.mark.parametrize("what", CLASHES)
def test_names_that_are_too_alike_are_one_error_where_wasm_tools_has_it(what: str, tmp_path: Path) -> None:
    for first, second in sampled(ALIKE):
        path = written(tmp_path, CLASHES[what], first, second)
        refused = reference("component", "wit", path, "--json")
        assert refused.returncode == 1, (first, second)
        (found,) = load(path).diagnostics
        assert found.is_error
        assert found.primary is not None
        line, column = found.primary.source.position(found.primary.start)
        place = re.search(r":(\d+):(\d+)\s*$", refused.stderr, re.MULTILINE)
        assert place is None or (int(place[1]), int(place[2])) == (line, column)


@pytest.mark.parametrize("what", CLASHES)
def test_names_of_other_letters_or_digits_are_none(what: str, tmp_path: Path) -> None:
    for first, second in sampled(DIFFERENT):
        path = written(tmp_path, CLASHES[what], first, second)
        loaded = load(path)
        is_taken = what == "included methods"  # of two resources of one name, whatever their functions are called
        assert loaded.is_clean is not is_taken
        assert (reference("component", "wit", path, "--json").returncode == 0) is not is_taken


@pytest.mark.parametrize("what", NO_CLASHES)
def test_where_wasm_tools_accepts_alike_names_they_are_accepted(what: str, tmp_path: Path) -> None:
    for first, second in sampled(ALIKE):
        path = written(tmp_path, NO_CLASHES[what], first, second)
        assert reference("component", "wit", path, "--json").returncode == 0, (first, second)
        assert load(path).is_clean, (first, second)


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("interface i { enum e { k-8, k8 } }", "names must differ by more than upper and lower case or hyphens"),
        ("interface i { f: func(); F: func(); }", "names must differ by more than upper and lower case or hyphens"),
        ("interface i { enum e { k, k } }", "rename or remove one of the two"),
        ("interface i { resource r { m: func(); m: static func(); } }", "rename or remove one of the two"),
        ("interface i { resource r { r: func(); } }", "rename or remove one of the two"),
        ("interface i { resource r { constructor(); constructor(); } }", "a resource can have only one constructor"),
        ("interface i { resource r { m: func(SELF: u8); } }", "remove it: a method already has `self`"),
    ],
)
def test_the_way_out_fits_the_clash(text: str, help: str, tmp_path: Path) -> None:
    (found,) = load(written(tmp_path, text, "", "")).diagnostics
    assert help in found.help


def written(folder: Path, template: str, first: str, second: str) -> Path:
    path = folder / "p.wit"
    text = re.sub(r"\bX\b", first, re.sub(r"\bY\b", second, template))
    path.write_text(f"package a:b;\n{text}\n", encoding="utf-8")
    return path
