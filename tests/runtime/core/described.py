"""Components in WAT on the core engine alone, with functions that are described by what the component states."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Self

import wasmtime

from witkit import abi
from witkit.canonical.described import Descriptions
from witkit.runtime.cache import Cache
from witkit.runtime.core.blueprint import Blueprint
from witkit.runtime.core.compiling import Mode, Modules
from witkit.runtime.core.instance import CoreInstance
from witkit.runtime.core.plans import Linked
from witkit.runtime.limits import Limits
from witkit.wasm.plan import HostFunc, Lift, PlannedResource


@cache
def _modules(fuel: bool) -> Modules:
    return Modules(Mode(fuel=fuel), Cache(None))


class Given:
    """Python functions for imports, by their names in the component."""

    def __init__(self, functions: dict[str, Callable[..., Any]]) -> None:
        resources: dict[Any, abi.Resource] = {}
        self.types = Descriptions(lambda planned: resources.setdefault(planned, abi.Resource("resource", "Resource")))
        self._functions = functions

    def function(self, func: HostFunc) -> tuple[abi.Func, Any]:
        return self.types.func(func.type, func.name), self._functions[func.name]

    def is_observed(self, func: HostFunc) -> bool:
        return False

    def fits(self, resource: PlannedResource) -> None:
        return None


class Described:
    """An instance of a component."""

    def __init__(self, text: str, limits: Limits | None = None, **functions: Callable[..., Any]) -> None:
        fuel = limits is not None and limits.fuel is not None
        self._host = Given({name.replace("_", "-"): function for name, function in functions.items()})
        linked = Linked.of(bytes(wasmtime.wat2wasm(text)))
        self.raw = CoreInstance(Blueprint(linked, _modules(fuel)), self._host, limits)

    def __getitem__(self, name: str) -> Callable[..., Any]:
        """An exported function."""
        lift = self.raw.blueprint.plan.exports[name]
        assert isinstance(lift, Lift)
        return self.raw.export(lift, self._host.types.func(lift.type, name))

    @property
    def closed(self) -> bool:
        return self.raw.state.closed

    def close(self) -> None:
        self.raw.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
