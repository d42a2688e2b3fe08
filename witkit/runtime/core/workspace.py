"""Where instances are made: memory that stays in its place, so that the arguments of all C calls are made once."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from witkit.runtime.core import capi
from witkit.runtime.core.repeated import Repeated
from witkit.runtime.core.shares import Bounds
from witkit.runtime.core.state import HostFunction, State
from witkit.wasm.plan import Canon, CoreFunc, Plan, Step

if TYPE_CHECKING:
    from wasmtime import Module


class _Imports(NamedTuple):
    """The imports of one core instance, and how it is made.

    `lookups` are what `instance_export_get` takes for exports: core instances, names, their lengths, places for
    externs; `places` are these by the bytes before them, and `samples` some of them (`Repeated`). `made` are functions
    of the host, their types, and places for them. `copies` are externs that are there already. `new` are the arguments
    of `instance_new` after the store.
    """

    lookups: tuple[Sequence[Any], ...]
    made: tuple[Sequence[HostFunction], Sequence[Any], Sequence[Any]]
    copies: Sequence[tuple[slice, slice]]
    new: tuple[Any, ...]
    places: Sequence[int]
    samples: Sequence[int] = ()

    def repeated(self, known: Repeated) -> _Imports:
        """The same for a workspace that has some externs already."""
        rows = zip(self.places, *self.lookups, strict=True)
        places, *lookups = _columns([row for row in rows if row[0] not in known.places], 5)
        copies = [each for each in self.copies if each[1].start not in known.places]
        samples = [place for place in places if place in known.samples]
        return _Imports(tuple(lookups), self.made, copies, self.new, places, samples)


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
        self._left = self._imports  # what is done for the next instance
        self._plan, self._made = plan, 0
        self._repeated: Repeated | None = None

    def _planned(self, step: Step, module: Any, function: Callable[[Canon], HostFunction]) -> _Imports:
        start, known, externs, size = self._at, self._known, self._externs, capi.EXTERN
        lookups: list[tuple[Any, ...]] = []
        made: list[tuple[HostFunction, Any, Any]] = []
        copies: list[tuple[slice, slice]] = []
        places: list[int] = []
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
                places.append(place)
        self._at += len(step.arguments) * size
        count = self._sizes(len(step.arguments))
        arguments = module, ctypes.byref(externs, start), count, self._instances[step.instance]
        return _Imports(_columns(lookups, 4), _columns(made, 3), copies, arguments, places)

    def make(self, state: State, wider: Mapping[int, Bounds]) -> None:
        """Make the core instances, in order, some of them within `wider` bounds; their start functions run.

        Raises what `State.failed` does for a call of `instantiate`.
        """
        context, trap, view, new = state.context, state.trap, self._view, capi.instance_new
        for place in range(len(self._left)):
            imports = self._found(context, place)
            if imports.made[0]:
                state.define(*imports.made)
            for one, other in imports.copies:
                view[other] = view[one]
            if wider:
                state.bound(wider.get(place, state.bounds), state.limits)
            capi.room()
            error = new(context, *imports.new, trap)
            if error or state.trapped[0]:
                state.failed(error, "instantiate")
        if wider:
            state.bound(state.bounds, state.limits)
        self._made += 1
        if self._made in (2, 3):
            self._learn()

    def _found(self, context: Any, place: int) -> _Imports:
        """Look up the exports that a core instance imports."""
        imports, repeated = self._left[place], self._repeated
        if place == 1 and repeated is not None:
            repeated.begin(bytes(memoryview(self.instances)[: capi.STORE_ID]))
        _look_up(context, imports)
        if imports.samples and repeated is not None and not repeated.holds(imports.samples):
            # The host makes core instances in between, for some instances and not for others.
            self._left, self._repeated = self._imports, None
            imports = self._left[place]
            _look_up(context, imports)
        return imports

    def _learn(self) -> None:
        """Find what the second and the third instance have in common. The first one is often the only one."""
        if self._repeated is None:
            arguments = enumerate(argument for step in self._plan.steps for argument in step.arguments)
            exporters = {at * capi.EXTERN: each.instance for at, each in arguments if not isinstance(each, Canon)}
            self._repeated = Repeated(self._view, exporters)
            return
        self._repeated.learn()
        self._left = [imports.repeated(self._repeated) for imports in self._imports]
        if not self._repeated.samples:
            self._repeated = None


def _look_up(context: Any, imports: _Imports) -> None:
    # `all` asks for one export after the other.
    if not all(map(capi.instance_export_get, repeat(context), *imports.lookups)):
        raise LookupError("a core instance lacks an export that its module has")


def _columns(rows: Sequence[tuple[Any, ...]], count: int) -> tuple[Any, ...]:
    return tuple(zip(*rows, strict=True)) or ((),) * count
