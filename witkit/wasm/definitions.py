"""Definitions of types, with the declarations inside component and instance types (`Binary.md`, Type Definitions)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from witkit._names import folded
from witkit.wasm import types
from witkit.wasm.aliases import read_alias
from witkit.wasm.core_types import read_core_type
from witkit.wasm.cursor import BadWasm, Cursor, NotSupported, TooMuch
from witkit.wasm.names import is_label
from witkit.wasm.scope import Core, IndexSpaces, ScopeLevel, Sort, named
from witkit.wasm.traits import traits, traits_of
from witkit.wasm.types import (
    AnyType,
    Component,
    Defined,
    Extern,
    ExternName,
    Func,
    Instance,
    Item,
    Kind,
    Module,
    Resource,
    Traits,
    TypeItem,
    ValType,
)

_T = TypeVar("_T")
_PRIMITIVES = ("bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "f32", "f64", "char", "string")
# Their codes are the bytes of negative numbers, from -1 downwards.
PRIMITIVES: Final = {0x7F - i: name for i, name in enumerate(_PRIMITIVES)} | {0x64: "error-context"}
_DEPTH = 100
_FLAGS = 32
_I32 = 0x7F
_TYPE_ALIASES: Final = ((Sort.TYPE, 0), (Sort.INSTANCE, 0), (Sort.CORE, Core.TYPE))
_SIZE = 1 << 28
_OPTIONS = ("implements", "version_suffix", "external_id")


def read_type(scope: IndexSpaces, cursor: Cursor) -> AnyType:
    """One definition of a type section or declarator. A new resource belongs to the scope."""
    start, code = cursor.offset, cursor.byte()
    match code:
        case 0x40 | 0x43:
            return _func(scope, cursor, is_async=code == 0x43)
        case 0x41:
            return _component(scope.inner(start, ScopeLevel.COMPONENT_TYPE), cursor)
        case 0x42:
            return _instance(scope.inner(start, ScopeLevel.INSTANCE_TYPE), cursor)
        case 0x3E | 0x3F:
            return _resource(scope, cursor, is_async=code == 0x3E)
    kind = _kind(scope, cursor, code, start)
    _check_size(kind, start)
    depth = 1 + max((t.depth for t in types.parts(kind) if isinstance(t, Defined)), default=0)
    if depth > _DEPTH:
        raise TooMuch(f"types nest more than {_DEPTH} levels deep", start)
    return Defined(kind, _checked(traits(kind), start), None, depth)


def _checked(found: Traits, offset: int) -> Traits:
    if found.size >= _SIZE:
        raise BadWasm(f"a value of this type takes {found.size} bytes, but less than {_SIZE} are allowed", offset)
    return found


def _check_size(kind: Kind, offset: int) -> None:
    """Raise BadWasm for an empty type, and for flags that do not fit into 32 bits."""
    match kind:
        case types.Flags(names) if len(names) > _FLAGS:
            raise TooMuch(f"a type has more than {_FLAGS} flags", offset)
        case types.Record(()) | types.Variant(()) | types.Tuple(()) | types.Flags(()) | types.Enum(()):
            raise BadWasm("a record, variant, tuple, enum or flags type without members", offset)
        case types.Stream(t) | types.Future(t) if traits_of(t).borrows:
            raise BadWasm("a stream or future cannot contain borrowed handles", offset)
        case types.Stream("char" | Defined(types.Primitive("char"))):
            raise NotSupported("a stream of characters is not supported", offset)
        case types.FixedLengthList(_, 0):
            raise BadWasm("a list of the fixed length 0", offset)


def read_name(cursor: Cursor) -> ExternName:
    """The name of an import or export, with its options."""
    start, form = cursor.offset, cursor.byte()
    if form > 2:
        raise BadWasm(f"a name begins with 0x{form:02x}", start)
    text = cursor.name()
    return ExternName(text, **dict(cursor.vector(lambda: _option(cursor)))) if form == 2 else ExternName(text)


def _option(cursor: Cursor) -> tuple[str, str]:
    start, option = cursor.offset, cursor.byte()
    if option >= len(_OPTIONS):
        raise BadWasm(f"a name has an unknown option 0x{option:02x}", start)
    return _OPTIONS[option], cursor.name()


def read_description(scope: IndexSpaces, cursor: Cursor) -> Item:
    """The declared type of an import or export."""
    start, sort = cursor.offset, cursor.byte()
    match sort:
        case Sort.CORE:
            if cursor.byte() != Core.MODULE:
                raise BadWasm("modules are the only core items that can be imported or exported", start)
            return _module_type(scope, cursor)
        case Sort.FUNC:
            return scope.next_typed(Func, "function type", cursor)
        case Sort.VALUE:
            raise NotSupported("values are not supported", start)
        case Sort.TYPE:
            return _bound(scope, cursor)
        case Sort.COMPONENT:
            return scope.next_typed(Component, "component type", cursor)
        case Sort.INSTANCE:
            return scope.next_typed(Instance, "instance type", cursor)
    raise BadWasm(f"an import or export of the unknown sort 0x{sort:02x}", start)


def _module_type(scope: IndexSpaces, cursor: Cursor) -> Module:
    start = cursor.offset
    type_ = scope.outer_core_type(0, cursor.u32(), start)
    if not isinstance(type_, Module):
        raise BadWasm("expected the type of a core module, found another core type", start)
    return type_


def _bound(scope: IndexSpaces, cursor: Cursor) -> TypeItem:
    start, bound = cursor.offset, cursor.byte()
    if bound == 0:
        return named(scope.next_type(cursor))
    if bound == 1:
        resource = Resource()
        return TypeItem(resource, resource)
    raise BadWasm(f"an unknown bound 0x{bound:02x} of a type", start)


def read_core_definition(scope: IndexSpaces, cursor: Cursor) -> None:
    """Add an item of a core type section to the scope."""
    scope.core_types += read_core_type(cursor, scope.outer_core_type)


def _component(scope: IndexSpaces, cursor: Cursor) -> Component:
    for _ in range(cursor.u32()):
        _declaration(scope, cursor, may_import=True)
    return Component(scope.imports, scope.exports, scope.imported, scope.defined)


def _instance(scope: IndexSpaces, cursor: Cursor) -> Instance:
    for _ in range(cursor.u32()):
        _declaration(scope, cursor, may_import=False)
    return Instance(scope.exports, scope.defined)


def _declaration(scope: IndexSpaces, cursor: Cursor, *, may_import: bool) -> None:
    start, code = cursor.offset, cursor.byte()
    match code:
        case 0:
            read_core_definition(scope, cursor)
        case 1:
            scope.types.append(read_type(scope, cursor))
        case 2:
            alias = read_alias(scope, cursor)
            if (alias.sort, alias.core) not in _TYPE_ALIASES:
                raise BadWasm("an alias in the type of a component is of neither a type nor an instance", start)
        case 3 if may_import:
            scope.import_(Extern(read_name(cursor), read_description(scope, cursor)), start)
        case 4:
            scope.export(Extern(read_name(cursor), read_description(scope, cursor)), start)
        case _:
            raise BadWasm(f"an unknown declaration 0x{code:02x}", start)


def _resource(scope: IndexSpaces, cursor: Cursor, *, is_async: bool) -> Resource:
    """A resource that a component defines: its representation, then functions that destroy it."""
    start, rep = cursor.offset, cursor.byte()
    if scope.level is not ScopeLevel.COMPONENT:
        raise BadWasm("the type of a component or instance defines a resource, which only a component can", start)
    if rep != _I32 or is_async:
        raise NotSupported("only resources that are represented by i32 and destroyed at once are supported", start)
    resource = Resource()
    scope.destructors[resource] = cursor.optional(cursor.u32)
    scope.defined.append(resource)
    return resource


def _func(scope: IndexSpaces, cursor: Cursor, *, is_async: bool) -> Func:
    params = cursor.vector(lambda: (_label(cursor), _value(scope, cursor)))
    _distinct([name for name, _ in params], cursor)
    return Func(params, read_result(scope, cursor), is_async)


def read_result(scope: IndexSpaces, cursor: Cursor) -> ValType | None:
    """The type of a function's result, or None if it has none."""
    start, form = cursor.offset, cursor.byte()
    if form == 0:
        result = _value(scope, cursor)
        if traits_of(result).borrows:
            raise BadWasm("a function's result cannot contain borrowed handles", start)
        return result
    if form != 1 or cursor.byte() != 0:
        raise BadWasm("a function's result is neither one type nor none", start)
    return None


