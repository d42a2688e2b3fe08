"""Components: compiled, described, ready to be instantiated as often as wanted."""

from __future__ import annotations

import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, SupportsIndex, TypeVar

from witkit import abi
from witkit.abi import Provided
from witkit.abi.versions import find
from witkit.canonical import fits
from witkit.canonical.described import Descriptions
from witkit.runtime.content import read
from witkit.runtime.engine import Engine, default_engine
from witkit.runtime.instance import Instance
from witkit.runtime.limits import Limits
from witkit.runtime.offers import offered
from witkit.runtime.prepared import Prepared
from witkit.runtime.provide import OTHER_TYPE, WORLD, Provision, differs, provide
from witkit.runtime.surface import Function, Surface, SurfaceSide
from witkit.runtime.uncopied import Uncopied
from witkit.runtime.wasi import Wasi
from witkit.text import Diagnostic, WitkitError, did_you_mean, error

if TYPE_CHECKING:
    from witkit.runtime.core.blueprint import Blueprint

I = TypeVar("I", bound=Instance)  # noqa: E741

NO_EXPORT = "WIT0716"

UNPICKLED: Final = 8
"""How many components a process keeps of those that it got from others."""


class Component(Uncopied, ABC):
    """A loaded component; all threads may share it. `Engine.load` gives an `UntypedComponent`; a generated package
    has a class of its own, whose `instantiate` and `prepare` take the world's imports."""

    _world: ClassVar[abi.World | None] = None

    def __init__(self, content: bytes, name: str, engine: Engine) -> None:
        self._content, self.name, self._engine = content, name, engine
        self._blueprints: dict[bool, Blueprint] = {}
        self._lock = threading.Lock()
        self._surface = Surface(self._blueprint(fuel=False).plan)
        self._interfaces: dict[tuple[bool, str], abi.Interface] = {}
        self._resources: dict[Any, abi.Resource] = {}
        self._export_problems: list[Diagnostic] | None = None
        self._fitting: dict[Function, abi.Func] = {}  # the last description that was found to fit an export
        self._descriptions = Descriptions(self._resource)

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        """A component is pickled by its bytes; where it is unpickled, it has the default engine of that process."""
        return _again, (type(self), self._content, self.name)

    @classmethod
    def load(cls, source: str | os.PathLike[str] | bytes, *, engine: Engine | None = None) -> Self:
        """Read and compile a component (or take the compiled form from the cache).

        Raises WitkitError if the file cannot be read, is not a component, or needs what witkit or wasmtime lacks.
        """
        content, name = read(source)
        return cls(content, name, engine or default_engine())

    @property
    def imports(self) -> tuple[str, ...]:
        """The names of the interfaces and functions that the component imports, WASI's included."""
        return (*(n for n in self._surface.imports if n), *self._surface.imports[""].functions)

    @property
    def exports(self) -> tuple[str, ...]:
        """The names of the interfaces and functions that the component exports."""
        return (*(n for n in self._surface.exports if n), *self._surface.exports[""].functions)

    @property
    def required_imports(self) -> tuple[str, ...]:
        """Those of `imports` that need an implementation: the other interfaces have only types, or resources of other
        interfaces."""
        return (*(name for name, _ in self._surface.required() if name), *self._surface.imports[""].functions)

    @property
    def labels(self) -> Mapping[str, str]:
        """The imports that have a name of their own, with the interface of each."""
        return dict(self._surface.labels)

    def check(
        self, imports: Mapping[str, Any] | Iterable[Provided] = (), *, optional: Iterable[str] = ()
    ) -> tuple[Diagnostic, ...]:
        """Everything that prevents instantiation with these imports, at once; empty if nothing does.

        `imports` maps the world's import arguments (without generated code: the component's import names)
        to implementations, or lists `Provided` ones. `optional` holds the same names; `world` means the
        functions and types that the world imports by itself, of which single functions may be named, too.
        """
        return tuple(self._provide(self._provided(imports), self._names(optional)).diagnostics)

    def interface(self, name: str, *, imported: bool = False) -> abi.Interface:
        """An exported (or imported) interface with types made from the component itself: records are plain
        dataclasses, and a resource's methods are functions whose first parameter is the handle.

        The version only needs to be compatible. Raises WitkitError if there is no such interface.
        """
        sides = self._surface.imports if imported else self._surface.exports
        exact = name if name in sides else find(name, [n for n in sides if n])
        if exact is None:
            help = did_you_mean(name, [n for n in sides if n])
            raise WitkitError([
                error(NO_EXPORT, f"the component has no {'import' if imported else 'export'} `{name}`",
                      help=help, file=self.name)
            ])  # fmt: skip
        found = self._interfaces.get((imported, exact))
        if found is None:  # another thread may be as far: all get the same one
            found = self._interfaces.setdefault((imported, exact), self._described(exact, sides[exact]))
        return found

    def _described(self, name: str, side: SurfaceSide) -> abi.Interface:
        functions = [self._descriptions.func(function.type, n) for n, function in side.functions.items()]
        return abi.Interface(name, tuple(functions), tuple(map(self._resource, side.resources.values())))

    def _resource(self, planned: Any) -> abi.Resource:
        found = self._resources.get(planned)
        if found is None:
            name = planned.name or "resource"
            attr = "".join(part.capitalize() for part in name.split("-"))
            found = self._resources.setdefault(planned, abi.Resource(name, attr))
        return found

    def _blueprint(self, *, fuel: bool) -> Blueprint:
        with self._lock:
            if fuel not in self._blueprints:
                known = next(iter(self._blueprints.values()), None)
                linked = known.linked if known is not None else self._engine.link(self._content, self.name)
                self._blueprints[fuel] = self._engine.compile(linked, self.name, fuel=fuel)
            return self._blueprints[fuel]

    def _names(self, optional: Iterable[str]) -> list[str]:
        """Optional imports by their names in the component; arguments of the world mean their interface."""
        arguments = {i.argument: i.label or i.interface.name for i in self._world.imports} if self._world else {}
        return [arguments.get(name, name) for name in optional]

    def _provided(self, imports: Mapping[str, Any] | Iterable[Provided]) -> list[Provided]:
        """What is offered, with its types: the world's, else the component's own."""
        if not isinstance(imports, Mapping):
            return list(imports)
        world = self._world
        if world is None:
            sides = self._surface.imports
            labels = self._surface.labels
            return [
                offered(self.interface(exact, imported=True), value, name if name in labels else None)
                for name, value in imports.items()
                for exact in ["" if name == WORLD and name not in sides else name]
            ]
        found = [offered(i.interface, imports.get(i.argument), i.label) for i in world.imports]
        if world.import_functions or world.import_resources:
            own = abi.Interface("", world.import_functions, world.import_resources)
            found.append(offered(own, imports.get("", imports.get(WORLD))))
        return found

    def _provide(self, offered: Sequence[Provided], optional: Sequence[str]) -> Provision:
        arguments = {i.label or i.interface.name: i.argument for i in self._world.imports} if self._world else {}
        found = provide(self._surface, offered, optional, arguments, file=self.name)
        if self._world is not None:
            if self._export_problems is None:
                self._export_problems = self._exports_differ(self._world)
            found.diagnostics += self._export_problems
        return found

    def _exports_differ(self, world: abi.World) -> list[Diagnostic]:
        """Exports of the world that the component lacks, or has with another type."""
        problems: list[Diagnostic] = []
        sides = [("", abi.Interface("", world.export_functions)), *((i.name, i) for i in world.exports)]
        for name, interface in sides:
            exact = find(name, [n for n in self._surface.exports if n]) if name else ""
            if exact is None:
                problems.append(self._no_export(name))
                continue
            side = self._surface.exports[exact]
            for func in interface.functions:
                where = f"{exact}#{func.name}" if exact else func.name
                if func.name not in side.functions:
                    problems.append(self._no_export(where))
                elif difference := self._differs(func, side.functions[func.name], interface, side):
                    problems.append(error(
                        OTHER_TYPE, f"the export `{where}` does not fit the bindings: {difference}", file=self.name,
                        help="generate the bindings from the WIT that the component was built with",
                    ))  # fmt: skip
        return problems

    @staticmethod
    def _differs(func: abi.Func, function: Function, interface: abi.Interface, side: SurfaceSide) -> str:
        """What makes an export differ from its bindings. One that cannot be called yet says so when it is."""
        return "" if fits.uncarried(function.type) else differs(func, function, interface, side)

    def _no_export(self, name: str) -> Diagnostic:
        help = did_you_mean(name, self.exports) or "is it a component of this world?"
        return error(NO_EXPORT, f"the component does not export `{name}`", help=help, file=self.name)

    @abstractmethod
    def instantiate(self, *args: Any, **kwargs: Any) -> Instance:
        """A new instance in a store of its own. Generated classes take the world's imports by keyword, with their
        types; `UntypedComponent` takes one mapping. `wasi`, `limits` and `optional` are the same everywhere.

        Raises WitkitError with all problems of `check` before any guest code runs, and Trap if the guest's start
        fails.
        """

    @abstractmethod
    def prepare(self, *args: Any, **kwargs: Any) -> Prepared[Any]:
        """Match and link imports once, for many instances: `component.prepare(store=store).instantiate()`.

        Imports and `optional` are given as to `instantiate`; each instance has its own `wasi` and `limits`. Raises
        WitkitError with all problems of `check`.
        """

    def _prepare(
        self, cls: type[I], imports: Mapping[str, Any] | Iterable[Provided], optional: Iterable[str]
    ) -> Prepared[I]:
        found = self._provide(self._provided(imports), self._names(optional))
        if found.diagnostics:
            raise WitkitError(found.diagnostics)
        return Prepared(self, cls, found)

    def _instantiate(
        self, cls: type[I], imports: Mapping[str, Any] | Iterable[Provided], wasi: Wasi | None,
        limits: Limits | None, optional: Iterable[str],
    ) -> I:  # fmt: skip
        return self._prepare(cls, imports, optional).instantiate(wasi=wasi, limits=limits)


@lru_cache(maxsize=UNPICKLED)
def _again(cls: type[Component], content: bytes, name: str) -> Component:
    """The component of these bytes, which a process that gets it with every task compiles once."""
    return cls(content, name, default_engine())


class UntypedComponent(Component):
    """A component without generated bindings."""

    def instantiate(
        self, imports: Mapping[str, Any] | Iterable[Provided] = (), *, wasi: Wasi | None = None,
        limits: Limits | None = None, optional: Iterable[str] = (),
    ) -> Instance:  # fmt: skip
        """A new instance. `imports` maps the component's import names to implementations, whose types are then taken
        from the component itself, or lists `Provided` implementations.

        Raises WitkitError with everything that `check` finds, before any guest code runs.
        """
        return self._instantiate(Instance, imports, wasi, limits, optional)

    def prepare(
        self, imports: Mapping[str, Any] | Iterable[Provided] = (), *, optional: Iterable[str] = ()
    ) -> Prepared[Instance]:
        """Match and link imports once, for many instances; `imports` and `optional` are as in `instantiate`."""
        return self._prepare(Instance, imports, optional)
