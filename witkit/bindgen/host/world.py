"""The package's `__init__`: the world's own types, its instance class and its component class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from witkit.bindgen.common import docs
from witkit.bindgen.common.abi_text import sequence
from witkit.bindgen.common.imports import imports_of
from witkit.bindgen.common.naming import Names, camel
from witkit.bindgen.common.views import ConstantView, Imports
from witkit.bindgen.host.functions import function_view
from witkit.bindgen.host.module import Body, class_imports, func_expression, public_names, support
from witkit.bindgen.host.plan import PackagePlan, WorldEntry, is_from_wasi
from witkit.bindgen.host.spelling import Speller
from witkit.bindgen.host.views import FunctionView, InterfaceView
from witkit.ir import model as m

INSTANCE_MEMBERS = frozenset({"close", "closed", "described", "function", "interrupt", "limited", "refused"})
"""Public names of the class that worlds inherit from, which no export may hide."""

ARGUMENTS = frozenset({"self", "wasi", "limits", "optional", "world"})
"""Parameters of `instantiate` and `prepare` that are not interfaces."""


@dataclass(frozen=True, slots=True)
class ArgumentView:
    """A keyword argument of `instantiate`; `key` is `abi.Import.argument`, empty for the world's own imports.

    `path` is the interface's WIT name without its version: an export of that name is taken, too. It is empty for
    what `Wasi` gives.
    """

    name: str
    key: str
    class_name: str
    path: str
    linked: bool = False
    note: str | None = None
    imports: Imports = frozenset()


@dataclass(frozen=True, slots=True)
class ExportView:
    """An exported interface, an attribute of the instance; `interface` is its `abi.Interface`."""

    name: str
    wit: str
    class_name: str
    interface: str
    label: str | None
    note: str | None = None
    imports: Imports = frozenset()


class WorldModule:
    """The views of `__init__`."""

    def __init__(self, plan: PackagePlan) -> None:
        self.plan, self.world, self.home = plan, plan.world, plan.top
        self.spell = Speller(plan, plan.top)
        self.modules = [plan.top.locals.fix(".", home.module) for home in plan.homes]
        free = [name for name in ("Err", "Ok", "Some") if name not in plan.top.names]
        self.values_again = [plan.top.locals.of("witkit.abi", name) for name in free]
        imported = [f for f in self.world.imports.values() if isinstance(f, m.Function)]
        exported = [f for f in self.world.exports.values() if isinstance(f, m.Function)]
        self.body = Body(self.spell, plan.types, imported)
        self.imported_functions, self.exported_functions = imported, exported
        free_functions = [f for f in imported if f.resource is None]
        self.import_views = self._views(free_functions, Names(r.name for r in self.body.resources))
        members = Names(INSTANCE_MEMBERS)
        self.exports = [self._export(entry) for entry in plan.exports(members) if _has_class(entry.interface)]
        self.export_views = self._views(exported, members)
        self.entries = [p for p in plan.imports(Names(ARGUMENTS)) if _has_class(p.interface)]
        self.component = self.home.names.claim(f"{self.home.interface_class}Component")
        self.own = self._own_imports()

    def values(self) -> dict[str, Any]:
        """What `world.py.jinja` needs."""
        arguments, definition = self._arguments(), self._definition()
        own = [self.own] if self.own else []
        views = imports_of([*self.exports, *self.export_views, *arguments, definition, *own])
        imports = views | self.body.imports | self._class_imports() | {*self.modules, *self.values_again}
        values = {
            "wit": self.home.wit,
            "docs": f"Host bindings of the world `{self.home.wit}`.",
            "world": self.home.interface_class,
            "world_docs": docs.text(self.world.docs, f"An instance of the world `{self.home.wit}`."),
            "world_notes": _world_notes(self.plan),
            "component": self.component,
            "own_imports": self.own,
            "types": self.body.views,
            "constants": [constant.text for constant in self.body.constants],
            "definition": definition.text,
            "exports": self.exports,
            "functions": self.export_views,
            "arguments": arguments,
            "public": self._public(),
        }
        return values | support(self.plan, self.home, imports)

    def _public(self) -> list[str]:
        brought = [one.local for one in (*self.values_again, *self.modules)]
        own = [self.home.interface_class, self.component, "WORLD", *([self.own.name] if self.own else [])]
        return public_names([*brought, *self.body.public, *own])

    def _class_imports(self) -> Imports:
        """What the classes of the world need, whatever it imports and exports."""
        spell = self.spell.fresh()
        spell.use("witkit", "runtime")
        spell.builtin("str")
        spell.use("collections.abc", "Iterable")
        if any(map(_is_given, self.entries)):
            spell.use("typing", "Literal")
        if self.exports:
            spell.use("functools", "cached_property")
        return spell.imports

    def _views(self, functions: list[m.Function], members: Names) -> tuple[FunctionView, ...]:
        return tuple(function_view(self.spell, f, members) for f in functions)

    def _export(self, entry: WorldEntry) -> ExportView:
        spell = self.spell.fresh()
        interface = f"{spell.module(entry.home)}.INTERFACE"
        label = entry.label if entry.interface.name else None
        if label:
            interface = f'{spell.use("dataclasses", "replace")}({interface}, name="{label}")'
        class_name = spell.use(f".{entry.home.module}", entry.home.interface_class)
        wit = label or entry.home.wit
        return ExportView(entry.name, wit, class_name, interface, label, entry.note, spell.imports)

    def _own_imports(self) -> InterfaceView | None:
        if not self.import_views and not self.body.resources:
            return None
        name = self.home.names.claim(f"{self.home.interface_class}Imports")
        text = f"What the world `{self.home.wit}` imports by itself, outside of interfaces."
        imports = class_imports(self.spell, self.import_views, self.body.resources)
        return InterfaceView(name, "", text, self.import_views, self.body.resources, imports=imports)

    def _arguments(self) -> list[ArgumentView]:
        found = [self._argument(entry, linked=not _is_given(entry)) for entry in self.entries]
        return [*found, ArgumentView("world", "", self.own.name, "")] if self.own else found

    def _argument(self, entry: WorldEntry, *, linked: bool) -> ArgumentView:
        spell = self.spell.fresh()
        class_name = spell.use(f".{entry.home.module}", entry.home.interface_class)
        path = "" if linked else entry.home.wit.partition("@")[0]
        return ArgumentView(entry.name, entry.name, class_name, path, linked, entry.note, spell.imports)

    def _definition(self) -> ConstantView:
        spell, world = self.spell.fresh(), self.home.wit
        attrs = {f.wit: f.name for r in self.body.resources for f in r.functions}
        attrs |= {v.wit: v.name for v in self.import_views}
        exported = {v.wit: v.name for v in self.export_views}
        parts = [
            f'"{world}"',
            f"imports={sequence(_import(spell, entry) for entry in self.entries)}",
            f"exports={sequence(e.interface for e in self.exports)}",
            f"import_functions={sequence(func_expression(spell, f, attrs[f.name]) for f in self.imported_functions)}",
            f"import_resources={sequence(self.home.constants[r.wit] for r in self.body.resources)}",
            "export_functions="
            + sequence(func_expression(spell, f, exported[f.name]) for f in self.exported_functions),
        ]
        text = f"{spell.abi}.World({', '.join(p for p in parts if not p.endswith('=()'))})"
        return ConstantView(text, spell.imports)


def _import(spell: Speller, entry: WorldEntry) -> str:
    label = f', "{entry.label}"' if entry.label and entry.interface.name else ""
    return f'{spell.abi}.Import("{entry.name}", {spell.module(entry.home)}.INTERFACE{label})'


def _is_given(entry: WorldEntry) -> bool:
    return not is_from_wasi(entry.interface)


def _has_class(interface: m.Interface) -> bool:
    """Whether there is anything to call or to hold: an interface of plain types needs no implementation."""
    return bool(interface.functions) or any(isinstance(t.kind, m.Resource) for t in interface.types.values())


def _world_notes(plan: PackagePlan) -> list[str]:
    plain = camel(plan.world.name)
    if plan.top.interface_class == plain:
        return []
    return [f"Called `{plan.top.interface_class}` because `{plain}` is a type."]
