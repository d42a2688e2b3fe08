"""A component with its imports matched once, to be instantiated often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, TypeVar

from witkit.runtime.host import Implementations
from witkit.runtime.instance import Instance, start
from witkit.runtime.limits import Limits
from witkit.runtime.provide import Provision
from witkit.runtime.uncopied import Uncopied
from witkit.runtime.wasi import Wasi

if TYPE_CHECKING:
    from witkit.runtime.component import Component

I = TypeVar("I", bound=Instance)  # noqa: E741

_UNLIMITED: Final = Limits()
_NO_GRANTS: Final = Wasi()


class Prepared(Uncopied, Generic[I]):
    """What `Component.prepare` gives. All its instances share the implementations of their imports, and
    nothing else. All threads may share it."""

    def __init__(self, component: Component, cls: type[I], provision: Provision) -> None:
        self._component, self._cls = component, cls
        self._host = Implementations(provision)

    def instantiate(self, *, wasi: Wasi | None = None, limits: Limits | None = None) -> I:
        """A new instance in a store of its own. Raises Trap if the guest's start fails."""
        limits = limits or _UNLIMITED
        blueprint = self._component._blueprint(fuel=limits.fuel is not None)
        return start(self._cls, self._component, blueprint, self._host, wasi or _NO_GRANTS, limits)
