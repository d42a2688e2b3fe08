"""Guests under Python: a project with its interface and its module."""

from __future__ import annotations

import shutil
from pathlib import Path

from witkit._resources import data_folder


def project(folder: Path, world: str, app: str, *capabilities: str) -> Path:
    """A project of a guest for this world, with the interfaces of capabilities; its module's file."""
    home = folder / "project"
    (home / "wit" / "deps").mkdir(parents=True)
    for capability in capabilities:
        shutil.copytree(data_folder("wit") / capability, home / "wit" / "deps" / capability)
    (home / "wit" / "world.wit").write_text(f"package example:project@0.1.0;\n{world}")
    (home / "app.py").write_text(app)
    return home / "app.py"
