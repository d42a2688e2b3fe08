"""One module of the guest's bindings while it is written: its names, annotations, and what it imports for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from witkit.bindgen.common.imports import Imports
from witkit.bindgen.common.naming import Scope, camel, snake
from witkit.bindgen.guest.types import BYTES, FLOATS, PRIMITIVES, STREAMS, VALUES, Home, Homes
from witkit.ir.model import (
    Alias,
    Borrow,
    FixedLengthList,
    Future,
    List,
    Map,
    Option,
    Own,
    Primitive,
    Result,
    Stream,
    Tuple,
    Type,
    TypeDef,
    unalias,
)

BUILTINS = frozenset(
    {
        "BaseException",
        "NotImplementedError",
        "bool",
        "bytes",
        "classmethod",
        "dict",
        "float",
        "int",
        "list",
        "object",
        "property",
        "staticmethod",
        "str",
        "tuple",
        "type",
    }
)
"""The builtins that a module may mention: no module is imported under one of these names."""

_OWN = frozenset({"_EXPORTS", "_INTERFACE", "_abi", "_annotations", "_native", "_result"})


class ModuleScope:
    """One module while it is written: what it needs from elsewhere, and names that would hide it.

    `taken` are the names that WIT puts into the module, its classes and its functions. What would be looked up under
    one of them is imported under an underscored name instead. `shown` are modules that are imported under their own
    name, by this name. `reaches` tells whether the module mentions constants of others. `aliases` and `constants` are
    the lines that the module ends with; the former stand for types that are too long to be spelled out.
    """

    def __init__(self, home: Home, homes: Homes, taken: Iterable[str] = ()) -> None:
        self.home, self.homes = home, homes
        self.taken = frozenset(taken)
        self.shown: dict[str, Home] = {}
        self.reaches = False
        self.aliases: list[str] = []
        self.constants: list[str] = []
        self._bound: set[Home] = set()
        self._short: dict[TypeDef, str] | None = {}
        self._shared: dict[TypeDef, str] = {}
        self.names = Scope(self.taken | BUILTINS | _OWN)
        self.imports = Imports(self.names)

    def aside(self) -> ModuleScope:
        """The same module for text that is no code: what is spelled with it is not imported, long types keep their
        WIT name.
        """
        copy = ModuleScope(self.home, self.homes, self.taken)
        copy.shown = self.shown
        copy._short = None
        return copy

    @property
    def future(self) -> str:
        """What `from __future__` is imported: `annotations` under another name if that one is WIT's."""
        siblings = self.homes.modules(self.home.direction)
        is_free = "annotations" not in self.taken | siblings
        return "annotations" if is_free else "annotations as _annotations"

    def constant(self, type_: TypeDef, spell: Callable[[TypeDef], str]) -> str:
        """The private name of the ABI constant of a long type, which is written when it is first asked for."""
        for part in self.homes.sizes.long_parts(type_, self._shared):
            value = spell(part)
            self._shared[part] = self.names.claim(f"_s_{snake(part.name or '')}")
            self.constants.append(f"{self._shared[part]} = {value}")
        return self._shared[type_]

    def need(self, module: str, name: str) -> str:
        """The local name of `name` from `module`, which is imported."""
        return self.imports.name(module, name)

    def builtin(self, name: str) -> str:
        """The local name of a builtin."""
        return self.need("builtins", name) if name in self.taken else name

    def package(self, home: Home) -> str:
        """The package that another module of the bindings is in, as this module imports from it."""
        if self.home.direction == home.direction:
            return "."
        return f"..{home.direction}" if self.home.direction else f".{home.direction}"

    def module(self, home: Home) -> str:
        """The local name of another module of the bindings."""
        if self.shown.get(home.module) != home:
            return self.need(self.package(home), home.module)
        if home not in self._bound:
            self._bound.add(home)
            self.imports.bind(self.package(home), home.module, home.module)
        return home.module

    def annotation(self, type_: Type | None, own: TypeDef | None = None) -> str:
        """A type as an annotation; inside the class of the resource `own`, that resource is `Self`."""
        if type_ is None:
            return "None"
        type_ = unalias(type_)
        if isinstance(type_, Primitive):
            return self.builtin(PRIMITIVES.get(type_, "float" if type_ in FLOATS else "int"))
        return self._shortened(type_) if self.homes.sizes.is_long(type_) else self._defined(type_, own)

    def _shortened(self, type_: TypeDef) -> str:
        """The private name of a type that is too long to be spelled out."""
        if self._short is None:
            return type_.name or ""
        for part in self.homes.sizes.long_parts(type_, self._short):
            text = self._defined(part, None)
            self._short[part] = self.names.claim(f"_{camel(part.name or '')}")
            self.aliases.append(f'{self._short[part]}: {self.need("typing", "TypeAlias")} = "{text}"')
        return self._short[type_]

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
                return self.future_end(element, "Reader", own)
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

    def future_end(self, element: Type | None, end: str, own: TypeDef | None = None) -> str:
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
