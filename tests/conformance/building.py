"""The guests of `guests/` as components, each built once per content."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.conformance.cases import GUESTS, Guest
from tests.guest.building import built
from tests.tools.componentize_js import componentize
from witkit._resources import data_folder


def component(guest: Guest, language: str, folder: Path) -> Path:
    """The component of a guest in a language, made in an empty folder."""
    project = folder / "project"
    _stage(guest, language, project)
    if language == "javascript":
        return componentize(project, "walk", folder / "component.wasm")
    return built(project, f"conformance/{guest.folder}", folder)


def _stage(guest: Guest, language: str, project: Path) -> None:
    """The sources of a guest as one project, with the WIT that they import."""
    shutil.copytree(GUESTS / guest.folder / language, project)
    shutil.copytree(GUESTS / guest.folder / "wit", project / "wit")
    for package in guest.packages:
        shutil.copytree(data_folder("wit") / package, project / "wit" / "deps" / package)
    suffix = {"javascript": "js", "python": "py"}[language]
    shutil.copyfile(GUESTS / f"transcript.{suffix}", project / f"transcript.{suffix}")
    (project / "pyproject.toml").write_text('[tool.witkit]\nworld = "walk"\n', encoding="utf-8")
