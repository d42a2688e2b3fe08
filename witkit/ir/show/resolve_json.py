"""The `Resolve` JSON of wasm-tools. Objects become ids only here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from witkit._collector import paused
from witkit.ir import model
from witkit.ir.model import (
    Function,
    Interface,
    Package,
    Resolve,
    Stable,
    Type,
    TypeDef,
    World,
    WorldInterface,
    WorldItem,
    WorldKey,
)
from witkit.ir.written import Written

Json: TypeAlias = dict[str, Any]


def to_json(resolve: Resolve, written: Written) -> Json:
    """The document that `wasm-tools component wit --json` prints, with its keys in its order.

    `written` is what the same load has kept for printers (`Loaded.written`).
    """
    with paused():
        return _Dump(resolve, written).document()


class _Dump:
    def __init__(self, resolve: Resolve, written: Written) -> None:
        self.resolve = resolve
        self.originals = written.originals
        self.types = _ids(resolve.types)
        self.interfaces = _ids(resolve.interfaces)
        self.worlds = _ids(resolve.worlds)
        self.packages = _ids(resolve.packages)

    def document(self) -> Json:
        return {
            "worlds": [self.world(w) for w in self.resolve.worlds],
            "interfaces": [self.interface(i) for i in self.resolve.interfaces],
            "types": [self.type_def(t) for t in self.resolve.types],
            "packages": [self.package(p) for p in self.resolve.packages],
        }

    def world(self, world: World) -> Json:
        return {
            "name": world.name,
            "imports": self.items(world.imports),
            "exports": self.items(world.exports),
            "package": self.packages[world.package],
            **_notes(world),
        }

    def items(self, items: Mapping[WorldKey, WorldItem]) -> Json:
        return {
            key if isinstance(key, str) else f"interface-{self.interfaces[key]}": self.item(item)
            for key, item in items.items()
        }

    def item(self, item: WorldItem) -> Json:
        if isinstance(item, TypeDef):
            return {"type": self.types[item]}
        if isinstance(item, Function):
            return {"function": self.function(item)}
        return {"interface": self.world_interface(item)}

    def world_interface(self, item: WorldInterface) -> Json:
        notes = _notes(item)
        result: Json = {"id": self.interfaces[item.interface]}
        if "stability" in notes:
            result["stability"] = notes["stability"]
        if item.external_id is not None:
            result["external_id"] = item.external_id
        if "docs" in notes:
            result["docs"] = notes["docs"]
        return result

    def interface(self, interface: Interface) -> Json:
        result: Json = {
            "name": interface.name,
            "types": {name: self.types[t] for name, t in interface.types.items()},
            "functions": {name: self.function(f) for name, f in interface.functions.items()},
            **_notes(interface),
            "package": self.packages[interface.package],
        }
        original = self.originals.get(interface)
        if original is not None:
            result["clone_of"] = self.interfaces[original]
        return result

    def function(self, function: Function) -> Json:
        result: Json = {
            "name": function.name,
            "kind": self.function_kind(function),
            "params": [{"name": p.name, "type": self.type(p.type)} for p in function.params],
        }
        if function.result is not None:
            result["result"] = self.type(function.result)
        return {**result, **_notes(function), **_external(function.external_id)}

    def function_kind(self, function: Function) -> str | Json:
        kind = f"async-{function.kind.value}" if function.is_async else function.kind.value
        return kind if function.resource is None else {kind: self.types[function.resource]}

    def package(self, package: Package) -> Json:
        docs = {} if package.docs is None else {"docs": {"contents": package.docs}}
        return {
            "name": str(package.name),
            **docs,
            "interfaces": {name: self.interfaces[i] for name, i in package.interfaces.items()},
            "worlds": {name: self.worlds[w] for name, w in package.worlds.items()},
        }

    def type_def(self, type_: TypeDef) -> Json:
        return {
            "name": type_.name,
            "kind": self.kind(type_.kind),
            "owner": self.owner(type_.owner),
            **_notes(type_),
            **_external(type_.external_id),
        }

    def owner(self, owner: Interface | World | None) -> Json | None:
        if owner is None:
            return None
        return {"world": self.worlds[owner]} if isinstance(owner, World) else {"interface": self.interfaces[owner]}

    def type(self, type_: Type) -> int | str:
        return self.types[type_] if isinstance(type_, TypeDef) else type_.value

    def optional(self, type_: Type | None) -> int | str | None:
        return None if type_ is None else self.type(type_)

    def kind(self, kind: model.TypeKind) -> str | Json:
        match kind:
            case model.Resource():
                return "resource"
            case model.Record(fields):
                return {
                    "record": {"fields": [{"name": f.name, "type": self.type(f.type), **_notes(f)} for f in fields]}
                }
            case model.Variant(cases):
                return {
                    "variant": {"cases": [{"name": c.name, "type": self.optional(c.type), **_notes(c)} for c in cases]}
                }
            case model.Enum(cases):
                return {"enum": {"cases": [{"name": c.name, **_notes(c)} for c in cases]}}
            case model.Flags(flags):
                return {"flags": {"flags": [{"name": f.name, **_notes(f)} for f in flags]}}
            case model.Own(resource):
                return {"handle": {"own": self.types[resource]}}
            case model.Borrow(resource):
                return {"handle": {"borrow": self.types[resource]}}
            case model.Tuple(types):
                return {"tuple": {"types": [self.type(t) for t in types]}}
            case model.Result(ok, err):
                return {"result": {"ok": self.optional(ok), "err": self.optional(err)}}
            case model.FixedLengthList(element, length):
                return {"fixed-length-list": [self.type(element), length]}
            case model.Map(key, value):
                return {"map": [self.type(key), self.type(value)]}
            case model.Option(t):
                return {"option": self.type(t)}
            case model.List(t):
                return {"list": self.type(t)}
            case model.Future(payload):
                return {"future": self.optional(payload)}
            case model.Stream(payload):
                return {"stream": self.optional(payload)}
            case model.Alias(t):
                return {"type": self.type(t)}


def _ids(objects: Iterable[Any]) -> dict[Any, int]:
    return {object_: i for i, object_ in enumerate(objects)}


def _notes(element: model.Element) -> Json:
    """`docs` and `stability`, if there are any."""
    result: Json = {}
    if element.docs is not None:
        result["docs"] = {"contents": element.docs}
    stability = element.stability
    if stability is not None:
        if isinstance(stability, Stable):
            body: Json = {"since": stability.since}
        else:
            body = {"feature": stability.feature}
        if stability.deprecated is not None:
            body["deprecated"] = stability.deprecated
        result["stability"] = {"stable" if isinstance(stability, Stable) else "unstable": body}
    return result


def _external(external_id: str | None) -> Json:
    return {} if external_id is None else {"external_id": external_id}
