"""Where instances are made: memory that stays in its place, so that the arguments of all C calls are made once."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from witkit.runtime.core import capi
from witkit.runtime.core.shares import Bounds
from witkit.runtime.core.state import HostFunction, State
from witkit.wasm.plan import Canon, CoreFunc, Plan, Step

if TYPE_CHECKING:
    from wasmtime import Module


class _Imports(NamedTuple):
    """The imports of one core instance, and how it is made.

    `lookups` are what `instance_export_get` takes for exports: core instances, names, their lengths, places for
    externs. `made` are functions of the host, their types, and places for them. `copies` are externs that are there
    already. `new` are the arguments of `instance_new` after the store.
    """

    lookups: tuple[Sequence[Any], ...]
    made: tuple[Sequence[HostFunction], Sequence[Any], Sequence[Any]]
    copies: Sequence[tuple[slice, slice]]
    new: tuple[Any, ...]


class Workspace:
    """Memory for the externs and core instances of one instance while it is made.

    `instances` are the core instances, as `wasmtime_instance_t`, one after the other. `function` gives the core
    function for a canonical definition.
    """

    def __init__(self, plan: Plan, modules: Sequence[Module], function: Callable[[Canon], HostFunction]) -> None:
        count = sum(len(step.arguments) for step in plan.steps)
        self._externs = (ctypes.c_char * (max(count, 1) * capi.EXTERN))()
        self.instances = (ctypes.c_char * (max(plan.core_instances, 1) * capi.INSTANCE_SIZE))()
        self._view = memoryview(self._externs).cast("B")
        # What is the same for many imports is one object: thousands of others are slow enough to fetch from memory.
        self._instances = [ctypes.byref(self.instances, n * capi.INSTANCE_SIZE) for n in range(plan.core_instances)]
        self._sizes = cache(capi.size_argument)
        self._known: dict[CoreFunc, int] = {}
        self._at = 0
        pointers = [capi.pointer_argument(capi.held(module.ptr())) for module in modules]
        self._imports = [self._planned(step, pointers[step.module], function) for step in plan.steps]
        self._known.clear()

    def _planned(self, step: Step, module: Any, function: Callable[[Canon], HostFunction]) -> _Imports:
        start, known, externs, size = self._at, self._known, self._externs, capi.EXTERN
        lookups: list[tuple[Any, ...]] = []
        made: list[tuple[HostFunction, Any, Any]] = []
        copies: list[tuple[slice, slice]] = []
        for at, argument in enumerate(step.arguments):
            place = start + at * size
            first = known.setdefault(argument, place)
            if first != place:
                copies.append((slice(first, first + size), slice(place, place + size)))
            elif isinstance(argument, Canon):
                new = function(argument)
                made.append((new, new.type, ctypes.byref(externs, place + capi.OF)))
            else:
                name = argument.name.encode()
                instance = self._instances[argument.instance]
                lookups.append((instance, name, self._sizes(len(name)), ctypes.byref(externs, place)))
        self._at += len(step.arguments) * size
        count = self._sizes(len(step.arguments))
        arguments = module, ctypes.byref(externs, start), count, self._instances[step.instance]
        return _Imports(_columns(lookups, 4), _columns(made, 3), copies, arguments)

    def make(self, state: State, wider: Mapping[int, Bounds]) -> None:
        """Make the core instances, in order, some of them within `wider` bounds; their start functions run.

        Raises what `State.failed` does for a call of `instantiate`.
        """
        context, trap, view = state.context, state.trap, self._view
        get, new, define = capi.instance_export_get, capi.instance_new, state.define
        for place, (lookups, made, copies, arguments) in enumerate(self._imports):
            # `all` asks for one export after the other.
            if not all(map(get, repeat(context), *lookups)):
                raise LookupError("a core instance lacks an export that its module has")
            if made[0]:
                define(*made)
            for one, other in copies:
                view[other] = view[one]
            if wider:
                state.bound(wider.get(place, state.bounds), state.limits)
            capi.room()
            error = new(context, *arguments, trap)
            if error or state.trapped[0]:
                state.failed(error, "instantiate")
        if wider:
            state.bound(state.bounds, state.limits)


def _columns(rows: Sequence[tuple[Any, ...]], count: int) -> tuple[Any, ...]:
    return tuple(zip(*rows, strict=True)) or ((),) * count
