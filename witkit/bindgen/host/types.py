"""Type definitions as views, and the ABI constants that bind them to their classes."""

from __future__ import annotations

from witkit.bindgen.common import docs
from witkit.bindgen.common.abi_text import quoted, sequence
from witkit.bindgen.common.naming import Names, is_inherited, shouty, snake
from witkit.bindgen.common.views import ConstantView
from witkit.bindgen.host.functions import function_view
from witkit.bindgen.host.spelling import Speller
from witkit.bindgen.host.views import (
    AliasView,
    CaseView,
    EnumView,
    FieldView,
    FlagsView,
    FunctionView,
    MemberView,
    RecordView,
    ResourceView,
    TypeView,
    VariantView,
)
from witkit.ir import model as m

HANDLE_MEMBERS = frozenset({"close"})
"""Public names of the class that exported resources inherit from."""


def type_view(spell: Speller, type_: m.TypeDef, functions: list[m.Function]) -> TypeView:
    """The view of a type that the module itself defines; `functions` are those of a resource."""
    spell, wit = spell.fresh(), type_.name or ""
    name, text = spell.home.types[wit], _docs(type_)
    notes = tuple(note for note in (spell.home.renamed.get(wit),) if note)
    match type_.kind:
        case m.Record(fields):
            return RecordView(name, wit, text, _fields(spell, fields), notes, spell.imports)
        case m.Variant(cases):
            return VariantView(name, wit, text, _cases(spell, wit, cases), notes, spell.imports)
        case m.Enum(cases):
            spell.use("", "enum")
            return EnumView(name, wit, text, _members(cases), notes, spell.imports)
        case m.Flags(flags):
            spell.use("", "enum")
            return FlagsView(name, wit, text, _members(flags), notes, spell.imports)
        case m.Resource():
            return ResourceView(name, wit, text, _functions(spell, functions), notes, spell.imports)
    spell.use("typing", "TypeAlias")
    return AliasView(name, wit, docs.text(type_.docs), spell.alias(type_), notes, spell.imports)


def constant_view(spell: Speller, type_: m.TypeDef, view: TypeView) -> ConstantView | None:
    """The ABI constant of a type; None for another name of a type: its type is what counts."""
    if isinstance(type_.kind, m.Alias):
        return None
    spell = spell.fresh()
    text = f"{spell.home.constants[view.wit]} = {_constant(spell, type_, view)}"
    return ConstantView(text, spell.imports)


def _constant(spell: Speller, type_: m.TypeDef, view: TypeView) -> str:
    both = f'"{view.wit}", {view.name}'
    match view, type_.kind:
        case RecordView(fields=views), m.Record(fields):
            parts = (
                f'{spell.abi}.Field("{v.wit}", "{v.name}", {spell.expression(f.type)})'
                for v, f in zip(views, fields, strict=True)
            )
            return f"{spell.abi}.Record({both}, {sequence(parts)})"
        case VariantView(cases=views), m.Variant(cases):
            parts = (_abi_case(spell, v, c) for v, c in zip(views, cases, strict=True))
            return f'{spell.abi}.Variant("{view.wit}", {sequence(parts)})'
        case EnumView(members=members), _:
            return f"{spell.abi}.Enum({both}, {quoted(one.wit for one in members)})"
        case FlagsView(members=members), _:
            return f"{spell.abi}.Flags({both}, {quoted(one.wit for one in members)})"
        case ResourceView(), _:
            bound = f", {view.name}" if spell.home.exported else ""
            return f'{spell.abi}.Resource("{view.wit}", "{view.name}"{bound})'
    return spell.structural(type_)


def _abi_case(spell: Speller, view: CaseView, case: m.Case) -> str:
    payload = f", {spell.expression(case.type)}" if case.type is not None else ""
    return f'{spell.abi}.Case("{view.wit}", {view.name}{payload})'


def _fields(spell: Speller, fields: list[m.Field]) -> tuple[FieldView, ...]:
    spell.use("dataclasses", "dataclass")
    names = Names()
    views = tuple(_field(spell, field, names) for field in fields)
    if any(view.is_inherited for view in views):
        spell.use("dataclasses", "field")
    return views


def _field(spell: Speller, field: m.Field, names: Names) -> FieldView:
    name = names.claim(snake(field.name))
    return FieldView(name, field.name, spell.annotation(field.type), docs.text(field.docs), is_inherited(name))


def _cases(spell: Speller, wit: str, cases: list[m.Case]) -> tuple[CaseView, ...]:
    spell.use("dataclasses", "dataclass")
    spell.use("typing", "TypeAlias")
    return tuple(_case(spell, wit, case) for case in cases)


def _case(spell: Speller, wit: str, case: m.Case) -> CaseView:
    annotation = spell.annotation(case.type) if case.type is not None else None
    text = docs.text(case.docs, f"The case `{case.name}` of `{wit}`.")
    return CaseView(spell.home.cases[wit, case.name], case.name, annotation, text)


def _members(cases: list[m.Case]) -> tuple[MemberView, ...]:
    names = Names()
    return tuple(MemberView(names.claim(shouty(c.name)), c.name, i, docs.text(c.docs)) for i, c in enumerate(cases))


def _functions(spell: Speller, functions: list[m.Function]) -> tuple[FunctionView, ...]:
    members = Names(HANDLE_MEMBERS if spell.home.exported else ())
    ordered = sorted(functions, key=lambda f: f.kind is not m.FunctionKind.CONSTRUCTOR)
    views = tuple(function_view(spell, function, members) for function in ordered)
    for view in views:
        spell.use_view(view.imports)
    if spell.home.exported:
        spell.use("witkit", "runtime")
    else:
        spell.use("typing", "Protocol")
    return views


def _docs(type_: m.TypeDef) -> str:
    kind = type(type_.kind).__name__.lower()
    text = docs.text(type_.docs, f"The {kind} `{type_.name}`.")
    deprecated = type_.stability.deprecated if type_.stability else None
    return f"{text}\n\nDeprecated since version {deprecated}." if deprecated else text
