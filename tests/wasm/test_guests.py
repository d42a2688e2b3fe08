"""Guests whose interface, or a part of it, is there as a binary."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command_line import witkit
from tests.wasm.encoding import component, encoded, text
from witkit.componentize.wit_copy import self_contained, write
from witkit.ir import load
from witkit.ir.show.outline import to_tree

DEPENDENCY = """/// Says what the time is.
package test:clock@0.1.0;
interface clock { resource timer { seconds: func() -> u64; } }
"""
GUEST = "package test:guest;\nworld guest { import test:clock/clock@0.1.0; export run: func() -> string; }\n"


def outline(path: Path) -> str:
    """What a package holds; one that is nested in a file is not a dependency."""
    resolve = load(path).resolve
    assert resolve is not None
    return to_tree(resolve).replace("  (dependency)", "")


def test_what_is_built_has_encoded_dependencies_as_text(tmp_path: Path) -> None:
    wit = text(tmp_path / "wit", GUEST).parent
    encoded(text(tmp_path, DEPENDENCY), wit / "deps" / "clock.wasm")
    copied = self_contained(load(wit))
    assert sorted(copied) == ["deps/test-clock.wit", "p.wit"]
    assert copied["deps/test-clock.wit"].startswith("/// Says what the time is.\npackage test:clock@0.1.0;\n")
    assert outline(write(copied, tmp_path / "copy")) == outline(wit)


def test_a_guest_can_be_started_for_the_world_of_a_component(tmp_path: Path) -> None:
    text(tmp_path / "wit" / "deps", DEPENDENCY)
    component(text(tmp_path / "wit", GUEST).parent, "guest", tmp_path / "other.wasm")
    started = witkit("new", "guest", "mine", "--wit", "other.wasm", cwd=tmp_path)
    assert started.returncode == 0, started.stderr
    assert outline(tmp_path / "mine" / "wit") == outline(tmp_path / "other.wasm")
    assert "def run(self) -> str:" in (tmp_path / "mine" / "app.py").read_text(encoding="utf-8")
