"""Replace the resources and types of an import or instance by those that it is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from witkit.wasm import types
from witkit.wasm.budget import Budget
from witkit.wasm.cursor import BadWasm
from witkit.wasm.subtyping import Matching
from witkit.wasm.types import Component, Defined, Extern, Func, Instance, Node, Resource, TypeItem, ValType


def fresh(instance: Instance, budget: Budget, offset: int) -> tuple[Instance, list[Resource]]:
    """A new instance of a type, and its own resources."""
    if not instance.defined:
        return instance, []
    own: dict[Node, Node] = {old: Resource() for old in instance.defined}
    renamed = Renaming(own, budget, offset)(instance)
    assert isinstance(renamed, Instance)
    renamed.defined = []
    return renamed, [r for r in own.values() if isinstance(r, Resource)]


def instantiate(component: Component, given: Mapping[str, types.Item], budget: Budget, offset: int) -> Instance:
    """The exports of an instance of `component`. Raises BadWasm for an import that is not among the `given`."""
    matching = Matching(budget, offset)
    matching.renames.update({resource: Resource() for resource in component.defined})
    for name, wanted in component.imports.items():
        if name not in given:
            raise BadWasm(f"an instantiation lacks the import `{name}`", offset)
        matching.item(name, wanted.item, given[name])
    budget.spend(component.weight, offset)
    renaming = Renaming(matching.renames, budget, offset)
    exports = {name: replace(e, item=renaming(e.item)) for name, e in component.exports.items()}
    return Instance(exports)


@dataclass(slots=True)
class Renaming:
    """Copies what refers to anything in `renames`. All other nodes stay the same objects."""

    renames: dict[Node, Node]
    budget: Budget
    offset: int
    done: dict[Node, Node] = field(default_factory=dict)

    def __call__(self, item: types.Item) -> types.Item:
        """Without recursion, because types may nest deeply. A node refers only to nodes with lower serials."""
        waiting: list[Node] = [item]
        found: dict[Node, None] = {}
        while waiting:
            node = waiting.pop()
            if node in self.done or node in found:
                continue
            if node in self.renames:
                self.done[node] = self.renames[node]
                continue
            found[node] = None
            waiting.extend(inside(node))
        self.budget.spend(sum(node.weight for node in found), self.offset)
        for node in sorted(found, key=lambda n: n.serial):
            is_same = all(self.done[inner] is inner for inner in inside(node))
            self.done[node] = node if is_same else self.copy(node)
        renamed = self.done[item]
        assert isinstance(renamed, Func | TypeItem | Instance | Component | types.Opaque)
        return renamed

    def copy(self, node: Node) -> Node:
        match node:
            case Resource(of):
                return Resource(None if of is None else self._resource(of))
            case Defined(kind, traits, of, depth):
                if of is not None and (target := self._of(of)) is not of:
                    return Defined(target.kind, target.traits, target, depth)
                return Defined(self._kind(kind), traits, of, depth)
            case Func(params, result, is_async):
                return Func([(n, self._value(t)) for n, t in params], self._optional(result), is_async)
            case TypeItem(referenced, created):
                return TypeItem(self._any(referenced), self._any(created))
            case Instance(exports, defined):
                return Instance(self._externs(exports), list(defined))
            case Component(imports, exports, imported, defined):
                return Component(self._externs(imports), self._externs(exports), list(imported), list(defined))
        return node

    def _externs(self, externs: dict[str, Extern]) -> dict[str, Extern]:
        copies: dict[str, Extern] = {}
        for name, extern in externs.items():
            item = self.done[extern.item]
            assert isinstance(item, Func | TypeItem | Instance | Component | types.Opaque)
            copies[name] = replace(extern, item=item)
        return copies

    def _resource(self, resource: Resource) -> Resource:
        renamed = self.done[resource]
        if not isinstance(renamed, Resource):
            raise BadWasm("an instantiation gives a value type for the import of a resource", self.offset)
        return renamed

    def _of(self, type_: Defined) -> Defined:
        renamed = self.done[type_]
        if not isinstance(renamed, Defined):
            raise BadWasm("an instantiation gives something else for the import of a value type", self.offset)
        return renamed

    def _any(self, type_: types.AnyType) -> types.AnyType:
        renamed = self.done[type_]
        assert isinstance(renamed, Resource | Defined | Func | Instance | Component)
        return renamed

    def _value(self, type_: ValType) -> ValType:
        return type_ if isinstance(type_, str) else self._of(type_)

    def _optional(self, type_: ValType | None) -> ValType | None:
        return None if type_ is None else self._value(type_)

    def _kind(self, kind: types.Kind) -> types.Kind:
        match kind:
            case types.Record(fields):
                return types.Record(tuple((name, self._value(t)) for name, t in fields))
            case types.Variant(cases):
                return types.Variant(tuple((name, self._optional(t)) for name, t in cases))
            case types.Tuple(of):
                return types.Tuple(tuple(self._value(t) for t in of))
            case types.Result(ok, err):
                return types.Result(self._optional(ok), self._optional(err))
            case types.Map(key, value):
                return types.Map(self._value(key), self._value(value))
            case types.Option(t):
                return types.Option(self._value(t))
            case types.List(t):
                return types.List(self._value(t))
            case types.FixedLengthList(t, length):
                return types.FixedLengthList(self._value(t), length)
            case types.Future(payload):
                return types.Future(self._optional(payload))
            case types.Stream(payload):
                return types.Stream(self._optional(payload))
            case types.Own(resource):
                return types.Own(self._resource(resource))
            case types.Borrow(resource):
                return types.Borrow(self._resource(resource))
        return kind


def inside(node: Node) -> Iterator[Node]:
    """The nodes that a node refers to."""
    match node:
        case Resource(of):
            yield from _some(of)
        case Defined(kind, _, of):
            yield from _some(of)
            yield from _some(*types.parts(kind))
            if isinstance(kind, types.Own | types.Borrow):
                yield kind.resource
        case Func(params, result):
            yield from _some(result, *(t for _, t in params))
        case TypeItem(referenced, created):
            yield from (referenced, created)
        case Instance(exports):
            yield from _items(exports.values())
        case Component(imports, exports):
            yield from _items(imports.values())
            yield from _items(exports.values())


def refuse_resources(item: types.Item, budget: Budget, offset: int) -> None:
    """Raise BadWasm if a type refers to resources that it does not bind itself."""
    waiting: list[Node] = [item]
    found: set[Node] = set()
    bound: set[Node] = set()
    while waiting:
        node = waiting.pop()
        if node not in found:
            budget.spend(1, offset)
            found.add(node)
            if isinstance(node, Instance | Component):
                bound.update(node.defined)
            if isinstance(node, Component):
                bound.update(node.imported)
            waiting.extend(inside(node))
    if any(isinstance(node, Resource) and node.of is None and node not in bound for node in found):
        raise BadWasm("an alias of an outer type that refers to a resource, from inside another component", offset)


def _some(*nodes: Node | str | None) -> Iterator[Node]:
    return (node for node in nodes if isinstance(node, Node))


def _items(externs: Iterable[Extern]) -> Iterator[Node]:
    return (extern.item for extern in externs)
