"""Floor 3: from the resolved model to files in memory; never the disk."""

from __future__ import annotations

import keyword
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from witkit.bindgen.common.files import GeneratedFile
from witkit.bindgen.common.module_names import ModuleNames
from witkit.text import WitkitError, error

if TYPE_CHECKING:
    from witkit.ir.model import World

__all__ = ["BACKENDS", "NOT_A_NAME", "GeneratedFile", "ModuleNames", "generate"]

BACKENDS: Final = {
    "host": "witkit.bindgen.host",
    "guest": "witkit.bindgen.guest.target",
}

NO_BACKEND: Final = "WIT0603"
NOT_A_NAME: Final = "WIT0909"


def generate(
    world: World,
    backend: str,
    *,
    templates: Path | None = None,
    package: str | None = None,
    allow: bool = False,
    names: ModuleNames | None = None,
) -> list[GeneratedFile]:
    """The files of one side of `world`, formatted, in order of their paths. The same input gives the same text.

    `backend` is `host` or `guest`; `templates` is a folder whose `BACKEND/NAME.py.jinja` replace the templates
    of the same name; `package` names the Python package (default: the world's name). `allow` generates a guest
    of a world that cannot be built as one. `names` chooses the names of interfaces' modules. Raises `WitkitError`
    for what cannot be generated.
    """
    from witkit.bindgen.common.render import Renderer

    if backend not in BACKENDS:
        raise _wrong(NO_BACKEND, f"there is no backend `{backend}`", f"the backends are {' and '.join(BACKENDS)}")
    parts = [] if package is None else package.split(".") if backend == "guest" else [package]
    if not all(part.isidentifier() and not keyword.iskeyword(part) for part in parts):
        help = "a name has letters, digits and `_`, and does not begin with a digit"
        raise _wrong(NOT_A_NAME, f"`{package}` cannot be the name of a Python package", help)
    module = import_module(BACKENDS[backend])
    names = names or ModuleNames()
    names.check(world, together=backend == "host")
    options: dict[str, Any] = {"names": names} | ({"allow": allow} if backend == "guest" else {})
    files: list[GeneratedFile] = list(module.generate(world, Renderer(backend, templates), package, **options))
    return sorted(files, key=lambda file: file.path)


def _wrong(code: str, message: str, help: str) -> WitkitError:
    return WitkitError([error(code, message, help=help)])
