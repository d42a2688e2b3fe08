"""Packages of `wit/` as wasm-tools reads them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.tools import wasm_tools
from witkit._resources import data_folder

WIT = data_folder("wit")
PACKAGES = sorted(folder.name for folder in WIT.iterdir() if folder.is_dir())
"""The folders of `wit/`."""


def reference(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return wasm_tools.run("component", "wit", *arguments)


@cache
def resolve(folder: Path) -> dict[str, Any]:
    """The JSON of the package in a folder."""
    answer = reference("--json", folder)
    assert answer.returncode == 0, answer.stderr
    read: dict[str, Any] = json.loads(answer.stdout)
    return read


def documented(folder: Path, *, members: bool = True) -> Iterator[tuple[str, bool]]:
    """Everything that can carry a doc comment: its path, and whether it has one. `members` are cases and fields."""
    read = resolve(folder)
    for kind in ("packages", "interfaces", "worlds"):
        yield from ((f"{kind}: {item['name']}", "docs" in item) for item in read[kind])
    for interface in read["interfaces"]:
        for name, function in interface["functions"].items():
            yield f"{interface['name']}.{name}", "docs" in function
    for definition in read["types"]:
        kind = definition["kind"]
        used = isinstance(kind, dict) and isinstance(kind.get("type"), int)
        if definition["name"] is None or used:
            continue
        yield f"type {definition['name']}", "docs" in definition
        for part in parts(kind) if members else ():
            yield f"{definition['name']}.{part['name']}", "docs" in part


def parts(kind: Any) -> list[dict[str, Any]]:
    """The cases or fields of a type."""
    if not isinstance(kind, dict):
        return []
    shape = next(iter(kind.values()))
    return list(shape.get("cases") or shape.get("fields") or []) if isinstance(shape, dict) else []
