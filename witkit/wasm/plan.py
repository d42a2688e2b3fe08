"""What is left of a component when it is linked: core modules, the order to instantiate them, what each is given.

Component linking has no decisions at run time, so nested components and instances are inlined. All objects have an
identity, which survives pickling: one `PlannedResource` is one resource type, one `Canon` one core function.

A core signature is text: one letter per parameter, a colon, one per result. `i` is i32, `I` i64, `f` f32, `F` f64,
and `?` anything else. Every core function of a plan has the signature that its use demands.
"""

from __future__ import annotations

from dataclasses import field
from typing import TypeAlias

from witkit.text.values import entity
from witkit.wasm.core import CoreSort, Space
from witkit.wasm.types import Defined, Func, Resource


@entity(slots=True, eq=False)
class CoreExport:
    """An export of a core instance. `signature` is that of a function, and empty for other sorts."""

    instance: int
    name: str
    sort: CoreSort
    signature: str = ""


@entity(slots=True, eq=False)
class Options:
    """The options of a canonical definition. `encoding` is `utf8`, `utf16` or `latin1+utf16`."""

    encoding: str = "utf8"
    memory: CoreExport | None = None
    realloc: CoreFunc | None = None
    post_return: CoreFunc | None = None
    is_async: bool = False
    callback: CoreFunc | None = None


@entity(slots=True, eq=False, kw_only=True)
class PlannedResource(Resource):
    """A resource type of the linked whole, to which the types of its functions refer.

    `owner` is the component instance that defines it, None for the host. `interface` and `name` say where the outermost
    component imports or exports it first. One that stays inside has only a name, if its component exports it.
    """

    owner: int | None = None
    destructor: CoreFunc | None = None
    name: str = ""
    interface: str = ""


@entity(slots=True, eq=False)
class HostFunc:
    """A function that the outermost component imports: from an interface, or `""` for one of the world's own.

    `name` is as in the binary, for example `[method]store.get`.
    """

    interface: str
    name: str
    type: Func


@entity(slots=True, eq=False)
class Lift:
    """A core function as a function of the component instance number `instance`.

    `interface` and `name` are those of the first export of the outermost component that leads to it, for messages. One
    that stays inside has only a name, if its component exports it.
    """

    core: CoreFunc
    options: Options
    type: Func
    instance: int
    name: str = ""
    interface: str = ""


@entity(slots=True, eq=False)
class Canon:
    """A core function that the host makes for the component instance number `instance`.

    `kind` is the name of the built-in as in the text format, `lower` for lowered functions. `callee` is what `lower`
    calls; `type` a built-in's type: the resource of `resource.*`, the stream or future of `stream.*` and `future.*`,
    the result of `task.return`. `operand` is the index of `context.*`. A built-in with the immediate `async` or
    `cancellable` has it as `options.is_async`.
    """

    kind: str
    instance: int
    signature: str
    callee: Lift | HostFunc | None = None
    options: Options = field(default_factory=Options)
    type: PlannedResource | Defined | str | None = None
    operand: int = 0


CoreFunc: TypeAlias = CoreExport | Canon


@entity(slots=True, eq=False)
class Step:
    """Makes core instance number `instance` of `Plan.modules[module]`.

    `arguments` are in the order of the module's imports.
    """

    instance: int
    module: int
    arguments: tuple[CoreExport | Canon, ...]


Imported: TypeAlias = HostFunc | PlannedResource | Defined | dict[str, "Imported"]
Exported: TypeAlias = Lift | HostFunc | PlannedResource | Defined | dict[str, "Exported"]


@entity(slots=True, eq=False)
class Plan:
    """How to make an instance of a component.

    `parts` has types, resources and functions in an order in which each refers only to those before it, so that
    pickling does not recurse deeply.
    `modules` are the core modules, as offsets in the bytes of the component: where each begins and ends;
    `spaces` is what an instance of each of them takes up. `unused` are the core modules that nothing instantiates.
    `parents` has for each component instance the one that contains it, None for the outermost, which is number 0.
    `imports` and `exports` have the names as in the binary. An interface is a `dict`; an export that was imported is
    the imported object. Core modules and components that are exported are left out. `labels` says for an import that
    has a label which interface it implements.
    """

    parts: list[Defined | PlannedResource | Lift | Canon] = field(default_factory=list)
    modules: list[tuple[int, int]] = field(default_factory=list)
    spaces: list[Space] = field(default_factory=list)
    unused: list[tuple[int, int]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    instances: int = 0
    core_instances: int = 0
    parents: list[int | None] = field(default_factory=list)
    imports: dict[str, Imported] = field(default_factory=dict)
    exports: dict[str, Exported] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
