"""Floor 3: from the resolved model to files in memory; never the disk."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from witkit.bindgen.files import GeneratedFile

if TYPE_CHECKING:
    from witkit.ir.model import Resolve, World

__all__ = ["BACKENDS", "GeneratedFile", "generate"]

BACKENDS: Final = {
    "host": "witkit.bindgen.host",
    "guest": "witkit.bindgen.guest",
}


def generate(
    resolve: Resolve, world: World, backend: str, *, templates: Path | None = None, package: str | None = None
) -> list[GeneratedFile]:
    """The files of one side of `world`, formatted, in order of their paths. The same input gives the same text.

    `backend` is `host` or `guest`; `templates` is a folder whose `BACKEND/NAME.py.jinja` replace the templates
    of the same name; `package` names the Python package (default: the world's name). Raises `WitkitError` for
    what cannot be generated.
    """
    from witkit.bindgen.render import Renderer

    module = import_module(BACKENDS[backend])
    files: list[GeneratedFile] = list(module.generate(resolve, world, Renderer(backend, templates), package))
    return sorted(files, key=lambda file: file.path)
