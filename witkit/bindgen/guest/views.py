"""What the guest's templates see: modules, their members, and text that is ready to be written.

`names` are the local names of what the template of a view mentions itself. `imports` is all that the view needs, its
parts included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from witkit.bindgen.common.docs import text
from witkit.bindgen.common.imports import import_lines, imports_of, offered_order
from witkit.bindgen.common.naming import camel, is_inherited, shouty, snake
from witkit.bindgen.common.views import Imports, PythonImport
from witkit.bindgen.guest import abi as guest_abi
from witkit.bindgen.guest.spelling import GuestSpeller
from witkit.ir.model import (
    Alias,
    Case,
    Enum,
    Flags,
    Function,
    FunctionKind,
    Record,
    Resource,
    Result,
    Type,
    TypeDef,
    Variant,
    unalias,
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
    names: Mapping[str, str] = field(default_factory=dict)
    imports: Imports = frozenset()


@dataclass(slots=True)
class FunctionView:
    """A function or method. `receiver` is `self`, `cls` or empty; `call` the expression that runs it.

    `raises` says whether it raises the error of its `result`, `gives_result` whether the value itself is a `result`.
    """

    name: str
    receiver: str
    params: list[Member]
    returns: str
    docs: str
    call: str
    is_async: bool = False
    is_constructor: bool = False
    raises: bool = False
    gives_result: bool = False
    imports: Imports = frozenset()
    reaches: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    form: str = "function"

    @property
    def signature(self) -> str:
        """All that is between the parentheses. Python does not allow a second `self`; `limits` refuses such worlds."""
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
    names: Mapping[str, str] = field(default_factory=dict)
    imports: Imports = frozenset()
    form: str = "resource"


@dataclass(slots=True)
class ProtocolView:
    """The functions that the guest implements, as a Protocol."""

    name: str
    docs: str
    functions: list[FunctionView]
    names: Mapping[str, str] = field(default_factory=dict)
    imports: Imports = frozenset()
    form: str = "protocol"


MemberView: TypeAlias = ClassView | ResourceView | ProtocolView | FunctionView


@dataclass(slots=True)
class ModuleView:
    """One file of the bindings. `spell` has its names and its last lines.

    `offered` are the modules that the file imports for the guest.
    """

    path: str
    docs: str
    spell: GuestSpeller
    members: list[MemberView] = field(default_factory=list)
    offered: list[PythonImport] = field(default_factory=list)

    @property
    def public(self) -> list[str]:
        """What the file offers: its classes, functions and modules, and nothing that it only uses."""
        names = {name for member in self.members for name in _names(member)}
        return sorted(names | {one.local for one in self.offered}, key=offered_order)

    @property
    def future(self) -> str:
        """What the file imports from `__future__`."""
        return self.spell.future

    @property
    def imports(self) -> list[str]:
        """The import statements for all that the file needs."""
        abi = {PythonImport("witkit", "abi", guest_abi.ABI)} if self.spell.constants else set()
        return written_imports(
            imports_of([*self.members, *self.spell.constants, *self.spell.aliases]) | {*self.offered, *abi}
        )

    @property
    def aliases(self) -> list[str]:
        return [line.text for line in self.spell.aliases]

    @property
    def constants(self) -> list[str]:
        return [line.text for line in self.spell.constants]

    @property
    def reaches(self) -> bool:
        """Whether the file mentions private names of others."""
        functions = [member for member in self.members if isinstance(member, FunctionView)]
        return any(function.reaches for function in functions) or any(line.reaches for line in self.spell.constants)


def _names(member: MemberView) -> list[str]:
    """The names of a module that a member defines."""
    if isinstance(member, ClassView) and member.form == "variant":
        return [member.name, *(case.name for case in member.members)]
    return [member.name] if member.name else []


def class_view(type_: TypeDef, spell: GuestSpeller) -> ClassView | None:
    """The class of a record, variant, enum or flags, the comment for an alias; None for a resource."""
    spell, wit = spell.fresh(), type_.name or ""
    name, docs = camel(wit), text(type_.docs)
    match type_.kind:
        case Record(fields):
            members = [Member(snake(f.name), spell.annotation(f.type), text(f.docs)) for f in fields]
            needed = ["dataclass", *(["field"] if any(member.is_inherited for member in members) else [])]
            return ClassView("record", name, wit, docs, members, names_of(spell, *needed), spell.imports)
        case Variant(cases):
            members = [_case(type_, c, spell) for c in cases]
            names = names_of(spell, "dataclass", "TypeAlias")
            return ClassView("variant", name, wit, docs, members, names, spell.imports)
        case Enum(cases):
            members = [Member(shouty(c.name), str(number), text(c.docs)) for number, c in enumerate(cases)]
            return ClassView("enum", name, wit, docs, members, names_of(spell, "Enum"), spell.imports)
        case Flags(flags):
            members = [Member(shouty(c.name), "", text(c.docs)) for c in flags]
            needed = ["Flag", *(["auto"] if members else [])]
            return ClassView("flags", name, wit, docs, members, names_of(spell, *needed), spell.imports)
        case Resource():
            return None
    return alias_view(type_, spell)


def _case(type_: TypeDef, case: Case, spell: GuestSpeller) -> Member:
    annotation = spell.annotation(case.type) if case.type else ""
    return Member(guest_abi.case(type_, case.name, spell), annotation, text(case.docs))


def alias_view(type_: TypeDef, spell: GuestSpeller) -> ClassView:
    """An alias, which componentize-py gives no name: a comment says what the WIT name is short for."""
    kind = type_.kind
    target: Type = kind.type if isinstance(kind, Alias) else TypeDef(name=None, kind=kind, owner=None)
    members = [Member("", spell.aside().annotation(target), "")]
    return ClassView("alias", "", type_.name or "", text(type_.docs), members)


def resource_view(
    name: str, docs: str, functions: list[FunctionView], spell: GuestSpeller, *, exported: bool
) -> ResourceView:
    """The class of a resource with its functions."""
    spell = spell.fresh()
    needed = ["classmethod"] if any(function.receiver == "cls" for function in functions) else []
    if exported:
        needed += ["Protocol", *(["abstractmethod"] if functions else [])]
    else:
        needed += ["BaseException", "Self", "TracebackType", "bool", "type"]
        spell.bring(guest_abi.NATIVE_MODULE)
    names = names_of(spell, *needed)
    imports = spell.imports | imports_of(functions)
    return ResourceView(name, docs, functions, exported, names, imports)


def protocol_view(name: str, docs: str, functions: list[FunctionView], spell: GuestSpeller) -> ProtocolView:
    """The Protocol of functions."""
    spell = spell.fresh()
    names = names_of(spell, "Protocol", *(["NotImplementedError", "abstractmethod"] if functions else []))
    return ProtocolView(name, docs, functions, names, spell.imports | imports_of(functions))


_MODULES: Final = {
    "dataclass": "dataclasses",
    "field": "dataclasses",
    "Enum": "enum",
    "Flag": "enum",
    "auto": "enum",
    "Protocol": "typing",
    "Self": "typing",
    "TypeAlias": "typing",
    "TracebackType": "types",
    "abstractmethod": "abc",
}
"""The modules of the names that templates mention; the others are builtins."""


def names_of(spell: GuestSpeller, *names: str) -> dict[str, str]:
    """The local names of what a template mentions, imported if need be."""
    return {name: spell.need(_MODULES[name], name) if name in _MODULES else spell.builtin(name) for name in names}


def function_view(function: Function, spell: GuestSpeller, call: str, *needed: PythonImport) -> FunctionView:
    """A function. `call`, which needs these imports, is formatted with the arguments' text, a comma before each."""
    spell, own = spell.fresh(), function.resource
    spell.bring(*needed)
    constructor = function.kind is FunctionKind.CONSTRUCTOR
    params = [Member(snake(p.name), spell.annotation(p.type, own), "") for p in function.declared_params]
    receiver = {FunctionKind.METHOD: "self", FunctionKind.CONSTRUCTOR: "self", FunctionKind.STATIC: "cls"}
    returns = "None" if constructor else _returns(function, spell)
    return FunctionView(
        name="__init__" if constructor else snake(function.item_name),
        receiver=receiver.get(function.kind, ""),
        params=params,
        returns=returns,
        docs=documentation(function, spell),
        call=call.format(name=function.name, args="".join(f", {param.name}" for param in params)),
        is_async=function.is_async,
        is_constructor=constructor,
        raises=guest_abi.raises(function),
        gives_result=_gives_result(function),
        imports=spell.imports,
    )


