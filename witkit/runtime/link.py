"""From a plan to a linker: implementations become functions that the guest can call."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import partial
from typing import Any

import wasmtime
from wasmtime.component import Linker, ResourceType

from witkit import abi
from witkit.abi import Provided
from witkit.abi.calls import method_of
from witkit.runtime import callbacks, capi
from witkit.runtime.codec.functions import import_codec, observed_codec
from witkit.runtime.errors import MissingImport
from witkit.runtime.handles import HostResources, host_type, stub_type
from witkit.runtime.offers import share_resources
from witkit.runtime.provide import Link, Plan
from witkit.runtime.state import State
from witkit.runtime.uncopied import Uncopied


class Linked(Uncopied):
    """A linker in which every import of a plan is defined, for any number of stores of one engine of wasmtime."""

    def __init__(self, plan: Plan, raw: wasmtime.Engine) -> None:
        self.linker = Linker(raw)
        self.host = HostResources()
        self.wasi = any(item.wasi for item in plan.links)
        self._numbers: list[int] = []
        if self.wasi:
            self.linker.add_wasip2()
            self.linker.allow_shadowing = True
        for item in plan.links:
            if item.provided is not None:
                self._register(item.provided)
        for item in plan.links:
            if item.provided is not None:
                share_resources(item.provided, self.host)
        self._define_all(plan)

    def __del__(self) -> None:
        for number in self._numbers:
            callbacks.remove(number)

    def _define_all(self, plan: Plan) -> None:
        owned: set[int] = set()
        with self.linker.root() as root:
            for item in plan.links:
                if item.wasi:
                    owned.update(item.shape.resources.values())
                elif item.name:
                    with root.add_instance(item.name) as instance:
                        self._define(item, capi.address(instance.ptr()), owned)
                else:
                    self._define(item, capi.address(root.ptr()), owned)

    def _register(self, provided: Provided) -> None:
        """Host resources get their numbers before any function is bound: interfaces use each other's."""
        for resource in provided.interface.resources:
            self.host.types[resource] = host_type(resource)
            cls = getattr(provided.implementation, resource.attr, None)
            if isinstance(cls, type):
                functions = provided.interface.functions
                methods = [f.attr for f in functions if f.resource is resource and f.kind == "method"]
                # One interface may be imported twice under two labels, with two implementations.
                self.host.shapes[resource] = _shape(cls, methods, self.host.shapes.get(resource))

    def _define(self, item: Link, pointer: int, owned: set[int]) -> None:
        """Define an import. A resource that an earlier import brought must not be defined again under another type:
        leaving it out is what wasmtime accepts."""
        interface = item.provided.interface if item.provided is not None else None
        known = {r.name: r for r in interface.resources} if interface is not None else None
        for name, number in item.shape.resources.items():
            if number not in owned:
                self._resource(pointer, name, known, item.name)
            owned.add(number)
        for func in item.functions:
            assert item.provided is not None
            target = _target(func, item.provided.implementation)
            bind = partial(_bound, func, target)
            if item.provided.observe is not None:
                observed = item.provided.observe(item.name, func, target or method_of(func))
                bind = partial(_observed, func, observed)
            self._function(pointer, func.name, item.name, bind)
        for name in item.shape.functions.keys() - {func.name for func in item.functions}:
            label = f"{item.name}#{name}" if item.name else name
            self._function(pointer, name, item.name, partial(_missing, label))

    def _function(self, pointer: int, name: str, interface: str, bind: Callable[[State], callbacks.Run]) -> None:
        """Define one function. Its codec is compiled when it is first called."""
        number = callbacks.add(f"{interface}#{name}" if interface else name, bind)
        self._numbers.append(number)
        length, at = capi.name(name)
        _done(capi.linker_add_func(pointer, at, length, callbacks.IMPORTED, number, None))

    def _resource(self, pointer: int, name: str, known: dict[str, abi.Resource] | None, interface: str) -> None:
        """Define a resource: one of the implementation's interface, if it has any."""
        if known is not None and name not in known:
            return
        type = ResourceType.host(self.host.types[known[name]] if known is not None else stub_type())
        number = callbacks.add(f"{interface}#[drop]{name}", _no_function)
        self._numbers.append(number)
        length, at = capi.name(name)
        type_pointer = ctypes.c_void_p(capi.address(type.ptr()))
        _done(capi.linker_add_resource(pointer, at, length, type_pointer, callbacks.DESTROYED, number, None))


def _bound(func: abi.Func, target: Any, state: State) -> callbacks.Run:
    return import_codec(func)(state, target)


def _observed(func: abi.Func, target: Any, state: State) -> callbacks.Run:
    return observed_codec(func)(state, target)


def _missing(label: str, state: State) -> callbacks.Run:
    def run(args: int, res: int) -> None:
        raise MissingImport(f"the guest called `{label}`, an optional import that is not provided")

    return run


def _no_function(state: State) -> callbacks.Run:
    raise LookupError("a destructor is not a function")


def _shape(cls: type, methods: list[str], other: Callable[[Any], bool] | None) -> Callable[[Any], bool]:
    """A test for objects of a resource: instances of its class, what has all its methods, or passes `other`."""

    def fits(value: Any) -> bool:
        if isinstance(value, cls) or (methods and all(hasattr(value, m) for m in methods)):
            return True
        return other is not None and other(value)

    return fits


def _target(func: abi.Func, implementation: Any) -> Any:
    """What to call for a function; a method is looked up on its object at each call."""
    if func.kind == "method":
        return None
    owner = implementation
    if func.resource is not None and func.kind != "free":
        owner = getattr(implementation, func.resource.attr)
    return owner if func.kind == "constructor" else getattr(owner, func.attr)


def _done(error: int | None) -> None:
    if error:
        raise capi.take_error(error)
