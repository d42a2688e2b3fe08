"""The modules that a guest has to write, with everything in them but what they do."""

from __future__ import annotations

from dataclasses import dataclass, field

from witkit.bindgen.common.docs import text
from witkit.bindgen.common.module_names import ModuleNames
from witkit.bindgen.common.naming import camel
from witkit.bindgen.guest.modules import has_protocol
from witkit.bindgen.guest.names import world_class
from witkit.bindgen.guest.outside import OutsideScope
from witkit.bindgen.guest.scope import ModuleScope
from witkit.bindgen.guest.types import Homes
from witkit.bindgen.guest.views import FunctionView, function_view, import_lines, taken_names
from witkit.ir.model import Function, Interface, Resource, World, WorldInterface


@dataclass(slots=True)
class SkeletonClass:
    """A class to be filled in: `base` is the Protocol that it implements."""

    name: str
    base: str
    docs: str
    functions: list[FunctionView]


@dataclass(slots=True)
class Skeleton:
    """One module of the guest: `app`, or one that an exported resource must be in."""

    name: str
    imports: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    classes: list[SkeletonClass] = field(default_factory=list)


def skeleton(world: World, world_module: str, chosen: ModuleNames | None = None) -> list[Skeleton]:
    """`app` with a class for each export, and a module for each interface that exports resources."""
    homes = Homes(world, chosen)
    exported = [(key, item.interface) for key, item in world.exports.items() if isinstance(item, WorldInterface)]
    own = [item for item in world.exports.values() if isinstance(item, Function)]
    functions = [f for _, interface in exported for f in interface.functions.values() if f.resource is None]
    scope = OutsideScope(world_module, homes, taken_names([], [*own, *functions]))
    app = Skeleton("app")
    found = [app]
    if own:
        name = world_class(world_module)
        base = f"{scope.need('', world_module)}.{name}"
        app.classes.append(_class(name, base, "The functions that the world exports itself.", own, scope))
    for key, interface in exported:
        names = homes.names.exported(key)
        free = [f for f in interface.functions.values() if f.resource is None]
        if free:
            base = "object"
            if has_protocol(homes, key):
                base = f"{scope.need(world_module, 'exports')}.{names.protocol}"
            docs = text(interface.docs) or f"The exported interface `{interface.name or names.module}`."
            app.classes.append(_class(names.protocol, base, docs, free, scope))
        resources = _resources(interface, names.module, world_module, homes)
        if resources.classes:
            found.append(resources)
    app.imports, app.aliases = import_lines(scope.imports), scope.aliases
    return found


def _resources(interface: Interface, module: str, world_module: str, homes: Homes) -> Skeleton:
    functions = list(interface.functions.values())
    own = [type_ for type_ in interface.types.values() if isinstance(type_.kind, Resource)]
    scope = OutsideScope(world_module, homes, [*taken_names(own, functions), module])
    found = Skeleton(module)
    for type_ in own:
        methods = [f for f in functions if f.resource is type_]
        name, docs = camel(type_.name or ""), text(type_.docs) or f"The resource `{type_.name}`."
        found.classes.append(_class(name, _base(module, name, scope), docs, methods, scope))
    found.imports, found.aliases = import_lines(scope.imports), scope.aliases
    return found


def _base(module: str, name: str, scope: OutsideScope) -> str:
    """The Protocol of an exported resource, as the module that implements it names it."""
    exports = f"{scope.world_module}.exports"
    if module in scope.homes.shadowed:
        return scope.need(f"{exports}.{module}", name)
    return f"{scope.need(exports, module)}.{name}"


def _class(name: str, base: str, docs: str, functions: list[Function], scope: ModuleScope) -> SkeletonClass:
    views = [function_view(function, scope, "") for function in functions]
    for view in views:
        view.receiver = view.receiver or "self"
    return SkeletonClass(name, base, docs, views)
