"""Where a world's types live in the guest's bindings, and how their annotations are written there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from witkit.bindgen.common.imports import Imports
from witkit.bindgen.common.module_names import ModuleNames
from witkit.bindgen.common.naming import Scope, camel
from witkit.bindgen.guest.names import GuestNames
from witkit.ir.model import (
    Alias,
    Borrow,
    Enum,
    FixedLengthList,
    Flags,
    Function,
    Future,
    Interface,
    List,
    Map,
    Option,
    Own,
    Primitive,
    Record,
    Resource,
    Result,
    Stream,
    Tuple,
    Type,
    TypeDef,
    Variant,
    World,
    WorldInterface,
    children,
    unalias,
)

PRIMITIVES = {Primitive.BOOL: "bool", Primitive.CHAR: "str", Primitive.STRING: "str"}
FLOATS = (Primitive.F32, Primitive.F64)
VALUES = "witkit.abi.values"
STREAMS = "witkit.native.streams"
"""Where the classes are that componentize-py calls `componentize_py_types` and `componentize_py_async_support`.

The bindings import only the standard library, witkit and each other, which every import sorter sees alike.
"""
BYTES = (Primitive.U8, Primitive.S8)
CLASSES = (Record, Variant, Enum, Flags, Resource)
"""The kinds of types that have a class in the bindings."""


@dataclass(frozen=True, slots=True)
class Home:
    """A module of the bindings: `imports` or `exports` and the module's name; the world itself has neither."""

    direction: str = ""
    module: str = ""


class Homes:
    """The module of each type. Types of an interface that is imported (also or only) live in `imports`."""

    def __init__(self, world: World, chosen: ModuleNames | None = None) -> None:
        self.world = world
        self.names = GuestNames(world, chosen)
        self._imports: dict[int, Home] = {}
        self._exports: dict[int, Home] = {}
        for key, item in world.imports.items():
            if isinstance(item, WorldInterface):
                self._imports[id(item.interface)] = Home("imports", self.names.imported(key).module)
        for key, item in world.exports.items():
            if isinstance(item, WorldInterface):
                self._exports[id(item.interface)] = Home("exports", self.names.exported(key).module)

    def of(self, type_: TypeDef) -> Home:
        """The module that defines the class of a named type."""
        if not isinstance(type_.owner, Interface):
            return Home()
        return self._imports.get(id(type_.owner)) or self._exports[id(type_.owner)]

    @cached_property
    def shadowed(self) -> frozenset[str]:
        """Exported interfaces' modules that `wit_world.exports` does not show: an imported one has the name.

        componentize-py imports into `exports` the modules whose classes its Protocols mention, so that
        `from wit_world.exports import x` gives `imports.x` then.
        """
        shown = self.shown
        own = {home.module for home in shown if home.direction == "exports"}
        return frozenset(home.module for home in shown if home.direction == "imports" and home.module not in own)

    @cached_property
    def shown(self) -> frozenset[Home]:
        """The modules whose classes the signatures of exported functions mention."""
        items = [item for item in self.world.exports.values() if isinstance(item, WorldInterface)]
        functions = [f for item in items if item.interface.name for f in item.interface.functions.values()]
        types = [t for f in functions if f.resource is None for t in (*(p.type for p in f.params), _returned(f))]
        return frozenset(self.of(type_) for wanted in types for type_ in _mentioned(wanted))

    def of_constant(self, type_: TypeDef, direction: str) -> Home:
        """The module with the type's ABI constant: exports have their own, since their resources differ."""
        if direction == "exports" and id(type_.owner) in self._exports:
            return self._exports[id(type_.owner)]
        return self.of(type_)


def _returned(function: Function) -> Type | None:
    result = function.result
    return result.kind.ok if isinstance(result, TypeDef) and isinstance(result.kind, Result) else result


def _mentioned(type_: Type | None) -> Iterator[TypeDef]:
    """The types that have a class, as an annotation of `type_` spells them."""
    if isinstance(type_, TypeDef):
        if isinstance(type_.kind, CLASSES):
            yield type_
        else:
            for child in children(type_):
                yield from _mentioned(child)


