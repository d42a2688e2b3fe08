"""Does a component fit a world: what is found, and that wasm-tools agrees."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bindgen.worlds import everywhere
from tests.checks.dummies import component
from tests.cli.command_line import package
from tests.conftest import REPOSITORY
from tests.guest.building import built
from tests.tools import wasm_tools
from witkit.checks.fits import fits
from witkit.ir import load

HOST = """package test:host@1.2.0;

interface store {
  record order { item: string, quantity: u32 }
  variant failure { missing, other(string) }
  flags access { read, write }
  enum color { red, green }
  resource bucket {
    constructor(name: string);
    get: func(key: string) -> result<order, failure>;
    merge: static func(a: bucket, b: borrow<bucket>) -> bucket;
  }
  type orders = list<order>;
  open: func(name: string, access: access) -> option<bucket>;
  all: func() -> orders;
  paint: func(color: color, at: tuple<u8, u8>);
}

interface handler {
  use store.{bucket};
  handle: func(bucket: borrow<bucket>) -> result<string>;
}

world w {
  import store;
  import log: func(line: string);
  export handler;
  export run: func() -> u32;
}
"""

# What the component has instead of the world's text, and what is said about that.
EDITS = {
    "nothing": ("", "", []),
    "a comment": ("interface store {", "interface store { // x", []),
    "less of an import": ("  all: func() -> orders;\n", "", []),
    "no import": ("  import log: func(line: string);\n", "", []),
    "one more export": ("  export run", "  export stop: func();\n  export run", []),
    "an alias less": ("func() -> orders", "func() -> list<order>", []),
    "a field of another type": (
        "quantity: u32",
        "quantity: u64",
        ["in the result, field `quantity` of `order` is `u64` in the component and `u32` in the world"] * 2,
    ),
    "a field with another name": (
        "quantity:",
        "number:",
        [
            "in the result, `order` is `record { item: string, number: u32 }` in the component"
            " and `record { item: string, quantity: u32 }` in the world"
        ]
        * 2,
    ),
    "another element of a list": (
        "type orders = list<order>",
        "type orders = list<string>",
        ["the result is `list<string>` in the component and `list<order>` in the world"],
    ),
    "another type inside two others": (
        "paint: func(color: color, at: tuple<u8, u8>);",
        "paint: func(color: color, at: tuple<u8, u16>);",
        ["parameter `at` is `tuple<u8, u16>` in the component and `tuple<u8, u8>` in the world"],
    ),
    "another result": (
        "result<string>;\n}\n\nworld",
        "result<u8>;\n}\n\nworld",
        ["the result is `result<u8>` in the component and `result<string>` in the world"],
    ),
    "a case without payload": ("other(string)", "other", ["case `other` of `failure` is nothing in the component"]),
    "one case more": (
        "{ missing,",
        "{ missing, lost,",
        ["`variant { missing, lost, other(string) }` in the component"],
    ),
    "another order of cases": ("red, green", "green, red", ["`enum { green, red }` in the component"]),
    "one flag less": ("read, write", "read", ["parameter `access` is `flags { read }` in the component"]),
    "another length": ("tuple<u8, u8>", "tuple<u8>", ["parameter `at` is `tuple<u8>` in the component"]),
    "no option": ("option<bucket>", "bucket", ["the result is `bucket` in the component and `option<bucket>`"]),
    "a borrow for an own": ("a: bucket,", "a: borrow<bucket>,", ["parameter `a` is `borrow<bucket>` in the component"]),
    "one parameter more": (
        "log: func(line: string)",
        "log: func(line: string, level: u8)",
        ["`log` does not fit: it is `func(line: string, level: u8)` in the component"],
    ),
    "two mistakes in one function": (
        "open: func(name: string, access: access) -> option<bucket>",
        "open: func(name: u8, access: access) -> bucket",
        ["parameter `name` is `u8` in the component and `string` in the world; the result is `bucket`"],
    ),
    "an unknown function": (
        "  all:",
        "  close: func();\n  all:",
        ["imports `test:host/store@1.2.0#close: func()`, which the world's `test:host/store@1.2.0` does not have"],
    ),
    "an unknown import": (
        "  import log",
        "  import lock: func();\n  import log",
        ["the component imports `lock`, which `test:host/w@1.2.0` does not promise"],
    ),
    "an unknown interface": (
        "world w {",
        "interface spare { f: func(); }\nworld w {\n  import spare;",
        ["the component imports `test:host/spare@1.2.0`, which `test:host/w@1.2.0` does not promise"],
    ),
    "an interface of types only": (
        "world w {",
        "interface spare { type t = u8; }\nworld w {\n  import spare;",
        [],
    ),
    "a missing export": (
        "  export run: func() -> u32;\n",
        "",
        ["the component does not export `run`, which a host of `test:host/w@1.2.0` calls"],
    ),
    "a missing interface": (
        "  export handler;\n",
        "",
        ["the component does not export `test:host/handler@1.2.0`, which a host of `test:host/w@1.2.0` calls"],
    ),
    "an exported function less": (
        "  handle: func(bucket: borrow<bucket>) -> result<string>;\n",
        "  other: func(bucket: borrow<bucket>);\n",
        ["`test:host/handler@1.2.0` does not have `test:host/handler@1.2.0#handle: func("],
    ),
    "another type of an export": ("run: func() -> u32", "run: func() -> u8", ["the result is `u8` in the component"]),
}


def said(text: str, folder: Path) -> tuple[list[str], Path]:
    """What is said about a component of a text, and the component."""
    binary = component(text, folder / "component")
    host = package(folder / "host", HOST)
    return [d.message for d in fits(load(binary).world(), load(host).world(), file="w.wasm")], binary


@pytest.mark.parametrize("edit", EDITS)
def test_what_does_not_fit_is_found(edit: str, tmp_path: Path) -> None:
    old, new, expected = EDITS[edit]
    assert old in HOST
    messages, binary = said(HOST.replace(old, new), tmp_path)
    assert len(messages) == len(expected)
    assert [part for part, message in zip(expected, messages, strict=True) if part not in message] == []
    # wasm-tools stops at the first problem, and says no more than that there is one.
    assert _fits_as_wasm_tools_sees_it(binary, tmp_path / "host") is not bool(messages)


def _fits_as_wasm_tools_sees_it(binary: Path, host: Path) -> bool:
    return wasm_tools.run("component", "targets", host, "-w", "w", binary).returncode == 0


@pytest.mark.parametrize(
    ("name", "help"),
    [
        ("clock", "import it in `w` if the host links it, or build the component without it"),
        ("stores", "did you mean `test:host/store@1.2.0`?"),
    ],
)
def test_an_interface_of_the_same_package_is_offered_only_if_its_name_is_near(
    name: str, help: str, tmp_path: Path
) -> None:
    text = HOST.replace("world w {", f"interface {name} {{ f: func(); }}\nworld w {{\n  import {name};")
    host = package(tmp_path / "host", HOST)
    [found] = fits(load(component(text, tmp_path / "c")).world(), load(host).world())
    assert found.help == help


def test_a_host_does_not_know_the_names_of_types(tmp_path: Path) -> None:
    messages, binary = said(HOST.replace("order", "purchase"), tmp_path)
    assert messages == []
    # wasm-tools compares these names, too: a component that is composed with another one needs them.
    assert not _fits_as_wasm_tools_sees_it(binary, tmp_path / "host")


def test_the_text_of_a_component_fits_as_the_component_does(tmp_path: Path) -> None:
    text = HOST.replace("quantity: u32", "quantity: u64").replace(
        "  import log", "  import lock: func();\n  import log"
    )
    binary, host = component(text, tmp_path / "c"), load(package(tmp_path / "host", HOST)).world()
    source = load(package(tmp_path / "text", text)).world()
    from_text = [d.message for d in fits(source, host)]
    assert len(from_text) == 3
    assert sorted(from_text) == sorted(d.message for d in fits(load(binary).world(), host))


@pytest.mark.parametrize(
    ("asks", "is_fitting"),
    [("1.2.0", True), ("1.0.0", True), ("1.9.9", True), ("2.0.0", False), ("0.1.0", False), ("1.2.0-rc.1", False)],
)
def test_versions_of_one_track_fit(asks: str, is_fitting: bool, tmp_path: Path) -> None:
    messages, _ = said(HOST.replace("@1.2.0", f"@{asks}"), tmp_path)
    assert (messages == []) is is_fitting


def test_an_incompatible_version_is_named(tmp_path: Path) -> None:
    source = load(package(tmp_path / "text", HOST.replace("@1.2.0", "@2.0.0"))).world()
    found = fits(source, load(package(tmp_path / "host", HOST)).world())
    assert [d.help for d in found] == [
        "the host links `test:host/store@1.2.0`, which is not compatible",
        "the component exports `test:host/handler@2.0.0`, which is not compatible",
    ]


def test_a_labelled_import_takes_its_label_before_its_interface(tmp_path: Path) -> None:
    text = "package a:b;\ninterface i { f: func(); }\ninterface j { f: func(x: u8); }\nworld w { import i; %s }\n"
    host = load(package(tmp_path / "host", text % "import first: j;")).world()
    other = load(package(tmp_path / "other", text % "import first: i; import second: i;")).world()
    (finding,) = fits(other, host)
    assert finding.message.startswith("`first#f` does not fit")


def test_a_resource_of_another_interface_does_not_fit(tmp_path: Path) -> None:
    text = "package a:b;\ninterface i { resource r; }\ninterface j { resource r; }\n%s\nworld w { import k; }\n"
    used = "interface k { use %s.{r}; f: func(r: r); }"
    worlds = [load(package(tmp_path / name, text % (used % name))).world() for name in "ij"]
    found = [d.message for d in fits(*worlds)]
    assert found == [
        "the component imports `a:b/i`, which `a:b/w` does not promise",
        "`a:b/k#f` does not fit: parameter `r` is the resource `r` of `a:b/i` in the component"
        " and the resource `r` of `a:b/j` in the world",
    ]


def test_findings_show_the_place_of_the_promise(tmp_path: Path) -> None:
    text = HOST.replace("quantity: u32", "quantity: u64").replace("  export run: func() -> u32;\n", "")
    source = load(package(tmp_path / "text", text)).world()
    found = fits(source, load(package(tmp_path / "host", HOST)).world(), file="w.wasm")
    assert [(d.file, [related.span.text for related in d.related]) for d in found] == [
        ("w.wasm", ["get"]),
        ("w.wasm", ["all"]),
        ("w.wasm", ["run"]),
    ]


@pytest.mark.parametrize(
    ("asks", "release", "is_fitting"),
    [
        ("wasi:io/streams@0.2.3", "0.2.9", True),
        ("wasi:io/streams@0.2.9", "0.2.9", True),
        ("wasi:io/streams@0.2.9", "0.2.3", False),
        ("wasi:io/streams@0.2.9", "0.3.1", False),
        ("wasi:clocks/system-clock@0.3.0", "0.3.1", True),
        ("wasi:clocks/timezone@0.2.9", "0.2.9", False),
        ("wasi:http/types@0.2.9", "0.2.9", False),
    ],
)
def test_a_release_of_wasi_can_be_promised(asks: str, release: str, is_fitting: bool, tmp_path: Path) -> None:
    name, _, version = asks.partition("@")
    space, _, interface = name.partition("/")
    package(tmp_path / "deps" / "d", f"package {space}@{version};\ninterface {interface} {{ f: func(); }}\n")
    source = load(package(tmp_path, f"package a:b;\nworld w {{ import {asks}; }}\n")).world()
    host = load(package(tmp_path / "host", "package a:host;\nworld w {}\n")).world()
    assert len(fits(source, host)) == 1
    assert (fits(source, host, wasi=release) == []) is is_fitting


def test_types_in_types_take_time_in_proportion(tmp_path: Path) -> None:
    lines = "\n".join(f"type t{n} = tuple<t{n - 1}, t{n - 1}>;" for n in range(1, 60))
    text = f"package a:b;\ninterface i {{ type t0 = u8;\n{lines}\nf: func(x: t59); }}\nworld w {{ import i; }}\n"
    one, other = (load(package(tmp_path / name, text)).world() for name in ("one", "other"))
    assert fits(one, other) == []


def test_what_was_built_for_a_world_fits_it(tmp_path: Path) -> None:
    orders = REPOSITORY / "examples" / "orders"
    world = load(orders / "wit").world("orders")
    built_component = load(built(orders, "orders", tmp_path)).world()
    assert fits(built_component, world, wasi="0.2.9") == []
    # componentize-py's own needs are of WASI, which this world does not mention.
    needed = [d.message for d in fits(built_component, world)]
    assert needed
    assert all("imports `wasi:" in message for message in needed)


def test_every_world_fits_itself() -> None:
    worlds = [each.world for each in everywhere("codegen")]
    assert len(worlds) > 10
    assert [world for world in worlds if fits(world, world)] == []
