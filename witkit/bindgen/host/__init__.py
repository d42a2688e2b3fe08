"""The host backend: a package with one module for each interface, the world in `__init__`, and `py.typed`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from witkit.bindgen.common.files import GeneratedFile
from witkit.bindgen.common.format import format_generated
from witkit.bindgen.common.header import fingerprint, header
from witkit.bindgen.common.module_names import ModuleNames
from witkit.bindgen.common.naming import package as package_name
from witkit.bindgen.common.render import Renderer
from witkit.bindgen.host.module import interface_values
from witkit.bindgen.host.plan import Plan
from witkit.bindgen.host.world import WorldModule
from witkit.ir.model import World


def generate(
    world: World, renderer: Renderer, package: str | None, *, names: ModuleNames | None = None
) -> Iterator[GeneratedFile]:
    """The files of the host package for `world`. Raises `WitkitError` where a template fails."""
    folder = PurePosixPath(package or package_name(world.name))
    plan = Plan(world, names or ModuleNames())
    for home in plan.homes:
        values = interface_values(plan, home) | {"wit": home.wit}
        yield _file(folder / f"{home.module}.py", "interface.py.jinja", values, renderer)
    yield _file(folder / "__init__.py", "world.py.jinja", WorldModule(plan).values(), renderer)
    yield GeneratedFile(folder / "py.typed", "")


def _file(path: PurePosixPath, template: str, values: dict[str, Any], renderer: Renderer) -> GeneratedFile:
    inputs = fingerprint(sorted(values.items()), renderer.fingerprint)
    text = header(values["wit"], inputs) + "\n" + renderer.render(template, values)
    return GeneratedFile(path, format_generated(text, str(path), own=renderer.is_own))
