"""Packages of bindings that re-export those of another package, for the bindings that an SDK imports.

Each module of such a package *is* the module of the same interface in the package with all bindings, so that both have
the same classes. A component from componentize-py and a guest under CPython get the same files.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from witkit.bindgen.guest.names import GuestNames
from witkit.bindgen.guest.streams import factory_name, used_types
from witkit.bindgen.guest.types import Homes
from witkit.componentize.parts import Part
from witkit.componentize.target import BuildTarget
from witkit.ir.model import WorldInterface

_TYPES: Final = "types.py"
"""A module of the bindings in older versions of componentize-py, which is now `componentize_py_types`."""


def borrowed(target: BuildTarget) -> dict[str, str]:
    """The text of each file of these packages, by its path."""
    return {f"{_folder(part)}/{name}": text for part in target.borrowed for name, text in _files(part, target)}


def _folder(part: Part) -> str:
    return part.package.replace(".", "/")


def _files(part: Part, target: BuildTarget) -> Iterator[tuple[str, str]]:
    lender = target.config.world_module
    own, names = GuestNames(part.world, part.names), GuestNames(target.world, target.config.names)
    yield "__init__.py", _world(part, target)
    if any(sdk.bindings == part.package and (sdk.root / _folder(part) / _TYPES).is_file() for sdk in target.sdks):
        yield _TYPES, "from componentize_py_types import *\n"
    yield "imports/__init__.py", ""
    for key, item in part.world.imports.items():
        if isinstance(item, WorldInterface):
            yield f"imports/{own.imported(key).module}.py", _same(f"{lender}.imports", names.imported(key).module)
    exported = [key for key, item in part.world.exports.items() if isinstance(item, WorldInterface)]
    if exported:
        pairs = [(own.exported(key).protocol, names.exported(key).protocol) for key in exported]
        yield "exports/__init__.py", _star(f"{lender}.exports", pairs)
    for key in exported:
        yield f"exports/{own.exported(key).module}.py", _same(f"{lender}.exports", names.exported(key).module)


def _world(part: Part, target: BuildTarget) -> str:
    """The text of the package itself: functions and types of the world, and functions for streams and futures."""
    own, common = Homes(part.world, part.names), Homes(target.world, target.config.names)
    pairs = {factory_name(type_, own): factory_name(type_, common) for type_ in used_types(part.world)}
    return _star(target.config.world_module, sorted((mine, theirs) for mine, theirs in pairs.items() if theirs))


def _star(lender: str, pairs: list[tuple[str, str]]) -> str:
    lines = [f"from {lender} import *"]
    lines += [f"from {lender} import {theirs} as {mine}" for mine, theirs in pairs if mine != theirs]
    return "\n".join(lines) + "\n"


def _same(package: str, module: str) -> str:
    return f"import sys\n\nfrom {package} import {module}\n\nsys.modules[__name__] = {module}\n"
