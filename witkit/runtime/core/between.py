"""Functions between two component instances, whose values no program sees."""

from __future__ import annotations

from typing import Any

from witkit import abi
from witkit.canonical.described import described
from witkit.wasm.plan import Lift


class Between:
    """The description of a function that one component instance has for another one, and its resources in the plan.

    Results have both sides as values, because nothing is raised between guests, and maps cross as lists of pairs, which
    look the same in memory: a guest may give the same key twice.
    """

    def __init__(self, lift: Lift) -> None:
        self.resources: dict[abi.Resource, Any] = {}
        made: dict[Any, abi.Resource] = {}

        def resource(planned: Any) -> abi.Resource:
            if planned not in made:
                made[planned] = abi.Resource("resource", "Resource")
                self.resources[made[planned]] = planned
            return made[planned]

        func, pairs = described(lift.type, resource), _Pairs()
        params = tuple(abi.Param(p.name, pairs.of(p.type)) for p in func.params)
        self.func = abi.Func(lift.name or "function", "function", params, pairs.optional(func.result))


class _Pairs:
    """Puts a `list<tuple<K, V>>` in the place of each `map<K, V>`; the same type for the same type."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[abi.Type, abi.Type]] = {}

    def of(self, type: abi.Type) -> abi.Type:
        if id(type) not in self._made:
            self._made[id(type)] = type, self._replaced(type)
        return self._made[id(type)][1]

    def optional(self, type: abi.Type | None) -> abi.Type | None:
        return None if type is None else self.of(type)

    def _replaced(self, type: abi.Type) -> abi.Type:
        match type:
            case abi.Map(key, value):
                return abi.List(abi.Tuple((self.of(key), self.of(value))))
            case abi.List(element, length):
                return abi.List(self.of(element), length)
            case abi.Option(element):
                return abi.Option(self.of(element))
            case abi.Result(ok, err):
                return abi.Result(self.optional(ok), self.optional(err))
            case abi.Tuple(elements):
                return abi.Tuple(tuple(map(self.of, elements)))
            case abi.Record(name, cls, fields):
                return abi.Record(name, cls, tuple(abi.Field(f.name, f.attr, self.of(f.type)) for f in fields))
            case abi.Variant(name, cases):
                return abi.Variant(name, tuple(abi.Case(c.name, c.cls, self.optional(c.payload)) for c in cases))
        return type
