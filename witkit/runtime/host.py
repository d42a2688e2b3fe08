"""What satisfies the imports of a component: the implementations of a `Provision`, and WASI."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from witkit import abi
from witkit.abi import Provided
from witkit.abi.calls import method_of
from witkit.canonical import fits
from witkit.canonical.errors import NotCarried
from witkit.runtime.errors import MissingImport
from witkit.runtime.provide import Implemented, Provision
from witkit.runtime.surface import host_func
from witkit.runtime.uncopied import Uncopied
from witkit.runtime.wasi import Machine
from witkit.wasm.plan import HostFunc, PlannedResource


class Implementations(Uncopied):
    """Implementations of a component's imports, for any number of instances.

    `wasi` says whether `Wasi` gives some of them: an instance needs a `WithWasi` then.
    """

    def __init__(self, provision: Provision) -> None:
        self._functions: dict[HostFunc, tuple[abi.Func, Provided]] = {}
        self._fits: dict[PlannedResource, Callable[[Any], bool]] = {}
        self._carried: set[HostFunc] = set()
        self.from_wasi = provision.wasi or {}
        for implemented in provision.implemented:
            self._add(implemented)
        self.wasi = provision.wasi is not None

    def _add(self, implemented: Implemented) -> None:
        side, provided = implemented.side, implemented.provided
        for func in implemented.functions:
            self._functions[host_func(side, func)] = func, provided
        for resource in provided.interface.resources:
            cls, planned = getattr(provided.implementation, resource.attr, None), side.resources.get(resource.name)
            if isinstance(cls, type) and planned is not None and planned not in self._fits:
                methods = [
                    f.attr for f in provided.interface.functions if f.resource is resource and f.kind == "method"
                ]
                self._fits[planned] = partial(_fits, cls, methods)

    def function(self, func: HostFunc) -> tuple[abi.Func, Any]:
        """The description of an imported function and what to call. Raises MissingImport if it is not provided,
        NotCarried if its values cannot cross yet."""
        if func not in self._carried:
            if what := fits.uncarried(func.type):
                raise NotCarried(
                    f"the guest called `{_label(func)}`, which has values of type `{what}`: witkit does not carry them"
                )
            self._carried.add(func)
        found = self._functions.get(func)
        if found is None:
            raise MissingImport(f"the guest called `{_label(func)}`, an optional import that is not provided")
        description, provided = found
        target = target_of(description, provided.implementation)
        if provided.observe is not None:
            target = provided.observe(func.interface, description, target or method_of(description))
        return description, target

    def is_observed(self, func: HostFunc) -> bool:
        """Whether what `function` gives is called for a method, too, with the object first."""
        found = self._functions.get(func)
        return found is not None and found[1].observe is not None

    def fits(self, resource: PlannedResource) -> Callable[[Any], bool] | None:
        """A test for objects that may be such a resource; None if its implementation has no class for it."""
        return self._fits.get(resource)


class WithWasi(Uncopied):
    """Implementations of a component's imports, and what WASI's machine implements for one guest."""

    def __init__(self, given: Implementations, machine: Machine) -> None:
        self._given, self._machine = given, machine
        self.is_observed, self.fits = given.is_observed, given.fits

    def function(self, func: HostFunc) -> tuple[abi.Func, Any]:
        """As `Implementations.function`."""
        found = self._given.from_wasi.get(func)
        if found is None:
            return self._given.function(func)
        description, interface = found
        return description, target_of(description, self._machine.implementation(interface))


def _label(func: HostFunc) -> str:
    return f"{func.interface}#{func.name}" if func.interface else func.name


def _fits(cls: type, methods: list[str], value: Any) -> bool:
    """Instances of the resource's class fit, and what has all its methods."""
    return isinstance(value, cls) or (bool(methods) and all(hasattr(value, method) for method in methods))


def target_of(func: abi.Func, implementation: Any) -> Any:
    """What to call for a function; a method is looked up on its object at each call."""
    if func.kind == "method":
        return None
    owner = implementation
    if func.resource is not None and func.kind != "free":
        owner = getattr(implementation, func.resource.attr)
    return owner if func.kind == "constructor" else getattr(owner, func.attr)
