"""The modules that a guest has to write, with everything in them but what they do."""

from __future__ import annotations

from dataclasses import dataclass, field

from witkit.bindgen.common.docs import text
from witkit.bindgen.common.imports import imports_of
from witkit.bindgen.common.module_names import ModuleNames
from witkit.bindgen.common.naming import camel
from witkit.bindgen.common.views import Imports
from witkit.bindgen.guest.modules import has_protocol
from witkit.bindgen.guest.names import world_class
from witkit.bindgen.guest.outside import OutsideSpeller
from witkit.bindgen.guest.types import Homes
from witkit.bindgen.guest.views import FunctionView, function_view, taken_names, written_imports
from witkit.ir.model import Function, Interface, Resource, World, WorldInterface


@dataclass(slots=True)
class SkeletonClass:
    """A class to be filled in: `base` is the Protocol that it implements, which has to be imported by `imports`."""

    name: str
    base: str
    docs: str
    functions: list[FunctionView]
    imports: Imports = frozenset()


@dataclass(slots=True)
class Skeleton:
    """One module of the guest: `app`, or one that an exported resource must be in."""

    name: str
    spell: OutsideSpeller
    classes: list[SkeletonClass] = field(default_factory=list)

    @property
    def imports(self) -> list[str]:
        """The import statements for all that the module needs."""
        functions = [function for each in self.classes for function in each.functions]
        return written_imports(imports_of([*self.classes, *functions, *self.spell.aliases]))

    @property
    def aliases(self) -> list[str]:
        return [line.text for line in self.spell.aliases]


def skeleton(world: World, world_module: str, chosen: ModuleNames | None = None) -> list[Skeleton]:
    """`app` with a class for each export, and a module for each interface that exports resources."""
    homes = Homes(world, chosen)
    exported = [(key, item.interface) for key, item in world.exports.items() if isinstance(item, WorldInterface)]
    own = [item for item in world.exports.values() if isinstance(item, Function)]
    functions = [f for _, interface in exported for f in interface.functions.values() if f.resource is None]
    spell = OutsideSpeller(world_module, homes, taken_names([], [*own, *functions]))
    app = Skeleton("app", spell)
    found = [app]
    if own:
        name, base_spell = world_class(world_module), spell.fresh()
        base = f"{base_spell.need('', world_module)}.{name}"
        docs = "The functions that the world exports itself."
        app.classes.append(SkeletonClass(name, base, docs, _views(own, spell), base_spell.imports))
    for key, interface in exported:
        names = homes.names.exported(key)
        free = [f for f in interface.functions.values() if f.resource is None]
        if free:
            base, base_spell = "object", spell.fresh()
            if has_protocol(homes, key):
                base = f"{base_spell.need(world_module, 'exports')}.{names.protocol}"
            docs = text(interface.docs) or f"The exported interface `{interface.name or names.module}`."
            _add(app.classes, SkeletonClass(names.protocol, base, docs, _views(free, spell), base_spell.imports))
        resources = _resources(interface, names.module, world_module, homes)
        if resources.classes:
            found.append(resources)
    return found


def _add(classes: list[SkeletonClass], new: SkeletonClass) -> None:
    """Add a class. componentize-py has one class for the world and an interface that is called `wit-world`."""
    for known in classes:
        if known.name == new.name:
            names = {function.name for function in known.functions}
            known.base = ", ".join(base for base in (known.base, new.base) if base != "object") or "object"
            known.docs = f"{known.docs}\n\n{new.docs}"
            known.functions += [function for function in new.functions if function.name not in names]
            known.imports |= new.imports
            return
    classes.append(new)


def _resources(interface: Interface, module: str, world_module: str, homes: Homes) -> Skeleton:
    functions = list(interface.functions.values())
    own = [type_ for type_ in interface.types.values() if isinstance(type_.kind, Resource)]
    spell = OutsideSpeller(world_module, homes, [*taken_names(own, functions), module])
    found = Skeleton(module, spell)
    for type_ in own:
        methods = [f for f in functions if f.resource is type_]
        name, docs = camel(type_.name or ""), text(type_.docs) or f"The resource `{type_.name}`."
        base_spell = spell.fresh()
        base = _base(module, name, base_spell)
        found.classes.append(SkeletonClass(name, base, docs, _views(methods, spell), base_spell.imports))
    return found


def _base(module: str, name: str, spell: OutsideSpeller) -> str:
    """The Protocol of an exported resource, as the module that implements it names it."""
    exports = f"{spell.world_module}.exports"
    if module in spell.homes.shadowed:
        return spell.need(f"{exports}.{module}", name)
    return f"{spell.need(exports, module)}.{name}"


def _views(functions: list[Function], spell: OutsideSpeller) -> list[FunctionView]:
    views = [function_view(function, spell, "") for function in functions]
    for view in views:
        view.receiver = view.receiver or "self"
    return views
