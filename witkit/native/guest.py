"""From the host to the guest: calling a guest's exports in this process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from witkit import abi
from witkit.native.binding import Binding, building, generated
from witkit.native.entry import State, function
from witkit.native.errors import WouldTrap
from witkit.native.modules import fresh
from witkit.native.objects import resource_class

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these


class Guest:
    """A guest as a host sees it: exported interfaces are attributes, the world's functions are methods.

    `app` is the guest's module: its name, to have it imported anew, with the modules of `folders` (by default the one
    that it is in), or the module itself. As componentize-py does, one object of a class is made for each function, so
    that no state is shared through `self`. A guest that has trapped cannot be called again. Values come and go in the
    bindings' classes; with `host`, the `WORLD` of a generated host package, in the host's.
    """

    def __init__(
        self,
        app: ModuleType | str,
        binding: Binding,
        world_module: str = "wit_world",
        host: abi.World | None = None,
        folders: Sequence[Path] = (),
    ) -> None:
        self._state = State(binding)
        self._functions: dict[str, Any] = {}
        with building():
            self._build(fresh(app, world_module, folders) if isinstance(app, str) else app, world_module, host)

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
            raise AttributeError(f"the guest exports no `{name}`; it exports {', '.join(functions) or 'nothing'}")
        return functions[name]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._functions]


class _Exports:
    """One exported interface: its functions and the classes of its resources as attributes."""

    def __init__(
        self, app: ModuleType, module: str, cls: str, interface: abi.Interface, host: abi.Interface, state: State
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
            raise AttributeError(f"the interface has no `{name}`; it has {', '.join(functions)}")
        return functions[name]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.functions]


def _implementation(app: ModuleType, cls: str) -> Any:
    """A new object of the guest's class. Raises `WouldTrap` where the build would fail."""
    if not hasattr(app, cls):
        raise WouldTrap(f"module `{app.__name__}` has no class `{cls}`; it could not be built")
    return getattr(app, cls)()
