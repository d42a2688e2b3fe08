"""The host package: one module per interface, the world in `__init__`, and `py.typed`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from witkit.bindgen.common.naming import package as package_name
from witkit.bindgen.common.templates import Templates
from witkit.bindgen.host.module import interface_values
from witkit.bindgen.host.plan import PackagePlan
from witkit.bindgen.host.world import WorldModule
from witkit.bindgen.target import FileDraft, GenerationRequest
from witkit.ir.decode.placeholders import is_nameless
from witkit.ir.model import World


def drafts(world: World, request: GenerationRequest, templates: Templates) -> Iterator[FileDraft]:
    """The files of the package for `world`. Raises `WitkitError` if a template fails."""
    folder = PurePosixPath(request.package or _package_name(world, request.source))
    plan = PackagePlan(world, request.names, arrays=bool(request.settings.get("arrays")))
    for home in plan.homes:
        text = templates.render("interface.py.jinja", interface_values(plan, home) | {"wit": home.wit})
        yield FileDraft(folder / f"{home.module}.py", text, home.wit)
    text = templates.render("world.py.jinja", WorldModule(plan).values())
    yield FileDraft(folder / "__init__.py", text, world.qualified_name)
    yield FileDraft(folder / "py.typed", "")


def _package_name(world: World, source: Path | None) -> str:
    """The name of the world, or that of its file if nothing in a binary names the world."""
    if source is None or not is_nameless(world):
        return package_name(world.name)
    name = package_name(source.name.partition(".")[0])
    return name if name.isidentifier() else f"component_{name}".rstrip("_")
