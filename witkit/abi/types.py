"""What the runtime learns from generated packages about their types: WIT types bound to Python classes.

These are the component model's types after name resolution: aliases are gone, resources are objects,
each record, variant, enum and flags names the Python class that carries it. A generated module writes
them as constants; `witkit.runtime` compiles codecs from them and `witkit.native` checks values by them.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from witkit.text.values import value


@value(frozen=True, slots=True)
class Primitive:
    """`bool`, the integers and floats, `char`, `string`."""

    name: str


BOOL, CHAR, STRING = Primitive("bool"), Primitive("char"), Primitive("string")
U8, U16, U32, U64 = Primitive("u8"), Primitive("u16"), Primitive("u32"), Primitive("u64")
S8, S16, S32, S64 = Primitive("s8"), Primitive("s16"), Primitive("s32"), Primitive("s64")
F32, F64 = Primitive("f32"), Primitive("f64")


@value(frozen=True, slots=True)
class List:
    """`list<T>`: a `list`, or `bytes` if the element is `u8`. `length` makes it a fixed-length list.

    `packed` is for guests, whose rule looks at the type as written: `bytes` for `list<u8>` and `list<s8>`,
    a `list` for a list of an alias of `u8`. With `array`, programs get an `array.array` of numbers.
    """

    element: Type
    length: int | None = None
    packed: bool | None = None
    array: bool = False


@value(frozen=True, slots=True)
class Option:
    """`option<T>`: the value or `None`; if T is itself an option, `Some(value)` or `None`."""

    element: Type


@value(frozen=True, slots=True)
class Result:
    """`result<T, E>`: `Ok(value)` or `Err(value)`; a missing side carries `None`."""

    ok: Type | None
    err: Type | None


@value(frozen=True, slots=True)
class Tuple:
    """`tuple<A, B, …>`: a Python tuple."""

    elements: tuple[Type, ...]


@value(frozen=True, slots=True)
class Map:
    """`map<K, V>`: a `dict`."""

    key: Type
    value: Type


@value(frozen=True, slots=True)
class Field:
    """A record's field: its WIT name, its Python attribute, its type."""

    name: str
    attr: str
    type: Type


@value(frozen=True, slots=True)
class Record:
    """A record carried by a class whose positional constructor takes the fields in order."""

    name: str
    cls: type
    fields: tuple[Field, ...]


@value(frozen=True, slots=True)
class Case:
    """A variant's case: its WIT name, its class (with one positional `value` if it has a payload)."""

    name: str
    cls: type
    payload: Type | None = None


@value(frozen=True, slots=True)
class Variant:
    """A variant: each case is a class of its own, matched by exact type."""

    name: str
    cases: tuple[Case, ...]


@value(frozen=True, slots=True)
class Enum:
    """An enum carried by `enum.Enum`, its members in WIT order; `cases` are the WIT names."""

    name: str
    cls: type[enum.Enum]
    cases: tuple[str, ...]


@value(frozen=True, slots=True)
class Flags:
    """Flags carried by `enum.Flag`, bit n for the n-th name; `flags` are the WIT names."""

    name: str
    cls: type[enum.Flag]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Resource:
    """One resource type. `attr` is its class's name on the implementation or the generated module.

    `cls` is the generated class for handles to a resource that the *guest* implements; None where the
    host implements it. Identity is the object's: two resources are never equal.
    """

    name: str
    attr: str
    cls: type | None = None


@value(frozen=True, slots=True)
class Own:
    """An owned handle."""

    resource: Resource


@value(frozen=True, slots=True)
class Borrow:
    """A handle lent for the length of one call."""

    resource: Resource


@value(frozen=True, slots=True)
class Unsupported:
    """A type whose values witkit does not carry yet: `stream<…>`, `future<…>`, `error-context`, as WIT text."""

    wit: str


Type: TypeAlias = (
    Primitive | List | Option | Result | Tuple | Map | Record | Variant | Enum | Flags | Own | Borrow | Unsupported
)


@value(frozen=True, slots=True)
class Param:
    """A parameter: its WIT name and type. A method's `self` is not among them."""

    name: str
    type: Type


@value(frozen=True, slots=True)
class Func:
    """A function of an interface or world.

    `name` is the canonical ABI's (`[method]store.get`), `attr` the Python name on the implementation,
    or on the resource's class where `resource` is set; `kind` is `free`, `method`, `static` or
    `constructor`. With `raises`, the result is a `Result` whose ok side is returned and whose error
    side is raised as `Err`. `compiled` is where `witkit.runtime` keeps the codecs it compiles for the function.
    """

    name: str
    attr: str
    params: tuple[Param, ...] = ()
    result: Type | None = None
    kind: str = "free"
    resource: Resource | None = None
    raises: bool = False
    is_async: bool = False
    compiled: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)


@value(frozen=True, slots=True)
class Interface:
    """An imported or exported interface: its name in the component (`ns:pkg/name@1.0.0`, or a plain label)."""

    name: str
    functions: tuple[Func, ...] = ()
    resources: tuple[Resource, ...] = ()


@value(frozen=True, slots=True)
class Import:
    """An interface as a world imports it: the keyword argument that takes its implementation."""

    argument: str
    interface: Interface
    label: str | None = None


@value(frozen=True, slots=True)
class World:
    """A world: what it imports and exports. `functions` and `resources` are those of the world itself."""

    name: str
    imports: tuple[Import, ...] = ()
    exports: tuple[Interface, ...] = ()
    import_functions: tuple[Func, ...] = ()
    import_resources: tuple[Resource, ...] = ()
    export_functions: tuple[Func, ...] = ()
