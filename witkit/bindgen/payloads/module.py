"""The module `payloads`: its types and functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from witkit.bindgen.common.imports import offered_order
from witkit.bindgen.common.naming import snake
from witkit.bindgen.common.templates import Templates
from witkit.bindgen.guest.outside import OutsideSpeller
from witkit.bindgen.guest.target import WORLD_MODULE
from witkit.bindgen.guest.types import Homes
from witkit.bindgen.guest.views import written_imports
from witkit.bindgen.payloads.shapes import Shapes, Wordless
from witkit.bindgen.target import FileDraft, GenerationRequest
from witkit.ir.model import TypeDef, World, WorldInterface
from witkit.text import WitkitError, closest, error

NO_TYPE: Final = "WIT0610"

_TAKEN: Final = frozenset({"Any", "Callable", "Unfit", "json", "math", "struct"})


@dataclass(frozen=True, slots=True)
class PayloadFunctions:
    """The two functions of one type."""

    type: str
    name: str
    annotation: str
    constant: str


@dataclass(frozen=True, slots=True)
class PayloadModule:
    """`constants` are the lines with the types, `imports` those with the bindings' names."""

    imports: list[str]
    aliases: list[str]
    constants: list[str]
    functions: list[PayloadFunctions]

    @property
    def public(self) -> list[str]:
        """What `__all__` has."""
        made = [[each.name.upper(), f"decode_{each.name}", f"encode_{each.name}"] for each in self.functions]
        return sorted(["Unfit", *(name for names in made for name in names)], key=offered_order)


def drafts(world: World, names: Sequence[str], request: GenerationRequest, templates: Templates) -> Iterator[FileDraft]:
    """The module. Raises `WitkitError` (WIT0610)."""
    if not names:
        raise _refused("no type of messages is named", 'types = "shop:orders/types@0.1.0#order-placed"')
    homes = Homes(world, request.names)
    spell = OutsideSpeller(request.package or WORLD_MODULE, homes, _TAKEN)
    shapes = Shapes(spell)
    functions = [_functions(name, _found(name, world), shapes) for name in dict.fromkeys(names)]
    doubled = {each.name for each in functions if sum(other.name == each.name for other in functions) > 1}
    if doubled:
        raise _refused(f"two types are called `{doubled.pop()}`", "generate one module for each, with `out`")
    imports = written_imports(spell.imports | frozenset(used for line in spell.aliases for used in line.imports))
    module = PayloadModule(imports, [line.text for line in spell.aliases], shapes.constants, functions)
    text = templates.render("module.py.jinja", {"module": module})
    yield FileDraft(PurePosixPath("payloads.py"), text, ", ".join(names))


def _functions(name: str, type_: TypeDef, shapes: Shapes) -> PayloadFunctions:
    try:
        constant = shapes.of(type_)
    except Wordless as wordless:
        raise _refused(f"messages cannot have the type `{name}`: it contains {wordless}") from None
    annotation = shapes.spell.annotation(type_)
    return PayloadFunctions(name, snake(type_.name or "").rstrip("_"), annotation, constant)


def _found(name: str, world: World) -> TypeDef:
    """The type of this name, among those of the world's interfaces."""
    interface_name, _, type_name = name.partition("#")
    items = [each for each in (*world.imports.values(), *world.exports.values()) if isinstance(each, WorldInterface)]
    interfaces = {full: each.interface for each in items if (full := each.qualified_name)}
    interface = interfaces.get(interface_name)
    if interface is None:
        likely = closest(interface_name, list(interfaces))
        help = f"did you mean `{likely}`?" if likely else f"its interfaces: {', '.join(interfaces) or 'none'}"
        raise _refused(f"the world `{world.qualified_name}` has no interface `{interface_name}`", help)
    if type_name not in interface.types:
        likely = closest(type_name, list(interface.types))
        help = f"did you mean `{likely}`?" if likely else f"its types: {', '.join(interface.types) or 'none'}"
        raise _refused(f"`{interface_name}` has no type `{type_name}`", help)
    return interface.types[type_name]


def _refused(message: str, help: str = "") -> WitkitError:
    return WitkitError([error(NO_TYPE, message, help=help)])
