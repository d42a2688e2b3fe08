"""Runs components on the core engine by the classes that users know: those of the other engine, with another inside.

Imports are matched by what the other engine reads of a component; everything after that is the core engine's.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from witkit import abi
from witkit.abi.versions import find
from witkit.runtime import instance, prepared
from witkit.runtime.binder import Binder
from witkit.runtime.cache import Cache
from witkit.runtime.core.binder import CoreBinder
from witkit.runtime.core.blueprint import Blueprint
from witkit.runtime.core.compiling import Mode, Modules
from witkit.runtime.core.host import Implementations, target_of
from witkit.runtime.core.instance import CoreInstance
from witkit.runtime.core.plans import Linked as Plan
from witkit.runtime.core.scope import Scope
from witkit.runtime.core.state import State
from witkit.runtime.tracebacks import Tail
from witkit.runtime.wasi import _to_own_errors
from witkit.wasi import Machine
from witkit.wasm.plan import HostFunc, PlannedResource

_modules: weakref.WeakKeyDictionary[Any, Modules] = weakref.WeakKeyDictionary()
_blueprints: weakref.WeakKeyDictionary[Any, dict[bool, Blueprint]] = weakref.WeakKeyDictionary()
_cache = tempfile.mkdtemp(prefix="witkit-core-")
atexit.register(shutil.rmtree, _cache, ignore_errors=True)


def modules(mode: Any) -> Modules:
    """The core engine's modules that stand for a mode of the other engine. Whoever interrupts that interrupts them."""
    if mode not in _modules:
        own = Mode(fuel=mode.fuel)
        other = mode.clock.interrupt

        def interrupt() -> None:
            own.clock.interrupt()
            other()

        mode.clock.interrupt = interrupt
        _modules[mode] = Modules(own, Cache(Path(_cache)))
    return _modules[mode]


def blueprint(component: Any, mode: Any) -> Blueprint:
    made = _blueprints.setdefault(component, {})
    if mode.fuel not in made:
        made[mode.fuel] = Blueprint(Plan.of(component._content), modules(mode))
    return made[mode.fuel]


class Linked:
    """In place of a linker."""

    def __init__(self, plan: Any, raw: Any) -> None:
        self.host, self.wasi = Implementations(plan), any(link.wasi for link in plan.links)


class WithWasi:
    """The implementations of imports, and WASI for one guest."""

    def __init__(self, given: Implementations, machine: Machine) -> None:
        self._given, self._machine = given, machine
        self._wasi = {each.interface.name: each for each in machine.provided()}

    def function(self, func: HostFunc) -> tuple[abi.Func, Any]:
        name = find(func.interface, list(self._wasi)) if func.interface else None
        if name is None or self._given.has(func):
            return self._given.function(func)
        found = self._wasi[name]
        description = next(each for each in found.interface.functions if each.name == func.name)
        return description, target_of(description, found.implementation)

    def is_observed(self, func: HostFunc) -> bool:
        return self._given.has(func) and self._given.is_observed(func)

    def fits(self, resource: PlannedResource) -> Any:
        return self._given.fits(resource)


def start(cls: Any, component: Any, compiled: Any, mode: Any, linked: Linked, wasi: Any, limits: Any) -> Any:
    """In place of the other engine's start of an instance."""
    host: Any = linked.host
    machine, errors = None, Tail(lambda data: None)
    if linked.wasi:
        sink = wasi.stderr
        if sink is None or sink == "inherit" or callable(sink):
            errors = Tail(sink if callable(sink) else (lambda data: None) if sink is None else _to_own_errors)
            wasi = replace(wasi, stderr=errors)
        machine = Machine(wasi)
        host = WithWasi(linked.host, machine)
    raw = CoreInstance(blueprint(component, mode), host, limits, waiting=None if machine is None else machine.waits)
    raw.state.errors = errors
    if machine is not None:
        raw.state.at_close.append(machine.close)
    return cls(component, raw.state, raw)


def bound(component: Any, state: Any, raw: Any, world: Any, name: str) -> Binder:
    """The binder of whichever engine an instance is of."""
    kind: Callable[..., Binder] = CoreBinder if isinstance(raw, CoreInstance) else Binder
    return kind(component, state, raw, world, name)


class HostObjects:
    """How many handles to objects of the host's all guests of a store have."""

    def __init__(self, state: State) -> None:
        self._state = state

    def __len__(self) -> int:
        ends: Any = [end.__self__ for end in self._state.at_close]  # type: ignore[attr-defined]
        ends = [end for end in ends if isinstance(end, Scope)]
        return sum(handle.resource.owner is None for scope in ends for handle in scope.table._entries if handle)


@contextmanager
def core_engine() -> Iterator[None]:
    """Within it, every instance that is made is one of the core engine."""
    with pytest.MonkeyPatch.context() as patch:
        use(patch)
        yield


def use(patch: pytest.MonkeyPatch) -> None:
    """Let every instance that is made from now on be one of the core engine."""
    patch.setattr(prepared, "Linked", Linked)
    patch.setattr(prepared, "start", start)
    patch.setattr(instance, "Binder", bound)
    patch.setattr(State, "table", property(HostObjects), raising=False)


def again(module: ModuleType, *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The tests and fixtures of a module, for a module that runs them in another folder."""
    return {name: value for name, value in vars(module).items() if not name.startswith("__") and name not in without}
