"""A host that has some value for every type."""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any

from witkit import abi
from witkit.canonical.described import Descriptions
from witkit.wasm.plan import HostFunc, PlannedResource
from witkit.wasm.types import Resource


class Lacking(Exception):
    """There is no value of a type."""


class Host:
    """Implements every import with a function or a coroutine that gives some value, and has values for calls."""

    def __init__(self, chance: Random) -> None:
        self.types = Descriptions(self._described)
        self._chance = chance
        self._resources: dict[PlannedResource, abi.Resource] = {}
        self._held: dict[str, list[Any]] = {}

    def _described(self, planned: Resource) -> abi.Resource:
        assert isinstance(planned, PlannedResource)
        if planned not in self._resources:
            name = f"r{len(self._resources)}"
            self._resources[planned] = abi.Resource(name, name)
            if planned.owner is not None:
                self._held[name] = []
        return self._resources[planned]

    def function(self, func: HostFunc) -> tuple[abi.Func, Any]:
        described = self.types.func(func.type, func.name)
        result = described.result
        side = result.ok if isinstance(result, abi.Result) else result

        def plain(*values: Any) -> Any:
            return None if side is None else self.some(side)

        async def later(*values: Any) -> Any:
            await asyncio.sleep(0)
            return plain()

        return described, later if func.type.is_async and self._chance.randrange(2) else plain

    def is_observed(self, func: HostFunc) -> bool:
        return False

    def fits(self, resource: PlannedResource) -> None:
        return None

    def some(self, type: abi.Type) -> Any:
        """A value of a type. Raises Lacking if only a guest could make one, and none did."""
        match type:
            case abi.Primitive(name=name):
                return {"bool": True, "string": "text", "char": "c", "f32": 1.5, "f64": 1.5}.get(name, 5)
            case abi.List(element=element, length=length):
                values = [self.some(element) for _ in range(2 if length is None else length)]
                return bytes(values) if element == abi.U8 else values
            case abi.Tuple(elements=elements):
                return tuple(map(self.some, elements))
            case abi.Record(fields=fields):
                return type.cls(*(self.some(field.type) for field in fields))
            case abi.Enum() | abi.Flags():
                return next(iter(type.cls))
            case abi.Variant(cases=cases):
                return cases[0].cls(*(self.some(each) for each in [cases[0].payload] if each is not None))
            case abi.Result(ok=ok):
                return abi.Ok(None if ok is None else self.some(ok))
            case abi.Map():
                return {}
            case abi.Option():
                return None
            case abi.Own(resource=resource) | abi.Borrow(resource=resource):
                return self._handle(resource.name, isinstance(type, abi.Own))
        return object()

    def _handle(self, name: str, given: bool) -> Any:
        held = self._held.get(name)
        if held is None:
            return object()
        if not held:
            raise Lacking(name)
        return held.pop() if given else held[-1]

    def keep(self, type: abi.Type, value: Any) -> None:
        """Keep the handles of a guest in a value that it returned."""
        match type, value:
            case abi.Own(resource=resource), _ if resource.name in self._held:
                self._held[resource.name].append(value)
            case abi.Result(ok=abi.Own() as ok), abi.Ok(inner):
                self.keep(ok, inner)
