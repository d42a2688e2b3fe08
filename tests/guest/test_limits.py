"""What componentize-py cannot build is reported before anything is written, with its place."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command_line import witkit
from tests.generated import write
from tests.guest.building import built
from witkit.bindgen import generate
from witkit.bindgen.guest.c_names import C_NAMES
from witkit.bindgen.guest.limits import check_guest
from witkit.ir import load
from witkit.ir.model import World
from witkit.text import Severity, WitkitError

ORDERS = Path(__file__).resolve().parents[2] / "examples" / "orders"
REFUSED = {
    "WIT0650": ("world w { export f: func(x: map<string, u32>); }", "map<string, u32>"),
    "WIT0651": ("world w { export f: func(x: list<u32, 4>); }", "list<u32, 4>"),
    "WIT0652": ("world w { resource r { get: func(); } }", "r"),
    "WIT0653": ("interface i { resource r; f: func() -> r; } world w { export i; }", "r"),
    "WIT0654": ("world w { export f: func(self: u32); }", "f"),
    "WIT0655": ('interface i { /// says """ here\nf: func(); } world w { import i; }', "f"),
    "WIT0656": ("interface types { resource r { constructor(); } } world w { export types; }", "r"),
    "WIT0659": ("interface i { f: func(); } world w { import other: i; }", "other"),
    "WIT0662": ("world w { record wit-world { a: u8 } export f: func(a: wit-world); }", "wit-world"),
    "WIT0663": ("interface i { record r { mro: u8, a: u8 } f: func(r: r); } world w { import i; }", "r"),
    "WIT0661": ("world w { import read: func(); export write: func(); }", "write"),
}
WARNED = {
    "WIT0657": "interface i { resource r { constructor() -> result<r>; } } world w { import i; }",
    "WIT0660": "world w { import i: interface { f: func(); resource r { m: func(); } } }",
    "WIT0665": "interface i { f: func(); } world w { import i; import imports: func(); }",
    "WIT0658": "interface i { resource r { handle: func(); } } world w { import i; }",
}
DOCS = {
    'interface i { /// says """ here|f: func(); } world w { import i; }': ("f", '`"""`'),
    'interface i { /// says """|/// import os|/// """|f: func(); } world w { import i; export i; }': ("f", '`"""`'),
    f'/// says """ {"-" * 100_000}|world w {{ export f: func(); }}': ("w", '`"""`'),
    r"/// Like C:\Users\me.|world w { export f: func(); }": ("w", r"`\Users`"),
    r"/// Like \\x and \\\x.|world w { export f: func(); }": ("w", r"`\x`"),
    r"world w { /// Like \u12.|export f: func(); }": ("f", r"`\u12`"),
    r"/// Like \N{no such name}.|interface i { f: func(); } world w { export i; }": ("i", r"`\N`"),
    r"world w { /// Like \xg.|record r { a: u8 } export f: func(r: r); }": ("r", r"`\xg`"),
    r"interface i { /// Like \xg.|resource r { m: func(); } } world w { import i; export i; }": ("r", r"`\xg`"),
    r"interface i { /// Like \xg.|type t = u8; f: func(t: t); } world w { import i; }": None,
    r"interface i { record r { /// Like \xg.|a: u8 } f: func(r: r); } world w { import i; }": None,
    r"/// Like \d, \\u, \N{BULLET}, C:\temp, \x41 and a \|world w { export f: func(); }": None,
    r'/// Like \""" and "".|world w { export f: func(); }': None,
}


def _world(text: str, folder: Path) -> World:
    file = folder / "w.wit"
    file.write_text(f"package test:limits;\n{text}\n")
    return load(file).world()


@pytest.mark.parametrize("code", REFUSED)
def test_a_world_that_cannot_be_built_is_refused_at_the_construct(code: str, tmp_path: Path) -> None:
    text, place = REFUSED[code]
    world = _world(text, tmp_path)
    with pytest.raises(WitkitError) as refused:
        generate(world, "guest")
    (problem,) = refused.value.diagnostics
    assert problem.code == code
    assert problem.primary is not None
    assert problem.primary.text == place
    assert problem.help


@pytest.mark.parametrize("text", DOCS, ids=lambda text: text[:60])
def test_documentation_that_python_cannot_read_as_a_string_is_refused(text: str, tmp_path: Path) -> None:
    found = check_guest(_world(text.replace("|", "\n"), tmp_path))
    expected = DOCS[text]
    assert len(found) == bool(expected)
    if expected:
        place, quoted = expected
        assert found[0].code == "WIT0655"
        assert quoted in found[0].message
        assert found[0].primary is not None
        assert found[0].primary.text == place


