"""Finds an interpreter of a version: this one, an installed one, or CPython compiled to WebAssembly.

Pyodide is CPython, with its own standard library, that runs in Node.js; `make test` installs the version that the
Makefile pins where npm is there. Its version numbers begin with Python's: 314.0.7 is a Python 3.14.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PYODIDE = Path(sys.prefix) / "pyodide/node_modules/pyodide"
PYODIDE_VERSION = "3.14"


def interpreter(version: str, *, native: bool = False) -> list[str]:
    """The start of a command line that takes `-c PROGRAM`; skips the test if no such interpreter is here.

    The interpreter runs in the current folder and reads `PYTHONPATH`. A `native` one can load wasmtime's library.
    """
    if version == f"{sys.version_info[0]}.{sys.version_info[1]}":
        return [sys.executable]
    installed = _installed(version)
    if installed is not None:
        return [str(installed)]
    if version == PYODIDE_VERSION and not native:
        return _pyodide()
    pytest.skip(f"Python {version} is not installed")


def _pyodide() -> list[str]:
    node = shutil.which("node")
    if node is None or not PYODIDE.exists():
        pytest.skip(f"Python {PYODIDE_VERSION} is not installed, nor is Pyodide, which `make test` installs by npm")
    return [node, str(Path(__file__).with_name("pyodide.mjs")), str(PYODIDE)]


def _installed(version: str) -> Path | None:
    """An interpreter on the path or among those of pyenv; a name on the path may be a shim that starts nothing."""
    found = shutil.which(f"python{version}")
    managed = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    return next((python for python in [*([Path(found)] if found else []), *managed] if _runs(python)), None)


def _runs(python: Path) -> bool:
    return subprocess.run([python, "-c", ""], cwd=Path.home(), capture_output=True).returncode == 0
