"""Components of a world that do nothing but state it, as wasm-tools makes them."""

from __future__ import annotations

from pathlib import Path

from tests.tools import wasm_tools


def component(text: str, folder: Path, world: str = "w") -> Path:
    """A component of a world of the package with this text. Each of its functions traps."""
    folder.mkdir(parents=True, exist_ok=True)
    wit, core, made = folder / "w.wit", folder / "core.wasm", folder / "w.wasm"
    wit.write_text(text, encoding="utf-8")
    wasm_tools.component("embed", "--dummy", "--all-features", "-w", world, wit, "-o", core)
    wasm_tools.component("new", core, "-o", made)
    return made
