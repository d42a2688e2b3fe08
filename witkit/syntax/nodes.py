"""The tree of one WIT file, as written: names unresolved, order kept, nothing dropped.

Every node has the span of its text, from its first attribute to its last token. What the text has besides, keywords,
marks and blanks, is between the spans of its children, where `walk` finds it: that is what makes the tree lossless.

Comments are not nodes: `File.comments` holds them all in order, `witkit.syntax.comments` knows which node each belongs
to. An item's `comments` are the run between the token before it and its first token, which is what wasm-tools
takes for its documentation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from enum import StrEnum
from typing import TypeAlias

from witkit.text import Source, Span
from witkit.text.values import entity

# Nodes are compared by identity (`eq=False`): two equal texts are still two places.


@entity(slots=True, eq=False)
class Comment:
    """`// …`, `/// …`, `/* … */` or `/** … */`; the span includes the marks, not the line end."""

    span: Span

    @property
    def text(self) -> str:
        span = self.span
        return span.source.text[span.start : span.end]

    @property
    def is_block(self) -> bool:
        return self.span.source.text.startswith("/*", self.span.start)

    @property
    def begins_line(self) -> bool:
        """Whether there are only blanks before it on its line, or a byte order mark."""
        text, start = self.span.source.text, self.span.start
        return not text[text.rfind("\n", 0, start) + 1 : start].lstrip("\ufeff").strip()


@entity(slots=True, eq=False)
class Leaf:
    """A token that is part of a node but no node by itself: a keyword, a mark, the word of a name."""

    span: Span

    @property
    def text(self) -> str:
        return self.span.text


@entity(slots=True, eq=False)
class Id:
    """A name; `name` is without the `%` that the text may have."""

    name: str
    span: Span

    @property
    def is_missing(self) -> bool:
        """Whether the text lacks the name, and one that no text can have stands for it."""
        return self.name.startswith("?")


UNKNOWN_NAME = "?"
"""Among the names that a broken text has lost: one that the text lacks, so that it could be any."""


@entity(slots=True, eq=False)
class Version:
    """A semantic version as written (`0.2.0-draft2+build`)."""

    text: str
    span: Span


@entity(slots=True, eq=False)
class PackageName:
    """`ns:name@1.2.3`."""

    namespace: Id
    name: Id
    version: Version | None
    span: Span


# ---- attributes -------------------------------------------------------------------------------


@entity(slots=True, eq=False)
class Attribute:
    """`@since(version = 1.0.0)`, `@unstable(feature = x)`, `@deprecated(version = …)`, `@external-id("…")`."""

    name: Id
    arguments: list[Argument]
    span: Span


@entity(slots=True, eq=False)
class Argument:
    """`key = value` inside an attribute; a bare string argument has no key and is unquoted in `value`."""

    key: Id | None
    value: Id | Version | str
    span: Span


# ---- types ------------------------------------------------------------------------------------


@entity(slots=True, eq=False)
class Primitive:
    """`u8` … `u64`, `s8` … `s64`, `f32`, `f64`, `bool`, `char`, `string`, `error-context`."""

    name: str
    span: Span


@entity(slots=True, eq=False)
class Named:
    """A type by its name."""

    id: Id
    span: Span


@entity(slots=True, eq=False)
class Generic:
    """A built-in constructor with its arguments: `list`, `option`, `result`, `tuple`, `map`, `future`, `stream`.

    An argument is None if a `result` has `_` or nothing; `arguments` is empty for a bare `result`,
    `future` or `stream`. `length` is the number of a fixed-length list, as written.
    """

    constructor: str
    arguments: list[Type | None]
    length: Span | None
    span: Span


@entity(slots=True, eq=False)
class Handle:
    """`own<r>` or `borrow<r>`."""

    ownership: str
    resource: Id
    span: Span


Type: TypeAlias = Primitive | Named | Generic | Handle


# ---- items ------------------------------------------------------------------------------------


@entity(slots=True, eq=False, kw_only=True)
class Item:
    """What every declaration has: its comments (the run directly before it), attributes and span."""

    comments: list[Comment] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    span: Span


@entity(slots=True, eq=False, kw_only=True)
class Parameter(Item):
    """`name: type`, of a function."""

    name: Id
    type: Type


@entity(slots=True, eq=False, kw_only=True)
class Signature:
    """`async func(…) -> T`; a constructor has neither `async` nor, mostly, a result."""

    is_async: bool
    params: list[Parameter]
    result: Type | None
    span: Span


class FunctionKind(StrEnum):
    """Where a function is, and how it is called."""

    FREE = "free"
    METHOD = "method"
    STATIC = "static"
    CONSTRUCTOR = "constructor"


@entity(slots=True, eq=False, kw_only=True)
class Function(Item):
    """A function of an interface, a world or a resource; a constructor's `name` spans its keyword."""

    name: Id
    kind: FunctionKind
    signature: Signature


@entity(slots=True, eq=False, kw_only=True)
class Field(Item):
    """A field of a record."""

    name: Id
    type: Type


