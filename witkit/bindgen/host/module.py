"""The module of one interface."""

from __future__ import annotations

from typing import Any

from witkit.bindgen.common import docs
from witkit.bindgen.common.abi_text import kind, sequence
from witkit.bindgen.common.imports import offered_order
from witkit.bindgen.common.naming import Scope
from witkit.bindgen.common.views import FunctionView, InterfaceView, RecordView, ResourceView, TypeView
from witkit.bindgen.host.functions import direct_result, function_view
from witkit.bindgen.host.homes import Home, used
from witkit.bindgen.host.plan import Plan
from witkit.bindgen.host.spelling import Speller
from witkit.bindgen.host.types import constants, type_view
from witkit.ir import model as m


class Body:
    """The types of a module, spelled: views, ABI constants, public names."""

    def __init__(self, spell: Speller, types: dict[str, m.TypeDef], functions: list[m.Function]) -> None:
        self.views: list[TypeView] = []
        self.constants: list[str] = []
        self.public: list[str] = []
        self.resources: list[ResourceView] = []
        for type_ in types.values():
            self._add(spell, type_, [f for f in functions if f.resource is type_])

    def _add(self, spell: Speller, type_: m.TypeDef, functions: list[m.Function]) -> None:
        home, name = spell.home, type_.name or ""
        self.public.append(home.types[name])
        origin = _origin(spell, type_)
        if origin is not None:
            defining, its_name = origin
            spell.imports.bind(f".{defining.module}", defining.types[its_name], home.types[name])
            self._reexport_cases(spell, type_, defining, its_name)
            return
        view = type_view(spell, type_, functions)
        self.views.append(view)
        self.constants.extend(constants(spell, type_, view))
        if isinstance(type_.kind, m.Variant):
            self.public.extend(home.cases[name, case.name] for case in type_.kind.cases)
        if isinstance(view, ResourceView):
            self.resources.append(view)

    def _reexport_cases(self, spell: Speller, type_: m.TypeDef, defining: Home, its_name: str) -> None:
        """A variant that stays the import's brings its cases along."""
        if type_.name in spell.home.shared and isinstance(type_.kind, m.Variant):
            for case in type_.kind.cases:
                mine = spell.home.cases[its_name, case.name]
                spell.imports.bind(f".{defining.module}", defining.cases[its_name, case.name], mine)
                self.public.append(mine)


def _origin(spell: Speller, type_: m.TypeDef) -> tuple[Home, str] | None:
    """The module and WIT name behind a type that this module only passes on."""
    home = spell.home
    if type_.name in home.shared:
        return spell.plan.home(home.owner, exported=False), type_.name or ""
    behind = used(type_, home.owner)
    if behind is None or behind.owner is None:
        return None
    return spell.plan.home(behind.owner, home.exported), behind.name or ""


def interface_values(plan: Plan, home: Home) -> dict[str, Any]:
    """What `interface.py.jinja` needs for the module `home`."""
    assert isinstance(home.owner, m.Interface)
    spell, interface = Speller(plan, home), home.owner
    functions = list(interface.functions.values())
    body = Body(spell, interface.types, functions)
    free = [f for f in functions if f.resource is None]
    members = Scope(r.name for r in body.resources if home.exported)
    views = tuple(function_view(spell, f, members) for f in free)
    has_class = bool(functions or body.resources)
    notes = tuple(note for note in (home.renamed.get(""),) if note)
    text = docs.text(interface.docs, f"The interface `{home.wit}`.")
    view = InterfaceView(home.interface_class, home.wit, text, views, tuple(body.resources), notes)
    attrs = {v.wit: v.name for v in (*views, *(f for r in body.resources for f in r.functions))}
    values = {
        "direction": "exported" if home.exported else "imported",
        "note": home.note,
        "types": body.views,
        "interface": view if has_class else None,
        "constants": body.constants,
        "literal": spell.imports.name("typing", "Literal") if has_class and home.exported else "",
        "definition": interface_expression(spell, home.wit, functions, attrs, body.resources),
        "public": public_names([*body.public, "INTERFACE", *([view.name] if has_class else [])]),
    }
    return values | support(
        spell, body, views, protocol=has_class and not home.exported, runtime=has_class and home.exported
    )


def support(
    spell: Speller, body: Body, functions: tuple[FunctionView, ...], *, protocol: bool, runtime: bool
) -> dict[str, Any]:
    """The local names of what every module of the package may need, and last the import lines."""
    kinds = {type(view).__name__ for view in body.views}
    everything = [*functions, *(f for r in body.resources for f in r.functions)]
    names = {
        "abi": spell.abi,
        "dataclass": spell.imports.name("dataclasses", "dataclass") if kinds & {"RecordView", "VariantView"} else "",
        "maker": spell.imports.name("dataclasses", "field") if _has_inherited(body.views) else "",
        "enum": spell.imports.module("enum") if kinds & {"EnumView", "FlagsView"} else "",
        "alias": spell.imports.name("typing", "TypeAlias") if kinds & {"VariantView", "AliasView"} else "",
        "deprecated": spell.imports.name("witkit.abi", "deprecated") if any(f.deprecated for f in everything) else "",
        "property": spell.builtin("property") if body.resources and protocol else "",
        "type": spell.builtin("type") if body.resources and protocol else "",
        "classmethod": spell.builtin("classmethod") if any(f.kind == "static" for f in everything) else "",
        "protocol": spell.imports.name("typing", "Protocol") if protocol else "",
        "runtime": spell.imports.name("witkit", "runtime") if runtime else "",
    }
    return names | {"imports": spell.imports.lines(), "future": spell.plan.future(spell.home)}


def _has_inherited(views: list[TypeView]) -> bool:
    return any(field.is_inherited for view in views if isinstance(view, RecordView) for field in view.fields)


def interface_expression(
    spell: Speller, wit: str, functions: list[m.Function], attrs: dict[str, str], resources: list[ResourceView]
) -> str:
    """The `abi.Interface` of an interface."""
    funcs = sequence(func_expression(spell, f, attrs[f.name]) for f in functions)
    own = sequence(spell.home.constants[r.wit] for r in resources)
    parts = [f'"{wit}"', f"functions={funcs}", f"resources={own}"]
    return f"{spell.abi}.Interface({', '.join(p for p in parts if not p.endswith('=()'))})"


def func_expression(spell: Speller, function: m.Function, attr: str) -> str:
    """The `abi.Func` of a function; what has its default is left out."""
    params = sequence(f'{spell.abi}.Param("{p.name}", {spell.expression(p.type)})' for p in function.declared_params)
    parts = [f'"{function.name}"', f'"{attr}"', params]
    if function.result is not None:
        parts.append(spell.expression(function.result))
    if function.resource is not None:
        parts += [f'kind="{kind(function)}"', f"resource={spell.expression(function.resource)}"]
    if direct_result(function) is not None:
        parts.append("raises=True")
    if function.is_async:
        parts.append("is_async=True")
    return f"{spell.abi}.Func({', '.join(parts)})"


def public_names(names: list[str]) -> list[str]:
    """`__all__` in isort's order."""
    return sorted(set(names), key=offered_order)
