"""Components of a world that do nothing but state it, as wasm-tools makes them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def component(text: str, folder: Path, world: str = "w") -> Path:
    """A component of a world of the package with this text. Each of its functions traps."""
    folder.mkdir(parents=True, exist_ok=True)
    wit, core, made = folder / "w.wit", folder / "core.wasm", folder / "w.wasm"
    wit.write_text(text, encoding="utf-8")
    _tool("embed", "--dummy", "--all-features", "-w", world, wit, "-o", core)
    _tool("new", core, "-o", made)
    return made


def _tool(*arguments: str | Path) -> None:
    tool = Path(sys.executable).with_name("wasm-tools")
    done = subprocess.run([tool, "component", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
