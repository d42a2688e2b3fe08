"""What binds exports to one instance, and keeps that instance open while anything can still use it."""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Callable
from ctypes import addressof, create_string_buffer, sizeof, string_at
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from witkit import abi
from witkit.abi.versions import find
from witkit.runtime import capi, shapes
from witkit.runtime.codec.functions import export_codec
from witkit.runtime.provide import unsupported_export
from witkit.runtime.reflect import function_is_async
from witkit.runtime.resource import GuestResource
from witkit.runtime.state import State
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

    def __init__(self, component: Component, state: State, raw: Any, world: abi.World | None, name: str) -> None:
        self.component, self.state, self.raw = component, state, raw
        self._world, self._name = world, name
        self._classes: dict[int | None, Any] = {}
        state.binder = weakref.ref(self)

    def __del__(self) -> None:
        if not self.state.closed:
            self.state.close()
            warnings.warn(f"{self._name} was never closed", ResourceWarning, source=self, stacklevel=2)

    def resource_class(self, resource: abi.Resource, number: int | None) -> type[GuestResource]:
        """The class of handles to a resource, which has that number in the component."""
        if number not in self._classes and resource.cls is not None and self._world is not None:
            for interface in self._world.exports:
                if self._number(interface, resource) == number:
                    self.bind_class(resource.cls, interface, Functions(self, interface))
        return self._classes.get(number) or resource.cls or GuestResource

    def bind_class(self, cls: type[R], interface: abi.Interface, functions: Functions) -> type[R]:
        """The subclass of a generated resource class that belongs to an interface of this instance."""
        number = next((self._number(interface, r) for r in interface.resources if r.cls is cls), None)
        if number not in self._classes:
            self._classes[number] = type(cls.__name__, (cls,), {
                "_exports": functions, "__slots__": (), "__module__": cls.__module__, "__doc__": cls.__doc__,
                "__qualname__": cls.__qualname__,
            })  # fmt: skip
        made: type[R] = self._classes[number]
        return made

    def _number(self, interface: abi.Interface, resource: abi.Resource) -> int | None:
        """The component's number of a resource that an exported interface holds. One description may belong to two
        exports, under two labels: their resources differ."""
        exports = self.component._reflection.exports
        exact = find(interface.name, [name for name in exports if name])
        if exact is None or resource not in interface.resources:
            return None
        return exports[exact].resources.get(resource.name)

    def bind(self, interface: str, func: abi.Func) -> Callable[..., Any]:
        """The callable for an exported function whose ABI type was found to fit, or is found to now."""
        component = self.component
        exports = component._reflection.exports
        exact = find(interface, [n for n in exports if n]) if interface else ""
        if exact is None or func.name not in exports[exact].functions:
            raise WitkitError([component._no_export(f"{interface}#{func.name}" if interface else func.name)])
        where = f"{exact}#{func.name}" if exact else func.name
        shape = component._reflection.function(False, exact, func.name)
        for type in (shape.result, *(t for _, t in shape.params)):
            if bad := shapes.unsupported(type):
                what = f"values of type {bad}"
                raise WitkitError([unsupported_export(where, what, component.name, component._version)])
        if difference := shapes.differs(func, shape):
            raise TypeError(f"the export `{where}` does not fit its ABI type: {difference}")
        types = shapes.resources(func, shape)
        if function_is_async(exports[exact].functions[func.name]):
            from witkit.runtime.asynchronous import bind_async

            # Looked up at the first call, when it has its turn: the store may be with another async call now.
            call = bind_async(func, self.state, cache(lambda: self._raw_function(exact, func.name)), types)
        else:
            call = export_codec(func)(self.state, self._raw_function(exact, func.name), capi.new_slot(), types)
        vars(call)["witkit_binder"] = self
        return call

    def _raw_function(self, interface: str, name: str) -> Any:
        """A copy of the C function, kept alive by whoever holds it: a dangling one ends the process."""
        nested = self.state.enter()
        try:
            store, index = self.state.store, None
            if interface:
                index = self.raw.get_export_index(store, interface)
            index = self.raw.get_export_index(store, name, index)
            found = self.raw.get_func(store, index)
        finally:
            self.state.leave(nested)
        return create_string_buffer(string_at(addressof(found._func), sizeof(found._func)), sizeof(found._func))


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
