"""Where instances are made: memory that stays in its place, so that the arguments of all C calls are made once."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, NamedTuple

from witkit.runtime.core import capi
from witkit.runtime.core.shares import Bounds
from witkit.runtime.core.state import Function, State


@dataclass(slots=True)
class Imports:
    """Where the imports of one core instance come from. All instances' imports stand in one array of externs.

    `exports` are asked for: the core instance, the name, its length, the offset in the array. `made` are functions of
    the host, with the offsets of their externs. `copies` are there already: from which offset, and to which.
    """

    instance: int
    module: Any
    start: int
    count: Any
    exports: list[tuple[int, bytes, Any, int]] = field(default_factory=list)
    made: list[tuple[Function, int]] = field(default_factory=list)
    copies: list[tuple[int, int]] = field(default_factory=list)


class _Step(NamedTuple):
    """One core instance: `lookups` and `new` are what `instance_export_get` and `instance_new` take after the store."""

    lookups: tuple[Sequence[Any], ...]
    made: Sequence[tuple[Function, Any]]
    copies: Sequence[tuple[slice, slice]]
    new: tuple[Any, ...]


class Workspace:
    """Memory for the externs and core instances of one instance while it is made. `instances` are the core instances,
    as `wasmtime_instance_t`, one after the other."""

    def __init__(self, imports: Sequence[Imports], slots: int, instances: int) -> None:
        self._externs = (ctypes.c_char * (max(slots, 1) * capi.EXTERN))()
        self.instances = (ctypes.c_char * (max(instances, 1) * capi.INSTANCE_SIZE))()
        self._view = memoryview(self._externs).cast("B")
        self._steps = list(map(self._step, imports))

    def _step(self, imports: Imports) -> _Step:
        at, instance = self._extern, self._instance
        sources, names, lengths, places = zip(*imports.exports, strict=True) if imports.exports else ((),) * 4
        return _Step(
            (tuple(map(instance, sources)), names, lengths, tuple(map(at, places))),
            [(function, at(place + capi.OF)) for function, place in imports.made],
            [(_extern_at(one), _extern_at(other)) for one, other in imports.copies],
            (imports.module, at(imports.start), imports.count, instance(imports.instance)),
        )

    def _extern(self, offset: int) -> Any:
        return ctypes.byref(self._externs, offset)

    def _instance(self, number: int) -> Any:
        return ctypes.byref(self.instances, number * capi.INSTANCE_SIZE)

    def make(self, state: State, wider: Mapping[int, Bounds]) -> None:
        """Make the core instances, in order, some of them within `wider` bounds; their start functions run.

        Raises what `State.failed` does for a call of `instantiate`.
        """
        context, trap, view = state.context, state.trap, self._view
        get, new, define = capi.instance_export_get, capi.instance_new, state.define
        for place, (lookups, made, copies, arguments) in enumerate(self._steps):
            # `all` asks for one export after the other.
            if not all(map(get, repeat(context), *lookups)):
                raise LookupError("a core instance lacks an export that its module has")
            define(made)
            for one, other in copies:
                view[other] = view[one]
            if wider:
                state.bound(wider.get(place, state.bounds), state.limits)
            error = new(context, *arguments, trap)
            if error or state.trapped[0]:
                state.failed(error, "instantiate")
        if wider:
            state.bound(state.bounds, state.limits)


def _extern_at(offset: int) -> slice:
    return slice(offset, offset + capi.EXTERN)
