"""Component types of a binary, as objects that refer to each other without indices.

Types have an identity, which distinguishes a `use`d type from one that only looks alike: `of` is the type that a
type is another name of (an `eq` bound), so that a chain of them leads to where the type was defined first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from itertools import count
from typing import TypeAlias

from witkit.text.values import entity, value
from witkit.wasm.core import CoreType, Space

_serials = count()


@entity(slots=True, eq=False, kw_only=True)
class Node:
    """An object with an identity. A node's `serial` is higher than those of all nodes that it refers to.

    `weight` is how long its text would be, without what has a name of its own: few bytes may describe much text.
    """

    serial: int = field(default_factory=_serials.__next__)
    weight: int = 1


@entity(slots=True, eq=False)
class Resource(Node):
    of: Resource | None = None


@value(frozen=True, slots=True)
class Traits:
    """What the canonical ABI makes of a value type.

    `flat` has a letter for each core value, of those that could be passed as parameters. `size` and `alignment`, in
    bytes, are for pointers of 64 bits, with which validation bounds sizes. `pointers` says whether values need a
    memory, `borrows` whether there are borrowed handles in them.
    """

    flat: str = "i"
    size: int = 4
    alignment: int = 4
    pointers: bool = False
    borrows: bool = False


@entity(slots=True, eq=False)
class Defined(Node):
    """A value type with a definition. `depth` is the nesting depth of types without names in it."""

    kind: Kind
    traits: Traits
    of: Defined | None = None
    depth: int = 1

    def __post_init__(self) -> None:
        if self.depth:
            self.weight = 1 + sum(weight(t) for t in parts(self.kind))


@entity(slots=True, eq=False)
class Func(Node):
    params: list[tuple[str, ValType]]
    result: ValType | None
    is_async: bool

    def __post_init__(self) -> None:
        self.weight = 1 + weight(self.result) + sum(weight(t) for _, t in self.params)


@entity(slots=True, eq=False)
class TypeItem(Node):
    """An imported or exported type: `referenced` under a new identity, `created`."""

    referenced: AnyType
    created: AnyType

    def __post_init__(self) -> None:
        self.weight = 1 + self.referenced.weight


@entity(slots=True, eq=False)
class Opaque(Node):
    """A core module or a value, which WIT cannot describe."""


@entity(slots=True, eq=False)
class Module(Opaque):
    """A core module, or the type of one. Its imports have names of two parts. The type takes no `space`."""

    imports: dict[tuple[str, str], CoreType] = field(default_factory=dict)
    exports: dict[str, CoreType] = field(default_factory=dict)
    space: Space = field(default_factory=Space)

    def __post_init__(self) -> None:
        self.weight = 1 + len(self.imports) + len(self.exports)


@value(frozen=True, slots=True)
class ExternName:
    """The name of an import or export. `implements` is the interface of a label, `version_suffix` the part of the
    version that a canonical name leaves out, `external_id` the value of `@external-id`."""

    text: str
    implements: str | None = None
    version_suffix: str | None = None
    external_id: str | None = None


@value(frozen=True, slots=True)
class Extern:
    """An import or export, and its type."""

    name: ExternName
    item: Item


@entity(slots=True, eq=False)
class Instance(Node):
    """An instance, or the type of one. Each instance of a type has its own copies of the `defined` resources."""

    exports: dict[str, Extern] = field(default_factory=dict)
    defined: list[Resource] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.weight = 1 + sum(e.item.weight for e in self.exports.values())


@entity(slots=True, eq=False)
class Component(Node):
    """A component, or the type of one. Instances are given the `imported` resources and create the `defined` ones."""

    imports: dict[str, Extern] = field(default_factory=dict)
    exports: dict[str, Extern] = field(default_factory=dict)
    imported: list[Resource] = field(default_factory=list)
    defined: list[Resource] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.weight = 1 + sum(e.item.weight for e in (*self.imports.values(), *self.exports.values()))


AnyType: TypeAlias = Resource | Defined | Func | Instance | Component
Item: TypeAlias = Func | TypeItem | Instance | Component | Opaque
ValType: TypeAlias = "str | Defined"
CoreDefinition: TypeAlias = "str | Module | None"
"""A core type: the signature of a function, a module, or something that linking need not know."""


# ---- value types: a primitive is its name in WIT ------------------------------------------------


@value(frozen=True, slots=True)
class Primitive:
    name: str


@value(frozen=True, slots=True)
class Record:
    fields: tuple[tuple[str, ValType], ...]


@value(frozen=True, slots=True)
class Variant:
    cases: tuple[tuple[str, ValType | None], ...]


@value(frozen=True, slots=True)
class Enum:
    cases: tuple[str, ...]


@value(frozen=True, slots=True)
class Flags:
    flags: tuple[str, ...]


@value(frozen=True, slots=True)
class Tuple:
    types: tuple[ValType, ...]


@value(frozen=True, slots=True)
class Option:
    type: ValType


@value(frozen=True, slots=True)
class Result:
    ok: ValType | None
    err: ValType | None


@value(frozen=True, slots=True)
class List:
    type: ValType


@value(frozen=True, slots=True)
class FixedLengthList:
    type: ValType
    length: int


@value(frozen=True, slots=True)
class Map:
    key: ValType
    value: ValType


@value(frozen=True, slots=True)
class Own:
    resource: Resource


@value(frozen=True, slots=True)
class Borrow:
    resource: Resource


@value(frozen=True, slots=True)
class Future:
    type: ValType | None


@value(frozen=True, slots=True)
class Stream:
    type: ValType | None


Kind: TypeAlias = (
    Primitive
    | Record
    | Variant
    | Enum
    | Flags
    | Tuple
    | Option
    | Result
    | List
    | FixedLengthList
    | Map
    | Own
    | Borrow
    | Future
    | Stream
)


def weight(type_: ValType | None) -> int:
    return type_.weight if isinstance(type_, Defined) else 1


def parts(kind: Kind) -> Iterator[ValType | None]:
    """The value types in a definition, in order. None for a missing one."""
    match kind:
        case Record(fields):
            yield from (t for _, t in fields)
        case Variant(cases):
            yield from (t for _, t in cases)
        case Tuple(types):
            yield from types
        case Result(ok, err):
            yield from (ok, err)
        case Map(key, value):
            yield from (key, value)
        case Option(t) | List(t) | FixedLengthList(t, _):
            yield t
        case Future(payload) | Stream(payload):
            yield payload
        case _:
            return
