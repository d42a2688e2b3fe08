"""The modules of the guest's bindings: which there are, and what is in each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from witkit.bindgen.common.abi_text import sequence
from witkit.bindgen.common.docs import text
from witkit.bindgen.common.imports import module_order
from witkit.bindgen.common.naming import camel
from witkit.bindgen.common.sizes import CLASSES, parts_first
from witkit.bindgen.common.views import ConstantView, PythonImport
from witkit.bindgen.guest import abi as guest_abi
from witkit.bindgen.guest.names import world_class
from witkit.bindgen.guest.spelling import GuestSpeller
from witkit.bindgen.guest.streams import factories, factory_names
from witkit.bindgen.guest.types import HomePath, Homes
from witkit.bindgen.guest.views import (
    FunctionView,
    MemberView,
    ModuleView,
    ProtocolView,
    ResourceView,
    class_view,
    function_view,
    protocol_view,
    resource_view,
    taken_names,
)
from witkit.ir.model import (
    Alias,
    Function,
    FunctionKind,
    Interface,
    Resource,
    TypeDef,
    WorldInterface,
    WorldKey,
)


def modules(homes: Homes, world_module: str) -> list[ModuleView]:
    """Every module of the bindings of a world, except the helpers that all worlds share."""
    imported = _interfaces(homes, "imports")
    exported = _interfaces(homes, "exports")
    found = [_world(homes, world_module)]
    if imported:
        found.append(
            ModuleView("imports/__init__.py", "The interfaces that the world imports.", _speller("imports", homes))
        )
        found += [_imported(homes, key, item.interface) for key, item in imported]
    if exported:
        found.append(_exports(homes, exported))
        found += [_exported(homes, key, item.interface) for key, item in exported]
    return [*found, *(_unlisted(homes, key, item.interface) for key, item in _unlisted_exports(homes))]


def offered_functions(interface: Interface) -> list[Function]:
    """The functions of an imported interface that the bindings offer: componentize-py leaves out an inline one's."""
    return [f for f in interface.functions.values() if interface.name or f.resource is not None]


def has_protocol(homes: Homes, key: WorldKey) -> bool:
    """Whether `exports` has a Protocol for an exported interface.

    componentize-py does not write one for an interface that is written in the world itself and has only functions.
    """
    return any(other == key for other, _ in _interfaces(homes, "exports"))


def _interfaces(homes: Homes, direction: str) -> list[tuple[WorldKey, WorldInterface]]:
    """The imported or exported interfaces that have a module: those with a class or a function to offer."""
    items = homes.world.imports if direction == "imports" else homes.world.exports
    found = [(key, item) for key, item in items.items() if isinstance(item, WorldInterface)]
    return [(key, item) for key, item in found if _offers(item.interface, homes, direction)]


def _unlisted_exports(homes: Homes) -> list[tuple[WorldKey, WorldInterface]]:
    """The exported interfaces with functions, but without a module in `exports`."""
    items = [(key, item) for key, item in homes.world.exports.items() if isinstance(item, WorldInterface)]
    return [(key, item) for key, item in items if item.interface.functions and not has_protocol(homes, key)]


def _unlisted(homes: Homes, key: WorldKey, interface: Interface) -> ModuleView:
    """The private module with the constant of an interface that has no module in `exports`."""
    module, functions = homes.names.exported(key).module, list(interface.functions.values())
    spell = _speller("", homes, f"_{module}", taken_names([], functions))
    view = ModuleView(
        f"_exports_{module}.py", f"The exported interface `{_shown(key)}`. No part of the component.", spell
    )
    spell.constants.append(_functions_constant("_INTERFACE", module, functions, [], spell))
    return view


def _offers(interface: Interface, homes: Homes, direction: str) -> bool:
    if offered_functions(interface):
        return True
    named = [type_ for type_ in interface.types.values() if isinstance(type_.kind, CLASSES)]
    return any(isinstance(type_.kind, Resource) or homes.of(type_).direction == direction for type_ in named)


def _speller(direction: str, homes: Homes, module: str = "", taken: Iterable[str] = ()) -> GuestSpeller:
    return GuestSpeller(HomePath(direction, module), homes, taken)


