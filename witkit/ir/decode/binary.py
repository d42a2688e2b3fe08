"""From the binary of a component, or of a WIT package encoded as one, to resolved packages.

Ids, names and orders are those of wasm-tools for the same binary.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import BinaryIO

from witkit.ir.decode.interfaces import Decoder
from witkit.ir.decode.module import decode_module
from witkit.ir.decode.names import item_name
from witkit.ir.decode.notes import add_notes
from witkit.ir.decode.packages import finish
from witkit.ir.decode.placeholders import COMPONENT, ROOT_WORLD
from witkit.ir.decode.types import TypeDecoder
from witkit.ir.model import Package, PackageName, Resolve, World
from witkit.ir.written import Written
from witkit.wasm import types
from witkit.wasm.component import Binary, read_component
from witkit.wasm.cursor import BadWasm
from witkit.wasm.names import NameKind, parse_name
from witkit.wasm.sections import is_component

_OLD_NAME = "wit"


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a binary contains.

    `resolve.main` is the encoded package. Otherwise it is `root:component` for a component or `root:root` for a core
    module, with the world `root`. `written` has what printers need beyond `resolve`.
    """

    resolve: Resolve
    is_package: bool
    written: Written = field(default_factory=Written)


def decode(file: BinaryIO) -> Decoded:
    """Read the whole of an open file. Raises BadWasm, with an offset in the file, and OSError."""
    end = file.seek(0, os.SEEK_END)
    if is_component(file):
        return _decode_component(file, end)
    written = Written()
    return Decoded(decode_module(file, end, _decode_section, written), is_package=False, written=written)


def _decode_section(section: BinaryIO) -> Resolve:
    return _decode_component(section, section.seek(0, os.SEEK_END)).resolve


def _decode_component(file: BinaryIO, end: int) -> Decoded:
    binary = read_component(file, 0, end)
    is_package = _is_package(binary)
    resolve = _package(binary) if is_package else _component(binary)
    if len(binary.docs) > 1:
        raise BadWasm("there are two sections `package-docs`", binary.docs[1].offset)
    for docs in binary.docs:
        add_notes(resolve.main[0], docs)
    return Decoded(resolve, is_package)


def _is_package(binary: Binary) -> bool:
    """Whether a component only exports component types, with plain names or, from old tools, names `…/wit`."""
    return bool(binary.externs) and all(
        d.is_export and isinstance(_exported_type(d.extern), types.Component) and _names_an_item(d.extern.name)
        for d in binary.externs
    )


def _names_an_item(name: types.ExternName) -> bool:
    parsed = parse_name(name.text)
    return parsed is not None and (parsed.kind is NameKind.LABEL or parsed.interface == _OLD_NAME)


def _exported_type(extern: types.Extern) -> types.AnyType | None:
    return extern.item.referenced if isinstance(extern.item, types.TypeItem) else None


def _component(binary: Binary) -> Resolve:
    package, resolve = Package(name=COMPONENT), Resolve()
    decoder = Decoder(package, TypeDecoder(resolve))
    package.worlds[ROOT_WORLD] = world = World(name=ROOT_WORLD, package=package)
    resolve.worlds.append(world)
    for direction in binary.externs:
        decoder.types.offset = direction.offset
        decoder.item(world, direction.extern, is_export=direction.is_export)
    return finish(decoder)


def _package(binary: Binary) -> Resolve:
    """An encoded package: each export is a component type, which exports an interface or a world.

    An interface is an instance type, a world a component type. Imports are interfaces of other packages. Old tools
    encode the whole package in one such type.
    """
    package = Package(name=COMPONENT)
    decoder = Decoder(package, TypeDecoder(Resolve()))
    names: set[PackageName] = set()
    for direction in binary.externs:
        decoder.types.offset = direction.offset
        outer = _exported_type(direction.extern)
        assert isinstance(outer, types.Component)
        for wanted in outer.imports.values():
            if not isinstance(wanted.item, types.Instance):
                raise BadWasm("a package imports something other than interfaces", direction.offset)
            decoder.mention(wanted.name, wanted.item)
        for export in outer.exports.values():
            package.name = item_name(export.name, direction.offset).package
            names.add(package.name)
            _add(decoder, export)
    if len(names) != 1:
        raise BadWasm("the items of a package do not name one package", decoder.types.offset)
    return finish(decoder)


def _add(decoder: Decoder, export: types.Extern) -> None:
    match export.item:
        case types.Component():
            decoder.world(export.name, export.item)
        case types.Instance():
            decoder.interface(export.name, export.item)
        case _:
            raise BadWasm("an item of a package is neither an interface nor a world", decoder.types.offset)
