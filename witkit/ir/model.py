"""The resolved form of WIT packages: objects that refer to each other, in the order of wasm-tools.

The shapes are those of `Resolve` in wasm-tools (wit-parser), without ids: an id is an object's index in
`Resolve.worlds`, `.interfaces`, `.types` or `.packages`, and only `witkit.ir.show.resolve_json` computes it.
Objects are compared by identity. Names are WIT names (kebab-case, without `%`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from typing import Any, Final, TypeAlias

from witkit.text import Span
from witkit.text.values import entity, value


@value(frozen=True, slots=True)
class PackageName:
    """`namespace:name@version`; `version` is the text of a semantic version, or None."""

    namespace: str
    name: str
    version: str | None = None

    def __str__(self) -> str:
        return f"{self.namespace}:{self.name}" + (f"@{self.version}" if self.version else "")

    def qualify(self, item: str) -> str:
        """The canonical name of an interface or world in this package: `ns:pkg/item@version`."""
        return f"{self.namespace}:{self.name}/{item}" + (f"@{self.version}" if self.version else "")


@value(frozen=True, slots=True)
class Unstable:
    """`@unstable(feature = …)`, perhaps with `@deprecated(version = …)`."""

    feature: str
    deprecated: str | None = None


@value(frozen=True, slots=True)
class Stable:
    """`@since(version = …)`, perhaps with `@deprecated(version = …)`."""

    since: str
    deprecated: str | None = None
    span: Span | None = field(default=None, compare=False, repr=False)
    """The place of `@since`; None in binaries."""


Stability: TypeAlias = Unstable | Stable


class Docs(str):
    """Documentation as in wasm-tools, which takes any comment as documentation of what follows.

    `meant` is the part that is meant as documentation, from `///` and `/** */`. Generated code has only that.
    """

    __slots__ = ("meant",)

    def __new__(cls, text: str, meant: str = "") -> Docs:
        docs = super().__new__(cls, text)
        docs.meant = meant
        return docs

    meant: str


@entity(slots=True, eq=False, kw_only=True, repr=False)
class Element:
    """What every named element has. `docs` is the text without comment marks; `span` is the place of its name.

    `span` is None for what no text has: elements of binaries, owned handles, and imports that elaboration adds.
    What an `include` adds has the place of the original.
    """

    docs: str | None = None
    stability: Stability | None = None
    span: Span | None = None

    def __repr__(self) -> str:
        """Short, because elements refer to each other: `World(wasi:http/proxy@0.2.0)`, `Field(status)`."""
        name = getattr(self, "qualified_name", None) or getattr(self, "name", None) or ""
        return f"{type(self).__name__}({name})"


# ---- types ------------------------------------------------------------------------------------


class Primitive(StrEnum):
    """The types without parts, by the names that WIT gives them."""

    BOOL = "bool"
    U8 = "u8"
    U16 = "u16"
    U32 = "u32"
    U64 = "u64"
    S8 = "s8"
    S16 = "s16"
    S32 = "s32"
    S64 = "s64"
    F32 = "f32"
    F64 = "f64"
    CHAR = "char"
    STRING = "string"
    ERROR_CONTEXT = "error-context"


@entity(slots=True, eq=False, kw_only=True, repr=False)
class TypeDef(Element):
    """A type with an identity: a named one, or an anonymous one such as `list<u8>` (`name` and `owner` None)."""

    name: str | None
    kind: TypeKind
    owner: Interface | World | None
    external_id: str | None = None

    def __repr__(self) -> str:
        return f"TypeDef({self.name or repr(self.kind)})"


Type: TypeAlias = Primitive | TypeDef


@entity(slots=True, eq=False, kw_only=True, repr=False)
class Field(Element):
    """A field of a record."""

    name: str
    type: Type


@entity(slots=True, eq=False, kw_only=True, repr=False)
class Case(Element):
    """A case of a variant (`type` None: without payload) or enum, or one flag."""

    name: str
    type: Type | None = None


@entity(slots=True, eq=False)
class Record:
    """`record`: a value of each field's type."""

    fields: list[Field]


@entity(slots=True, eq=False)
class Variant:
    """`variant`: one of several cases."""

    cases: list[Case]


@entity(slots=True, eq=False)
class Enum:
    """`enum`: a variant whose cases have no payload."""

    cases: list[Case]


@entity(slots=True, eq=False)
class Flags:
    """`flags`: a set of names."""

    flags: list[Case]


@entity(slots=True, eq=False)
class Resource:
    """An abstract type. Its functions are in the owner's `functions`, and name it in `Function.resource`."""


@entity(slots=True, eq=False)
class Own:
    """A handle that owns its resource: `own<r>`, or the resource's name as the type of a value."""

    resource: TypeDef


@entity(slots=True, eq=False)
class Borrow:
    """`borrow<r>`: a handle that is lent for one call."""

    resource: TypeDef


@entity(slots=True, eq=False)
class Tuple:
    """`tuple<a, b, …>`"""

    types: list[Type]


@entity(slots=True, eq=False)
class Option:
    """`option<t>`"""

    type: Type


@entity(slots=True, eq=False)
class Result:
    """`result<ok, err>`; a missing side is None."""

    ok: Type | None
    err: Type | None


@entity(slots=True, eq=False)
class List:
    """`list<t>`"""

    type: Type


@entity(slots=True, eq=False)
class FixedLengthList:
    """`list<t, length>`"""

    type: Type
    length: int


@entity(slots=True, eq=False)
class Map:
    """`map<key, value>`"""

    key: Type
    value: Type


@entity(slots=True, eq=False)
class Future:
    """`future<t>`, or without a value."""

    type: Type | None