def _value(scope: IndexSpaces, cursor: Cursor) -> ValType:
    start, code = cursor.offset, cursor.s33()
    if code < 0:
        primitive = PRIMITIVES.get(code & 0x7F) if code >= -64 else None
        if primitive is None:
            raise BadWasm("an unknown primitive type", start)
        return primitive
    type_ = scope.type_at(code, start)
    if not isinstance(type_, Defined):
        raise BadWasm("a type that is not a value type, instead of one", start)
    return type_


def _label(cursor: Cursor) -> str:
    start = cursor.offset
    label = cursor.name()
    if not is_label(label):
        raise BadWasm(f"{label!r} is not a valid name", start)
    return label


def _kind(scope: IndexSpaces, cursor: Cursor, code: int, start: int) -> Kind:
    def value() -> ValType:
        return _value(scope, cursor)

    def optional() -> ValType | None:
        return cursor.optional(value)

    match code:
        case 0x72:
            return types.Record(_members(cursor, lambda: (_label(cursor), value())))
        case 0x71:
            return types.Variant(_members(cursor, lambda: _case(cursor, optional)))
        case 0x70:
            return types.List(value())
        case 0x67:
            return types.FixedLengthList(value(), cursor.u32())
        case 0x6F:
            return types.Tuple(tuple(cursor.vector(value)))
        case 0x6E:
            return types.Flags(_distinct(cursor.vector(lambda: _label(cursor)), cursor))
        case 0x6D:
            return types.Enum(_distinct(cursor.vector(lambda: _label(cursor)), cursor))
        case 0x6B:
            return types.Option(value())
        case 0x6A:
            return types.Result(optional(), optional())
        case 0x69:
            return types.Own(scope.next_typed(Resource, "resource", cursor))
        case 0x68:
            return types.Borrow(scope.next_typed(Resource, "resource", cursor))
        case 0x66:
            return types.Stream(optional())
        case 0x65:
            return types.Future(optional())
        case 0x63:
            return types.Map(value(), value())
    if code in PRIMITIVES:
        return types.Primitive(PRIMITIVES[code])
    raise BadWasm(f"an unknown type 0x{code:02x}", start)


def _case(cursor: Cursor, optional: Callable[[], ValType | None]) -> tuple[str, ValType | None]:
    name, payload = _label(cursor), optional()
    start = cursor.offset
    if cursor.byte() != 0:
        raise NotSupported("a variant's case refines another one, which is not supported", start)
    return name, payload


def _members(cursor: Cursor, read: Callable[[], tuple[str, _T]]) -> tuple[tuple[str, _T], ...]:
    members = tuple(cursor.vector(read))
    _distinct([name for name, _ in members], cursor)
    return members


def _distinct(names: list[str], cursor: Cursor) -> tuple[str, ...]:
    """Read the names of parameters, fields, cases or flags: at least one, and strongly-unique."""
    if len({folded(name) for name in names}) < len(names):
        raise cursor.fail("two members of a type or function have the same name")
    return tuple(names)
