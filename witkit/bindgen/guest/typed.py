"""What a host, or a test, sees of the guest: the classes that `witkit.guest.Bound.load` is annotated with.

They are in a module beside the bindings, `wit_world_guest`, which the guest itself never imports.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from witkit.bindgen.common.docs import text
from witkit.bindgen.common.imports import imports_of, offered_order
from witkit.bindgen.common.naming import camel
from witkit.bindgen.common.views import Imports
from witkit.bindgen.guest.outside import OutsideSpeller
from witkit.bindgen.guest.types import Homes
from witkit.bindgen.guest.views import FunctionView, Member, function_view, names_of, taken_names, written_imports
from witkit.ir.model import Function, Interface, Resource, TypeDef, WorldInterface, WorldKey

GUEST = "Guest"
_HANDLE_MEMBERS = frozenset({"close"})
"""Public names of handles, which functions of WIT do not take."""


@dataclass(slots=True)
class TypedClass:
    """A class without code: `attributes` are names with their types; a handle can be closed."""

    name: str
    docs: str
    functions: list[FunctionView]
    attributes: list[Member] = field(default_factory=list)
    is_handle: bool = False
    imports: Imports = frozenset()


@dataclass(slots=True)
class TypedGuest:
    """The module: its classes in order, and the local names of builtins. `spell` has its other names."""

    classes: list[TypedClass]
    spell: OutsideSpeller
    builtins: dict[str, str]
    own_imports: Imports

    @property
    def imports(self) -> list[str]:
        """The import statements for all that the module needs."""
        functions = [function for each in self.classes for function in each.functions]
        return written_imports(self.own_imports | imports_of([*self.classes, *functions, *self.spell.aliases]))

    @property
    def aliases(self) -> list[str]:
        return [line.text for line in self.spell.aliases]

    @property
    def future(self) -> str:
        """What the module imports from `__future__`."""
        return self.spell.future

    @property
    def public(self) -> list[str]:
        """The names of the classes."""
        return sorted((each.name for each in self.classes), key=offered_order)


def typed_guest(homes: Homes, world_module: str) -> TypedGuest:
    """The module for a world's exports."""
    exported = [(key, item.interface) for key, item in homes.world.exports.items() if isinstance(item, WorldInterface)]
    exported = [(key, interface) for key, interface in exported if _is_callable(interface)]
    own = [item for item in homes.world.exports.values() if isinstance(item, Function)]
    functions = [*own, *(f for _, interface in exported for f in interface.functions.values())]
    attributes = [homes.names.exported(key).module for key, _ in exported]
    spell = OutsideSpeller(world_module, homes, {*taken_names([], functions), *attributes, GUEST})
    for key, interface in exported:
        for resource in _resources(interface):
            wanted = f"{homes.names.exported(key).protocol}{camel(resource.name or '')}"
            spell.own[resource] = spell.names.claim(wanted)
    # Claimed after the resources' names, which are longer, so that both are as they should be.
    faces = {key: spell.names.claim(homes.names.exported(key).protocol) for key, _ in exported}
    classes = [made for key, interface in exported for made in _interface(faces[key], key, interface, spell)]
    guest = TypedClass(GUEST, f"The exports of the world `{homes.world.qualified_name}`.", _views(own, spell))
    guest.attributes = [
        Member(name, faces[key], f"The exported interface `{interface.qualified_name or name}`.")
        for name, (key, interface) in zip(attributes, exported, strict=True)
    ]
    needed = ["NotImplementedError", "object", "property", "staticmethod"]
    needed += ["Self"] if any(made.is_handle for made in classes) else []
    own_spell = spell.fresh()
    return TypedGuest([*classes, guest], spell, names_of(own_spell, *needed), own_spell.imports)


def _is_callable(interface: Interface) -> bool:
    return bool(interface.functions) or bool(_resources(interface))


def _resources(interface: Interface) -> list[TypeDef]:
    return [type_ for type_ in interface.types.values() if isinstance(type_.kind, Resource)]


def _interface(name: str, key: WorldKey, interface: Interface, spell: OutsideSpeller) -> Iterator[TypedClass]:
    """The classes of an interface's resources, and that of the interface itself."""
    functions = list(interface.functions.values())
    attributes, attribute_spell = [], spell.fresh()
    for resource in _resources(interface):
        own = [function for function in functions if function.resource is resource]
        docs = text(resource.docs) or f"The resource `{resource.name}`."
        views = _views(own, spell)
        for view in views:
            view.name = f"{view.name}_" if view.name in _HANDLE_MEMBERS else view.name
        yield TypedClass(spell.own[resource], docs, views, is_handle=True)
        cls = camel(resource.name or "")
        attributes.append(
            Member(cls, f"{attribute_spell.builtin('type')}[{spell.own[resource]}]", "The class of the resource.")
        )
    docs = text(interface.docs) or f"The exported interface `{interface.name or key}`."
    free = [function for function in functions if function.resource is None]
    yield TypedClass(name, docs, _views(free, spell), attributes, imports=attribute_spell.imports)


def _views(functions: list[Function], spell: OutsideSpeller) -> list[FunctionView]:
    views = [function_view(function, spell, "") for function in functions]
    for view in views:
        view.receiver = "" if view.receiver == "cls" else "self"
    return views
