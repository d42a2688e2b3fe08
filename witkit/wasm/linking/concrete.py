"""Component types with the resources of one component instance in place of those that its definition speaks of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from witkit.wasm import types
from witkit.wasm.budget import Budget
from witkit.wasm.cursor import BadWasm, TooMuch
from witkit.wasm.plan import Canon, Lift, PlannedResource
from witkit.wasm.renaming import Renaming, inside
from witkit.wasm.types import Defined, Func, Instance, Item, Node, Resource, TypeItem, ValType

_DEPTH: Final = 100


@dataclass(slots=True)
class ConcreteTypes:
    """The value types of a plan with their nesting depth. They are added to `parts`, too."""

    parts: list[Defined | PlannedResource | Lift | Canon]
    depths: dict[Node, int] = field(default_factory=dict)

    def add(self, type_: Defined, offset: int) -> None:
        if type_ in self.depths:
            return
        depth = 1 + max((self.depths[t] for t in types.parts(type_.kind) if isinstance(t, Defined)), default=0)
        if depth > _DEPTH:
            raise TooMuch(f"types nest more than {_DEPTH} levels deep", offset)
        self.depths[type_] = depth
        self.parts.append(type_)


@dataclass(slots=True)
class Concrete:
    """The types of one component instance. What `resources` has is known; names of types are left out."""

    budget: Budget
    types: ConcreteTypes
    resources: dict[Node, PlannedResource] = field(default_factory=dict)
    done: dict[Node, Node] = field(default_factory=dict)

    def bind(self, item: Item, value: object, offset: int) -> None:
        """Note which resources take the places of those in an item."""
        waiting: list[tuple[Item, object]] = [(item, value)]
        while waiting:
            item, value = waiting.pop()
            self.budget.spend(1, offset)
            if isinstance(item, TypeItem) and isinstance(item.created, Resource):
                assert isinstance(value, PlannedResource)
                self.name(item.created, value)
            elif isinstance(item, Instance):
                assert isinstance(value, dict)
                waiting += [(export.item, value.get(name)) for name, export in item.exports.items()]

    def name(self, resource: Resource | None, planned: PlannedResource) -> None:
        """Bind a resource and those that it is another name of."""
        while resource is not None and resource not in self.resources:
            self.resources[resource] = planned
            resource = resource.of

    def resource(self, resource: Resource, offset: int) -> PlannedResource:
        current: Resource | None = resource
        while current is not None:
            if current in self.resources:
                planned = self.resources[current]
                self.name(resource, planned)
                return planned
            current = current.of
        raise BadWasm("a type refers to a resource that it cannot know here", offset)

    def value(self, type_: ValType | None, offset: int) -> ValType | None:
        if not isinstance(type_, Defined):
            return type_
        made = self._made(type_, offset)
        assert isinstance(made, Defined)
        return made

    def func(self, func: Func, offset: int) -> Func:
        made = self._made(func, offset)
        assert isinstance(made, Func)
        return made

    def _made(self, node: Node, offset: int) -> Node:
        """Without recursion, because types may nest deeply."""
        if node not in self.done:
            waiting, found = [node], set[Node]()
            while waiting:
                inner = waiting.pop()
                if inner not in self.done and inner not in found:
                    found.add(inner)
                    waiting.extend(inside(inner))
            self.budget.spend(sum(n.weight for n in found), offset)
            renaming = Renaming({}, self.budget, offset, self.done)
            for inner in sorted(found, key=lambda n: n.serial):
                self.done[inner] = self._copy(inner, renaming, offset)
        return self.done[node]

    def _copy(self, node: Node, renaming: Renaming, offset: int) -> Node:
        match node:
            case Resource():
                return self.resource(node, offset)
            case Defined(_, _, of) if of is not None:
                return self.done[of]
            case Defined() | Func():
                is_same = all(self.done[inner] is inner for inner in inside(node))
                made = node if is_same else renaming.copy(node)
                if isinstance(made, Defined):
                    self.types.add(made, offset)
                return made
        return node
