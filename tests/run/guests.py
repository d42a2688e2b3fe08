"""Small components for the tests, assembled from the WAT in `components/` by wasm-tools."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.tools import wasm_tools
from witkit._resources import data_folder

SOURCES = Path(__file__).with_name("components")


def assemble(name: str, folder: Path) -> Path:
    """The component `name` of world `name`, made in the folder if it does not exist yet."""
    component = folder / f"{name}.wasm"
    if not component.exists():
        core = folder / f"{name}.core.wasm"
        wasm_tools.component("embed", _package(folder), SOURCES / f"{name}.wat", "--world", name, "-o", core)
        wasm_tools.component("new", core, "-o", component)
    return component


def dummy(package: str | Path, folder: Path, world: str = "imports") -> Path:
    """A component that imports everything of one capability, or of a world of another package, and does nothing."""
    source = data_folder("wit") / package  # a whole path stays as it is
    component = folder / f"{source.name}.dummy.wasm"
    core = component.with_suffix(".core")
    wasm_tools.component("embed", "--dummy", source, "--world", world, "-o", core)
    wasm_tools.component("new", core, "-o", component)
    return component


def _package(folder: Path) -> Path:
    """The guests' WIT, with interfaces that ship among its dependencies."""
    package = folder / "wit"
    if not package.exists():
        shutil.copytree(SOURCES / "wit", package)
        for capability in ("keyvalue", "sql", "blob-store", "wasi-messaging", "wasmcloud-messaging"):
            shutil.copytree(data_folder("wit") / capability, package / "deps" / capability)
    return package