def _imported(homes: Homes, key: WorldKey, interface: Interface) -> ModuleView:
    module = homes.names.imported(key).module
    types, functions = list(interface.types.values()), offered_functions(interface)
    spell = _speller("imports", homes, module, taken_names(types, functions))
    view = ModuleView(f"imports/{module}.py", _docs(interface), spell)
    view.members += _types(types, functions, spell, exported=False)
    view.members += [_calling(function, spell) for function in functions if function.resource is None]
    _constants(types, spell, handles=True)
    spell.constants.append(_interface_constant(interface, functions, types, spell))
    return view


def _exported(homes: Homes, key: WorldKey, interface: Interface) -> ModuleView:
    module = homes.names.exported(key).module
    types, functions = list(interface.types.values()), list(interface.functions.values())
    spell = _speller("exports", homes, module, taken_names(types, functions))
    view = ModuleView(f"exports/{module}.py", _docs(interface), spell)
    here = [type_ for type_ in types if isinstance(type_.kind, Resource) or homes.of(type_) == spell.home]
    view.members += _types(here, functions, spell, exported=True)
    _constants(types, spell, handles=False)
    spell.constants.append(_interface_constant(interface, functions, types, spell))
    return view


def _exports(homes: Homes, exported: list[tuple[WorldKey, WorldInterface]]) -> ModuleView:
    names = [homes.names.exported(key).protocol for key, _ in exported]
    functions = [function for _, item in exported for function in item.interface.functions.values()]
    taken = {*names, *taken_names([], [function for function in functions if function.resource is None])}
    # If classes of both directions are mentioned, componentize-py imports the exported module last.
    shown = {home.module: home for home in sorted(homes.shown, key=lambda home: home.direction == "exports")}
    spell = _speller("exports", homes, "", taken | shown.keys() | homes.modules("exports") | homes.modules("imports"))
    spell.shown = {module: home for module, home in shown.items() if module}
    view = ModuleView("exports/__init__.py", "What the guest implements: one class for each exported interface.", spell)
    for key, item in exported:
        free = [function for function in item.interface.functions.values() if function.resource is None]
        docs = text(item.interface.docs) or f"The exported interface `{_shown(key)}`."
        view.members.append(_protocol(homes.names.exported(key).protocol, docs, free, spell))
    view.offered = [PythonImport(spell.package(home), home.module, home.module) for home in spell.shown.values()]
    return view


def _world(homes: Homes, world_module: str) -> ModuleView:
    world = homes.world
    types = [item for item in world.imports.values() if isinstance(item, TypeDef)]
    calls = [item for item in world.imports.values() if isinstance(item, Function)]
    implemented = [item for item in world.exports.values() if isinstance(item, Function)]
    name = world_class(world_module)
    makers = factory_names(homes)
    spell = _speller("", homes, "", [name, "imports", "exports", *makers, *taken_names(types, [*calls, *implemented])])
    view = ModuleView("__init__.py", text(world.docs) or f"The world `{world.qualified_name}`.", spell)
    # componentize-py writes no class for a resource of the world itself: only a request that allows it gets here.
    view.members += _types(types, calls, spell, exported=False)
    view.members += [_calling(function, spell) for function in calls if function.resource is None]
    # The constants of types come first among the last lines: factories refer to them.
    _constants(types, spell, handles=True)
    view.members += factories(spell)
    view.members.append(_protocol(name, "The functions that the world exports itself.", implemented, spell))
    spell.constants.append(_functions_constant("_INTERFACE", "", calls, types, spell))
    spell.constants.append(_functions_constant("_EXPORTS", "", implemented, [], spell))
    return view


def _types(
    types: list[TypeDef], functions: list[Function], spell: GuestSpeller, *, exported: bool
) -> Iterator[MemberView]:
    for type_ in types:
        view = class_view(type_, spell)
        yield view if view is not None else _resource(type_, functions, spell, exported=exported)


def _resource(type_: TypeDef, functions: list[Function], spell: GuestSpeller, *, exported: bool) -> ResourceView:
    own = [function for function in functions if function.resource is type_]
    methods = [_protocol_method(f, spell) if exported else _calling(f, spell) for f in own]
    docs = text(type_.docs) or f"The resource `{type_.name}`."
    return resource_view(camel(type_.name or ""), docs, methods, spell, exported=exported)


def _protocol(name: str, docs: str, functions: Iterable[Function], spell: GuestSpeller) -> ProtocolView:
    views = [_protocol_method(function, spell) for function in functions]
    for view in views:
        view.receiver = view.receiver or "self"
    return protocol_view(name, docs, views, spell)


