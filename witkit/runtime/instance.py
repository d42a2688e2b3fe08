"""Instances: a component at work, in a store of its own."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from ctypes import addressof, create_string_buffer, sizeof, string_at
from dataclasses import asdict, replace
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from witkit import abi
from witkit.abi.versions import find
from witkit.runtime import callbacks, capi, shapes
from witkit.runtime.codec.functions import export_codec
from witkit.runtime.limits import Limits
from witkit.runtime.link import link
from witkit.runtime.provide import Plan, unsupported_export
from witkit.runtime.reflect import function_is_async
from witkit.runtime.resource import GuestResource
from witkit.runtime.state import State
from witkit.runtime.uncopied import Uncopied
from witkit.runtime.wasi import Wasi
from witkit.text import WitkitError, error

if TYPE_CHECKING:
    from types import TracebackType

    from witkit.runtime.component import Component
    from witkit.runtime.host import Engine

I = TypeVar("I", bound="Instance")  # noqa: E741
R = TypeVar("R", bound=GuestResource)

NO_FUNCTION = "WIT0717"


class Binder(Uncopied):
    """Makes callables for exports. It does not know the `Instance`, so that one nobody holds is freed at once."""

    def __init__(self, component: Component, state: State, raw: Any) -> None:
        self.component, self.state, self.raw = component, state, raw

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
            return bind_async(func, self.state, cache(lambda: self._raw_function(exact, func.name)), types)
        return export_codec(func)(self.state, self._raw_function(exact, func.name), capi.new_slot(), types)

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

    def __init__(self, binder: Binder, interface: str, types: dict[str, abi.Func]) -> None:
        super().__init__()
        self._binder, self._interface, self._types = binder, interface, types

    def __missing__(self, name: str) -> Callable[..., Any]:
        made = self._binder.bind(self._interface, self._types[name])
        self[name] = made
        return made


class Instance(Uncopied):
    """A running component; the base of generated world classes.

    Use it with `with`, or close it: that frees all memory of the guest. It serves one call at a time; a
    host function may call back into it. After an error that stopped the guest it is closed.
    """

    _world: ClassVar[abi.World | None] = None

    def __init__(self, component: Component, state: State, raw: Any) -> None:
        self._component, self._state = component, state
        self._binder = Binder(component, state, raw)
        own = self._world.export_functions if self._world else ()
        self._exports: Mapping[str, Callable[..., Any]] = Functions(self._binder, "", {f.name: f for f in own})

    @property
    def closed(self) -> bool:
        """Whether the instance can no longer be used."""
        return self._state.closed

    def close(self) -> None:
        """Free the instance and everything in it. A second time does nothing."""
        self._state.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._state.close()

    def __del__(self) -> None:
        state = getattr(self, "_state", None)
        if state is not None and not state.closed:
            state.close()
            warnings.warn(f"{type(self).__name__} was never closed", ResourceWarning, source=self, stacklevel=2)

    @contextmanager
    def limited(self, limits: Limits) -> Iterator[Self]:
        """Other bounds for the calls within the `with` block: `timeout` and `fuel` count anew for each call,
        the others stay in force. Raises ValueError for fuel where the instance was made without it."""
        state = self._state
        if limits.fuel is not None and not state.has_fuel:
            raise ValueError("this instance does not count fuel: give Limits(fuel=…) to `instantiate`")
        before = state.limits
        bounds = {name: value for name, value in asdict(limits).items() if value is not None}
        self._apply(replace(before, **{"timeout": None, "fuel": None, **bounds}))
        try:
            yield self
        finally:
            if not state.closed:
                self._apply(before)

    def _apply(self, limits: Limits) -> None:
        state = self._state
        nested = state.enter()
        try:
            limits.apply(state.store)
            state.limits, state.todo = limits, True
        finally:
            state.leave(nested)

    def function(self, interface: str | None, name: str) -> Callable[..., Any]:
        """An export as a callable, with types taken from the component itself; `interface` None for a function
        of the world. The interface's version needs only to be compatible.

        Raises WitkitError where there is no such export.
        """
        found = self._component.interface(interface or "")
        for func in found.functions:
            if func.name == name:
                return self._binder.bind(found.name, func)
        raise WitkitError([
            error(NO_FUNCTION, f"the component does not export `{f'{interface}#' if interface else ''}{name}`",
                  help="it exports " + (", ".join(f"`{f.name}`" for f in found.functions) or "no function there"),
                  file=self._component.name)
        ])  # fmt: skip


class ExportedInterface(Uncopied):
    """An exported interface of one instance; the base of generated classes."""

    def __init__(self, instance: Instance, interface: abi.Interface) -> None:
        self._instance = instance
        self._exports: Mapping[str, Callable[..., Any]] = Functions(
            instance._binder, interface.name, {f.name: f for f in interface.functions}
        )
        self._interface = interface

    def _bind(self, cls: type[R]) -> type[R]:
        """A subclass of a generated resource class that belongs to this instance."""
        bound = type(cls.__name__, (cls,), {
            "_exports": self._exports, "__slots__": (), "__module__": cls.__module__, "__doc__": cls.__doc__,
            "__qualname__": cls.__qualname__,
        })  # fmt: skip
        for resource in self._interface.resources:
            if resource.cls is cls:
                self._instance._state.guest_classes[resource] = bound
        return bound


def start(
    cls: type[I], component: Component, compiled: Any, engine: Engine, plan: Plan, wasi: Wasi, limits: Limits
) -> I:
    """Make a store, link and instantiate. Nothing is left behind where that fails."""
    from wasmtime import Store, WasmtimeError

    callbacks.listen()
    store = Store(engine.raw)
    limits.apply(store)
    state = State(store, limits, engine.clock, fuel=engine.fuel)
    try:
        if any(item.wasi for item in plan.links):
            wasi.apply(state)
        linker = link(plan, state, engine.raw)
        nested = state.enter()
        try:
            state.arm(limits)
            raw = linker.instantiate(store, compiled)
            state.failed(None, "instantiate")
        except WasmtimeError as failure:
            state.failed_with(failure, "instantiate")
        finally:
            state.leave(nested)
        return cls(component, state, raw)
    except BaseException:
        state.close()
        raise
