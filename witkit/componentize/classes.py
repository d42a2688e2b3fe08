"""Whether the guest's classes have every function of their exports, as it will be called.

componentize-py looks only at classes that derive from the bindings' Protocols, after seconds; any other class
builds, and the component traps when the function is called.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from witkit.componentize.config import BuildConfig
from witkit.componentize.modules import bound_names, line, module_file, parse, top_level
from witkit.componentize.signatures import misfits, needs_constructor
from witkit.ir.model import World
from witkit.text import Diagnostic, Span, error

if TYPE_CHECKING:
    from witkit.bindgen.guest.skeleton import SkeletonClass

MISSING_METHOD: Final = "WIT0758"


def incomplete(config: BuildConfig, world: World) -> Iterator[Diagnostic]:
    """A finding for each class of an export that certainly lacks a function, or has one that cannot be called.

    A class that may have it from elsewhere (another base, a decorator, a metaclass, `__getattr__`) is not judged.
    """
    # A component that is up to date needs none of this.
    from witkit.bindgen.guest.skeleton import skeleton

    for module in skeleton(world, config.world_module, config.names):
        name = config.app if module.name == "app" else module.name
        file = module_file(config, name)
        if file is not None:
            tree = parse(file)
            wanted = {each.name: each for each in module.classes}
            yield from _lacking(tree, wanted, file, config.world_module)


def missing_methods(cls: str, methods: Iterable[str], file: Path | None, place: Span | None) -> Diagnostic:
    """The finding that a class lacks functions of its export."""
    missing = ", ".join(f"`{method}`" for method in methods)
    help = "every function of an export must be there"
    return error(MISSING_METHOD, f"class `{cls}` lacks {missing}", place, help=help, file=str(file or ""))


def _lacking(tree: ast.Module, wanted: dict[str, SkeletonClass], file: Path, world_module: str) -> Iterator[Diagnostic]:
    bindings = _names_of(tree, world_module)
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name in wanted and _is_plain(node, bindings):
            has = bound_names(node)
            lacks = [f.name for f in wanted[node.name].functions if has is not None and f.name not in has]
            is_made = has is None or "__new__" in has or not needs_constructor(node, wanted[node.name])
            if lacks := [name for name in lacks if name != "__init__" or not is_made]:
                yield missing_methods(node.name, lacks, file, line(file, node.lineno))
            yield from misfits(node, wanted[node.name], file)


def _is_plain(node: ast.ClassDef, bindings: set[str]) -> bool:
    """Whether nothing but the class's own body can bring functions: its bases are Protocols of the bindings."""
    return not node.keywords and not node.decorator_list and all(_root(base) in bindings for base in node.bases)


def _root(base: ast.expr) -> str:
    while isinstance(base, ast.Attribute):
        base = base.value
    return base.id if isinstance(base, ast.Name) else ""


def _names_of(tree: ast.Module, world_module: str) -> set[str]:
    """What the module calls the bindings and parts of them."""
    names = {"object"}
    for node in top_level(tree):
        match node:
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] == world_module:
                names |= {alias.asname or alias.name for alias in node.names}
            case ast.Import(aliases):
                found = [alias for alias in aliases if alias.name.partition(".")[0] == world_module]
                names |= {alias.asname or world_module for alias in found}
    return names
