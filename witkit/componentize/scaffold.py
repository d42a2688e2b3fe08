"""Create the project of a new guest: interface, code, tests and settings that work at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from witkit._resources import data_folder
from witkit.bindgen import generate
from witkit.bindgen.common.format import format_python
from witkit.bindgen.common.templates import Templates
from witkit.bindgen.guest.limits import refuse_unbuildable
from witkit.bindgen.guest.skeleton import skeleton
from witkit.bindgen.guest.target import GUEST, WORLD_MODULE
from witkit.componentize.new_folder import check_name, check_place, name_of, write_files
from witkit.componentize.wit_copy import self_contained, write
from witkit.ir import Loaded, load
from witkit.ir.model import World
from witkit.text import Diagnostic, WitkitError

_IGNORED: Final = "__pycache__/\n.venv/\n.witkit/\n*.wasm\n"


@dataclass(frozen=True, slots=True)
class NewGuest:
    """A project to create in `folder`, for an existing interface (`wit`) or for a small one of its own.

    `world` chooses a world of `wit`. Without `wit`, it is the name of the new world, by default that of the project.
    """

    folder: Path
    wit: Path | None = None
    world: str | None = None

    @property
    def name(self) -> str:
        """The name of the folder, even if it is given as `.` or `..`."""
        return name_of(self.folder)


@dataclass(frozen=True, slots=True)
class Created:
    """The created files, and warnings about what the guest cannot do with its interface."""

    files: list[Path]
    warnings: list[Diagnostic]


def create(new: NewGuest) -> Created:
    """Write the project. Raises `WitkitError`, and then leaves nothing behind.

    Without `wit`, the project starts with a small interface of its own, so that you can test, build and run it at once.
    With `wit`, that package is copied, and `app.py` has a class to complete for each export.
    """
    check_name(new.name, "package")
    if new.wit is None and new.world is not None:
        check_name(new.world, "world")
    check_place(new.folder)
    templates = Templates("new/guest")
    interface, loaded = _interface(new, templates)
    world = loaded.world(new.world)
    warnings = refuse_unbuildable(world)
    files = {f"wit/{name}": text for name, text in interface.items()} | dict(_files(new, templates, loaded, world))
    return Created(write_files(new.folder, files), warnings)


def _interface(new: NewGuest, templates: Templates) -> tuple[dict[str, str], Loaded]:
    """The files of the project's `wit`, and the loaded package."""
    if new.wit is not None:
        loaded = _loaded(new.wit)
        return self_contained(loaded), loaded
    interface = dict(_started(new, templates))
    with TemporaryDirectory(prefix="witkit-new-") as temporary:
        return interface, _loaded(write(interface, Path(temporary)))


def _files(new: NewGuest, templates: Templates, loaded: Loaded, world: World) -> Iterator[tuple[str, str]]:
    skeletons = skeleton(world, WORLD_MODULE)
    values: dict[str, Any] = {
        "name": new.name,
        # A world of a dependency needs its full name.
        "world": world.name if loaded.package and world in loaded.package.worlds.values() else world.qualified_name,
        "component": f"{world.name}.wasm",
        "modules": [module.name for module in skeletons],
    }
    yield "pyproject.toml", templates.render("pyproject.toml.jinja", values)
    yield "README.md", templates.render("README.md.jinja", values)
    yield ".gitignore", _IGNORED
    for file in generate(world, GUEST, allow=True):  # worlds that cannot be built were rejected before
        yield f"bindings/{file.path}", file.text
    if new.wit is None:
        yield "app.py", templates.render("start.py.jinja", values)
        yield "tests/test_app.py", templates.render("tests/start.py.jinja", values)
        return
    for module in skeletons:
        text = templates.render(
            "app.py.jinja", {**values, "imports": module.imports, "aliases": module.aliases, "classes": module.classes}
        )
        yield f"{module.name}.py", format_python(text)
    yield "tests/test_app.py", templates.render("tests/app.py.jinja", values)


def _started(new: NewGuest, templates: Templates) -> Iterator[tuple[str, str]]:
    """The interface that a project starts with, and its dependencies."""
    shipped = (data_folder("wit") / "keyvalue" / "keyvalue.wit").read_text(encoding="utf-8")
    version = re.search(r"^package [^;@]*@([^;]+);", shipped, re.MULTILINE)
    assert version is not None
    values = {"name": new.name, "world": new.world or new.name, "keyvalue": version[1]}
    yield f"{new.name}.wit", templates.render("start.wit.jinja", values)
    yield "deps/keyvalue/keyvalue.wit", shipped
    yield "deps/cli/run.wit", templates.render("cli.wit.jinja", {})


def _loaded(place: Path) -> Loaded:
    loaded = load(place)
    if loaded.resolve is None or any(d.is_error for d in loaded.diagnostics):
        raise WitkitError(loaded.diagnostics)
    return loaded