class ModuleScope:
    """One module while it is written: what it needs from elsewhere, and names that would hide it.

    `taken` are the names that WIT puts into the module or its classes. What a type checker would look up
    under one of them is imported under an underscored name instead. `hidden` are modules of other folders
    that are imported under an underscored name too. `reaches` tells whether the module mentions constants of others.
    """

    def __init__(self, home: Home, homes: Homes, taken: Iterable[str] = ()) -> None:
        self.home, self.homes = home, homes
        self.taken = frozenset(taken)
        self.hidden = frozenset[str]()
        self.reaches = False
        self._bound: set[Home] = set()
        self.imports = Imports(Scope(self.taken))

    def aside(self) -> ModuleScope:
        """The same module for text that is no code: what is spelled with it is not imported."""
        copy = ModuleScope(self.home, self.homes, self.taken)
        copy.hidden = self.hidden
        return copy

    def need(self, module: str, name: str) -> str:
        """The local name of `name` from `module`, which is imported."""
        return self.imports.name(module, name)

    def builtin(self, name: str) -> str:
        """The local name of a builtin type."""
        return self.need("builtins", name) if name in self.taken else name

    def package(self, home: Home) -> str:
        """The package that another module of the bindings is in, as this module imports from it."""
        if self.home.direction == home.direction:
            return "."
        return f"..{home.direction}" if self.home.direction else f".{home.direction}"

    def module(self, home: Home) -> str:
        """The local name of another module of the bindings."""
        if home.module not in self.hidden or self.home.direction == home.direction:
            return self.need(self.package(home), home.module)
        local = f"_{home.module}"
        if home not in self._bound:
            self._bound.add(home)
            self.imports.bind(self.package(home), home.module, local)
        return local

    def annotation(self, type_: Type | None, own: TypeDef | None = None) -> str:
        """A type as an annotation; inside the class of the resource `own`, that resource is `Self`."""
        if type_ is None:
            return "None"
        if isinstance(type_, Primitive):
            return self.builtin(PRIMITIVES.get(type_, "float" if type_ in FLOATS else "int"))
        return self._defined(type_, own)

    def _defined(self, type_: TypeDef, own: TypeDef | None) -> str:
        match type_.kind:
            case Alias(target):
                return self.annotation(target, own)
            case Own(resource) | Borrow(resource):
                return self._defined(resource, own)
            case List(element) if element in BYTES:
                return self.builtin("bytes")
            case List(element) | FixedLengthList(element, _):
                return f"{self.builtin('list')}[{self.annotation(element, own)}]"
            case Map(key, value):
                return f"{self.builtin('dict')}[{self.annotation(key, own)}, {self.annotation(value, own)}]"
            case Tuple(types):
                inside = ", ".join(self.annotation(t, own) for t in types) or "()"
                return f"{self.builtin('tuple')}[{inside}]"
            case Option(inner):
                return self._option(inner, own)
            case Result(ok, err):
                result = self.need(VALUES, "Result")
                return f"{result}[{self.annotation(ok, own)}, {self.annotation(err, own)}]"
            case Stream(element):
                return self.stream(element, "Reader", own)
            case Future(element):
                return self.future(element, "Reader", own)
        return self.reference(type_, own)

    def _option(self, inner: Type, own: TypeDef | None) -> str:
        text = self.annotation(inner, own)
        target = unalias(inner)
        if isinstance(target, TypeDef) and isinstance(target.kind, Option):
            text = f"{self.need(VALUES, 'Some')}[{text}]"
        return f"{text} | None"

    def stream(self, element: Type | None, end: str, own: TypeDef | None = None) -> str:
        """The reading or writing end of a stream: bytes have classes of their own."""
        if element in BYTES:
            return self.need(STREAMS, f"ByteStream{end}")
        return f"{self.need(STREAMS, f'Stream{end}')}[{self.annotation(element, own)}]"

    def future(self, element: Type | None, end: str, own: TypeDef | None = None) -> str:
        """The reading or writing end of a future."""
        name = self.need(STREAMS, f"Future{end}")
        return f"{name}[{self.annotation(element, own)}]"

    def reference(self, type_: TypeDef, own: TypeDef | None = None, *, private: str = "") -> str:
        """The class of a named type, or, with `private`, the ABI constant that belongs to it."""
        if type_ is own and not private:
            return self.need("typing", "Self")
        home = self.homes.of_constant(type_, self.home.direction) if private else self.homes.of(type_)
        name = private or camel(type_.name or "")
        if home == self.home:
            return name
        self.reaches = self.reaches or bool(private)
        if home.direction == "exports" and home.module in self.homes.shadowed:
            return self.need(f"{self.package(home).rstrip('.')}.{home.module}", name)
        return f"{self.module(home)}.{name}"