@entity(slots=True, eq=False, kw_only=True)
class Case(Item):
    """A case of a variant or enum, or a flag; only a variant's case has a payload."""

    name: Id
    payload: Type | None = None


@entity(slots=True, eq=False, kw_only=True)
class Alias(Item):
    """`type name = T;`"""

    name: Id
    type: Type


@entity(slots=True, eq=False, kw_only=True)
class Record(Item):
    """`record name { field: T, … }`"""

    name: Id
    fields: list[Field]


@entity(slots=True, eq=False, kw_only=True)
class Variant(Item):
    """`variant name { case(T), … }`"""

    name: Id
    cases: list[Case]


@entity(slots=True, eq=False, kw_only=True)
class Enum(Item):
    """`enum name { case, … }`"""

    name: Id
    cases: list[Case]


@entity(slots=True, eq=False, kw_only=True)
class Flags(Item):
    """`flags name { flag, … }`"""

    name: Id
    flags: list[Case]


@entity(slots=True, eq=False, kw_only=True)
class Resource(Item):
    """`resource name { … }`; `implements` is the resource whose place it took, which only the dialect of 2022 has."""

    name: Id
    functions: list[Function]
    implements: Id | None = None


TypeDefinition: TypeAlias = Alias | Record | Variant | Enum | Flags | Resource


@entity(slots=True, eq=False, kw_only=True)
class Path(Item):
    """`name` or `ns:pkg/name@1.2.3`: an interface or a world."""

    package: PackageName | None
    name: Id


@entity(slots=True, eq=False, kw_only=True)
class UsedName(Item):
    """`name [as alias]` inside `use x.{…}` or `include x with {…}`."""

    name: Id
    alias: Id | None


@entity(slots=True, eq=False, kw_only=True)
class Use(Item):
    """`use path.{name as alias, …};` in an interface or a world."""

    path: Path
    names: list[UsedName]


@entity(slots=True, eq=False, kw_only=True)
class TopUse(Item):
    """`use path as alias;` at the top of a file."""

    path: Path
    alias: Id | None


@entity(slots=True, eq=False, kw_only=True)
class Include(Item):
    """`include world with { a as b }`; each rename's `alias` is set."""

    path: Path
    renames: list[UsedName]


@entity(slots=True, eq=False, kw_only=True)
class InlineInterface:
    """`interface { … }` as the thing a world imports or exports."""

    items: list[InterfaceItem]
    span: Span


class Direction(StrEnum):
    """Of an item of a world."""

    IMPORT = "import"
    EXPORT = "export"


@entity(slots=True, eq=False, kw_only=True)
class Extern(Item):
    """`import path;`, `import label: path;`, `import f: func();`, `import x: interface { … }`, and exports.

    `name` is missing if an interface is imported by its path alone.
    """

    direction: Direction
    name: Id | None
    kind: Path | Signature | InlineInterface


@entity(slots=True, eq=False, kw_only=True)
class Interface(Item):
    """`interface name { … }`"""

    name: Id
    items: list[InterfaceItem]


@entity(slots=True, eq=False, kw_only=True)
class World(Item):
    """`world name { … }`"""

    name: Id
    items: list[WorldItem]


InterfaceItem: TypeAlias = TypeDefinition | Function | Use
WorldItem: TypeAlias = TypeDefinition | Use | Include | Extern


@entity(slots=True, eq=False, kw_only=True)
class PackageHeader(Item):
    """`package ns:name@version` with its documentation; the span ends before `;` or `{`."""

    name: PackageName


@entity(slots=True, eq=False, kw_only=True)
class NestedPackage(Item):
    """`package ns:name { … }`"""

    header: PackageHeader
    items: list[FileItem]


FileItem: TypeAlias = TopUse | Interface | World | NestedPackage


@entity(slots=True, eq=False)
class File:
    """One file: its header if it has one, its items in order, and every comment in order.

    `lost` are the names that are in parts of the text that could not be understood: if one of them
    seems not to exist, the syntax error is the reason. `lost_header` are those in a header that could not be
    understood, at most its namespace and name; None if there is no such header.
    """

    source: Source
    package: PackageHeader | None
    items: list[FileItem]
    comments: list[Comment]
    lost: list[Id] = field(default_factory=list)
    lost_header: tuple[Id, ...] | None = None

    @property
    def span(self) -> Span:
        """The whole text."""
        return Span(self.source, 0, len(self.source.text))


Node: TypeAlias = File | PackageName | Attribute | Argument | Signature | InlineInterface | Item | Type | Id | Version
"""Whatever has a place in the tree."""

_NO_PARTS = frozenset({"span", "source", "comments"})


def parts(node: object) -> Iterator[object]:
    """What a node is made of: the values of its attributes, but for its place and its comments."""
    for kind in type(node).__mro__:
        for slot in getattr(kind, "__slots__", ()):
            if slot not in _NO_PARTS:
                yield getattr(node, slot)
