"""The section `package-docs` of an encoded package: documentation and stability, which types cannot express."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from witkit._semver import SEMVER
from witkit.ir import model
from witkit.ir.model import (
    Element,
    Function,
    Interface,
    Package,
    Stability,
    Stable,
    TypeDef,
    Unstable,
    World,
    WorldInterface,
)
from witkit.wasm.cursor import BadWasm, Cursor
from witkit.wasm.names import is_label

_VERSIONS = (0, 1)


class _Damaged(ValueError):
    """A part of the section does not have its expected form."""


def add_notes(package: Package, section: Cursor) -> None:
    """Add the documentation in a section to the package and its items. Notes about unknown items are ignored.

    Raises BadWasm if the section cannot be understood.
    """
    start = section.offset
    try:
        version = section.byte()
        if version not in _VERSIONS:
            raise _Damaged(f"its format {version} is unknown")
        _package(package, _object(json.loads(section.rest())))
    except (ValueError, RecursionError) as e:
        message = e.message if isinstance(e, BadWasm) else str(e)
        raise BadWasm(f"the documentation in `package-docs` is damaged: {message}", start) from e


def _package(package: Package, data: Mapping[str, Any]) -> None:
    package.docs = _text(data, "docs")
    for name, about in _each(data, "worlds"):
        if name in package.worlds:
            _world(package.worlds[name], _object(about))
    for name, about in _each(data, "interfaces"):
        if name in package.interfaces:
            _interface(package.interfaces[name], _object(about))


def _world(world: World, data: Mapping[str, Any]) -> None:
    """A note that does not say whether it is about an import or an export is about the import, if both exist."""
    _element(world, data)
    either = {**world.exports, **world.imports}
    for key, side in (("interfaces", either), ("interface_exports", world.exports)):
        for name, about in _each(data, key):
            item = side.get(name)
            if isinstance(item, WorldInterface):
                _interface(item.interface, _object(about))
                item.stability = item.interface.stability
    for name, about in _each(data, "types"):
        item = world.imports.get(name)
        if isinstance(item, TypeDef):
            _type(item, _object(about))
    for key, side in (("funcs", either), ("func_exports", world.exports)):
        for name, about in _each(data, key):
            item = side.get(name)
            if isinstance(item, Function):
                _function(item, about)
    _interface_items(data, "interface_import", world.imports)
    _interface_items(data, "interface_export", world.exports)


def _interface_items(data: Mapping[str, Any], key: str, side: Mapping[model.WorldKey, model.WorldItem]) -> None:
    """Notes of a world about interfaces that it imports or exports, by their qualified names or labels."""
    named = {k if isinstance(k, str) else k.qualified_name: item for k, item in side.items()}
    for name, about in _each(data, f"{key}_stability"):
        item = named.get(name)
        if isinstance(item, WorldInterface):
            item.stability = _stability(about)
    docs = _object(data.get(f"{key}_docs", {}))
    for name in docs:
        item = named.get(name)
        if isinstance(item, WorldInterface):
            item.docs = _text(docs, name)


def _interface(interface: Interface, data: Mapping[str, Any]) -> None:
    _element(interface, data)
    for name, about in _each(data, "types"):
        if name in interface.types:
            _type(interface.types[name], _object(about))
    for name, about in _each(data, "funcs"):
        if name in interface.functions:
            _function(interface.functions[name], about)


def _function(function: Function, about: Any) -> None:
    """In the first version of the format, `about` is only text."""
    _element(function, {"docs": about} if about is None or isinstance(about, str) else _object(about))


def _type(type_: TypeDef, data: Mapping[str, Any]) -> None:
    _element(type_, data)
    members = {member.name: member for member in _members(type_.kind)}
    for name in dict(_each(data, "items")):
        if name in members:
            members[name].docs = _text(_object(data["items"]), name)


def _members(kind: model.TypeKind) -> Iterable[model.Field | model.Case]:
    match kind:
        case model.Record(fields):
            return fields
        case model.Variant(cases) | model.Enum(cases) | model.Flags(cases):
            return cases
    return []


def _element(element: Element, data: Mapping[str, Any]) -> None:
    element.docs = _text(data, "docs")
    element.stability = _stability(data.get("stability", "unknown"))


def _stability(data: Any) -> Stability | None:
    if data == "unknown":
        return None
    about = _object(data)
    if "stable" in about:
        stable = _object(about["stable"])
        return Stable(_version(stable, "since") or "", _version(stable, "deprecated"))
    unstable = _object(about.get("unstable"))
    feature = _text(unstable, "feature")
    if feature is None or not is_label(feature):
        raise _Damaged("an `unstable` without the name of a feature")
    return Unstable(feature, _version(unstable, "deprecated"))


def _version(data: Mapping[str, Any], key: str) -> str | None:
    version = _text(data, key)
    if (version is None and key == "since") or (version is not None and not SEMVER.fullmatch(version)):
        raise _Damaged(f"`{key}` is not a version")
    return version


def _object(data: Any) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise _Damaged("a part is not an object")
    return data


def _each(data: Mapping[str, Any], key: str) -> Iterable[tuple[str, Any]]:
    return _object(data.get(key, {})).items()


def _text(data: Mapping[str, Any], key: str) -> str | None:
    text = data.get(key)
    if text is not None and not isinstance(text, str):
        raise _Damaged(f"`{key}` is not a string")
    return text
