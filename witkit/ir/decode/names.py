"""Names of imports and exports, in the form of the model."""

from __future__ import annotations

from dataclasses import dataclass

from witkit._semver import SEMVER
from witkit.ir.model import FunctionKind, PackageName
from witkit.wasm.cursor import BadWasm
from witkit.wasm.names import NameKind, parse_name
from witkit.wasm.types import ExternName

FUNCTION_KINDS = {
    NameKind.LABEL: FunctionKind.FREE,
    NameKind.CONSTRUCTOR: FunctionKind.CONSTRUCTOR,
    NameKind.METHOD: FunctionKind.METHOD,
    NameKind.STATIC: FunctionKind.STATIC,
}


@dataclass(frozen=True, slots=True)
class ItemName:
    """`package/item`: the name of an interface or world."""

    package: PackageName
    item: str

    def __str__(self) -> str:
        return self.package.qualify(self.item)


def item_name(extern: ExternName, offset: int) -> ItemName:
    """The parts of a qualified name; for a label that implements an interface, those of the interface's name.

    A canonical version such as `0.2` is completed by its suffix. Raises BadWasm for any other name.
    """
    text = extern.implements or extern.text
    name = parse_name(text)
    if name is None or name.kind is not NameKind.INTERFACE:
        raise BadWasm(f"`{text}` is not the name of an interface or world", offset)
    version = name.version
    if version is not None:
        version += extern.version_suffix or ""
        if not SEMVER.fullmatch(version):
            raise BadWasm(f"`{version}` is not a version", offset)
    return ItemName(PackageName(name.namespace, name.package, version), name.interface)
