"""Whether an item can be given where another type is wanted (`Explainer.md`, Type Checking)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from witkit.wasm import types
from witkit.wasm.budget import Budget
from witkit.wasm.cursor import BadWasm, TooMuch
from witkit.wasm.types import Component, Defined, Extern, Func, Instance, Item, Module, Node, Resource, TypeItem

_DEPTH = 50
_APART = 10


@dataclass(slots=True)
class Matching:
    """Compares items, and notes in `renames` which types take the places of those that are wanted."""

    budget: Budget
    offset: int
    renames: dict[Node, Node] = field(default_factory=dict)
    equal: set[tuple[Node, Node]] = field(default_factory=set)
    depth: int = 0

    def fail(self, path: str, message: str) -> BadWasm:
        return BadWasm(f"`{path}` {message}", self.offset)

    def item(self, path: str, wanted: Item, given: Item) -> None:
        """Raise BadWasm, with the path of the item, if `given` is not a subtype of `wanted`."""
        waiting = [(path, wanted, given)]
        while waiting:
            path, wanted, given = waiting.pop()
            self.budget.spend(1, self.offset)
            match wanted, given:
                case Func(), Func():
                    self._func(path, wanted, given)
                case TypeItem(), TypeItem():
                    self._type(path, wanted, given)
                case Instance(), Instance():
                    # The last is taken first, and types are needed before the functions that use them.
                    waiting += reversed(list(self._exports(path, wanted.exports, given.exports)))
                case Component(), Component():
                    self._component(path, wanted, given)
                case Module(), Module():
                    self._module(path, wanted, given)
                case types.Opaque(), types.Opaque():
                    pass
                case _:
                    raise self.fail(path, f"is {_sort(given)}, not {_sort(wanted)}")

    def _exports(
        self, path: str, wanted: dict[str, Extern], given: dict[str, Extern]
    ) -> Iterator[tuple[str, Item, Item]]:
        for name, extern in wanted.items():
            if name not in given:
                raise self.fail(path, f"lacks the export `{name}`")
            yield f"{path}/{name}", extern.item, given[name].item

    def _type(self, path: str, wanted: TypeItem, given: TypeItem) -> None:
        bound, found = wanted.referenced, given.created
        match bound, found:
            case Resource(), Resource():
                if bound is not wanted.created and self.root(bound) is not self.root(found):
                    raise self.fail(path, "is another resource than the one that is wanted")
            case Defined(), Defined():
                self._value(path, bound, found)
            case Func(), Func():
                self._func(path, bound, found)
            case (Instance() | Component(), Instance() | Component()):
                # Types must be the same, not only fit: they fit in both directions.
                self._apart([(path, bound, found)])
                self._apart([(path, found, bound)])
            case _:
                raise self.fail(path, "is a type of another kind than the one that is wanted")
        if wanted.created is not found:
            self.renames[wanted.created] = found

    def root(self, resource: Resource) -> Resource:
        """What tells a resource from others: what took its place, without the other names that it has."""
        while True:
            renamed = self.renames.get(resource, resource.of)
            if renamed is None:
                return resource
            self.budget.spend(1, self.offset)
            assert isinstance(renamed, Resource)
            resource = renamed

    def _component(self, path: str, wanted: Component, given: Component) -> None:
        for name in given.imports:
            if name not in wanted.imports:
                raise self.fail(path, f"imports `{name}`, which it would not be given")
        imports = [(f"{path}/{name}", e.item, wanted.imports[name].item) for name, e in given.imports.items()]
        self._apart([*imports, *self._exports(path, wanted.exports, given.exports)])

    def _apart(self, items: list[tuple[str, Item, Item]]) -> None:
        """Compare items with resources that mean nothing outside of them."""
        self.budget.spend(_APART + len(self.renames), self.offset)
        inner = Matching(self.budget, self.offset, dict(self.renames), depth=self.depth + 1)
        if inner.depth > _DEPTH:
            raise TooMuch("components and their types nest too deeply", self.offset)
        for item in items:
            inner.item(*item)

    def _module(self, path: str, wanted: Module, given: Module) -> None:
        self.budget.spend(given.weight + wanted.weight, self.offset)
        for name, type_ in given.imports.items():
            found = wanted.imports.get(name)
            if found is None or not found.fits(type_):
                raise self.fail(path, f"imports `{name[0]}` `{name[1]}`, which it would not be given with this type")
        for export, type_ in wanted.exports.items():
            found = given.exports.get(export)
            if found is None or not found.fits(type_):
                raise self.fail(path, f"lacks the export `{export}` with the type that is wanted")

    def _func(self, path: str, wanted: Func, given: Func) -> None:
        if wanted is given:
            return
        if [name for name, _ in wanted.params] != [name for name, _ in given.params]:
            raise self.fail(path, "is a function whose parameters have other names than those that are wanted")
        if wanted.is_async != given.is_async:
            raise self.fail(path, f"is {'not ' if wanted.is_async else ''}an async function")
        pairs = [(a, b) for (_, a), (_, b) in zip(wanted.params, given.params, strict=True)]
        for one, other in (*pairs, (wanted.result, given.result)):
            self._value(path, one, other)

    def _value(self, path: str, wanted: types.ValType | None, given: types.ValType | None) -> None:
        """Without recursion, because types may nest deeply."""
        pairs = [(wanted, given)]
        while pairs:
            one, other = _primitive(pairs[-1][0]), _primitive(pairs.pop()[1])
            if one is other or one == other:
                continue
            if not isinstance(one, Defined) or not isinstance(other, Defined) or _form(one) != _form(other):
                raise self.fail(path, f"has the type {_shown(other)} where {_shown(one)} is wanted")
            if (one, other) in self.equal:
                continue
            self.budget.spend(one.weight, self.offset)
            self.equal.add((one, other))
            if isinstance(one.kind, types.Own | types.Borrow):
                assert isinstance(other.kind, types.Own | types.Borrow)
                if self.root(one.kind.resource) is not self.root(other.kind.resource):
                    raise self.fail(path, "has a handle of another resource than the one that is wanted")
            pairs += zip(types.parts(one.kind), types.parts(other.kind), strict=True)


def is_same(one: types.ValType | None, other: types.ValType | None) -> bool:
    """Whether two value types are the same, apart from the names that they have."""
    try:
        Matching(Budget(), 0)._value("", one, other)
    except BadWasm:
        return False
    return True


def _primitive(type_: types.ValType | None) -> types.ValType | None:
    """A definition that is only another name of a primitive type is that type."""
    if isinstance(type_, Defined) and isinstance(type_.kind, types.Primitive):
        return type_.kind.name
    return type_


def _form(type_: Defined) -> tuple[object, ...]:
    """All of a definition but the types and resources in it."""
    match kind := type_.kind:
        case types.Record(fields):
            return types.Record, *(name for name, _ in fields)
        case types.Variant(cases):
            return types.Variant, *((name, payload is None) for name, payload in cases)
        case types.Enum() | types.Flags():
            return (kind,)
        case types.FixedLengthList(_, length):
            return types.FixedLengthList, length
    return type(kind), *(part is None for part in types.parts(kind))


def _shown(type_: types.ValType | None) -> str:
    if isinstance(type_, Defined):
        return type(type_.kind).__name__.lower()
    return type_ or "nothing"


def _sort(item: Item) -> str:
    names = {Func: "a function", TypeItem: "a type", Instance: "an instance", Component: "a component"}
    return names.get(type(item), "a core module" if isinstance(item, Module) else "a value")
