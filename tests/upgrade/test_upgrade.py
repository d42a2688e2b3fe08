"""Old WIT becomes today's: what each construct of 2022 is written as, and what has to be reported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.tools import wasm_tools
from tests.work import calls
from witkit.ir import load
from witkit.syntax import nodes, parse_2022
from witkit.text import Source, WitkitError
from witkit.upgrade import Directions, Upgraded, package_name, upgrade

TYPES = """// What goes wrong in a shop.

/// an error
variant error { closed, other(string) } // the last one is rare
type map = list<tuple<string, string>>
resource ticket
/* one order,
   as it was placed */
record order {
  item: string, // its name
  price: float64
  // more to come
}
"""

SHOP = """// A shop.
use { error, order as placed } from types
use * from types

resource shop {
\t// opens a shop
\tstatic open: function(name: string) -> expected<shop, error>
\tclose: func() -> unit
\tplace: func(o: placed, of: list<ticket>, /* how often */ times: option<u32>) -> expected<unit, error>
\tnext: func() -> expected<ticket, unit> // waits
}
"""

HANDLER = """use { order } from types
union any { string, order }
order: func(o: order) -> expected<any, unit>
watch: async function(s: stream<u8, unit>) -> future<unit>
"""


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name.replace('_', '-')}.wit").write_text(text)
    return tmp_path


def written(out: Path, upgraded: Upgraded) -> Path:
    for file in upgraded.files:
        target = out / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(file.text)
    return out


def reported(upgraded: Upgraded) -> list[str]:
    return [f"{d.code} {d.message}" for d in upgraded.diagnostics]


def test_a_folder_of_2022_becomes_a_package(tmp_path: Path, wit_snapshot: SnapshotAssertion) -> None:
    (tmp_path / "old").mkdir()
    old = folder(tmp_path / "old", types=TYPES, shop=SHOP, order_handler=HANDLER)
    upgraded = upgrade(old, package="my:shop@1.0.0")
    text = "\n".join(f"// ==== {file.path}\n{file.text}" for file in upgraded.files)
    assert text == wit_snapshot
    assert reported(upgraded) == [
        "WIT0136 a function and a type are both called `order`, which today's WIT does not allow",
        "WIT0137 the union `any` becomes a variant: its cases get numbers for names",
        "WIT0138 the file does not say who provides `order`: it is taken for an export of the guest",
    ]
    assert load(written(tmp_path / "new", upgraded)).diagnostics == ()
    accepted = wasm_tools.run("component", "wit", tmp_path / "new")
    assert (accepted.returncode, accepted.stderr) == (0, "")
    for comment in re.findall(r"//+(.*)|/\*((?s:.*?))\*/", TYPES + SHOP + HANDLER):
        assert [word for word in " ".join(comment).split() if word not in text] == []


def test_what_is_written_needs_no_second_upgrade(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    first = upgrade(folder(tmp_path / "old", types=TYPES, shop=SHOP), package="my:shop@1.0.0")
    second = upgrade(written(tmp_path / "new", first))
    assert {f.path: f.text for f in second.files} == {f.path: f.text for f in first.files}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a: func() -> expected<u8, unit>", "a: func() -> result<u8>;"),
        ("a: func() -> expected<unit, unit>", "a: func() -> result;"),
        ("a: func() -> unit", "a: func();"),
        ("a: func(b: float32) -> float64", "a: func(b: f32) -> f64;"),
        ("resource r  a: func(x: r, y: list<r>) -> list<r>", "a: func(x: borrow<r>, y: list<borrow<r>>) -> list<r>;"),
        ("resource r  type q = r  a: func(x: q) -> q", "a: func(x: borrow<q>) -> q;"),
        ("resource r  a: func(x: handle r)", "a: func(x: borrow<r>);"),
        ("world: func(include: u8)", "%world: func(%include: u8);"),
        ("variant v { a(unit), b(u8) }", "variant v {\n        a,\n        b(u8),\n    }"),
        ("flags f { a, b }", "flags f {\n        a,\n        b,\n    }"),
    ],
)  # fmt: skip
def test_a_construct_of_2022_as_today(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / "old").mkdir()
    upgraded = upgrade(folder(tmp_path / "old", api=old), package="a:b", given=Directions(imports=frozenset({"api"})))
    assert new in upgraded.files[0].text
    assert load(written(tmp_path / "new", upgraded)).diagnostics == ()


@pytest.mark.parametrize(
    ("old", "finding"),
    [
        ("a: func(b: list<unit>)", "WIT0133 `unit` is not allowed here in today's WIT"),
        ("type t = ticket", "WIT0142 type `ticket` does not exist"),
        ("use { x } from nowhere", "WIT0131 there is no file `nowhere.wit` beside this one"),
        ("use { y } from other  a: func()", "WIT0132 `other.wit` has no type `y`"),
    ],
)
def test_what_cannot_be_said_is_an_error_and_nothing_is_written(tmp_path: Path, old: str, finding: str) -> None:
    upgraded = upgrade(
        folder(tmp_path, api=old, other="type x = u8"), package="a:b", given=Directions(imports=frozenset({"api"}))
    )
    assert reported(upgraded) == [finding]
    assert upgraded.files == ()


def test_a_handle_inside_a_record_becomes_owned_and_is_reported(tmp_path: Path) -> None:
    upgraded = upgrade(folder(tmp_path, api="resource r  record q { a: r }"), package="a:b")
    assert "a: r," in upgraded.files[0].text
    assert [d.code for d in upgraded.diagnostics] == ["WIT0135"]


def test_the_end_of_a_stream_is_reported_as_lost(tmp_path: Path) -> None:
    given = Directions(exports=frozenset({"api"}))
    upgraded = upgrade(folder(tmp_path, api="a: func() -> stream<u8, string>"), package="a:b", given=given)
    assert "-> stream<u8>;" in upgraded.files[0].text
    assert reported(upgraded) == ["WIT0134 a stream has no value at its end any more: `string` is left out"]


def test_directions_can_be_given(tmp_path: Path) -> None:
    old = folder(tmp_path, one_handler="a: func()", two="b: func()")
    given = Directions(imports=frozenset({"one-handler"}), exports=frozenset({"two"}))
    upgraded = upgrade(old, package="a:b", given=given)
    worlds = upgraded.files[-1].text
    assert "world imports {\n    import one-handler;\n}" in worlds
    assert "world exports {\n    export two;\n}" in worlds
    assert upgraded.diagnostics == ()


def test_a_direction_for_what_is_not_there_is_refused(tmp_path: Path) -> None:
    old = folder(tmp_path, handler="a: func()")
    with pytest.raises(WitkitError, match="no interface `handlr`"):
        upgrade(old, package="a:b", given=Directions(exports=frozenset({"handlr"})))
    both = frozenset({"handler"})
    with pytest.raises(WitkitError, match="cannot be both"):
        upgrade(old, package="a:b", given=Directions(both, both))


def test_interfaces_called_like_the_worlds_keep_their_names(tmp_path: Path) -> None:
    upgraded = upgrade(folder(tmp_path, imports="resource r", worlds="type t = u8"), package="a:b@0.1.0")
    assert [str(f.path) for f in upgraded.files] == ["imports.wit", "worlds.wit", "package-worlds.wit"]
    assert "world b-imports {" in upgraded.files[-1].text


def test_2022_needs_a_package_name(tmp_path: Path) -> None:
    with pytest.raises(WitkitError, match="has no packages"):
        upgrade(folder(tmp_path, api="a: func()"))


@pytest.mark.parametrize("text", ["a", "a:b@1", "A b:c", "a:b@1.0.0 ", ""])
def test_a_package_name_is_checked(text: str) -> None:
    with pytest.raises(WitkitError, match="not a package name"):
        package_name(text)


def test_there_has_to_be_something_to_read(tmp_path: Path) -> None:
    with pytest.raises(WitkitError, match="no such folder"):
        upgrade(tmp_path / "nowhere")
    with pytest.raises(WitkitError, match=r"no `\.wit` files"):
        upgrade(tmp_path)
    (tmp_path / "a.wit").write_bytes(b"\xff")
    with pytest.raises(WitkitError, match="not UTF-8"):
        upgrade(tmp_path)


MARKDOWN = """# Title

