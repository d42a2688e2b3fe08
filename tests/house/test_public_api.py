"""`import witkit`: the names it offers, and what they cost before they are used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import witkit


@pytest.mark.parametrize("name", witkit.__all__)
def test_a_public_name_can_be_had(name: str) -> None:
    assert getattr(witkit, name) is not None
    assert name in dir(witkit)


def test_nothing_else_is_offered() -> None:
    assert set(witkit._HOMES) | {"__version__"} == set(witkit.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'lod'"):
        _ = witkit.lod  # type: ignore[attr-defined]


def test_importing_witkit_imports_nothing_heavy() -> None:
    code = "import witkit, sys; print(sorted({'lark', 'jinja2', 'wasmtime', 'black', 'click'} & sys.modules.keys()))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"


def test_the_library_does_what_the_command_line_does(repository: Path) -> None:
    loaded = witkit.load(repository / "examples" / "orders" / "wit")
    assert witkit.check(loaded) == ()
    files = witkit.generate(loaded.world("orders"), "host")
    assert "orders/__init__.py" in [str(file.path) for file in files]


def test_a_load_gives_its_worlds_or_says_why_not(tmp_path: Path) -> None:
    (tmp_path / "a.wit").write_text("package a:b;\nworld one {}\nworld two {}\n", encoding="utf-8")
    loaded = witkit.load(tmp_path)
    assert loaded.raise_for_errors() is loaded
    assert [world.name for world in loaded.worlds] == ["one", "two"]
    (tmp_path / "a.wit").write_text("package a:b;\nworld one { import nowhere; }\n", encoding="utf-8")
    broken = witkit.load(tmp_path)
    with pytest.raises(witkit.WitkitError, match="nowhere") as raised:
        broken.raise_for_errors()
    with pytest.raises(witkit.WitkitError, match="nowhere"):
        _ = broken.worlds
    assert raised.value.diagnostics == broken.diagnostics
