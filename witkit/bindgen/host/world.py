"""The package's `__init__`: the world's own types, its instance class and its component class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from witkit.bindgen.common import docs
from witkit.bindgen.common.abi_text import sequence
from witkit.bindgen.common.naming import Scope, camel
from witkit.bindgen.common.views import FunctionView, InterfaceView
from witkit.bindgen.host.functions import function_view
from witkit.bindgen.host.module import Body, func_expression, public_names, support
from witkit.bindgen.host.plan import Place, Plan, linked_by_wasmtime
from witkit.bindgen.host.spelling import Speller
from witkit.ir import model as m

INSTANCE_MEMBERS = frozenset({"close", "closed", "function", "limited", "refused"})
"""Public names of the class that worlds inherit from, which no export may hide."""

ARGUMENTS = frozenset({"self", "wasi", "limits", "optional", "world"})
"""Parameters of `instantiate` and `prepare` that are not interfaces."""


@dataclass(frozen=True, slots=True)
class ArgumentView:
    """A keyword argument of `instantiate`; `key` is `abi.Import.argument`, empty for the world's own imports.

    `path` is the interface's WIT name without its version: an export of that name is taken, too. It is empty for
    what wasmtime provides.
    """

    name: str
    key: str
    class_name: str
    path: str
    linked: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ExportView:
    """An exported interface, an attribute of the instance; `interface` is its `abi.Interface`."""

    name: str
    wit: str
    class_name: str
    interface: str
    label: str | None
    note: str | None = None


class WorldModule:
    """Spells `__init__`."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.world = plan, plan.world
        self.spell = Speller(plan, plan.top)
        for home in plan.homes:
            self.spell.imports.known(".", home.module)
        free = [name for name in ("Err", "Ok", "Some") if name not in self.spell.home.scope]
        self.values_again = [self.spell.imports.name("witkit.abi", name) for name in free]
        imported = [f for f in self.world.imports.values() if isinstance(f, m.Function)]
        exported = [f for f in self.world.exports.values() if isinstance(f, m.Function)]
        self.body = Body(self.spell, plan.types, imported)
        self.free = [f for f in imported if f.resource is None]
        self.imported_functions, self.exported_functions = imported, exported
        self.import_views = self._views(self.free, Scope(r.name for r in self.body.resources))
        members = Scope(INSTANCE_MEMBERS)
        self.exports = [self._export(place) for place in plan.exports(members) if _has_class(place.interface)]
        self.export_views = self._views(exported, members)
        self.places = [p for p in plan.imports(Scope(ARGUMENTS)) if _has_class(p.interface)]

    def values(self) -> dict[str, Any]:
        """What `world.py.jinja` needs."""
        spell, plain = self.spell, self.plan.top.interface_class
        component = spell.home.scope.claim(f"{plain}Component")
        own = self._own_imports(plain)
        definition = self._definition()
        names = self._names()
        modules = [spell.module(home) for home in self.plan.homes]
        values = {
            "wit": spell.home.wit,
            "docs": f"Host bindings of the world `{spell.home.wit}`.",
            "world": plain,
            "world_docs": docs.text(self.world.docs, f"An instance of the world `{spell.home.wit}`."),
            "world_notes": _world_notes(self.plan),
            "component": component,
            "own_imports": own,
            "types": self.body.views,
            "constants": self.body.constants,
            "definition": definition,
            "exports": self.exports,
            "functions": self.export_views,
            "arguments": self._arguments(own),
            "public": public_names(
                [
                    *self.values_again,
                    *modules,
                    *self.body.public,
                    plain,
                    component,
                    "WORLD",
                    *([own.name] if own else []),
                ]
            ),
        }
        functions = (*self.import_views, *self.export_views)
        return values | support(spell, self.body, functions, protocol=own is not None, runtime=True) | names

    def _names(self) -> dict[str, str]:
        spell = self.spell
        return {
            "str": spell.builtin("str"),
            "classmethod": spell.builtin("classmethod"),
            "literal": spell.imports.name("typing", "Literal") if any(map(_is_given, self.places)) else "",
            "iterable": spell.imports.name("collections.abc", "Iterable"),
            "cached_property": spell.imports.name("functools", "cached_property") if self.exports else "",
        }

    def _views(self, functions: list[m.Function], members: Scope) -> tuple[FunctionView, ...]:
        return tuple(function_view(self.spell, f, members) for f in functions)

    def _export(self, place: Place) -> ExportView:
        module = self.spell.module(place.home)
        interface = f"{module}.INTERFACE"
        label = place.label if place.interface.name else None
        if label:
            replace = self.spell.imports.name("dataclasses", "replace")
            interface = f'{replace}({interface}, name="{label}")'
        class_name = self.spell.imports.name(f".{place.home.module}", place.home.interface_class)
        return ExportView(place.name, label or place.home.wit, class_name, interface, label, place.note)

    def _own_imports(self, plain: str) -> InterfaceView | None:
        if not self.free and not self.body.resources:
            return None
        name = self.spell.home.scope.claim(f"{plain}Imports")
        text = f"What the world `{self.spell.home.wit}` imports by itself, outside of interfaces."
        return InterfaceView(name, "", text, self.import_views, tuple(self.body.resources))

    def _arguments(self, own: InterfaceView | None) -> list[ArgumentView]:
        found = [self._argument(place, linked=not _is_given(place)) for place in self.places]
        return [*found, ArgumentView("world", "", own.name, "")] if own else found

    def _argument(self, place: Place, *, linked: bool) -> ArgumentView:
        class_name = self.spell.imports.name(f".{place.home.module}", place.home.interface_class)
        path = "" if linked else place.home.wit.partition("@")[0]
        return ArgumentView(place.name, place.name, class_name, path, linked, place.note)

    def _definition(self) -> str:
        spell, world = self.spell, self.spell.home.wit
        attrs = {f.wit: f.name for r in self.body.resources for f in r.functions}
        attrs |= {v.wit: v.name for v in self.import_views}
        exported = {v.wit: v.name for v in self.export_views}
        parts = [
            f'"{world}"',
            f"imports={sequence(map(self._import, self.places))}",
            f"exports={sequence(e.interface for e in self.exports)}",
            f"import_functions={sequence(func_expression(spell, f, attrs[f.name]) for f in self.imported_functions)}",
            f"import_resources={sequence(spell.home.constants[r.wit] for r in self.body.resources)}",
            "export_functions="
            + sequence(func_expression(spell, f, exported[f.name]) for f in self.exported_functions),
        ]
        return f"{spell.abi}.World({', '.join(p for p in parts if not p.endswith('=()'))})"

    def _import(self, place: Place) -> str:
        label = f', "{place.label}"' if place.label and place.interface.name else ""
        return f'{self.spell.abi}.Import("{place.name}", {self.spell.module(place.home)}.INTERFACE{label})'


def _is_given(place: Place) -> bool:
    return not linked_by_wasmtime(place.interface)


def _has_class(interface: m.Interface) -> bool:
    """Whether there is anything to call or to hold: an interface of plain types needs no implementation."""
    return bool(interface.functions) or any(isinstance(t.kind, m.Resource) for t in interface.types.values())


def _world_notes(plan: Plan) -> list[str]:
    plain = camel(plan.world.name)
    if plan.top.interface_class == plain:
        return []
    return [f"Called `{plan.top.interface_class}` because `{plain}` is a type."]