@pytest.mark.parametrize("code", WARNED)
def test_what_builds_but_cannot_be_called_is_a_warning(code: str, tmp_path: Path) -> None:
    world = _world(WARNED[code], tmp_path)
    (problem,) = check_guest(world)
    assert (problem.code, problem.severity) == (code, Severity.WARNING)
    assert generate(world, "guest")


def test_allow_generates_it_all_the_same(tmp_path: Path) -> None:
    _world(REFUSED["WIT0650"][0], tmp_path)
    command = ["gen", "guest", "w.wit", "-o", "bindings"]
    refused = witkit(*command, cwd=tmp_path)
    assert refused.returncode == 1
    assert "WIT0650" in refused.stderr
    assert not (tmp_path / "bindings").exists()
    assert witkit(*command, "--allow", cwd=tmp_path).returncode == 0
    assert "x: dict[str, int]" in (tmp_path / "bindings" / "wit_world" / "__init__.py").read_text()


OF_THE_WORLD = """interface i { resource q { get: func() -> u32; } }
world w {
  use i.{q as z};
  resource r { constructor(n: u32); get: func() -> u32; twin: static func(a: borrow<r>, b: own<z>) -> own<r>; }
  record pair { left: own<r>, right: option<own<r>> }
  import make: func() -> r;
  import pairs: func(of: list<pair>) -> result<pair, r>;
  export run: func(r: borrow<r>) -> r;
}"""


@pytest.mark.parametrize("text", [*(text for text, _ in REFUSED.values()), OF_THE_WORLD], ids=[*REFUSED, "uses"])
def test_what_allow_generates_can_be_imported(text: str, tmp_path: Path) -> None:
    write(generate(_world(text, tmp_path), "guest", allow=True), tmp_path / "bindings")
    command = [sys.executable, "-c", "import wit_world, wit_world._witkit"]
    done = subprocess.run(command, cwd=tmp_path / "bindings", capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_allow_generates_the_class_of_a_resource_of_the_world(tmp_path: Path) -> None:
    write(generate(_world(OF_THE_WORLD, tmp_path), "guest", allow=True), tmp_path)
    bindings = (tmp_path / "wit_world" / "__init__.py").read_text()
    assert "class R:" in bindings
    assert "def twin(cls, a: Self, b: i.Q) -> Self:" in bindings
    assert '_native.construct(_INTERFACE, "[constructor]r", self, n)' in bindings


def test_allow_does_not_help_an_interface_under_several_names(tmp_path: Path) -> None:
    (tmp_path / "w.wit").write_text(
        "package a:b;\ninterface store { variant v { x, y(u8) } f: func() -> v; }\n"
        "world w { import one: store; import two: store; }\nworld v { import one: store; import store; }\n"
    )
    for world, places in (("w", [3, 3]), ("v", [4])):
        with pytest.raises(WitkitError) as refused:
            generate(load(tmp_path).world(world), "guest", allow=True)
        assert [d.code for d in refused.value.diagnostics] == ["WIT0659"] * len(places)
        lines = [d.primary.source.position(d.primary.start)[0] for d in refused.value.diagnostics if d.primary]
        assert lines == places


def _core_exports(component: bytes) -> list[set[str]]:
    """The functions that each core module of a component exports; of a component's sections, 1 is a core module."""
    return [_export_names(component[start:end]) for id, start, end in _sections(component) if id == 1]


def _export_names(module: bytes) -> set[str]:
    """The functions in a core module's section 7: a count, then for each export its name, its kind and its index."""
    names = set()
    for id, at, _ in _sections(module):
        if id != 7:
            continue
        count, at = _number(module, at)
        for _ in range(count):
            length, at = _number(module, at)
            if module[at + length] == 0:
                names.add(module[at : at + length].decode())
            _, at = _number(module, at + length + 1)
    return names


def _sections(binary: bytes) -> Iterator[tuple[int, int, int]]:
    at = 8
    while at < len(binary):
        size, start = _number(binary, at + 1)
        yield binary[at], start, start + size
        at = start + size


def _number(binary: bytes, at: int) -> tuple[int, int]:
    """A number in LEB128, and where it ends."""
    value = shift = 0
    while True:
        byte = binary[at]
        value, shift, at = value | (byte & 0x7F) << shift, shift + 7, at + 1
        if byte < 0x80:
            return value, at


def test_the_names_of_c_are_those_of_the_libraries_in_a_component(tmp_path: Path) -> None:
    modules = _core_exports(built(ORDERS, "orders", tmp_path).read_bytes())
    (libc,) = [names for names in modules if {"malloc", "printf"} <= names]
    assert {name for name in libc if re.fullmatch("[a-z][a-z0-9]*", name)} - C_NAMES == set()
    assert C_NAMES - set().union(*modules) == set()
