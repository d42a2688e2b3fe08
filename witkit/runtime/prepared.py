"""A component with its imports matched and linked once, to be instantiated often."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

from witkit.runtime.instance import Instance, start
from witkit.runtime.limits import Limits
from witkit.runtime.link import Linked
from witkit.runtime.provide import Plan
from witkit.runtime.uncopied import Uncopied
from witkit.runtime.wasi import Wasi

if TYPE_CHECKING:
    from wasmtime.component import Component as Compiled

    from witkit.runtime.component import Component
    from witkit.runtime.engine import Mode

I = TypeVar("I", bound=Instance)  # noqa: E741


class Prepared(Uncopied, Generic[I]):
    """What `Component.prepare` gives. All its instances share the implementations of their imports, and
    nothing else. All threads may share it."""

    def __init__(self, component: Component, cls: type[I], plan: Plan) -> None:
        self._component, self._cls, self._plan = component, cls, plan
        self._linked: dict[bool, tuple[Linked, Mode, Compiled]] = {}
        self._lock = threading.Lock()

    def instantiate(self, *, wasi: Wasi | None = None, limits: Limits | None = None) -> I:
        """A new instance in a store of its own. Raises Trap if the guest's start fails."""
        limits = limits or Limits()
        linked, mode, compiled = self._for(fuel=limits.fuel is not None)
        return start(self._cls, self._component, compiled, mode, linked, wasi or Wasi(), limits)

    def _for(self, *, fuel: bool) -> tuple[Linked, Mode, Compiled]:
        """The linker for a mode of the engine, the mode, and the code for it."""
        with self._lock:
            if fuel not in self._linked:
                mode = self._component._engine.mode(fuel=fuel)
                self._linked[fuel] = Linked(self._plan, mode.raw), mode, self._component._compile(mode)
            return self._linked[fuel]
