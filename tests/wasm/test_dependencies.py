"""Encoded packages in `deps/`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.ir.conftest import reference
from tests.resolved import json_of
from tests.wasm.encoding import component, encoded, text
from witkit.ir import load

DEPENDENCY = """package x:y@1.0.0;
interface t { resource r; type a = u32; f: func(); }
interface t2 { use t.{r}; g: func(r: r); }
world w { export t2; }
"""
# Another state of the same package.
OTHER = """package x:y@1.0.0;
interface t { resource r; type a = u64; type b = list<a>; f: func(); extra: func(b: b); }
interface t3 { use t.{r}; g: func(r: borrow<r>); }
world w2 { export t3; import inline: interface { record q { a: u8 } } }
"""
MAIN = "package a:a;\ninterface i { use x:y/t@1.0.0.{r}; k: func(l: list<r>); }\n"


@pytest.fixture
def wit(tmp_path: Path) -> Path:
    """A folder `wit` whose package needs `x:y@1.0.0`."""
    return text(tmp_path / "wit", MAIN).parent


@pytest.fixture
def binaries(tmp_path: Path) -> dict[str, Path]:
    """`full`, `other` have x:y@1.0.0; `part` is a package m:m, with what it uses of x:y."""
    folder = tmp_path / "sources"
    text(folder / "part", "package m:m;\ninterface mm { use x:y/t@1.0.0.{r}; h: func() -> list<r>; }\n")
    text(folder / "part" / "deps", DEPENDENCY)
    return {
        "full": encoded(text(folder, DEPENDENCY), folder / "full.wasm"),
        "other": encoded(text(folder, OTHER, "other.wit"), folder / "other.wasm"),
        "part": encoded(folder / "part", folder / "part.wasm"),
    }


def put(wit: Path, binary: Path, name: str) -> None:
    (wit / "deps").mkdir(exist_ok=True)
    (wit / "deps" / name).write_bytes(binary.read_bytes())


@pytest.mark.parametrize(
    "names",
    [["full"], ["part"], ["full", "part"], ["part", "full"], ["full", "other"], ["other", "full"]],
    ids="+".join,
)
def test_they_are_resolved_as_wasm_tools_does(names: list[str], wit: Path, binaries: dict[str, Path]) -> None:
    for place, name in enumerate(names):
        put(wit, binaries[name], f"{place}.wasm")
    assert json.dumps(json_of(load(wit))) == json.dumps(json.loads(reference("component", "wit", wit, "--json").stdout))


def test_text_beside_them_may_need_them_too(wit: Path, binaries: dict[str, Path]) -> None:
    put(wit, binaries["full"], "z.wasm")
    text(wit / "deps" / "t", "package t:t;\ninterface ti { use x:y/t@1.0.0.{a}; }\n")
    assert json.dumps(json_of(load(wit))) == json.dumps(json.loads(reference("component", "wit", wit, "--json").stdout))


def findings(wit: Path) -> list[tuple[str, str]]:
    return [(d.code, d.help) for d in load(wit).diagnostics]


def test_a_package_is_not_to_be_there_as_text_as_well(wit: Path, binaries: dict[str, Path]) -> None:
    put(wit, binaries["part"], "part.wasm")
    text(wit / "deps" / "full", DEPENDENCY)
    assert [code for code, _ in findings(wit)] == ["WIT0502"]


def test_another_version_of_what_is_there_is_named(wit: Path, binaries: dict[str, Path]) -> None:
    put(wit, binaries["full"], "x.wasm")
    text(wit, MAIN.replace("1.0.0", "1.1.0"))
    assert findings(wit) == [("WIT0501", "there is `x:y@1.0.0`: write that version, or add the other one")]


def test_what_an_encoded_package_lacks_is_reported_at_its_place(wit: Path, binaries: dict[str, Path]) -> None:
    put(wit, binaries["full"], "x.wasm")
    text(wit, MAIN.replace("{r}", "{r, rr}").replace("interface i {", "interface i { use x:y/tt@1.0.0.{q};"))
    assert [code for code, _ in findings(wit)] == ["WIT0205", "WIT0206"]


def test_a_component_is_not_a_dependency(wit: Path, tmp_path: Path) -> None:
    put(
        wit, component(text(tmp_path, "package c:c; world w { import f: func(); }"), "w", tmp_path / "c.wasm"), "x.wasm"
    )
    (only,) = load(wit).diagnostics
    assert only.code == "WIT0507"
    assert "component" in only.message
    assert only.file.endswith("x.wasm")


def test_what_a_damaged_one_should_have_is_not_called_missing(wit: Path, binaries: dict[str, Path]) -> None:
    put(wit, binaries["full"], "x.wasm")
    path = wit / "deps" / "x.wasm"
    path.write_bytes(path.read_bytes()[:200])
    assert [code for code, _ in findings(wit)] == ["WIT0507"]


def test_a_lock_knows_what_is_encoded(wit: Path, binaries: dict[str, Path]) -> None:
    put(wit, binaries["full"], "x.wasm")
    lock = '[[packages]]\nname = "x:y"\n[[packages.versions]]\nversion = "{}"\n'
    (wit / "wkg.lock").write_text(lock.format("1.0.0"))
    assert findings(wit) == []
    (wit / "wkg.lock").write_text(lock.format("1.2.0"))
    assert [code for code, _ in findings(wit)] == ["WIT0519"]


def test_the_folders_of_deps_toml_may_keep_them(wit: Path, binaries: dict[str, Path], tmp_path: Path) -> None:
    (wit / "deps.toml").write_text('other = "../elsewhere"\n')
    put(text(tmp_path / "elsewhere", "package o:o;\n").parent, binaries["full"], "x.wasm")
    assert load(wit).resolve is not None


def test_a_world_that_is_there_in_two_forms(wit: Path, binaries: dict[str, Path], tmp_path: Path) -> None:
    other = text(tmp_path, DEPENDENCY.replace("export t2", "import t"), "third.wit")
    put(wit, binaries["full"], "1.wasm")
    put(wit, encoded(other, tmp_path / "third.wasm"), "2.wasm")
    assert reference("component", "wit", wit).returncode == 1
    (only,) = load(wit).diagnostics
    assert only.code == "WIT0507"
    assert "`x:y/w@1.0.0`" in only.message
    assert only.file.endswith("2.wasm")
