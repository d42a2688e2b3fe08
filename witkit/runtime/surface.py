"""What a component imports and exports, by interfaces, as its plan has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from witkit import abi
from witkit.runtime.uncopied import Uncopied
from witkit.text import Diagnostic
from witkit.text.values import value
from witkit.wasm.plan import Exported, HostFunc, Imported, Lift, Plan, PlannedResource

Function: TypeAlias = HostFunc | Lift

_FITS: Final = 256
"""Comparisons that a component remembers; descriptions that are made for each instance must not fill the memory."""


@dataclass(slots=True)
class SurfaceSide:
    """What an interface holds, or the component itself. `instances` are the names of instances inside it."""

    functions: dict[str, Function] = field(default_factory=dict)
    resources: dict[str, PlannedResource] = field(default_factory=dict)
    instances: list[str] = field(default_factory=list)


@value(frozen=True, slots=True)
class Fit:
    """Which functions of a description fit an import of the component, and what is wrong with the others."""

    interface: abi.Interface
    functions: list[abi.Func]
    problems: list[Diagnostic]


class Surface(Uncopied):
    """Imports and exports of one component. The component's own functions and resources are the side named ""."""

    def __init__(self, plan: Plan) -> None:
        self.labels: Mapping[str, str] = plan.labels
        self.imports = _sides(plan.imports)
        self.exports = _sides(plan.exports)
        self._fits: dict[tuple[str, int], Fit] = {}

    def required(self) -> Iterator[tuple[str, SurfaceSide]]:
        """The imports that something must satisfy: not those with only types, or with resources of other imports."""
        for name, side in self.imports.items():
            if side.functions or any(resource.interface == name for resource in side.resources.values()):
                yield name, side

    def known_fit(self, name: str, interface: abi.Interface) -> Fit | None:
        """What `remember` was given for an import and this very description."""
        found = self._fits.get((name, id(interface)))
        return found if found is not None and found.interface is interface else None

    def remember(self, name: str, fit: Fit) -> None:
        """A component and a description do not change: they are compared once."""
        if len(self._fits) >= _FITS:
            self._fits.clear()
        self._fits[name, id(fit.interface)] = fit


def _sides(items: Mapping[str, Imported] | Mapping[str, Exported]) -> dict[str, SurfaceSide]:
    own, found = SurfaceSide(), dict[str, SurfaceSide]()
    for name, item in items.items():
        if isinstance(item, dict):
            found[name] = side = SurfaceSide()
            for inner, each in item.items():
                _add(side, inner, each)
        else:
            _add(own, name, item)
    found[""] = own  # last: what it `use`s from an interface belongs to that interface
    return found


def _add(side: SurfaceSide, name: str, item: Any) -> None:
    match item:
        case HostFunc() | Lift():
            side.functions[name] = item
        case PlannedResource():
            side.resources[name] = item
        case dict():
            side.instances.append(name)
