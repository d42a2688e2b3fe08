"""What the guest's templates see: modules, their members, and text that is ready to be written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from witkit.bindgen.common.docs import text
from witkit.bindgen.common.imports import Imports, offered_order
from witkit.bindgen.common.naming import camel, is_inherited, shouty, snake
from witkit.bindgen.guest import abi as guest_abi
from witkit.bindgen.guest.scope import ModuleScope
from witkit.ir.model import (
    Alias,
    Enum,
    Flags,
    Function,
    FunctionKind,
    Record,
    Resource,
    Type,
    TypeDef,
    Variant,
)


@dataclass(slots=True)
class Member:
    """A field, a case or a flag: its Python name, its annotation or value, its docs."""

    name: str
    text: str
    docs: str

    @property
    def is_inherited(self) -> bool:
        """Whether every class has an attribute of this name."""
        return is_inherited(self.name)


@dataclass(slots=True)
class ClassView:
    """A type's class. `form` names the template: `record`, `variant`, `enum`, `flags` or `alias`."""

    form: str
    name: str
    wit: str
    docs: str
    members: list[Member] = field(default_factory=list)


@dataclass(slots=True)
class FunctionView:
    """A function or method. `receiver` is `self`, `cls` or empty; `call` the expression that runs it."""

    name: str
    receiver: str
    params: list[Member]
    returns: str
    docs: str
    call: str
    is_async: bool = False
    is_constructor: bool = False
    form: str = "function"

    @property
    def signature(self) -> str:
        """All that stands between the parentheses. Python allows no second `self`; `limits` refuses such worlds."""
        names = [f"{param.name}_" if param.name == self.receiver else param.name for param in self.params]
        written = [f"{name}: {param.text}" for name, param in zip(names, self.params, strict=True)]
        return ", ".join([self.receiver, *written] if self.receiver else written)


@dataclass(slots=True)
class ResourceView:
    """A resource: the class of handles to the host's (imported), or what the guest implements (exported)."""

    name: str
    docs: str
    functions: list[FunctionView]
    exported: bool
    form: str = "resource"


@dataclass(slots=True)
class ProtocolView:
    """The functions that the guest implements, as a Protocol."""

    name: str
    docs: str
    functions: list[FunctionView]
    form: str = "protocol"


MemberView: TypeAlias = ClassView | ResourceView | ProtocolView | FunctionView


@dataclass(slots=True)
class ModuleView:
    """One file of the bindings. `scope` gathers what the file imports, and its last lines.

    `offered` are the modules that the file imports for the guest.
    """

    path: str
    docs: str
    scope: ModuleScope
    members: list[MemberView] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)

    @property
    def public(self) -> list[str]:
        """What the file offers: its classes, functions and modules, and nothing that it only uses."""
        names = {name for member in self.members for name in _names(member)}
        return sorted(names | set(self.offered), key=offered_order)


def _names(member: MemberView) -> list[str]:
    """The names of a module that a member defines."""
    if isinstance(member, ClassView) and member.form == "variant":
        return [member.name, *(case.name for case in member.members)]
    return [member.name] if member.name else []


def class_view(type_: TypeDef, scope: ModuleScope) -> ClassView | None:
    """The class of a record, variant, enum or flags, the comment for an alias; None for a resource."""
    wit = type_.name or ""
    name, docs = camel(wit), text(type_.docs)
    match type_.kind:
        case Record(fields):
            members = [Member(snake(f.name), scope.annotation(f.type), text(f.docs)) for f in fields]
            return ClassView("record", name, wit, docs, members)
        case Variant(cases):
            members = [
                Member(guest_abi.case(type_, c.name, scope), scope.annotation(c.type) if c.type else "", text(c.docs))
                for c in cases
            ]
            return ClassView("variant", name, wit, docs, members)
        case Enum(cases):
            members = [Member(shouty(c.name), str(number), text(c.docs)) for number, c in enumerate(cases)]
            return ClassView("enum", name, wit, docs, members)
        case Flags(flags):
            return ClassView("flags", name, wit, docs, [Member(shouty(c.name), "", text(c.docs)) for c in flags])
        case Resource():
            return None
    return alias_view(type_, scope)


def alias_view(type_: TypeDef, scope: ModuleScope) -> ClassView:
    """An alias, which componentize-py gives no name: a comment tells what the WIT name stands for."""
    kind = type_.kind
    target: Type = kind.type if isinstance(kind, Alias) else TypeDef(name=None, kind=kind, owner=None)
    return ClassView(
        "alias", "", type_.name or "", text(type_.docs), [Member("", scope.aside().annotation(target), "")]
    )


def function_view(function: Function, scope: ModuleScope, call: str) -> FunctionView:
    """A function; `call` is formatted with the arguments' text (with a leading comma where there are any)."""
    own = function.resource
    constructor = function.kind is FunctionKind.CONSTRUCTOR
    params = [Member(snake(p.name), scope.annotation(p.type, own), "") for p in function.declared_params]
    receiver = {FunctionKind.METHOD: "self", FunctionKind.CONSTRUCTOR: "self", FunctionKind.STATIC: "cls"}
    return FunctionView(
        name="__init__" if constructor else snake(function.item_name),
        receiver=receiver.get(function.kind, ""),
        params=params,
        returns="None" if constructor else _returns(function, scope),
        docs=documentation(function, scope),
        call=call.format(name=function.name, args="".join(f", {param.name}" for param in params)),
        is_async=function.is_async,
        is_constructor=constructor,
    )


def documentation(function: Function, scope: ModuleScope) -> str:
    """The docs of a function, and what it raises."""
    docs = text(function.docs) or f"`{function.item_name}`: not documented in WIT."
    if not guest_abi.raises(function):
        return docs
    assert isinstance(function.result, TypeDef)
    error: Type | None = getattr(function.result.kind, "err", None)
    what = f"of `{scope.aside().annotation(error, function.resource)}`" if error is not None else "without a value"
    return f"{docs}\n\nRaises:\n    Err: {what}."


def _returns(function: Function, scope: ModuleScope) -> str:
    if guest_abi.raises(function):
        assert isinstance(function.result, TypeDef)
        return scope.annotation(getattr(function.result.kind, "ok", None), function.resource)
    return scope.annotation(function.result, function.resource)


def taken_names(types: Iterable[TypeDef], functions: Iterable[Function]) -> Iterator[str]:
    """Every name that WIT puts into a module or one of its classes."""
    for type_ in types:
        yield camel(type_.name or "")
        yield guest_abi.constant(type_)
        match type_.kind:
            case Record(fields):
                yield from (snake(f.name) for f in fields)
            case Enum(cases) | Flags(cases):
                yield from (shouty(c.name) for c in cases)
    for function in functions:
        yield snake(function.item_name)
        yield from (snake(param.name) for param in function.params)


def import_lines(imports: Imports) -> list[str]:
    """Import statements, an empty line between standard library, other packages and the bindings themselves."""
    lines: list[str] = []
    for group in imports.lines():
        lines += [
            f"from {line.module} import {', '.join(line.names)}" if line.names else f"import {line.module}"
            for line in sorted(group, key=lambda line: not line.module.startswith(".."))
        ]
        lines.append("")
    return lines
