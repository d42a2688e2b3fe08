"""A guest's interface with dependencies that are elsewhere: built, hashed and copied with them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.guest.building import built
from witkit.componentize import binary, load_config
from witkit.componentize.inputs import content_hash
from witkit.componentize.scaffold import NewGuest, create
from witkit.componentize.target import build_target

WIT = """package test:far;
world far { import named:one/i; import linked:two/i; import beside:three/i; export f: func(); }
"""
APP = """
class WitWorld:
    def f(self):
        pass
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one dependency that `deps.toml` names, one behind a link, and one in a file of `deps`."""
    wit = tmp_path / "project" / "wit"
    (wit / "deps").mkdir(parents=True)
    for folder, package in (("one", "named:one"), ("two", "linked:two")):
        (tmp_path / "shared" / folder / "wit").mkdir(parents=True)
        text = f"package {package};\ninterface i {{ g: func(); }}\n"
        (tmp_path / "shared" / folder / "wit" / "package.wit").write_text(text)
    (wit / "deps.toml").write_text('one = "../../shared/one/wit"\n')
    (wit / "deps" / "two").symlink_to(tmp_path / "shared" / "two" / "wit")
    (wit / "deps" / "three.wit").write_text("package beside:three;\ninterface i { g: func(); }\n")
    (wit / "far.wit").write_text(WIT)
    (tmp_path / "project" / "src").mkdir()
    (tmp_path / "project" / "src" / "app.py").write_text(APP)
    (tmp_path / "project" / "pyproject.toml").write_text('[tool.witkit.build]\npaths = ["src"]\n')
    return tmp_path / "project"


def test_dependencies_that_stand_elsewhere_are_built_in(project: Path, tmp_path: Path) -> None:
    component = built(project, "far", tmp_path)
    own = [name for name in binary.imports(component) if not name.startswith("wasi:")]
    assert own == ["named:one/i", "linked:two/i", "beside:three/i"]


@pytest.mark.parametrize("dependency", ["one", "two"])
def test_a_change_of_a_dependency_that_stands_elsewhere_is_noticed(project: Path, dependency: str) -> None:
    def content() -> str:
        config = load_config(project)
        return content_hash(build_target(config), "1.0")

    before = content()
    file = project.parent / "shared" / dependency / "wit" / "package.wit"
    file.write_text(file.read_text().replace("g:", "h:"))
    assert content() != before


def test_a_new_project_has_a_copy_of_every_dependency(project: Path, tmp_path: Path) -> None:
    create(NewGuest(tmp_path / "copied", project / "wit"))
    copied = tmp_path / "copied" / "wit"
    files = sorted(os.fspath(file.relative_to(copied)) for file in copied.rglob("*") if file.is_file())
    assert files == ["deps/named-one/package.wit", "deps/three.wit", "deps/two/package.wit", "far.wit"]
    assert build_target(load_config(tmp_path / "copied")).world.name == "far"


def test_two_versions_of_a_package_are_copied_to_two_folders(project: Path, tmp_path: Path) -> None:
    wit = project / "wit"
    for version in ("1.0.0", "2.0.0"):
        (tmp_path / version).mkdir()
        text = f"package named:one@{version};\ninterface i {{ g: func(); }}\n"
        (tmp_path / version / "p.wit").write_text(text)
    (wit / "deps.toml").write_text('a = "../../1.0.0"\nb = "../../2.0.0"\n')
    uses = "world far { import named:one/i@1.0.0; import named:one/i@2.0.0; export f: func(); }"
    (wit / "far.wit").write_text(f"package test:far;\n{uses}\n")
    texts = build_target(load_config(project)).wit
    assert {"deps/named-one/p.wit", "deps/named-one-2/p.wit"} <= texts.keys()
