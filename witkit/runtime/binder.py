"""What binds exports to one instance, and keeps that instance open while anything can still use it."""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from witkit import abi
from witkit.abi.versions import find
from witkit.canonical import fits
from witkit.runtime.core.instance import CoreInstance
from witkit.runtime.core.resources import ResourceType
from witkit.runtime.provide import unsupported_export
from witkit.runtime.resource import GuestResource
from witkit.runtime.surface import SurfaceSide
from witkit.runtime.uncopied import Uncopied
from witkit.text import WitkitError

if TYPE_CHECKING:
    from witkit.runtime.component import Component

R = TypeVar("R", bound=GuestResource)


class Binder(Uncopied):
    """Makes callables for exports, and classes for resources.

    The instance, its interfaces, functions, classes and handles all hold it, and it holds none of the first three:
    when nothing is left that could call the guest, the store is closed.
    """

    def __init__(self, component: Component, core: CoreInstance, world: abi.World | None, name: str) -> None:
        self.component, self.core, self.state = component, core, core.state
        self._world, self._name = world, name
        self._classes: dict[ResourceType | None, Any] = {}
        self.state.binder = weakref.ref(self)

    def __del__(self) -> None:
        if not self.state.closed:
            self.state.close()
            warnings.warn(f"{self._name} was never closed", ResourceWarning, source=self, stacklevel=2)

    def resource_class(self, resource: abi.Resource, kind: ResourceType) -> type[GuestResource]:
        """The class of handles to a resource, which has that type in the instance."""
        if kind not in self._classes and resource.cls is not None and self._world is not None:
            for interface in self._world.exports:
                if self._type(interface, resource) is kind:
                    self.bind_class(resource.cls, interface, Functions(self, interface))
        return self._classes.get(kind) or resource.cls or GuestResource

    def bind_class(self, cls: type[R], interface: abi.Interface, functions: Functions) -> type[R]:
        """The subclass of a generated resource class that belongs to an interface of this instance."""
        found = next((self._type(interface, r) for r in interface.resources if r.cls is cls), None)
        if found not in self._classes:
            self._classes[found] = type(cls.__name__, (cls,), {
                "_exports": functions, "__slots__": (), "__module__": cls.__module__, "__doc__": cls.__doc__,
                "__qualname__": cls.__qualname__,
            })  # fmt: skip
        made: type[R] = self._classes[found]
        return made

    def _type(self, interface: abi.Interface, resource: abi.Resource) -> ResourceType | None:
        """The type of a resource that an exported interface holds. One description may belong to two exports, under
        two labels: their resources differ."""
        side = self._side(interface.name)
        found = side.resources.get(resource.name) if side is not None and resource in interface.resources else None
        return None if found is None else self.core.type(found)

    def bind(self, interface: str, func: abi.Func) -> Callable[..., Any]:
        """The callable for an exported function whose ABI type was found to fit, or is found to now."""
        component, side = self.component, self._side(interface)
        where = f"{interface}#{func.name}" if interface else func.name
        found = side.functions.get(func.name) if side is not None else None
        if found is None:
            raise WitkitError([component._no_export(where)])
        if component._fitting.get(found) is not func:
            if what := fits.uncarried(found.type):
                raise WitkitError([unsupported_export(where, f"values of type `{what}`", component.name)])
            if difference := fits.differs(func, found.type):
                raise TypeError(f"the export `{where}` does not fit its ABI type: {difference}")
            component._fitting[found] = func
        call = self.core.export(found, func)
        vars(call)["witkit_binder"] = self
        return call

    def _side(self, interface: str) -> SurfaceSide | None:
        """What the component exports under the name of an interface, in a compatible version."""
        exports = self.component._surface.exports
        exact = find(interface, [name for name in exports if name]) if interface else ""
        return None if exact is None else exports[exact]


class Functions(dict[str, Callable[..., Any]]):
    """The functions of one exported interface by their WIT names, bound at first use."""

    def __init__(self, binder: Binder, interface: abi.Interface) -> None:
        super().__init__()
        self._name = interface.name
        self._binder, self._types = binder, {func.name: func for func in interface.functions}

    def __missing__(self, name: str) -> Callable[..., Any]:
        made = self._binder.bind(self._name, self._types[name])
        self[name] = made
        return made