def _protocol_method(function: Function, spell: GuestSpeller) -> FunctionView:
    own = spell.fresh()
    call = f"raise {own.builtin('NotImplementedError')}"
    return function_view(function, spell, call, *own.imports)


def _calling(function: Function, spell: GuestSpeller) -> FunctionView:
    """A function whose body crosses to whatever the import is bound to."""
    verb = "await _native.call_async" if function.is_async else "_native.call"
    if function.kind is FunctionKind.CONSTRUCTOR:
        verb = "_native.construct"
    receiver = ", self" if function.kind in (FunctionKind.METHOD, FunctionKind.CONSTRUCTOR) else ""
    call = f'{verb}(_INTERFACE, "{{name}}"{receiver}{{args}})'
    return function_view(function, spell, call, guest_abi.NATIVE_MODULE)


def _docs(interface: Interface) -> str:
    name = interface.qualified_name
    docs = text(interface.docs)
    if not docs:
        return f"The interface `{name or 'without a name'}`."
    return f"{docs}\n\nWIT: `{name}`" if name else docs


def _shown(key: WorldKey) -> str:
    return key if isinstance(key, str) else key.qualified_name or ""


@dataclass(slots=True)
class WorldConstants:
    """What the private module `_witkit` of the bindings says; each list is of lines of Python."""

    name: str
    imports: list[str]
    imported: list[str]
    exported: list[str]
    classes: list[tuple[str, str, str]]


def world_constants(homes: Homes, world_module: str) -> WorldConstants:
    """The whole world for `witkit.native`: its interfaces, and which class of the guest implements each export."""
    view = WorldConstants(homes.world.qualified_name, [], [], [], [])
    for key, _ in _interfaces(homes, "imports"):
        module = homes.names.imported(key).module
        view.imports.append(f"from .imports.{module} import _INTERFACE as _imports_{module}")
        view.imported.append(f'abi.Import("{module}", _imports_{module})')
    for key, item in _interfaces(homes, "exports"):
        names = homes.names.exported(key)
        view.imports.append(f"from .exports.{names.module} import _INTERFACE as _exports_{names.module}")
        view.exported.append(f"_exports_{names.module}")
        view.classes.append((item.interface.qualified_name or names.module, names.module, names.protocol))
    for key, _ in _unlisted_exports(homes):
        names = homes.names.exported(key)
        view.imports.append(f"from ._exports_{names.module} import _INTERFACE as _exports_{names.module}")
        view.exported.append(f"_exports_{names.module}")
        view.classes.append((names.module, names.module, names.protocol))
    view.classes.append(("", "", world_class(world_module)))
    view.imports = [
        "from . import _EXPORTS, _INTERFACE",
        *sorted(view.imports, key=lambda line: module_order(line.split()[1])),
    ]
    return view


# ---- constants --------------------------------------------------------------------------------


def _constants(types: list[TypeDef], spell: GuestSpeller, *, handles: bool) -> None:
    """Write the constants of types; each comes after those of the same module that it is made of."""
    here, done = set(types), set[TypeDef]()
    for type_ in types:
        for part in parts_first(type_, lambda part: part not in done):
            if part in here and part not in done and not isinstance(part.kind, Alias):
                handle, own = camel(part.name or "") if handles else None, spell.fresh()
                value = guest_abi.definition(part, own, handle=handle)
                if value is not None:
                    spell.constants.append(own.view(f"{guest_abi.constant(part)} = {value}"))
            done.add(part)


def _interface_constant(
    interface: Interface, functions: list[Function], types: list[TypeDef], spell: GuestSpeller
) -> ConstantView:
    name = interface.qualified_name or spell.home.module
    return _functions_constant("_INTERFACE", name, functions, types, spell)


def _functions_constant(
    constant: str, name: str, functions: list[Function], types: list[TypeDef], spell: GuestSpeller
) -> ConstantView:
    resources = [guest_abi.constant(type_) for type_ in types if isinstance(type_.kind, Resource)]
    spell = spell.fresh()
    written = [guest_abi.function(function, spell) for function in functions]
    inside = f'"{name}", {sequence(written)}'
    if resources:
        inside += f", {sequence(resources)}"
    return spell.view(f"{constant} = {guest_abi.ABI}.Interface({inside})")
