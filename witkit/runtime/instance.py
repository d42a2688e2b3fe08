"""Instances: a component at work, in a store of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

from witkit import abi
from witkit.runtime.binder import Binder, Functions
from witkit.runtime.core.instance import CoreInstance
from witkit.runtime.host import Implementations, WithWasi
from witkit.runtime.limits import Limits
from witkit.runtime.resource import GuestResource
from witkit.runtime.uncopied import Uncopied
from witkit.runtime.wasi import Wasi, machine_for
from witkit.text import WitkitError, error

if TYPE_CHECKING:
    from types import TracebackType

    from witkit.runtime.component import Component
    from witkit.runtime.core.blueprint import Blueprint

I = TypeVar("I", bound="Instance")  # noqa: E741
R = TypeVar("R", bound=GuestResource)
N = TypeVar("N", bound=str)

NO_FUNCTION = "WIT0717"


class Instance(Uncopied):
    """A running component; the base of generated world classes.

    Use it with `with`, or close it: that frees all memory of the guest. It serves one call at a time, but
    async calls wait together. A host function may call back into it. After an error that stopped the guest, it is
    closed.
    """

    _world: ClassVar[abi.World | None] = None

    def __init__(self, component: Component, core: CoreInstance) -> None:
        self._component, self._state = component, core.state
        self._binder = Binder(component, core, self._world, type(self).__name__)
        own = self._world.export_functions if self._world else ()
        self._exports: Mapping[str, Callable[..., Any]] = Functions(self._binder, abi.Interface("", own))

    @property
    def closed(self) -> bool:
        """Whether the instance can no longer be used."""
        return self._state.closed

    @property
    def refused(self) -> tuple[str, Any] | None:
        """The last error that an import answered to the guest: the function's name in WIT and the error's value."""
        return self._state.refused

    def interrupt(self) -> None:
        """Stop the call that is under way, whether it computes or waits: it raises a Trap (`Reason.INTERRUPTED`), and
        the instance is closed. Without a call, nothing happens. Any thread may call this."""
        self._state.interrupt()

    def close(self) -> None:
        """Free the instance and everything in it. A second time does nothing.

        A call of it in another thread is stopped first, and raises a Trap there. While one runs in this thread, the
        instance is freed as soon as that has returned.
        """
        self._state.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._state.close()

    @contextmanager
    def limited(self, limits: Limits) -> Iterator[Self]:
        """Other bounds for the calls within the `with` block: `timeout` and `fuel` start again for each call,
        the others stay in force. Raises ValueError for fuel if the instance was made without it, and for descriptors,
        which belong to the whole instance."""
        state = self._state
        if limits.descriptors is not None:
            raise ValueError("an instance keeps its bound for descriptors: give Limits(descriptors=…) to `instantiate`")
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
            state.apply(limits)
            state.limits, state.todo = limits, True
        finally:
            state.leave(nested)

    def function(self, interface: str | None, name: str) -> Callable[..., Any]:
        """An export as a callable, with types taken from the component itself; `interface` None for a function
        of the world. The interface's version needs only to be compatible.

        Raises WitkitError if there is no such export.
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

    def described(self, interface: str | None, func: abi.Func) -> Callable[..., Any]:
        """As `function`, with the types of a description, such as that of a generated package.

        Raises WitkitError if there is no such export, TypeError if its types are others.
        """
        return self._binder.bind(interface or "", func)


class ExportedInterface(Uncopied, Generic[N]):
    """An exported interface of one instance; the base of generated classes.

    `N` is the interface's WIT name without its version, as a `Literal`: type checkers accept such an export if
    another component imports the interface.
    """

    def __init__(self, instance: Instance, interface: abi.Interface) -> None:
        self._binder, self._interface = instance._binder, interface
        self._exports = Functions(self._binder, interface)

    def _bind(self, cls: type[R]) -> type[R]:
        """A subclass of a generated resource class that belongs to this instance."""
        return self._binder.bind_class(cls, self._interface, self._exports)


def start(
    cls: type[I], component: Component, blueprint: Blueprint, given: Implementations, wasi: Wasi, limits: Limits
) -> I:
    """Make a store and instantiate. Nothing is left behind if that fails."""
    if not given.wasi:
        return cls(component, CoreInstance(blueprint, given, limits))
    machine, errors = machine_for(wasi, limits)
    try:
        host, ends = WithWasi(given, machine), [machine.close]
        core = CoreInstance(blueprint, host, limits, errors=errors, at_close=ends)
    except BaseException:
        machine.close()
        raise
    return cls(component, core)
