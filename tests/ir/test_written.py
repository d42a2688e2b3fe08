"""Packages are printed with their text beside the model, and without it."""

from __future__ import annotations

from pathlib import Path

from tests.resolved import json_of
from witkit.ir import Loaded, load
from witkit.ir.show.wit import to_wit

TEXT = """
package a:b;

interface types { record r { x: u32 } }
world base { use types.{r}; import f: func(x: r); }
world whole { include base with { f as g } export types; }
"""


def loaded(folder: Path, text: str) -> Loaded:
    (folder / "p.wit").write_text(text, encoding="utf-8")
    return load(folder / "p.wit")


def test_a_world_is_printed_with_the_includes_of_its_text(tmp_path: Path) -> None:
    package = loaded(tmp_path, TEXT)
    assert package.resolve is not None
    printed = to_wit(package.resolve, package.written)
    assert "include base with { f as g }" in printed
    assert "import g" not in printed


def test_without_its_text_a_world_is_printed_as_what_it_has_in_the_end(tmp_path: Path) -> None:
    package = loaded(tmp_path, TEXT)
    assert package.resolve is not None
    printed = to_wit(package.resolve)
    assert "include" not in printed
    assert "import g: func(x: r);" in printed
    assert json_of(loaded(tmp_path, printed))["worlds"] == json_of(package)["worlds"]
