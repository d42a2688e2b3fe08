"""The module of one interface."""

from __future__ import annotations

from typing import Any, Final

from witkit.bindgen.common import docs
from witkit.bindgen.common.abi_text import kind, sequence
from witkit.bindgen.common.imports import import_lines, imports_of, offered_order
from witkit.bindgen.common.naming import Names
from witkit.bindgen.common.views import ConstantView, Imports, PythonImport
from witkit.bindgen.host.functions import direct_result, function_view
from witkit.bindgen.host.homes import HomeModule, used
from witkit.bindgen.host.plan import PackagePlan
from witkit.bindgen.host.spelling import Speller
from witkit.bindgen.host.types import constant_view, type_view
from witkit.bindgen.host.views import FunctionView, InterfaceView, ResourceView, TypeView
from witkit.ir import model as m


class Body:
    """The types of a module: views, ABI constants, public names, and what is imported to be offered again."""

    def __init__(self, spell: Speller, types: dict[str, m.TypeDef], functions: list[m.Function]) -> None:
        self.views: list[TypeView] = []
        self.constants: list[ConstantView] = []
        self.public: list[str] = []
        self.offered: list[PythonImport] = []
        for type_ in types.values():
            self._add(spell, type_, [f for f in functions if f.resource is type_])

    @property
    def resources(self) -> tuple[ResourceView, ...]:
        return tuple(view for view in self.views if isinstance(view, ResourceView))

    @property
    def imports(self) -> Imports:
        """What the types need."""
        return imports_of([*self.views, *self.constants]) | frozenset(self.offered)

    def _add(self, spell: Speller, type_: m.TypeDef, functions: list[m.Function]) -> None:
        home, name = spell.home, type_.name or ""
        self.public.append(home.types[name])
        origin = _origin(spell, type_)
        if origin is not None:
            defining, its_name = origin
            self.offered.append(PythonImport(f".{defining.module}", defining.types[its_name], home.types[name]))
            self._offer_cases(home, type_, defining, its_name)
            return
        view = type_view(spell, type_, functions)
        self.views.append(view)
        constant = constant_view(spell, type_, view)
        self.constants += [constant] if constant else []
        if isinstance(type_.kind, m.Variant):
            self.public.extend(home.cases[name, case.name] for case in type_.kind.cases)

    def _offer_cases(self, home: HomeModule, type_: m.TypeDef, defining: HomeModule, its_name: str) -> None:
        """A variant that stays the import's brings its cases along."""
        if type_.name in home.shared and isinstance(type_.kind, m.Variant):
            for case in type_.kind.cases:
                mine = home.cases[its_name, case.name]
                self.offered.append(PythonImport(f".{defining.module}", defining.cases[its_name, case.name], mine))
                self.public.append(mine)


def _origin(spell: Speller, type_: m.TypeDef) -> tuple[HomeModule, str] | None:
    """The module and WIT name that define a type which this module only passes on."""
    home = spell.home
    if type_.name in home.shared:
        return spell.plan.home(home.owner, exported=False), type_.name or ""
    original = used(type_, home.owner)
    if original is None or original.owner is None:
        return None
    return spell.plan.home(original.owner, home.exported), original.name or ""


def interface_values(plan: PackagePlan, home: HomeModule) -> dict[str, Any]:
    """What `interface.py.jinja` needs for the module `home`."""
    assert isinstance(home.owner, m.Interface)
    spell, interface = Speller(plan, home), home.owner
    functions = list(interface.functions.values())
    body = Body(spell, interface.types, functions)
    view = _interface_view(spell, interface, body)
    definition = _definition(spell, home.wit, functions, view)
    has_class = bool(functions or body.resources)
    imports = body.imports | definition.imports | (view.imports if has_class else frozenset())
    values = {
        "direction": "exported" if home.exported else "imported",
        "note": home.note,
        "types": body.views,
        "interface": view if has_class else None,
        "constants": [constant.text for constant in body.constants],
        "definition": definition.text,
        "public": public_names([*body.public, "INTERFACE", *([view.name] if has_class else [])]),
    }
    return values | support(plan, home, imports)


def _interface_view(spell: Speller, interface: m.Interface, body: Body) -> InterfaceView:
    spell, home = spell.fresh(), spell.home
    members = Names(r.name for r in body.resources if home.exported)
    free = [f for f in interface.functions.values() if f.resource is None]
    views = tuple(function_view(spell, f, members) for f in free)
    notes = tuple(note for note in (home.renamed.get(""),) if note)
    text = docs.text(interface.docs, f"The interface `{home.wit}`.")
    imports = class_imports(spell, views, body.resources)
    return InterfaceView(home.interface_class, home.wit, text, views, body.resources, notes, imports)


def class_imports(spell: Speller, functions: tuple[FunctionView, ...], resources: tuple[ResourceView, ...]) -> Imports:
    """What the class of an interface needs: for its bases, its functions, and its resources' classes."""
    spell = spell.fresh()
    if spell.home.exported:
        spell.use("witkit", "runtime")
        spell.use("typing", "Literal")
    else:
        spell.use("typing", "Protocol")
        for name in ("property", "type") if resources else ():
            spell.builtin(name)
    return spell.imports | imports_of(functions)


def support(plan: PackagePlan, home: HomeModule, imports: Imports) -> dict[str, Any]:
    """The import lines of a module, and the local names that templates use; one that is not imported is empty."""
    local = {(one.module, one.name): one.local for one in imports}
    builtins = f"{local['', 'builtins']}." if ("", "builtins") in local else ""
    names = {value: local.get(key, "") for value, key in _SUPPORT.items()}
    names |= {name: builtins + name if name in home.members else name for name in _BUILTINS}
    return names | {"imports": import_lines(imports), "future": plan.future(home)}


_SUPPORT: Final = {
    "abi": ("witkit", "abi"),
    "alias": ("typing", "TypeAlias"),
    "cached_property": ("functools", "cached_property"),
    "dataclass": ("dataclasses", "dataclass"),
    "deprecated": ("witkit.abi", "deprecated"),
    "enum": ("", "enum"),
    "iterable": ("collections.abc", "Iterable"),
    "literal": ("typing", "Literal"),
    "maker": ("dataclasses", "field"),
    "protocol": ("typing", "Protocol"),
    "runtime": ("witkit", "runtime"),
}
_BUILTINS: Final = ("classmethod", "property", "str", "type")


def _definition(spell: Speller, wit: str, functions: list[m.Function], view: InterfaceView) -> ConstantView:
    """The `abi.Interface` of an interface."""
    spell = spell.fresh()
    attrs = {v.wit: v.name for v in (*view.functions, *(f for r in view.resources for f in r.functions))}
    funcs = sequence(func_expression(spell, f, attrs[f.name]) for f in functions)
    own = sequence(spell.home.constants[r.wit] for r in view.resources)
    parts = [f'"{wit}"', f"functions={funcs}", f"resources={own}"]
    return ConstantView(f"{spell.abi}.Interface({', '.join(p for p in parts if not p.endswith('=()'))})", spell.imports)


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
