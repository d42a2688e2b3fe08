"""Core modules with WIT in sections `component-type…`. Each section is a world that the module was made for."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import BinaryIO

from witkit.ir.clone import Cloner
from witkit.ir.decode.merge import WorldsDiffer, merge
from witkit.ir.decode.packages import ordered
from witkit.ir.decode.placeholders import MODULE, ROOT_WORLD
from witkit.ir.model import Interface, Package, Resolve, World
from witkit.ir.resolve.elaborate import direct_dependencies
from witkit.ir.written import Written
from witkit.wasm.cursor import BadWasm, Cursor
from witkit.wasm.sections import custom_content, custom_sections

_PREFIX = "component-type"


def decode_module(file: BinaryIO, end: int, decode: Callable[[BinaryIO], Resolve], written: Written) -> Resolve:
    """The worlds in a module's sections, and the world `root` of `root:root` that includes them all.

    `decode` reads the encoded package in a section. `written` gets what printers need of the copies in `root`. Raises
    BadWasm if there is no such section.
    """
    root = Package(name=MODULE)
    world = root.worlds[ROOT_WORLD] = World(name=ROOT_WORLD, package=root)
    resolve = Resolve(packages=[root], worlds=[world], main=[root])
    for name, section in custom_sections(file, 0, end):
        if name.startswith(_PREFIX):
            part, included = _decoded(custom_content(file, section), decode)
            _merge(resolve, part, section.start)
            package = resolve.package(str(included.package.name))
            assert package is not None
            _include(resolve, world, package.worlds[included.name], written)
    if len(resolve.packages) == 1:
        raise BadWasm("this core module does not say which WIT it was made for: it has no section `component-type`", 0)
    return resolve


def _merge(resolve: Resolve, part: Resolve, offset: int) -> None:
    try:
        merge(resolve, part)
    except WorldsDiffer as e:
        raise BadWasm(f"two sections `component-type` differ in the world `{e}`", offset) from e
    if ordered(resolve.interfaces, direct_dependencies) is None:
        raise BadWasm("in the sections `component-type`, interfaces use each other's types in a cycle", offset)


def _decoded(section: Cursor, decode: Callable[[BinaryIO], Resolve]) -> tuple[Resolve, World]:
    """The package in a section, and its only world. Offsets in errors are those of the file."""
    start = section.offset
    try:
        part = decode(BytesIO(section.rest()))
    except BadWasm as e:
        raise BadWasm(e.message, start + e.offset) from e
    worlds = [world for package in part.main for world in package.worlds.values()]
    if len(worlds) != 1:
        raise BadWasm("a section `component-type` must have exactly one world", start)
    return part, worlds[0]


def _include(resolve: Resolve, world: World, included: World, written: Written) -> None:
    """Add what is new: named interfaces as they are, everything else as a copy."""
    cloner = Cloner(resolve, included, world, written.originals)
    for source, into in ((included.imports, world.imports), (included.exports, world.exports)):
        for key, item in source.items():
            if key not in into:
                into[key] = item if isinstance(key, Interface) else cloner.item(item)
