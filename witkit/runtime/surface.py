"""What a component imports and exports, by interfaces, as its plan has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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

_MATCHES: Final = 16


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


@dataclass(slots=True)
class LinkedImport:
    """One import: satisfied by an implementation, whose `place` is that among the offered ones, by `Wasi` (`wasi`,
    the description that it is written against), or by stubs (neither), and what is wrong with it.

    The functions and resources of the world itself are one import, named "".
    """

    name: str
    side: SurfaceSide
    place: int | None = None
    wasi: abi.Interface | None = None
    functions: Sequence[abi.Func] = ()
    problems: list[Diagnostic] = field(default_factory=list)


class ImportMatch:
    """What satisfies the imports, as far as names and types decide that. It keeps the `interfaces` that are offered.

    `unknown` are the names in `optional` that no import has, each with the import that is perhaps meant. `wasi` are the
    functions that `Wasi` implements, with their interfaces; None if it satisfies no import.
    """

    def __init__(
        self, links: Sequence[LinkedImport], unknown: Mapping[Diagnostic, str], interfaces: Sequence[abi.Interface]
    ) -> None:
        self.links = [link for link in links if link.place is not None or link.problems]
        self.unknown, self.interfaces = unknown, interfaces
        self.wasi: Mapping[HostFunc, tuple[abi.Func, str]] | None = None
        if any(link.wasi is not None for link in links):
            self.wasi = {
                host_func(link.side, func): (func, link.wasi.name)
                for link in links
                if link.wasi is not None
                for func in link.functions
            }


def host_func(side: SurfaceSide, func: abi.Func) -> HostFunc:
    """The imported function that a description is of."""
    found = side.functions[func.name]
    assert isinstance(found, HostFunc)
    return found


class Surface(Uncopied):
    """Imports and exports of one component. The component's own functions and resources are the side named ""."""

    def __init__(self, plan: Plan) -> None:
        self.labels: Mapping[str, str] = plan.labels
        self.imports = _sides(plan.imports)
        self.exports = _sides(plan.exports)
        self._fits: dict[tuple[str, int], Fit] = {}
        self._matches: dict[Any, ImportMatch] = {}

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

    def known_match(self, key: Any) -> ImportMatch | None:
        """What `remember_match` was given for a key, which has the ids of the interfaces that the match keeps."""
        return self._matches.get(key)

    def remember_match(self, key: Any, match: ImportMatch) -> None:
        """Names are matched once, for all implementations of the same interfaces."""
        if len(self._matches) >= _MATCHES:
            self._matches.clear()
        self._matches[key] = match


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
