"""The Python objects that implement the guest's imports, and the handles that the guest holds."""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol, TypeVar

from witkit import abi
from witkit.abi.provided import written_against
from witkit.native import importing, shadows
from witkit.native.errors import LeftOut, Unbound, WouldTrap

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these


@dataclass(slots=True)
class Handle:
    """A handle to a host's object. `borrowed` means that the guest does not own it.

    `kept` means that the object is not notified when the handle is dropped, because it was lent or its guest has ended.
    """

    value: Any
    resource: abi.Resource
    borrowed: bool = False
    kept: bool = False


class Machine(Protocol):
    """The interfaces of this machine, which a guest has without any implementation being given."""

    def implementation(self, interface: str, /) -> Any:
        """The implementation for an interface with this name and version, or None."""
        ...

    def description(self, interface: str, /) -> abi.Interface | None:
        """The types of this implementation, or None if those of the guest fit."""
        ...


class NoMachine:
    """A machine that has nothing."""

    def implementation(self, interface: str, /) -> None:
        return None

    def description(self, interface: str, /) -> None:
        return None


@dataclass(slots=True)
class Binding:
    """The implementations of the guest's imports, by argument name or by the interface's WIT name.

    `handles` are those that the guest holds. Their numbers are never reused, so that using a handle after it was given
    away is an error. `resources` maps each imported resource to its interface. `failed` is the exception that ended a
    call from the guest, after which nothing runs in wasm. `refused` is the last error that an import returned, with the
    function's name. `machine` implements the interfaces of WASI that have no implementation here. `observe` sees the
    calls of all others. `left_out` has the names of interfaces, and of functions of the world, that nothing answers.
    """

    implementations: Mapping[str, Any]
    handles: dict[int, Handle] = field(default_factory=dict)
    hosts: dict[str, abi.Interface | None] = field(default_factory=dict)
    resources: dict[abi.Resource, abi.Interface] = field(default_factory=dict)
    failed: BaseException | None = None
    refused: tuple[str, Any] | None = None
    machine: Machine = field(default_factory=NoMachine)
    observe: abi.Observer | None = None
    left_out: Collection[str] = ()
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def implementation(self, interface: abi.Interface, function: str = "") -> Any:
        """The implementation of an imported interface, for a call of `function`. Raises `Unbound` and `LeftOut`."""
        if (interface.name or function) in self.left_out:
            label = f"{interface.name}#{function}" if interface.name else function
            raise ended(LeftOut(f"the guest called `{label}`, an optional import that is not provided"))
        if (name := self._given(interface)) is not None:
            return self.implementations[name]
        if (own := self.machine.implementation(interface.name)) is not None:
            return own
        argument = names(interface.name)[-1]
        message = f"the guest called `{interface.name or 'the world'}`, which is not bound"
        raise ended(Unbound(f"{message}: use `with witkit.guest.bind({argument}=…):`", interface.name or function))

    def host(self, interface: abi.Interface) -> abi.Interface | None:
        """The host's description of an interface, if its implementation was written for one."""
        if self._given(interface) is None and self.machine.implementation(interface.name) is not None:
            return self.machine.description(interface.name)
        if interface.name not in self.hosts:
            self.hosts[interface.name] = host_interface(self.implementation(interface), interface)
        return self.hosts[interface.name]

    def is_observed(self, interface: abi.Interface) -> bool:
        """Whether calls of an imported interface go through `observe`."""
        return self.observe is not None and self._given(interface) is not None

    def _given(self, interface: abi.Interface) -> str | None:
        """The name that was used to give the implementation of an interface."""
        return next((name for name in names(interface.name) if name in self.implementations), None)

    def give(self, value: Any, resource: abi.Resource, *, borrowed: bool = False) -> int:
        """Create a handle for a host's object."""
        number = next(self._numbers)
        self.handles[number] = Handle(value, resource, borrowed, kept=borrowed)
        return number

    def end(self) -> None:
        """The guest has ended: its remaining handles are released later, but this does not count as dropping them."""
        for handle in list(self.handles.values()):
            handle.kept = True

    def fits(self, value: Any, resource: abi.Resource) -> bool:
        """Whether a host's object can be a resource of this type: it has the class, or all methods."""
        interface = self.resources.get(resource)
        if interface is None or interface.name in self.left_out:
            return True
        cls = getattr(self.implementation(interface), resource.attr, None)
        if not isinstance(cls, type):
            return True
        methods = [f.attr for f in interface.functions if f.resource is resource and f.kind == "method"]
        return isinstance(value, cls) or (bool(methods) and all(hasattr(value, name) for name in methods))