@entity(slots=True, eq=False)
class Stream:
    """`stream<t>`, or without a value."""

    type: Type | None


@entity(slots=True, eq=False)
class Alias:
    """`type a = b`, or the name that `use x.{b}` brings in."""

    type: Type


TypeKind: TypeAlias = (
    Record
    | Variant
    | Enum
    | Flags
    | Resource
    | Own
    | Borrow
    | Tuple
    | Option
    | Result
    | List
    | FixedLengthList
    | Map
    | Future
    | Stream
    | Alias
)


# ---- functions, interfaces, worlds ------------------------------------------------------------


class FunctionKind(StrEnum):
    """How a function is called. The values are those in the JSON of wasm-tools."""

    FREE = "freestanding"
    METHOD = "method"
    STATIC = "static"
    CONSTRUCTOR = "constructor"


@entity(slots=True, eq=False, kw_only=True, repr=False)
class Param(Element):
    """A parameter of a function."""

    name: str
    type: Type


@entity(slots=True, eq=False, kw_only=True, repr=False)
class Function(Element):
    """`name` is the canonical ABI's: `f`, `[method]r.m`, `[static]r.s`, `[constructor]r`.

    A method's first parameter is its `self`; a constructor's `result` is the resource (or a `result` of it).
    """

    name: str
    kind: FunctionKind
    resource: TypeDef | None = None
    is_async: bool = False
    params: list[Param]
    result: Type | None = None
    external_id: str | None = None

    @property
    def declared_params(self) -> list[Param]:
        """The parameters as WIT writes them: without a method's `self`."""
        return self.params[1:] if self.kind is FunctionKind.METHOD else self.params

    @property
    def item_name(self) -> str:
        """The name in WIT: `m` of `[method]r.m`, `constructor` of `[constructor]r`."""
        if self.kind is FunctionKind.FREE:
            return self.name
        return "constructor" if self.kind is FunctionKind.CONSTRUCTOR else self.name.partition(".")[2]


@entity(slots=True, eq=False, kw_only=True, repr=False)
class Interface(Element):
    """A named interface, or an inline one of a world (`name` None)."""

    name: str | None
    package: Package
    types: dict[str, TypeDef] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)

    @property
    def qualified_name(self) -> str | None:
        """`ns:pkg/name@version`, or None for an inline interface."""
        return self.package.name.qualify(self.name) if self.name else None


@entity(slots=True, eq=False, kw_only=True, repr=False)
class WorldInterface(Element):
    """An import or export of an interface, with docs and stability of its own."""

    interface: Interface
    external_id: str | None = None

    @property
    def qualified_name(self) -> str | None:
        """The qualified name of the interface, or None for an inline one."""
        return self.interface.qualified_name


WorldItem: TypeAlias = WorldInterface | Function | TypeDef
WorldKey: TypeAlias = "str | Interface"


@entity(slots=True, eq=False, kw_only=True, repr=False)
class World(Element):
    """Imports and exports by key: a plain name (functions, types, inline and labelled interfaces) or the interface."""

    name: str
    package: Package
    imports: dict[WorldKey, WorldItem] = field(default_factory=dict)
    exports: dict[WorldKey, WorldItem] = field(default_factory=dict)

    @property
    def qualified_name(self) -> str:
        return self.package.name.qualify(self.name)


@entity(slots=True, eq=False, kw_only=True, repr=False)
class Package:
    """A package; `span` is the name in its header, or None if it comes from a binary."""

    name: PackageName
    docs: str | None = None
    interfaces: dict[str, Interface] = field(default_factory=dict)
    worlds: dict[str, World] = field(default_factory=dict)
    span: Span | None = None

    def __repr__(self) -> str:
        return f"Package({self.name})"


@entity(slots=True, eq=False)
class Resolve:
    """Everything that one load resolved, each list in the order of the ids of wasm-tools.

    `main` are the packages that the argument itself declares, without dependencies. The first one is the package of
    the folder or file; the others are nested in it.
    """

    packages: list[Package] = field(default_factory=list)
    worlds: list[World] = field(default_factory=list)
    interfaces: list[Interface] = field(default_factory=list)
    types: list[TypeDef] = field(default_factory=list)
    main: list[Package] = field(default_factory=list)

    def package(self, name: str) -> Package | None:
        """The package with that full name (`ns:name@version`), or None."""
        return next((p for p in self.packages if str(p.name) == name), None)


def unalias(type_: Type) -> Type:
    """The type that aliases and `use`d names lead to."""
    while isinstance(type_, TypeDef) and isinstance(type_.kind, Alias):
        type_ = type_.kind.type
    return type_


def children(type_: TypeDef) -> Sequence[Type]:
    """The types that a definition refers to directly, in order of their appearance."""
    parts = _PARTS.get(type_.kind.__class__)
    return parts(type_.kind) if parts is not None else ()


# One look-up finds the kind, for a rule may ask for the parts of every type.
_PARTS: Final[Mapping[type, Callable[[Any], Sequence[Type]]]] = {
    Record: lambda kind: [field.type for field in kind.fields],
    Variant: lambda kind: [case.type for case in kind.cases if case.type is not None],
    Tuple: lambda kind: kind.types,
    Own: lambda kind: (kind.resource,),
    Borrow: lambda kind: (kind.resource,),
    Result: lambda kind: [each for each in (kind.ok, kind.err) if each is not None],
    Map: lambda kind: (kind.key, kind.value),
    **dict.fromkeys((Option, List, FixedLengthList, Alias), lambda kind: (kind.type,)),
    **dict.fromkeys((Future, Stream), lambda kind: () if kind.type is None else (kind.type,)),
}
