"""What binds exports to one instance of the core engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from witkit import abi
from witkit.abi.versions import find
from witkit.runtime import shapes
from witkit.runtime.binder import Binder
from witkit.runtime.core.instance import CoreInstance
from witkit.text import WitkitError
from witkit.wasm.plan import Lift, PlannedResource

if TYPE_CHECKING:
    from witkit.runtime.component import Component


class CoreBinder(Binder):
    """Makes callables for exports, and classes for resources, of a `CoreInstance`."""

    def __init__(
        self, component: Component, state: Any, raw: CoreInstance, world: abi.World | None, name: str
    ) -> None:  # fmt: skip
        super().__init__(component, state, raw, world, name)
        self._exported = raw.blueprint.plan.exports

    def _number(self, interface: abi.Interface, resource: abi.Resource) -> Any:
        """The run-time type of a resource that an exported interface holds: what numbers are for the other engine."""
        exact = find(interface.name, [name for name, item in self._exported.items() if isinstance(item, dict)])
        if exact is None or resource not in interface.resources:
            return None
        items: Any = self._exported[exact]
        found = items.get(resource.name)
        return self.raw.type(found) if isinstance(found, PlannedResource) else None

    def bind(self, interface: str, func: abi.Func) -> Callable[..., Any]:
        """The callable for an exported function whose ABI type was found to fit, or is found to now."""
        component, exports = self.component, self._exported
        exact = find(interface, [name for name, item in exports.items() if isinstance(item, dict)]) if interface else ""
        items: Any = exports if not exact else exports[exact]
        lift = items.get(func.name) if exact is not None else None
        if exact is None or not isinstance(lift, Lift):
            raise WitkitError([component._no_export(f"{interface}#{func.name}" if interface else func.name)])
        if difference := shapes.differs(func, component._reflection.function(False, exact, func.name)):
            where = f"{exact}#{func.name}" if exact else func.name
            raise TypeError(f"the export `{where}` does not fit its ABI type: {difference}")
        call: Callable[..., Any] = self.raw.export(lift, func)
        vars(call)["witkit_binder"] = self
        return call