@cache
def names(interface: str) -> tuple[str, ...]:
    """The names that can be used to give an implementation, the shortest last: `keyvalue`.

    The world's own functions have the name `world`.
    """
    if not interface:
        return "", "world"
    path, _, version = interface.partition("@")
    plain = re.sub(r"\W", "_", path)
    short = re.sub(r"\W", "_", path.rpartition("/")[2])
    return interface, path, re.sub(r"\W", "_", f"{path}@{version}"), plain, f"{short}_", short


def host_interface(implementation: Any, interface: abi.Interface) -> abi.Interface | None:
    """The description that an implementation was written for, from the generated host module that it refers to.

    It has the host's classes for records and variants. Without one, the guest's own classes cross, which is right for
    implementations written for the guest's bindings.
    """
    return next(written_against(implementation, interface), None)


def generated(world_module: str) -> Any:
    """The module `_witkit` of a guest's bindings, with `WORLD`, `EXPORTS` and their classes.

    Importing it imports the module of every exported interface; these are hidden from the guest until it imports them
    itself (see `shadows`). Raises `ModuleNotFoundError`.
    """
    name = f"{world_module}._witkit"
    if name not in sys.modules:
        exports = f"{world_module}.exports"
        package = import_module(exports) if find_spec(exports) else None
        before, imported = dict(vars(package)) if package else {}, shadows.modules_of(exports)
        import_module(name)
        if package:
            shadows.hide(exports, before, imported)
    return sys.modules[name]


_bindings: list[Binding | None] = []

Trap = TypeVar("Trap", bound=WouldTrap)


def current() -> Binding:
    """The innermost binding. Raises `WouldTrap` if there is none, as in a build."""
    if not _bindings:
        raise WouldTrap("the guest called the host, but nothing is bound; a build would fail in the same way")
    binding = _bindings[-1]
    if binding is None:
        raise WouldTrap(
            "the guest called the host while it was imported; there is no host in a build:"
            " move the call into a function that an export calls"
        )
    return binding


def _is_running() -> bool:
    """Whether the guest is past the phase that happens in a build, so that its functions may be called."""
    return bool(_bindings) and _bindings[-1] is not None


def ended(trap: Trap) -> Trap:
    """Remember that this exception ends the guest, even if the guest catches it."""
    if _bindings and (binding := _bindings[-1]) is not None:
        binding.failed = binding.failed or trap
    return trap


@contextmanager
def building() -> Iterator[None]:
    """The phase that happens in a build: the guest is imported and its classes are instantiated, without a host."""
    _bindings.append(None)
    try:
        yield
    finally:
        _bindings.pop()


@contextmanager
def bound(
    implementations: Mapping[str, Any],
    hosts: Mapping[str, abi.Interface | None] | None = None,
    machine: Machine | None = None,
    observe: abi.Observer | None = None,
    left_out: Collection[str] = (),
) -> Iterator[Binding]:
    """Connect imports to objects during a `with` statement; the innermost one counts.

    `hosts` has descriptions of interfaces as their implementations see them, by WIT name, if they are known. `machine`
    is what WASI provides of this machine, by default nothing. `observe` sees the calls of `implementations`. A guest
    that calls an import in `left_out` is stopped.
    """
    hosts, machine = dict(hosts or {}), machine or NoMachine()
    binding = Binding(implementations, hosts=hosts, machine=machine, observe=observe, left_out=left_out)
    _bindings.append(binding)
    importing.watch(_is_running)
    try:
        yield binding
    finally:
        importing.unwatch()
        binding.end()
        _bindings.remove(binding)
