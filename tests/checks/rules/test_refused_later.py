"""What these rules report is read by wasm-tools and refused in the next step; one step before the limit it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.test_rules import written
from tests.ir.conftest import reference
from witkit.checks import check
from witkit.checks.page import example, sections
from witkit.checks.settings import RuleChoice, Settings
from witkit.checks.table import own_rules
from witkit.ir import load

RULES = {
    rule.name: rule
    for rule in own_rules()
    if rule.name
    in (
        "stream-of-char",
        "borrow-in-stream",
        "impossible-length",
        "deep-type",
        "oversized-type",
        "experimental-type",
        "alike-imports",
        "alike-names",
    )
}


def chain(layers: int, base: str = "u8") -> str:
    """An interface whose last type has so many layers."""
    types = [f"type t{n} = option<{f't{n - 1}' if n > 1 else base}>;" for n in range(1, layers + 1)]
    return f"interface i {{ resource r; {' '.join(types)} }}"


def numbered(count: int, type_: str = "u8") -> str:
    """So many fields or parameters."""
    return ", ".join(f"x{n}: {type_}" for n in range(count))


def long(number: int) -> str:
    """A name of so many bytes."""
    return "a" * number


REFUSED = {
    "a stream of a name for char": ("stream-of-char", "interface i { type c = char; type t = stream<c>; }"),
    "a stream in a stream": ("stream-of-char", "interface i { f: func() -> stream<stream<char>>; }"),
    "a stream in a world": ("stream-of-char", "world w { type c = char; import f: func() -> stream<c>; }"),
    "a borrow in a record": (
        "borrow-in-stream",
        "interface i { resource r; record q { x: option<borrow<r>> } f: func(x: future<q>); }",
    ),
    "a named borrow": ("borrow-in-stream", "interface i { resource r; type b = borrow<r>; type t = stream<b>; }"),
    "a list without elements": ("impossible-length", "interface i { f: func(x: list<u8, 0>); }"),
    "a list of 256 MiB": ("impossible-length", "interface i { type t = list<u8, 268435456>; }"),
    "a list of many tuples": ("impossible-length", "interface i { type t = list<tuple<u8, u64>, 16777216>; }"),
    "a list of many strings": ("impossible-length", "interface i { type t = list<string, 16777216>; }"),
    "a list of many lists": ("impossible-length", "interface i { type l = list<u8, 9>; type t = list<l, 29826162>; }"),
    "too many layers": ("deep-type", chain(97)),
    "too many layers on a handle": ("deep-type", chain(97, "r")),
    "a function of too many layers": ("deep-type", chain(96).replace("}", "f: func() -> t96; }")),
    "too many parameters": ("oversized-type", f"interface i {{ f: func({numbered(1001)}); }}"),
    "too many parameters with self": (
        "oversized-type",
        f"interface i {{ resource r {{ f: func({numbered(1000)}); }} }}",
    ),
    "too many parameters in a world": ("oversized-type", f"world w {{ export f: func({numbered(1001)}); }}"),
    "too many fields": ("oversized-type", f"interface i {{ record r {{ {numbered(10001)} }} }}"),
    "a record of too many parts": (
        "oversized-type",
        f"interface i {{ record r {{ {numbered(1000)} }} record q {{ {numbered(999, 'r')} }} }}",
    ),
    "two records of too many parts": (
        "oversized-type",
        f"interface i {{ record r {{ {numbered(1000)} }} record q {{ {numbered(600, 'r')} }} "
        f"record p {{ {numbered(400, 'r')} }} }}",
    ),
    "a name of too many bytes": ("oversized-type", f"interface i {{ {long(100_001)}: func(); }}"),
    "a method of too many bytes": ("oversized-type", f"interface i {{ resource r {{ {long(99_991)}: func(); }} }}"),
    "a static method of too many bytes": (
        "oversized-type", f"interface i {{ resource r {{ {long(99_991)}: static func(); }} }}"
    ),
    "a resource of too many bytes": (
        "oversized-type", f"interface i {{ resource {long(99_988)} {{ constructor(); }} }}"
    ),
    "an interface of too many bytes": ("oversized-type", f"interface {long(99_997)} {{ f: func(); }}"),
    "a world of too many bytes": ("oversized-type", f"world {long(99_997)} {{}}"),
    "a parameter of too many bytes": ("oversized-type", f"interface i {{ f: func({long(100_001)}: u8); }}"),
    "a field of too many bytes": ("oversized-type", f"interface i {{ record r {{ {long(100_001)}: u8 }} }}"),
    "a case of too many bytes": ("oversized-type", f"interface i {{ enum e {{ {long(100_001)} }} }}"),
    "a flag of too many bytes": ("oversized-type", f"interface i {{ flags e {{ {long(100_001)} }} }}"),
    "an external id of too many bytes": (
        "oversized-type", f'interface i {{}} world w {{ @external-id("{long(100_001)}") import x: i; }}'
    ),
    "a label of too many bytes": ("oversized-type", f"world w {{ import {long(100_001)}: interface {{}} }}"),
}  # fmt: skip
ACCEPTED = {
    "a stream of strings": "interface i { f: func() -> stream<string>; }",
    "a stream of handles": "interface i { resource r; f: func(x: stream<r>, y: borrow<r>); }",
    "a handle of a resource that comes later": "interface i { use j.{t}; } "
    "interface j { resource a; type t = borrow<a>; }",
    "as many layers as possible": chain(96),
    "as many layers as possible on a handle": chain(96, "r"),
    "a function of as many layers as possible": chain(95).replace("}", "f: func() -> t95; }"),
    "aliases": "interface i { type t0 = u8; " + " ".join(f"type t{n} = t{n - 1};" for n in range(1, 200)) + " }",
    "as many parameters as possible": f"interface i {{ f: func({numbered(1000)}); }}",
    "as many fields as possible": f"interface i {{ record r {{ {numbered(10000)} }} }}",
    "a record of many parts": (
        f"interface i {{ record r {{ {numbered(1000)} }} record q {{ {numbered(997, 'r')} }} }}"
    ),
    "a name of many bytes": f"interface i {{ {long(100_000)}: func(); }}",
    "a method of many bytes": f"interface i {{ resource r {{ {long(99_990)}: func(); }} }}",
    "a static method of many bytes": f"interface i {{ resource r {{ {long(99_990)}: static func(); }} }}",
    "a resource of many bytes": f"interface i {{ resource {long(99_987)} {{ constructor(); }} }}",
    "an interface of many bytes": f"interface {long(99_996)} {{ f: func(); }}",
    "a world of many bytes": f"world {long(99_996)} {{}}",
    "a field of many bytes": f"interface i {{ record r {{ {long(100_000)}: u8 }} }}",
    "a label of many bytes": f"world w {{ import {long(100_000)}: interface {{}} }}",
    "many bytes of documentation": f"/// {long(100_001)}\ninterface i {{}}",
    "a list of less than 256 MiB": "interface i { type t = list<u8, 268435455>; }",
    "a list of not too many tuples": "interface i { type t = list<tuple<u8, u64>, 16777215>; }",
    "a list of not too many results": "interface i { type t = list<result<u8, u16>, 67108863>; }",
}


def found(folder: Path) -> set[str]:
    settings = Settings(preset="none", choices=(RuleChoice(select=tuple(RULES)),))
    return {d.rule or d.code for d in check(load(folder), settings)} - {"experimental-type"}


def is_read(folder: Path) -> bool:
    return reference("component", "wit", folder, "--json").returncode == 0


def is_encoded(folder: Path, *, validated: bool = False) -> bool:
    binary = folder.with_suffix(".wasm")
    is_written = reference("component", "wit", folder, "--wasm", "-o", binary).returncode == 0
    return is_written and (not validated or reference("validate", binary).returncode == 0)


@pytest.mark.parametrize("name", RULES)
def test_what_is_bad_is_read_and_then_refused(name: str, tmp_path: Path) -> None:
    folder = written(example(sections(RULES[name])["Bad"]), tmp_path / "bad")
    assert is_read(folder)
    assert not is_encoded(folder, validated=True)


@pytest.mark.parametrize("name", RULES)
def test_what_is_good_is_not_refused(name: str, tmp_path: Path) -> None:
    folder = written(example(sections(RULES[name])["Good"]), tmp_path / "good")
    assert is_encoded(folder, validated=True)


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_later_is_reported(what: str, tmp_path: Path) -> None:
    rule, text = REFUSED[what]
    folder = package(tmp_path, text)
    assert found(folder) == {rule}
    assert is_read(folder)
    assert not is_encoded(folder)


@pytest.mark.parametrize("what", ACCEPTED)
def test_what_is_within_the_limits_is_not_reported(what: str, tmp_path: Path) -> None:
    folder = package(tmp_path, ACCEPTED[what])
    assert found(folder) == set()
    assert is_encoded(folder)


def test_only_the_first_type_that_is_too_deep_is_reported(tmp_path: Path) -> None:
    folder = package(tmp_path, chain(2000).replace("}", "f: func() -> t2000; }"))
    settings = Settings(preset="none", choices=(RuleChoice(select=("deep-type",)),))
    assert [d.message for d in check(load(folder), settings)] == [
        "`t97` has 97 layers of types: at most 96 are allowed"
    ]


def test_alike_interfaces_of_a_dependency_are_reported_in_the_world(tmp_path: Path) -> None:
    folder = package(tmp_path, "world w { import x:y/store; import x:y/STORE; export x:y/store; }")
    (folder / "deps").mkdir()
    (folder / "deps" / "y.wit").write_text("package x:y; interface store {} interface STORE {}", encoding="utf-8")
    assert found(folder) == {"alike-imports"}
    assert is_read(folder)
    assert not is_encoded(folder)


def package(folder: Path, text: str) -> Path:
    (folder / "p").mkdir()
    (folder / "p" / "p.wit").write_text(f"package a:b;\n{text}\n", encoding="utf-8")
    return folder / "p"
