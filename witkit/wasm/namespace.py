"""The names of the imports or exports of one scope (`Explainer.md`, Import and Export Definitions)."""

from __future__ import annotations

from dataclasses import dataclass, field

from witkit.wasm import types
from witkit.wasm.cursor import BadWasm
from witkit.wasm.names import Name, NameKind, parse_name
from witkit.wasm.types import Defined, Extern, ExternName, Func, Instance, Item, Resource, TypeItem, ValType

_OF_RESOURCES = (NameKind.CONSTRUCTOR, NameKind.METHOD, NameKind.STATIC)


@dataclass(slots=True)
class Namespace:
    """Names that are taken, by what must be unique of them, and the resources that have a name here."""

    taken: dict[str, str] = field(default_factory=dict)
    resources: dict[Resource, str] = field(default_factory=dict)
    resource_names: set[str] = field(default_factory=set)

    def add(self, extern: Extern, offset: int) -> None:
        """Check the name of an item. Raises BadWasm."""
        text, item = extern.name.text, extern.item
        name = parse_name(text)
        if name is None:
            raise BadWasm(f"{text!r} is not a valid name of an import or export", offset)
        for key in _keys(name, text):
            if key in self.taken:
                raise BadWasm(f"the name `{text}` is declared twice, or too similar to `{self.taken[key]}`", offset)
            self.taken[key] = text
        _check_implements(extern.name, name, item, offset)
        if name.kind in _OF_RESOURCES:
            self._check_function(name, text, item, offset)

    def define(self, name: str, item: Item) -> None:
        """Note the name of a resource."""
        if isinstance(item, TypeItem) and isinstance(item.created, Resource):
            self.resources[item.created] = name
            self.resource_names.add(name)

    def _check_function(self, name: Name, text: str, item: Item, offset: int) -> None:
        """Check that the type of a function of a resource is what its name says."""
        if not isinstance(item, Func):
            raise BadWasm(f"`{text}` is the name of a function, but this is none", offset)
        if name.kind is NameKind.CONSTRUCTOR and item.is_async:
            raise BadWasm(f"`{text}` cannot be async", offset)
        if name.kind is NameKind.STATIC:
            if name.resource not in self.resource_names:
                raise BadWasm(f"`{text}` is a function of an unknown resource", offset)
            return
        resource = _made(item) if name.kind is NameKind.CONSTRUCTOR else _self(item)
        if resource is None:
            wanted = "its result is not a handle" if name.kind is NameKind.CONSTRUCTOR else "it has no `self`"
            raise BadWasm(f"`{text}` cannot have this type: {wanted} of its resource", offset)
        if self.resources.get(resource) != name.resource:
            raise BadWasm(f"the resource of `{text}` does not have the name `{name.resource}` here", offset)


def _keys(name: Name, text: str) -> list[str]:
    """What no other name of a scope may have in common with this one. Tools may be stricter and ignore hyphens, too."""
    resource, member = name.resource.lower(), name.member.lower()
    match name.kind:
        case NameKind.LABEL:
            return [text.lower()]
        case NameKind.CONSTRUCTOR:
            return [f"[constructor]{resource}"]
        case NameKind.METHOD | NameKind.STATIC if resource == member:
            return [member, f"[constructor]{resource}"]
        case NameKind.METHOD | NameKind.STATIC:
            return [f"{resource}.{member}"]
    return [text]


def _check_implements(extern: ExternName, name: Name, item: Item, offset: int) -> None:
    if extern.implements is None:
        return
    interface = parse_name(extern.implements)
    if interface is None or interface.kind is not NameKind.INTERFACE:
        raise BadWasm(f"`{extern.text}` implements {extern.implements!r}, which does not name an interface", offset)
    if name.kind is not NameKind.LABEL or not isinstance(item, Instance):
        raise BadWasm(f"`{extern.text}` implements an interface, which only an instance with a label can", offset)


def _self(func: Func) -> Resource | None:
    """The resource of the parameter `self` of a method."""
    if not func.params or func.params[0][0] != "self":
        return None
    type_ = func.params[0][1]
    is_borrow = isinstance(type_, Defined) and isinstance(type_.kind, types.Borrow)
    return type_.kind.resource if is_borrow else None  # type: ignore[union-attr]


def _made(func: Func) -> Resource | None:
    """The resource that a constructor returns, perhaps in a result."""
    type_: ValType | None = func.result
    if isinstance(type_, Defined) and isinstance(type_.kind, types.Result):
        type_ = type_.kind.ok
    is_own = isinstance(type_, Defined) and isinstance(type_.kind, types.Own)
    return type_.kind.resource if is_own else None  # type: ignore[union-attr]
