"""The ABI constants of the guest's bindings: what `witkit.native` checks and carries values by."""

from __future__ import annotations

from witkit.bindgen.common.abi_text import kind, quoted, sequence
from witkit.bindgen.common.naming import camel, case_class, snake
from witkit.bindgen.common.views import PythonImport
from witkit.bindgen.guest.spelling import GuestSpeller
from witkit.bindgen.guest.types import BYTES
from witkit.ir.model import (
    Alias,
    Borrow,
    Enum,
    FixedLengthList,
    Flags,
    Function,
    FunctionKind,
    Future,
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
    unalias,
)

ABI, NATIVE = "_abi", "_native"
NATIVE_MODULE = PythonImport("witkit", "native", NATIVE)


def constant(type_: TypeDef) -> str:
    """The private name of a named type's ABI constant: `_keyvalue_error`. It has no trailing underscore."""
    return "_t_" + (type_.name or "").replace("-", "_").lower()


def expression(type_: Type | None, spell: GuestSpeller) -> str:
    """A type as Python source over `witkit.abi`."""
    if type_ is None:
        return "None"
    if isinstance(type_, Primitive):
        if type_ is Primitive.ERROR_CONTEXT:
            return f'{ABI}.Unsupported("error-context")'
        return f"{ABI}.{type_.value.upper()}"
    if spell.homes.sizes.is_long(type_):
        return spell.constant(type_, _structure)
    return _structure(type_, spell)


def _structure(type_: TypeDef, spell: GuestSpeller) -> str:
    match type_.kind:
        case Alias(target):
            return expression(target, spell)
        case List(element):
            packed = "True" if element in BYTES else "False"
            return f"{ABI}.List({expression(element, spell)}, packed={packed})"
        case FixedLengthList(element, length):
            return f"{ABI}.List({expression(element, spell)}, {length})"
        case Map(key, value):
            return f"{ABI}.Map({expression(key, spell)}, {expression(value, spell)})"
        case Option(inner):
            return f"{ABI}.Option({expression(inner, spell)})"
        case Result(ok, err):
            return f"{ABI}.Result({expression(ok, spell)}, {expression(err, spell)})"
        case Tuple(types):
            return f"{ABI}.Tuple({sequence([expression(t, spell) for t in types])})"
        case Own(resource):
            return f"{ABI}.Own({_resource(resource, spell)})"
        case Borrow(resource):
            return f"{ABI}.Borrow({_resource(resource, spell)})"
        case Resource():
            return f"{ABI}.Own({_resource(type_, spell)})"
        case Stream(element):
            spell.bring(NATIVE_MODULE)
            return f'{NATIVE}.Stream("stream", {expression(element, spell)}, {element in BYTES})'
        case Future(element):
            spell.bring(NATIVE_MODULE)
            return f'{NATIVE}.Future("future", {expression(element, spell)})'
    return spell.reference(type_, private=constant(type_))


def definition(type_: TypeDef, spell: GuestSpeller, *, handle: str | None) -> str | None:
    """The value of a named type's constant; None for a type that has no identity of its own.

    `handle` is the class that carries handles to a resource, or None if the guest implements it.
    """
    name = type_.name or ""
    match type_.kind:
        case Record(fields):
            parts = [f'{ABI}.Field("{f.name}", "{snake(f.name)}", {expression(f.type, spell)})' for f in fields]
            return f'{ABI}.Record("{name}", {spell.reference(type_)}, {sequence(parts)})'
        case Variant(cases):
            parts = [
                f'{ABI}.Case("{c.name}", {case(type_, c.name, spell)}, {expression(c.type, spell)})' for c in cases
            ]
            return f'{ABI}.Variant("{name}", {sequence(parts)})'
        case Enum(cases):
            return f'{ABI}.Enum("{name}", {spell.reference(type_)}, {quoted(c.name for c in cases)})'
        case Flags(flags):
            return f'{ABI}.Flags("{name}", {spell.reference(type_)}, {quoted(c.name for c in flags)})'
        case Resource():
            return f'{ABI}.Resource("{name}", "{camel(name)}"{f", {handle}" if handle else ""})'
    return None


def case(variant: TypeDef, name: str, spell: GuestSpeller) -> str:
    """The class of a variant's case, as this module names it."""
    prefix = spell.reference(variant).rpartition(".")[0]
    name = case_class(variant.name or "", name)
    return f"{prefix}.{name}" if prefix else name


def function(function: Function, spell: GuestSpeller) -> str:
    """A function as `witkit.abi.Func`; its result is unpacked if the signature itself says `result`."""
    params = [f'{ABI}.Param("{p.name}", {expression(p.type, spell)})' for p in function.declared_params]
    arguments = [f'"{function.name}"', f'"{_attr(function)}"', sequence(params), expression(function.result, spell)]
    if function.resource is not None:
        arguments += [f'"{kind(function)}"', _resource(function.resource, spell)]
    if raises(function):
        arguments.append("raises=True")
    if function.is_async:
        arguments.append("is_async=True")
    return f"{ABI}.Func({', '.join(arguments)})"


def raises(function: Function) -> bool:
    """Whether the error is raised: only a `result` written in the signature, or named in the same interface, is."""
    return isinstance(function.result, TypeDef) and isinstance(function.result.kind, Result)


def _attr(function: Function) -> str:
    return "__init__" if function.kind is FunctionKind.CONSTRUCTOR else snake(function.item_name)


def _resource(resource: TypeDef, spell: GuestSpeller) -> str:
    defined = unalias(resource)
    assert isinstance(defined, TypeDef)
    return spell.reference(defined, private=constant(defined))
