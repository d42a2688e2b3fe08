"""Classes for a host over the resources that its guest implements."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any

from witkit import abi
from witkit.native.entry import GuestCall, GuestObject, GuestState, function
from witkit.native.errors import WouldTrap

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these


def resource_class(
    resource: abi.Resource, module: str, functions: list[abi.Func], hosts: dict[str, abi.Func], state: GuestState
) -> Any:
    """The host's class for an exported resource. Constructing it constructs the guest's object.

    A WIT function with the name of one of `GuestObject`'s methods, such as `close`, gets an underscore, as in a host
    package.
    """
    members: dict[str, Any] = {}
    own = {name for name in vars(GuestObject) if not name.startswith("_")}
    # componentize-py looks for the class only if there is a constructor or a static function.
    guest = _guest_class(module, resource) if any(func.kind != "method" for func in functions) else None
    for func in functions:
        host = hosts.get(func.name, func)
        name = f"{host.attr}_" if host.attr in own else host.attr
        if func.kind == "method":
            members[name] = _method(func, host, state)
        elif func.kind == "static":
            members[name] = staticmethod(function(func, host, _of(guest, func.attr), state))
        else:
            members["__init__"] = _constructor(func, host, guest, state)
    cls = type(resource.attr, (GuestObject,), members)
    state.classes[resource] = cls
    return cls


def _of(guest: Any, name: str) -> Callable[..., Any]:
    """A function of the guest, which is looked up when it is called, as in componentize-py."""

    def call(*arguments: Any) -> Any:
        return getattr(guest, name)(*arguments)

    call.__dict__["__wrapped__"] = inspect.getattr_static(guest, name, None)  # for messages
    return call


def _method(func: abi.Func, host: abi.Func, state: GuestState) -> Callable[..., Any]:
    def method(self: GuestObject, *arguments: Any) -> Any:
        assert func.resource is not None
        entry = GuestCall(func, host, state)
        target = _of(entry.lend(self, func.resource), func.attr)
        return entry.run_async(target, arguments) if func.is_async else entry.run(target, arguments)

    return method


def _constructor(func: abi.Func, host: abi.Func, guest: Any, state: GuestState) -> Any:
    def __init__(self: GuestObject, *arguments: Any) -> None:
        entry = GuestCall(func, host, state)
        made = entry.run(guest, arguments)
        self._state, self._guest, self._is_gone = made._state, made._guest, False

    return __init__


def _guest_class(module: str, resource: abi.Resource) -> Any:
    """The guest's class for an exported resource, from the module where componentize-py looks for it."""
    try:
        return getattr(import_module(module), resource.attr)
    except (ModuleNotFoundError, AttributeError) as missing:
        if missing.name not in (module, resource.attr):
            raise
        message = f"the exported resource's class `{resource.attr}` must be in a module called `{module}`"
        raise WouldTrap(f"{message}; a build would fail") from None
