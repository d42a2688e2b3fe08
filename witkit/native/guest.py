"""Call the exports of a guest in this process."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from witkit import abi
from witkit.native.binding import Binding, building, generated
from witkit.native.entry import GuestState, function
from witkit.native.errors import WouldTrap
from witkit.native.modules import fresh
from witkit.native.objects import resource_class

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these


class Guest:
    """A guest, as its host sees it: exported interfaces are attributes, and functions of the world are methods.

    `app` is the guest's module, or its name. With a name, the module is imported again, together with the modules in
    `folders` (by default its own folder), except those in `kept`, which are the host's. As in componentize-py, there is
    one object of a class per function, so that no state is shared through `self`. A guest that has trapped cannot be
    called again. Values have the classes of the bindings or, with `host`, the `WORLD` of a generated host package,
    those of that package.
    """

    def __init__(
        self,
        app: ModuleType | str,
        binding: Binding,
        world_module: str = "wit_world",
        host: abi.World | None = None,
        folders: Sequence[Path] = (),
        kept: Collection[str] = frozenset(),
    ) -> None:
        self._state = GuestState(binding)
        self._functions: dict[str, Any] = {}
        with building():
            module = fresh(app, world_module, folders, kept) if isinstance(app, str) else app
            self._build(module, world_module, host)

    def _build(self, module: ModuleType, world_module: str, host: abi.World | None) -> None:
        bindings = generated(world_module)
        world: abi.World = bindings.WORLD
        imported = (*(i.interface for i in world.imports), abi.Interface("", (), world.import_resources))
        self._state.binding.resources |= {resource: i for i in imported for resource in i.resources}
        host_exports = {interface.name: interface for interface in host.exports} if host else {}
        own = abi.Interface("", world.export_functions)
        theirs = abi.Interface("", host.export_functions) if host else own
        for interface in (own, *world.exports):
            attribute, cls = bindings.EXPORTS[interface.name]
            side = theirs if interface is own else host_exports.get(interface.name, interface)
            face = _Exports(module, attribute, cls, interface, side, self._state)
            if interface is own:
                self._functions |= face.functions
            else:
                self._functions[attribute] = face

    def __getattr__(self, name: str) -> Any:
        functions = self.__dict__.get("_functions", {})
        if name not in functions:
            raise AttributeError(f"the guest does not export `{name}`; its exports: {', '.join(functions) or 'none'}")
        return functions[name]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._functions]


class _Exports:
    """An exported interface, with its functions and the classes of its resources as attributes."""

    def __init__(
        self, app: ModuleType, module: str, cls: str, interface: abi.Interface, host: abi.Interface, state: GuestState
    ) -> None:
        theirs = {func.name: func for func in host.functions}
        self.functions: dict[str, Any] = {}
        for func in interface.functions:
            if func.kind == "free":
                target = getattr(_implementation(app, cls), func.attr)
                self.functions[func.attr] = function(func, theirs.get(func.name, func), target, state)
        for resource in interface.resources:
            methods = [func for func in interface.functions if func.resource is resource]
            self.functions[resource.attr] = resource_class(resource, module, methods, theirs, state)

    def __getattr__(self, name: str) -> Any:
        functions = self.__dict__.get("functions", {})
        if name not in functions:
            raise AttributeError(f"the interface does not have `{name}`; it has {', '.join(functions)}")
        return functions[name]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.functions]


def _implementation(app: ModuleType, cls: str) -> Any:
    """A new object of the guest's class. Raises `WouldTrap` if a build would fail."""
    if not hasattr(app, cls):
        raise WouldTrap(f"module `{app.__name__}` has no class `{cls}`; a build would fail")
    made = getattr(app, cls)
    if not callable(made):
        raise WouldTrap(f"`{cls}` in module `{app.__name__}` must be a class, not {made!r}; a build would fail")
    return made()
