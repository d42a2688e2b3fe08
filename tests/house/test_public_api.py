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