func text

```wit
type t = u8
```

```py
x
```
~~~wit
resource r
~~~
"""


def test_markdown_is_read_for_its_blocks_of_wit(tmp_path: Path) -> None:
    (tmp_path / "api.wit.md").write_text(MARKDOWN)
    upgraded = upgrade(tmp_path, package="a:b")
    assert upgraded.diagnostics == ()
    assert upgraded.files[0].text == "package a:b;\n\ninterface api {\n    type t = u8;\n\n    resource r;\n}\n"


def test_an_error_in_markdown_has_its_place_in_the_file() -> None:
    source = Source("a.wit.md", "# Title\n```wit\ntype = u8\n```\n")
    (found,) = parse_2022(source, "a").diagnostics
    assert found.primary is not None
    assert source.position(found.primary.start) == (3, 6)
    assert found.message == "expected a name, found `=`"


def test_todays_files_change_in_nothing_but_the_float_types(tmp_path: Path) -> None:
    text = "package a:b; // float64\ninterface i { type t = list<float64>; record float { float64: float32, } }\n"
    own = "package c:d;\ninterface i { type float64 = u8; type u = float64; }\n"
    (tmp_path / "deps" / "c").mkdir(parents=True)
    (tmp_path / "deps" / "c" / "c.wit").write_text(own)
    upgraded = upgrade(folder(tmp_path, api=text))
    assert {str(f.path): f.text for f in upgraded.files} == {
        "api.wit": text.replace("list<float64>", "list<f64>").replace(": float32", ": f32"),
        "deps/c/c.wit": own,
    }


def test_a_wildcard_takes_what_the_file_mentions() -> None:
    parsed = parse_2022(Source("a.wit", "use * from x"), "a")
    (interface,) = parsed.file.items
    assert isinstance(interface, nodes.Interface)
    (use,) = interface.items
    assert isinstance(use, nodes.Use)
    assert use.names == []


def test_types_nested_too_deep_are_a_finding(tmp_path: Path) -> None:
    upgraded = upgrade(folder(tmp_path, api=f"type t = {'list<' * 5000}u8{'>' * 5000}"), package="a:b")
    assert reported(upgraded) == ["WIT0108 types are nested more than 100 deep"]


def test_comments_stay_where_they_are_and_documentation_is_marked_as_such(tmp_path: Path) -> None:
    old = (
        "// about it\n\n// docs\na: func(/* p */ b: list</* x */ u8>) -> /* r */ u8 // after\n"
        "/* e */ enum e { c /* d */ }"
    )
    upgraded = upgrade(folder(tmp_path, api=old), package="a:b", given=Directions(imports=frozenset({"api"})))
    assert upgraded.files[0].text.splitlines()[2:] == [
        "/// about it",
        "interface api {",
        "    /// docs",
        "    a: func(",
        "        /* p */ b: list<u8>, /* x */",
        "    ) -> /* r */ u8; // after",
        "    /** e */ enum e {",
        "        c, /* d */",
        "    }",
        "}",
    ]


def test_many_comments_are_work_in_proportion(tmp_path: Path) -> None:
    def work(number: int) -> int:
        old = folder(tmp_path, api="a: func()\n" + "// x\n" * number + "b: func()\n")
        given = Directions(imports=frozenset({"api"}))
        return calls(lambda: upgrade(old, package="a:b", given=given))

    assert work(2000) < 2.3 * work(1000)
