"""The backend `guest`: what componentize-py will offer a guest, typed, documented, and able to run under CPython.

The bindings are for type checkers, editors and tests. They must lie outside every folder that
componentize-py searches for the guest's modules, since it brings its own at build time.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, Final

from witkit.bindgen.common.files import GeneratedFile
from witkit.bindgen.common.format import format_generated
from witkit.bindgen.common.header import fingerprint, header
from witkit.bindgen.common.module_names import ModuleNames
from witkit.bindgen.common.render import Renderer
from witkit.bindgen.guest.limits import refuse_repeated, refuse_unbuildable
from witkit.bindgen.guest.modules import modules, world_constants
from witkit.bindgen.guest.scope import ModuleScope
from witkit.bindgen.guest.streams import uses_async
from witkit.bindgen.guest.typed import typed_guest
from witkit.bindgen.guest.types import Homes
from witkit.bindgen.guest.views import ModuleView, import_lines
from witkit.ir.model import World, WorldInterface

WORLD_MODULE: Final = "wit_world"

_NAMES: Final = {
    "dataclass": "dataclasses",
    "field": "dataclasses",
    "Enum": "enum",
    "Flag": "enum",
    "auto": "enum",
    "Protocol": "typing",
    "Self": "typing",
    "TypeAlias": "typing",
    "TracebackType": "types",
    "abstractmethod": "abc",
}
_ASYNC: Final = ("__init__", "streams", "futures")


def generate(
    world: World,
    renderer: Renderer,
    package: str | None = None,
    *,
    allow: bool = False,
    names: ModuleNames | None = None,
) -> list[GeneratedFile]:
    """The bindings of a world, in a package called `package` (`wit_world`, componentize-py's default).

    Raises `WitkitError` (WIT065x) for a world that componentize-py cannot build, unless `allow` is set; always if the
    world has one interface under several names.
    """
    world_module = package or WORLD_MODULE
    if not allow:
        refuse_unbuildable(world, names, world_module)
    refuse_repeated(world)
    homes = Homes(world, names)
    views = modules(homes, world_module)
    guest = typed_guest(homes, world_module)
    title = header(world.qualified_name, fingerprint(views_text(views), guest, renderer.fingerprint))
    folder = world_module.replace(".", "/")
    files = {f"{folder}/{view.path}": _module(view, renderer, title) for view in views}
    files[f"{folder}/_witkit.py"] = renderer.render(
        "world.py.jinja", {"header": title, "world": world_constants(homes, world_module)}
    )
    files[f"{folder}_guest.py"] = renderer.render("typed.py.jinja", {"header": title, "guest": guest})
    if _polls(homes):
        values = {"header": title, "world_module": world_module}
        files["poll_loop.py"] = renderer.render("poll_loop.py.jinja", values)
    files |= _shared(world, renderer, title)
    return [*_formatted(files, renderer), GeneratedFile(PurePosixPath(f"{folder}/py.typed"), "")]


def shared(world: World, renderer: Renderer) -> list[GeneratedFile]:
    """What the bindings of all worlds have in common: `componentize_py_types`, and the ends of streams if need be."""
    title = header(world.qualified_name, fingerprint("", renderer.fingerprint))
    return _formatted(_shared(world, renderer, title), renderer)


def _shared(world: World, renderer: Renderer, title: str) -> dict[str, str]:
    files = {"componentize_py_types.py": renderer.render("types.py.jinja", {"header": title})}
    if uses_async(world):
        for name in _ASYNC:
            text = renderer.render(f"async_{name.strip('_')}.py.jinja", {"header": title})
            files[f"componentize_py_async_support/{name}.py"] = text
    return files


def _formatted(files: dict[str, str], renderer: Renderer) -> list[GeneratedFile]:
    return [
        GeneratedFile(PurePosixPath(path), format_generated(text, path, own=renderer.is_own))
        for path, text in sorted(files.items())
    ]


_POLLED: Final = {
    "outgoing_handler": {"handle"},
    "poll": {"poll", "pollable"},
    "streams": {"input-stream", "output-stream", "stream-error"},
    "types": {"incoming-body", "incoming-response", "outgoing-body", "outgoing-request"},
}
"""What componentize-py's `poll_loop` uses of the modules of imports: `wasi:http` 0.2 has it."""


def _polls(homes: Homes) -> bool:
    """Whether `poll_loop` can be imported in the component."""
    found: dict[str, set[str]] = {}
    for key, item in homes.world.imports.items():
        if isinstance(item, WorldInterface):
            found[homes.names.imported(key).module] = {*item.interface.types, *item.interface.functions}
    return all(names <= found.get(module, set()) for module, names in _POLLED.items())


def views_text(views: list[ModuleView]) -> str:
    """Everything that templates get, as text: the input that a file's header is a hash of."""
    return repr([(v.path, v.docs, v.members, v.scope.aliases, v.scope.constants) for v in views])


class _Names:
    """The names a template may use from the standard library: using one imports it."""

    def __init__(self, scope: ModuleScope) -> None:
        self._scope = scope

    def __getattr__(self, name: str) -> str:
        return self._scope.need(_NAMES[name], name) if name in _NAMES else self._scope.builtin(name)


def _module(view: ModuleView, renderer: Renderer, title: str) -> str:
    names, scope = _Names(view.scope), view.scope
    members = []
    for member in view.members:
        values: dict[str, Any] = {"member": member, "module": view, "names": names}
        members.append(renderer.render(f"{member.form}.py.jinja", values).strip("\n"))
    if scope.constants:
        scope.imports.bind("witkit", "abi", "_abi")
    if any("_native." in text for text in (*members, *scope.constants)):
        scope.imports.bind("witkit", "native", "_native")
    values = {
        "header": title,
        "module": view,
        "members": members,
        "imports": import_lines(scope.imports),
        "public": view.public,
    }
    return renderer.render("module.py.jinja", values)