def documentation(function: Function, spell: GuestSpeller) -> str:
    """The docs of a function, and what it raises."""
    docs = text(function.docs) or f"`{function.item_name}`: not documented in WIT."
    if not guest_abi.raises(function):
        return docs
    assert isinstance(function.result, TypeDef)
    error: Type | None = getattr(function.result.kind, "err", None)
    what = f"of `{spell.aside().annotation(error, function.resource)}`" if error is not None else "without a value"
    return f"{docs}\n\nRaises:\n    Err: {what}."


def _returns(function: Function, spell: GuestSpeller) -> str:
    if guest_abi.raises(function):
        assert isinstance(function.result, TypeDef)
        return spell.annotation(getattr(function.result.kind, "ok", None), function.resource)
    return spell.annotation(function.result, function.resource)


def _gives_result(function: Function) -> bool:
    value = function.result
    if guest_abi.raises(function):
        value = getattr(getattr(value, "kind", None), "ok", None)
    defined = unalias(value) if value is not None else None
    return isinstance(defined, TypeDef) and isinstance(defined.kind, Result)


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


def written_imports(imports: Imports) -> list[str]:
    """Import statements, an empty line between standard library, other packages and the bindings themselves."""
    lines: list[str] = []
    for group in import_lines(imports):
        lines += [
            f"from {line.module} import {', '.join(line.names)}" if line.names else f"import {line.module}"
            for line in sorted(group, key=lambda line: not line.module.startswith(".."))
        ]
        lines.append("")
    return lines
