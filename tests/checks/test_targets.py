"""The limits of tools: found by `check --target`, and real."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.checks.dummies import component
from tests.cli.command_line import package, witkit
from tests.guest.test_limits import REFUSED, WARNED
from witkit.bindgen.guest.limits import check_guest
from witkit.checks import check
from witkit.checks.features import Feature
from witkit.checks.settings import TARGETS, Settings, target_version
from witkit.checks.table import own_rules
from witkit.checks.targets.componentize_py import RULES
from witkit.checks.targets.limits import TOOLS
from witkit.checks.targets.wasmtime_py import LIMITS
from witkit.ir import load

FEATURES = {
    Feature.MAP: "interface i { f: func(x: map<string, u32>); }",
    Feature.FIXED_LENGTH_LIST: "interface i { f: func(x: list<u8, 4>); }",
    Feature.ERROR_CONTEXT: "interface i { f: func(x: error-context); }",
    Feature.STREAM: "interface i { f: func(x: stream<u8>); }",
    Feature.FUTURE: "interface i { f: func(x: future<u8>); }",
    Feature.ASYNC: "interface i { f: async func(x: u32); }",
    Feature.LABEL: "interface i { f: func(); } world w { import other: i; }",
    Feature.EXTERNAL_ID: 'interface i { f: func(); } world w { @external-id("x") import g: func(); }',
}
WORLD = {Feature.ASYNC: "world w { import i; }"}
REFUSALS = {
    Feature.MAP: "Maps require",
    Feature.FIXED_LENGTH_LIST: "Fixed-length lists require",
    Feature.ERROR_CONTEXT: "`error-context` requires",
    Feature.STREAM: "Stream conversion not implemented",
    Feature.FUTURE: "Future conversion not implemented",
    Feature.ASYNC: "type mismatch with async",
    Feature.LABEL: "`cm-implements` feature is not active",
    Feature.EXTERNAL_ID: "`cm-implements` feature is not active",
}
# What componentize-py refuses within seconds. It takes half a minute for each of the others.
FAILURES = {
    "WIT0650": "not yet implemented: map",
    "WIT0651": "not yet implemented: fixed-length-list",
    "WIT0659": "expected `/`, found ';'",
    "WIT0661": "duplicate items detected",
}


def found(folder: Path, target: str) -> list[tuple[str, str, str]]:
    findings = check(load(folder), Settings(preset="minimal", target=target))
    return [(d.rule, d.message, d.primary.text if d.primary else "") for d in findings if d.code.startswith("WIT17")]


def text_of(feature: Feature) -> str:
    world = "" if "world" in FEATURES[feature] else WORLD.get(feature, "world w { export i; }")
    return f"package test:limits;\n{FEATURES[feature]}\n{world}\n"


@pytest.mark.parametrize("code", [*REFUSED, *WARNED])
def test_what_gen_guest_reports_is_a_limit_of_componentize_py(code: str, tmp_path: Path) -> None:
    text = REFUSED[code][0] if code in REFUSED else WARNED[code]
    folder = package(tmp_path, f"package test:limits;\n{text}\n")
    (problem,) = check_guest(load(folder).world())
    assert problem.primary is not None
    assert found(folder, "componentize-py@0.25.1") == [(RULES[code], problem.message, problem.primary.text)]
    assert {rule.severity for rule in own_rules() if rule.name == RULES[code]} == {problem.severity}


@pytest.mark.parametrize("code", FAILURES)
def test_a_limit_of_componentize_py_is_real(code: str, tmp_path: Path) -> None:
    folder = package(tmp_path, f"package test:limits;\n{REFUSED[code][0]}\n")
    (tmp_path / "app.py").write_text("import wit_world\n\n\nclass WitWorld(wit_world.WitWorld):\n    pass\n")
    tool = Path(sys.executable).with_name("componentize-py")
    command: list[str | Path] = [
        tool,
        "-d",
        folder,
        "-w",
        "w",
        "componentize",
        "app",
        "-p",
        folder,
        "-o",
        tmp_path / "w.wasm",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert FAILURES[code] in done.stderr


def test_every_tool_has_measured_versions() -> None:
    assert TOOLS.keys() == TARGETS.keys()
    assert target_version("wasmtime-py") == ("wasmtime-py", "50.0.1")
    assert target_version("wasmtime-py@49.0.0") == ("wasmtime-py", "49.0.0")


@pytest.mark.parametrize("target", ["jcu", "jco@9.9.9", "jco@", ""])
def test_a_target_that_nobody_measured_is_wrong_use(target: str, tmp_path: Path) -> None:
    done = witkit("check", package(tmp_path), "--target", target, cwd=tmp_path)
    assert done.returncode == 2
    assert "componentize-py@0.25.1, jco@1.35.0, wasmtime-py@49.0.0, wasmtime-py@50.0.1" in " ".join(done.stderr.split())


@pytest.mark.parametrize("feature", Feature, ids=lambda feature: feature.name.lower())
def test_a_limit_of_wasmtime_py_is_found(feature: Feature, tmp_path: Path) -> None:
    ((rule, message, _),) = found(package(tmp_path, text_of(feature)), "wasmtime-py")
    assert (rule, message) == LIMITS[feature][:2]


@pytest.mark.parametrize("feature", Feature, ids=lambda feature: feature.name.lower())
def test_a_limit_of_wasmtime_py_is_real(feature: Feature, tmp_path: Path) -> None:
    binary = component(text_of(feature), tmp_path)
    with pytest.raises(Exception, match=REFUSALS[feature]):
        used_with_wasmtime_py(binary)


def test_wasmtime_py_carries_the_rest(tmp_path: Path) -> None:
    text = "package test:limits;\ninterface i { f: func(x: u32); }\nworld w { import i; export i; }\n"
    assert found(package(tmp_path / "wit", text), "wasmtime-py") == []
    with pytest.raises(Exception, match="unreachable"):
        used_with_wasmtime_py(component(text, tmp_path))


def used_with_wasmtime_py(binary: Path) -> None:
    """Compile and instantiate a component with everything that it imports, and call what it exports with 1."""
    import wasmtime
    from wasmtime import component as api

    engine = wasmtime.Engine()
    compiled = api.Component.from_file(engine, str(binary))
    linker, store = api.Linker(engine), wasmtime.Store(engine)
    with linker.root() as root:
        for name, imported in compiled.type.imports(engine).items():
            assert isinstance(imported.ty, api.ComponentInstanceType)
            with root.add_instance(name) as instance:
                for function in imported.ty.exports(engine):
                    instance.add_func(function, lambda *_: None)
    live = linker.instantiate(store, compiled)
    for name, exported in compiled.type.exports(engine).items():
        assert isinstance(exported.ty, api.ComponentInstanceType)
        outer = live.get_export_index(store, name)
        for function in exported.ty.exports(engine):
            index = live.get_export_index(store, function, outer)
            assert index is not None
            called = live.get_func(store, index)
            assert called is not None
            called(store, 1)


def test_a_limit_in_a_dependency_is_reported_at_the_world(tmp_path: Path) -> None:
    package(tmp_path / "deps" / "b", "package a:b;\ninterface i { f: async func(); }\n", "b.wit")
    folder = package(tmp_path, "package test:limits;\nworld w { import a:b/i; }\nworld v { import a:b/i; }\n")
    assert found(folder, "wasmtime-py") == [
        ("unsupported-item", "wasmtime-py can neither provide nor call an `async func`", "w")
    ]
    (finding,) = check(load(folder), Settings(preset="minimal", target="wasmtime-py"))
    assert [related.span.text for related in finding.related] == ["f"]


def test_without_a_target_no_tool_is_asked(tmp_path: Path) -> None:
    folder = package(tmp_path, f"package test:limits;\n{REFUSED['WIT0650'][0]}\n")
    assert not [d for d in check(load(folder), Settings(preset="minimal")) if d.code.startswith("WIT17")]
