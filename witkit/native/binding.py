"""Which Python object stands behind each import of the guest, and the handles that the guest holds."""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar

from witkit import abi
from witkit.abi.provided import written_against
from witkit.native import importing, shadows
from witkit.native.errors import Unbound, WouldTrap
from witkit.native.wasi.machine import Machine

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these


@dataclass(slots=True)
class Handle:
    """One handle: the host's object behind it, its resource type, whether it was only lent, and whether the object
    stays unaware of its end: it was lent, or the guest that held it has ended."""

    value: Any
    resource: abi.Resource
    borrowed: bool = False
    kept: bool = False


@dataclass(slots=True)
class Binding:
    """The implementations that the guest's imports reach, by argument name or by the interface's WIT name.

    `handles` are those that the guest holds, `resources` says which interface each imported resource is of. Numbers
    are never used twice, so that a handle which is used after it was given away is noticed. `failed` is what
    ended a call from the guest: in wasm nothing goes on after it; `refused` is the last error that an import answered,
    with the function's name. `machine` is behind the interfaces of WASI that
    nothing is given for.
    """

    implementations: Mapping[str, Any]
    handles: dict[int, Handle] = field(default_factory=dict)
    hosts: dict[str, abi.Interface | None] = field(default_factory=dict)
    resources: dict[abi.Resource, abi.Interface] = field(default_factory=dict)
    failed: BaseException | None = None
    refused: tuple[str, Any] | None = None
    machine: Machine = field(default_factory=Machine)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def implementation(self, interface: abi.Interface, function: str = "") -> Any:
        """What stands behind an imported interface, or behind a `function` of the world. Raises `Unbound`."""
        if (name := self._given(interface)) is not None:
            return self.implementations[name]
        if (own := self.machine.implementation(interface.name)) is not None:
            return own
        argument = names(interface.name)[-1]
        message = f"the guest called `{interface.name or 'the world'}`, and nothing is bound to it"
        raise ended(Unbound(f"{message}: use `with witkit.guest.bind({argument}=…):`", interface.name or function))

    def host(self, interface: abi.Interface) -> abi.Interface | None:
        """The host's description of an interface, where the implementation was written against one."""
        if self._given(interface) is None and self.machine.implementation(interface.name) is not None:
            return None
        if interface.name not in self.hosts:
            self.hosts[interface.name] = host_interface(self.implementation(interface), interface)
        return self.hosts[interface.name]

    def _given(self, interface: abi.Interface) -> str | None:
        """The name under which an implementation was given for an interface."""
        return next((name for name in names(interface.name) if name in self.implementations), None)

    def give(self, value: Any, resource: abi.Resource, *, borrowed: bool = False) -> int:
        """A new handle for a host's object."""
        number = next(self._numbers)
        self.handles[number] = Handle(value, resource, borrowed, kept=borrowed)
        return number

    def end(self) -> None:
        """The guest has ended or stopped: what it still holds is released later, but it does not drop it."""
        for handle in list(self.handles.values()):
            handle.kept = True

    def fits(self, value: Any, resource: abi.Resource) -> bool:
        """Whether a host's object may be one of the resource: of its class, or with all its methods."""
        interface = self.resources.get(resource)
        cls = getattr(self.implementation(interface), resource.attr, None) if interface else None
        if not isinstance(cls, type) or interface is None:
            return True
        methods = [f.attr for f in interface.functions if f.resource is resource and f.kind == "method"]
        return isinstance(value, cls) or (bool(methods) and all(hasattr(value, name) for name in methods))


@cache
def names(interface: str) -> tuple[str, ...]:
    """The names under which an implementation may be given, the shortest last: `keyvalue`.

    The world's own functions are given as `world`.
    """
    if not interface:
        return "", "world"
    path, _, version = interface.partition("@")
    plain = re.sub(r"\W", "_", path)
    short = re.sub(r"\W", "_", path.rpartition("/")[2])
    return interface, path, re.sub(r"\W", "_", f"{path}@{version}"), plain, f"{short}_", short


def host_interface(implementation: Any, interface: abi.Interface) -> abi.Interface | None:
    """The description that an implementation was written against, in the generated host module that it mentions.

    It tells which classes the host's side expects for records and variants. Where there is none the guest's
    own classes cross, which is right for implementations written against the guest's bindings.
    """
    return next(written_against(implementation, interface), None)


def generated(world_module: str) -> Any:
    """The module `_witkit` of a guest's bindings: `WORLD`, and `EXPORTS` with the classes behind it.

    It imports the module of every exported interface, which is put aside for the guest (see `shadows`).
    Raises `ModuleNotFoundError`.
    """
    name = f"{world_module}._witkit"
    if name not in sys.modules:
        exports = f"{world_module}.exports"
        package = import_module(exports) if find_spec(exports) else None
        before, imported = dict(vars(package)) if package else {}, shadows.modules_of(exports)
        import_module(name)
        if package:
            shadows.put_aside(exports, before, imported)
    return sys.modules[name]


_bindings: list[Binding | None] = []

Trap = TypeVar("Trap", bound=WouldTrap)


def current() -> Binding:
    """The innermost binding. Raises `WouldTrap` where there is none, as at build time."""
    if not _bindings:
        raise WouldTrap("the guest called the host while nothing is bound; when it is built, that fails the same way")
    binding = _bindings[-1]
    if binding is None:
        raise WouldTrap(
            "the guest called the host while it was imported; when it is built, there is no host:"
            " move the call into a function that an export calls"
        )
    return binding


def is_running() -> bool:
    """Whether a guest has been built, and its functions may be called."""
    return bool(_bindings) and _bindings[-1] is not None


def ended(trap: Trap) -> Trap:
    """Note that this is the end of the guest, even if it catches it."""
    if _bindings and (binding := _bindings[-1]) is not None:
        binding.failed = binding.failed or trap
    return trap


@contextmanager
def building() -> Iterator[None]:
    """What a build does: the guest is imported and its classes are instantiated, and no host is there."""
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
) -> Iterator[Binding]:
    """Connect imports to objects for the length of a `with` statement; the innermost one counts.

    `hosts` describes interfaces as their implementations see them, by WIT name, where that is known. `machine` is
    what WASI shows of this machine, by default one without arguments.
    """
    binding = Binding(implementations, hosts=dict(hosts or {}), machine=machine or Machine())
    _bindings.append(binding)
    importing.watch()
    try:
        yield binding
    finally:
        importing.unwatch()
        binding.end()
        _bindings.remove(binding)
