"""Types as annotations inside one module of the guest's bindings, and what the module imports for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Self

from witkit.bindgen.common.imports import LocalNames
from witkit.bindgen.common.naming import Names, camel, snake
from witkit.bindgen.common.views import ConstantView, Imports, PythonImport
from witkit.bindgen.guest.types import BYTES, FLOATS, PRIMITIVES, STREAMS, VALUES, HomePath, Homes
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


class GuestSpeller:
    """Spells the types of one view for a module; `imports` is what the view needs for them.

    The spellers of all views of a module share its names. `taken` are the names that WIT puts into the module, its
    classes and its functions. What would be looked up under one of them is imported under an underscored name instead.
    `shown` are modules that are imported under their own name, by this name. `reaches` says whether the view mentions
    constants of other modules. `aliases` and `constants` are the lines that the module ends with; the former are names
    of types that are too long to be spelled out.
    """

    def __init__(self, home: HomePath, homes: Homes, taken: Iterable[str] = ()) -> None:
        self.home, self.homes = home, homes
        self.taken = frozenset(taken)
        self.shown: dict[str, HomePath] = {}
        self.reaches = False
        self.aliases: list[ConstantView] = []
        self.constants: list[ConstantView] = []
        self._short: dict[TypeDef, str] | None = {}
        self._shared: dict[TypeDef, str] = {}
        self.names = Names(self.taken | BUILTINS | _OWN)
        self._locals = LocalNames(self.names)
        self._imports: set[PythonImport] = set()

    @property
    def imports(self) -> Imports:
        """What has been used so far."""
        return frozenset(self._imports)

    def fresh(self) -> Self:
        """A speller for another view of the same module."""
        other = object.__new__(type(self))
        # `copy.copy` takes several times as long, and each view has a speller.
        other.__dict__ = {**self.__dict__, "_imports": set(), "reaches": False}
        return other

    def aside(self) -> GuestSpeller:
        """A speller for text that is not code: nothing is imported for it, and long types keep their WIT name."""
        other = GuestSpeller(self.home, self.homes, self.taken)
        other.shown = self.shown
        other._short = None
        return other

    def view(self, text: str) -> ConstantView:
        """A line at the end of the module, which this speller spelled."""
        return ConstantView(text, self.imports, self.reaches)

    @property
    def future(self) -> str:
        """What `from __future__` is imported: `annotations` under another name if that one is WIT's."""
        siblings = self.homes.modules(self.home.direction)
        is_free = "annotations" not in self.taken | siblings
        return "annotations" if is_free else "annotations as _annotations"

    def constant(self, type_: TypeDef, expression: Callable[[TypeDef, GuestSpeller], str]) -> str:
        """The private name of the ABI constant of a long type, which is written when it is first asked for."""
        for part in self.homes.sizes.long_parts(type_, self._shared):
            spell = self.fresh()
            value = expression(part, spell)
            self._shared[part] = self.names.claim(f"_s_{snake(part.name or '')}")
            self.constants.append(spell.view(f"{self._shared[part]} = {value}"))
        return self._shared[type_]

    def need(self, module: str, name: str) -> str:
        """The local name of `name` from `module`, which is imported."""
        used = self._locals.of(module, name)
        self._imports.add(used)
        return used.local

    def bring(self, *imports: PythonImport) -> None:
        """Import under names that are kept for that."""
        self._imports.update(imports)

    def builtin(self, name: str) -> str:
        """The local name of a builtin."""
        return self.need("builtins", name) if name in self.taken else name

    def package(self, home: HomePath) -> str:
        """The package that another module of the bindings is in, as this module imports from it."""
        if self.home.direction == home.direction:
            return "."
        return f"..{home.direction}" if self.home.direction else f".{home.direction}"

    def module(self, home: HomePath) -> str:
        """The local name of another module of the bindings."""
        if self.shown.get(home.module) != home:
            return self.need(self.package(home), home.module)
        self.bring(PythonImport(self.package(home), home.module, home.module))
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
            spell = self.fresh()
            text = spell._defined(part, None)
            self._short[part] = self.names.claim(f"_{camel(part.name or '')}")
            self.aliases.append(spell.view(f'{self._short[part]}: {spell.need("typing", "TypeAlias")} = "{text}"'))
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
