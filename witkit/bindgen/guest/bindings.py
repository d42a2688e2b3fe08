"""The bindings of a guest: what componentize-py will offer a guest, typed, documented, and able to run under CPython.

The bindings are for type checkers, editors and tests. They must lie outside every folder that
componentize-py searches for the guest's modules, since it brings its own at build time.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Final

from witkit.bindgen.common.module_names import ModuleNames
from witkit.bindgen.common.templates import Templates
from witkit.bindgen.guest.limits import refuse_repeated
from witkit.bindgen.guest.modules import modules, world_constants
from witkit.bindgen.guest.streams import uses_async
from witkit.bindgen.guest.typed import typed_guest
from witkit.bindgen.guest.types import Homes
from witkit.bindgen.guest.views import ModuleView
from witkit.bindgen.target import FileDraft
from witkit.ir.model import World, WorldInterface

_ASYNC: Final = ("__init__", "streams", "futures")


def drafts(world: World, world_module: str, names: ModuleNames, templates: Templates) -> Iterator[FileDraft]:
    """The bindings of a world. Raises `WitkitError` if the world has one interface under several names."""
    refuse_repeated(world)
    homes = Homes(world, names)
    folder = world_module.replace(".", "/")
    files = {f"{folder}/{view.path}": _module(view, templates) for view in modules(homes, world_module)}
    files[f"{folder}/_witkit.py"] = templates.render("world.py.jinja", {"world": world_constants(homes, world_module)})
    files[f"{folder}_guest.py"] = templates.render("typed.py.jinja", {"guest": typed_guest(homes, world_module)})
    if _polls(homes):
        files["poll_loop.py"] = templates.render("poll_loop.py.jinja", {"world_module": world_module})
    for path, text in files.items():
        yield FileDraft(PurePosixPath(path), text, world.qualified_name)
    yield from shared(world, templates)
    yield FileDraft(PurePosixPath(f"{folder}/py.typed"), "")


def shared(world: World, templates: Templates) -> Iterator[FileDraft]:
    """What the bindings of all worlds have in common: `componentize_py_types`, and the ends of streams if need be."""
    files = {"componentize_py_types.py": "types.py.jinja"}
    if uses_async(world):
        files |= {f"componentize_py_async_support/{n}.py": f"async_{n.strip('_')}.py.jinja" for n in _ASYNC}
    for path, template in files.items():
        yield FileDraft(PurePosixPath(path), templates.render(template, {}))


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


def _module(view: ModuleView, templates: Templates) -> str:
    members = []
    for member in view.members:
        values: dict[str, Any] = {"member": member, "module": view, "names": member.names}
        members.append(templates.render(f"{member.form}.py.jinja", values).strip("\n"))
    return templates.render("module.py.jinja", {"module": view, "members": members})
