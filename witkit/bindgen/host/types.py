"""Type definitions as views, and the ABI constants that bind them to their classes."""

from __future__ import annotations

from collections.abc import Iterator

from witkit.bindgen.common import docs
from witkit.bindgen.common.abi_text import quoted, sequence
from witkit.bindgen.common.naming import Scope, is_inherited, shouty, snake
from witkit.bindgen.common.views import (
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
from witkit.bindgen.host.functions import function_view
from witkit.bindgen.host.spelling import Speller
from witkit.ir import model as m

HANDLE_MEMBERS = frozenset({"close"})
"""Public names of the class that exported resources inherit from."""


def type_view(spell: Speller, type_: m.TypeDef, functions: list[m.Function]) -> TypeView:
    """The view of a type that the module itself defines; `functions` are those of a resource."""
    wit = type_.name or ""
    name, text = spell.home.types[wit], _docs(type_)
    notes = tuple(note for note in (spell.home.renamed.get(wit),) if note)
    match type_.kind:
        case m.Record(fields):
            scope = Scope()
            return RecordView(name, wit, text, tuple(_field(spell, f, scope) for f in fields), notes)
        case m.Variant(cases):
            return VariantView(name, wit, text, tuple(_case(spell, wit, c) for c in cases), notes)
        case m.Enum(cases):
            return EnumView(name, wit, text, _members(cases), notes)
        case m.Flags(flags):
            return FlagsView(name, wit, text, _members(flags), notes)
        case m.Resource():
            return ResourceView(name, wit, text, _functions(spell, functions), notes)
    return AliasView(name, wit, docs.text(type_.docs), spell.alias(type_), notes)


def constants(spell: Speller, type_: m.TypeDef, view: TypeView) -> Iterator[str]:
    """The assignment of a type's ABI constant. Another name of a type has none: its type is what counts."""
    if not isinstance(type_.kind, m.Alias):
        yield f"{spell.home.constants[view.wit]} = {_constant(spell, type_, view)}"


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


def _field(spell: Speller, field: m.Field, scope: Scope) -> FieldView:
    name = scope.claim(snake(field.name))
    return FieldView(name, field.name, spell.annotation(field.type), docs.text(field.docs), is_inherited(name))


def _case(spell: Speller, wit: str, case: m.Case) -> CaseView:
    annotation = spell.annotation(case.type) if case.type is not None else None
    text = docs.text(case.docs, f"The case `{case.name}` of `{wit}`.")
    return CaseView(spell.home.cases[wit, case.name], case.name, annotation, text)


def _members(cases: list[m.Case]) -> tuple[MemberView, ...]:
    scope = Scope()
    return tuple(MemberView(scope.claim(shouty(c.name)), c.name, i, docs.text(c.docs)) for i, c in enumerate(cases))


def _functions(spell: Speller, functions: list[m.Function]) -> tuple[FunctionView, ...]:
    members = Scope(HANDLE_MEMBERS if spell.home.exported else ())
    ordered = sorted(functions, key=lambda f: f.kind is not m.FunctionKind.CONSTRUCTOR)
    return tuple(function_view(spell, function, members) for function in ordered)


def _docs(type_: m.TypeDef) -> str:
    kind = type(type_.kind).__name__.lower()
    text = docs.text(type_.docs, f"The {kind} `{type_.name}`.")
    deprecated = type_.stability.deprecated if type_.stability else None
    return f"{text}\n\nDeprecated since version {deprecated}." if deprecated else text
