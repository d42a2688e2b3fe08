"""One run reports every independent error, each at its place, with a way out."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.ir.conftest import HERE, REJECTED, reference
from witkit.ir import ALL, Loaded, load
from witkit.text import Severity
from witkit.text.render_text import render


def read(tmp_path: Path, text: str) -> Loaded:
    (tmp_path / "p.wit").write_text(text, encoding="utf-8")
    return load(tmp_path / "p.wit")


def messages(loaded: Loaded) -> list[str]:
    return [d.message for d in loaded.diagnostics]


@pytest.mark.parametrize("path", REJECTED, ids=lambda p: p.stem)
def test_what_is_said_about(path: Path, text_snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE / "rejected")
    assert render(load(path.name).diagnostics) == text_snapshot


@pytest.mark.parametrize("path", REJECTED, ids=lambda p: p.stem)
def test_every_finding_has_a_place_and_a_way_out(path: Path) -> None:
    for d in load(path).diagnostics:
        assert d.help, d
        assert d.primary is not None or d.file, d
        assert not d.message.endswith(".")


def test_nothing_is_resolved_where_there_is_an_error(tmp_path: Path) -> None:
    loaded = read(tmp_path, "package a:b; interface i { f: func(x: nope); }")
    assert (loaded.resolve, loaded.package, loaded.is_clean) == (None, None, False)


def test_an_unknown_type_is_reported_once_for_each_mention_and_not_for_what_contains_it(tmp_path: Path) -> None:
    text = "package a:b; interface i { type x = list<nope>; record r { y: x } f: func(a: r) -> x; }"
    assert messages(read(tmp_path, text)) == ["type `nope` does not exist"]


def test_an_unknown_interface_makes_no_noise_about_the_names_it_would_bring(tmp_path: Path) -> None:
    text = "package a:b; interface i { use nope.{r, t}; f: func(a: borrow<r>) -> t; }"
    assert messages(read(tmp_path, text)) == ["interface or world `nope` does not exist"]


def test_a_missing_package_is_reported_at_its_first_mention_only(tmp_path: Path) -> None:
    text = "package a:b; interface i { use c:d/e.{t}; use c:d/f.{u}; g: func(t: t, u: u); }"
    assert messages(read(tmp_path, text)) == ["package `c:d` not found"]


def test_what_a_syntax_error_may_have_swallowed_is_not_missed(tmp_path: Path) -> None:
    text = "package a:b; interface i { record t { x: } } interface j { use i.{t}; f: func(x: t); }"
    assert [d.code[:5] for d in read(tmp_path, text).diagnostics] == ["WIT01"]


def test_a_definition_that_a_later_use_hides_is_a_warning(tmp_path: Path) -> None:
    text = "package a:b; interface i { record t { x: u32 } use j.{t}; } interface j { type t = u8; }"
    loaded = read(tmp_path, text)
    assert loaded.is_clean
    assert [d.severity for d in loaded.diagnostics] == [Severity.WARNING]


def test_an_item_that_is_there_in_another_version_is_named(tmp_path: Path) -> None:
    text = "package a:b; interface i { use c:d/e@1.1.0.{t}; } package c:d@1.0.0 { interface e { type t = u8; } }"
    (found,) = read(tmp_path, text).diagnostics
    assert found.message == "package `c:d@1.1.0` not found"
    assert "`c:d@1.0.0`" in found.help


@pytest.mark.parametrize(
    "text",
    [
        "package a:b; interface i { "
        + "".join(f"type a{i} = list<a{i - 1}>; " for i in range(1, 4000))
        + "type a0 = u8; }",
        "package a:b; interface i0 { type t = u8; } "
        + "".join(f"interface i{i} {{ use i{i - 1}.{{t}}; }} " for i in range(1, 2000))
        + "world w { export i1999; } world v { import i1999; include w; }",
        "package a:b; world w0 { resource r; } "
        + "".join(f"world w{i} {{ include w{i - 1}; }} " for i in range(1, 1500)),
        "package a:b; "
        + "".join(f"package a:p{i} {{ interface i {{ use a:p{i - 1}/i.{{t}}; }} }} " for i in range(1, 800))
        + "package a:p0 { interface i { type t = u8; } }",
    ],
    ids=["types", "interfaces", "worlds", "packages"],
)
def test_long_chains_are_resolved(tmp_path: Path, text: str) -> None:
    (tmp_path / "p.wit").write_text(text, encoding="utf-8")
    assert load(tmp_path / "p.wit", features=ALL).is_clean


def test_a_long_circle_is_one_finding(tmp_path: Path) -> None:
    text = "package a:b; " + "".join(f"interface i{i} {{ use i{(i + 1) % 2000}.{{t}}; }} " for i in range(2000))
    assert messages(read(tmp_path, text)) == ["interface or world `i1` depends on itself"]


@pytest.mark.parametrize(
    ("renames", "name", "help"),
    [
        ("nope as x", "nope", "`base` has these names to rename: `log`, `r`, `run`"),
        ("i as x", "i", "`base` has these names to rename: `log`, `r`, `run`"),
        ("log as l, lgo as x", "lgo", "did you mean `log`?"),
    ],
)
def test_a_rename_of_nothing_is_marked_and_offered_what_there_is(
    renames: str, name: str, help: str, tmp_path: Path
) -> None:
    base = "world base { import log: func(); export run: func(); import i; resource r { m: func(); } }"
    text = f"package a:b; interface i {{}} {base} world w {{ include base with {{ {renames} }} }}"
    (found,) = read(tmp_path, text).diagnostics
    assert (found.code, found.primary and found.primary.text, found.help) == ("WIT0216", name, help)


def test_a_world_of_interfaces_alone_has_nothing_to_rename(tmp_path: Path) -> None:
    text = "package a:b; interface i {} world base { import i; } world w { include base with { i as x } }"
    (found,) = read(tmp_path, text).diagnostics
    assert found.help.startswith("nothing in `base` can be renamed")


KEPT = """package a:b@1.0.0;
interface i {{
  @since(version = 1.0.0) record item {{ data: list<u8> }}
  @unstable(feature = x) variant failure {{ a, b }}
  @unstable(feature = x) {}
}}
"""


@pytest.mark.parametrize("type_", ["result<list<u8>, failure>", "tuple<item, failure>", "map<string, failure>"])
def test_a_type_that_wasm_tools_gates_by_another_part_is_explained(type_: str, tmp_path: Path) -> None:
    loaded = read(tmp_path, KEPT.format(f"f: func() -> {type_};"))
    judged = reference("component", "wit", tmp_path / "p.wit", "--json")
    if type_.startswith("map"):
        assert loaded.is_clean
        assert judged.returncode == 0
        return
    assert judged.returncode == 1
    (found,) = loaded.diagnostics
    assert found.message == f"`{type_}` has a different gate from `failure` in it, whose feature is not enabled"
    assert "wasm-tools#2210" in found.help
    assert f"`@unstable(feature = x) type … = {type_};`" in found.help
    assert "`--features x`" in found.help


@pytest.mark.parametrize("type_", ["result<list<u8>, failure>", "tuple<item, failure>"])
def test_a_name_with_its_own_gate_is_the_way_out(type_: str, tmp_path: Path) -> None:
    text = KEPT.format(f"type named = {type_}; @unstable(feature = x) f: func() -> named;")
    assert read(tmp_path, text).is_clean
    assert reference("component", "wit", tmp_path / "p.wit", "--json").returncode == 0
