"""`witkit.interfaces` is what `witkit gen` makes of `wit/`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from witkit.bindgen import generate
from witkit.ir import load
from witkit.ir.features import Features

REPOSITORY = Path(__file__).resolve().parents[2]
LISTED = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["witkit"]["gen"]

SERVED = {"wit/wasi-config-draft", "wit/wasi-config-draft-2024-09-27"}
"""Versions with the signatures of `wit/wasi-config-rc1`, whose package serves them too."""


def test_every_capability_has_its_package() -> None:
    packages = {f"wit/{path.name}" for path in (REPOSITORY / "wit").iterdir() if path.is_dir()}
    assert sorted(one["wit"] for one in LISTED) == sorted(packages - SERVED)


@pytest.mark.parametrize("listed", LISTED, ids=lambda one: str(one["package"]))
def test_the_committed_package_is_up_to_date(listed: dict[str, Any]) -> None:
    features = Features(frozenset(listed.get("features", ())))
    world = load(REPOSITORY / listed["wit"], features=features).world(listed["world"])
    files = generate(world, listed["target"], package=listed["package"])
    folder = REPOSITORY / listed["out"]
    committed = {p for p in (folder / listed["package"]).rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    assert committed == {folder / file.path for file in files}
    for file in files:
        assert (folder / file.path).read_text(encoding="utf-8") == file.text, f"run `witkit gen`: {file.path}"
