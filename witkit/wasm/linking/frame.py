"""Makes an instance of a component, as a plan: each definition adds to the frame of its component instance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from witkit.wasm.budget import Budget
from witkit.wasm.core import CoreSort
from witkit.wasm.cursor import BadWasm, TooMuch
from witkit.wasm.linking.concrete import Concrete, ConcreteTypes
from witkit.wasm.linking.options import Options as Given
from witkit.wasm.plan import Canon, CoreExport, CoreFunc, HostFunc, Lift, Options, Plan, PlannedResource, Step
from witkit.wasm.scope import Sort
from witkit.wasm.types import Component, Defined, Func, Instance, Item, Module, Resource, TypeItem, ValType

ACTION: Final = 5
"""The steps of the budget that a definition takes, for the memory of what it makes."""

_INSTANCES: Final = 10_000
_DEPTH: Final = 100

Action: TypeAlias = "Callable[[Frame], None]"
Value: TypeAlias = "Lift | HostFunc | PlannedResource | Defined | Closure | int | Mapping[str, Value] | None"
"""A function, resource, component, core module or instance. Types that are not resources mean nothing here."""
CoreInstance: TypeAlias = "int | dict[str, CoreExport | Canon]"


@dataclass(slots=True, eq=False)
class FrameBody:
    """The definitions of a component, as what they do to a frame."""

    type: Component = field(default_factory=Component)
    actions: list[Action] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Closure:
    """A component that can be instantiated, and the frame that it was defined in."""

    body: FrameBody
    frame: Frame


@dataclass(slots=True)
class Elaboration:
    """A plan in the making. `sources` are the offsets and types of all core modules of the file."""

    sources: list[tuple[tuple[int, int], Module]]
    budget: Budget
    plan: Plan = field(default_factory=Plan)
    types: ConcreteTypes = field(init=False)
    used: dict[int, int] = field(default_factory=dict)
    exports: dict[tuple[int, str], CoreExport] = field(default_factory=dict)
    core_modules: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.types = ConcreteTypes(self.plan.parts)

    def frame(self, outer: Frame | None, caller: Frame | None, given: dict[str, Value], offset: int) -> Frame:
        """The frame of a new component instance, defined in `outer` and instantiated by `caller`."""
        plan, depth = self.plan, caller.depth + 1 if caller else 0
        if plan.instances >= _INSTANCES:
            raise TooMuch(f"more than {_INSTANCES} instances of components", offset)
        if depth > _DEPTH:
            raise TooMuch("instances of components nest too deeply", offset)
        frame = Frame(self, outer, plan.instances, given, Concrete(self.budget, self.types), depth)
        plan.instances += 1
        plan.parents.append(caller.number if caller else None)
        return frame

    def module(self, source: int) -> int:
        """The number in the plan of a module of the file."""
        if source not in self.used:
            self.used[source] = len(self.plan.modules)
            self.plan.modules.append(self.sources[source][0])
            self.plan.spaces.append(self.sources[source][1].space)
        return self.used[source]

    def export(self, instance: int, name: str) -> CoreExport:
        """An export of a core instance: the same object each time."""
        found = self.exports.get((instance, name))
        if found is None:
            type_ = self.sources[self.core_modules[instance]][1].exports[name]
            signature = type_.text if type_.sort is CoreSort.FUNC else ""
            found = self.exports[instance, name] = CoreExport(instance, name, type_.sort, signature)
        return found


@dataclass(slots=True, eq=False)
class Frame:
    """A component instance: its index spaces, and the types that its definition's types are here.

    `given` are the imports by name.
    """

    whole: Elaboration
    outer: Frame | None
    number: int
    given: dict[str, Value]
    types: Concrete
    depth: int
    spaces: dict[int, list[Value]] = field(default_factory=lambda: {sort: [] for sort in Sort})
    core: dict[CoreSort, list[CoreExport | Canon]] = field(default_factory=lambda: {sort: [] for sort in CoreSort})
    core_instances: list[CoreInstance] = field(default_factory=list)
    exports: dict[str, Value] = field(default_factory=dict)

    def run(self, body: FrameBody, offset: int) -> None:
        self.whole.budget.spend(ACTION * len(body.actions), offset)
        for action in body.actions:
            action(self)

    # ---- items of components ----

    def add_module(self, source: int) -> None:
        self.spaces[Sort.CORE].append(source)

    def add_component(self, body: FrameBody) -> None:
        self.spaces[Sort.COMPONENT].append(Closure(body, self))

    def add_resource(self, resource: Resource, destructor: int | None) -> None:
        planned = PlannedResource(owner=self.number)
        if destructor is not None:
            planned.destructor = self.func(destructor)
        self.whole.plan.parts.append(planned)
        self.types.name(resource, planned)

    def value(self, sort: int, index: int, item: Item, offset: int) -> Value:
        if isinstance(item, TypeItem):
            return self.types.resource(item.created, offset) if isinstance(item.created, Resource) else None
        return self.spaces[sort][index]

    def add_import(self, name: str, sort: int, item: Item, offset: int) -> None:
        self._add(sort, item, self.given[name], offset)

    def add_export(self, name: str, sort: int, index: int, items: tuple[Item, Item], offset: int) -> None:
        """Export an item: the second of `items` is its type as it is declared."""
        value = self.value(sort, index, items[0], offset)
        if isinstance(value, Lift | PlannedResource) and not value.name:
            value.name = name
        self.exports[name] = value
        self._add(sort, items[1], value, offset)

    def _add(self, sort: int, item: Item, value: Value, offset: int) -> None:
        self.types.bind(item, value, offset)
        if sort != Sort.TYPE:
            self.spaces[sort].append(value)

    def add_instance(
        self, component: int, given: list[tuple[str, int, int, Item]], instance: Instance, offset: int
    ) -> None:
        closure = self.spaces[Sort.COMPONENT][component]
        assert isinstance(closure, Closure)
        values = {name: self.value(sort, index, item, offset) for name, sort, index, item in given}
        frame = self.whole.frame(closure.frame, self, values, offset)
        frame.run(closure.body, offset)
        self._add(Sort.INSTANCE, instance, frame.exports, offset)

    def add_bundle(self, exports: list[tuple[str, int, int, Item]], offset: int) -> None:
        self.whole.budget.spend(len(exports), offset)
        values = {name: self.value(sort, index, item, offset) for name, sort, index, item in exports}
        self.spaces[Sort.INSTANCE].append(values)

    def add_alias(self, sort: int, instance: int, name: str) -> None:
        exports = self.spaces[Sort.INSTANCE][instance]
        assert isinstance(exports, dict)
        self.spaces[sort].append(exports[name])

    def add_outer(self, sort: int, count: int, index: int) -> None:
        frame = self
        for _ in range(count):
            assert frame.outer is not None
            frame = frame.outer
        self.spaces[sort].append(frame.spaces[sort][index])

    # ---- core items ----

    def add_core_instance(self, module: int, given: dict[str, int], offset: int) -> None:
        source = self.spaces[Sort.CORE][module]
        assert isinstance(source, int)
        type_, plan = self.whole.sources[source][1], self.whole.plan
        self.whole.budget.spend(1 + len(type_.imports), offset)
        if plan.core_instances >= _INSTANCES:
            raise TooMuch(f"more than {_INSTANCES} instances of core modules", offset)
        arguments = tuple(self.core_export(given[place], name) for place, name in type_.imports)
        for argument, (name, wanted) in zip(arguments, type_.imports.items(), strict=True):
            if wanted.sort is CoreSort.FUNC and argument.signature != wanted.text:
                raise BadWasm(f"the core import `{name[0]}` `{name[1]}` is given a function of another type", offset)
        plan.steps.append(Step(plan.core_instances, self.whole.module(source), arguments))
        self.core_instances.append(plan.core_instances)
        self.whole.core_modules.append(source)
        plan.core_instances += 1

    def add_core_bundle(self, exports: list[tuple[str, CoreSort, int]], offset: int) -> None:
        self.whole.budget.spend(len(exports), offset)
        self.core_instances.append({name: self.core[sort][index] for name, sort, index in exports})

    def core_export(self, instance: int, name: str) -> CoreExport | Canon:
        found = self.core_instances[instance]
        return self.whole.export(found, name) if isinstance(found, int) else found[name]

    def add_core_alias(self, sort: CoreSort, instance: int, name: str) -> None:
        self.core[sort].append(self.core_export(instance, name))

    def func(self, index: int) -> CoreFunc:
        return self.core[CoreSort.FUNC][index]

    # ---- canonical definitions ----

    def options(self, given: Given) -> Options:
        options = Options(encoding=given.encoding, is_async=given.is_async)
        if given.memory is not None:
            memory = self.core[CoreSort.MEMORY][given.memory]
            assert isinstance(memory, CoreExport)
            options.memory = memory
        options.realloc = None if given.realloc is None else self.func(given.realloc)
        options.post_return = None if given.post_return is None else self.func(given.post_return)
        options.callback = None if given.callback is None else self.func(given.callback)
        return options

    def lift(self, core: int, given: Given, func: Func, signature: str, offset: int) -> None:
        found = self.func(core)
        if found.signature != signature:
            raise BadWasm(f"a core function has the type {found.signature}, where {signature} is lifted", offset)
        made = Lift(found, self.options(given), self.types.func(func, offset), self.number)
        self.spaces[Sort.FUNC].append(made)
        self.whole.plan.parts.append(made)

    def lower(self, index: int, given: Given, signature: str) -> None:
        callee = self.spaces[Sort.FUNC][index]
        assert isinstance(callee, Lift | HostFunc)
        self._add_canon(Canon("lower", self.number, signature, callee, self.options(given)))

    def built_in(
        self, kind: str, signature: str, given: Given, type_: Resource | ValType | None, operand: int, offset: int
    ) -> None:
        found: PlannedResource | Defined | str | None
        found = self.types.resource(type_, offset) if isinstance(type_, Resource) else self.types.value(type_, offset)
        self._add_canon(Canon(kind, self.number, signature, None, self.options(given), found, operand))

    def _add_canon(self, canon: Canon) -> None:
        self.core[CoreSort.FUNC].append(canon)
        self.whole.plan.parts.append(canon)
