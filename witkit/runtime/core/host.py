"""What satisfies the imports of a component: the implementations of a plan of `witkit.runtime.provide`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from witkit import abi
from witkit.abi import Provided
from witkit.abi.calls import method_of
from witkit.runtime.errors import MissingImport
from witkit.runtime.provide import Link
from witkit.runtime.provide import Plan as Provision
from witkit.runtime.uncopied import Uncopied
from witkit.wasm.plan import HostFunc, PlannedResource


class Implementations(Uncopied):
    """Implementations by the names of imports, for any number of instances."""

    def __init__(self, provision: Provision) -> None:
        self._functions: dict[tuple[str, str], tuple[abi.Func, Provided]] = {}
        self._fits: dict[tuple[str, str], Callable[[Any], bool]] = {}
        for link in provision.links:
            if link.provided is not None:
                self._add(link)

    def _add(self, link: Link) -> None:
        assert link.provided is not None
        implementation = link.provided.implementation
        for func in link.functions:
            self._functions[link.name, func.name] = func, link.provided
        for resource in link.provided.interface.resources:
            cls = getattr(implementation, resource.attr, None)
            if isinstance(cls, type):
                methods = [f.attr for f in link.provided.interface.functions
                           if f.resource is resource and f.kind == "method"]  # fmt: skip
                self._fits[link.name, resource.name] = partial(_fits, cls, methods)

    def has(self, func: HostFunc) -> bool:
        """Whether the function is provided."""
        return (func.interface, func.name) in self._functions

    def function(self, func: HostFunc) -> tuple[abi.Func, Any]:
        """The description of an imported function and what to call. Raises MissingImport if it is not provided."""
        found = self._functions.get((func.interface, func.name))
        if found is None:
            label = f"{func.interface}#{func.name}" if func.interface else func.name
            raise MissingImport(f"the guest called `{label}`, an optional import that is not provided")
        description, provided = found
        target = target_of(description, provided.implementation)
        if provided.observe is not None:
            target = provided.observe(func.interface, description, target or method_of(description))
        return description, target

    def is_observed(self, func: HostFunc) -> bool:
        """Whether what `function` gives is called for a method, too, with the object first."""
        return self._functions[func.interface, func.name][1].observe is not None

    def fits(self, resource: PlannedResource) -> Callable[[Any], bool] | None:
        """A test for objects that may be such a resource; None if its implementation has no class for it."""
        return self._fits.get((resource.interface, resource.name))


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
