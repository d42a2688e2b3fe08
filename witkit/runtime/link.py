"""From a plan to a linker: implementations become functions that the guest can call."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from wasmtime.component import Linker, ResourceType

from witkit import abi
from witkit.abi import Provided
from witkit.runtime import callbacks, capi
from witkit.runtime.codec.functions import import_codec
from witkit.runtime.errors import MissingImport
from witkit.runtime.handles import host_type, stub_type
from witkit.runtime.offers import share_resources
from witkit.runtime.provide import Link, Plan
from witkit.runtime.state import State


def link(plan: Plan, state: State, engine: Any) -> Linker:
    """A linker in which every import of the plan is defined, for one store."""
    linker = Linker(engine)
    state.kept.append(linker)
    if any(item.wasi for item in plan.links):
        linker.add_wasip2()
        linker.allow_shadowing = True
    owned: set[int] = set()
    for item in plan.links:
        if item.provided is not None:
            _register(item.provided, state)
    for item in plan.links:
        if item.provided is not None:
            share_resources(item.provided, state)
    with linker.root() as root:
        for item in plan.links:
            if item.wasi:
                owned.update(item.shape.resources.values())
            elif item.name:
                with root.add_instance(item.name) as instance:
                    _define(item, instance, state, owned)
            else:
                _define(item, root, state, owned)
    return linker


def _register(provided: Provided, state: State) -> None:
    """Host resources get their numbers before any function is bound: interfaces use each other's."""
    for resource in provided.interface.resources:
        state.host_types[resource] = host_type(resource)
        cls = getattr(provided.implementation, resource.attr, None)
        if isinstance(cls, type):
            methods = [f.attr for f in provided.interface.functions if f.resource is resource and f.kind == "method"]
            # One interface may be imported twice under two labels, with two implementations.
            state.host_shapes[resource] = _shape(cls, methods, state.host_shapes.get(resource))


def _shape(cls: type, methods: list[str], other: Callable[[Any], bool] | None) -> Callable[[Any], bool]:
    """A test for objects of a resource: instances of its class, what has all its methods, or passes `other`."""

    def fits(value: Any) -> bool:
        if isinstance(value, cls) or (methods and all(hasattr(value, m) for m in methods)):
            return True
        return other is not None and other(value)

    return fits


def _define(item: Link, instance: Any, state: State, owned: set[int]) -> None:
    if item.provided is None:
        _stubs(item, instance, state, owned)
        return
    pointer = capi.address(instance.ptr())
    known = {r.name: r for r in item.provided.interface.resources}
    for name, number in item.shape.resources.items():
        if name in known and number not in owned:
            _resource(pointer, name, known[name], state, item.name)
        owned.add(number)
    for func in item.functions:
        _function(pointer, func, item, state)
    for name in item.shape.functions.keys() - {func.name for func in item.functions}:
        _stub(pointer, name, item, state)


def _function(pointer: int, func: abi.Func, item: Link, state: State) -> None:
    """Define one function. Its codec is compiled when it is first called."""
    assert item.provided is not None
    target = _target(func, item.provided.implementation)
    label = f"{item.name}#{func.name}" if item.name else func.name

    def first(args: int, res: int) -> None:
        run = import_codec(func)(state, target)
        callbacks.replace(number, run)
        run(args, res)

    number = callbacks.add(first, state, label)
    state.numbers.append(number)
    length, at = capi.name(func.name)
    _done(capi.linker_add_func(pointer, at, length, callbacks.IMPORTED, number, None))


def _target(func: abi.Func, implementation: Any) -> Any:
    """What to call for a function; a method is looked up on its object at each call."""
    if func.kind == "method":
        return None
    owner = implementation
    if func.resource is not None and func.kind != "free":
        owner = getattr(implementation, func.resource.attr)
    return owner if func.kind == "constructor" else getattr(owner, func.attr)


def _resource(pointer: int, name: str, resource: abi.Resource, state: State, interface: str) -> None:
    type = ResourceType.host(state.host_types[resource])
    number = callbacks.add_destructor(state.table.dropped, state, f"{interface}#[drop]{name}")
    state.numbers.append(number)
    length, at = capi.name(name)
    type_pointer = ctypes.c_void_p(capi.address(type.ptr()))
    _done(capi.linker_add_resource(pointer, at, length, type_pointer, callbacks.DESTROYED, number, None))


def _stubs(item: Link, instance: Any, state: State, owned: set[int]) -> None:
    """Functions that raise MissingImport. A resource that an earlier import brought must not be defined
    again under another type: leaving it out is what wasmtime accepts."""
    pointer = capi.address(instance.ptr())
    for name, number in item.shape.resources.items():
        if number not in owned:
            resource = abi.Resource(name, name)
            state.host_types[resource] = stub_type()
            _resource(pointer, name, resource, state, item.name)
        owned.add(number)
    for name in item.shape.functions:
        _stub(pointer, name, item, state)


def _stub(pointer: int, name: str, item: Link, state: State) -> None:
    label = f"{item.name}#{name}" if item.name else name
    number = callbacks.add(_missing(label), state, label)
    state.numbers.append(number)
    length, at = capi.name(name)
    _done(capi.linker_add_func(pointer, at, length, callbacks.IMPORTED, number, None))


def _missing(label: str) -> Any:
    def run(args: int, res: int) -> None:
        raise MissingImport(f"the guest called `{label}`, an optional import that is not provided")

    return run


def _done(error: int | None) -> None:
    if error:
        raise capi.take_error(error)
