"""Functions between two component instances, whose values no program sees."""

from __future__ import annotations

from typing import Any

from witkit import abi
from witkit.canonical.described import Descriptions
from witkit.wasm import types
from witkit.wasm.plan import Lift


class Carried:
    """The description of a function whose values no program sees, and its resources in the plan.

    Results have both sides as values, because nothing is raised between guests, and maps cross as lists of pairs, which
    look the same in memory: a guest may give the same key twice. The end of a stream or future is described as a
    resource, and its type stands for that in `resources`.
    """

    def __init__(self) -> None:
        self.resources: dict[abi.Resource, Any] = {}
        self._known: dict[Any, abi.Resource] = {}
        self._descriptions, self._pairs = Descriptions(self._resource, self._resource), _Pairs()
        self.func: abi.Func

    def _resource(self, planned: Any) -> abi.Resource:
        if planned not in self._known:
            self._known[planned] = abi.Resource("resource", "Resource")
            self.resources[self._known[planned]] = planned
        return self._known[planned]

    def type(self, type: types.ValType) -> abi.Type:
        """The description of a type."""
        return self._pairs.of(self._descriptions.type(type))


class Between(Carried):
    """A function that one component instance has for another one."""

    def __init__(self, lift: Lift) -> None:
        super().__init__()
        params = tuple(abi.Param(name, self.type(type)) for name, type in lift.type.params)
        result = None if lift.type.result is None else self.type(lift.type.result)
        self.func = abi.Func(lift.name or "function", "function", params, result)


class OfElements(Carried):
    """A function that takes a list of a type and returns one: what copies the elements of streams and futures."""

    def __init__(self, type: types.ValType) -> None:
        super().__init__()
        element = self.type(type)
        self.func = abi.Func("elements", "elements", (abi.Param("elements", abi.List(element)),), element)


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
